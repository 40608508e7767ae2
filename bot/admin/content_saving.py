"""
Writing content: knowledge does it, the audit remembers it, and what the gateway itself keeps of a ward follows.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from bot.admin import audit, content_wording
from bot.admin.content_diff import changed_fields
from bot.admin.office import Office
from bot.admin.officers import Officer
from bot.errors import KnowledgeUnreachable
from bot.log import log
from bot.office_api import Entry, EntryChanged, EntryInvalid, Mistake, OfficeApi, OfficeRefused, Saved, Standing


class Target(NamedTuple):
    """
    Which entry an officer works on; `ward` is "" for the base.
    """

    kind: str
    id: str
    ward: str

    def __str__(self) -> str:
        return f"{self.kind}/{self.id}"


class Saving:
    def __init__(self, office: Office, api: OfficeApi):
        self._office, self._api = office, api

    async def standing(self, target: Target) -> Standing | None:
        """
        Return the entry as it stands now, the base's when the ward has none of its own; None when there is neither.
        """
        try:
            return await self._api.entry(target.kind, target.id, target.ward)
        except OfficeRefused as error:
            if error.status == 404:
                return None
            raise

    async def save(
        self,
        officer: Officer,
        target: Target,
        entry: Entry,
        *,
        expected: int | None,
        note: str = "",
        action: str = "",
    ) -> tuple[Saved, set[str]]:
        """
        Save an entry; return that, and the names of the fields that changed.

        Raises:
            EntryChanged, EntryInvalid: Nothing was saved.
        """
        there = await self.standing(target)
        before = there.entry if there is not None else None
        with _broken_file_told():
            saved = await self._api.save(
                target.ward, target.kind, target.id, entry, expected=expected, by=officer.name, note=note
            )
        own = there is not None and there.ward == target.ward
        named = "content.created" if there is None else "content.saved" if own else "content.own_made"
        return saved, await self._remember(officer, target, before, entry, action or named)

    async def name(self, officer: Officer, target: Target, words: str, *, drop: bool = False) -> None:
        """
        Add a way in which a ward's citizens ask for a shared entry, or take it away; the entry stays the base's.

        Raises:
            EntryInvalid: Nothing was written.
        """
        there = await self.standing(target)
        before = there.added if there is not None else []
        with _broken_file_told():
            after = await self._api.name(target.ward, target.kind, target.id, words, drop=drop, by=officer.name)
        named = {"aliases": before}, {"aliases": after}
        await self.note(officer, target.ward, "content.names", str(target), *named)

    async def remove(self, officer: Officer, target: Target, *, expected: int) -> Saved:
        """
        Take a ward's own entry away.

        Raises:
            EntryChanged: Nothing was removed.
        """
        there = await self.standing(target)
        if there is None or there.ward != target.ward:
            raise EntryChanged({"current": None})
        saved = await self._api.remove(target.ward, target.kind, target.id, expected=expected, by=officer.name)
        action = "content.removed" if there.base is None else "content.own_removed"
        await self._remember(officer, target, there.entry, there.base, action)
        return saved

    async def restore(
        self, officer: Officer, target: Target, version: int, *, expected: int | None, entry: Entry | None
    ) -> tuple[Saved, set[str]]:
        """
        Bring an earlier version back; `entry` is what it says.

        Raises:
            EntryChanged, EntryInvalid: Nothing was changed.
        """
        there = await self.standing(target)
        before = there.entry if there is not None and there.ward == target.ward else None
        with _broken_file_told():
            saved = await self._api.restore(
                target.ward, target.kind, target.id, version, expected=expected, by=officer.name
            )
        return saved, await self._remember(officer, target, before, entry, "content.restored")

    async def note(self, officer: Officer, ward: str, action: str, what: str, before: Any, after: Any) -> None:
        await self._office.database.keep(
            audit.note, officer, ward=ward, action=action, what=what, before=before, after=after,
            now=self._office.clock(),
        )  # fmt: skip

    async def _remember(
        self, officer: Officer, target: Target, before: Entry | None, after: Entry | None, action: str
    ) -> set[str]:
        old, new = changed_fields(before, after)
        await self.note(officer, target.ward, action, str(target), old, new)
        log.info(action, entry=str(target), ward=target.ward, officer=officer.id)
        if target.kind == "ward":
            try:
                await self._office.wards.refresh(now=self._office.clock())
            except KnowledgeUnreachable as error:  # it is saved; the gateway asks again within half a minute
                log.warning("wards.not_fetched", problem=str(error))
        return {*(old or {}), *(new or {})}


@contextmanager
def _broken_file_told() -> Iterator[None]:
    """
    Make a mistake of the entry of it when its file is broken, so that nothing that was typed is lost.
    """
    try:
        yield
    except OfficeRefused as error:
        if error.code != "file.broken":
            raise
        raise EntryInvalid([Mistake("", content_wording.FILE_BROKEN)]) from error
