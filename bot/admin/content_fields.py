"""
The fields of a kind of content as knowledge describes them, and how their values read to staff. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Entry = dict[str, Any]

TRUTH = ("true", "false")
# Lists of days; the schema knows them as lists of texts.
LISTS_OF_DAYS = frozenset({"desk_closed"})
_ISO = re.compile(r"\b(\d{4})-(\d{2})(?:-(\d{2}))?\b")
_SAID_DAY = re.compile(r"(?:ngày\s+)?(?:(\d{1,2})\s*[/.-]\s*)?(\d{1,2})\s*[/.-]\s*(\d{4})", re.IGNORECASE)


@dataclass(frozen=True)
class Field:
    """
    One field. `name` is dotted: "fee.dong"; a column's name is that inside a row.

    `type` is text, long, number, date, choice, list (short texts), lines (a sentence to a line) or table.
    """

    name: str
    label: str
    hint: str = ""
    type: str = "text"
    required: bool = False
    seldom: bool = False
    default: Any = None
    choices: tuple[tuple[str, str], ...] = ()
    columns: tuple[Field, ...] = ()

    @classmethod
    def read(cls, raw: Mapping[str, Any], within: str = "") -> Field:
        name, type_ = str(raw["name"]), str(raw["type"])
        dated = type_ == "date" or name in LISTS_OF_DAYS
        return cls(
            name.removeprefix(within),
            str(raw["label"]),
            said_dates(str(raw.get("hint") or "")) if dated else str(raw.get("hint") or ""),
            type_,
            bool(raw.get("required")),
            bool(raw.get("seldom")),
            raw.get("default"),
            tuple((str(one["value"]), str(one["label"])) for one in raw.get("choices") or ()),
            tuple(cls.read(one, f"{name}.") for one in raw.get("columns") or ()),
        )

    @property
    def is_truth(self) -> bool:
        return self.type == "choice" and {value for value, _ in self.choices} == set(TRUTH)

    @property
    def of_days(self) -> bool:
        return self.type == "date" or self.name in LISTS_OF_DAYS

    def value(self, entry: Mapping[str, Any]) -> Any:
        """
        Return what an entry says there; the default, or None, when it says nothing.
        """
        found: Any = entry
        for step in self.name.split("."):
            found = found.get(step) if isinstance(found, Mapping) else None
        return self.default if found is None else found

    def write(self, entry: Entry, value: Any) -> None:
        """
        Put a value into an entry. Nothing, and the default, is left out, and groups without anything with it.
        """
        *groups, last = self.name.split(".")
        nothing = value in (None, "", [], {}) or value == self.default
        inside = entry
        path = [entry]
        for step in groups:
            if not isinstance(inside.get(step), dict):
                if nothing:
                    return
                inside[step] = {}
            inside = inside[step]
            path.append(inside)
        if not nothing:
            inside[last] = value
            return
        inside.pop(last, None)
        for step, outer in zip(reversed(groups), reversed(path[:-1]), strict=True):
            if not outer[step]:
                del outer[step]

    def said(self, value: Any) -> list[str]:
        """
        Return how a value reads, in lines; none when it says nothing.
        """
        if value in (None, "", [], {}):
            return []
        if self.type == "table":
            return [_row(self.columns, row) for row in value if isinstance(row, Mapping)]
        if isinstance(value, list):
            return [self._word(one) for one in value]
        return self._word(value).split("\n")

    def _word(self, value: Any) -> str:
        if self.is_truth or self.choices:
            key = str(value).lower() if isinstance(value, bool) else str(value)
            return dict(self.choices).get(key, key)
        if isinstance(value, int | float) and not isinstance(value, bool):
            # A year is a number, too, and has no dot in it.
            return f"{value:,}".replace(",", ".") if isinstance(value, int) and value >= 10_000 else _decimal(value)
        return said_dates(str(value)) if self.of_days else str(value)


def fields_of(schema: list[dict[str, Any]]) -> tuple[Field, ...]:
    return tuple(Field.read(one) for one in schema)


def said_dates(text: str) -> str:
    """
    "ví dụ 2026-11-20 hoặc 2026-11" → "ví dụ 20/11/2026 hoặc 11/2026"
    """
    return _ISO.sub(lambda found: "/".join(filter(None, (found[3], found[2], found[1]))), text)


def iso_date(text: str) -> str:
    """
    "20/11/2026" → "2026-11-20", "tháng 11/2026" → "2026-11"; anything else stays, for whoever checks it.
    """
    trimmed = re.sub(r"^tháng\s+", "", text.strip(), flags=re.IGNORECASE)
    found = _SAID_DAY.fullmatch(trimmed)
    if found is None:
        return text.strip()
    day, month, year = found.groups()
    return f"{year}-{int(month):02}" + (f"-{int(day):02}" if day else "")


def number_of(text: str) -> int | float | str:
    """
    "50.000 đồng" → 50000, "1,5" → 1.5; what is no number stays, for whoever checks it.
    """
    trimmed = re.sub(r"\s*(?:đồng|đ|vnđ|vnd)$", "", text.strip(), flags=re.IGNORECASE).replace(" ", "")
    if re.fullmatch(r"-?\d{1,3}(?:\.\d{3})+|-?\d+", trimmed):
        return int(trimmed.replace(".", ""))
    if re.fullmatch(r"-?\d+[.,]\d+", trimmed):
        return float(trimmed.replace(",", "."))
    return text.strip()


def _decimal(value: float) -> str:
    return str(value).replace(".", ",")


def _row(columns: tuple[Field, ...], row: Mapping[str, Any]) -> str:
    """
    Return a row of a table as one line; ids are nobody's business.
    """
    told: list[str] = []
    for column in columns:
        lines = column.said(column.value(row)) if column.name != "id" else []
        if lines:
            told.append(f"{column.label}: {' | '.join(lines)}" if told else " | ".join(lines))
    return "; ".join(one.rstrip(";") for one in told)
