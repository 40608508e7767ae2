"""
Content files as the office reads them: what each of a file's entries says, and where in the text it stands.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from knowledge import located
from knowledge.content import ENTRY_KINDS, INHERITED
from knowledge.errors import Mistake
from knowledge.located import Place
from knowledge.office.records import ALONE, MODELS, Key, meaning

_ID = re.compile(rb"""\b(?:id|slug):\s*["']?([a-z0-9][a-z0-9-]*)""")


@dataclass(frozen=True)
class Standing:
    """
    An entry in a file. `own` are the names of the fields that it has itself, not from the head of its file.
    """

    key: Key
    path: Path
    place: Place
    line: int
    entry: dict[str, Any]
    own: frozenset[str]


@dataclass
class File:
    """
    A content file: its text and the entries that can be read. `mistakes` are those of the others, or of the whole file.
    """

    path: Path
    raw: bytes
    ward: str
    entries: dict[Key, Standing] = field(default_factory=dict)
    head: dict[str, Any] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)
    count: int = 0


def moment(at: datetime) -> str:
    """
    Return a moment as it is written into the history: ISO 8601, UTC, to the second.
    """
    return at.astimezone(UTC).isoformat(timespec="seconds")


def changed_at(path: Path | None) -> str:
    """
    Return when a file was last changed; now, when there is none.
    """
    try:
        return moment(datetime.fromtimestamp(path.stat().st_mtime, UTC) if path else datetime.now(UTC))
    except FileNotFoundError:
        return moment(datetime.now(UTC))


def ward_of(root: Path, path: Path) -> str:
    """
    Return the ward whose folder a file is in, "" for the base.
    """
    parts = path.relative_to(root).parts
    return parts[1] if parts[0] == "wards" and len(parts) > 2 else ""


def read(root: Path, path: Path) -> File:
    """
    Read one file as it is on disk now. A file that is gone has neither entries nor mistakes.
    """
    ward = ward_of(root, path)
    try:
        raw = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return File(path, b"", ward)
    file = File(path, raw, ward)
    value, lines, file.mistakes = located.load(path)
    if file.mistakes or not isinstance(value, dict) or value.get("kind") not in (*ENTRY_KINDS, *ALONE):
        return file
    kind = value["kind"]
    if kind in ALONE:
        file.count = 1
        _take(file, kind, {key: one for key, one in value.items() if key != "kind"}, (), lines)
        return file
    inherited = INHERITED.get(kind)
    file.head = {key: one for key, one in value.items() if key != "entries"}
    raw_entries = value.get("entries")
    for number, one in enumerate(raw_entries if isinstance(raw_entries, list) else []):
        file.count += 1
        if kind in MODELS and isinstance(one, dict):
            head = {inherited: value.get(inherited) or ""} if inherited else {}
            _take(file, kind, {**head, **one}, ("entries", number), lines, frozenset(one))
    return file


def _take(
    file: File,
    kind: str,
    value: dict[str, Any],
    place: Place,
    lines: dict[Place, int],
    own: frozenset[str] | None = None,
) -> None:
    line = located.line_of(lines, place)
    try:
        record = MODELS[kind].model_validate(value)
    except ValidationError as error:
        name = str(value.get("slug" if kind == "ward" else "id"))
        file.broken.add(name)
        file.mistakes.append(Mistake(file.path, line, f"mục “{name}” có {error.error_count()} lỗi"))
        return
    entry = meaning(record)
    key = Key(kind, str(entry["slug" if kind == "ward" else "id"]), file.ward)
    file.entries[key] = Standing(key, file.path, place, line, entry, own if own is not None else frozenset(value))


class Ids:
    """
    Which files of a content folder name which ids; a file that looks as it did is not read again.
    """

    def __init__(self, root: Path):
        self.root = root
        self._known: dict[Path, tuple[tuple[int, ...], frozenset[str]]] = {}

    def holding(self, ids: set[str]) -> dict[str, list[Path]]:
        """
        Return for each id the files whose text has it as an id, in order of their paths.
        """
        known: dict[Path, tuple[tuple[int, ...], frozenset[str]]] = {}
        found: dict[str, list[Path]] = {id: [] for id in ids}
        for path in paths(self.root):
            try:
                status = path.stat()
                looks = (status.st_size, status.st_ino, status.st_mtime_ns, status.st_ctime_ns)
                there = self._known.get(path)
                if there is None or there[0] != looks:
                    there = looks, frozenset(id.decode() for id in _ID.findall(path.read_bytes()))
            except OSError:
                continue
            known[path] = there
            for id in ids & there[1]:
                found[id].append(path)
        self._known = known
        return found


def paths(root: Path) -> Iterator[Path]:
    yield from sorted(path for path in root.rglob("*.yml") if not path.name.startswith("."))
