"""
Recipient rows: claim, mark, count what is left. One row per citizen, so that nobody is written to twice.

due → sending → sent | failed | uncertain | cancelled. What a kill left in `sending` may have gone out: it becomes
uncertain and is held until an officer decides (design.md 6). In the web chat the key is recognised, so there it is due again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Literal, NamedTuple

import sqlalchemy as sa

from bot import citizens
from bot.announcements.tables import announcement, recipient
from bot.database import citizen

Claim = Literal["taken", "gone", "stopped"]
CLAIMED_AT_ONCE = 5
# Chunks whose messages are dropped in one transaction.
DROPPED_AT_ONCE = 50


class Due(NamedTuple):
    citizen_id: int
    ward: str
    channel: str
    address: str
    interacted_at: float | None
    quota_left: int | None
    left_at: float | None


class Done(NamedTuple):
    """
    What became of one message. `problem` is a code; `left`: the platform says that the citizen cannot be reached.
    """

    announcement_id: int
    citizen_id: int
    state: Literal["sent", "failed", "uncertain", "due"]
    problem: str | None = None
    platform_id: str | None = None
    quota_left: int | None = None
    left: bool = False


def turn(
    connection: sa.Connection, done: Sequence[Done], wanted: Sequence[tuple[int, int]], *, now: float
) -> list[Claim]:
    """
    Mark what is done, and claim what is wanted, (announcement, citizen) each: "stopped" when it is not to be sent now.
    """
    if done:
        rows = [
            {"which": one.announcement_id, "whom": one.citizen_id, "now_state": one.state, "why": one.problem,
             "at": now if one.state == "sent" else None, "platform": (one.platform_id or "")[:128] or None}
            for one in done
        ]  # fmt: skip
        connection.execute(_MARK, rows)
        for one in done:
            if one.left:
                citizens.left(connection, one.citizen_id, sequence=None, now=now)
            elif one.quota_left is not None:
                citizens.note_quota(connection, one.citizen_id, one.quota_left)
    found: dict[tuple[int, int], Claim] = {}
    for which in {one[0] for one in wanted}:
        own = [whom for of, whom in wanted if of == which]
        taken = set(_claim(connection, which, own, now))
        otherwise: Claim = "gone"
        if len(taken) < len(own) and connection.execute(_GOING, {"which": which}).first() is None:
            otherwise = "stopped"
        found |= {(which, whom): "taken" if whom in taken else otherwise for whom in own}
    return [found[one] for one in wanted]


def _claim(connection: sa.Connection, which: int, own: Sequence[int], now: float) -> Iterator[int]:
    """
    Claim citizens, a few in one statement, and give those that were still due.
    """
    for first in range(0, len(own), CLAIMED_AT_ONCE):
        some = own[first : first + CLAIMED_AT_ONCE]
        # Always as many parameters: an IN of changing length would be written out anew each time.
        named = {f"whom_{place}": some[min(place, len(some) - 1)] for place in range(CLAIMED_AT_ONCE)}
        yield from connection.execute(_CLAIM, {"which": which, "now": now, **named}).scalars()


_GOING = sa.select(announcement.c.id).where(
    announcement.c.id == sa.bindparam("which"), announcement.c.state == "sending"
)
_OWN = (recipient.c.announcement_id == sa.bindparam("which"), recipient.c.citizen_id == sa.bindparam("whom"))
_CLAIM = (
    sa.update(recipient)
    .where(
        recipient.c.announcement_id == sa.bindparam("which"),
        sa.or_(*(recipient.c.citizen_id == sa.bindparam(f"whom_{place}") for place in range(CLAIMED_AT_ONCE))),
        recipient.c.state == "due",
        sa.exists().where(announcement.c.id == recipient.c.announcement_id, announcement.c.state == "sending"),
    )
    .values(state="sending", claimed_at=sa.bindparam("now"))
    .returning(recipient.c.citizen_id)
)
_MARK = (
    sa.update(recipient)
    .where(*_OWN, (recipient.c.state == "sending") | (recipient.c.state == "due"))
    .values(
        state=sa.bindparam("now_state"),
        problem=sa.bindparam("why"),
        sent_at=sa.bindparam("at"),
        platform_id=sa.bindparam("platform"),
    )
)


def next_chunk(connection: sa.Connection, announcement_id: int, channel: str, *, after: int) -> int | None:
    """
    Return the first chunk after this one in which something is due.
    """
    query = sa.select(recipient.c.chunk).where(
        recipient.c.announcement_id == announcement_id,
        recipient.c.chunk > after,
        recipient.c.state == "due",
        recipient.c.channel == channel,
    )
    return connection.execute(query.order_by(recipient.c.chunk).limit(1)).scalar_one_or_none()


def due_in(connection: sa.Connection, announcement_id: int, chunk: int) -> list[Due]:
    """
    Return what is due in a chunk, by citizen.
    """
    columns = (recipient.c.citizen_id, citizen.c.ward, recipient.c.channel, recipient.c.address, citizen.c.interacted_at,
               citizen.c.quota_left, citizen.c.left_at)  # fmt: skip
    query = (
        sa.select(*columns)
        .join_from(recipient, citizen, recipient.c.citizen_id == citizen.c.id)
        .where(recipient.c.announcement_id == announcement_id, recipient.c.chunk == chunk, recipient.c.state == "due")
        .order_by(recipient.c.citizen_id)
    )
    return [Due(*row) for row in connection.execute(query)]


def channels(connection: sa.Connection, announcement_id: int) -> list[str]:
    """
    Return the channels with anything due.
    """
    query = sa.select(recipient.c.channel).where(
        recipient.c.announcement_id == announcement_id, recipient.c.state == "due"
    )
    return sorted(connection.execute(query.distinct()).scalars())


def hold_begun(connection: sa.Connection, announcement_id: int, *, idempotent: Collection[str]) -> int:
    """
    Settle what stands in `sending` while nobody sends it: uncertain, or due again on channels that recognise a key.

    Returns:
        How many became uncertain.
    """
    begun = sa.update(recipient).where(recipient.c.announcement_id == announcement_id, recipient.c.state == "sending")
    if idempotent:
        again = begun.where(recipient.c.channel.in_(list(idempotent)))
        connection.execute(again.values(state="due", claimed_at=None))
    held: int = connection.execute(begun.values(state="uncertain", problem="killed")).rowcount
    return held


def drop_due(connection: sa.Connection, announcement_id: int) -> bool:
    """
    due → cancelled, for a part of them. True while there may be more.
    """
    mine = (recipient.c.announcement_id == announcement_id, recipient.c.state == "due")
    first = connection.execute(sa.select(sa.func.min(recipient.c.chunk)).where(*mine)).scalar_one_or_none()
    if first is None:
        return False
    some = recipient.c.chunk.between(first, first + DROPPED_AT_ONCE)
    connection.execute(sa.update(recipient).where(*mine, some).values(state="cancelled"))
    return True


def any_due(connection: sa.Connection, announcement_id: int) -> bool:
    query = sa.select(recipient.c.citizen_id).where(
        recipient.c.announcement_id == announcement_id, recipient.c.state == "due"
    )
    return connection.execute(query.limit(1)).first() is not None
