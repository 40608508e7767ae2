"""
A ward's content out as a file, and back in: tried first, then written in one go.
"""

import asyncio
import time
from typing import Any

import structlog

from knowledge.errors import EntryChanged, ImportChanged
from knowledge.office.office import Office
from knowledge.spreadsheet import delimited, filling, opening, writing
from knowledge.spreadsheet.comparing import Comparison, compare

log = structlog.get_logger()
BASE = "nội dung chung cho mọi phường, xã"
NOTES = {"xlsx": "Nhập từ tệp Excel", "csv": "Nhập từ tệp CSV"}
FORMS = ("xlsx", "csv")


class Exchange:
    """
    One file at a time: what reads or writes a large one takes seconds, and memory.
    """

    def __init__(self, office: Office):
        self._office = office
        self._turn = asyncio.Lock()

    async def export(self, ward: str, form: str) -> bytes:
        """
        Return what a ward sees as a file: an Excel file, or an archive of CSV files.
        """
        catalogue, today = self._office.catalogue, self._office.today.isoformat()
        wards = catalogue.content.wards
        named = wards[ward].record.name if ward in wards else BASE

        def make() -> bytes:
            found = filling.standings(catalogue, ward)
            making = writing.xlsx if form == "xlsx" else delimited.archive
            return making(ward, named, today, list(found.values()), filling.exported(found, ward))

        async with self._turn:
            return await asyncio.to_thread(make)

    async def attempt(self, ward: str, content: bytes) -> dict[str, Any]:
        """
        Return what a file would do: {added, changed, removed, kept, mistakes, digest}.

        Raises:
            ImportUnreadable: when there is nothing to read.
        """
        async with self._turn:
            made, _ = await self._compare(ward, content)
            return _told(made, made.digest(ward, content))

    async def write(self, ward: str, content: bytes, digest: str, *, by: str) -> dict[str, Any]:
        """
        Do what a file was seen to do, all or nothing.

        Raises:
            ImportUnreadable: when there is nothing to read.
            ImportChanged: when it would do something else now; nothing was written.
            EntryRefused, FileBroken: see Office.save; nothing was written.
        """
        async with self._turn:
            made, form = await self._compare(ward, content)
            if made.digest(ward, content) != digest:
                raise ImportChanged("the content is not what it was when the file was tried")
            told = {**_told(made, digest), "seconds": 0.0}
            if made.changes and not made.mistakes:
                try:
                    _, seconds = await self._office.save(made.changes, by=by, note=NOTES[form])
                except EntryChanged as error:
                    raise ImportChanged(str(error)) from error
                told["seconds"] = round(seconds, 3)
            return told

    async def _compare(self, ward: str, content: bytes) -> tuple[Comparison, str]:
        office, began = self._office, time.monotonic()

        def work() -> tuple[Comparison, str]:
            book = opening.open_book(content)
            return compare(book, office.catalogue, office.history, ward, office.today), book.form

        made, form = await asyncio.to_thread(work)
        log.info(
            "file.compared", ward=ward, form=form, bytes=len(content), changes=len(made.changes), mistakes=len(made.mistakes),
            seconds=round(time.monotonic() - began, 2),
        )  # fmt: skip
        return made, form


def _told(made: Comparison, digest: str) -> dict[str, Any]:
    return {
        "added": made.added, "changed": made.changed, "removed": made.removed, "kept": made.kept,
        "mistakes": [vars(one) for one in made.mistakes], "digest": digest,
    }  # fmt: skip
