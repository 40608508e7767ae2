"""
What officers do with a conversation: take it, reply, hand it back, close it.

Functions that change something run in one transaction, hold the Citizen's row, and say in one word what became of it.
While a conversation is taken (citizen.desk_by) the assistant says nothing there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

import sqlalchemy as sa

from bot import citizens, tickets, wrong_answers
from bot.database import citizen, delivery, inbox, ticket
from bot.delivery import ledger
from bot.inbox import Work
from bot.messages import Reply

# What became of an act. "elsewhere": another officer holds the conversation. "unknown": there is no such conversation.
Act = Literal["done", "elsewhere", "not_taken", "repeated", "unknown"]

# The same words of the same officer so soon after each other are a form that was sent twice.
REPEATED_SECONDS = 60.0


class Held(NamedTuple):
    """
    A conversation as it stands when an officer acts on it; its row is held.
    """

    ward: str
    channel: str
    address: str
    desk_by: int | None
    answering_by: str | None


def take(
    connection: sa.Connection,
    citizen_id: int,
    officer_id: int,
    *,
    instead_of: int | None,
    reply: Reply | None,
    now: float,
) -> tuple[Act, Held | None]:
    """
    Give a conversation to an officer, who from then on talks there. `instead_of`: the colleague whom the officer saw
    holding it. `reply` tells the citizen; None says nothing.
    """
    held = _hold(connection, citizen_id)
    if held is None:
        return "unknown", None
    if held.desk_by == officer_id:
        return "repeated", held
    if held.desk_by not in (None, instead_of):
        return "elsewhere", held
    citizens.give_to_desk(connection, citizen_id, officer_id, now=now)
    statement = sa.update(ticket).where(ticket.c.citizen_id == citizen_id, ticket.c.state == "open")
    if not connection.execute(statement.values(taken_by=officer_id, taken_at=now)).rowcount:
        _open(connection, citizen_id, held, officer_id, now=now)
    if reply is not None and held.desk_by is None:
        _put(connection, [reply], citizen_id, held, officer_id, now=now)
    return "done", held


def say(
    connection: sa.Connection, citizen_id: int, officer_id: int, parts: Sequence[Reply], *, now: float
) -> tuple[Act, Held | None]:
    """
    Write down what an officer says to a citizen; it is sent from there, whatever happens.
    """
    held = _hold(connection, citizen_id)
    if held is None:
        return "unknown", None
    if held.desk_by != officer_id:
        return ("not_taken" if held.desk_by is None else "elsewhere"), held
    if _is_repeated(connection, citizen_id, officer_id, parts, now=now):
        return "repeated", held
    citizens.give_to_desk(connection, citizen_id, officer_id, now=now)
    _put(connection, parts, citizen_id, held, officer_id, now=now)
    return "done", held


def hand_back(
    connection: sa.Connection,
    citizen_id: int,
    officer_id: int,
    *,
    finished: bool,
    parts: Sequence[Reply],
    note: str,
    now: float,
) -> tuple[Act, Held | None]:
    """
    Let the assistant talk again. `finished` closes the tickets; otherwise the conversation stays in the list.
    """
    held = _hold(connection, citizen_id)
    if held is None:
        return "unknown", None
    if held.desk_by != officer_id:
        return ("not_taken" if held.desk_by is None else "elsewhere"), held
    citizens.give_to_desk(connection, citizen_id, None, now=now)
    citizens.silence(connection, citizen_id, until=None)
    if finished:
        _close(connection, citizen_id, officer_id, note, now=now)
    elif note:
        _note(connection, citizen_id, note)
    _put(connection, parts, citizen_id, held, officer_id, now=now)
    return "done", held


def close(
    connection: sa.Connection, citizen_id: int, officer_id: int, *, note: str, now: float
) -> tuple[Act, Held | None]:
    """
    Close the tickets of a conversation that nobody has taken: called back, or nothing to answer.
    """
    held = _hold(connection, citizen_id)
    if held is None:
        return "unknown", None
    if held.desk_by not in (None, officer_id):
        return "elsewhere", held
    citizens.give_to_desk(connection, citizen_id, None, now=now)
    return ("done" if _close(connection, citizen_id, officer_id, note, now=now) else "repeated"), held


def work(connection: sa.Connection, citizen_id: int, held: Held, *, executor: str) -> Work | None:
    """
    Return what must be begun now that words wait; None when whoever works at the conversation will find them.
    """
    if held.answering_by is not None or not ledger.words_wait(connection, citizen_id):
        return None
    citizens.hold(connection, citizen_id, executor)
    return Work(0, "", citizen_id)


def _hold(connection: sa.Connection, citizen_id: int) -> Held | None:
    columns = [citizen.c[name] for name in Held._fields]
    row = connection.execute(sa.select(*columns).where(citizen.c.id == citizen_id).with_for_update()).one_or_none()
    return None if row is None else Held(*row)


def _put(
    connection: sa.Connection, parts: Sequence[Reply], citizen_id: int, held: Held, officer_id: int, *, now: float
) -> None:
    ledger.put(
        connection, parts, inbox_id=None, citizen_id=citizen_id, ward=held.ward, channel=held.channel,
        address=held.address, now=now, claimed=False, officer_id=officer_id,
    )  # fmt: skip


def _is_repeated(
    connection: sa.Connection, citizen_id: int, officer_id: int, parts: Sequence[Reply], *, now: float
) -> bool:
    query = (
        sa.select(delivery.c.body)
        .where(
            delivery.c.citizen_id == citizen_id,
            delivery.c.officer_id == officer_id,
            delivery.c.kind == "officer",
            delivery.c.state.not_in(("failed", "uncertain")),
            delivery.c.created_at > now - REPEATED_SECONDS,
        )
        .order_by(delivery.c.id.desc())
        .limit(len(parts))
    )
    said = [body["text"] for body in connection.execute(query).scalars()]
    return bool(parts) and said[::-1] == [one.text for one in parts]


def _open(connection: sa.Connection, citizen_id: int, held: Held, officer_id: int, *, now: float) -> None:
    """
    Open a ticket for a conversation that an officer takes without having been asked.
    """
    newest = connection.execute(sa.select(sa.func.max(inbox.c.id)).where(inbox.c.citizen_id == citizen_id)).scalar_one()
    if newest is None:
        return
    tickets.open_ticket(
        connection, ward=held.ward, channel=held.channel, citizen_id=citizen_id, inbox_id=newest, reason="taken_over",
        now=now, again=True,
    )  # fmt: skip
    own = (ticket.c.inbox_id == newest) & (ticket.c.reason == "taken_over")
    connection.execute(sa.update(ticket).where(own).values(taken_by=officer_id, taken_at=now))


def _close(connection: sa.Connection, citizen_id: int, officer_id: int, note: str, *, now: float) -> int:
    values = {"state": "closed", "closed_at": now, "closed_by": officer_id, **({"note": note} if note else {})}
    statement = sa.update(ticket).where(ticket.c.citizen_id == citizen_id, ticket.c.state == "open")
    wrong_answers.answered_at_desk(connection, citizen_id, now=now)
    return connection.execute(statement.values(**values)).rowcount


def _note(connection: sa.Connection, citizen_id: int, note: str) -> None:
    statement = sa.update(ticket).where(ticket.c.citizen_id == citizen_id, ticket.c.state == "open")
    connection.execute(statement.values(note=note))
