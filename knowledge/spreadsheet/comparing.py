"""
A file against the content: what it would add, change and remove, and every mistake by its cell. Nothing is written here.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import orjson

from knowledge.content import INHERITED
from knowledge.office import checks
from knowledge.office.catalogue import Catalogue
from knowledge.office.history import History
from knowledge.office.records import Key, meaning
from knowledge.office.schema import fields
from knowledge.office.store import Change
from knowledge.spreadsheet import marker
from knowledge.spreadsheet.columns import GUIDE, main, plain
from knowledge.spreadsheet.filling import Standing, standings
from knowledge.spreadsheet.gathering import Filled, Gathering
from knowledge.spreadsheet.marker import Marker
from knowledge.spreadsheet.matching import CellTold, match
from knowledge.spreadsheet.merging import UNKNOWN_SINCE, Merged, at_id, merge, placed, spoils
from knowledge.spreadsheet.pages import Book

LONGEST_ID = 80
MOST_TOLD = 1_000


@dataclass
class Comparison:
    """
    `changes` are what to save when there is no mistake. `kept` are entries that are missing in the file and stay, since they are shared.
    """

    added: list[dict[str, Any]] = field(default_factory=list)
    changed: list[dict[str, Any]] = field(default_factory=list)
    removed: list[dict[str, Any]] = field(default_factory=list)
    kept: list[dict[str, Any]] = field(default_factory=list)
    mistakes: list[CellTold] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)

    def digest(self, ward: str, content: bytes) -> str:
        """
        Return a name of this file with just these changes of what stands now.
        """
        what = [[vars(one.key), one.seen, one.entry] for one in self.changes]
        said = orjson.dumps([ward, what, [vars(one) for one in self.mistakes]], option=orjson.OPT_SORT_KEYS)
        return hashlib.sha256(hashlib.sha256(content).digest() + said).hexdigest()


def compare(book: Book, catalogue: Catalogue, history: History, ward: str, today: date) -> Comparison:
    return _Comparing(book, catalogue, history, ward, today).made


class _Comparing:
    def __init__(self, book: Book, catalogue: Catalogue, history: History, ward: str, today: date):
        self._catalogue, self._history, self._ward, self._today = catalogue, history, ward, today
        self._standing = standings(catalogue, ward)
        self._marker = marker.read(book.hidden)
        self._taken = {id for place, id in catalogue.places.owners if place in ("", ward)}
        self.made = Comparison()
        if self._marker is not None and self._marker.ward != ward:
            self.made.mistakes.append(self._of_another_ward(self._marker))
            return
        found, told = match(book)
        gathered = Gathering(found, self._standing, self._marker)
        told += gathered.told
        gone = self._removed(gathered, {one.sheet.kinds[0] for one in found.values() if not one.sheet.table})
        told += self._gone(gone)
        for filled in gathered.entries:
            if filled.id not in gone:
                told += self._entry(filled, gone)
        order = {one.name: at for at, one in enumerate(found.values())}
        self.made.mistakes += sorted(
            dict.fromkeys(told), key=lambda one: (order.get(one.sheet, -1), *_place(one.cell))
        )[:MOST_TOLD]

    def _entry(self, filled: Filled, gone: Mapping[str, Standing]) -> list[CellTold]:
        """
        Compare one entry, take down what it would change, and return what is wrong with it.
        """
        standing = self._standing.get(filled.id) if filled.id else None
        now = standing.entry if standing is not None else {}
        was = self._exported(standing) if standing is not None else {}
        made = merge(filled, now if was is None else was, now)
        if not made.edited and not made.told and standing is not None:
            return []
        if was is None:
            return [at_id(filled, UNKNOWN_SINCE)]
        if standing is None:
            self._begin(made, filled)
        told = list(made.told)
        key = Key(filled.kind, str(made.entry.get("id") or ""), self._ward)
        record, mistakes = checks.record_of(filled.kind, made.entry)
        if record is not None:
            mistakes = checks.misplaced(key, record, self._catalogue.places, is_new=standing is None)
        if (inherited := INHERITED.get(filled.kind)) and not made.entry.get(inherited):
            mistakes = [*mistakes, checks.unsaid(filled.kind, inherited)]
        told += [placed(filled, one) for one in mistakes if not spoils(made, one) and (standing or one.field != "id")]
        for number, apart in enumerate(made.entry.get("told_apart") or (), 1):
            if apart.get("other") in gone:
                message = (
                    f"Mục “{gone[apart['other']].title}” không còn trong tệp. Anh/chị giữ lại mục đó hoặc xóa dòng này."
                )
                told.append(placed(filled, checks.FieldMistake(f"told_apart.{number}.other", message)))
        if told or record is None:
            return told
        entry = meaning(record)
        if standing is None:
            self.made.added.append({"kind": key.kind, "id": key.id, "title": str(entry.get("title"))})
            self.made.changes.append(Change(key, entry, None))
        elif entry != now:
            self._changed(filled, standing, entry)
            self.made.changes.append(Change(key, entry, None, seen=now))
        return []

    def _begin(self, made: Merged, filled: Filled) -> None:
        """
        Give a new entry its id, and the day of today when it has none.
        """
        made.entry["id"] = self._id_of(filled.title)
        if "as_of" not in made.entry and "as_of" not in made.spoilt:
            made.entry["as_of"] = self._today.isoformat()

    def _id_of(self, title: str) -> str:
        """
        "Gửi xe ở đâu?" → "gui-xe-o-dau", with a number behind it when that is taken.
        """
        id = ""
        for word in re.findall(r"[a-z0-9]+", plain(title)):
            if len(id) + len(word) >= LONGEST_ID:
                break
            id = f"{id}-{word}".lstrip("-")
        made = id = id or "muc-moi"
        number = 2
        while made in self._taken:
            made, number = f"{id}-{number}", number + 1
        self._taken.add(made)
        return made

    def _exported(self, standing: Standing) -> Mapping[str, Any] | None:
        """
        Return what an entry said when the file was made; None when nobody knows any more.
        """
        known = self._marker.entries.get(standing.key.id) if self._marker is not None else None
        if known is None or marker.digest(standing.entry) == known.digest:
            return standing.entry
        base = self._catalogue.by_key.get(standing.key.base)
        candidates = [meaning(base.record)] if base is not None else []
        candidates += [one.entry for one in reversed(self._history.all(standing.key)) if one.entry]
        return next((entry for entry in candidates if marker.digest(entry) == known.digest), None)

    def _changed(self, filled: Filled, standing: Standing, entry: Mapping[str, Any]) -> None:
        """
        Take down each field that differs, with its cell.
        """
        for one in fields(filled.kind):
            before, after = (_said(some, one["name"]) for some in (standing.entry, entry))
            if before != after:
                at = placed(filled, checks.FieldMistake(one["name"], ""))
                self.made.changed.append({
                    "kind": filled.kind, "id": standing.key.id, "title": standing.title, "ward": standing.key.ward,
                    "field": one["name"], "before": before, "after": after, "sheet": at.sheet, "cell": at.cell,
                })  # fmt: skip

    def _removed(self, gathered: Gathering, kinds: set[str]) -> dict[str, Standing]:
        """
        Return the ward's own entries whose rows were taken out, by id; what is shared is only listed.
        """
        gone: dict[str, Standing] = {}
        for one in self._marker.entries.values() if self._marker is not None else ():
            standing = self._standing.get(one.id)
            if one.kind not in kinds or one.id in gathered.known or standing is None:
                continue
            if one.own and self._ward and standing.key.ward == self._ward:
                gone[one.id] = standing
            else:
                self.made.kept.append({"kind": one.kind, "id": one.id, "title": standing.title})
        return gone

    def _gone(self, gone: Mapping[str, Standing]) -> list[CellTold]:
        told = []
        assert self._marker is not None or not gone
        for id, standing in gone.items():
            message = ""
            exported = self._marker.entries[id].digest if self._marker is not None else ""
            missing = "”, “".join(self._catalogue.places.missing(standing.key))
            if marker.digest(standing.entry) != exported:
                message = (
                    f"Mục “{standing.title}” không có trong tệp, nhưng đã được sửa trên trang Nội dung sau khi anh/chị tải tệp. "
                    "Anh/chị tải tệp mới rồi bỏ lại."
                )
            elif missing:
                message = f"Chưa bỏ được mục “{standing.title}”: mục “{missing}” còn nhắc đến mục này ở trang tính “Phân biệt với mục khác”."
            if message:
                told.append(CellTold(main(standing.key.kind).name, "A1", message))
            else:
                self.made.removed.append({"kind": standing.key.kind, "id": id, "title": standing.title})
                self.made.changes.append(Change(standing.key, None, None, seen=standing.entry))
        return told

    def _of_another_ward(self, found: Marker) -> CellTold:
        wards = self._catalogue.content.wards
        there, here = (
            wards[one].record.name if one in wards else "nội dung chung" if not one else "một phường, xã khác"
            for one in (found.ward, self._ward)
        )
        message = f"Tệp này là của {there}, không phải của {here}. Anh/chị chọn đúng nơi ở đầu trang, hoặc tải tệp của {here}."
        return CellTold(GUIDE, "A2", message)


def _said(entry: Mapping[str, Any], name: str) -> Any:
    found: Any = entry
    for step in name.split("."):
        found = found.get(step) if isinstance(found, Mapping) else None
    return found


def _place(cell: str) -> tuple[int, int, str]:
    """
    "F12" → in the order of reading: by row, then by column.
    """
    letters = cell.rstrip("0123456789")
    return int(cell[len(letters) :] or 0), len(letters), letters
