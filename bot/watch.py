"""
Watches the queue: when citizens wait for answers, an officer must see it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import sqlalchemy as sa

from bot import alarms
from bot.database import Database, delivery, inbox
from bot.log import log

EVERY_SECONDS = 10.0
CODE = "answers.delayed"
SEND_REFUSED = "send.refused"


def waiting(connection: sa.Connection, *, before: float) -> dict[str, tuple[int, float]]:
    """
    Return ward → (messages that have waited since before then, when the oldest came).
    """
    query = (
        sa.select(inbox.c.ward, sa.func.count(), sa.func.min(inbox.c.received_at))
        .where(inbox.c.state != "answered", inbox.c.received_at < before)
        .group_by(inbox.c.ward)
    )
    return {ward: (count, oldest) for ward, count, oldest in connection.execute(query)}


async def keep_watching(database: Database, *, delay_seconds: float, clock: Callable[[], float] = time.time) -> None:
    """
    Ring while a ward's citizens wait longer than `delay_seconds`, for ever.
    """
    while True:
        try:
            await look(database, delay_seconds=delay_seconds, now=clock())
        except Exception:
            log.exception("queue.not_watched")
        await asyncio.sleep(EVERY_SECONDS)


async def look(database: Database, *, delay_seconds: float, now: float) -> None:
    late = await database.read(waiting, before=now - delay_seconds)
    rings = {one.ward for one in await database.read(alarms.ringing) if one.code == CODE}
    for ward, (count, oldest) in late.items():
        detail = f"{count} tin nhắn đang chờ trả lời, tin lâu nhất đã chờ {now - oldest:.0f} giây"
        await database.write(alarms.ring, ward=ward, code=CODE, detail=detail, now=now)
    for ward in rings - late.keys():
        await database.write(alarms.clear, ward=ward, code=CODE, now=now)
    for one in await database.read(mended):
        await database.write(
            alarms.clear, ward=one.ward, channel=one.channel, account=one.account, code=one.code, now=now
        )


def mended(connection: sa.Connection) -> list[alarms.Alarm]:
    """
    Return the alarms about refused sends after which a message of the account went out again, and none was refused.
    """
    found = []
    for one in alarms.ringing(connection):
        if one.code != SEND_REFUSED:
            continue
        own = (delivery.c.channel == one.channel) & delivery.c.address.startswith(f"{one.account}/", autoescape=True)
        sent = sa.select(sa.func.max(delivery.c.sent_at)).where(own, delivery.c.state == "sent")
        failed = sa.select(sa.func.max(delivery.c.claimed_at)).where(own, delivery.c.state == "failed")
        last_sent, last_failed = connection.execute(sent).scalar_one(), connection.execute(failed).scalar_one()
        if last_sent is not None and last_sent > max(one.raised_at, last_failed or 0.0):
            found.append(one)
    return found
