"""
A small program that speaks the wire of Rasa's REST channel, with bad days on order.

Run it alone (`python -m tests.fakes.rasa PORT --delay-ms 40`) or inside a test (`Rasa` on a real socket).
What it answers is made of what it was asked, so that a test sees which reply belongs to which message.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web

Answer = Callable[[str, str, dict[str, Any]], list[dict[str, Any]]]


def turn(*texts: str, buttons: list[dict[str, str]] | None = None, **closing: Any) -> list[dict[str, Any]]:
    """
    Return the reply items of one turn, closed as the contract says.
    """
    items: list[dict[str, Any]] = [{"recipient_id": "x", "text": text} for text in texts]
    if buttons and items:
        items[-1]["buttons"] = buttons
    ending = {"kind": "turn", "outcome": "answered", "entry_ids": ["khai-sinh"], "sources": [], "part": None, **closing}
    return [*items, {"recipient_id": "x", "custom": ending}]


def echo(sender: str, message: str, metadata: dict[str, Any]) -> list[dict[str, Any]]:
    if message == "/session_start":
        return []
    if message == "/greet":
        buttons = [{"title": "Đăng ký khai sinh", "payload": '/choose{"entry":"khai-sinh"}'}]
        return turn("Xin chào anh/chị.", buttons=buttons, outcome="answered", entry_ids=[])
    return turn(f"Trả lời: {message}")


@dataclass
class Rasa:
    """
    `bad_days` is used up first, one entry per request: "empty" (`[]`), "no_turn", "error_outcome", "http_500",
    "not_json", "hang" (until the client gives up), "cut" (the connection breaks before an answer).
    """

    delay_seconds: float = 0.0
    answer: Answer = echo
    bad_days: list[str] = field(default_factory=list)
    log: Path | None = None
    asked: list[dict[str, Any]] = field(default_factory=list)
    busy: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    overlaps: int = 0  # turns of one conversation that were asked at the same time
    most_at_once: int = 0

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_post("/webhooks/rest/webhook", self.webhook)
        app.router.add_get("/", self.hello)
        return app

    async def hello(self, _request: web.Request) -> web.Response:
        return web.Response(text="Hello from Rasa: 3.6.21")

    async def webhook(self, request: web.Request) -> web.Response:
        body = await request.json()
        self.asked.append(body)
        if self.log is not None:
            with self.log.open("a", encoding="utf-8") as file:
                file.write(json.dumps(body, ensure_ascii=False) + "\n")
        sender = body["sender"]
        self.busy[sender] += 1
        self.overlaps += self.busy[sender] > 1
        self.most_at_once = max(self.most_at_once, sum(self.busy.values()))
        try:
            if self.delay_seconds:
                await asyncio.sleep(self.delay_seconds)
            if self.bad_days:
                return await self._bad_day(request, self.bad_days.pop(0))
            return web.json_response(self.answer(sender, body["message"], body.get("metadata") or {}))
        finally:
            self.busy[sender] -= 1

    async def _bad_day(self, request: web.Request, kind: str) -> web.Response:
        if kind == "empty":
            return web.json_response([])
        if kind == "no_turn":
            return web.json_response([{"recipient_id": "x", "text": "nửa câu"}])
        if kind == "error_outcome":
            return web.json_response(turn("Có lỗi.", outcome="error_knowledge"))
        if kind == "http_500":
            return web.Response(status=500, text="boom")
        if kind == "not_json":
            return web.Response(text="<html>")
        if kind == "hang":
            await asyncio.sleep(3600)
        assert kind in ("cut", "hang")
        if request.transport is not None:
            request.transport.close()
        return web.Response()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("--delay-ms", type=float, default=0)
    parser.add_argument("--log", type=Path)
    options = parser.parse_args()
    rasa = Rasa(delay_seconds=options.delay_ms / 1000, log=options.log)
    web.run_app(rasa.app(), host="127.0.0.1", port=options.port, print=None, access_log=None)


if __name__ == "__main__":
    main()
