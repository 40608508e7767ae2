"""
Once a week, a notice to who may edit: how many entries of a ward are past their dates, or cite what was replaced.

A notice is an alarm row: its time is that of the week's notice, its detail is kept up to date, and it ends when nothing
is due any more. A restart neither repeats nor loses it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import orjson
import sqlalchemy as sa

from bot.alarms import Alarm
from bot.database import Database, alarm, insert
from bot.errors import KnowledgeUnreachable
from bot.knowledge_api import KnowledgeApi
from bot.log import log

CODE = "content.due"
EVERY_SECONDS = 3600.0
FIRST_SECONDS = 60.0  # knowledge may start after us
READ_SECONDS = 20.0
TIMEZONE = ZoneInfo("Asia/Ho_Chi_Minh")
MONDAY_HOUR = 7  # the week's notice comes before the office opens


class Due(NamedTuple):
    expired: int
    due: int
    replaced: int

    def __str__(self) -> str:
        told = (
            (self.expired, "mục đã hết hạn, đang ngừng trả lời"),
            (self.due, "mục đến hạn rà soát trong 30 ngày"),
            (self.replaced, "mục dẫn văn bản đã được thay"),
        )
        return "; ".join(f"{count} {words}" for count, words in told if count)


def week_of(now: float) -> float:
    """
    Return when the notice of this week is due: on Monday morning.
    """
    today = datetime.fromtimestamp(now, TIMEZONE)
    monday = (today - timedelta(days=today.weekday())).replace(hour=MONDAY_HOUR, minute=0, second=0, microsecond=0)
    return (monday if monday <= today else monday - timedelta(days=7)).timestamp()


def due_in(found: dict[str, Any], ward: str) -> Due:
    """
    Count what stands in a ward itself, "" in the base; what a ward only shares is another's to mend.
    """
    own = {
        name: {(one["kind"], one["id"]) for one in found[name] if one["ward"] == ward} for name in ("expired", "due")
    }
    rows = [one["entry"] for one in found["replaced"] if one["entry"]["ward"] == ward]
    return Due(len(own["expired"]), len(own["due"]), len({(one["kind"], one["id"]) for one in rows}))


def note(connection: sa.Connection, *, ward: str, due: Due, now: float) -> bool:
    """
    Keep a ward's notice; return whether it is a new one: the first of this week.
    """
    key = {"ward": ward, "channel": "", "account": "", "code": CODE}
    at_key = sa.and_(*(alarm.c[name] == value for name, value in key.items()))
    if not any(due):
        connection.execute(sa.update(alarm).where(at_key, alarm.c.cleared_at.is_(None)).values(cleared_at=now))
        return False
    first = insert(alarm, connection.dialect.name).values(**key, detail=str(due)[:300], raised_at=now)
    # psycopg does not say how many rows such an INSERT made; what it returns does.
    if connection.execute(first.on_conflict_do_nothing().returning(alarm.c.code)).first() is not None:
        return True
    # Of several workers the one whose update finds last week's notice makes this week's.
    new = sa.update(alarm).where(at_key, alarm.c.raised_at < week_of(now))
    if connection.execute(new.values(detail=str(due)[:300], raised_at=now, cleared_at=None)).rowcount == 1:
        return True
    connection.execute(sa.update(alarm).where(at_key).values(detail=str(due)[:300], cleared_at=None))
    return False


def for_editors(ringing: Collection[Alarm], wards: Collection[str]) -> list[Alarm]:
    """
    Return the notices among the alarms that ring, of these wards.
    """
    return [one for one in ringing if one.code == CODE and one.ward in wards]


async def keep_noticing(
    database: Database,
    knowledge: KnowledgeApi,
    wards: Callable[[], Collection[str]],
    *,
    clock: Callable[[], float] = time.time,
) -> None:
    """
    Look every hour, for ever.

    Args:
        wards: Gives the slugs of all wards.
    """
    await asyncio.sleep(FIRST_SECONDS)
    while True:
        try:
            await look(database, knowledge, wards(), now=clock())
        except KnowledgeUnreachable as error:
            log.warning("freshness.not_fetched", problem=str(error))
        except Exception:
            log.exception("freshness.not_noticed")
        await asyncio.sleep(EVERY_SECONDS)


async def look(database: Database, knowledge: KnowledgeApi, wards: Collection[str], *, now: float) -> None:
    """
    Raises:
        KnowledgeUnreachable: The notices of the remaining wards stay as they are.
    """
    today = datetime.fromtimestamp(now, TIMEZONE).date().isoformat()
    for ward in ("", *wards):
        query = {"ward": ward, "today": today}
        said = await knowledge.call("GET", "/office/freshness", query=query, seconds=READ_SECONDS)
        if said.status == 404:
            continue  # the ward went away meanwhile
        try:
            due = due_in(orjson.loads(said.raw), ward)
        except (orjson.JSONDecodeError, KeyError, TypeError) as error:
            raise KnowledgeUnreachable(f"path=/office/freshness HTTP {said.status}") from error
        if await database.write(note, ward=ward, due=due, now=now):
            log.info("freshness.noticed", ward=ward, **due._asdict())
