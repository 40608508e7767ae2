"""
What the page reads: the messages so far, and every further one as it comes (server-sent events).

    GET /api/web/messages?after=0      {"messages": [{"position", "key", "side", "at", "text", …}], "more": false}
    GET /api/web/events?after=12       id: 13 / event: message / data: {…}; a "ready" event when all old ones are sent

Both need `Authorization: Bearer CONVERSATION`: in an address it would end up in the logs of every proxy.
Positions are 1, 2, 3 …; a page that lost its connection asks for what comes after the last one it has.
"""

from __future__ import annotations

import asyncio
from contextlib import AbstractContextManager, suppress
from typing import Any, Protocol

import orjson
from aiohttp import web

from bot.channels.web.payload import CONVERSATION
from bot.errors import RequestError

HEARTBEAT_SECONDS = 20.0
WRITE_SECONDS = 10.0
MAX_STREAMS = 8
MAX_POSITION = 2**31 - 1


class Store(Protocol):
    async def after(self, conversation: str, position: int) -> list[dict[str, Any]]: ...
    def follow(self, conversation: str) -> AbstractContextManager[asyncio.Queue[dict[str, Any] | None]]: ...
    @property
    def closing(self) -> bool: ...


class Stream:
    def __init__(self, store: Store, *, heartbeat_seconds: float = HEARTBEAT_SECONDS):
        self._store, self._heartbeat_seconds = store, heartbeat_seconds
        self._open: dict[str, dict[int, web.Request]] = {}

    async def messages(self, request: web.Request) -> web.Response:
        """
        Answer a page of the conversation, oldest first.
        """
        conversation, position = _conversation(request), _position(request.query.get("after", "0"))
        found = await self._store.after(conversation, position)
        further = bool(found) and bool(await self._store.after(conversation, found[-1]["position"]))
        return web.Response(
            body=orjson.dumps({"messages": found, "more": further}),
            content_type="application/json",
            headers={"Cache-Control": "no-store"},
        )

    async def events(self, request: web.Request) -> web.StreamResponse:
        """
        Push what comes after a position, until the page or the program goes away.
        """
        conversation = _conversation(request)
        position = _position(request.headers.get("Last-Event-ID") or request.query.get("after", "0"))
        open_here = self._open.setdefault(conversation, {})
        # A request without transport is a page that has gone; its handler notices at the next heartbeat.
        if sum(one.transport is not None for one in open_here.values()) >= MAX_STREAMS:
            raise RequestError(429, "stream.too_many", "this conversation is open too often", retry_after=5)
        open_here[id(request)] = request
        try:
            return await self._answer(request, conversation, position)
        finally:
            del open_here[id(request)]
            if not open_here:
                self._open.pop(conversation, None)

    async def _answer(self, request: web.Request, conversation: str, position: int) -> web.StreamResponse:
        response = web.StreamResponse(
            headers={
                "Content-Type": "text/event-stream; charset=utf-8",
                "Cache-Control": "no-store",
                "X-Accel-Buffering": "no",
            }
        )
        # The queue stands before the first read, so nothing falls between the two.
        with self._store.follow(conversation) as news:
            await response.prepare(request)
            # Either means that the page went away; it comes back with its position.
            with suppress(ConnectionError, TimeoutError):
                await self._follow(response, conversation, position, news)
        return response

    async def _follow(
        self,
        response: web.StreamResponse,
        conversation: str,
        position: int,
        news: asyncio.Queue[dict[str, Any] | None],
    ) -> None:
        position = await self._catch_up(response, conversation, position)
        await _write(response, b"event: ready\ndata: {}\n\n")
        while not self._store.closing:
            try:
                message = await asyncio.wait_for(news.get(), self._heartbeat_seconds)
            except TimeoutError:
                await _write(response, b": still here\n\n")
                continue
            if message is not None and message["position"] <= position:
                continue
            if message is not None and message["position"] == position + 1:
                await _write(response, _event(message))
                position += 1
            else:
                position = await self._catch_up(response, conversation, position)

    async def _catch_up(self, response: web.StreamResponse, conversation: str, position: int) -> int:
        while found := await self._store.after(conversation, position):
            await _write(response, b"".join(map(_event, found)))
            position = found[-1]["position"]
        return position


def _event(message: dict[str, Any]) -> bytes:
    return b"id: %d\nevent: message\ndata: %s\n\n" % (message["position"], orjson.dumps(message))


async def _write(response: web.StreamResponse, data: bytes) -> None:
    await asyncio.wait_for(response.write(data), WRITE_SECONDS)


def _conversation(request: web.Request) -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not CONVERSATION.fullmatch(token):
        raise RequestError(401, "conversation.missing", "send the conversation as a bearer token")
    return token


def _position(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 10 or int(text) > MAX_POSITION:
        raise RequestError(
            422, "position.invalid", "after must be a whole number", fields={"after": "must be a number"}
        )
    return int(text)
