"""
POST /hook/{channel}: verify → inbox → 200. The answer comes later, by the outbox.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from aiohttp import web

from bot import inbox
from bot.channels.base import Channel
from bot.database import Database
from bot.errors import RequestError
from bot.inbox import Accepted, Work
from bot.log import log
from bot.masking import mask, tidy
from bot.messages import InboundMessage

# What a channel wants done in the transaction that accepts a message (show it in the web transcript), and afterwards,
# with what that gave.
OnAccept = Callable[..., Any]
AfterAccept = Callable[[InboundMessage, Any], None]


class Webhook:
    """
    Takes messages of every channel into the inbox and sets the work going.
    """

    def __init__(
        self,
        database: Database,
        channels: Mapping[str, Channel],
        *,
        begin: Callable[[Work], None],
        on_accept: Mapping[str, tuple[OnAccept, AfterAccept]],
        executor: str,
        clock: Callable[[], float] = time.time,
    ):
        self._database, self._channels = database, channels
        self._begin, self._on_accept = begin, on_accept
        self._executor, self._clock = executor, clock

    async def post(self, request: web.Request) -> web.Response:
        """
        Answer 200 once every message of the request is on the disk.
        """
        channel = self._channels.get(request.match_info["channel"])
        if channel is None:
            raise RequestError(404, "channel.unknown", "no such channel")
        messages = await channel.receive(request)
        fresh = 0
        for message in messages:
            fresh += await self.accept(message)
        return web.json_response({"accepted": fresh, "repeated": len(messages) - fresh})

    async def accept(self, message: InboundMessage) -> bool:
        """
        Store one message and start answering it. False when it was there already.
        """
        clean = replace(message, text=mask(tidy(message.text)))
        within, afterwards = self._on_accept.get(message.channel, (_nothing, _nothing))

        def store(connection: sa.Connection) -> tuple[Accepted, Any]:
            now = self._clock()
            result = inbox.accept(connection, clean, executor=self._executor, now=now)
            return result, within(connection, clean, now=now) if result.fresh else None

        result, given = await self._database.keep(store)
        if result.work is not None:
            self._begin(result.work)
        if result.fresh:
            afterwards(clean, given)
        log.debug("message.accepted", channel=message.channel, ward=message.ward, fresh=result.fresh)
        return result.fresh


def _nothing(*_given: Any, **_named: Any) -> None:
    return None
