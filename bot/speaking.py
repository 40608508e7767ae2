"""
Sends what officers wrote to a citizen, in the order written, and passes the conversation on.

The page has written it into the ledger. A conversation is worked at by one executor at a time, so these words follow what
the assistant was saying, and the next message follows them. After a kill only what is not sent yet is sent.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import NamedTuple

import sqlalchemy as sa

from bot import alarms, citizens, inbox, tickets
from bot.channels.base import Channel, Reach, split_address
from bot.database import Database, citizen
from bot.database import inbox as inbox_table
from bot.delivery import ledger, worker
from bot.inbox import Work
from bot.log import log


class Addressee(NamedTuple):
    id: int
    ward: str
    channel: str
    address: str
    interacted_at: float | None
    quota_left: int | None
    left_at: float | None
    desk_by: int | None

    @property
    def reach(self) -> Reach:
        return Reach(self.interacted_at, self.quota_left, by_officer=True)


def addressee(connection: sa.Connection, citizen_id: int) -> Addressee | None:
    """
    Return what sending to a Citizen needs; None when there is no such Citizen.
    """
    columns = [citizen.c[name] for name in Addressee._fields]
    row = connection.execute(sa.select(*columns).where(citizen.c.id == citizen_id)).one_or_none()
    return None if row is None else Addressee(*row)


class Speaking:
    def __init__(
        self,
        database: Database,
        sender: worker.Sender,
        channels: Mapping[str, Channel],
        *,
        executor: str,
        clock: Callable[[], float] = time.time,
    ):
        self._database, self._sender, self._channels = database, sender, channels
        self._executor, self._clock = executor, clock

    async def speak(self, citizen_id: int) -> Work | None:
        """
        Send the oldest text that waits for a citizen, and return what comes next in the conversation.
        """
        person = await self._database.read(addressee, citizen_id)
        if person is None:
            return None
        channel = self._channels.get(person.channel)
        parts = await self._database.write(
            ledger.resume_words, citizen_id, idempotent=channel is None or channel.idempotent, now=self._clock()
        )
        spoken = any(one.reply.kind == "officer" for one in parts)
        if person.left_at is not None:
            outcome = worker.Sent(failed=[one.id for one in parts], problem="citizen.left")
        else:
            outcome = await self._sender.send_all(parts, person.reach._replace(by_officer=spoken))
        for one in parts:
            log.info("words.sent" if not outcome.problem else "words.failed", channel=one.channel, delivery=one.id)
        return await self._database.write(_close, person, outcome, spoken, self._executor, now=self._clock())


def _close(
    connection: sa.Connection, person: Addressee, outcome: worker.Sent, spoken: bool, executor: str, *, now: float
) -> Work | None:
    worker.mark(connection, outcome, now=now)
    if outcome.unreachable:
        citizens.left(connection, person.id, sequence=None, now=now)
    if outcome.needs_officer:
        alarms.ring(
            connection, ward=person.ward, channel=person.channel, account=split_address(person.address)[0],
            code="send.refused", detail=outcome.problem, now=now,
        )  # fmt: skip
    if spoken and (outcome.held or outcome.problem) and not citizens.at_desk(connection, person.id):
        # The officer has already gone on: the conversation must be found again.
        _list(connection, person, "perhaps_not_delivered" if outcome.held else "not_delivered", now=now)
    return inbox.go_on(connection, person.id, executor=executor)


def _list(connection: sa.Connection, person: Addressee, reason: str, *, now: float) -> None:
    newest = sa.select(sa.func.max(inbox_table.c.id)).where(inbox_table.c.citizen_id == person.id)
    inbox_id = connection.execute(newest).scalar_one()
    if inbox_id is not None:
        tickets.open_ticket(
            connection, ward=person.ward, channel=person.channel, citizen_id=person.id, inbox_id=inbox_id,
            reason=reason, now=now, again=True,
        )  # fmt: skip
