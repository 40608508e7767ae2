"""
Direct messages of one announcement: for every channel a line of citizens, paced, few under way at a time.

A message is claimed right before it is sent and marked right after, so a kill leaves at most AT_ONCE of which nobody knows
whether they went out. Those are held: an announcement is never sent twice by itself.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping

from bot.announcements import recipients
from bot.announcements.patience import Patience
from bot.announcements.recipients import Done, Due
from bot.announcements.turnover import Turnover
from bot.announcements.work import Work
from bot.channels.base import Channel, Reach, Receipt, SendError
from bot.database import Database
from bot.delivery.pacing import Pacer
from bot.log import log

# Of all announcements together. What recognises a key (the web chat) does not count.
AT_ONCE = 5
# Of these one channel gets at most so many when there are several: one that hangs must not hold up the others.
OF_ONE_CHANNEL = 4
# Called with (work, channel, account, why) when a channel fails so that the whole must stop.
Stop = Callable[[Work, str, str, str], Awaitable[None]]


class Mailing:
    """
    One per program: `AT_ONCE` is shared by all announcements.
    """

    def __init__(
        self,
        database: Database,
        channels: Mapping[str, Channel],
        *,
        pacer: Pacer,
        stop: Stop,
        patience_seconds: float = 21_600.0,
        clock: Callable[[], float] = time.time,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ):
        self._database, self._channels, self._pacer, self._stop = database, channels, pacer, stop
        self._patience_seconds, self._clock, self._pause = patience_seconds, clock, pause
        self._turnover = Turnover(database, clock=clock)
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._urgent: set[Work] = set()

    @property
    def idempotent(self) -> frozenset[str]:
        return frozenset(name for name, channel in self._channels.items() if channel.idempotent)

    async def mail(self, work: Work) -> None:
        """
        Send what is due, until nothing is or the work has ended. What is paused waits.
        """
        patience: defaultdict[str, Patience] = defaultdict(Patience)
        if work.announcement.kind == "emergency":
            self._urgent.add(work)
        try:
            await self._mail(work, patience)
        finally:
            self._urgent.discard(work)

    async def _mail(self, work: Work, patience: Mapping[str, Patience]) -> None:
        while not work.ended:
            lines = await self._database.read(recipients.channels, work.id)
            if not lines:
                return
            several = sum(name not in self.idempotent for name in lines) > 1
            most = OF_ONE_CHANNEL if several else AT_ONCE
            await asyncio.gather(*(self._line(work, name, patience[name], most) for name in lines))
            await self._turnover.written()

    async def _line(self, work: Work, channel: str, patience: Patience, most: int) -> None:
        """
        Go once through what is due on one channel; what is due again afterwards is for the next time.
        """
        own, after = asyncio.Semaphore(most), -1
        async with asyncio.TaskGroup() as sends:
            while True:
                chunk = await self._database.read(recipients.next_chunk, work.id, channel, after=after)
                if chunk is None:
                    return
                for one in await self._database.read(recipients.due_in, work.id, chunk):
                    if not self._clear(work, patience) and not await self._may_go(work, patience):
                        return
                    if (problem := self._closed(one)) is not None:
                        self._turnover.leave_out(Done(work.id, one.citizen_id, "failed", problem))
                        continue
                    await self._pacer.let_pass(one.channel, one.address, announcement=True)
                    if one.channel not in self.idempotent:
                        await own.acquire()
                        await self._slots.acquire()
                        sends.create_task(self._send_in_slot(work, one, patience, own))
                    else:
                        await self._send(work, one, patience)
                after = chunk

    async def _send_in_slot(self, work: Work, one: Due, patience: Patience, own: asyncio.Semaphore) -> None:
        try:
            await self._send(work, one, patience)
        finally:
            self._slots.release()
            own.release()

    async def _send(self, work: Work, one: Due, patience: Patience) -> None:
        claimed = await self._turnover.claim(work.id, one.citizen_id)
        if claimed == "stopped":
            work.look_again()
        if claimed != "taken":
            return
        channel = self._channels[one.channel]
        try:
            receipt = await self._to_platform(channel, work, one)
        except SendError as error:
            await self._failed(work, one, patience, error, idempotent=channel.idempotent)
        except Exception:
            log.exception("announcement.send_broke", announcement=work.id, channel=one.channel)
            lost = SendError("broken", uncertain=True)
            await self._failed(work, one, patience, lost, idempotent=channel.idempotent)
        else:
            patience.sent(one.citizen_id)
            sent = Done(work.id, one.citizen_id, "sent", None, receipt.message_id, receipt.quota_left)
            self._turnover.mark(sent)

    async def _to_platform(self, channel: Channel, work: Work, one: Due) -> Receipt:
        """
        Send the text as it was approved for the citizen's ward; a long one is several messages, and counts as one.
        """
        receipt: Receipt | None = None
        for number, part in enumerate(work.parts(one.ward, channel)):
            key = f"a{work.id}-{one.citizen_id}" + (f"-{number}" if number else "")
            try:
                receipt = await channel.send(one.address, part, key=key)
            except SendError as error:
                if receipt is None:
                    raise
                raise SendError(str(error), trouble=error.trouble, uncertain=True) from error
        if receipt is None:
            raise SendError("text.empty: nothing to send", trouble="officer")
        return receipt

    async def _failed(self, work: Work, one: Due, patience: Patience, error: SendError, *, idempotent: bool) -> None:
        unsure = error.uncertain and not idempotent
        stop = patience.failed(error, one.citizen_id, now=self._clock(), patience_seconds=self._patience_seconds)
        if unsure:
            done = Done(work.id, one.citizen_id, "uncertain", "answer.lost")
        elif error.trouble == "recipient":
            done = Done(work.id, one.citizen_id, "failed", code_of(error, "blocked"), left=True)
        elif error.trouble == "officer" and stop is None and not error.uncertain:
            done = Done(work.id, one.citizen_id, "failed", code_of(error, "refused"))
        elif patience.spent(one.citizen_id):
            done = Done(work.id, one.citizen_id, "failed", "tried.enough")
        else:
            done = Done(work.id, one.citizen_id, "due")
        log.warning("announcement.message_failed", announcement=work.id, channel=one.channel, state=done.state,
                    problem=str(error)[:200])  # fmt: skip
        self._turnover.mark(done)
        if stop is not None and not work.held:
            await self._stop(work, one.channel, one.address.partition("/")[0], f"{stop}: {str(error)[:200]}")
            work.look_again()

    def _closed(self, one: Due) -> str | None:
        if one.left_at is not None:
            return "citizen.left"
        channel = self._channels.get(one.channel)
        if channel is None:
            return "channel.unknown"
        return channel.closed(one.address, Reach(one.interacted_at, one.quota_left), now=self._clock())

    async def _may_go(self, work: Work, patience: Patience) -> bool:
        """
        Wait while it is held, while the channel needs rest, and behind every emergency. False when the work has ended.
        """
        while await work.may_go():
            if self._clear(work, patience):
                return True
            await self._pause(min(max(patience.waits_until - self._clock(), 0.25), 1.0))
        return False

    def _clear(self, work: Work, patience: Patience) -> bool:
        behind = bool(self._urgent) and work not in self._urgent and any(not one.held for one in self._urgent)
        return not (work.held or behind or work.quiet_seconds() or patience.waits_until > self._clock())


def code_of(error: SendError, otherwise: str) -> str:
    """
    "window.closed: too late" → "window.closed"; `otherwise` where the error does not begin with a code.
    """
    head = str(error).partition(":")[0]
    known = 3 <= len(head) <= 64 and "." in head and head.replace(".", "").replace("_", "").isalpha()
    return head if known and head == head.lower() and head.isascii() else otherwise
