"""
Reads entries from their files and writes them back: one lock, on disk and in the history before it returns.

A file is the truth at every moment: what is compared and changed is what stands in it now, not what was last indexed. So
an edit by hand is seen, written down as a version of its own, and never overwritten.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from knowledge.content import INHERITED
from knowledge.errors import EntryChanged, FileBroken, RequestError, UnknownEntry
from knowledge.office import checks, files, writing
from knowledge.office.checks import EntryRefused, FieldMistake
from knowledge.office.files import File, Standing
from knowledge.office.history import History, Version
from knowledge.office.places import Places
from knowledge.office.records import MODELS, Key, meaning

ANY = -1  # as expected version: whatever stands there
TRIES = 5  # when a file is saved by somebody else just now


@dataclass(frozen=True)
class Change:
    """
    An entry to be written, or to be removed when `entry` is None.

    `expected` is the version that its editor has seen, None when there was none; or `seen` is what it said then.
    """

    key: Key
    entry: Mapping[str, Any] | None
    expected: int | None
    seen: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Read:
    """
    An entry as its file has it, with the version it is; `base` is what it stands in place of, if anything.
    """

    standing: Standing
    version: Version
    base: dict[str, Any] | None


class Store:
    """
    The content folder with its history.
    """

    def __init__(self, root: Path, history: History):
        self.root, self.history = root, history
        self.ids = files.Ids(root)
        with self.history.lock():
            writing.tidy(root)

    def read(self, places: Places, key: Key) -> Read:
        """
        Return the ward's own entry, or the base's when it has none.

        Raises:
            UnknownEntry: when neither is there.
            FileBroken: when it stands in a file that cannot be read now.
        """
        with self.history.lock():
            there = self._find(places, [key, key.base], {})
            own, base = there[key], there[key.base] if key.ward else None
            chosen = own or base
            if chosen is None:
                raise UnknownEntry(f"no entry {str(key)!r} in ward {key.ward!r}")
            version = self._settle(places, chosen.key, chosen, has_base=bool(own and base))
            assert version is not None
            return Read(chosen, version, base.entry if own and base else None)

    def notice(self, places: Places, before: Mapping[Key, dict[str, Any] | None]) -> None:
        """
        Write down what was edited by hand.

        Args:
            before: What entries said that may have changed since; None for what was not there.
        """
        with self.history.lock():
            there = self._find(places, [*before, *(key.base for key in before)], {}, skip_broken=True)
            for key, said in before.items():
                if key in there:
                    has_base = bool(key.ward and there.get(key.base))
                    self._settle(places, key, there[key], before=said, has_base=has_base)

    def save(self, places: Places, changes: Sequence[Change], *, by: str, note: str, now: datetime) -> list[Version]:
        """
        Write entries, all or none; one that already says so keeps its version, and a ward that says what the base says gets
        none of its own.

        Raises:
            EntryChanged: when one of them is not the version that was expected; nothing was written.
            EntryRefused: when one of them would make the content invalid; nothing was written.
            FileBroken: when one stands in a file that cannot be read or changed now; nothing was written.
        """
        with self.history.lock():
            for tried in range(1, TRIES + 1):
                read: dict[Path, File] = {}
                there = self._find(places, [key for change in changes for key in (change.key, change.key.base)], read)
                wanted = {change.key: self._wanted(places, change, there, read) for change in changes}
                _refuse_twice(wanted)
                now_there = {key: there[key] or there[key.base] for key in wanted}
                new = {key: entry for key, entry in wanted.items() if not _says(now_there[key], entry)}
                try:
                    writing.write(self.root, writing.gather(self.root, new, there, read))
                    break
                except writing.FileMoved:
                    if tried == TRIES:
                        raise _changed(changes[0].key, None, None) from None
            with_base = {key: bool(key.ward and there[key.base]) for key in new}
            made = self.history.append_all(new, with_base, by=by, note=note, at=files.moment(now))
            return [made.get(key) or self._standing_version(places, now_there[key]) for key in wanted]

    def _standing_version(self, places: Places, standing: Standing | None) -> Version:
        assert standing is not None
        version = self._settle(places, standing.key, standing)
        assert version is not None
        return version

    def _find(
        self, places: Places, keys: Iterable[Key], read: dict[Path, File], *, skip_broken: bool = False
    ) -> dict[Key, Standing | None]:
        """
        Return where each entry stands in its file now, None when no file has it.

        It is looked for where it last was, and then in every file of its ward that names its id. `read` takes what was read.

        Raises:
            FileBroken: when a file that may hold one of them cannot be read; or leaves that one out.
        """

        def look(key: Key, path: Path) -> Standing | None:
            if path not in read:
                read[path] = files.read(self.root, path)
            file = read[path]
            if key not in file.entries and file.mistakes and (not file.count or key.id in file.broken):
                raise FileBroken(path.relative_to(self.root), file.mistakes)
            return file.entries.get(key)

        there: dict[Key, Standing | None] = {}
        broken: dict[Key, FileBroken] = {}

        def note(key: Key, path: Path) -> None:
            try:
                there[key] = there.get(key) or look(key, path)
            except FileBroken as error:
                broken[key] = error

        wanted = dict.fromkeys(keys)
        for key in wanted:
            there[key] = None
            if key in places.stored:
                note(key, places.stored[key].path)
        missing = [key for key in wanted if there[key] is None and key not in broken]
        holding = self.ids.holding({key.id for key in missing}) if missing else {}
        for key in missing:
            for path in holding[key.id]:
                if files.ward_of(self.root, path) == key.ward:
                    note(key, path)
        for key, error in broken.items():
            if there[key] is None:
                if not skip_broken:
                    raise error
                del there[key]
        return there

    def _settle(self, places: Places, key: Key, there: Standing | None, *, before: dict[str, Any] | None = None, has_base: bool = False,
                keep: bool = False) -> Version | None:  # fmt: skip
        if before is None and key in places.stored:  # what whoever has it open was shown
            before = meaning(places.stored[key].record)
        at = files.changed_at(there.path if there else None)
        entry = there.entry if there else None
        return self.history.settle(key, entry, at=at, before=before, has_base=has_base, keep=keep)

    def _wanted(
        self, places: Places, change: Change, there: Mapping[Key, Standing | None], read: Mapping[Path, File]
    ) -> dict[str, Any] | None:
        """
        Return what the entry will say, None when it goes, after making sure that its editor knows what it says now.
        """
        key = change.key
        own, base = there[key], there[key.base] if key.ward else None
        current = self._settle(places, key, own, has_base=base is not None, keep=True)
        if own is None and base is not None:
            current = self._settle(places, base.key, base)
        standing = own or base
        known = (ANY, current.version if current and standing else None)
        if change.expected not in known if change.seen is None else standing is None or standing.entry != change.seen:
            raise _changed(key, standing, current)
        if change.entry is None:
            if own is None:
                raise UnknownEntry(f"no entry {str(key)!r} stands in ward {key.ward!r}")
            if key.kind == "ward":
                raise RequestError("a ward is not removed here", {"kind": "ward"})
            missing = "”, “".join(places.missing(key))
            if missing:
                message = f"Chưa xóa được: mục “{missing}” còn nhắc đến mục này ở ô “Phân biệt với mục khác”."
                raise EntryRefused([FieldMistake("id", message)])
            return None
        value = dict(change.entry)
        inherited = INHERITED.get(key.kind)
        if inherited and own is not None and not value.get(inherited):
            # An entry cannot be without what the head of its file says.
            value.pop(inherited, None)
            head = read[own.path].head.get(inherited)
            value |= {inherited: head} if head else {}
        record, mistakes = checks.record_of(key.kind, value)
        mistakes = checks.misplaced(key, record, places) if record is not None else mistakes
        if inherited and own is None and not value.get(inherited):
            # No file says it in its head for an entry that is new there.
            mistakes = [*mistakes, checks.unsaid(key.kind, inherited)]
        if mistakes or record is None:
            raise EntryRefused(mistakes)
        return meaning(record)


def _says(there: Standing | None, entry: dict[str, Any] | None) -> bool:
    return there is not None and there.entry == entry


def _changed(key: Key, standing: Standing | None, current: Version | None) -> EntryChanged:
    fields = {"current": standing.entry if standing else None, "version": current.version if current and standing else None,
              "by": current.by if current else None, "at": current.at if current else None}  # fmt: skip
    return EntryChanged(str(key), fields)


def _refuse_twice(wanted: Mapping[Key, dict[str, Any] | None]) -> None:
    counts = Counter((key.ward, key.id) for key, entry in wanted.items() if entry is not None and key.kind in MODELS)
    twice = sorted(id for (_, id), count in counts.items() if count > 1)
    if twice:
        raise EntryRefused([FieldMistake("id", f"Mã “{id}” dùng cho hai mục.") for id in twice])
