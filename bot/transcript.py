"""
What a web conversation shows: both sides, numbered 1, 2, 3 … within the conversation.

For the web chat this is the platform: a reply is "sent" when it stands here. Positions are given while the Citizen's
row is held, so a reader who has seen position n has seen everything before it, with several workers as well.
"""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import sqlalchemy as sa

from bot.database import Database, citizen, insert, web_message
from bot.messages import InboundMessage, Reply
from bot.push import News, Push, tell_others

PAGE = 200


def add_received(connection: sa.Connection, message: InboundMessage, *, now: float) -> News:
    """
    Show what the citizen sent; a first contact without words shows nothing.
    """
    if message.kind == "start":
        return None
    return _add(connection, message.address, _browser_id(message.message_id), "citizen", {"text": message.text}, now)


def add_sent(connection: sa.Connection, address: str, reply: Reply, *, key: str, now: float) -> dict[str, Any]:
    """
    Show a Reply once, and return it as shown; a key that stands there already changes nothing.
    """
    body: dict[str, Any] = {"kind": reply.kind, "text": reply.text}
    if reply.buttons:
        body["buttons"] = [{"title": one.title, "payload": one.payload} for one in reply.buttons]
    if reply.to is not None:
        body["to"] = _browser_id(reply.to)
    if reply.turn is not None:
        body["turn"] = reply.turn
    return _add(connection, address, key, "officer" if reply.kind == "officer" else "bot", body, now)


def after(connection: sa.Connection, conversation: str, position: int) -> list[dict[str, Any]]:
    """
    Return what stands after `position`, oldest first, at most a page of it.
    """
    query = (
        sa.select(web_message.c.position, web_message.c.key, web_message.c.side, web_message.c.body, web_message.c.at)
        .where(web_message.c.conversation == conversation, web_message.c.position > position)
        .order_by(web_message.c.position)
        .limit(PAGE)
    )
    return [_shown(*row) for row in connection.execute(query)]


def _add(
    connection: sa.Connection, conversation: str, key: str, side: str, body: dict[str, Any], now: float
) -> dict[str, Any]:
    # The next position is taken first: that holds the Citizen's row, and two writers of one key come one by one.
    position: int = connection.execute(_BUMP, {"which": conversation, "by": 1}).scalar_one()
    values = {"conversation": conversation, "position": position, "key": key, "side": side, "body": body, "at": now}
    if connection.execute(_insert(connection.dialect.name), values).scalar_one_or_none() is None:
        connection.execute(_BUMP, {"which": conversation, "by": -1})
        there = (web_message.c.conversation == conversation) & (web_message.c.key == key)
        position = connection.execute(sa.select(web_message.c.position).where(there)).scalar_one()
    tell_others(connection, conversation)
    return _shown(position, key, side, body, now)


_BUMP = (
    sa.update(citizen)
    .where(citizen.c.channel == "web", citizen.c.address == sa.bindparam("which"))
    .values(cursor=citizen.c.cursor + sa.bindparam("by", type_=sa.Integer))
    .returning(citizen.c.cursor)
)


@functools.cache
def _insert(dialect: str) -> Any:
    statement = insert(web_message, dialect).on_conflict_do_nothing(index_elements=["conversation", "key"])
    return statement.returning(web_message.c.position)


def _shown(position: int, key: str, side: str, body: dict[str, Any], at: float) -> dict[str, Any]:
    return {"position": position, "key": key, "side": side, "at": round(at, 3), **body}


def _browser_id(message_id: str) -> str:
    # In the inbox the browser's id is unique together with its conversation (see channels/web/payload.py).
    return message_id.partition("/")[2] or message_id


class Transcript:
    """
    The same for the web channel, which never sees a Connection: append, read, wait.
    """

    def __init__(self, database: Database, push: Push, clock: Callable[[], float]):
        self._database, self._push, self._clock = database, push, clock

    async def append(self, conversation: str, reply: Reply, *, key: str) -> int:
        message = await self._database.write(add_sent, conversation, reply, key=key, now=self._clock())
        self._push.tell(conversation, message)
        position: int = message["position"]
        return position

    async def after(self, conversation: str, position: int) -> list[dict[str, Any]]:
        return await self._database.read(after, conversation, position)

    def follow(self, conversation: str) -> AbstractContextManager[asyncio.Queue[News]]:
        return self._push.follow(conversation)

    @property
    def closing(self) -> bool:
        return self._push.closing
