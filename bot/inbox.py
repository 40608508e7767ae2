"""
Remembers each InboundMessage once, and hands out the oldest unanswered one of a conversation.

A conversation is answered by one executor at a time, named in citizen.answering_by: whoever stores the first unanswered
message takes it, and goes on until none is left. `accept` and `finish` both hold the Citizen's row, so that a message
that arrives while the last one ends is either taken by the one or seen by the other.
"""

from __future__ import annotations

import functools
import secrets
from typing import Any, NamedTuple

import sqlalchemy as sa

from bot import citizens
from bot.database import citizen, inbox, insert
from bot.messages import InboundMessage


class Work(NamedTuple):
    """
    One message to answer, and the name under which DBOS remembers that it is being answered.
    """

    inbox_id: int
    work_id: str


class Accepted(NamedTuple):
    fresh: bool  # False when the platform repeated a message that we have
    work: Work | None  # what the caller must start now


class Waiting(NamedTuple):
    """
    A message that is being answered, with what is needed of its Citizen.
    """

    id: int
    citizen_id: int
    dialogue_id: str
    channel: str
    address: str
    ward: str
    message_id: str
    kind: str
    text: str
    payload: str | None
    state: str
    failures: int
    received_at: float
    turns: int
    noticed_at: float | None


def accept(connection: sa.Connection, message: InboundMessage, *, executor: str, now: float) -> Accepted:
    """
    Store the message unless it is there already. The same for every repetition, in any order.
    """
    person = citizens.see(connection, ward=message.ward, channel=message.channel, address=message.address, now=now)
    work_id = secrets.token_hex(8)
    values = {
        "citizen_id": person.id,
        "channel": message.channel,
        "message_id": message.message_id,
        "ward": person.ward,
        "kind": message.kind,
        "text": message.text,
        "payload": message.payload,
        "state": "waiting",
        "work_id": work_id,
        "received_at": now,
    }
    inbox_id = connection.execute(_accept(connection.dialect.name), values).scalar_one_or_none()
    if inbox_id is None:
        return Accepted(False, None)
    if person.answering_by is not None:
        return Accepted(True, None)
    citizens.hold(connection, person.id, executor)
    return Accepted(True, Work(inbox_id, work_id))


@functools.cache
def _accept(dialect: str) -> Any:
    statement = insert(inbox, dialect).on_conflict_do_nothing(index_elements=["channel", "message_id"])
    return statement.returning(inbox.c.id)


_WAITING: sa.Select[Any] = sa.select(
    inbox.c.id,
    inbox.c.citizen_id,
    citizen.c.dialogue_id,
    inbox.c.channel,
    citizen.c.address,
    inbox.c.ward,
    inbox.c.message_id,
    inbox.c.kind,
    inbox.c.text,
    inbox.c.payload,
    inbox.c.state,
    inbox.c.failures,
    inbox.c.received_at,
    citizen.c.turns,
    citizen.c.noticed_at,
)
_WAITING = _WAITING.join_from(inbox, citizen, inbox.c.citizen_id == citizen.c.id).where(
    inbox.c.id == sa.bindparam("which")
)


def get(connection: sa.Connection, inbox_id: int) -> Waiting:
    return Waiting(*connection.execute(_WAITING, {"which": inbox_id}).one())


def note_failure(connection: sa.Connection, inbox_id: int) -> None:
    connection.execute(sa.update(inbox).where(inbox.c.id == inbox_id).values(failures=inbox.c.failures + 1))


def mark_asked(connection: sa.Connection, inbox_id: int) -> bool:
    """
    waiting → asked: its replies stand in the ledger. False when they stood there before.
    """
    return connection.execute(_ASKED, {"which": inbox_id}).rowcount == 1


_ASKED = sa.update(inbox).where(inbox.c.id == sa.bindparam("which"), inbox.c.state == "waiting").values(state="asked")


def finish(connection: sa.Connection, inbox_id: int, *, executor: str, now: float) -> Work | None:
    """
    asked → answered. Return the next message of the conversation, or None, and then nobody holds it any more.
    """
    citizen_id = connection.execute(_ANSWERED, {"which": inbox_id, "now": now}).scalar_one()
    citizens.release(connection, citizen_id)
    following = _oldest(connection, citizen_id)
    if following is not None:
        citizens.hold(connection, citizen_id, executor)
    return following


_ANSWERED = (
    sa.update(inbox)
    .where(inbox.c.id == sa.bindparam("which"))
    .values(state="answered", answered_at=sa.bindparam("now"))
    .returning(inbox.c.citizen_id)
)


def _oldest(connection: sa.Connection, citizen_id: int) -> Work | None:
    row = connection.execute(_OLDEST, {"citizen": citizen_id}).one_or_none()
    return None if row is None else Work(*row)


_OLDEST = (
    sa.select(inbox.c.id, inbox.c.work_id)
    .where(inbox.c.citizen_id == sa.bindparam("citizen"), inbox.c.state.in_(("waiting", "asked")))
    .order_by(inbox.c.id)
    .limit(1)
)


def take_over(connection: sa.Connection, executor: str) -> None:
    """
    Answer from now on what any other name held. Only where one worker is all there is: on SQLite.
    """
    connection.execute(
        sa.update(citizen)
        .where(citizen.c.answering_by.is_not(None), citizen.c.answering_by != executor)
        .values(answering_by=executor)
    )


def left_over(connection: sa.Connection, executor: str) -> list[Work]:
    """
    The oldest unanswered message of every conversation that this executor holds.

    After a kill this is what was being answered; DBOS runs what it had begun, the rest is started anew.
    """
    found: list[Work] = []
    for citizen_id in citizens.held_by(connection, executor):
        oldest = _oldest(connection, citizen_id)
        if oldest is None:
            citizens.release(connection, citizen_id)
        else:
            found.append(oldest)
    return found


def renew(connection: sa.Connection, work: Work) -> Work | None:
    """
    Give a message a new work id: DBOS counts the old work as ended. None when the message is answered by now.
    """
    work_id = secrets.token_hex(8)
    statement = (
        sa.update(inbox)
        .where(inbox.c.id == work.inbox_id, inbox.c.work_id == work.work_id, inbox.c.state != "answered")
        .values(work_id=work_id)
    )
    return Work(work.inbox_id, work_id) if connection.execute(statement).rowcount else None


def depth(connection: sa.Connection) -> tuple[int, float | None]:
    """
    Return how many messages are not answered yet, and when the oldest of them came.
    """
    query = sa.select(sa.func.count(), sa.func.min(inbox.c.received_at)).where(inbox.c.state != "answered")
    count, oldest = connection.execute(query).one()
    return count, oldest
