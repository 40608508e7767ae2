"""
python -m bot announce: list, look at, approve, stop and count announcements; the running gateway sends them.

    python -m bot announce draft cat-dien.yml --as soan.mau
    python -m bot announce list --state submitted
    python -m bot announce show 12
    python -m bot announce approve 12 --as duyet.mau --hash 3f9a0c51d2e4
    python -m bot announce cancel 12 --as duyet.mau --reason "Điện lực đổi lịch"

The rules are those of the office: who approves is another officer than who wrote, and approver of every ward. What is
approved is named by its hash, as `show` prints it.
"""

from __future__ import annotations

import argparse
import asyncio
import secrets
import sys
from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, get_args

import sqlalchemy as sa

from bot.admin import officers
from bot.admin.officers import Officer
from bot.announcements import draft_file
from bot.announcements.announcement import State
from bot.announcements.quiet_hours import TIMEZONE
from bot.announcements.rendering import Rendering
from bot.announcements.service import Announcements
from bot.announcements.store import Row
from bot.commands.parts import Parts, opened
from bot.database import officer
from bot.errors import RequestError
from bot.settings import Settings

SHORTEST_HASH = 12
ACTS = {
    "submit": "hand a draft to the approvers",
    "approve": "approve what `show` shows",
    "reject": "give it back to its author",
    "send": "send an approved one now instead of at its time",
    "pause": "hold back what is not begun",
    "resume": "go on",
    "cancel": "stop it for ever, and say how far it had come",
    "settle": "say of an uncertain post that it is there, or that it is not and shall be made once more",
    "resend-uncertain": "send again what may or may not have arrived; some citizens may get it twice",
}


def add(parser: argparse.ArgumentParser) -> None:
    what = parser.add_subparsers(dest="what", required=True, metavar="WHAT")
    listed = what.add_parser("list", help="the newest ones")
    listed.add_argument("--ward", help="slug of a ward; all without")
    listed.add_argument("--state", choices=get_args(State), help="only those in this state")
    for name, text in {"show": "text, hash and forecast of one", "report": "whom it reached"}.items():
        what.add_parser(name, help=text).add_argument("id", type=int)
    drafted = what.add_parser("draft", help="write a draft from a YAML file; docs/operations/announcements.md has one")
    drafted.add_argument("file", type=Path)
    drafted.add_argument("--as", dest="login", required=True, metavar="LOGIN", help="the officer who writes it")
    for name, text in ACTS.items():
        act = what.add_parser(name, help=text)
        act.add_argument("id", type=int)
        act.add_argument("--as", dest="login", required=True, metavar="LOGIN", help="the officer who does it")
        if name in ("reject", "cancel"):
            act.add_argument("--reason", required=True, help="in Vietnamese, for the officers")
        if name == "settle":
            act.add_argument("post", type=int, help="its number, as `show` prints it")
            act.add_argument("there", choices=("there", "missing"))
        if name == "approve":
            act.add_argument("--hash", required=True, help=f"at least the first {SHORTEST_HASH} characters")


def run(options: argparse.Namespace, found: Settings) -> int:
    return asyncio.run(_run(options, found))


async def _run(options: argparse.Namespace, found: Settings) -> int:
    async with opened(found) as parts:
        announcements = Announcements(
            parts.database,
            parts.connected.channels,
            render=Rendering(parts.wards, public_url=found.public_url),
            public_url=found.public_url,
            quiet_hours=found.quiet_hours,
        )
        try:
            if options.what == "list":
                states = [options.state] if options.state else None
                for row in await announcements.listed([options.ward] if options.ward else None, states):
                    print(_line(row))
            elif options.what == "show":
                for line in await _shown(announcements, options.id):
                    print(line)
            elif options.what == "report":
                for line in _reported(await announcements.report(options.id)):
                    print(line)
            else:
                print(await _act(parts, announcements, options))
        except RequestError as error:
            print(f"{error.code}: {error}", file=sys.stderr)
            for name, sentence in error.fields.items():
                print(f"  {name}: {sentence}", file=sys.stderr)
            return 1
    return 0


async def _act(parts: Parts, announcements: Announcements, options: argparse.Namespace) -> str:
    acting = await parts.database.read(_officer, options.login)
    if options.what == "draft":
        return _line(await _draft(parts, announcements, options.file, acting))
    which = options.id
    if options.what == "cancel":
        reached = await announcements.cancel(which, acting, reason=options.reason)
        return f"cancelled; sent {reached.sent}, uncertain {reached.uncertain}, published {reached.published}"
    if options.what == "resend-uncertain":
        return f"{await announcements.resend_uncertain(which, acting)} messages go out again"
    if options.what == "settle":
        await announcements.settle(which, options.post, acting, there=options.there == "there")
        return f"post {options.post} counts as {options.there}"
    if options.what == "approve":
        return _line(await _approve(announcements, which, acting, options.hash))
    acts: dict[str, Callable[[], Awaitable[Row]]] = {
        "submit": lambda: announcements.submit(which, acting),
        "reject": lambda: announcements.reject(which, acting, reason=options.reason),
        "send": lambda: announcements.send_now(which, acting),
        "pause": lambda: announcements.pause(which, acting),
        "resume": lambda: announcements.resume(which, acting),
    }
    return _line(await acts[options.what]())


async def _draft(parts: Parts, announcements: Announcements, file: Path, acting: Officer) -> Row:
    """
    Raises:
        RequestError: Also 422 "announcement.invalid", for wards and neighbourhoods that do not exist.
    """
    made = await asyncio.to_thread(draft_file.read, file)
    wards = {slug: parts.wards.get(slug) for slug in made.wards}
    if unknown := [slug for slug, ward in wards.items() if ward is None]:
        raise RequestError(422, "announcement.invalid", "no such ward", fields={"wards": ", ".join(unknown)})
    known = {name for ward in wards.values() if ward is not None for name in ward.neighbourhoods}
    if strange := [name for name in made.audience.neighbourhoods if name not in known]:
        raise RequestError(
            422, "announcement.invalid", "no such neighbourhood", fields={"neighbourhoods": ", ".join(strange)}
        )
    return await announcements.save_draft(made, acting)


async def _approve(announcements: Announcements, which: int, acting: Officer, hash_seen: str) -> Row:
    row = await announcements.get(which)
    seen = hash_seen.strip().lower()
    if len(seen) >= SHORTEST_HASH and (row.hash or "").startswith(seen):
        seen = row.hash or ""
    return await announcements.approve(which, acting, hash_seen=seen, approval_key=secrets.token_hex(16))


async def _shown(announcements: Announcements, which: int) -> list[str]:
    row = await announcements.get(which)
    one = row.announcement
    lines = [
        _line(row),
        f"version {row.version}, hash {row.hash or '(not submitted)'}",
        f"wards {', '.join(one.wards)}; outlets {', '.join(one.outlets) or '(none)'}; {one.kind}",
    ]
    if row.reason:
        lines.append(f"reason: {row.reason}")
    frozen: dict[str, Any] = row.frozen or {}
    for outlet, fields in frozen.get("renditions", {}).items():
        lines += ["", f"--- {outlet}", *(f"{name}: {value}" for name, value in fields.items() if value)]
    if not frozen:
        lines += ["", one.text]
    if row.state in ("draft", "submitted", "approved"):
        forecast = await announcements.forecast(one)
        lines += ["", f"would reach {forecast.open} of {forecast.people} citizens, from {_time(forecast.starts_at)}"]
        for channel in forecast.channels:
            closed = ", ".join(f"{why} {count}" for why, count in channel.closed.items())
            lines.append(f"  {channel.channel}: {channel.open} open, {channel.left} left {closed}".rstrip())
        lines += [f"  {one}" for one in forecast.problems]
    else:
        counted = await announcements.progress(which)
        failed = ", ".join(f"{why} {count}" for why, count in counted.failed.items()) or "none"
        lines += ["", f"sent {counted.sent} of {counted.total}, uncertain {counted.uncertain}, "
                  f"remaining {counted.remaining}, cancelled {counted.cancelled}, failed: {failed}"]  # fmt: skip
        for post in counted.publications:
            lines.append(
                f"  post {post.id}: {post.outlet} {post.ward} {post.account} {post.state} {post.url or post.problem or ''}"
            )
    return lines


def _reported(report: Any) -> Iterator[str]:
    for post in report.publications:
        yield f"{post.outlet} {post.ward} {post.account}: {post.state} {post.url or post.problem or ''}".rstrip()
    for channel, states in report.messages.items():
        yield f"{channel}: " + ", ".join(f"{state} {count}" for state, count in states.items())
    for why, count in report.failed.items():
        yield f"failed, {why}: {count}"
    for outlet, clicks in report.clicks.items():
        yield f"clicks, {outlet}: {clicks}"
    yield f"replies {report.replies}, questions {report.questions}"


def _line(row: Row) -> str:
    when = f" at {_time(row.send_at)}" if row.state == "approved" and row.send_at else ""
    return f"{row.id:>6}  {row.state}{when}  {row.ward}  {row.announcement.title}"


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, TIMEZONE).strftime("%H:%M %d/%m/%Y")


def _officer(connection: sa.Connection, login: str) -> Officer:
    """
    Raises:
        RequestError: 404 "officer.unknown".
    """
    which = connection.execute(sa.select(officer.c.id).where(officer.c.login == login.lower())).scalar_one_or_none()
    found = officers.get(connection, which) if which is not None else None
    if found is None:
        raise RequestError(404, "officer.unknown", f"no officer with the login {login}")
    return found
