"""
The announcements that are known, one JSON file each, so that they outlive a restart. What is past its date goes by itself.

Replicas of the service share the folder: what one of them was told, the others read when they are asked.
"""

import os
import time
from collections.abc import Callable
from pathlib import Path

import orjson
import structlog
from pydantic import ValidationError

from knowledge.announcements.record import Announced

log = structlog.get_logger()
MOST = 2000  # valid at once in one installation; each costs a few kilobytes


class Store:
    """
    Reads are from memory as long as the folder is unchanged; every change is on the disk before it is told.
    """

    def __init__(self, folder: Path, clock: Callable[[], float] = time.time):
        self.folder, self.clock = folder, clock
        self._known: dict[int, Announced] = {}
        self._read_at = -1  # the folder's time of change, ns

    def put(self, found: Announced) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self._path(found.id)
        beside = path.with_suffix(".new")
        with beside.open("wb") as file:
            file.write(orjson.dumps(found.model_dump(mode="json")))
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
        self._read()

    def remove(self, id: int) -> bool:
        """
        Forget one; tell whether it was known.
        """
        there = self._path(id).exists()
        self._path(id).unlink(missing_ok=True)
        self._known.pop(id, None)
        return there

    def all(self) -> list[Announced]:
        """
        Return those that are valid now, newest first; forget the others.
        """
        if self._changed_at() != self._read_at:
            self._read()
        now = self.clock()
        for past in [one.id for one in self._known.values() if not one.valid(now)]:
            self.remove(past)
        return sorted(self._known.values(), key=lambda one: (-one.published_at, -one.id))

    def of(self, ward: str) -> list[Announced]:
        """
        Return what is valid in a ward, newest first.
        """
        return [one for one in self.all() if ward in one.wards]

    def _read(self) -> None:
        self._read_at = self._changed_at()
        known: dict[int, Announced] = {}
        for path in sorted(self.folder.glob("*.json")):
            try:
                found = Announced.model_validate_json(path.read_bytes())
            except FileNotFoundError:
                continue  # taken back by another replica
            except (OSError, ValidationError):
                # The gateway sends it again when it misses it.
                log.warning("announcement.unreadable", file=path.name)
                continue
            known[found.id] = found
        self._known = known

    def _changed_at(self) -> int:
        try:
            return self.folder.stat().st_mtime_ns
        except FileNotFoundError:
            return 0

    def _path(self, id: int) -> Path:
        return self.folder / f"{id}.json"
