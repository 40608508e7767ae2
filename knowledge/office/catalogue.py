"""
The list of everything that can be edited: filtered, searched without marks, and quick at 20,000 entries.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from operator import attrgetter
from typing import Any

from pydantic import BaseModel

from knowledge.content import Content
from knowledge.entries import past
from knowledge.office.places import Places
from knowledge.office.records import Key

EXPIRED, DUE, UNCHECKED, OVERRIDDEN = "expired", "due", "unchecked", "overridden"
STATES = (EXPIRED, DUE, UNCHECKED, OVERRIDDEN)
DUE_DAYS = 30  # this long before `review_by` an entry is due


@dataclass(frozen=True, slots=True)
class Row:
    """
    What the list shows of an entry; `words` are its names and questions without marks, for the search.
    """

    key: Key
    record: BaseModel
    title: str
    as_of: str
    review_by: str | None
    valid_until: str | None
    to_check: int
    unchecked: bool
    questions: int
    basis: tuple[str, ...]
    plain: str
    words: str

    def expired(self, today: date) -> bool:
        return past(self.valid_until, today)

    def due(self, today: date) -> bool:
        return self.review_by is not None and _soon(today)[: len(self.review_by)] >= self.review_by


class Catalogue:
    """
    The rows of one content, in order of their titles. What was not read anew is taken over from the one before.
    """

    def __init__(self, content: Content, before: "Catalogue | None" = None):
        self.content = content
        self.places: Places = Places(content, before.places if before else None)
        touched = self.places.touched
        self.by_key: dict[Key, Row] = dict(before.by_key) if before else {}
        old = {id(self.by_key[key]) for key in touched if key in self.by_key}
        rows: list[Row] = [row for row in before.rows if id(row) not in old] if before else []
        for key in touched:
            known, stored = self.by_key.pop(key, None), self.places.stored.get(key)
            if stored is not None:
                row = known if known is not None and known.record is stored.record else _row(key, stored.record)
                self.by_key[key] = row
                rows.append(row)
        self.rows: list[Row] = sorted(rows, key=attrgetter("plain", "key"))
        self.own: dict[str, set[str]] = dict(before.own) if before else {}
        for changed in {key.ward for key in touched}:
            self.own[changed] = {id for ward, id in self.places.owners if ward == changed}
        base = self.own.get("", set())
        self.overridden = {id for ward, ids in self.own.items() if ward for id in ids & base}

    def seen(self, ward: str) -> Iterator[Row]:
        """
        Yield what a ward sees, its own in place of the base; the base alone for "".
        """
        own = self.own.get(ward, set()) if ward else set()
        for row in self.rows:
            if row.key.ward == ward or (not row.key.ward and row.key.id not in own):
                yield row

    def shown(self, row: Row, ward: str, today: date) -> dict[str, Any]:
        """
        Return a row as JSON.
        """
        return {
            "id": row.key.id, "kind": row.key.kind, "title": row.title, "ward": row.key.ward, "overridden": self.is_overridden(row, ward),
            "as_of": row.as_of, "review_by": row.review_by, "valid_until": row.valid_until, "expired": row.expired(today),
            "to_check": row.to_check, "questions": row.questions,
        }  # fmt: skip

    def is_overridden(self, row: Row, ward: str) -> bool:
        """
        Tell whether an entry of the ward stands in place of one of the base; for the base, whether any ward has done so.
        """
        if row.key.ward:
            return row.key.id in self.own.get("", ())
        return not ward and row.key.id in self.overridden

    def search(self, ward: str, today: date, *, kind: str = "", text: str = "", state: str = "") -> list[Row]:
        """
        Return the rows that hold every word of the text, those that have them in their title first.
        """
        rows = [row for row in self.seen(ward) if row.key.kind == kind] if kind else list(self.seen(ward))
        words = fold(text).split()
        for word in words:
            rows = [row for row in rows if word in row.words]
        if state == EXPIRED:
            rows = [row for row in rows if row.expired(today)]
        elif state == DUE:
            soon = _soon(today)
            rows = [row for row in rows if row.review_by and soon[: len(row.review_by)] >= row.review_by]
        elif state == UNCHECKED:
            rows = [row for row in rows if row.unchecked]
        elif state == OVERRIDDEN:
            rows = [row for row in rows if self.is_overridden(row, ward)]
        wanted = " ".join(words)
        return sorted(rows, key=lambda row: _closeness(row, wanted, words)) if words else rows


def _soon(today: date) -> str:
    return (today + timedelta(days=DUE_DAYS)).isoformat()


def fold(text: str) -> str:
    """
    Return a text in lower case, without marks; y and i are one letter.
    """
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    if not plain.isascii():
        plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return plain.replace("y", "i")


def _closeness(row: Row, wanted: str, words: list[str]) -> int:
    if row.key.id == wanted or row.plain == wanted:
        return 0
    if row.plain.startswith(wanted):
        return 1
    if wanted in row.plain:
        return 2
    return 3 if all(word in row.plain for word in words) else 4


def _row(key: Key, record: BaseModel) -> Row:
    def of(name: str) -> Any:
        return getattr(record, name, None)

    title = str(of("name") if key.kind == "ward" else of("title"))
    asked = questions(record)
    plain = fold(title)
    names = [key.id, *(of("aliases") or ()), *filter(None, (of("code"), of("official_title"))), *(of("old_codes") or ()),
             *(of("former_names") or ())]  # fmt: skip
    return Row(
        key, record, title, str(of("as_of")), of("review_by"), of("valid_until"), len(of("to_check") or ()),
        bool(of("to_check") or of("unverified") or of("confidence") == "unverified"), len(asked), tuple(of("legal_basis") or ()),
        plain, "\n".join((plain, fold("\n".join([*names, *asked])))),
    )  # fmt: skip


def questions(record: BaseModel) -> list[str]:
    """
    Return the questions that an entry itself says it answers, its cases' and a plan's parts' among them.
    """
    own = getattr(record, "questions", None) or []
    found = [question for some in own.values() for question in some] if isinstance(own, dict) else list(own)
    for table in ("cases", "tasks", "kpis", "facts"):
        for part in getattr(record, table, ()):
            found += part.questions
    return found
