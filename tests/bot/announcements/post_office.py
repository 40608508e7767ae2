"""
A platform for tests of sending: it keeps what it was given, and fails as it is told.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from aiohttp import web

from bot.announcements.announcement import Outlet
from bot.announcements.mailing import Mailing
from bot.announcements.outlets.base import OutletConnector
from bot.announcements.publishing import Publishing
from bot.announcements.quiet_hours import QuietHours
from bot.announcements.sending import Sending
from bot.announcements.work import Work
from bot.channels.base import Reach, Receipt
from bot.database import Database
from bot.delivery.pacing import Pacer
from bot.messages import Reply

OFF = QuietHours.read("off")


class PostOffice:
    """
    `fails`: user → error to raise; `gate`: nothing is taken while it is closed.
    """

    idempotent = False

    def __init__(self, kind: str = "zalo"):
        self.kind = kind
        self.taken: list[tuple[str, str]] = []
        self.fails: dict[str, Exception] = {}
        self.always: Exception | None = None
        self.gate = asyncio.Event()
        self.gate.set()
        self.under_way = self.most_under_way = 0
        self.window_closed: set[str] = set()

    async def receive(self, request: web.Request) -> Sequence[Any]:
        raise NotImplementedError

    def parts(self, reply: Reply) -> list[Reply]:
        return [reply]

    def closed(self, address: str, reach: Reach, *, now: float) -> str | None:
        return "window.closed" if address in self.window_closed else None

    async def send(self, address: str, reply: Reply, *, key: str) -> Receipt:
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        try:
            await self.gate.wait()
            if self.always is not None:
                raise self.always
            if address in self.fails:
                raise self.fails.pop(address)
            self.taken.append((address, reply.text))
            return Receipt(f"m{len(self.taken)}")
        finally:
            self.under_way -= 1


class NoOutlets:
    async def find(self, outlet: Outlet, ward: str) -> list[tuple[str, OutletConnector]]:
        return []


def sending(
    database: Database,
    *offices: PostOffice,
    quiet: QuietHours = OFF,
    outlets: Any = None,
    clock: Callable[[], float] | None = None,
    executor: str = "bot-1",
) -> Sending:
    async def stop(work: Work, channel: str, account: str, why: str) -> None:
        await made.stop(work, channel, account, why)

    async def pause(seconds: float) -> None:
        await asyncio.sleep(min(seconds, 0.01))

    timed: dict[str, Any] = {"pause": pause} | ({"clock": clock} if clock is not None else {})
    channels: dict[str, Any] = {one.kind: one for one in offices}
    mailing = Mailing(database, channels, pacer=Pacer({}, {}), stop=stop, **timed)
    publishing = Publishing(database, outlets or NoOutlets(), quiet, **timed)
    made = Sending(database, mailing, publishing, quiet, executor=executor, **timed)
    return made
