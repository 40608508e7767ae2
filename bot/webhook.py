"""
POST /hook/{channel}[/{account}]: verify → inbox → 200. The answer comes later, by the outbox.
GET  /hook/{channel}[/{account}]: a platform's challenge.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from aiohttp import web

from bot import account_states, contacts, happenings, inbox
from bot.channels.base import Channel, split_address
from bot.database import Database
from bot.errors import RequestError
from bot.inbox import Accepted, Work
from bot.log import log
from bot.masking import mask, tidy
from bot.messages import Happening, InboundMessage

# What a channel wants done in the transaction that accepts a message (show it in the web transcript), and afterwards,
# with what that gave.
OnAccept = Callable[..., Any]
AfterAccept = Callable[[InboundMessage, Any], None]
# Whatever a citizen types, the platforms end a text at 2,000 to 4,096 characters.
MAX_CHARS = 8000


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
        silence_seconds: float = 4 * 3600.0,
        clock: Callable[[], float] = time.time,
    ):
        self._database, self._channels = database, channels
        self._begin, self._on_accept = begin, on_accept
        self._executor, self._silence_seconds, self._clock = executor, silence_seconds, clock
        self._states = account_states.Due()

    async def post(self, request: web.Request) -> web.Response:
        """
        Answer 200 once every message of the request is on the disk.
        """
        channel = self._channel(request)
        try:
            events = await channel.receive(request)
        except RequestError as error:
            await self._note_refused(request, channel, error)
            raise
        messages = [one for one in events if isinstance(one, InboundMessage)]
        fresh = await self.accept(messages) if messages else 0
        for one in events:
            if isinstance(one, Happening):
                await happenings.take(self._database, one, silence_seconds=self._silence_seconds, now=self._clock())
        await self._note_events(channel, events)
        return web.json_response({"accepted": fresh, "repeated": len(messages) - fresh})

    async def get(self, request: web.Request) -> web.StreamResponse:
        """
        Answer a platform that asks whether this address is ours.
        """
        challenge = getattr(self._channel(request), "challenge", None)
        if challenge is None:
            raise RequestError(405, "request.wrong_method", "not with this method")
        answer: web.StreamResponse = await challenge(request)
        return answer

    async def accept(self, messages: Sequence[InboundMessage]) -> int:
        """
        Store messages, all or none, and start answering them. Return how many were not there already.
        """
        clean = [replace(one, text=mask(tidy(one.text[:MAX_CHARS]))) for one in messages]

        def store(connection: sa.Connection) -> list[tuple[Accepted, Any]]:
            now, stored = self._clock(), []
            for place, typed in enumerate(messages):
                given = contacts.offered(connection, typed, now=now)
                if given is not None:
                    clean[place] = replace(clean[place], kind="contact")
                one = clean[place]
                result = inbox.accept(connection, one, executor=self._executor, now=now)
                if given is not None and result.fresh:
                    contacts.keep(connection, given)
                within, _ = self._on_accept.get(one.channel, (_nothing, _nothing))
                stored.append((result, within(connection, one, now=now) if result.fresh else None))
            return stored

        stored = await self._database.keep(store)
        for one, (result, given) in zip(clean, stored, strict=True):
            if result.work is not None:
                self._begin(result.work)
            if result.fresh:
                self._on_accept.get(one.channel, (_nothing, _nothing))[1](one, given)
            log.debug("message.accepted", channel=one.channel, ward=one.ward, fresh=result.fresh)
        return sum(result.fresh for result, _ in stored)

    def _channel(self, request: web.Request) -> Channel:
        channel = self._channels.get(request.match_info["channel"])
        if channel is None:
            raise RequestError(404, "channel.unknown", "no such channel")
        return channel

    async def _note_events(self, channel: Channel, events: Sequence[InboundMessage | Happening]) -> None:
        now = self._clock()
        if channel.idempotent:
            return
        accounts = {one.account if isinstance(one, Happening) else split_address(one.address)[0] for one in events}
        for account in accounts:
            if self._states.due(channel.kind, account, "event", now=now):
                await self._database.write(account_states.note_event, channel=channel.kind, account=account, now=now)

    async def _note_refused(self, request: web.Request, channel: Channel, error: RequestError) -> None:
        if channel.idempotent:
            return
        log.warning("request.refused", channel=channel.kind, code=error.code)
        account = request.match_info.get("account") or ""
        if len(account) <= 64 and self._states.due(channel.kind, account, "refused", now=self._clock()):
            await self._database.write(
                account_states.note_refused, channel=channel.kind, account=account, code=error.code, now=self._clock()
            )


def _nothing(*_given: Any, **_named: Any) -> None:
    return None
