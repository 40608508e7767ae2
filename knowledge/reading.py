"""
Reads a content folder again and again, and of each time only the files that changed.

    var/index/read/<digest>.json      what the YAML of a file with this digest says

A file that looks untouched since it was read is not opened. One that was touched, or that another process read before, is
hashed; only text that nobody has read yet goes through YAML, which is most of what reading costs. Every value is still
checked by the code of today.
"""

import contextlib
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from types import MappingProxyType
from typing import Any
from uuid import uuid4

import orjson

from knowledge import content as contents
from knowledge import located
from knowledge.content import Content, Piece

READ = "read"
FORM = 1  # of what is remembered on disk
# A file may be written twice within one tick of the file system's clock: one so young is hashed again next time.
UNSURE_NS = 2_000_000_000
Looks = tuple[int, int, int, int]
Instead = Mapping[Path, Path | None]


@dataclass(frozen=True)
class _Known:
    """
    `looks` are size, inode and times of a file when it was read, or None when they may hide a later change.
    """

    looks: Looks | None
    digest: str
    piece: Piece


class Reader:
    """
    Reads one content folder; `memory` is the folder for what outlives this process, or None.
    """

    def __init__(self, root: Path, memory: Path | None = None):
        self.root, self.memory = root, memory
        self._known: dict[tuple[Path, Path], _Known] = {}
        self._looked: dict[Path, Looks] = {}
        self._kept = {path.stem for path in memory.glob("*.json")} if memory is not None else set()

    def read(self, instead: Instead = MappingProxyType({})) -> Content:
        """
        Read the folder.

        Args:
            instead: Files that are not to be read, or are gone, with what is read in the place of each; None for nothing.

        Raises:
            ContentError: with all mistakes of all files, when there is any.
        """
        known: dict[tuple[Path, Path], _Known] = {}
        for path in contents.files(self.root, instead):
            source = instead.get(path, path)
            found = self._read(path, source) if source else None
            if source and found:
                known[path, source] = found
        self._known = known
        self._forget()
        return contents.join([each.piece for each in known.values()])

    def unread_bytes(self) -> int:
        """
        Return the size of all files that were touched since they were read.
        """
        total = 0
        for path in contents.files(self.root):
            with contextlib.suppress(OSError):
                status = path.stat()
                total += status.st_size if self._looked.get(path) != _looks(status) else 0
        return total

    def _read(self, path: Path, source: Path) -> _Known | None:
        before = self._known.get((path, source))
        try:
            now = time.time_ns()
            status = source.stat()
            looks = self._looked[source] = _looks(status)
            if before is not None and before.looks == looks:
                return before
            raw = source.read_bytes()
        except FileNotFoundError:
            return None  # gone since the folder was listed
        except OSError:
            return _Known(None, "", contents.read_file(path, source, contents.ward_of(path, self.root)))
        digest = blake2b(raw, digest_size=16).hexdigest()
        sure = looks if max(status.st_mtime_ns, status.st_ctime_ns) < now - UNSURE_NS else None
        if before is not None and before.digest == digest:
            return _Known(sure, digest, before.piece)
        return _Known(sure, digest, self._understood(path, source, raw, digest))

    def _understood(self, path: Path, source: Path, raw: bytes, digest: str) -> Piece:
        ward = contents.ward_of(path, self.root)
        recalled = self._recall(digest)
        if recalled is not None:
            piece = contents.understand(path, ward, *recalled)
            if not piece.mistakes:
                return piece  # else the lines of all fields are needed
        value, lines, mistakes = located.load(source, raw)
        if mistakes:
            return Piece(Content(), tuple(mistakes))
        piece = contents.understand(path, ward, value, lines)
        if not piece.mistakes:
            self._remember(digest, value, lines)
        return piece

    def _recall(self, digest: str) -> tuple[Any, dict[located.Place, int]] | None:
        if self.memory is None or digest not in self._kept:
            return None
        try:
            document = orjson.loads((self.memory / f"{digest}.json").read_bytes())
            if document["form"] != FORM:
                return None
            lines: dict[located.Place, int] = {("entries", place): line for place, line in enumerate(document["lines"])}
            lines[()] = document["line"]
            return document["value"], lines
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _remember(self, digest: str, value: Any, lines: dict[located.Place, int]) -> None:
        """
        Keep what a file says; not being able to costs the next start some time, and nothing else.
        """
        if self.memory is None:
            return
        count = len(value.get("entries") or ())
        document = {
            "form": FORM, "line": lines[()], "lines": [lines["entries", place] for place in range(count)], "value": value,
        }  # fmt: skip
        try:
            written = orjson.dumps(document)
            if orjson.loads(written) != document:
                return  # YAML has values that JSON has not
            self.memory.mkdir(parents=True, exist_ok=True)
            beside = self.memory / f".{digest}.{uuid4().hex}"
            beside.write_bytes(written)
            beside.rename(self.memory / f"{digest}.json")
            self._kept.add(digest)
        except (OSError, TypeError, ValueError):
            return

    def _forget(self) -> None:
        """
        Remove what no file says any more.
        """
        if self.memory is None:
            return
        for digest in self._kept - {each.digest for each in self._known.values()}:
            with contextlib.suppress(OSError):
                (self.memory / f"{digest}.json").unlink()
            self._kept.discard(digest)


def _looks(status: os.stat_result) -> Looks:
    return status.st_size, status.st_ino, status.st_mtime_ns, status.st_ctime_ns
