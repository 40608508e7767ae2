"""
Citizen rows: channel and address ↔ id. One row is one conversation.
"""

from __future__ import annotations

import functools
import secrets
from typing import Any, NamedTuple

import sqlalchemy as sa

from bot.database import citizen, insert


class Seen(NamedTuple):
    id: int
    ward: str
    answering_by: str | None


def see(connection: sa.Connection, *, ward: str, channel: str, address: str, now: float) -> Seen:
    """
    Find or make the Citizen, and hold its row until the transaction ends.

    The ward of the first message stays: an address belongs to one ward, as its channel account does.
    """
    values = {
        "ward": ward,
        "channel": channel,
        "address": address,
        "dialogue_id": secrets.token_hex(16),
        "created_at": now,
        "seen_at": now,
    }
    return Seen(*connection.execute(_see(connection.dialect.name), values).one())


def heard_from(
    connection: sa.Connection, citizen_id: int, executor: str | None, *, sequence: float | None, now: float
) -> None:
    """
    Note a message of the citizen's: reachable again, the platform's window open, and who answers it.
    """
    connection.execute(_HEARD, {"which": citizen_id, "executor": executor, "now": now, "newest": sequence})


def left(connection: sa.Connection, citizen_id: int, *, sequence: float | None, now: float) -> None:
    """
    Note that the citizen unfollowed or blocked us, unless a newer message says otherwise.
    """
    statement = sa.update(citizen).where(citizen.c.id == citizen_id).values(left_at=now)
    if sequence is not None:
        statement = statement.where(sa.func.coalesce(citizen.c.sequence, 0) <= sequence)
    connection.execute(statement)


def silence(connection: sa.Connection, citizen_id: int, *, until: float | None) -> None:
    """
    Let a person of the office talk: the assistant says nothing until then. None lets the assistant talk again.
    """
    connection.execute(sa.update(citizen).where(citizen.c.id == citizen_id).values(silent_until=until))


def give_to_desk(connection: sa.Connection, citizen_id: int, officer_id: int | None, *, now: float) -> None:
    """
    Note which officer answers the conversation, and when that officer last did something there; None: nobody does.
    """
    values = {"desk_by": officer_id, "desk_at": now if officer_id is not None else None}
    connection.execute(sa.update(citizen).where(citizen.c.id == citizen_id).values(**values))


def at_desk(connection: sa.Connection, citizen_id: int) -> bool:
    """
    Say whether an officer answers the conversation, and hold its row until the transaction ends.
    """
    return connection.execute(_AT_DESK, {"which": citizen_id}).scalar_one() is not None


def note_quota(connection: sa.Connection, citizen_id: int, left_over: int) -> None:
    connection.execute(sa.update(citizen).where(citizen.c.id == citizen_id).values(quota_left=left_over))


def note_delayed(connection: sa.Connection, citizen_id: int, *, now: float) -> None:
    connection.execute(sa.update(citizen).where(citizen.c.id == citizen_id).values(delayed_at=now))


def note_switched_off(connection: sa.Connection, citizen_id: int, *, now: float) -> None:
    connection.execute(sa.update(citizen).where(citizen.c.id == citizen_id).values(switched_off_at=now))


def find(connection: sa.Connection, *, channel: str, address: str) -> int | None:
    query = sa.select(citizen.c.id).where(citizen.c.channel == channel, citizen.c.address == address)
    return connection.execute(query).scalar_one_or_none()


def hold(connection: sa.Connection, citizen_id: int, executor: str) -> None:
    """
    Say that this executor answers the conversation, until `release`.
    """
    connection.execute(_HOLD, {"which": citizen_id, "executor": executor})


def release(connection: sa.Connection, citizen_id: int) -> None:
    """
    Say that nobody answers the conversation, and hold its row until the transaction ends.
    """
    connection.execute(_HOLD, {"which": citizen_id, "executor": None})


def count_turn(connection: sa.Connection, citizen_id: int, *, turns: int, noticed_at: float) -> None:
    """
    Remember how many turns there were since Rasa's last session_start, and when the notice was first sent.
    """
    connection.execute(_COUNT, {"which": citizen_id, "turns_now": turns, "noticed": noticed_at})


def held_by(connection: sa.Connection, executor: str) -> list[int]:
    query = sa.select(citizen.c.id).where(citizen.c.answering_by == executor)
    return list(connection.execute(query).scalars())


# Statements of the hot path are built once: building one costs as much as running it.


@functools.cache
def _see(dialect: str) -> Any:
    statement = insert(citizen, dialect)
    again = {"seen_at": statement.excluded.seen_at}
    return statement.on_conflict_do_update(index_elements=["channel", "address"], set_=again).returning(
        citizen.c.id, citizen.c.ward, citizen.c.answering_by
    )


_HEARD = (
    sa.update(citizen)
    .where(citizen.c.id == sa.bindparam("which"))
    .values(
        answering_by=sa.bindparam("executor"),
        interacted_at=sa.bindparam("now", type_=sa.Float),
        quota_left=None,
        left_at=None,
        sequence=sa.case(
            (
                sa.func.coalesce(citizen.c.sequence, 0) < sa.func.coalesce(sa.bindparam("newest", type_=sa.Float), 0),
                sa.bindparam("newest", type_=sa.Float),
            ),
            else_=citizen.c.sequence,
        ),
    )
)
_AT_DESK = sa.select(citizen.c.desk_by).where(citizen.c.id == sa.bindparam("which")).with_for_update()
_HOLD = sa.update(citizen).where(citizen.c.id == sa.bindparam("which")).values(answering_by=sa.bindparam("executor"))
_COUNT = (
    sa.update(citizen)
    .where(citizen.c.id == sa.bindparam("which"))
    .values(
        turns=sa.bindparam("turns_now"),
        noticed_at=sa.func.coalesce(citizen.c.noticed_at, sa.bindparam("noticed", type_=sa.Float)),
    )
)
