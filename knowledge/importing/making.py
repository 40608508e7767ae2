"""
The draft while it is made: values with the places they were read from, and what every line of the source is used for.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from knowledge.importing import asking
from knowledge.importing.draft import Unread
from knowledge.importing.fields import Listed
from knowledge.sources.document import Document


@dataclass
class Making:
    """
    The draft while it is made: values, where each was read, what every line is used for.
    """

    document: Document
    plan: dict[str, Any] = field(default_factory=dict)
    places: dict[str, list[int]] = field(default_factory=dict)
    uses: dict[int, list[str]] = field(default_factory=dict)
    to_check: list[str] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)

    def used(self, path: str, lines: Iterable[int]) -> None:
        self.places[path] = sorted({*self.places.get(path, []), *lines})
        self.mark(path, lines)

    def mark(self, use: str, lines: Iterable[int]) -> None:
        for line in lines:
            told = self.uses.setdefault(line, [])
            if use not in told:
                told.append(use)

    def put(self, path: str, value: Any, lines: Iterable[int]) -> None:
        self.plan[path] = value
        self.used(path, lines)

    def put_list(self, path: str, listed: Iterable[Listed]) -> None:
        self.plan[path] = []
        for place, one in enumerate(listed):
            self.plan[path].append(one.text)
            self.used(f"{path}.{place}", one.lines)

    def not_read(self, lines: Sequence[int], why: str, text: str = "") -> None:
        lines = [line for line in lines if self.document.line(line).text.strip()]
        if lines:
            spot = asking.spot(self.document, lines)
            shown = text or spot.text
            self.unread.append(
                Unread(
                    lines=spot.lines, where=spot.where, text=shown, around=_around(self.document, spot.lines), why=why
                )
            )


def _around(document: Document, lines: Sequence[int]) -> str:
    """
    Return the nearest line with words before and after, with what stands between them left out.
    """
    before = next((line.text.strip() for line in reversed(document.lines[: lines[0] - 1]) if line.text.strip()), "")
    after = next((line.text.strip() for line in document.lines[lines[-1] :] if line.text.strip()), "")
    return f"{before[-120:]} ⟨…⟩ {after[:120]}".strip()
