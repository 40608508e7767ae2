"""
Pure: when a ward's officers answer citizens: open now? when again? how many of the seconds between two times were hours?
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

TIMEZONE = ZoneInfo("Asia/Ho_Chi_Minh")
DAYS = ("thứ hai", "thứ ba", "thứ tư", "thứ năm", "thứ sáu", "thứ bảy", "chủ nhật")
# Tết closes for nine days at most; a desk without any hour in so many days has none.
LOOK_AHEAD_DAYS = 31


@dataclass(frozen=True)
class Stretch:
    weekday: int  # 0 is Monday
    opens: time
    closes: time


@dataclass(frozen=True)
class DeskHours:
    """
    `closed`: days ("2027-01-01") and months ("2027-02") without hours. Times are the ward's own, seconds are UTC.
    """

    stretches: tuple[Stretch, ...]
    closed: frozenset[str] = frozenset()

    @classmethod
    def read(cls, hours: Any, closed: Any) -> DeskHours | None:
        """
        Make them of the fields of a ward's file; None when it has entered no hours that can be read.
        """
        found = [one for one in map(_stretch, hours if isinstance(hours, list) else ()) if one is not None]
        if not found:
            return None
        days = frozenset(one for one in closed if isinstance(one, str)) if isinstance(closed, list) else frozenset()
        return cls(tuple(sorted(found, key=lambda one: (one.weekday, one.opens))), days)

    def open_at(self, seconds: float) -> bool:
        moment = datetime.fromtimestamp(seconds, TIMEZONE)
        return any(opens <= moment < closes for opens, closes in self._on(moment.date()))

    def opens_after(self, seconds: float) -> datetime | None:
        """
        Return when the desk opens next, in the ward's time; None when it does not within a month.
        """
        moment = datetime.fromtimestamp(seconds, TIMEZONE)
        for ahead in range(LOOK_AHEAD_DAYS):
            for opens, _ in self._on(moment.date() + timedelta(days=ahead)):
                if opens > moment:
                    return opens
        return None

    def seconds_between(self, begin: float, end: float) -> float:
        """
        Return how many seconds of opening hours lie between two times: how long somebody waited while others worked.
        """
        first, last = (datetime.fromtimestamp(one, TIMEZONE) for one in (begin, end))
        days = min(LOOK_AHEAD_DAYS, (last.date() - first.date()).days + 1)
        stretches = (one for ahead in range(days) for one in self._on(first.date() + timedelta(days=ahead)))
        return sum(max(0.0, (min(closes, last) - max(opens, first)).total_seconds()) for opens, closes in stretches)

    def _on(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        if day.isoformat() in self.closed or day.isoformat()[:7] in self.closed:
            return
        for one in self.stretches:
            if one.weekday == day.weekday():
                yield datetime.combine(day, one.opens, TIMEZONE), datetime.combine(day, one.closes, TIMEZONE)


def _stretch(row: Any) -> Stretch | None:
    if not isinstance(row, Mapping) or row.get("day") not in DAYS:
        return None
    try:
        opens, closes = (time.fromisoformat(str(row.get(name))) for name in ("opens", "closes"))
    except ValueError:
        return None
    return Stretch(DAYS.index(str(row["day"])), opens, closes) if opens < closes else None
