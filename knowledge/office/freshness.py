"""
What has grown old: entries past their dates, and those that rely on a document that another has replaced.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import orjson

from knowledge.errors import RequestError
from knowledge.office.basis import Document, citation, documents
from knowledge.office.catalogue import Catalogue, Row
from knowledge.office.history import sync

REPLACED = "{old} đã được thay bằng {new}: rà lại nội dung, sửa căn cứ pháp lý rồi xóa dòng này."


@dataclass(frozen=True)
class Outdated:
    """
    A line of an entry's legal basis that no longer holds: replaced by a document, or past its end when `by` is None.
    """

    line: str
    by: Document | None


class Replacements:
    """
    Which document replaced which: what staff said (`replaced.jsonl`), and what the content's own citations say.
    """

    def __init__(self, folder: Path):
        self.path = folder / "replaced.jsonl"

    def said(self) -> list[tuple[Document, Document]]:
        try:
            lines = self.path.read_bytes().splitlines()
        except FileNotFoundError:
            return []
        pairs = []
        for line in lines:
            try:
                read = orjson.loads(line)
                pairs.append((one_document(read["old"]), one_document(read["new"])))
            except (orjson.JSONDecodeError, KeyError, RequestError):
                continue
        return pairs

    def add(self, old: Document, new: Document, *, by: str, at: str) -> None:
        if (old, new) in self.said():
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("ab") as file:
            file.write(orjson.dumps({"old": str(old), "new": str(new), "by": by, "at": at}) + b"\n")
        sync([self.path, self.path.parent])

    def known(self, catalogue: Catalogue, today: date) -> list[tuple[Document, Document]]:
        """
        Return (old, new) of everything that is replaced by a day, each pair once.
        """
        pairs = dict.fromkeys(self.said())
        lines = {
            line for row in catalogue.rows for line in (*row.basis, *(getattr(row.record, "to_check", None) or ()))
        }
        for line in sorted(lines):
            read = citation(line)
            if read.in_force is None or read.in_force <= today:
                pairs |= dict.fromkeys(read.replaced)
        return list(pairs)


def one_document(text: str) -> Document:
    """
    Raises:
        RequestError: when the text does not name just one document.
    """
    named = documents(text)
    if len(named) != 1:
        raise RequestError(f"{text[:80]!r} does not name one document, as NĐ 20/2021 does", {"document": text[:80]})
    return named[0]


def outdated(lines: Iterable[str], replaced: list[tuple[Document, Document]], today: date) -> list[Outdated]:
    """
    Return the lines of one entry's legal basis that no longer hold. A line that says itself what replaced it is in order.
    """
    found = []
    for line in lines:
        read = citation(line)
        if read.ends is not None and read.ends < today:
            found.append(Outdated(line, None))
            continue
        known = [old for old, _ in read.replaced]
        new = next((new for old, new in replaced if old not in known and any(map(old.same_as, read.documents))), None)
        if new is not None:
            found.append(Outdated(line, new))
    return found


def citing(rows: Iterable[Row], document: Document) -> list[tuple[Row, list[str]]]:
    """
    Return the entries whose legal basis names a document, each with the lines that do.
    """
    found = []
    for row in rows:
        lines = [line for line in row.basis if any(document.same_as(one) for one in citation(line).documents)]
        if lines:
            found.append((row, lines))
    return found


def freshness(catalogue: Catalogue, replacements: Replacements, ward: str, today: date) -> dict[str, Any]:
    """
    Return {expired, due, replaced} of what a ward sees, oldest first.
    """
    rows = list(catalogue.seen(ward))
    expired = sorted((row for row in rows if row.expired(today)), key=lambda row: row.valid_until or "")
    due = sorted(
        (row for row in rows if row.due(today) and not row.expired(today)), key=lambda row: row.review_by or ""
    )
    replaced = replacements.known(catalogue, today)
    return {
        "expired": [catalogue.shown(row, ward, today) for row in expired],
        "due": [catalogue.shown(row, ward, today) for row in due],
        "replaced": [
            {"entry": catalogue.shown(row, ward, today), "basis": each.line, "by": str(each.by) if each.by else None}
            for row in rows for each in outdated(row.basis, replaced, today)
        ],
    }  # fmt: skip
