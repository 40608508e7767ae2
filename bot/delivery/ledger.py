"""
Delivery rows: put, claim, mark. One row per message to a platform, unique by inbound message and part.

due → sending → sent | failed | uncertain. A row that a kill left in `sending` is a reply that may or may not have gone
out. The web chat recognises the key and shows it once, so there it is simply sent again. No other platform has such a
key: the row counts as uncertain, and what then happens is the policy of its kind (design.md 6).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from bot.database import citizen, delivery
from bot.messages import Button, Reply

# The part of a turn's answer that says, before the answer, that it takes longer.
DELAY_PART = -1
# "À không, số 3" after an answer still means the list above it.
LAST_LISTS = 3
# What the desk sends, which answers no message: a person's words, and who talks now.
DESK_KINDS = ("officer", "taken", "handed_back")


class Delivery(NamedTuple):
    id: int
    channel: str
    address: str
    citizen_id: int
    attempts: int
    claimed: bool  # False: `take` it right before it is sent
    uncertain: bool  # a kill or a lost answer left it open whether it was sent
    reply: Reply


class Uncertain(NamedTuple):
    """
    A message of which nobody knows whether, or how often, the citizen got it.
    """

    id: int
    ward: str
    channel: str
    state: str
    uncertain: int
    created_at: float


def put(
    connection: sa.Connection,
    replies: Sequence[Reply],
    *,
    inbox_id: int | None,
    citizen_id: int,
    ward: str,
    channel: str,
    address: str,
    now: float,
    claimed: bool = True,
    first_part: int = 0,
    officer_id: int | None = None,
) -> list[Delivery]:
    """
    Write down what is to be sent as the answer to one message; `claimed` in the same breath: who answers also sends.
    What an officer writes answers no message: `inbox_id` is None, and the parts of one text are numbered from 0.
    """
    shared = {"inbox_id": inbox_id, "citizen_id": citizen_id, "ward": ward, "channel": channel, "address": address,
              "officer_id": officer_id}  # fmt: skip
    state = {"state": "sending", "attempts": 1, "claimed_at": now} if claimed else {**_DUE}
    deliveries = []
    for part, reply in enumerate(replies, start=first_part):
        row = {**shared, "part": part, "kind": reply.kind, "body": _body(reply), **state}
        delivery_id = connection.execute(_PUT, {**row, "created_at": now}).scalar_one()
        deliveries.append(Delivery(delivery_id, channel, address, citizen_id, int(claimed), claimed, False, reply))
    return deliveries


_DUE: dict[str, Any] = {"state": "due", "attempts": 0, "claimed_at": None}
_PUT = sa.insert(delivery).returning(delivery.c.id)


def put_once(
    connection: sa.Connection, reply: Reply, *, part: int, inbox_id: int, claimed: bool, now: float, **named: Any
) -> list[Delivery]:
    """
    As `put` for one part, or nothing when it stands there already.
    """
    there = sa.select(delivery.c.id).where(delivery.c.inbox_id == inbox_id, delivery.c.part == part)
    if connection.execute(there).scalar_one_or_none() is not None:
        return []
    return put(connection, [reply], inbox_id=inbox_id, claimed=claimed, now=now, first_part=part, **named)


def resume(connection: sa.Connection, inbox_id: int, *, idempotent: bool, now: float) -> list[Delivery]:
    """
    Return everything of one message that is not sent yet, in the order of its parts: after a kill, or for the first try.

    What stands in `sending` was under way: it counts as uncertain unless the channel is `idempotent`.
    """
    query = sa.select(*_UNSENT).where(delivery.c.inbox_id == inbox_id, delivery.c.state.in_(("due", "sending")))
    return _resumed(connection, connection.execute(query.order_by(delivery.c.part)).all(), idempotent, now)


def resume_words(connection: sa.Connection, citizen_id: int, *, idempotent: bool, now: float) -> list[Delivery]:
    """
    As `resume`, for the oldest text of the desk to a citizen that is not sent yet: all its parts. Empty when none is.
    """
    rows = connection.execute(_WORDS, {"citizen": citizen_id}).all()
    end = next((place for place, row in enumerate(rows) if place and row.part == 0), len(rows))
    return _resumed(connection, rows[:end], idempotent, now)


def words_wait(connection: sa.Connection, citizen_id: int) -> bool:
    """
    Say whether the desk has something for a citizen that is not sent yet.
    """
    return connection.execute(_ANY_WORDS, {"citizen": citizen_id}).first() is not None


_UNSENT = (
    delivery.c.id,
    delivery.c.channel,
    delivery.c.address,
    delivery.c.citizen_id,
    delivery.c.attempts,
    delivery.c.state,
    delivery.c.kind,
    delivery.c.body,
    delivery.c.uncertain,
    delivery.c.part,
)
# No IN here: its list is written out anew at every execution, and this is asked after every turn.
_OF_THE_DESK = (
    delivery.c.citizen_id == sa.bindparam("citizen"),
    (delivery.c.state == "due") | (delivery.c.state == "sending"),
    delivery.c.inbox_id.is_(None),
    sa.or_(*(delivery.c.kind == one for one in DESK_KINDS)),
)
_WORDS = sa.select(*_UNSENT).where(*_OF_THE_DESK).order_by(delivery.c.id)
_ANY_WORDS = sa.select(delivery.c.id).where(*_OF_THE_DESK).limit(1)


def _resumed(connection: sa.Connection, rows: Sequence[Any], idempotent: bool, now: float) -> list[Delivery]:
    begun = [row.id for row in rows if row.state == "sending"]
    if begun and idempotent:
        connection.execute(_AGAIN.where(delivery.c.id.in_(begun)).values(claimed_at=now))
    elif begun:
        connection.execute(_DOUBT.where(delivery.c.id.in_(begun)))
    return [
        Delivery(
            row.id,
            row.channel,
            row.address,
            row.citizen_id,
            row.attempts + (row.state == "sending" and idempotent),
            row.state == "sending" and idempotent,
            row.uncertain > 0 or (row.state == "sending" and not idempotent),
            _reply(row.kind, row.body),
        )
        for row in rows
    ]


_AGAIN = sa.update(delivery).values(attempts=delivery.c.attempts + 1)
_DOUBT = sa.update(delivery).values(state="due", uncertain=delivery.c.uncertain + 1)


def take(connection: sa.Connection, delivery_id: int, *, now: float) -> bool:
    """
    due → sending, right before it is sent. False when it needs no sending any more: an echo has shown that it went out.
    """
    return connection.execute(_TAKE, {"which": delivery_id, "now": now}).rowcount == 1


_TAKE = (
    sa.update(delivery)
    .where(delivery.c.id == sa.bindparam("which"), delivery.c.state.in_(("due", "sending")))
    .values(state="sending", attempts=delivery.c.attempts + 1, claimed_at=sa.bindparam("now"))
)


def doubt(connection: sa.Connection, delivery_id: int) -> None:
    """
    sending → due, uncertain: the platform's answer got lost, and the message is going to be sent again.
    """
    connection.execute(_DOUBT.where(delivery.c.id == delivery_id, delivery.c.state == "sending"))


def hold(connection: sa.Connection, delivery_id: int) -> None:
    """
    → uncertain: never sent again by itself; an officer decides.
    """
    statement = sa.update(delivery).where(delivery.c.id == delivery_id, delivery.c.state.in_(("due", "sending")))
    connection.execute(statement.values(state="uncertain"))


def put_back(connection: sa.Connection, delivery_id: int) -> None:
    """
    sending → due: the platform refused it for now, certainly.
    """
    statement = sa.update(delivery).where(delivery.c.id == delivery_id, delivery.c.state == "sending")
    connection.execute(statement.values(state="due"))


def mark_sent(connection: sa.Connection, sent: Sequence[tuple[int, str]], *, now: float) -> None:
    """
    sending → sent, for pairs of delivery id and the platform's message id.
    """
    for delivery_id, platform_id in sent:
        connection.execute(_SENT, {"which": delivery_id, "now": now, "platform": platform_id[:128]})


_SENT = (
    sa.update(delivery)
    .where(delivery.c.id == sa.bindparam("which"))
    .values(state="sent", sent_at=sa.bindparam("now"), platform_id=sa.bindparam("platform"))
)


def mark_failed(connection: sa.Connection, delivery_ids: Sequence[int], *, problem: str) -> None:
    """
    sending → failed. `problem` is for operators and holds nothing of the citizen's.
    """
    if not delivery_ids:
        return
    statement = sa.update(delivery).where(delivery.c.id.in_(delivery_ids), delivery.c.state.in_(("due", "sending")))
    connection.execute(statement.values(state="failed", problem=problem[:200]))


def open_for(connection: sa.Connection, *, channel: str, address: str) -> list[tuple[int, str]]:
    """
    Return (id, text) of what is under way or in doubt for one citizen, oldest first: what an echo may be about.
    """
    rows = connection.execute(_OPEN_FOR, {"channel": channel, "address": address})
    return [(row.id, row.body["text"]) for row in rows]


# By way of the citizen: addresses of deliveries have no index, and every message of ours is echoed.
_OPEN_FOR = (
    sa.select(delivery.c.id, delivery.c.body)
    .join_from(citizen, delivery, delivery.c.citizen_id == citizen.c.id)
    .where(citizen.c.channel == sa.bindparam("channel"), citizen.c.address == sa.bindparam("address"))
    .where((delivery.c.state == "sending") | ((delivery.c.state == "due") & (delivery.c.uncertain > 0)))
    .order_by(delivery.c.id)
    .limit(20)
)


def buttons_of(connection: sa.Connection, delivery_id: int, *, citizen_id: int) -> tuple[Button, ...]:
    """
    Return the buttons of a message that this citizen got; none for any other.
    """
    query = sa.select(delivery.c.kind, delivery.c.body)
    row = connection.execute(query.where(delivery.c.id == delivery_id, delivery.c.citizen_id == citizen_id)).first()
    return _reply(row.kind, row.body).buttons if row is not None else ()


def buttons_meant(connection: sa.Connection, citizen_id: int) -> tuple[Button, ...]:
    """
    Return the buttons that a number typed now means: those that one of the last messages listed as "1. …", or else
    those of the newest message, in their order.
    """
    query = (
        sa.select(delivery.c.kind, delivery.c.body)
        .where(delivery.c.citizen_id == citizen_id, delivery.c.state == "sent", delivery.c.kind == "reply")
        .order_by(delivery.c.id.desc())
        .limit(LAST_LISTS)
    )
    newest = [_reply(row.kind, row.body) for row in connection.execute(query)]
    lists = [one.buttons for one in newest if one.numbered]
    return lists[0] if lists else newest[0].buttons if newest else ()


def count_open(connection: sa.Connection) -> int:
    query = sa.select(sa.func.count()).where(delivery.c.state.in_(("due", "sending")))
    return connection.execute(query).scalar_one()


def uncertain(connection: sa.Connection, *, since: float = 0.0) -> list[Uncertain]:
    """
    List the messages that may have gone out twice, or not at all (`state` "uncertain"), oldest first.
    """
    columns = (
        delivery.c.id,
        delivery.c.ward,
        delivery.c.channel,
        delivery.c.state,
        delivery.c.uncertain,
        delivery.c.created_at,
    )
    query = sa.select(*columns).where(delivery.c.uncertain > 0, delivery.c.created_at >= since)
    return [Uncertain(*row) for row in connection.execute(query.order_by(delivery.c.id))]


def _body(reply: Reply) -> dict[str, Any]:
    body: dict[str, Any] = {"text": reply.text}
    if reply.buttons:
        body["buttons"] = [{"title": one.title, "payload": one.payload} for one in reply.buttons]
    if reply.to is not None:
        body["to"] = reply.to
    if reply.turn is not None:
        body["turn"] = reply.turn
    if reply.numbered:
        body["numbered"] = True
    if reply.asks_contact:
        body["asks_contact"] = True
    return body


def _reply(kind: str, body: dict[str, Any]) -> Reply:
    buttons = tuple(Button(one["title"], one["payload"]) for one in body.get("buttons", ()))
    flags = bool(body.get("numbered")), bool(body.get("asks_contact"))
    return Reply(body["text"], buttons, kind, body.get("to"), body.get("turn"), *flags)  # type: ignore[arg-type]
