"""
The office of one installation: everything that the pages ask for, put together from the parts of this folder.
"""

import asyncio
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Protocol

import structlog

from knowledge.errors import ContentError, FileBroken, RequestError, UnknownEntry
from knowledge.library import Library
from knowledge.office import checks, conflicts, files, freshness, trial
from knowledge.office.catalogue import Catalogue
from knowledge.office.checks import EntryRefused
from knowledge.office.freshness import Replacements, one_document
from knowledge.office.history import BY_HAND, History, Version
from knowledge.office.kept import Kept
from knowledge.office.names import Names
from knowledge.office.records import Key, meaning
from knowledge.office.store import ANY, Change, Store

log = structlog.get_logger()


class Shelf(Protocol):
    """
    What the office needs of the service: the library in use, and a way to have the content read again.
    """

    kept: Kept

    @property
    def library(self) -> Library: ...
    async def renew(self) -> Any: ...


class Office:
    """
    `catalogue` is of the content in use; `noticed` brings it up to date after every swap.
    """

    def __init__(self, root: Path, folder: Path, shelf: Shelf):
        self.root, self.shelf = root, shelf
        self.history = History(folder)
        self.store = Store(root, self.history)
        self.names = Names(root, self.history)
        self.replacements = Replacements(folder)
        self.catalogue = Catalogue(shelf.library.content)
        self.trying = asyncio.Lock()  # a trial may need an index of its own: one at a time
        self._notice_what_was_edited_meanwhile()

    @property
    def today(self) -> date:
        return self.shelf.library.today

    def noticed(self) -> None:
        """
        Take over the content in use: list it, and write down what was edited by hand.
        """
        catalogue = Catalogue(self.shelf.library.content, self.catalogue)
        old, new = self.catalogue.places.stored, catalogue.places.stored
        changed: dict[Key, dict[str, Any] | None] = {}
        for key in self.catalogue.places.touched:
            was, now = (stored[key].record if key in stored else None for stored in (old, new))
            if was is not now and was != now:
                changed[key] = meaning(was) if was is not None else None
        if changed:
            self.store.notice(catalogue.places, changed)
        # Only now: who saves meanwhile is compared with what was shown before.
        self.catalogue = catalogue
        self.shelf.kept.keep()

    def _notice_what_was_edited_meanwhile(self) -> None:
        """
        Write down what was edited by hand while the service was not running.
        """
        changed: dict[Key, dict[str, Any] | None] = {}
        for path, copy in self.shelf.kept.edited().items():
            was, now = files.read(self.shelf.kept.folder, copy).entries, files.read(self.root, path).entries
            for key in {*was, *now}:
                before, after = (some[key].entry if key in some else None for some in (was, now))
                if before != after and changed.get(key) is None:
                    changed[key] = before
        if changed:
            self.store.notice(self.catalogue.places, changed)
        self.shelf.kept.keep()

    # Reading

    def entry(self, key: Key) -> dict[str, Any]:
        """
        Return an entry as its file has it now; while the file is broken, as it last was good, with what is wrong.

        Raises:
            UnknownEntry: when neither ward nor base has it.
        """
        broken: Mapping[str, Any] | None = None
        try:
            read = self.store.read(self.catalogue.places, key)
            standing, version, base = read.standing, read.version, read.base
            path, line, entry, ward = standing.path, standing.line, standing.entry, standing.key.ward
        except FileBroken as error:
            stored = self.catalogue.places.stored
            chosen = key if key in stored else key.base
            if chosen not in stored:
                raise
            version, broken = self._last_version(chosen), error.fields
            path, line, ward = stored[chosen].path, stored[chosen].line, chosen.ward
            entry = meaning(stored[chosen].record)
            base = meaning(stored[key.base].record) if ward and key.base in stored else None
        record, _ = checks.record_of(key.kind, entry)
        content = self.shelf.library.content
        added = content.ward_wordings.get(key.ward, {}).get(key.id, [])
        return {
            "entry": entry, "ward": ward, "version": version.version, "at": version.at, "by": version.by,
            "file": path.relative_to(self.root).as_posix(), "line": line, "base": base, "broken": broken,
            "questions": list(dict.fromkeys([*trial.test_questions(record, content.wordings), *added])), "added": added,
        }  # fmt: skip

    def versions(self, key: Key) -> list[Version]:
        """
        Return the versions of the ward's own entry, of the base's when the ward never had one.

        Raises:
            UnknownEntry: when there is no such entry and never was.
        """
        current: list[Version] = []
        try:
            current = [self.store.read(self.catalogue.places, key).version]
        except FileBroken:
            chosen = next((one for one in (key, key.base) if one in self.catalogue.places.stored), None)
            current = [self._last_version(chosen)] if chosen else []
        except UnknownEntry:
            if not self.history.of(key):
                raise
        return self.history.of(key) or self.history.of(key.base) or current

    def _last_version(self, key: Key) -> Version:
        """
        Return the version of an entry as it was last read.
        """
        stored = self.catalogue.places.stored[key]
        versions = self.history.of(key)
        first = Version(1, key.ward, files.changed_at(stored.path), BY_HAND, "", meaning(stored.record))
        return versions[-1] if versions else first

    async def attempt(self, key: Key, entry: Any, *, is_new: bool = False) -> dict[str, Any]:
        """
        Return {mistakes, conflicts, preview, ranks} of an entry that is not saved.
        """
        record, mistakes = checks.record_of(key.kind, entry)
        if record is not None:
            mistakes = checks.misplaced(key, record, self.catalogue.places, is_new=is_new)
        if mistakes or record is None:
            return {"mistakes": [_told(one) for one in mistakes], "conflicts": [], "preview": [], "ranks": []}
        library, catalogue = self.shelf.library, self.catalogue

        def try_it() -> dict[str, Any]:
            made = trial.attempt(library, key, record)
            replaced = self.replacements.known(catalogue, library.today)
            return {"mistakes": [], "conflicts": conflicts.conflicts(made, catalogue, replaced, library.today),
                    "preview": trial.preview(made), "ranks": trial.ranks(made)}  # fmt: skip

        async with self.trying:
            return await asyncio.to_thread(try_it)

    def freshness(self, ward: str, today: date) -> dict[str, Any]:
        return freshness.freshness(self.catalogue, self.replacements, ward, today)

    def citing(self, document: str, ward: str | None) -> list[dict[str, Any]]:
        """
        Return the entries that cite a document, of a ward's view or of the whole installation, with the lines that do.
        """
        rows = self.catalogue.rows if ward is None else self.catalogue.seen(ward)
        found = freshness.citing(rows, one_document(document))
        return [{**self.catalogue.shown(row, ward or row.key.ward, self.today), "cites": lines} for row, lines in found]

    # Writing

    async def save(self, changes: Sequence[Change], *, by: str, note: str) -> tuple[list[Version], float]:
        """
        Write entries, all or none, and bring them into use; return their versions and the seconds that it took.

        Raises:
            EntryChanged, EntryRefused, FileBroken: see Store.save; nothing was written.
        """
        began = time.monotonic()
        places = self.catalogue.places
        versions = await asyncio.to_thread(
            lambda: self.store.save(places, changes, by=by, note=note, now=datetime.now(UTC))
        )
        try:
            await self.shelf.renew()
        except ContentError:
            log.warning("entry.saved_beside_mistakes", mistakes=len(self.shelf.kept.mistakes))
        seconds = time.monotonic() - began
        for change, version in zip(changes, versions, strict=True):
            log.info(
                "entry.saved",
                entry=str(change.key),
                ward=change.key.ward,
                version=version.version,
                seconds=round(seconds, 2),
            )
        return versions, seconds

    async def name(self, key: Key, words: str, *, drop: bool, by: str) -> tuple[list[str], float]:
        """
        Add to how a ward's citizens ask for an entry, or take it away; the entry stays as it is. Return what the ward has added
        then, and the seconds until it is in use.

        Raises:
            UnknownEntry: when neither ward nor base has it.
            FileBroken, FileNotWritable: see Names.change; nothing was written.
        """
        began = time.monotonic()
        if not {key, key.base} & self.catalogue.places.stored.keys():
            raise UnknownEntry(f"no entry {str(key)!r} in ward {key.ward!r}")
        now = datetime.now(UTC)
        said = await asyncio.to_thread(lambda: self.names.change(key.ward, key.id, words, drop=drop, by=by, now=now))
        try:
            await self.shelf.renew()
        except ContentError:
            log.warning("entry.saved_beside_mistakes", mistakes=len(self.shelf.kept.mistakes))
        seconds = time.monotonic() - began
        log.info("entry.named", entry=str(key), ward=key.ward, names=len(said), seconds=round(seconds, 2))
        return said, seconds

    async def restore(self, key: Key, version: int, *, expected: int | None, by: str) -> tuple[list[Version], float]:
        """
        Make a version of an entry the current one again, by a new version; one in which it was deleted deletes it.
        """
        wanted = next((one for one in self.history.of(key) if one.version == version), None)
        if wanted is None:
            raise UnknownEntry(f"{key} has no version {version} in ward {key.ward!r}")
        note = f"khôi phục bản {version}"
        return await self.save([Change(key, wanted.entry, expected)], by=by, note=note)

    async def replace_basis(self, ward: str, old: str, new: str, *, by: str) -> dict[str, Any]:
        """
        Remember that a document was replaced, and mark what cites it for review: of the ward's own entries, or of the base.

        Entries that the ward sees but that stand elsewhere are listed unmarked.
        """
        before, after = one_document(old), one_document(new)
        if before.same_as(after):
            raise RequestError("a document cannot replace itself", {"new": new[:80]})
        citing = freshness.citing(self.catalogue.seen(ward), before)
        today = self.today.isoformat()
        changes, listed = [], []
        for row, lines in citing:
            marked = row.key.ward == ward
            listed.append({**self.catalogue.shown(row, ward, self.today), "cites": lines, "marked": marked})
            if marked:
                entry = meaning(row.record)
                sentence = freshness.REPLACED.format(old=before, new=after)
                entry["to_check"] = list(dict.fromkeys([*entry.get("to_check", []), sentence]))
                entry["review_by"] = min(filter(None, (entry.get("review_by"), today)))
                changes.append(Change(row.key, entry, ANY))
        self.replacements.add(before, after, by=by, at=files.moment(datetime.now(UTC)))
        if changes:
            await self.save(changes, by=by, note=f"{before} → {after}")
        return {"old": str(before), "new": str(after), "entries": listed}


def _told(mistake: checks.FieldMistake) -> dict[str, str]:
    return {"field": mistake.field, "message": mistake.message}


def refused(error: EntryRefused) -> list[dict[str, str]]:
    return [_told(mistake) for mistake in error.of_fields]
