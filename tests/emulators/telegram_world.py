"""
What the tests of the Telegram emulator stand on: a bot's token, a clock that is moved by hand, a webhook that is told
what to answer.
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
from aiohttp import web

TOKEN = "7000000001:AAInventedInventedInventedInvented0"
SECRET = "an-invented-secret_0123456789"
CITIZEN = 5000000001


class Clock:
    def __init__(self, now: float = 1_790_000_000.0):
        self.now = now

    def __call__(self) -> float:
        return self.now


class Hook:
    """
    A bot's webhook: keeps what came, answers what `answers` says next, then 200. `hold` keeps every answer back.
    """

    def __init__(self) -> None:
        self.updates: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.answers: deque[int | dict[str, Any]] = deque()
        self.hold: asyncio.Event | None = None
        self.busy = self.most_busy = 0
        self.at: list[float] = []
        self._loop: asyncio.AbstractEventLoop | None = None

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_post("/hook/telegram/7000000001", self._take)
        return app

    def release(self) -> None:
        """
        Give all answers that were held back; from any thread.
        """
        hold, self.hold = self.hold, None
        assert hold is not None
        assert self._loop is not None
        self._loop.call_soon_threadsafe(hold.set)

    async def _take(self, request: web.Request) -> web.Response:
        self._loop = asyncio.get_running_loop()
        self.at.append(self._loop.time())
        self.busy += 1
        self.most_busy = max(self.busy, self.most_busy)
        self.updates.append(json.loads(await request.read()))
        self.headers.append(dict(request.headers))
        if self.hold is not None:
            await self.hold.wait()
        self.busy -= 1
        answer = self.answers.popleft() if self.answers else 200
        return web.json_response(answer) if isinstance(answer, dict) else web.Response(status=answer)


async def until(holds: Callable[[], object], seconds: float = 5.0) -> None:
    """
    Wait for something that another loop does.
    """
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110 (it happens in another thread)
            await asyncio.sleep(0.005)


def caller(session: aiohttp.ClientSession, url: str) -> Callable[..., Awaitable[tuple[int, dict[str, Any]]]]:
    """
    Return a function that posts a form to a method: (status, body).
    """

    async def call(method: str, token: str = TOKEN, **values: Any) -> tuple[int, dict[str, Any]]:
        form = {name: one if isinstance(one, str) else json.dumps(one) for name, one in values.items()}
        async with session.post(f"{url}/bot{token}/{method}", data=form) as answer:
            return answer.status, await answer.json()

    return call
