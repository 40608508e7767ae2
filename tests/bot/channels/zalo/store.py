"""
A TokenStore in memory: what bot/credentials.py keeps in the database, without one.
"""

from __future__ import annotations

from collections.abc import Callable

from bot.channels.tokens import Pair


class MemoryStore:
    """
    `views` are the stores of other workers, over the same memory. `log` is what was done, in order.
    """

    def __init__(self, clock: Callable[[], float] = lambda: 0.0, *, worker: str = "one"):
        self.clock, self.worker = clock, worker
        self.pairs: dict[str, Pair] = {}
        self.leases: dict[str, tuple[str, float]] = {}
        self.alarms: dict[tuple[str, str], str] = {}
        self.log: list[str] = []
        self.failures = 0  # how many of the next saves fail

    def view(self, worker: str) -> MemoryStore:
        other = MemoryStore(self.clock, worker=worker)
        other.pairs, other.leases, other.alarms, other.log = self.pairs, self.leases, self.alarms, self.log
        return other

    async def get(self, account: str) -> Pair | None:
        return self.pairs.get(account)

    async def save(self, account: str, pair: Pair) -> None:
        if self.failures:
            self.failures -= 1
            raise OSError("the disk is full")
        self.log.append("save")
        self.pairs[account] = pair
        self.leases.pop(account, None)

    async def take_lease(self, account: str, refresh_token: str, *, seconds: float) -> bool:
        held = self.leases.get(account)
        if self.pairs[account].refresh_token != refresh_token or (held and held[1] >= self.clock()):
            return False
        self.log.append("lease")
        self.leases[account] = (self.worker, self.clock() + seconds)
        return True

    async def end_lease(self, account: str) -> None:
        if self.leases.get(account, ("",))[0] == self.worker:
            self.log.append("end")
            del self.leases[account]

    async def alarm(self, account: str, code: str, detail: str) -> None:
        self.alarms[account, code] = detail

    async def clear(self, account: str, code: str) -> None:
        self.alarms.pop((account, code), None)
