"""
What a citizen who has asked for a person is told besides: how many wait before, for how long; or, when the desk is
closed, when it opens again, and that a phone number may be left.

A figure is only told when there is one: the median of what the last ones waited. Hours are only told when the ward
has entered them.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Protocol

import sqlalchemy as sa

from bot import wording
from bot.database import Database, citizen, delivery, ticket
from bot.desk_hours import TIMEZONE, DeskHours
from bot.inbox import Waiting
from bot.messages import Turn
from bot.wards import Ward

REASON = "ask_officer"
# What the estimate is made of, and what is too little or too old for one.
LAST_ANSWERED, FEWEST_ANSWERED, ANSWERED_WITHIN_SECONDS = 20, 5, 14 * 86_400.0
# Whoever has waited longer than this is no queue any more but a backlog.
QUEUED_WITHIN_SECONDS = 86_400.0


class KnownWards(Protocol):
    def get(self, slug: str) -> Ward | None: ...


class Reception:
    def __init__(self, database: Database, wards: KnownWards, *, clock: Callable[[], float] = time.time):
        self._database, self._wards, self._clock = database, wards, clock

    async def told(self, message: Waiting, turn: Turn) -> Turn:
        """
        Return the turn with what is said besides, in the last of its replies: on some platforms each one is counted.
        """
        asked = any(one.kind == "open_ticket" and one.values.get("reason") == REASON for one in turn.effects)
        ward = self._wards.get(message.ward)
        if not asked or not turn.replies or ward is None:
            return turn
        now, asks = self._clock(), False
        if ward.desk_hours is not None and not ward.desk_hours.open_at(now):
            said = wording.desk_opens(ward.desk_hours.opens_after(now), datetime.fromtimestamp(now, TIMEZONE))
            asks = not await self._database.read(_has_contact, message.citizen_id)
            if asks:
                said = f"{said} {wording.LEAVE_CONTACT.format(ward=ward.name)}"
        else:
            said = await self._database.read(estimate, ward.slug, message.citizen_id, hours=ward.desk_hours, now=now)
        if not said:
            return turn
        last = turn.replies[-1]
        last = replace(last, text=f"{last.text}\n{said}", asks_contact=asks)
        return replace(turn, replies=(*turn.replies[:-1], last))


def estimate(connection: sa.Connection, ward: str, citizen_id: int, *, hours: DeskHours | None, now: float) -> str:
    """
    Return the sentence on who waits before this citizen and for how long, "" without data.
    """
    waits = [
        hours.seconds_between(begin, end) if hours is not None else end - begin
        for begin, end in _answered(connection, ward, now=now)
    ]
    if len(waits) < FEWEST_ANSWERED:
        return ""
    query = (
        sa.select(sa.func.count(sa.distinct(ticket.c.citizen_id)))
        .join_from(ticket, citizen, ticket.c.citizen_id == citizen.c.id)
        .where(
            ticket.c.ward == ward,
            ticket.c.state == "open",
            ticket.c.reason == REASON,
            ticket.c.opened_at > now - QUEUED_WITHIN_SECONDS,
            ticket.c.citizen_id != citizen_id,
            citizen.c.desk_by.is_(None),
        )
    )
    return wording.queue(connection.execute(query).scalar_one(), statistics.median(waits))


def _answered(connection: sa.Connection, ward: str, *, now: float) -> list[tuple[float, float]]:
    """
    Return (opened, first words of an officer) of the last tickets that were answered.
    """
    first = (
        sa.select(sa.func.min(delivery.c.created_at))
        .where(
            delivery.c.citizen_id == ticket.c.citizen_id,
            delivery.c.kind == "officer",
            delivery.c.created_at >= ticket.c.opened_at,
        )
        .scalar_subquery()
    )
    query = (
        sa.select(ticket.c.opened_at, first.label("answered_at"))
        .where(
            ticket.c.ward == ward,
            ticket.c.reason == REASON,
            ticket.c.taken_at.is_not(None),
            ticket.c.opened_at > now - ANSWERED_WITHIN_SECONDS,
        )
        .order_by(ticket.c.id.desc())
        .limit(LAST_ANSWERED)
    )
    return [(row.opened_at, row.answered_at) for row in connection.execute(query) if row.answered_at is not None]


def _has_contact(connection: sa.Connection, citizen_id: int) -> bool:
    query = sa.select(ticket.c.id).where(
        ticket.c.citizen_id == citizen_id, ticket.c.state == "open", ticket.c.contact.is_not(None)
    )
    return connection.execute(query.limit(1)).first() is not None
