"""
Sends what is approved and due: publications first, then the messages. Everything that was done stands in rows, so that
the next start only does what is missing.

It is no DBOS workflow: a recovered workflow holds one of DBOS's few threads until it ends, and an announcement may be
paused for days (decision 0015). The row names the executor that sends it, as a conversation's does.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

import sqlalchemy as sa

from bot import alarms
from bot.announcements import approval, audience, publications, recipients, scheduling, store
from bot.announcements.freezing import untouched
from bot.announcements.mailing import Mailing
from bot.announcements.publishing import Publishing
from bot.announcements.quiet_hours import QuietHours
from bot.announcements.store import Row
from bot.announcements.tables import announcement as table
from bot.announcements.work import Work
from bot.database import Database
from bot.errors import RequestError
from bot.log import log

LOOK_SECONDS = 1.0
BROKEN_SECONDS = 15.0
CHANGED = "Nội dung trong máy không còn đúng bản đã duyệt nên hệ thống không gửi. Anh/chị báo bộ phận kỹ thuật."
STOPPED = {
    "refused": "Kênh từ chối nhận tin nhiều lần liên tiếp, nên hệ thống tự tạm dừng.",
    "lost": "Kênh nhiều lần không cho biết đã nhận tin hay chưa, nên hệ thống tự tạm dừng.",
    "unreachable": "Đã lâu không kết nối được với kênh, nên hệ thống tự tạm dừng.",
}


class Sending:
    """
    `keep_sending` runs as long as the program; `poke` makes it look at once.
    """

    def __init__(
        self,
        database: Database,
        mailing: Mailing,
        publishing: Publishing,
        quiet_hours: QuietHours,
        *,
        executor: str,
        clock: Callable[[], float] = time.time,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ):
        self._database, self._mailing, self._publishing, self._quiet = database, mailing, publishing, quiet_hours
        self._executor, self._clock, self._pause = executor, clock, pause
        self._running: dict[int, asyncio.Task[None]] = {}
        self._works: dict[int, Work] = {}
        self._poked = asyncio.Event()

    def poke(self) -> None:
        self._poked.set()
        for work in self._works.values():
            work.poke()

    async def keep_sending(self) -> None:
        if self._database.sqlite:
            await self._database.write(scheduling.take_over, self._executor)
        await self._publishing.look_back()
        while True:
            self._poked.clear()
            try:
                await self.look()
            except Exception:
                log.exception("announcements.not_looked_for")
            try:
                async with asyncio.timeout(LOOK_SECONDS):
                    await self._poked.wait()
            except TimeoutError:
                pass

    async def look(self) -> None:
        """
        Begin what is due, and go on with what this program has begun earlier.
        """
        if await self._database.read(_anything, now=self._clock()):
            await self._database.keep(scheduling.take_due, self._executor, now=self._clock())
            for announcement_id in await self._database.write(scheduling.mine, self._executor):
                if announcement_id not in self._running:
                    self._running[announcement_id] = asyncio.create_task(self._run(announcement_id))

    async def close(self) -> None:
        """
        Stop at once: what is under way counts as after a kill.
        """
        for task in self._running.values():
            task.cancel()
        await asyncio.gather(*self._running.values(), return_exceptions=True)
        await self._publishing.close()

    async def stop(self, work: Work, channel: str, account: str, why: str) -> None:
        """
        Pause it because a channel fails, and let an officer know.
        """
        await self._database.write(_stop, work.id, channel, account, why, now=self._clock())

    async def _run(self, announcement_id: int) -> None:
        try:
            while not await self._send(announcement_id):
                await self._pause(LOOK_SECONDS)
        except asyncio.CancelledError:
            raise
        except Exception:
            log.exception("announcement.send_failed", announcement=announcement_id)
            await self._pause(BROKEN_SECONDS)
        finally:
            self._running.pop(announcement_id, None)
            self._works.pop(announcement_id, None)

    async def _send(self, announcement_id: int) -> bool:
        """
        Do what is missing. True when nothing is left to do.
        """
        row = await self._database.read(store.found, announcement_id)
        # Nobody sends it now, so what stands in `sending` is what a kill left.
        held = await self._database.write(recipients.hold_begun, announcement_id, idempotent=self._mailing.idempotent)
        if held:
            log.warning("announcement.uncertain", announcement=announcement_id, messages=held)
        if row.state == "cancelled":
            return await self._clear_up(announcement_id)
        if row.state == "finished":
            return True
        if not untouched(row) or row.frozen is None:
            log.error("announcement.tampered", announcement=announcement_id)
            await self._database.write(_hold_back, announcement_id, CHANGED, now=self._clock())
            await self._pause(BROKEN_SECONDS)
            return False
        work = Work(announcement_id, row.frozen, self._database, self._quiet, clock=self._clock, pause=self._pause)
        self._works[announcement_id] = work
        watching = asyncio.create_task(work.watch())
        try:
            await self._work_through(work, row)
        finally:
            watching.cancel()
        row = await self._database.read(store.found, announcement_id)
        if row.state == "cancelled":
            return await self._clear_up(announcement_id)
        if await self._database.read(_left_to_do, announcement_id):
            return False
        return await self._database.keep(scheduling.finish, announcement_id, now=self._clock())

    async def _work_through(self, work: Work, row: Row) -> None:
        tried = asyncio.Event()
        await self._publishing.put(work)
        async with asyncio.TaskGroup() as parts:
            parts.create_task(self._publishing.publish(work, tried))
            await tried.wait()
            if "messages" in work.announcement.outlets:
                if row.queued_at is None:
                    await self._queue(work)
                await self._mailing.mail(work)

    async def _queue(self, work: Work) -> None:
        """
        Write down all recipients, in slices between which others may write.
        """
        began = time.monotonic()
        wards, rule = work.announcement.wards, work.announcement.audience
        for channel in await self._database.read(audience.channels_of, wards, rule):
            place: audience.Place | None = await self._database.read(audience.begin, work.id, channel)
            while place is not None and not work.ended:
                place = await self._database.write(audience.queue_slice, work.id, wards, rule, channel, place)
        if not work.ended:
            await self._database.write(store.change, work.id, queued_at=self._clock())
        log.info("announcement.queued", announcement=work.id, seconds=round(time.monotonic() - began, 2))

    async def _clear_up(self, announcement_id: int) -> bool:
        more = True
        while more:
            more = await self._database.write(recipients.drop_due, announcement_id)
        await self._database.write(scheduling.let_go, announcement_id)
        return True


def _anything(connection: sa.Connection, *, now: float) -> bool:
    due = (table.c.state == "approved") & (table.c.send_at <= now)
    busy = table.c.state.in_(("sending", "paused")) | ((table.c.state == "cancelled") & table.c.work_id.is_not(None))
    return connection.execute(sa.select(table.c.id).where(due | busy).limit(1)).first() is not None


def _left_to_do(connection: sa.Connection, announcement_id: int) -> bool:
    """
    Say whether something became due again: messages, or a post that an officer did not find.
    """
    return recipients.any_due(connection, announcement_id) or bool(publications.open_ones(connection, announcement_id))


def _stop(connection: sa.Connection, announcement_id: int, channel: str, account: str, why: str, *, now: float) -> None:
    row = store.found(connection, announcement_id, hold=True)
    if row.state != "sending":
        return
    kind = why.partition(":")[0]
    approval.pause(connection, announcement_id, None, reason=STOPPED.get(kind, STOPPED["refused"]), now=now)
    alarms.ring(connection, ward=row.ward, channel=channel, account=account, code="send.refused", detail=why, now=now)


def _hold_back(connection: sa.Connection, announcement_id: int, reason: str, *, now: float) -> None:
    try:
        approval.pause(connection, announcement_id, None, reason=reason, now=now)
    except RequestError:
        return
