"""
A Messenger emulator and a webhook that remembers, both on real sockets, and short ways to call the Graph API.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from types import TracebackType
from typing import Any

import aiohttp
from aiohttp import web

from emulators.messenger import MessengerPlatform
from tests.fakes.serving import Serving, free_port

PAGE, TOKEN, SECRET, APP = "111", "EAAG-page-111", "app-secret", "1000000000000001"
NOON = 1_790_000_000.0


class Clock:
    """
    Stands still until it is moved.
    """

    def __init__(self, now: float = NOON):
        self.now = now

    def __call__(self) -> float:
        return self.now


class Webhook:
    """
    Keeps what it was sent. `statuses`: what it answers, the last one for ever; `seconds`: how long it takes.
    """

    def __init__(self) -> None:
        self.requests: list[tuple[bytes, dict[str, str]]] = []
        self.statuses = [200]
        self.seconds = 0.0
        self.verify_token = "verify"

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/hook", self._challenge)
        app.router.add_post("/hook", self._take)
        app.router.add_get("/photo.png", self._photo)
        return app

    async def _challenge(self, request: web.Request) -> web.Response:
        if request.query.get("hub.verify_token") != self.verify_token:
            return web.Response(status=403)
        return web.Response(text=request.query["hub.challenge"])

    async def _take(self, request: web.Request) -> web.Response:
        self.requests.append((await request.read(), dict(request.headers)))
        await asyncio.sleep(self.seconds)
        status = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
        return web.Response(status=status)

    async def _photo(self, request: web.Request) -> web.Response:
        size = int(request.query.get("size", "10"))
        return web.Response(body=b"x" * size, content_type=request.query.get("type", "image/png"))

    @property
    def bodies(self) -> list[dict[str, Any]]:
        return [json.loads(raw) for raw, _ in self.requests]

    def elements(self, key: str | None = None, channel: str = "messaging") -> list[dict[str, Any]]:
        """
        Every element that came, in order; with `key`: what stands under it, of those that have it.
        """
        found = [one for body in self.bodies for entry in body["entry"] for one in entry.get(channel, [])]
        return found if key is None else [one[key] for one in found if key in one]


class Desk:
    def __init__(self, *, speed: float = 1000.0):
        self.clock = Clock()
        self.platform = MessengerPlatform(clock=self.clock, speed=speed)
        self.webhook = Webhook()
        self._hook, self._graph = Serving(self.webhook.app), Serving(self.platform.app, free_port())
        self.hook_url = f"{self._hook.url}/hook"
        self.page = self.platform.add_account(PAGE, token=TOKEN, app_secret=SECRET, webhook_url=self.hook_url)

    def __enter__(self) -> Desk:
        self._hook.start()
        self._graph.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._graph.stop()
        self._hook.stop()

    def photo(self, **query: str | int) -> str:
        return f"{self._hook.url}/photo.png?" + "&".join(f"{name}={value}" for name, value in query.items())

    async def settle(self) -> None:
        await self.platform.settled()

    async def call(
        self, method: str, path: str, body: Any = None, *, token: str | None = TOKEN, **query: str
    ) -> tuple[int, Any]:
        """
        Call the Graph API with the token in the address; (status, JSON).
        """
        query = {**query, "access_token": token} if token else query
        url = f"{self._graph.url}/v25.0{path}"
        async with aiohttp.ClientSession() as session, session.request(method, url, params=query, json=body) as answer:
            return answer.status, await answer.json()

    async def raw(self, method: str, path: str, **more: Any) -> aiohttp.ClientResponse:
        """
        Call without any help; the answer is read already.
        """
        url = f"{self._graph.url}{path}"
        async with aiohttp.ClientSession() as session, session.request(method, url, **more) as answer:
            await answer.read()
            return answer

    async def send(self, user: str, message: Any = None, **more: Any) -> tuple[int, Any]:
        body = {"recipient": {"id": user}, "messaging_type": "RESPONSE", "message": message or {"text": "Dạ"}, **more}
        return await self.call("POST", "/me/messages", body)

    async def refusal(self, user: str, message: Any = None, **more: Any) -> tuple[int, int | None]:
        """
        Send something that is refused; (code, subcode).
        """
        status, answer = await self.send(user, message, **more)
        assert status >= 400, answer
        assert set(answer["error"]) >= {"message", "type", "code", "fbtrace_id"}
        return answer["error"]["code"], answer["error"].get("error_subcode")


def text(user: str, words: str, *, mid: str = "m_1", at: int = 1_790_000_000_000, page: str = PAGE) -> dict[str, Any]:
    message = {"mid": mid, "text": words}
    return {"sender": {"id": user}, "recipient": {"id": page}, "timestamp": at, "message": message}


def signature(raw: bytes, secret: str = SECRET, algorithm: str = "sha256") -> str:
    return f"{algorithm}=" + hmac.new(secret.encode(), raw, getattr(hashlib, algorithm)).hexdigest()
