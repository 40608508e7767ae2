"""
Puts entries into their files, all or none: written beside, proved, and made current by one rename each.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import structlog

from knowledge.content import INHERITED
from knowledge.errors import FileBroken, FileNotWritable
from knowledge.importing.yaml_text import dump
from knowledge.office import files, splice
from knowledge.office.files import File, Standing
from knowledge.office.history import sync
from knowledge.office.marks import CannotSplice
from knowledge.office.records import ALONE, Key, blanks

log = structlog.get_logger()
FOLDERS = {"faq": "faqs", "procedure": "procedures", "service": "services"}
OWN_FILE, MOST_ENTRIES = "mot-cua", 40  # where entries go that have no file yet; the next file when one is full


class FileMoved(Exception):
    """
    Somebody saved a file while its new text was being made: look again.
    """


@dataclass
class Pending:
    """
    A file with what is to become of it: for each entry what it will say, None for those that go.
    """

    file: File
    wanted: dict[Key, dict[str, Any] | None] = field(default_factory=dict)


def gather(
    root: Path,
    wanted: Mapping[Key, dict[str, Any] | None],
    there: Mapping[Key, Standing | None],
    read: Mapping[Path, File],
) -> list[Pending]:
    """
    Return the files that are to change: where an entry stands, or where a new one goes.

    Args:
        read: Files as they were just read.
    """
    pending: dict[Path, Pending] = {}

    def of(path: Path) -> Pending:
        if path not in pending:
            pending[path] = Pending(read.get(path) or files.read(root, path))
        return pending[path]

    for key, entry in wanted.items():
        own = there[key]
        if own is not None:
            of(own.path).wanted[key] = entry
            continue
        for path in _homes(root, key, entry or {}):
            home = of(path)
            coming = sum(one not in home.file.entries for one in home.wanted)
            if (
                not home.file.mistakes
                and (not home.file.raw or home.file.count)
                and home.file.count + coming < MOST_ENTRIES
            ):
                home.wanted[key] = entry
                break
    return [each for each in pending.values() if each.wanted]


def _homes(root: Path, key: Key, entry: Mapping[str, Any]) -> Iterator[Path]:
    """
    Yield where an entry that has no file yet may go, best first.
    """
    folder = root / "wards" / key.ward if key.ward else root / "common"
    if key.kind == "ward":
        yield folder / "ward.yml"
    elif key.kind == "plan":
        yield from (path for name in (entry["year"], key.id) if not (path := folder / "plans" / f"{name}.yml").exists())
    else:
        for number in range(1, 10_000):
            yield folder / FOLDERS[key.kind] / f"{OWN_FILE}{f'-{number}' if number > 1 else ''}.yml"


def write(root: Path, pending: Sequence[Pending]) -> None:
    """
    Raises:
        FileMoved: when a file is no longer what it was when it was read; nothing was written.
        FileBroken: when a file cannot be changed without touching what else is in it; nothing was written.
        FileNotWritable: when the system refuses; of several files the first may have been written.
    """
    made: list[tuple[Pending, Path | None]] = []
    try:
        for each in pending:
            text = _text(root, each)
            made.append((each, _beside(root, each, text) if text is not None else None))
        sync([beside for _, beside in made if beside])
        for each, _ in made:
            now = each.file.path.read_bytes() if each.file.path.exists() else b""
            if now != each.file.raw:
                raise FileMoved
        for each, beside in made:
            if beside is None:
                each.file.path.unlink()
            else:
                os.replace(beside, each.file.path)
        sync({each.file.path.parent for each in pending})
    except OSError as error:
        path = Path(error.filename or root)
        raise FileNotWritable(
            path.relative_to(root) if path.is_relative_to(root) else path, error.strerror or "?"
        ) from error
    finally:
        for _, beside in made:
            if beside is not None:
                beside.unlink(missing_ok=True)


def tidy(root: Path) -> None:
    """
    Remove what a process that was killed had written beside a file. Only for who holds the lock.
    """
    for path in root.rglob(".*.yml.*~"):
        path.unlink(missing_ok=True)


def _beside(root: Path, each: Pending, text: str) -> Path:
    path = each.file.path
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{uuid4().hex[:8]}~")  # no content file, nor one that the watcher reports
    try:
        beside.write_bytes(_as_it_was(text, each.file.raw))
        if path.exists():
            beside.chmod(path.stat().st_mode)
        _prove(root, each, files.read(root, beside))
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    return beside


def _prove(root: Path, each: Pending, written: File) -> None:
    """
    Make sure that the new text says what was wanted, and of everything else what it said before.
    """
    expected: dict[Key, Any] = {key: standing.entry for key, standing in each.file.entries.items()} | each.wanted
    found = {key: standing.entry for key, standing in written.entries.items()}
    gone = sum(entry is None for entry in each.wanted.values())
    came = sum(key not in each.file.entries for key in each.wanted)
    if (
        found != {key: entry for key, entry in expected.items() if entry is not None}
        or len(written.mistakes) != len(each.file.mistakes)
        or written.count != each.file.count - gone + came
    ):
        log.error("entry.not_written", file=str(each.file.path), keys=[str(key) for key in each.wanted])
        raise FileBroken(each.file.path.relative_to(root), [])


def _text(root: Path, each: Pending) -> str | None:
    """
    Return the new text of a file, None when it goes: it holds nothing more, and no person began it.
    """
    file, text = each.file, _unix(each.file.raw)
    gone = sum(entry is None for entry in each.wanted.values())
    alone = any(key.kind in ALONE for key in file.entries)
    if gone and gone == file.count and len(each.wanted) == gone and (alone or file.path.name.startswith(OWN_FILE)):
        return None
    changes = [_change(file.entries[key], entry) for key, entry in each.wanted.items() if entry and key in file.entries]
    try:
        text = _changed(text, changes, next(iter(each.wanted)).kind)
        # From the end on, so that the numbers of those before stay what they are.
        leaving = [file.entries[key].place for key, entry in each.wanted.items() if entry is None]
        for place in sorted(leaving, reverse=True):
            text = splice.remove(text, place)
        return _added(text, [(key, entry) for key, entry in each.wanted.items() if entry and key not in file.entries])
    except CannotSplice as error:
        log.warning("entry.cannot_be_spliced", file=str(file.path), why=str(error))
        raise FileBroken(file.path.relative_to(root), []) from error


def _change(standing: Standing, entry: dict[str, Any]) -> splice.Change:
    old, new = dict(standing.entry), dict(entry)
    inherited = INHERITED.get(standing.key.kind)
    if inherited and inherited not in standing.own and old.get(inherited) == new.get(inherited):
        old.pop(inherited, None)
        new.pop(inherited, None)
    return standing.place, old, new


def _changed(text: str, changes: Sequence[splice.Change], kind: str) -> str:
    """
    Return the text with entries changed where they stand; one that cannot be changed so is written anew.
    """
    if not changes:
        return text
    try:
        return splice.change(text, changes, blanks(kind))
    except CannotSplice:
        if len(changes) == 1:
            place, _, new = changes[0]
            if not place:
                raise
            return splice.rewrite(text, place, new)
    for one in changes:
        text = _changed(text, [one], kind)
    return text


def _added(text: str, new: Sequence[tuple[Key, dict[str, Any]]]) -> str:
    if new and not text.strip():
        kind, first = new[0][0].kind, new[0][1]
        return dump(
            {"kind": kind, **first} if kind in ALONE else {"kind": kind, "entries": [entry for _, entry in new]}
        )
    for _, entry in new:
        text = splice.append(text, ("entries",), entry)
    return text


def _unix(raw: bytes) -> str:
    return raw.decode("utf-8-sig").replace("\r\n", "\n")


def _as_it_was(text: str, raw: bytes) -> bytes:
    """
    Return the bytes of a text with the line ends and the byte order mark of the file it comes from.
    """
    if raw.count(b"\r\n") * 2 > raw.count(b"\n") > 0:
        text = text.replace("\n", "\r\n")
    return (b"\xef\xbb\xbf" if raw.startswith(b"\xef\xbb\xbf") else b"") + text.encode()
