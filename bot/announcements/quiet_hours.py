"""
Pure: when may a message go out? Times are seconds since 1970; hours are those of Asia/Ho_Chi_Minh.

Normal announcements keep the quiet hours of the installation; emergencies do not. Zalo takes no broadcast of an article
between 22:00 and 06:00, whatever it says (error -234; channels/README.md, read 2026-11-20).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.announcements.announcement import Kind, Outlet

TIMEZONE = ZoneInfo("Asia/Ho_Chi_Minh")
ZALO_NIGHT = (time(22, 0), time(6, 0))


@dataclass(frozen=True)
class QuietHours:
    """
    From `begins` until `ends`, which may be on the next day; the same hour twice is no quiet at all.
    """

    begins: time = time(21, 0)
    ends: time = time(7, 0)

    @classmethod
    def read(cls, text: str) -> QuietHours:
        """
        "21:00-07:00" → QuietHours; "off" is none.

        Raises:
            ValueError: Anything else.
        """
        if text.strip() == "off":
            return cls(time(0, 0), time(0, 0))
        begins, dash, ends = text.replace("–", "-").partition("-")
        try:
            found = cls(time.fromisoformat(begins.strip()), time.fromisoformat(ends.strip()))
        except ValueError:
            raise ValueError("are not hours such as 21:00-07:00, or off") from None
        if not dash or found.begins.tzinfo or found.ends.tzinfo:
            raise ValueError("are not hours such as 21:00-07:00, or off")
        return found

    def next_allowed(self, now: float, *, kind: Kind, outlet: Outlet = "messages") -> float:
        """
        Return the first moment from `now` on at which this outlet may send.
        """
        allowed = now
        # Two nights may overlap, so that the end of one lies within the other.
        for _ in range(3):
            before = allowed
            if outlet == "zalo_article":
                allowed = _after(allowed, *ZALO_NIGHT)
            # What is only put up disturbs nobody; it may appear at any hour.
            if kind != "emergency" and outlet in ("messages", "zalo_article", "telegram_post"):
                allowed = _after(allowed, self.begins, self.ends)
            if allowed == before:
                break
        return allowed


def _after(now: float, begins: time, ends: time) -> float:
    """
    Return `now`, or the end of the night that it falls into.
    """
    if begins == ends:
        return now
    moment = datetime.fromtimestamp(now, TIMEZONE)
    clock = moment.time()
    if begins < ends:
        quiet, over_today = begins <= clock < ends, True
    else:
        quiet, over_today = clock >= begins or clock < ends, clock < ends
    if not quiet:
        return now
    day = moment.date() + timedelta(days=0 if over_today else 1)
    return datetime.combine(day, ends, TIMEZONE).timestamp()
