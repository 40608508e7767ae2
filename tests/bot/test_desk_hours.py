from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from bot import wording
from bot.desk_hours import TIMEZONE, DeskHours
from bot.wards import Ward

HALVES = [("07:30", "11:30"), ("13:30", "17:00")]
WEEK = [
    {"day": day, "opens": opens, "closes": closes}
    for day in ("thứ hai", "thứ ba", "thứ tư", "thứ năm", "thứ sáu")
    for opens, closes in HALVES
]


def hours(closed: Any = ()) -> DeskHours:
    found = DeskHours.read(WEEK, list(closed))
    assert found is not None
    return found


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=TIMEZONE).timestamp()


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-11-20T07:29:59", False),  # a Friday
        ("2026-11-20T07:30", True),
        ("2026-11-20T11:30", False),
        ("2026-11-20T13:30", True),
        ("2026-11-20T17:00", False),
        ("2026-11-21T09:00", False),
    ],
)
def test_the_desk_is_open_in_its_hours_and_closed_at_noon_and_on_saturday(moment: str, is_open: bool) -> None:
    assert hours().open_at(at(moment)) is is_open


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        ("2026-11-20T06:00", "7 giờ 30 hôm nay"),
        ("2026-11-20T12:00", "13 giờ 30 hôm nay"),
        ("2026-11-19T20:00", "7 giờ 30 ngày mai, thứ Sáu 20/11"),
        ("2026-11-20T17:30", "7 giờ 30 thứ Hai 23/11"),
    ],
)
def test_citizens_are_told_when_it_opens_again(moment: str, said: str) -> None:
    now = datetime.fromtimestamp(at(moment), TIMEZONE)

    assert said in wording.desk_opens(hours().opens_after(at(moment)), now)


def test_holidays_and_closed_months_are_skipped() -> None:
    tet = hours(["2027-02-05", "2027-02-08", "2027-02-09"])

    assert not tet.open_at(at("2027-02-05T09:00"))
    assert tet.opens_after(at("2027-02-04T18:00")) == datetime(2027, 2, 10, 7, 30, tzinfo=TIMEZONE)
    assert hours(["2027-02", "2027-03"]).opens_after(at("2027-02-01T06:00")) is None
    assert wording.desk_opens(None, datetime(2027, 2, 1, tzinfo=TIMEZONE)) == wording.DESK_CLOSED


def test_a_night_is_no_waiting() -> None:
    assert hours().seconds_between(at("2026-11-20T16:50"), at("2026-11-23T07:40")) == 20 * 60
    assert hours().seconds_between(at("2026-11-20T08:00"), at("2026-11-20T08:05")) == 5 * 60


@pytest.mark.parametrize(
    "rows", [None, [], "sáng", [{"day": "thứ 2"}], [{"day": "thứ hai", "opens": "x", "closes": "y"}], [5, None],
             [{"day": "thứ hai", "opens": "17:00", "closes": "07:00"}]]
)  # fmt: skip
def test_hours_that_cannot_be_read_are_no_hours(rows: Any) -> None:
    assert DeskHours.read(rows, None) is None


def test_a_ward_brings_its_hours_along() -> None:
    ward = Ward.read({"slug": "a", "name": "phường A", "desk_hours": WEEK, "desk_closed": ["2027-01-01"]})

    assert ward.desk_hours == hours(["2027-01-01"])
    assert Ward.read({"slug": "a"}).desk_hours is None
