"""
The drafts of plans in a folder: `<ward>/<id>.yml`, as `import-plan` writes them too, each beside the file it was read
from and what is known of its reading.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from threading import Lock
from typing import Any, Literal

import orjson

from knowledge.errors import DraftChanged, DraftError, UnknownDraft
from knowledge.importing import draft as drafts
from knowledge.importing import review
from knowledge.importing.draft import PlanDraft
from knowledge.office.files import moment
from knowledge.text import fold

State = Literal["waiting", "reading", "read", "failed"]
MOST_TRIES = 3
LONGEST_STEM = 60


@dataclass(frozen=True)
class Reading:
    """
    A file that somebody sent, and how far its reading is. `tries` counts begun readings: one that takes the program
    down with it is not begun for ever.
    """

    id: str
    ward: str
    file: str
    by: str
    at: str
    state: State = "waiting"
    tries: int = 0
    code: str = ""
    message: str = ""


@dataclass
class PlanDrafts:
    """
    One folder of drafts. Every change is on the disk before it is told.
    """

    folder: Path
    pages: dict[tuple[str, str], tuple[int, int]] = field(default_factory=dict)  # (ward, id) → read, in all
    _lock: Lock = field(default_factory=Lock)
    _told: dict[Path, tuple[tuple[int, int], dict[str, Any]]] = field(default_factory=dict)  # of a file that looks so

    # What was sent

    def add(self, ward: str, name: str, data: bytes, *, by: str, now: datetime) -> tuple[str, bool]:
        """
        Keep a file to be read; return the draft's id, and whether it is new. The same file of a ward is the same draft.
        """
        digest = blake2b(data, digest_size=8).hexdigest()
        path = Path(name)
        stem = re.sub(r"[^a-z0-9]+", "-", fold(path.stem.lower())).strip("-")[:LONGEST_STEM].strip("-") or "ke-hoach"
        id = f"{stem}-{digest[:8]}"
        if (there := self.reading(ward, id)) is not None and there.state != "failed":
            return id, False
        if self.path(ward, id).exists():
            return id, False
        _write(self.source(ward, id), data)
        self.put(Reading(id, ward, path.name, by, moment(now)))
        return id, True

    def reading(self, ward: str, id: str) -> Reading | None:
        try:
            return Reading(**orjson.loads(self._reading(ward, id).read_bytes()))
        except (FileNotFoundError, orjson.JSONDecodeError, TypeError):
            return None

    def put(self, reading: Reading) -> None:
        _write(self._reading(reading.ward, reading.id), orjson.dumps(asdict(reading)))

    def next(self) -> Reading | None:
        """
        Return the file that has waited longest; one whose reading was cut off waits again.
        """
        waiting = [one for one in self._readings() if one.state in ("waiting", "reading")]
        return min(waiting, key=lambda one: (one.at, one.id), default=None)

    def again(self, ward: str, id: str) -> None:
        """
        Have a file read again that could not be read.
        """
        there = self.reading(ward, id)
        if there is None or there.state != "failed":
            raise UnknownDraft(f"no failed reading {id!r} in ward {ward!r}")
        self.put(replace(there, state="waiting", tries=0, code="", message=""))

    def source(self, ward: str, id: str) -> Path:
        return self.folder / ward / f"{id}.source"

    # What was read

    def draft(self, ward: str, id: str) -> tuple[PlanDraft, str]:
        """
        Return a draft and its version.

        Raises:
            UnknownDraft: when there is none.
            DraftError: when somebody broke its file.
        """
        path = self.path(ward, id)
        try:
            version = drafts.version(path)
        except FileNotFoundError as error:
            raise UnknownDraft(f"no draft {id!r} in ward {ward!r}") from error
        draft = drafts.read(path)
        if draft.ward != ward:
            raise DraftError([f"bản nháp này của “{draft.ward}”, không phải của “{ward}”"])
        return draft, version

    def keep(self, ward: str, id: str, draft: PlanDraft, *, expected: str | None) -> str:
        """
        Write a draft that a person has worked on; return its new version. `expected` is None for one that is a plan now.

        Raises:
            DraftChanged: when it is not the version that was shown; nothing was written.
        """
        with self._lock:
            _, version = self.draft(ward, id)
            if expected is not None:
                self.refuse(ward, id, version, expected)
            drafts.write(draft, self.path(ward, id))
            return drafts.version(self.path(ward, id))

    def refuse(self, ward: str, id: str, version: str, expected: str) -> None:
        """
        Raises:
            DraftChanged: when a draft is not the version that was shown.
        """
        if version != expected:
            raise DraftChanged(f"draft {id!r} of ward {ward!r} is version {version}, not {expected[:40]!r}")

    def discard(self, ward: str, id: str) -> None:
        """
        Raises:
            UnknownDraft: when there is none.
        """
        paths = (self.path(ward, id), self._reading(ward, id), self.source(ward, id))
        if not any(path.exists() for path in paths):
            raise UnknownDraft(f"no draft {id!r} in ward {ward!r}")
        for path in paths:
            path.unlink(missing_ok=True)

    def listed(self, ward: str) -> list[dict[str, Any]]:
        """
        Return what there is of a ward, newest first, as the page's list shows it.
        """
        rows = {one.id: one for one in self._readings() if one.ward == ward}
        ids = {*rows, *(path.stem for path in (self.folder / ward).glob("*.yml") if not path.name.startswith("."))}
        shown = [self._shown(ward, id, rows.get(id)) for id in ids]
        return sorted(shown, key=lambda one: (one["at"], one["id"]), reverse=True)

    def _shown(self, ward: str, id: str, reading: Reading | None) -> dict[str, Any]:
        path = self.path(ward, id)
        at = reading.at if reading else moment(datetime.fromtimestamp(path.stat().st_mtime, UTC))
        row: dict[str, Any] = {
            "id": id, "file": reading.file if reading else "", "by": reading.by if reading else "", "at": at,
            "state": reading.state if reading else "read", "title": "", "year": None, "doubts": 0, "open": 0,
            "code": reading.code if reading else "", "message": reading.message if reading else "",
            "pages": self.pages.get((ward, id)),
        }  # fmt: skip
        try:
            status = path.stat()
        except FileNotFoundError:
            return row
        looks = (status.st_mtime_ns, status.st_size)
        if (known := self._told.get(path)) is None or known[0] != looks:
            known = self._told[path] = looks, self._of_draft(ward, id)
        return row | known[1] | {"by": known[1].get("by") or row["by"]}

    def _of_draft(self, ward: str, id: str) -> dict[str, Any]:
        try:
            draft, _ = self.draft(ward, id)
        except (DraftError, UnknownDraft) as error:
            return {"state": "broken", "message": str(error)[:500]}
        found = review.doubts(draft)
        return {
            "state": "accepted" if draft.accepted_on else "read", "file": draft.source.file,
            "title": draft.plan.get("title") or "", "year": draft.plan.get("year"), "doubts": len(found),
            "open": sum(one.open for one in found), "by": draft.confirmed_by,
        }  # fmt: skip

    def _readings(self) -> Iterator[Reading]:
        for path in sorted(self.folder.glob("*/*.json")):
            if (found := self.reading(path.parent.name, path.stem)) is not None:
                yield found

    def _reading(self, ward: str, id: str) -> Path:
        return self.folder / ward / f"{id}.json"

    def path(self, ward: str, id: str) -> Path:
        return self.folder / ward / f"{id}.yml"


def _write(path: Path, data: bytes) -> None:
    """
    Write a file whole or not at all, and not before it is on the disk.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.tmp")
    with beside.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
