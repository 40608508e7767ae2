"""
What a channel needs from whoever keeps its tokens; bot/credentials.py keeps them in the database.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol


class Pair(NamedTuple):
    """
    An access token and the refresh token that came with it. Times are seconds since 1970.
    """

    access_token: str
    refresh_token: str
    expires_at: float  # of the access token
    refresh_expires_at: float

    def __repr__(self) -> str:
        return f"Pair(expires_at={self.expires_at:.0f}, refresh_expires_at={self.refresh_expires_at:.0f})"


class TokenStore(Protocol):
    async def get(self, account: str) -> Pair | None:
        """Return the pair as it stands now, for all workers."""

    async def save(self, account: str, pair: Pair) -> None:
        """Store a new pair durably, and end a lease on the old one. Returns when it is on the disk."""

    async def take_lease(self, account: str, refresh_token: str, *, seconds: float) -> bool:
        """
        Become the only one who refreshes this refresh token for `seconds`. False when another worker does, or when
        the stored token is another one by now (then: read again).
        """

    async def end_lease(self, account: str) -> None:
        """Give the lease back without a new pair: the platform refused, or was not reached."""

    async def alarm(self, account: str, code: str, detail: str) -> None:
        """Tell the officers something that they must act on; once while it lasts."""

    async def clear(self, account: str, code: str) -> None:
        """End an alarm."""
