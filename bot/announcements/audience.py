"""
Audience → citizens, in the database: a million rows never pass through Python.

A citizen is selected who subscribed to everything of the ward, or to one of the neighbourhoods or topics asked for. Where
neighbourhoods and topics are both asked for, one who named neighbourhoods must have named one of these, and one who named
topics one of those. A rule without either selects everybody who subscribed to anything. Nobody is written to who did not
subscribe, or who left.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa

from bot.announcements.announcement import Audience
from bot.announcements.tables import recipient, subscription
from bot.database import citizen, insert

# Messages in one chunk; a chunk is of one channel.
CHUNK = 100
# Rows queued in one transaction: replies wait that long at most.
SLICE = 5_000


def selects(wards: Sequence[str], rule: Audience, *, also_left: bool = False) -> sa.ColumnElement[bool]:
    """
    Return the condition on `citizen` for these wards and this rule.
    """
    conditions: list[sa.ColumnElement[bool]] = [citizen.c.ward.in_(list(wards))]
    if rule.channels:
        conditions.append(citizen.c.channel.in_(list(rule.channels)))
    if not also_left:
        conditions.append(citizen.c.left_at.is_(None))
    asked = {"neighbourhood": rule.neighbourhoods, "topic": rule.topics}
    limited = {kind: list(values) for kind, values in asked.items() if values}
    if not limited:
        conditions.append(_subscribed())
        return sa.and_(*conditions)
    named = {kind: _subscribed(kind, values) for kind, values in limited.items()}
    fitting = sa.or_(*named.values())
    every = [sa.or_(one, ~_subscribed(kind)) for kind, one in named.items()]
    conditions.append(sa.or_(_subscribed("all"), sa.and_(fitting, *every)))
    return sa.and_(*conditions)


def _subscribed(kind: str | None = None, values: Sequence[str] | None = None) -> sa.ColumnElement[bool]:
    where = [subscription.c.citizen_id == citizen.c.id, subscription.c.ended_at.is_(None)]
    if kind is not None:
        where.append(subscription.c.kind == kind)
    if values is not None:
        where.append(subscription.c.value.in_(list(values)))
    return sa.exists().where(*where)


def channels_of(connection: sa.Connection, wards: Sequence[str], rule: Audience) -> list[str]:
    """
    Return the channels on which the rule selects anybody, by name.
    """
    query = sa.select(citizen.c.channel).where(citizen.c.ward.in_(list(wards))).distinct()
    there = sorted(connection.execute(query).scalars())
    return [one for one in there if not rule.channels or one in rule.channels]


class Place(NamedTuple):
    """
    How far the list of recipients is written: the last citizen on the channel, and the next chunk.
    """

    after: int
    chunk: int


def begin(connection: sa.Connection, announcement_id: int, channel: str) -> Place:
    """
    Return where to go on: at the beginning, or where a kill stopped it.
    """
    own = recipient.c.announcement_id == announcement_id
    last = sa.select(sa.func.max(recipient.c.citizen_id)).where(own, recipient.c.channel == channel)
    chunk = connection.execute(sa.select(sa.func.max(recipient.c.chunk)).where(own)).scalar_one_or_none()
    return Place(connection.execute(last).scalar_one_or_none() or 0, 0 if chunk is None else chunk + 1)


def queue_slice(
    connection: sa.Connection, announcement_id: int, wards: Sequence[str], rule: Audience, channel: str, place: Place
) -> Place | None:
    """
    Write down the next recipients on one channel, each once. Return where to go on, None when all are there.

    In the order of the citizens' ids, so that a kill in between only means going on after the last one.
    """
    picked = (
        sa.select(citizen.c.id, citizen.c.channel, citizen.c.address)
        # Not by the index of channels, which would sort everybody anew for every slice: by the ids.
        .where(citizen.c.id > place.after, citizen.c.channel.concat("") == channel, selects(wards, rule))
        .order_by(citizen.c.id)
        .limit(SLICE)
        .subquery()
    )
    number = sa.func.row_number().over(order_by=picked.c.id) - 1
    rows = sa.select(
        sa.literal(announcement_id),
        picked.c.id,
        # Whole numbers divide without a rest in both databases.
        sa.literal(place.chunk) + sa.cast(number, sa.Integer).op("/")(sa.literal_column(str(CHUNK))),
        picked.c.channel,
        picked.c.address,
        sa.literal("due"),
    ).where(sa.true())  # SQLite needs a WHERE before ON CONFLICT
    columns = ["announcement_id", "citizen_id", "chunk", "channel", "address", "state"]
    statement = insert(recipient, connection.dialect.name).from_select(columns, rows).on_conflict_do_nothing()
    connection.execute(statement)
    own = (recipient.c.announcement_id == announcement_id, recipient.c.chunk >= place.chunk)
    last, chunk = connection.execute(
        sa.select(sa.func.max(recipient.c.citizen_id), sa.func.max(recipient.c.chunk)).where(*own)
    ).one()
    return None if last is None else Place(last, chunk + 1)
