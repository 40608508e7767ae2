"""
An announcement to many: through kill -9 at the account's pace, as fast as an unlimited platform takes it, and queued to a
million.

The unlimited platform also gets the same bodies from a bare aiohttp loop, which claims nothing and writes nothing down;
round by round in turn, so that whatever else the machine does slows down both.
"""

import asyncio
import multiprocessing
import os
import secrets
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import aiohttp
import orjson
import psutil  # type: ignore[import-untyped]
import sqlalchemy as sa
import yaml
from rich.table import Table

from bench import mailroom
from bench.mailroom import APP, HOST, PAGE, SECRET, TOKEN
from bench.report import Result, judged, progress
from bot.accounts import Accounts
from bot.admin import officers
from bot.announcements import audience
from bot.announcements.announcement import Announcement, Audience
from bot.announcements.mailing import AT_ONCE, Mailing
from bot.announcements.outlets.pictures import kept_in
from bot.announcements.outlets.registry import Outlets
from bot.announcements.publishing import Publishing
from bot.announcements.quiet_hours import QuietHours
from bot.announcements.sending import Sending
from bot.announcements.service import Announcements
from bot.announcements.tables import announcement as announcement_table
from bot.announcements.tables import recipient, subscription
from bot.announcements.work import Work
from bot.channels.messenger import render
from bot.channels.messenger.account import MessengerAccount
from bot.channels.messenger.channel import MessengerChannel
from bot.database import Database, citizen
from bot.delivery.pacing import PER_ACCOUNT, RESERVED_FOR_REPLIES, Pacer
from bot.messages import Reply
from bot.migrate import migrate
from bot.registry import Connected
from tools.errors import RunError
from tools.town import ROOT, Town, free_block, get

STORM, KILLS = int(os.environ.get("BENCH_STORM", "100000")), 3
FAST, ROUNDS = 10_000, 5
MILLION = 1_000_000
BARE_FLOOR, MEMORY_MB, WORST_SHARE = 0.5, 150.0, 1.10
RATE = PER_ACCOUNT["messenger"].per_second * (1 - RESERVED_FOR_REPLIES)
WARD = "hoa-binh"
TEXT = "Ngày 25/11, từ 8 giờ đến 11 giờ, tạm ngừng cung cấp điện để sửa đường dây.\n\nNhắn DUNG để thôi nhận tin."


def measure(_: Town) -> Result:
    table = Table("announcements", "figure", "wanted", title_justify="left")
    values: dict[str, Any] = {}
    faults: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        values["fast"] = fast(Path(folder) / "fast", faults)
        values["million"] = million(Path(folder) / "million")
        values["storm"] = storm(Path(folder) / "storm", faults)
    found = values["fast"]
    table.add_row(f"{FAST} × {ROUNDS}, unlimited platform", f"{found['ours']:.0f}/s, bare loop {found['bare']:.0f}/s",
                  judged(found["ratio"], at_least=BARE_FLOOR))  # fmt: skip
    found = values["million"]
    table.add_row(
        f"{MILLION:,} recipients queued", f"{found['seconds']:.1f} s", judged(found["grown_mb"], MEMORY_MB, unit=" MB")
    )
    found = values["storm"]
    counted = f"{found['sent']:,} sent, {found['uncertain']} uncertain, {found['twice']} twice, {found['unaccounted']} unaccounted"
    table.add_row(
        f"{STORM:,} recipients, {KILLS} kills", f"{counted}; {found['seconds']:.0f} s", "0 twice, 0 unaccounted"
    )
    table.add_row("uncertain", str(found["uncertain"]), judged(found["uncertain"], AT_ONCE * KILLS))
    table.add_row("worst second", f"at {RATE:.0f}/s", judged(found["worst_second"], RATE * WORST_SHARE))
    return Result(table, values, faults)


# As fast as the platform takes it


def fast(folder: Path, faults: list[str]) -> dict[str, Any]:
    folder.mkdir()
    with room(FAST, unlimited=True) as port:
        return asyncio.run(_fast(folder, port, faults))


async def _fast(folder: Path, port: int, faults: list[str]) -> dict[str, Any]:
    ours, bare = [], []
    for number in range(ROUNDS):
        bare.append(FAST / await bare_loop(port))
        counts(port)
        ours.append(FAST / await our_loop(folder / f"{number}.sqlite", port))
        found = counts(port)
        if found["people"] != FAST or found["twice"]:
            faults.append(f"round {number + 1}: {found['people']} of {FAST} people, {found['twice']} twice")
    ratio = statistics.median(mine / theirs for mine, theirs in zip(ours, bare, strict=True))
    return {"ours": statistics.median(ours), "bare": statistics.median(bare), "ratio": round(ratio, 3),
            "rounds": [[round(one, 1) for one in pair] for pair in zip(ours, bare, strict=True)]}  # fmt: skip


async def bare_loop(port: int) -> float:
    """
    Send the same bodies with nothing else around it, as many at once as we do; return the seconds.
    """
    waiting = iter(mailroom.users(FAST))
    url = f"http://{HOST}:{port}/v23.0/{PAGE}/messages"
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {TOKEN}"}) as session:

        async def worker() -> None:
            for user in waiting:
                body = render.body(Reply(TEXT), user=user, key=f"a1-{user}", human_agent=False)
                async with session.post(url, json=body, params={"access_token": TOKEN}) as response:
                    if response.status != 200:
                        raise RunError(f"the bare loop got {response.status}: {(await response.text())[:200]}")
                    await response.json()

        began = time.perf_counter()
        await asyncio.gather(*(worker() for _ in range(AT_ONCE)))
        return time.perf_counter() - began


async def our_loop(path: Path, port: int) -> float:
    """
    Send an approved announcement through all our parts but the pace; return the seconds from the first look to its end.
    """
    database = Database(f"sqlite:///{path}")
    migrate(database)
    await database.write(populate, FAST)
    channel = MessengerChannel([MessengerAccount.model_validate(account(port))])
    sending = parts(database, channel)
    announcement_id = await approved(database)
    began = time.perf_counter()
    running = asyncio.create_task(sending.keep_sending())
    while await database.read(state_of, announcement_id) != "finished":  # noqa: ASYNC110
        await asyncio.sleep(0.02)
    seconds = time.perf_counter() - began
    running.cancel()
    await sending.close()
    await channel.close()
    database.close()
    return seconds


def parts(database: Database, channel: MessengerChannel) -> Sending:
    async def stop(_work: Work, channel: str, _account: str, why: str) -> None:
        raise RunError(f"{channel} stopped: {why}")

    connected, quiet = Connected({"messenger": channel}), QuietHours.read("off")
    mailing = Mailing(database, connected.channels, pacer=Pacer({}, {}), stop=stop)
    outlets = Outlets(Accounts(), connected, public_url=None, pictures=kept_in(Path(), None))
    publishing = Publishing(database, outlets, quiet)
    return Sending(database, mailing, publishing, quiet, executor="bench")


# A million


def million(folder: Path) -> dict[str, Any]:
    """
    Queue them in a fresh process, whose memory is measured.
    """
    folder.mkdir()
    url = f"sqlite:///{folder / 'bot.sqlite'}"
    with progress() as bar:
        bar.add_task(f"{MILLION:,} citizens subscribe", total=None)
        database = Database(url)
        migrate(database)
        asyncio.run(database.write(populate, MILLION))
        announcement_id = asyncio.run(approved(database))
        database.close()
        context = multiprocessing.get_context("spawn")
        with context.Pool(1) as pool:
            return dict(pool.apply(queue, (url, announcement_id)))


def queue(url: str, announcement_id: int) -> dict[str, float]:
    return asyncio.run(_queue(url, announcement_id))


async def _queue(url: str, announcement_id: int) -> dict[str, float]:
    process, database = psutil.Process(), Database(url)
    await database.read(state_of, announcement_id)
    before, most, longest = process.memory_info().rss, 0, 0.0
    began = time.perf_counter()
    place: audience.Place | None = await database.read(audience.begin, announcement_id, "messenger")
    while place is not None:
        slice_began = time.perf_counter()
        place = await database.write(audience.queue_slice, announcement_id, [WARD], Audience(), "messenger", place)
        longest = max(longest, time.perf_counter() - slice_began)
        most = max(most, process.memory_info().rss)
    seconds = time.perf_counter() - began
    total = await database.read(
        lambda connection: connection.execute(sa.select(sa.func.count()).select_from(recipient)).scalar_one()
    )
    database.close()
    if total != MILLION:
        raise RunError(f"{total} of {MILLION} queued")
    return {
        "seconds": round(seconds, 2),
        "grown_mb": round((most - before) / 1e6, 1),
        "slice_ms": round(longest * 1000, 1),
    }


# Through three kills


def storm(folder: Path, faults: list[str]) -> dict[str, Any]:
    folder.mkdir()
    database = Database(f"sqlite:///{folder / 'bot.sqlite'}")
    migrate(database)
    asyncio.run(database.write(populate, STORM))
    announcement_id = asyncio.run(approved(database))
    with room(STORM, unlimited=False) as port, progress() as bar:
        file = folder / "accounts.yml"
        file.write_text(yaml.safe_dump({"messenger": [account(port)]}), "utf-8")
        task = bar.add_task(f"{STORM:,} recipients, {KILLS} kills", total=STORM)
        bot_port = free_block(4)
        began = time.perf_counter()
        running, kills, finished = gateway(folder, bot_port), 0, False
        try:
            while not finished:
                time.sleep(0.5)
                states = asyncio.run(database.read(counted, announcement_id))
                bar.update(task, completed=states.get("sent", 0))
                finished = asyncio.run(database.read(state_of, announcement_id)) == "finished"
                if kills < KILLS and states.get("sent", 0) >= STORM * (kills + 1) // (KILLS + 1):
                    running.send_signal(signal.SIGKILL)
                    running.wait()
                    kills, running = kills + 1, gateway(folder, bot_port)
                elif running.poll() is not None:
                    raise RunError(f"the gateway ended: {(folder / 'bot.log').read_text()[-2000:]}")
        finally:
            running.terminate()
            running.wait()
        seconds, arrived = time.perf_counter() - began, counts(port)
    states = asyncio.run(database.read(counted, announcement_id))
    database.close()
    unaccounted = STORM - states.get("sent", 0) - states.get("uncertain", 0) - states.get("failed", 0)
    lost = max(0, states.get("sent", 0) - arrived["people"])
    faults += [f"{arrived['twice']} people got it twice"] if arrived["twice"] else []
    faults += [f"{unaccounted} unaccounted, {lost} said to be sent but not"] if unaccounted or lost else []
    return {"sent": states.get("sent", 0), "uncertain": states.get("uncertain", 0), "failed": states.get("failed", 0),
            "twice": arrived["twice"], "unaccounted": unaccounted + lost, "worst_second": arrived["worst_second"],
            "seconds": round(seconds, 1), "kills": kills}  # fmt: skip


def gateway(folder: Path, port: int) -> subprocess.Popen[bytes]:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("BOT_")},
        "BOT_PORT": str(port),
        "BOT_DATABASE": f"sqlite:///{folder / 'bot.sqlite'}",
        "BOT_DBOS_DATABASE": f"sqlite:///{folder / 'dbos.sqlite'}",
        "BOT_ACCOUNTS_FILE": str(folder / "accounts.yml"),
        "BOT_QUIET_HOURS": "off",
    }
    with (folder / "bot.log").open("ab") as log:
        command = [sys.executable, "-m", "bot", "serve"]
        return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)  # noqa: S603


# What all of them need


@contextmanager
def room(people: int, *, unlimited: bool) -> Iterator[int]:
    """
    Run Messenger beside us; give its port.
    """
    port = free_block(2)
    command = [sys.executable, "-m", "bench.mailroom", str(port), str(people), "unlimited" if unlimited else "paced"]
    process = subprocess.Popen(command, cwd=ROOT, start_new_session=True)  # noqa: S603
    try:
        began = time.monotonic()
        while get(f"http://{HOST}:{port + 1}/counts") is None:
            if process.poll() is not None or time.monotonic() - began > 60:
                raise RunError("the emulated Messenger did not start")
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait()


def counts(port: int) -> dict[str, int]:
    found: dict[str, int] = orjson.loads(get(f"http://{HOST}:{port + 1}/counts", seconds=60) or b"{}")
    return found


def account(port: int) -> dict[str, str]:
    return {"id": PAGE, "ward": WARD, "app_id": APP, "app_secret": SECRET, "page_token": TOKEN,
            "verify_token": "verify", "graph_url": f"http://{HOST}:{port}"}  # fmt: skip


def populate(connection: sa.Connection, people: int) -> None:
    """
    Add citizens of Messenger who want everything, and who wrote a moment ago.
    """
    now, everybody = time.time(), mailroom.users(people)
    for first in range(0, people, 10_000):
        some = range(first, min(first + 10_000, people))
        rows = [
            {"id": place + 1, "ward": WARD, "channel": "messenger", "address": f"{PAGE}/{everybody[place]}",
             "dialogue_id": "", "interacted_at": now, "created_at": now, "seen_at": now}
            for place in some
        ]  # fmt: skip
        connection.execute(sa.insert(citizen), rows)
        wishes = [{"citizen_id": place + 1, "ward": WARD, "kind": "all", "value": "", "consented_at": now, "how": "words"}
                  for place in some]  # fmt: skip
        connection.execute(sa.insert(subscription), wishes)


async def approved(database: Database) -> int:
    """
    Let two officers write and approve the announcement.
    """

    def render_it(
        connection: sa.Connection, announcement: Announcement, ward: str, *, now: float
    ) -> dict[str, dict[str, str]]:
        del connection, ward, now
        return {"messages": {"text": announcement.text}}

    def hire(connection: sa.Connection, login: str, role: str) -> officers.Officer:
        made = officers.create(connection, login=login, name=login, roles=[(WARD, role)], now=time.time())
        found = officers.get(connection, made) if made is not None else None
        if found is None:
            raise RunError("no officer")
        return found

    facade = Announcements(database, {}, render=render_it)
    author, approver = [await database.write(hire, *one) for one in (("soan", "editor"), ("duyet", "approver"))]
    text = Announcement(0, WARD, (WARD,), "normal", "Tạm ngừng cung cấp điện", TEXT, outlets=("messages",))
    row = await facade.submit((await facade.save_draft(text, author)).id, author)
    await facade.approve(row.id, approver, hash_seen=row.hash or "", approval_key=secrets.token_hex(16))
    return row.id


def state_of(connection: sa.Connection, announcement_id: int) -> str:
    query = sa.select(announcement_table.c.state).where(announcement_table.c.id == announcement_id)
    return str(connection.execute(query).scalar_one())


def counted(connection: sa.Connection, announcement_id: int) -> dict[str, int]:
    query = sa.select(recipient.c.state, sa.func.count()).where(recipient.c.announcement_id == announcement_id)
    return {row[0]: row[1] for row in connection.execute(query.group_by(recipient.c.state))}
