"""
Zalo and the phones of its citizens, in a process of their own: what they cost is not counted as the gateway's.

    python -m bench.phones STAGE.json        started by stage.py, ended by it

POST /talk on the second port lets citizens talk and answers when the last of them has heard everything.
"""

import asyncio
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import orjson
from aiohttp import web

from emulators.zalo import ZaloPlatform

# Zalo tells of every message that it arrived, and two seconds later that it was seen: sooner here, so that it still
# falls into the round that caused it.
SPEED = 10.0
ANSWER_SECONDS = 60.0
# After the last answer: what comes now is one too many.
QUIET_SECONDS = 0.5
HOST = "127.0.0.1"


class Phones:
    """
    `platform` must be served by the app that `heard_by` was given.
    """

    def __init__(self, platform: ZaloPlatform):
        self._platform = platform
        self._read = 0
        self._bubbles: Counter[str] = Counter()
        self._waiting: dict[str, tuple[int, asyncio.Future[None]]] = {}

    async def heard(self, _request: web.Request, _response: web.StreamResponse) -> None:
        """
        Look, whenever the platform answers a call, which messages it has taken since.
        """
        for one in self._platform.sent[self._read :]:
            self._read += 1
            user = str(one["user"])
            self._bubbles[user] += 1
            wanted, future = self._waiting.get(user, (0, None))
            if future is not None and self._bubbles[user] >= wanted and not future.done():
                future.set_result(None)

    async def talk(self, request: web.Request) -> web.Response:
        """
        {"citizens": [{"account", "talks", "turns": [[text, bubbles of its answer], …]}, …]} →
        {"seconds", "took_ms", "heard": [{"account", "texts"}, …] per talk, "repeated": events that came twice}
        """
        citizens = orjson.loads(await request.read())["citizens"]
        took_ms: list[float] = []
        users: list[tuple[str, str]] = []
        deliveries = len(self._platform.deliveries)
        began = time.perf_counter()
        await asyncio.gather(*(self._live(one, users, took_ms) for one in citizens))
        seconds = time.perf_counter() - began
        while self._platform.under_way:  # noqa: ASYNC110 (the emulator has no event for it)
            await asyncio.sleep(0.01)
        await asyncio.sleep(QUIET_SECONDS)
        heard = [
            {"account": account, "texts": [one["text"] for one in self._platform.bubbles(user) if one["side"] == "oa"]}
            for account, user in users
        ]
        repeated = sum(one.attempt > 0 for one in self._platform.deliveries[deliveries:])
        return web.Response(
            body=orjson.dumps({"seconds": seconds, "took_ms": took_ms, "heard": heard, "repeated": repeated})
        )

    async def _live(self, citizen: dict[str, Any], users: list[tuple[str, str]], took_ms: list[float]) -> None:
        for _ in range(citizen["talks"]):
            user = self._platform.add_user(account=citizen["account"])
            users.append((citizen["account"], user))
            expected = 0
            for text, bubbles in citizen["turns"]:
                expected += bubbles
                took = await self._ask(user, text, expected)
                if took is None:
                    break
                took_ms.append(took * 1000)

    async def _ask(self, user: str, text: str, expected: int) -> float | None:
        """
        Write, and wait until so many messages have come in all. None: they did not.
        """
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[user] = (expected, future)
        began = time.perf_counter()
        await self._platform.say(user, text)
        try:
            await asyncio.wait_for(future, ANSWER_SECONDS)
        except TimeoutError:
            return None
        return time.perf_counter() - began


def build(stage: dict[str, Any]) -> ZaloPlatform:
    """
    Return Zalo with the accounts of the stage. Each has an app of its own, since calls are counted per app.
    """
    platform = ZaloPlatform(speed=SPEED, deadline_seconds=ANSWER_SECONDS)
    for one in stage["accounts"]:
        platform.add_account(
            one["id"],
            app_id=one["app_id"],
            app_secret=one["app_secret"],
            oa_secret=one["oa_secret"],
            webhook_url=stage["webhook"],
        )
        platform.grant(one["id"], access_token=one["access_token"], refresh_token=one["refresh_token"])
    return platform


async def serve(stage: dict[str, Any]) -> None:
    platform = build(stage)
    phones = Phones(platform)
    zalo, control = platform.app(), web.Application()
    zalo.on_response_prepare.append(phones.heard)
    control.add_routes([web.post("/talk", phones.talk), web.get("/", healthy)])
    for port, app in ((stage["port"], zalo), (stage["port"] + 1, control)):
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, HOST, port).start()
    await asyncio.Event().wait()


async def healthy(_request: web.Request) -> web.Response:
    return web.Response()


if __name__ == "__main__":
    asyncio.run(serve(orjson.loads(Path(sys.argv[1]).read_bytes())))
