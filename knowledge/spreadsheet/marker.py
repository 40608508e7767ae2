"""
What an exported file remembers of its making, in a sheet that nobody sees: whose it is, and what each entry said then.

So a row that is missing was taken out, and a cell that differs was edited in the file, not on the pages meanwhile. A file without it
(one CSV alone, a sheet copied into another file) can add and change, and removes nothing.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

FORM = "tro-ly-mot-cua/1"


@dataclass(frozen=True)
class Exported:
    """
    An entry as it was exported: `own` when it stood in the ward itself (or, of the base, in the base).
    """

    kind: str
    id: str
    own: bool
    digest: str
    title: str


@dataclass(frozen=True)
class Marker:
    ward: str
    made: str
    entries: dict[str, Exported] = field(default_factory=dict)


def digest(entry: Mapping[str, Any]) -> str:
    """
    Return a short name of what an entry says.
    """
    return hashlib.sha256(orjson.dumps(entry, option=orjson.OPT_SORT_KEYS)).hexdigest()[:20]


def rows(ward: str, made: str, entries: Iterable[Exported]) -> Iterator[list[str]]:
    yield [FORM, ward, made]
    for one in entries:
        yield [one.kind, one.id, "own" if one.own else "base", one.digest, one.title]


def read(found: Iterable[list[str]]) -> Marker | None:
    """
    Return what the rows say, None when they are not ours.
    """
    lines = iter(found)
    head = next(lines, [])
    if len(head) < 2 or head[0] != FORM:
        return None
    entries = {
        line[1]: Exported(line[0], line[1], line[2] == "own", line[3], line[4] if len(line) > 4 else line[1])
        for line in lines
        if len(line) >= 4
    }
    return Marker(head[1], head[2] if len(head) > 2 else "", entries)
