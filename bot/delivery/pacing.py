"""
Pure: token buckets. They pace what an account sends, and limit what one visitor may post.
"""

from __future__ import annotations

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

    def _forget(self, now: float) -> None:
        # A bucket that is full again says nothing; without this, every visitor would stay in memory.
        if len(self._buckets) < self.MAX_KEYS:
            return
        full_after = self.pace.burst / self.pace.per_second
        self._buckets = {key: one for key, one in self._buckets.items() if now - one.filled_at < full_after}
