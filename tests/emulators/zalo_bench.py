"""
An emulated Zalo, a webhook that keeps what it gets, and a client that is no more than HTTP: all on real sockets.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

import aiohttp
from aiohttp import web

from emulators.zalo import Weather, ZaloPlatform
from emulators.zalo.events import Event
from tests.fakes.serving import Serving

OA = "2810000000000000001"
NOON = 1_795_150_800.0  # 2026-11-20 12:00 in Vietnam
HOUR, DAY = 3600.0, 86400.0


@dataclass
class Got:
    raw: bytes
    headers: dict[str, str]
    at: float
    event: Event


@dataclass
class Hook:
    """
    A webhook. `answers` are used up first: a status, or seconds to wait before a 200.
    """

    answers: list[int | float] = field(default_factory=list)
    got: list[Got] = field(default_factory=list)

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_post("/hook", self.take)
        return app

    async def take(self, request: web.Request) -> web.Response:
        raw = await request.read()
        self.got.append(Got(raw, dict(request.headers), time.monotonic(), json.loads(raw)))
        answer = self.answers.pop(0) if self.answers else 200
        if isinstance(answer, float):
            await asyncio.sleep(answer)
            answer = 200
        return web.Response(status=answer)

    def named(self, name: str) -> list[Got]:
        return [got for got in self.got if got.event.get("event_name") == name]


class Bench:
    """
    `now` is the platform's clock and stands still unless a test moves it.
    """

    def __init__(self, weather: Weather | None = None, *, speed: float = 10_000.0, deadline_seconds: float = 2.0):
        self.now = NOON
        self.hook = Hook()
        self.zalo = ZaloPlatform(
            clock=lambda: self.now, speed=speed, weather=weather, deadline_seconds=deadline_seconds, seed=1
        )
        self.account = self.zalo.add_account(OA, name="UBND phường Mẫu", oa_secret="oa-secret")
        self.secret = self.zalo.apps[self.account.app_id].secret
        self.grant = self.zalo.grant(OA)
        self.user = self.zalo.add_user()

    async def __aenter__(self) -> Bench:
        # A free port is looked for right before it is used: another program may take it meanwhile.
        self._hook_serving = Serving(self.hook.app)
        self._hook_serving.start()
        self.zalo.apps[self.account.app_id].webhook_url = f"{self._hook_serving.url}/hook"
        self._serving = Serving(self.zalo.app)
        self._serving.start()
        self.http = aiohttp.ClientSession(base_url=self._serving.url)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.http.close()
        self._serving.stop()
        self._hook_serving.stop()

    def stop_hook(self) -> None:
        self._hook_serving.stop()

    def start_hook(self) -> None:
        self._hook_serving.start()

    async def post(self, path: str, body: Any, **headers: str) -> dict[str, Any]:
        sent = {"access_token": self.grant.access_token} | headers
        async with self.http.post(path, json=body, headers=sent) as response:
            return await response.json(content_type=None)

    async def get(self, path: str, data: Any = None, **query: str) -> dict[str, Any]:
        query |= {"data": json.dumps(data)} if data is not None else {}
        headers = {"access_token": self.grant.access_token}
        async with self.http.get(path, params=query, headers=headers) as response:
            return await response.json(content_type=None)

    async def cs(self, text: str = "Chào anh/chị", user: str | None = None, **message: Any) -> dict[str, Any]:
        body = {"recipient": {"user_id": user or self.user}, "message": {"text": text} | message}
        return await self.post("/v3.0/oa/message/cs", body)

    async def token(self, form: dict[str, str], secret: str | None = None) -> dict[str, Any]:
        form = {"app_id": self.account.app_id} | form
        headers = {"secret_key": self.secret if secret is None else secret}
        async with self.http.post("/v4/oa/access_token", data=form, headers=headers) as response:
            assert response.status == 200
            return await response.json(content_type=None)

    async def refresh(self, refresh_token: str) -> dict[str, Any]:
        return await self.token({"grant_type": "refresh_token", "refresh_token": refresh_token})

    async def until(self, true: Callable[[], Any], seconds: float = 5.0) -> None:
        ends = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < ends, "it has not happened"
            await asyncio.sleep(0.005)
