"""
Claims and marks of many messages in one transaction: while one is being written, the next gather.

Marks are written before the claims of the same transaction. So a place is free as soon as its mark is handed in: whoever
claims it then is written together with the mark, or after it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

from bot.announcements import recipients
from bot.announcements.recipients import Claim, Done
from bot.database import Database
from bot.log import log

AGAIN_SECONDS = 1.0
# On SQLite a power cut, unlike a kill, may take what was written since; then these messages go out twice. Waiting for the
# disk at every claim would make each wait for a sync of its own.
ON_DISK_SECONDS = 1.0
# A transaction waits so long for messages that are under way, to take their marks along: fewer of them are faster.
GATHER_SECONDS = 0.003


class Turnover:
    """
    `close` when done: what was handed in is written.
    """

    def __init__(
        self,
        database: Database,
        *,
        clock: Callable[[], float] = time.time,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ):
        self._database, self._clock, self._pause = database, clock, pause
        self._done: list[Done] = []
        self._wanted: list[tuple[tuple[int, int], asyncio.Future[Claim]]] = []
        self._writing: asyncio.Task[None] | None = None
        self._on_disk_at = 0.0
        self._out = 0  # claimed and not marked yet
        self._back = asyncio.Event()

    async def claim(self, announcement_id: int, citizen_id: int) -> Claim:
        future: asyncio.Future[Claim] = asyncio.get_running_loop().create_future()
        self._wanted.append(((announcement_id, citizen_id), future))
        self._wake()
        return await future

    def mark(self, done: Done) -> None:
        """
        Hand in what became of a claimed message; a database that fails is tried again until it works.
        """
        self._out = max(0, self._out - 1)
        if not self._out:
            self._back.set()
        self.leave_out(done)

    def leave_out(self, done: Done) -> None:
        """
        Hand in that a message which nobody claimed is not sent at all.
        """
        self._done.append(done)
        self._wake()

    async def written(self) -> None:
        """
        Return when everything that was handed in is written.
        """
        while self._writing is not None and not self._writing.done():
            await asyncio.wait([self._writing])

    def _wake(self) -> None:
        if self._writing is None or self._writing.done():
            self._writing = asyncio.get_running_loop().create_task(self._write())

    async def _write(self) -> None:
        while self._done or self._wanted:
            await self._gather()
            done, self._done = self._done, []
            wanted, self._wanted = self._wanted, []
            now = self._clock()
            write = self._database.keep if abs(now - self._on_disk_at) > ON_DISK_SECONDS else self._database.write
            try:
                claims = await write(recipients.turn, done, [one for one, _ in wanted], now=now)
            except Exception:
                log.exception("announcement.not_written", messages=len(done) + len(wanted))
                self._done, self._wanted = done + self._done, wanted + self._wanted
                await self._pause(AGAIN_SECONDS)
                continue
            if write == self._database.keep:
                self._on_disk_at = now
            for (_, claimed), found in zip(wanted, claims, strict=True):
                self._out += found == "taken"
                if not claimed.done():
                    claimed.set_result(found)

    async def _gather(self) -> None:
        if self._out:
            self._back.clear()
            try:
                async with asyncio.timeout(GATHER_SECONDS):
                    await self._back.wait()
            except TimeoutError:
                return
        for _ in range(4):
            await asyncio.sleep(0)  # who got a place by the last mark asks for its claim now
