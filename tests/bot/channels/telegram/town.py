"""
Both ends of the wire: the emulated Telegram, and a webhook around our channel that remembers what it was told.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Any

import aiohttp
from aiohttp import web

from bot.channels.base import Receipt
from bot.channels.telegram.account import TelegramAccount
from bot.channels.telegram.channel import TelegramChannel
from bot.errors import RequestError
from bot.messages import Button, Happening, InboundMessage, Reply
from emulators.telegram import TelegramPlatform
from tests.bot.channels.telegram.bots import ADDRESS, BOT, CITIZEN, MENU, SECRET, TOKEN, account
from tests.fakes.serving import Serving, free_port

USER = str(CITIZEN)


class Town:
    """
    `told` is what the channel read; `refused` the codes of requests that it did not take. `now` is Telegram's time.
    """

    def __init__(self) -> None:
        self.now = 1_795_161_600.0
        self.told: list[InboundMessage | Happening] = []
        self.refused: list[str] = []
        self.platform = TelegramPlatform(clock=lambda: self.now, speed=1000, seed=7, local=True)
        self.platform.weather.ack_seconds = 5000
        self._api, self._hook = Serving(self.platform.app), Serving(self._webhook)
        self.hook_url = f"{self._hook.url}/hook/telegram"
        self.api_url = self._api.url
        self.bot = self.platform.add_account(
            TOKEN, webhook_url=f"{self.hook_url}/{BOT}", secret_token=SECRET, max_connections=1
        )
        self.platform.add_user(USER, started=True)
        self.account = self.account_of()
        self.channel = self.use(self.account)

    def account_of(self, **changes: Any) -> TelegramAccount:
        return account(**{"api_url": self.api_url, **changes})

    def use(self, *accounts: TelegramAccount, **changes: Any) -> TelegramChannel:
        """
        Let the gateway run with these accounts from now on.
        """
        self.channel = TelegramChannel(accounts, MENU, **{"read_seconds": 0.4, **changes})
        return self.channel

    async def send(self, text: str = "Dạ", *buttons: Button, key: str = "d123", address: str = ADDRESS) -> Receipt:
        try:
            return await self.channel.send(address, Reply(text, buttons), key=key)
        finally:
            await self.channel.close()

    async def after(self, *steps: Any) -> list[Any]:
        """
        Run steps of the phone and return everything that the channel was told until all was quiet.
        """
        before = len(self.told)
        for step in steps:
            await step
        await self.platform.settled()
        return list(self.told[before:])

    async def post(self, raw: bytes, path: str = f"/{BOT}", **headers: str) -> int:
        """
        Post to the webhook as anybody could.
        """
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        async with (
            aiohttp.ClientSession() as session,
            session.post(self.hook_url + path, data=raw, headers=named) as answer,
        ):
            return answer.status

    def stop_api(self) -> None:
        self._api.stop()

    def start_api(self) -> None:
        self._api.start()

    def __enter__(self) -> Town:
        self._hook.start()
        self._api.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for server in (self._api, self._hook):
            server.stop()

    def _webhook(self) -> web.Application:
        async def post(request: web.Request) -> web.Response:
            try:
                self.told += await self.channel.receive(request)
            except RequestError as error:
                self.refused.append(error.code)
                return web.Response(status=error.status, text=error.code)
            return web.Response()

        async def close(_app: web.Application) -> None:
            await self.channel.close()

        app = web.Application(client_max_size=0)
        app.add_routes([web.post("/hook/telegram", post), web.post("/hook/telegram/{account}", post)])
        app.on_cleanup.append(close)
        return app


async def until(holds: Callable[[], object], seconds: float = 5.0) -> None:
    """
    Wait for something that another thread does.
    """
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110
            await asyncio.sleep(0.005)


def nobody() -> str:
    """
    Return an address where nothing listens.
    """
    return f"http://127.0.0.1:{free_port()}"
