"""
Every version of every entry: one file of JSON lines per id, on disk before anybody is told that it was saved.

Base and wards share an id's file and its numbers, so that a number never means two things: an override that was
deleted and made again is another version than the one an editor still has open.
"""

import os
import threading
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from fcntl import LOCK_EX, flock
from pathlib import Path
from typing import Any

import orjson

from knowledge.office.records import Key

ONE_BY_ONE = 20  # more files than that are waited for together
BY_HAND = "tệp"  # who changed a version that nobody saved here: it was edited in its file


@dataclass(frozen=True)
class Version:
    """
    What an entry said from a moment on; `entry` is None from when it was deleted. `at` is ISO 8601 in UTC.
    """

    version: int
    ward: str
    at: str
    by: str
    note: str
    entry: dict[str, Any] | None


class History:
    """
    The folder of versions, and the one lock under which content is changed, in this process and any other.
    """

    def __init__(self, folder: Path):
        self.folder = folder
        self._lock = threading.RLock()
        self._depth = 0

    @contextmanager
    def lock(self) -> Iterator[None]:
        """
        Hold the lock; a thread that has it may take it again.
        """
        with self._lock:
            if self._depth:
                yield
                return
            self.folder.mkdir(parents=True, exist_ok=True)
            with (self.folder / ".lock").open("w") as file:
                flock(file, LOCK_EX)
                self._depth += 1
                try:
                    yield
                finally:
                    self._depth -= 1

    def path(self, key: Key) -> Path:
        return self.folder / key.kind / f"{key.id}.jsonl"

    def all(self, key: Key) -> list[Version]:
        """
        Return the versions of base and wards, oldest first. A line that a crash cut short is none.
        """
        try:
            lines = self.path(key).read_bytes().split(b"\n")
        except FileNotFoundError:
            return []
        found = []
        for line in lines:
            try:
                found.append(Version(**orjson.loads(line)))
            except (orjson.JSONDecodeError, TypeError):
                continue
        return found

    def of(self, key: Key) -> list[Version]:
        """
        Return the versions of an entry where it stands, oldest first.
        """
        return [version for version in self.all(key) if version.ward == key.ward]

    def settle(self, key: Key, there: dict[str, Any] | None, *, at: str, before: dict[str, Any] | None = None, has_base: bool = False,
               keep: bool = False) -> Version | None:  # fmt: skip
        """
        Return the version that the entry in its file is, after writing down what was edited by hand.

        An entry of the base that nobody has touched is version 1 without being written down, unless it is to be kept.

        Args:
            there: What the file says now; None when it holds no such entry.
            at: When the file was last changed.
            before: What it said when it was last read, for an entry that was never written down.
            has_base: Whether there is an entry of the base under this one.
        """
        own = self.of(key)
        last = own[-1] if own else None
        first = 1 if not key.ward else None
        if last is None and before is not None and before != there:
            last = self.append(key, before, by=BY_HAND, note="", at=at, number=first, has_base=has_base)
        elif last is None and there is not None:
            if key.ward or keep:
                return self.append(key, there, by=BY_HAND, note="", at=at, number=first, has_base=has_base)
            return Version(1, "", at, BY_HAND, "", there)
        if (last.entry if last else None) != there:
            return self.append(key, there, by=BY_HAND, note="", at=at, has_base=has_base)
        return last

    def append(self, key: Key, entry: dict[str, Any] | None, *, by: str, note: str, at: str, number: int | None = None,
               has_base: bool = False) -> Version:  # fmt: skip
        """
        Write down a version; it is on disk when this returns. Version 1 is left to the base, when there is one.
        """
        made, touched = self._write(key, entry, by=by, note=note, at=at, number=number, has_base=has_base)
        sync(touched)
        return made

    def append_all(self, entries: Mapping[Key, dict[str, Any] | None], with_base: Mapping[Key, bool], *, by: str, note: str, at: str
                   ) -> dict[Key, Version]:  # fmt: skip
        """
        Write down a version of each entry; all of them are on disk when this returns.
        """
        made: dict[Key, Version] = {}
        touched: set[Path] = set()
        for key, entry in entries.items():
            made[key], paths = self._write(key, entry, by=by, note=note, at=at, number=None, has_base=with_base[key])
            touched |= paths
        sync(touched)
        return made

    def _write(self, key: Key, entry: dict[str, Any] | None, *, by: str, note: str, at: str, number: int | None, has_base: bool
               ) -> tuple[Version, set[Path]]:  # fmt: skip
        last = max((version.version for version in self.all(key)), default=1 if has_base else 0)
        made = Version(number or last + 1, key.ward, at, by, note, entry)
        path = self.path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        is_new = not path.exists()
        with path.open("ab") as file:
            if file.tell() and not _ends_a_line(path):
                file.write(b"\n")
            file.write(orjson.dumps(asdict(made)) + b"\n")
        return made, {path, path.parent} if is_new else {path}


def _ends_a_line(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"


def sync(paths: Collection[Path]) -> None:
    """
    Wait until files, and the names in folders, are on disk; many of them all at once.
    """
    if len(paths) > ONE_BY_ONE:
        os.sync()
        return
    for path in paths:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
