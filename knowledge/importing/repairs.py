"""
Applies the certain repairs to paragraphs and keeps an account of them; the doubtful wounds are handed on as they are.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from knowledge.importing import wounds
from knowledge.importing.collocations import Collocations
from knowledge.importing.paragraphs import UPPER, Paragraph
from knowledge.importing.wound import UNITS, Wound
from knowledge.text import fold, normalise
from knowledge.wards import Ward

MOST_PASSES = 4  # a repair can uncover another: "Công khu phố tin" → "Công thông tin" → "Cổng thông tin"
_AROUND = 30


@dataclass(frozen=True)
class Repair:
    """
    One thing that was repaired, wherever it stood: the letters before and after, why (a key of `wound.WHY`), the words
    around the first place, the lines of all.
    """

    was: str
    put: str
    why: str
    around: str
    lines: tuple[int, ...]


@dataclass(frozen=True)
class Suspicion:
    """
    A wound that a person has to judge: what stands there, the likeliest repair, words around it, lines.
    """

    was: str
    put: str
    why: str
    around: str
    lines: tuple[int, ...]


def repair(
    paragraphs: Sequence[Paragraph], words: Collocations, ward: Ward
) -> tuple[list[Paragraph], list[Repair], list[Suspicion]]:
    """
    Return the repaired paragraphs, what was repaired, and what looks wrong but is not certain.
    """
    current = list(paragraphs)
    done: dict[tuple[str, str, str], tuple[str, set[int]]] = {}
    for _ in range(MOST_PASSES):
        found = wounds.find([paragraph.text for paragraph in current], words)
        found = [[*these, *_names(paragraph, ward, these)] for paragraph, these in zip(current, found, strict=True)]
        if not any(wound.certain for these in found for wound in these):
            break
        for place, these in enumerate(found):
            for wound in sorted(these, key=lambda one: -one.start):
                if wound.certain:
                    was = current[place].text[wound.start : wound.end]
                    _, lines = done.setdefault(
                        (was, wound.put, wound.why), (_around(current[place].text, wound), set())
                    )
                    lines.update(current[place].lines_of(wound.start, wound.end))
                    current[place] = current[place].with_repair(wound.start, wound.end, wound.put)
    repairs = [Repair(*key, around, tuple(sorted(lines))) for key, (around, lines) in done.items()]
    return current, sorted(repairs, key=lambda one: one.lines), list(_suspicions(current, words, ward))


def _suspicions(paragraphs: Sequence[Paragraph], words: Collocations, ward: Ward) -> Iterator[Suspicion]:
    gathered: dict[tuple[str, str, str], Suspicion] = {}
    for paragraph, these in zip(paragraphs, wounds.find([one.text for one in paragraphs], words), strict=True):
        for wound in (*these, *_names(paragraph, ward, these)):
            was = paragraph.text[wound.start : wound.end]
            lines = paragraph.lines_of(wound.start, wound.end)
            around = _around(paragraph.text, wound)
            key = (was, wound.put, wound.why)
            before = gathered.get(key)
            gathered[key] = (
                replace(before, lines=tuple(sorted({*before.lines, *lines})))
                if before
                else Suspicion(*key, around, lines)
            )
    yield from gathered.values()


def _around(text: str, wound: Wound) -> str:
    """
    Return some words before and after a wound, cut where words end.
    """
    start, end = max(0, wound.start - _AROUND), wound.end + _AROUND
    before, after = text[start : wound.start], text[wound.end : end]
    if start:
        before = "…" + before.partition(" ")[2]
    if end < len(text):
        after = after.rpartition(" ")[0] + "…"
    return before + text[wound.start : wound.end] + after


def _names(paragraph: Paragraph, ward: Ward, found: Sequence[Wound]) -> Iterator[Wound]:
    """
    Yield the ward's name where it is written otherwise, and the names of other wards that a copied text brought along.

    A name that differs in its marks only ("xã Tiên Tiến" for "xã Tiền Tiến") is the ward's own: certain. Another name is
    a question: the neighbour may be meant.
    """
    own = ward.name.removeprefix(ward.unit).strip()
    known = {fold(normalise(one)) for one in (*ward.former_names, own)}
    count = len(own.split())
    word = rf"[{UPPER}][^\W\d_]*"
    for match in re.finditer(
        rf"(?<![^\W\d_])({ward.unit}|{ward.unit.upper()}|{ward.unit.capitalize()}) ({word}(?: {word}){{0,3}})",
        paragraph.text,
    ):
        if any(match.start(2) < wound.end and wound.start < match.end(2) for wound in found):
            continue
        parts = match[2].split(" ")
        said, rest = " ".join(parts[:count]), parts[count:]
        start, end = match.start(2), match.start(2) + len(said)
        shown = own.upper() if said.isupper() and len(said) > 1 else own
        if fold(normalise(said)) == fold(normalise(own)):
            if said != shown:
                yield Wound(start, end, shown, True, "ten-don-vi")
            elif rest and not said.isupper() and not _begins_another(rest[0]):
                yield Wound(start, match.end(), shown, False, "ten-don-vi")
        elif (
            fold(normalise(match[2])) not in known
            and not match[2].isupper()
            and parts[0].lower() not in UNITS
            and len(parts) > 1
        ):
            yield Wound(start, match.end(), shown, False, "ten-don-vi")


def _begins_another(word: str) -> bool:
    return word.isupper() or word.lower() in {
        "năm",
        "về",
        "ban",
        "và",
        "tổ",
        "các",
        "theo",
        "ngày",
        "tại",
        "thực",
        "xây",
        "kế",
        "đã",
        "thành",
        "tỉnh",
    }
