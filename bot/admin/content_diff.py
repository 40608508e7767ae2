"""
What differs between two texts of an entry, field by field, and one entry out of two that were edited at once. Pure.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from bot.admin.content_fields import Entry, Field

Side = Literal["mine", "theirs"]
_WORDS = re.compile(r"\S+\s*|\s+")


@dataclass(frozen=True)
class Piece:
    """
    A stretch of text; `changed` when the other side does not have it.
    """

    text: str
    changed: bool


Line = list[Piece]


@dataclass(frozen=True)
class Difference:
    """
    A field that differs, as lines of pieces; no lines where a side says nothing.
    """

    field: Field
    before: list[Line]
    after: list[Line]


@dataclass(frozen=True)
class Choice:
    """
    A field in which two editors differ. `by`: who changed it since both began: "mine", "theirs", or "both".
    """

    field: Field
    by: Literal["mine", "theirs", "both"]
    theirs: list[Line]
    mine: list[Line]


def differences(
    fields: Sequence[Field], before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
) -> list[Difference]:
    """
    Return the fields that differ, in the order of the form; None is an entry that is not there.
    """
    found = []
    for field in fields:
        old, new = field.value(before or {}), field.value(after or {})
        if old != new:
            found.append(Difference(field, *compared(field.said(old), field.said(new))))
    return found


def compared(before: Sequence[str], after: Sequence[str]) -> tuple[list[Line], list[Line]]:
    """
    Mark what is gone in the lines before, and what is new in those after; lines that changed, word by word.
    """
    gone: list[Line] = []
    new: list[Line] = []
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for tag, begin, end, begin_new, end_new in matcher.get_opcodes():
        old_lines, new_lines = before[begin:end], after[begin_new:end_new]
        if tag == "replace" and len(old_lines) == len(new_lines):
            for old_line, new_line in zip(old_lines, new_lines, strict=True):
                old_pieces, new_pieces = _words(old_line, new_line)
                gone.append(old_pieces)
                new.append(new_pieces)
            continue
        gone += [[Piece(line, tag != "equal")] for line in old_lines]
        new += [[Piece(line, tag != "equal")] for line in new_lines]
    return gone, new


def _words(before: str, after: str) -> tuple[Line, Line]:
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() < 0.3:  # another sentence: word by word nobody could read it
        return [Piece(before, True)], [Piece(after, True)]
    gone: Line = []
    made: Line = []
    for tag, begin, end, begin_new, end_new in matcher.get_opcodes():
        for pieces, words in ((gone, old[begin:end]), (made, new[begin_new:end_new])):
            if words:
                pieces.append(Piece("".join(words), tag != "equal"))
    return gone, made


def choices(
    fields: Sequence[Field], was: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any]
) -> list[Choice]:
    """
    Return the fields in which two editors of the same entry differ.
    """
    found = []
    for field in fields:
        old, my, their = field.value(was), field.value(mine), field.value(theirs)
        if my == their:
            continue
        by: Literal["mine", "theirs", "both"] = "mine" if their == old else "theirs" if my == old else "both"
        found.append(Choice(field, by, *compared(field.said(their), field.said(my))))
    return found


def merged(
    fields: Sequence[Field], mine: Mapping[str, Any], theirs: Mapping[str, Any], picks: Mapping[str, Side]
) -> Entry:
    """
    Return theirs with the fields that are picked from mine, by name.
    """
    entry = copy.deepcopy(dict(theirs))
    for field in fields:
        if picks.get(field.name) == "mine":
            field.write(entry, copy.deepcopy(field.value(mine)))
    return entry


def changed_fields(
    before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
) -> tuple[Entry | None, Entry | None]:
    """
    Return what both say in the fields that differ, for the audit; None for an entry that is not there.
    """
    if before is None or after is None:
        return (dict(before) if before is not None else None), (dict(after) if after is not None else None)
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return {name: before[name] for name in names if name in before}, {
        name: after[name] for name in names if name in after
    }
