"""
Pure: what a row of failures on one channel means: wait, or stop and let an officer look.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.channels.base import SendError
from bot.delivery import retry

# So many refusals, or lost answers, one after the other are the platform's or the account's matter, not the citizens'.
REFUSALS = 5
LOST_ANSWERS = 10
# A message that alone is refused for now, while others pass, is given up after so many tries.
TRIES = 5


@dataclass
class Patience:
    """
    One per channel of an announcement. `waits_until` is seconds of the clock that is given.
    """

    waits_until: float = 0.0
    failing_since: float | None = None
    failures: int = 0  # passing ones, in a row
    refusals: int = 0
    lost: int = 0
    tries: dict[int, int] = field(default_factory=dict)  # citizen → failed tries

    def sent(self, citizen_id: int) -> None:
        self.waits_until, self.failing_since, self.failures, self.refusals, self.lost = 0.0, None, 0, 0, 0
        self.tries.pop(citizen_id, None)

    def failed(self, error: SendError, citizen_id: int, *, now: float, patience_seconds: float) -> str | None:
        """
        Note a failure. Return why the whole must stop ("refused", "lost", "unreachable"), or None to go on.
        """
        if error.uncertain:
            self.lost += 1
            self._wait(error, now)
            return "lost" if self.lost >= LOST_ANSWERS else None
        if error.trouble == "recipient":
            return None
        if error.trouble == "officer":
            self.refusals += 1
            return "refused" if self.refusals >= REFUSALS else None
        self.tries[citizen_id] = self.tries.get(citizen_id, 0) + 1
        self._wait(error, now)
        if self.failing_since is None:
            self.failing_since = now
        return "unreachable" if now - self.failing_since > patience_seconds else None

    def spent(self, citizen_id: int) -> bool:
        """
        Say whether this message was tried often enough, the platform being well otherwise.
        """
        return self.tries.get(citizen_id, 0) >= TRIES and self.failures < TRIES

    def _wait(self, error: SendError, now: float) -> None:
        if now < self.waits_until and error.retry_after is None:
            return  # the others that were under way say the same thing
        self.failures += 1
        seconds = retry.next_send(self.failures, permanent=False, retry_after=error.retry_after)
        self.waits_until = max(self.waits_until, now + (seconds or 0.0))
