"""
Entries as forms: schema and entry → boxes to fill in, a posted form → entry. Pure.

What a form did not carry, and what nobody touched in it, stays exactly as it was: opening an entry and saving it
changes nothing.
"""

from __future__ import annotations

import copy
import dataclasses
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from bot.admin.content_fields import Entry, Field, iso_date, number_of, said_dates
from bot.office_api import Mistake

PREFIX = "e."
# Its presence says that a table, or a list of boxes to tick, was on the form, even with nothing in it.
HELD = "held"
# Ids of rows that were added: plan-2026-viec-7.
ROW_WORDS = {"tasks": "viec", "kpis": "chi-tieu", "facts": "y"}
BLANK_ROWS = 1
MAX_ID = 60


class Form(Protocol):
    def __contains__(self, key: object) -> bool: ...
    def __iter__(self) -> Any: ...
    def get(self, key: str, default: Any = None) -> Any: ...
    def getall(self, key: str, default: Any = ...) -> list[Any]: ...


@dataclass
class Box:
    """
    One field as a form shows it. `value` is the text in it, or what is ticked; `path` the field in a Mistake.
    """

    field: Field
    path: str
    value: str | list[str] = ""
    rows: list[list[Box]] = dataclasses.field(default_factory=list)
    problem: str = ""

    @property
    def name(self) -> str:
        return PREFIX + self.path

    @property
    def id(self) -> str:
        return "f-" + self.path.replace(".", "-")

    @property
    def ticks(self) -> bool:
        """
        Whether it is a list of which each item is ticked or not.
        """
        return bool(self.field.choices) and self.field.type != "choice"

    @property
    def is_long(self) -> bool:
        return self.field.type in ("long", "lines", "list") or "\n" in self.value

    @property
    def height(self) -> int:
        """
        Return how many lines of text to show at once.
        """
        text = self.value if isinstance(self.value, str) else ""
        wrapped = sum(len(line) // 70 + 1 for line in text.split("\n"))
        return min(14, max(3 if self.field.type in ("lines", "list") else 2, wrapped + 1))

    def inside(self) -> Iterable[Box]:
        yield self
        for row in self.rows:
            for one in row:
                yield from one.inside()


def boxes(fields: Sequence[Field], entry: Mapping[str, Any], more: Mapping[str, int] | None = None) -> list[Box]:
    """
    Return the boxes of a form. Tables end with an empty row; `more` asks for further ones by the table's name.
    """
    return [_box(one, one.name, one.value(entry), more or {}) for one in fields]


def _box(of: Field, path: str, value: Any, more: Mapping[str, int]) -> Box:
    if of.type == "table":
        rows = [row for row in value or [] if isinstance(row, Mapping)]
        rows += [{}] * (BLANK_ROWS + more.get(of.name, 0))
        made = [
            [_box(column, f"{path}.{number}.{column.name}", column.value(row), more) for column in of.columns]
            for number, row in enumerate(rows, 1)
        ]
        return Box(of, path, rows=made)
    if of.choices and of.type != "choice":
        return Box(of, path, [str(one) for one in value or []])
    return Box(of, path, _text(of, value))


def template_row(of: Field) -> list[Box]:
    """
    Return an empty row of a table, numbered `__n__`, for the script that adds rows.
    """
    return [_box(column, f"{of.name}.__n__.{column.name}", None, {}) for column in of.columns]


def _text(of: Field, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return "\n".join(said_dates(str(one)) if of.of_days else str(one) for one in value)
    if isinstance(value, float):
        return str(value).replace(".", ",")
    return said_dates(str(value)) if of.of_days else str(value)


# A posted form


def read(fields: Sequence[Field], form: Form, was: Mapping[str, Any]) -> Entry:
    """
    Return the entry that a posted form says.

    Args:
        form: As the browser sent it.
        was: The entry that the form was made of; {} for a new one.
    """
    entry = copy.deepcopy(dict(was))
    shown = {one.field.name: one for one in boxes(fields, was)}
    for of in fields:
        if not _carried(of, form):
            continue
        said = _said(of, form)
        if said != _said(of, Pairs(posted([shown[of.name]]))):
            of.write(entry, said)
    _name_rows(fields, entry)
    return entry


def _carried(of: Field, form: Form) -> bool:
    name = PREFIX + of.name
    return name in form or f"{name}.{HELD}" in form


def _said(of: Field, form: Form, prefix: str = PREFIX) -> Any:
    """
    Return the value of a field as a form has it; None, [] or "" where it is empty.
    """
    name = prefix + of.name
    if of.type == "table":
        return [row for number in _numbers(name, form) if (row := _row(of, form, f"{name}.{number}."))]
    if of.choices and of.type != "choice":
        return [one for one in map(str, form.getall(name, [])) if one]
    text = unicodedata.normalize("NFC", str(form.get(name, "")).replace("\r\n", "\n").replace("\r", "\n")).strip()
    if of.type in ("lines", "list"):
        lines = [line.strip() for line in text.split("\n") if line.strip()]
        return [iso_date(line) for line in lines] if of.of_days else lines
    if of.is_truth:
        return {"true": True, "false": False}.get(text)
    if of.type == "number":
        return number_of(text) if text else None
    return iso_date(text) if of.type == "date" else text or None


def _row(of: Field, form: Form, prefix: str) -> Entry:
    """
    Return a row; {} when nobody has written anything into it.
    """
    row: Entry = {}
    for column in of.columns:
        column.write(row, _said(column, form, prefix))
    return row if set(row) - {"id"} else {}


def _numbers(name: str, form: Form) -> list[int]:
    pattern = re.compile(re.escape(name) + r"\.(\d{1,4})\.")
    return sorted({int(found[1]) for key in form if (found := pattern.match(str(key)))})


def rows_in(name: str, form: Form) -> int:
    """
    Return how many rows of a table a form has, empty ones among them.
    """
    return len(_numbers(PREFIX + name, form))


def _name_rows(fields: Sequence[Field], entry: Entry) -> None:
    """
    Give an id to every row that needs one and has none.
    """
    for of in fields:
        if of.type != "table" or not any(column.name == "id" for column in of.columns):
            continue
        rows = entry.get(of.name) or []
        taken = {row.get("id") for row in rows}
        number = len(rows)
        for row in rows:
            if not row.get("id"):
                while (made := f"{entry.get('id', 'muc')}-{ROW_WORDS.get(of.name, 'dong')}-{number}") in taken:
                    number += 1
                row["id"] = made
                taken.add(made)


def posted(made: Iterable[Box]) -> list[tuple[str, str]]:
    """
    Return what a browser sends of these boxes when nobody touches them.
    """
    pairs: list[tuple[str, str]] = []
    for box in made:
        if box.field.type == "table":
            pairs.append((f"{box.name}.{HELD}", "1"))
            for row in box.rows:
                pairs += posted(row)
        elif isinstance(box.value, list):
            pairs.append((f"{box.name}.{HELD}", "1"))
            # A browser sends what is ticked in the order of the boxes, not of the entry.
            pairs += [(box.name, value) for value, _ in box.field.choices if value in box.value]
        else:
            pairs.append((box.name, box.value.replace("\n", "\r\n") if box.is_long else box.value))
    return pairs


class Pairs:
    """
    A form as a list of pairs.
    """

    def __init__(self, pairs: Iterable[tuple[str, str]]):
        self._values: dict[str, list[str]] = {}
        for name, value in pairs:
            self._values.setdefault(name, []).append(value)

    def __contains__(self, key: object) -> bool:
        return key in self._values

    def __iter__(self) -> Any:
        return iter(self._values)

    def get(self, key: str, default: Any = None) -> Any:
        return self._values.get(key, [default])[0]

    def getall(self, key: str, default: Any = ()) -> list[Any]:
        return self._values.get(key, list(default))


# Mistakes


def place(mistakes: Iterable[Mistake], made: Sequence[Box]) -> list[tuple[str, str]]:
    """
    Put each mistake at its box; return (id to jump to, sentence) of all of them. What has no box stands at the form.
    """
    by_path = {box.path: box for one in made for box in one.inside()}
    found = []
    for mistake in mistakes:
        box = _nearest(mistake.field, by_path)
        message = said_dates(mistake.message)
        if box is not None:
            box.problem = f"{box.problem} {message}".strip()
        found.append((box.id if box is not None else "entry-form", message))
    return found


def _nearest(path: str, by_path: Mapping[str, Box]) -> Box | None:
    above = path
    while above:
        if above in by_path:
            return by_path[above]
        above = above.rpartition(".")[0]
    return next((box for name, box in by_path.items() if name.startswith(f"{path}.")), None) if path else None


def slug_of(text: str) -> str:
    """
    "Gửi xe ở đâu?" → "gui-xe-o-dau": the id of a new entry.
    """
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    words = re.findall(r"[a-z0-9]+", "".join(one for one in plain if not unicodedata.combining(one)))
    made = ""
    for word in words:
        if len(made) + len(word) + 1 > MAX_ID:
            break
        made = f"{made}-{word}".lstrip("-")
    return made
