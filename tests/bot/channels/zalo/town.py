"""
Both ends of the wire: the emulated Zalo, and a webhook around our channel that remembers what it was told.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Any

import aiohttp
from aiohttp import web

from bot import menus
from bot.channels.tokens import Pair, TokenStore
from bot.channels.zalo.account import ZaloAccount
from bot.channels.zalo.channel import ZaloChannel
from bot.errors import RequestError
from bot.messages import Button, Happening, InboundMessage, Reply
from emulators.zalo import Weather, ZaloPlatform
from tests.bot.channels.zalo.oa import APP_SECRET, CITIZEN, NOON, OA, OA_SECRET, account
from tests.bot.channels.zalo.store import MemoryStore
from tests.fakes.serving import Serving


class Town:
    """
    `told` is what the channel read, `refused` the codes of requests that it did not take, `calls` the paths of Zalo
    that it called. `now` is everybody's clock; `paused` how long the channel wanted to sleep. `down`: the webhook
    answers 503.
    """

    def __init__(self, weather: Weather | None = None, *, speed: float = 10_000.0) -> None:
        self.now = NOON
        self.down = False
        self.told: list[InboundMessage | Happening] = []
        self.refused: list[str] = []
        self.calls: list[str] = []
        self.paused: list[float] = []
        self.zalo = ZaloPlatform(clock=lambda: self.now, speed=speed, weather=weather or Weather(), seed=1)
        self._api, self._hook = Serving(self._watched), Serving(self._webhook)
        self.hook_url = f"{self._hook.url}/hook/zalo"
        self.zalo.add_account(
            OA, name="UBND phường Mẫu", app_secret=APP_SECRET, oa_secret=OA_SECRET, webhook_url=self.hook_url
        )
        self.user = self.zalo.add_user(CITIZEN)
        self.address = f"{OA}/{CITIZEN}"
        self.account = self.account_of()
        self.store = MemoryStore(lambda: self.now)
        self._channels: list[ZaloChannel] = []
        self.channel = self.worker()

    def account_of(self, **changes: Any) -> ZaloAccount:
        return account(**{"api_url": self._api.url, "oauth_url": self._api.url, **changes})

    def worker(
        self,
        *accounts: ZaloAccount,
        store: TokenStore | None = None,
        pause: Callable[[float], Awaitable[None]] | None = None,
    ) -> ZaloChannel:
        """
        Return one more channel, as another process would have it.
        """
        made = ZaloChannel(
            accounts or [self.account],
            store or self.store,
            menus.menu("phường Hòa Bình"),
            clock=lambda: self.now,
            pause=pause or self._pause,
        )
        self._channels.append(made)
        return made

    def use(self, *accounts: ZaloAccount) -> ZaloChannel:
        """
        Let the gateway run with these accounts from now on.
        """
        self.channel = self.worker(*accounts)
        return self.channel

    def connect(self, account: str = OA, **changes: Any) -> Pair:
        """
        Give the channel a good pair, as a consent would.
        """
        grant = self.zalo.grant(account)
        pair = Pair(grant.access_token, grant.refresh_token, grant.expires_at, grant.refresh_expires_at)
        self.store.pairs[account] = pair._replace(**changes)
        return self.store.pairs[account]

    async def send(self, text: str = "Chào anh/chị", *buttons: Button, channel: ZaloChannel | None = None) -> Any:
        return await (channel or self.channel).send(self.address, Reply(text, buttons), key="d1")

    async def told_of(self, event: Any) -> list[Any]:
        """
        Post an event and return what the channel made of it.
        """
        before = len(self.told)
        delivery = await self.zalo.post(event)
        assert delivery.status == 200, delivery
        return list(self.told[before:])

    async def heard(self, kind: str) -> Any:
        """
        Wait until the channel was told something of this kind, and return the newest of them.
        """
        await until(lambda: any(one.kind == kind for one in self.told))
        return [one for one in self.told if one.kind == kind][-1]

    async def knock(self, raw: bytes, headers: dict[str, str] | None = None, path: str = "") -> int:
        """
        Post bytes to the webhook, as anybody on the internet can; return the status.
        """
        url = self.hook_url + path
        async with aiohttp.ClientSession() as session, session.post(url, data=raw, headers=headers) as answer:
            return answer.status

    def count(self, path: str) -> int:
        return self.calls.count(path)

    def __enter__(self) -> Town:
        self._hook.start()
        self._api.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._api.stop()
        self._hook.stop()

    async def close(self) -> None:
        for channel in self._channels:
            await channel.close()

    def stop_zalo(self) -> None:
        self._api.stop()

    def start_zalo(self) -> None:
        self._api.start()

    async def _pause(self, seconds: float) -> None:
        self.paused.append(seconds)
        await asyncio.sleep(0.005)

    def _watched(self) -> web.Application:
        app = self.zalo.app()

        @web.middleware
        async def watch(request: web.Request, handler: Any) -> web.StreamResponse:
            self.calls.append(request.path)
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

        app = web.Application(client_max_size=1 << 22)
        app.router.add_post("/hook/zalo", post)
        app.router.add_post("/hook/zalo/{account}", post)
        return app


async def until(true: Callable[[], Any], *, seconds: float = 5.0) -> None:
    """
    Wait for something that happens in another thread.
    """
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not happen"
        await asyncio.sleep(0.005)
