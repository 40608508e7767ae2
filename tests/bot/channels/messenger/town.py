"""
Both ends of the wire: the emulated platform, and a webhook around our channel that remembers what it was told.
"""

from __future__ import annotations

import asyncio
import time
from types import TracebackType
from typing import Any, NamedTuple

from aiohttp import web

from bot.channels.messenger.account import MessengerAccount
from bot.channels.messenger.channel import MessengerChannel
from bot.errors import RequestError
from bot.messages import Happening, InboundMessage
from emulators.messenger import MessengerPlatform, Page
from tests.bot.channels.messenger.pages import APP, PAGE, PERSON, SECRET, TOKEN, VERIFY, account
from tests.fakes.serving import Serving

ADDRESS = f"{PAGE}/{PERSON}"
OTHER_PAGE, OTHER_TOKEN = "908070605040302", "page-token-of-the-neighbours"
HOUR = 3600.0


class Call(NamedTuple):
    method: str
    path: str
    query: dict[str, str]
    authorization: str | None


class Town:
    """
    `told` is what the channel read; `refused` the codes of requests that it did not take; `calls` what it asked Graph.
    `now` moves with `sleep`. `down`: the webhook answers 503.
    """

    def __init__(self) -> None:
        self.now = 1_795_161_600.0
        self.down = False
        self.told: list[InboundMessage | Happening] = []
        self.refused: list[str] = []
        self.calls: list[Call] = []
        self.platform = MessengerPlatform(clock=lambda: self.now, speed=1000)
        self._graph = Serving(self._watched_platform)
        self._hook = Serving(self._webhook)
        self.hook_url = f"{self._hook.url}/hook/messenger"
        self.page = self.add_page(PAGE, TOKEN)
        self.account = self.account_of(PAGE)
        self.channel = MessengerChannel([self.account], clock=lambda: self.now)
        self._channels = [self.channel]

    def account_of(self, page: str, **changes: Any) -> MessengerAccount:
        return account(**{"id": page, "graph_url": self._graph.url, **changes})

    def add_page(self, page: str, token: str, *, app_id: str = APP, secret: str = SECRET) -> Page:
        return self.platform.add_account(
            page, token=token, app_secret=secret, webhook_url=self.hook_url, verify_token=VERIFY, app_id=app_id
        )

    def use(self, *accounts: MessengerAccount) -> MessengerChannel:
        """
        Let the gateway run with these accounts from now on.
        """
        self.channel = MessengerChannel(accounts, clock=lambda: self.now)
        self._channels.append(self.channel)
        return self.channel

    async def told_of(self, event: Any) -> list[Any]:
        """
        Post an event and return what the channel made of it.
        """
        before = len(self.told)
        assert await self.platform.post(event) == 200
        return list(self.told[before:])

    async def after(self, *steps: Any) -> list[Any]:
        """
        Run steps of the phone and return everything that the channel was told until all was quiet.
        """
        before = len(self.told)
        for step in steps:
            await step
        await self.platform.settled()
        return list(self.told[before:])

    def __enter__(self) -> Town:
        self._hook.start()
        self._graph.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._graph.stop()
        self._hook.stop()

    async def close(self) -> None:
        for channel in self._channels:
            await channel.close()

    def stop_platform(self) -> None:
        self._graph.stop()

    def start_platform(self) -> None:
        self._graph.start()

    def _watched_platform(self) -> web.Application:
        app = self.platform.app()

        @web.middleware
        async def watch(request: web.Request, handler: Any) -> web.StreamResponse:
            authorization = request.headers.get("Authorization")
            self.calls.append(Call(request.method, request.path, dict(request.query), authorization))
            answer: web.StreamResponse = await handler(request)
            return answer

        app.middlewares.append(watch)
        return app

    def _webhook(self) -> web.Application:
        async def post(request: web.Request) -> web.Response:
            if self.down:
                return web.Response(status=503)
            try:
                self.told += await self.channel.receive(request)
            except RequestError as error:
                self.refused.append(error.code)
                return web.Response(status=error.status, text=error.code)
            return web.Response()

        async def get(request: web.Request) -> web.StreamResponse:
            try:
                return await self.channel.challenge(request)
            except RequestError as error:
                return web.Response(status=error.status, text=error.code)

        app = web.Application()
        app.router.add_post("/hook/messenger", post)
        app.router.add_get("/hook/messenger", get)
        return app


async def until(true: Any, *, seconds: float = 5.0) -> None:
    """
    Wait for something that happens in another thread.
    """
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not happen"
        await asyncio.sleep(0.005)
