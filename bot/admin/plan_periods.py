"""
Pure: when a task of a plan is due, read from its own words: "Hằng quý", "Quý II và quý III/2026", "Chậm nhất ngày 15/3/2024".
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import NamedTuple

ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}
QUARTERS = ("I", "II", "III", "IV")
_EVERY_MONTH = re.compile(r"(?:hằng|hàng|mỗi) tháng|tháng một lần", re.IGNORECASE)
_EVERY_QUARTER = re.compile(r"(?:hằng|hàng|mỗi) quý|\bnăm, quý\b", re.IGNORECASE)
_QUARTER = re.compile(
    r"quý\s+((?:iv|i{1,3}|[1-4])(?:\s*(?:,|và|-|–|đến)\s*(?:quý\s+)?(?:iv|i{1,3}|[1-4])\b)*)", re.IGNORECASE
)
_DAY = re.compile(r"(?<!\d)(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}))?(?!\d)")
_MONTH = re.compile(r"tháng\s+(1[0-2]|0?[1-9])(?!\d)", re.IGNORECASE)
_OF_HALF = re.compile(r"\b6 tháng đầu năm", re.IGNORECASE)


class Period(NamedTuple):
    """
    From `begins` to `ends`, both days included.
    """

    label: str
    begins: date
    ends: date


def due(time: str, year: int) -> list[Period]:
    """
    Return the periods in each of which something must have been done; a time that says nothing else is the whole year.
    """
    words = " ".join(time.split())
    if _EVERY_MONTH.search(words):
        return months(year)
    if _EVERY_QUARTER.search(words):
        return quarters(year)
    if found := _DAY.search(words):
        day, month, of_year = int(found[1]), int(found[2]), int(found[3] or year)
        try:
            until = date(of_year, month, day)
        except ValueError:
            return [whole(year)]
        return [Period(f"đến {until:%d/%m/%Y}", date(of_year, 1, 1), until)]
    if found := _QUARTER.search(words):
        numbers = [ROMAN[one.lower()] for one in re.findall(r"\b(?:iv|i{1,3}|[1-4])\b", found[1], re.IGNORECASE)]
        more = _QUARTER.findall(words)[1:]
        numbers += [
            ROMAN[one.lower()] for text in more for one in re.findall(r"\b(?:iv|i{1,3}|[1-4])\b", text, re.IGNORECASE)
        ]
        if re.search(r"[-–]|đến", found[1]) and len(numbers) == 2:
            numbers = list(range(min(numbers), max(numbers) + 1))
        every = quarters(year)
        return [every[one - 1] for one in sorted(set(numbers))]
    if found_months := _MONTH.findall(words):
        all_months = months(year)
        return [all_months[int(one) - 1] for one in sorted(set(found_months), key=int)]
    if _OF_HALF.search(words):
        return [Period(f"6 tháng đầu năm {year}", date(year, 1, 1), date(year, 6, 30))]
    return [whole(year)]


def months(year: int) -> list[Period]:
    return [Period(f"tháng {one}", date(year, one, 1), _last(year, one)) for one in range(1, 13)]


def quarters(year: int) -> list[Period]:
    return [
        Period(f"quý {name}", date(year, 3 * at + 1, 1), _last(year, 3 * at + 3)) for at, name in enumerate(QUARTERS)
    ]


def whole(year: int) -> Period:
    return Period(f"năm {year}", date(year, 1, 1), date(year, 12, 31))


def _last(year: int, month: int) -> date:
    first_of_next = date(year + 1, 1, 1) if month == 12 else date(year, month + 1, 1)
    return first_of_next - timedelta(days=1)
