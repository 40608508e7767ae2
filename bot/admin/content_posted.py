"""
What an officer sent with the form of an entry. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from bot.admin import content_forms
from bot.admin.content_fields import Entry, Field
from bot.admin.content_forms import PREFIX, Form, Pairs
from bot.admin.errors import Refused

MAX_NOTE = 200
MOST_BLANK_ROWS = 20


@dataclass(frozen=True)
class Posted:
    """
    `was` is the entry that the form was made of, `expected` its version, None for a new entry. `do` says which button
    was pressed: "save", "try", "row" or "drop"; then `more` says how many empty rows a table shows beyond the usual.
    """

    entry: Entry
    was: Entry
    expected: int | None
    note: str
    do: str
    more: Mapping[str, int]

    @property
    def saves(self) -> bool:
        return self.do == "save"


def key_of(kind: str) -> str:
    return "slug" if kind == "ward" else "id"


def read(fields: Sequence[Field], form: Any, kind: str, id: str, *, today: str) -> Posted:
    """
    Raises:
        Refused: 400, the form is not one of ours.
    """
    was = entry_in(form, "was")
    do, _, about = str(form.get("do") or "save").partition(":")
    pairs: Form = _without(form, f"{PREFIX}{about}.") if do == "drop" else form
    entry = content_forms.read(fields, pairs, was)
    if id:
        entry[key_of(kind)] = id
    if form.get("checked_today"):
        entry["as_of"] = today
    more = {}
    if do == "row":
        rows = entry.get(about)
        blank = content_forms.rows_in(about, form) - (len(rows) if isinstance(rows, list) else 0)
        more[about] = min(max(blank, 1), MOST_BLANK_ROWS)
    return Posted(entry, was, expected_in(form), note_in(form), do, more)


def entry_in(form: Any, name: str) -> Entry:
    """
    Return an entry that travelled along with the form.

    Raises:
        Refused: 400.
    """
    try:
        found = orjson.loads(str(form.get(name) or "{}"))
    except orjson.JSONDecodeError as error:
        raise Refused(400, "form.unreadable", f"{name} is no JSON") from error
    if not isinstance(found, dict):
        raise Refused(400, "form.unreadable", f"{name} is no object")
    return found


def expected_in(form: Any) -> int | None:
    text = str(form.get("expected") or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def note_in(form: Any) -> str:
    return " ".join(str(form.get("note") or "").split())[:MAX_NOTE]


def as_text(entry: Mapping[str, Any]) -> str:
    """
    Return an entry as it travels along with a form.
    """
    return orjson.dumps(entry).decode()


def _without(form: Any, prefix: str) -> Pairs:
    items: Iterable[tuple[str, Any]] = form.items()
    return Pairs([(name, str(value)) for name, value in items if not name.startswith(prefix)])
