"""
Delivery rows: put, claim, mark. One row per bubble, unique by message and part.

due → sending → sent | failed. A row that a kill left in `sending` is a reply that may or may not have gone out:
replies are sent again (the web chat recognises the key and shows it once); other channels may double such a one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from bot.database import delivery
from bot.messages import Button, Reply


class Delivery(NamedTuple):
    id: int
    channel: str
    address: str
    attempts: int
    reply: Reply


def put(
    connection: sa.Connection,
    replies: Sequence[Reply],
    *,
    inbox_id: int,
    citizen_id: int,
    ward: str,
    channel: str,
    address: str,
    now: float,
) -> list[Delivery]:
    """
    Write down what is to be sent as the answer to one message, and claim it in the same breath: who answers also sends.
    """
    shared = {"inbox_id": inbox_id, "citizen_id": citizen_id, "ward": ward, "channel": channel, "address": address}
    deliveries = []
    for part, reply in enumerate(replies):
        row = {**shared, "part": part, "kind": reply.kind, "body": _body(reply), "state": "sending", "attempts": 1}
        delivery_id = connection.execute(_PUT, {**row, "claimed_at": now, "created_at": now}).scalar_one()
        deliveries.append(Delivery(delivery_id, channel, address, 1, reply))
    return deliveries


_PUT = sa.insert(delivery).returning(delivery.c.id)


def claim(connection: sa.Connection, inbox_id: int, *, now: float) -> list[Delivery]:
    """
    Take everything of one message that is not sent yet, in the order of its parts.
    """
    statement = (
        sa.update(delivery)
        .where(delivery.c.inbox_id == inbox_id, delivery.c.state.in_(("due", "sending")))
        .values(state="sending", attempts=delivery.c.attempts + 1, claimed_at=now)
        .returning(
            delivery.c.part,
            delivery.c.id,
            delivery.c.channel,
            delivery.c.address,
            delivery.c.attempts,
            delivery.c.kind,
            delivery.c.body,
        )
    )
    rows = sorted(connection.execute(statement).all(), key=lambda row: row.part)
    return [Delivery(row.id, row.channel, row.address, row.attempts, _reply(row.kind, row.body)) for row in rows]


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
    statement = sa.update(delivery).where(delivery.c.id.in_(delivery_ids)).values(state="failed", problem=problem[:200])
    connection.execute(statement)


def count_open(connection: sa.Connection) -> int:
    query = sa.select(sa.func.count()).where(delivery.c.state.in_(("due", "sending")))
    return connection.execute(query).scalar_one()


def _body(reply: Reply) -> dict[str, Any]:
    body: dict[str, Any] = {"text": reply.text}
    if reply.buttons:
        body["buttons"] = [{"title": one.title, "payload": one.payload} for one in reply.buttons]
    if reply.to is not None:
        body["to"] = reply.to
    if reply.turn is not None:
        body["turn"] = reply.turn
    return body


def _reply(kind: str, body: dict[str, Any]) -> Reply:
    buttons = tuple(Button(one["title"], one["payload"]) for one in body.get("buttons", ()))
    return Reply(body["text"], buttons, kind, body.get("to"), body.get("turn"))  # type: ignore[arg-type]
