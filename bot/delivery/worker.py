"""
claim → channel.send → mark, for what the ledger holds of one message.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from bot.channels.base import Channel, SendError
from bot.database import Database
from bot.delivery import ledger, retry
from bot.delivery.ledger import Delivery
from bot.log import log


@dataclass
class Sent:
    """
    What became of the parts of one answer; to be marked with `mark`.
    """

    sent: list[tuple[int, str]] = field(default_factory=list)
    failed: list[int] = field(default_factory=list)
    problem: str = ""


def mark(connection: sa.Connection, outcome: Sent, *, now: float) -> None:
    ledger.mark_sent(connection, outcome.sent, now=now)
    ledger.mark_failed(connection, outcome.failed, problem=outcome.problem)


class Sender:
    """
    Sends replies through the channels, in order, and again when a channel says that this may help.
    """

    def __init__(
        self,
        database: Database,
        channels: Mapping[str, Channel],
        *,
        clock: Callable[[], float] = time.time,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ):
        self._database, self._channels = database, channels
        self._clock, self._pause = clock, pause

    async def send_all(self, parts: Sequence[Delivery]) -> Sent:
        """
        Send the claimed parts of one answer. One that cannot be sent ends it: what would follow makes no sense alone.
        """
        outcome = Sent()
        for position, part in enumerate(parts):
            problem = await self._send(part, outcome)
            if problem is not None:
                outcome.problem, outcome.failed = problem, [one.id for one in parts[position:]]
                log.error("delivery.failed", channel=part.channel, delivery=part.id, problem=problem)
                break
        return outcome

    async def _send(self, part: Delivery, outcome: Sent) -> str | None:
        channel = self._channels.get(part.channel)
        if channel is None:
            return "channel.unknown"
        attempts = part.attempts
        while True:
            try:
                platform_id = await channel.send(part.address, part.reply, key=f"d{part.id}")
            except SendError as error:
                wait = retry.next_send(attempts, permanent=error.permanent, retry_after=error.retry_after)
                if wait is None:
                    return str(error)
                log.warning("delivery.waits", channel=part.channel, delivery=part.id, wait_seconds=wait)
            else:
                outcome.sent.append((part.id, platform_id))
                return None
            # A long wait may end in a kill: what went out so far is written down before it.
            await self._database.write(mark, outcome, now=self._clock())
            outcome.sent.clear()
            attempts += 1
            await self._pause(wait)
