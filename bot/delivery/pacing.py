"""
Token buckets: they pace what an account sends, and limit what one visitor may post.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Pace:
    """
    `burst` at once, then `per_second`.
    """

    per_second: float
    burst: float


@dataclass
class _Bucket:
    tokens: float
    filled_at: float


class Buckets:
    """
    One bucket per key, all of the same pace. `now` is any clock that never goes back, in seconds.
    """

    MAX_KEYS = 50_000

    def __init__(self, pace: Pace):
        self.pace = pace
        self._buckets: dict[str, _Bucket] = {}

    def wait(self, key: str, *, now: float) -> float:
        """
        Take one token. Return 0, or the seconds after which one will be there; then nothing is taken.
        """
        bucket = self._buckets.get(key)
        if bucket is None:
            self._forget(now)
            bucket = self._buckets[key] = _Bucket(self.pace.burst, now)
        grown = max(0.0, now - bucket.filled_at) * self.pace.per_second
        bucket.tokens = min(self.pace.burst, bucket.tokens + grown)
        bucket.filled_at = now
        if bucket.tokens >= 1:
            bucket.tokens -= 1
            return 0.0
        return (1 - bucket.tokens) / self.pace.per_second

    def give_back(self, key: str) -> None:
        """
        Return the token that was taken last: what it was taken for turned out to need none.
        """
        if (bucket := self._buckets.get(key)) is not None:
            bucket.tokens = min(self.pace.burst, bucket.tokens + 1)

    def _forget(self, now: float) -> None:
        # A bucket that is full again says nothing; without this, every visitor would stay in memory.
        if len(self._buckets) < self.MAX_KEYS:
            return
        full_after = self.pace.burst / self.pace.per_second
        self._buckets = {key: one for key, one in self._buckets.items() if now - one.filled_at < full_after}


# Per account. Zalo: 4,000 requests a minute and app; Messenger: 300 texts a second and Page; Telegram: 30 a second and
# bot, of which announcements must leave room for replies (channels/README.md, read 2026-11-20).
PER_ACCOUNT = {"zalo": Pace(60, 60), "messenger": Pace(250, 250), "telegram": Pace(28, 28)}
# Telegram takes about one message a second for one chat, and a short burst.
PER_CITIZEN = {"telegram": Pace(1, 4)}
RESERVED_FOR_REPLIES = 0.2
SHORTEST_PAUSE = 0.001


class Pacer:
    """
    Lets messages of an account pass at the platform's rate, replies before announcements.
    """

    def __init__(
        self,
        per_account: Mapping[str, Pace] = PER_ACCOUNT,
        per_citizen: Mapping[str, Pace] = PER_CITIZEN,
        *,
        clock: Callable[[], float] = time.monotonic,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ):
        self._accounts = {channel: Buckets(pace) for channel, pace in per_account.items()}
        self._citizens = {channel: Buckets(pace) for channel, pace in per_citizen.items()}
        # What announcements may use of it: a reply always finds a token.
        slower = {channel: Pace(one.per_second * (1 - RESERVED_FOR_REPLIES), 1) for channel, one in per_account.items()}
        self._announcements = {channel: Buckets(pace) for channel, pace in slower.items()}
        self._clock, self._pause = clock, pause
        self._replies_waiting: defaultdict[str, int] = defaultdict(int)
        self._lines: defaultdict[tuple[str, str], asyncio.Lock] = defaultdict(asyncio.Lock)

    async def let_pass(self, channel: str, address: str, *, announcement: bool = False) -> None:
        """
        Return when one message may go to this address.
        """
        account = address.partition("/")[0]
        if channel in self._citizens:
            await self._take(self._citizens[channel], address)
        if channel not in self._accounts:
            return
        name = f"{channel}/{account}"
        if announcement:
            # One announcement at a time tries; the others stand in line behind it, not beside it.
            async with self._lines["announcement", name]:
                await self._take(self._announcements[channel], account)
                while self._replies_waiting[name]:
                    await self._pause(0.05)
                await self._take(self._accounts[channel], account)
            return
        self._replies_waiting[name] += 1
        try:
            async with self._lines["reply", name]:
                await self._take(self._accounts[channel], account)
        finally:
            self._replies_waiting[name] -= 1

    async def _take(self, buckets: Buckets, key: str) -> None:
        while (seconds := buckets.wait(key, now=self._clock())) > 0:
            await self._pause(max(seconds, SHORTEST_PAUSE))
