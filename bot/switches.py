"""
The kill switch: answers can be turned off for a channel of a ward, with a reason that citizens are told.

A row is a switch that is off. Every worker sees a change within two seconds.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import NamedTuple

import sqlalchemy as sa

from bot.database import Database, insert, switch

REMEMBERED_SECONDS = 2.0
ALL_CHANNELS = "*"


class Off(NamedTuple):
    ward: str
    channel: str  # or "*"
    reason: str
    off_at: float


def turn_off(connection: sa.Connection, *, ward: str, channel: str, reason: str, now: float) -> None:
    statement = insert(switch, connection.dialect.name).values(ward=ward, channel=channel, reason=reason, off_at=now)
    again = {"reason": statement.excluded.reason}
    connection.execute(statement.on_conflict_do_update(index_elements=["ward", "channel"], set_=again))


def turn_on(connection: sa.Connection, *, ward: str, channel: str) -> bool:
    """
    Answer again. False when the switch was not off.
    """
    statement = sa.delete(switch).where(switch.c.ward == ward, switch.c.channel == channel)
    return bool(connection.execute(statement).rowcount)


def all_off(connection: sa.Connection) -> list[Off]:
    query = sa.select(switch.c.ward, switch.c.channel, switch.c.reason, switch.c.off_at)
    return [Off(*row) for row in connection.execute(query.order_by(switch.c.off_at))]


class Switches:
    """
    Reads the table at most every two seconds.
    """

    def __init__(self, database: Database, clock: Callable[[], float] = time.monotonic):
        self._database, self._clock = database, clock
        self._read_at = -1e9
        self._off: dict[tuple[str, str], Off] = {}

    async def off(self, ward: str, channel: str) -> Off | None:
        """
        Return why this ward's channel is off, or None when it answers.
        """
        if self._clock() - self._read_at > REMEMBERED_SECONDS:
            self._read_at = self._clock()
            self._off = {(one.ward, one.channel): one for one in await self._database.read(all_off)}
        return self._off.get((ward, channel)) or self._off.get((ward, ALL_CHANNELS))
