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


_HOLD = sa.update(citizen).where(citizen.c.id == sa.bindparam("which")).values(answering_by=sa.bindparam("executor"))
_COUNT = (
    sa.update(citizen)
    .where(citizen.c.id == sa.bindparam("which"))
    .values(
        turns=sa.bindparam("turns_now"),
        noticed_at=sa.func.coalesce(citizen.c.noticed_at, sa.bindparam("noticed", type_=sa.Float)),
    )
)
