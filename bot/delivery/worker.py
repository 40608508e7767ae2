"""
take → channel.send → mark, for what the ledger holds of one message.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import sqlalchemy as sa

from bot import citizens
from bot.channels.base import Channel, Reach, Receipt, SendError
from bot.database import Database
from bot.delivery import ledger, retry
from bot.delivery.ledger import Delivery
from bot.delivery.pacing import Pacer
from bot.log import log

# After a kill nobody knows of these whether they went out. No platform has idempotency keys, so few are under way.
SENDS_AT_ONCE = 5
# Of these one platform gets at most so many when there are several: one that hangs must not hold up the others.
OF_ONE_CHANNEL = 3
Policy = Literal["resend", "hold"]
ANY = Reach(None)


@dataclass
class Sent:
    """
    What became of the parts of one answer; to be marked with `mark`.
    """

    sent: list[tuple[int, str]] = field(default_factory=list)
    failed: list[int] = field(default_factory=list)
    problem: str = ""
    unreachable: bool = False  # the platform says that this citizen cannot be reached
    needs_officer: bool = False
    held: bool = False  # nobody knows whether it arrived, and it is not sent again by itself


def mark(connection: sa.Connection, outcome: Sent, *, now: float) -> None:
    ledger.mark_sent(connection, outcome.sent, now=now)
    ledger.mark_failed(connection, outcome.failed, problem=outcome.problem)


class Sender:
    """
    Sends replies through the channels, in order, and again when a channel says that this may help.

    `uncertain`: what happens to a reply that may have gone out; `patience_seconds`: how long a platform may be down.
    """

    def __init__(
        self,
        database: Database,
        channels: Mapping[str, Channel],
        *,
        pacer: Pacer | None = None,
        uncertain: Policy = "resend",
        patience_seconds: float = 900.0,
        clock: Callable[[], float] = time.time,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ):
        self._database, self._channels = database, channels
        self._pacer, self._uncertain, self._patience_seconds = pacer or Pacer(), uncertain, patience_seconds
        self._clock, self._pause = clock, pause
        self._slots = asyncio.Semaphore(SENDS_AT_ONCE)
        several = sum(not one.idempotent for one in channels.values()) > 1
        most = OF_ONE_CHANNEL if several else SENDS_AT_ONCE
        self._own_slots = {name: asyncio.Semaphore(most) for name in channels}

    async def send_all(self, parts: Sequence[Delivery], reach: Reach = ANY, *, once: bool = False) -> Sent:
        """
        Send the parts of one answer. One that cannot be sent ends it: what would follow makes no sense alone.

        `once`: give up after the first try that fails.
        """
        outcome = Sent()
        for position, part in enumerate(parts):
            problem = await self._send(part, reach, outcome, once=once)
            if problem is not None:
                outcome.problem, outcome.failed = problem, [one.id for one in parts[position:]]
                log.error("delivery.failed", channel=part.channel, delivery=part.id, problem=problem)
                break
        return outcome

    async def _send(self, part: Delivery, reach: Reach, outcome: Sent, *, once: bool) -> str | None:
        channel = self._channels.get(part.channel)
        if channel is None:
            return "channel.unknown"
        attempts, doubts, started = part.attempts, int(part.uncertain), self._clock()
        if doubts and not channel.idempotent and self._uncertain == "hold":
            await self._database.write(ledger.hold, part.id)
            outcome.held = True
            return None
        while True:
            closed = channel.closed(part.address, reach, now=self._clock())
            if closed is not None:
                return closed
            await self._pacer.let_pass(part.channel, part.address)
            try:
                if channel.idempotent:
                    receipt = await channel.send(part.address, part.reply, key=f"d{part.id}")
                    outcome.sent.append((part.id, receipt.message_id))
                elif not await self._send_once(channel, part):
                    return None
                return None
            except SendError as error:
                attempts += 1
                wait = retry.next_send(
                    attempts,
                    permanent=error.permanent or once,
                    retry_after=error.retry_after,
                    waited_seconds=self._clock() - started,
                    patience_seconds=self._patience_seconds,
                )
                if error.uncertain and not channel.idempotent:
                    doubts += 1
                    if self._uncertain == "hold" or wait is None or doubts > retry.UNCERTAIN_TRIES:
                        await self._database.write(ledger.doubt, part.id)
                        await self._database.write(ledger.hold, part.id)
                        log.warning("delivery.uncertain", channel=part.channel, delivery=part.id)
                        outcome.held = True
                        return None
                    await self._database.write(ledger.doubt, part.id)
                if wait is None:
                    outcome.unreachable |= error.trouble == "recipient"
                    outcome.needs_officer |= error.trouble != "recipient"
                    return str(error)
                log.warning(
                    "delivery.waits",
                    channel=part.channel,
                    delivery=part.id,
                    wait_seconds=wait,
                    uncertain=error.uncertain,
                    problem=str(error)[:200],
                )
            # A long wait may end in a kill: what went out so far is written down before it.
            await self._database.write(mark, outcome, now=self._clock())
            outcome.sent.clear()
            await self._pause(wait)

    async def _send_once(self, channel: Channel, part: Delivery) -> bool:
        """
        Send a part where a kill in the middle leaves a doubt: only few at a time, and each marked at once.
        """
        async with self._own_slots[part.channel], self._slots:
            if not await self._database.write(ledger.take, part.id, now=self._clock()):
                return False
            try:
                receipt = await channel.send(part.address, part.reply, key=f"d{part.id}")
            except SendError as error:
                if not error.uncertain:
                    await self._database.write(ledger.put_back, part.id)
                raise
            await self._database.write(_note_sent, part, receipt, now=self._clock())
        return True


def _note_sent(connection: sa.Connection, part: Delivery, receipt: Receipt, *, now: float) -> None:
    ledger.mark_sent(connection, [(part.id, receipt.message_id)], now=now)
    if receipt.quota_left is not None:
        citizens.note_quota(connection, part.citizen_id, receipt.quota_left)
