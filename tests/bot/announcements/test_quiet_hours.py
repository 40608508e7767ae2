from __future__ import annotations

from datetime import datetime

import pytest

from bot.announcements.announcement import Kind, Outlet
from bot.announcements.quiet_hours import TIMEZONE, QuietHours
from bot.announcements.scheduling import next_time


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=TIMEZONE).timestamp()


@pytest.mark.parametrize(
    ("now", "kind", "outlet", "allowed"),
    [
        ("2026-11-20 12:00", "normal", "messages", "2026-11-20 12:00"),
        ("2026-11-20 20:59", "normal", "messages", "2026-11-20 20:59"),
        ("2026-11-20 21:00", "normal", "messages", "2026-11-21 07:00"),
        ("2026-11-21 06:59", "normal", "messages", "2026-11-21 07:00"),
        ("2026-11-21 07:00", "normal", "messages", "2026-11-21 07:00"),
        ("2026-11-20 23:30", "emergency", "messages", "2026-11-20 23:30"),
        ("2026-11-20 23:30", "emergency", "zalo_article", "2026-11-21 06:00"),
        ("2026-11-20 21:30", "emergency", "zalo_article", "2026-11-20 21:30"),
        ("2026-11-21 05:59", "normal", "zalo_article", "2026-11-21 07:00"),
        ("2026-11-20 23:30", "normal", "facebook_post", "2026-11-20 23:30"),
        ("2026-11-20 23:30", "normal", "web", "2026-11-20 23:30"),
    ],
)
def test_nobody_is_woken_but_by_an_emergency_and_zalo_broadcasts_by_day(
    now: str, kind: Kind, outlet: Outlet, allowed: str
):
    assert QuietHours().next_allowed(at(now), kind=kind, outlet=outlet) == at(allowed)


def test_quiet_hours_are_read_as_the_setting_has_them():
    assert QuietHours.read("22:30-06:00").next_allowed(at("2026-11-20 22:00"), kind="normal") == at("2026-11-20 22:00")
    assert QuietHours.read("12:00-13:30").next_allowed(at("2026-11-20 12:10"), kind="normal") == at("2026-11-20 13:30")
    assert QuietHours.read("off").next_allowed(at("2026-11-20 23:00"), kind="normal") == at("2026-11-20 23:00")


@pytest.mark.parametrize("text", ["21", "21:00", "25:00-07:00", "sáng-tối", "21:00-"])
def test_other_hours_are_refused(text: str):
    with pytest.raises(ValueError, match="are not hours such as"):
        QuietHours.read(text)


@pytest.mark.parametrize(
    ("last", "every", "now", "following"),
    [
        ("2026-11-20 08:00", "daily", "2026-11-20 08:00", "2026-11-21 08:00"),
        ("2026-11-20 08:00", "weekly", "2026-11-20 08:00", "2026-11-27 08:00"),
        ("2026-11-20 08:00", "daily", "2026-11-23 09:00", "2026-11-24 08:00"),
        ("2026-10-31 08:00", "monthly", "2026-10-31 08:00", "2026-11-30 08:00"),
        ("2026-12-15 08:00", "monthly", "2026-12-15 08:00", "2027-01-15 08:00"),
        ("2026-01-31 08:00", "monthly", "2026-02-28 08:00", "2026-03-31 08:00"),
    ],
)
def test_a_repetition_keeps_the_hour_and_leaves_out_what_was_missed(last: str, every: str, now: str, following: str):
    assert next_time(at(last), every, now=at(now)) == at(following)  # type: ignore[arg-type]
