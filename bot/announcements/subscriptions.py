"""
Subscription rows: who agreed to get which announcements, when and how. A row that has ended stays: it shows that it did.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

import sqlalchemy as sa

from bot.announcements.tables import recipient, subscription
from bot.announcements.topics import TOPICS
from bot.database import citizen, delivery, insert
from bot.messages import Effect

SubscriptionKind = Literal["all", "neighbourhood", "topic"]
How = Literal["words", "button", "officer"]
# How long after an announcement a bare "DUNG" is about it.
JUST_TOLD_SECONDS = 30 * 86_400.0
SUBSCRIBE, UNSUBSCRIBE = "subscribe", "unsubscribe"


class Choice(NamedTuple):
    """
    What is subscribed to: kind "all" with value "", a neighbourhood by its name, a topic by its slug.
    """

    kind: SubscriptionKind
    value: str = ""


ALL = Choice("all")


class Held(NamedTuple):
    choice: Choice
    consented_at: float
    how: str


def current(connection: sa.Connection, citizen_id: int) -> list[Held]:
    """
    Return what a citizen is subscribed to now: all first, then neighbourhoods, then topics.
    """
    query = sa.select(subscription).where(subscription.c.citizen_id == citizen_id, subscription.c.ended_at.is_(None))
    held = [Held(Choice(row.kind, row.value), row.consented_at, row.how) for row in connection.execute(query)]
    order = {"all": 0, "neighbourhood": 1, "topic": 2}
    return sorted(held, key=lambda one: (order[one.choice.kind], one.choice.value))


def subscribe(
    connection: sa.Connection, citizen_id: int, ward: str, choices: Sequence[Choice], *, how: How, now: float
) -> int:
    """
    Note a citizen's consent; return how many of the choices are new. The date of an earlier one that still holds stays.
    """
    there = {one.choice for one in current(connection, citizen_id)}
    fresh = [one for one in dict.fromkeys(choices) if one not in there]
    for kind, value in fresh:
        row = {"citizen_id": citizen_id, "ward": ward, "kind": kind, "value": value, "consented_at": now, "how": how}
        statement = insert(subscription, connection.dialect.name).values(**row, ended_at=None)
        again = {"ward": ward, "consented_at": now, "how": how, "ended_at": None}
        connection.execute(statement.on_conflict_do_update(index_elements=["citizen_id", "kind", "value"], set_=again))
    return len(fresh)


def unsubscribe(
    connection: sa.Connection, citizen_id: int, ward: str, choices: Sequence[Choice], *, how: How, now: float
) -> int:
    """
    End these, or everything when "all" is among them; return how many ended.

    Who gets everything and wants to be spared one topic keeps all the others.
    """
    held = [one.choice for one in current(connection, citizen_id)]
    topics = [one for one in choices if one.kind == "topic"]
    if ALL not in choices and ALL in held and topics:
        rest = [Choice("topic", slug) for slug in TOPICS if Choice("topic", slug) not in topics]
        subscribe(connection, citizen_id, ward, rest, how=how, now=now)
        choices = [*topics, ALL]
        ended = [one for one in held if one in choices]
    else:
        ended = held if ALL in choices else [one for one in held if one in choices]
    for kind, value in ended:
        connection.execute(
            sa.update(subscription)
            .where(
                subscription.c.citizen_id == citizen_id, subscription.c.kind == kind, subscription.c.value == value,
                subscription.c.ended_at.is_(None),
            )
            .values(ended_at=now)
        )  # fmt: skip
    if ended and not current(connection, citizen_id):
        _drop_queued(connection, citizen_id, "citizen.unsubscribed")
    return len(ended)


def _drop_queued(connection: sa.Connection, citizen_id: int, problem: str) -> None:
    """
    Take back what is queued for a citizen and not begun.
    """
    queued = sa.update(recipient).where(recipient.c.citizen_id == citizen_id, recipient.c.state == "due")
    connection.execute(queued.values(state="cancelled", problem=problem))


def apply(connection: sa.Connection, effect: Effect, *, citizen_id: int, ward: str, now: float) -> None:
    """
    Do what a turn decided: an effect "subscribe" or "unsubscribe" with its "choices" and "how".
    """
    choices = [Choice(kind, value) for kind, value in effect.values["choices"]]
    change = subscribe if effect.kind == SUBSCRIBE else unsubscribe
    change(connection, citizen_id, ward, choices, how=effect.values["how"], now=now)


def just_told(connection: sa.Connection, citizen_id: int, *, now: float, last: bool) -> bool:
    """
    Say whether a citizen got an announcement lately; `last`: and nothing else since.
    """
    told = sa.select(sa.func.max(recipient.c.sent_at)).where(
        recipient.c.citizen_id == citizen_id, recipient.c.state.in_(("sent", "uncertain"))
    )
    told_at = connection.execute(told).scalar_one()
    if told_at is None or told_at < now - JUST_TOLD_SECONDS:
        return False
    if not last:
        return True
    said = sa.select(sa.func.max(delivery.c.sent_at)).where(delivery.c.citizen_id == citizen_id)
    return (connection.execute(said).scalar_one() or 0.0) < told_at


def forget(connection: sa.Connection, citizen_id: int) -> None:
    """
    Erase a citizen's subscriptions, with everything else that is kept of them; nothing queued is sent any more.
    """
    _drop_queued(connection, citizen_id, "citizen.erased")
    connection.execute(sa.delete(subscription).where(subscription.c.citizen_id == citizen_id))


def counted(connection: sa.Connection, ward: str) -> dict[Choice, int]:
    """
    Return how many citizens of a ward who can be reached hold each choice now.
    """
    query = (
        sa.select(subscription.c.kind, subscription.c.value, sa.func.count())
        .join(citizen, citizen.c.id == subscription.c.citizen_id)
        .where(subscription.c.ward == ward, subscription.c.ended_at.is_(None), citizen.c.left_at.is_(None))
        .group_by(subscription.c.kind, subscription.c.value)
    )
    return {Choice(kind, value): count for kind, value, count in connection.execute(query)}
