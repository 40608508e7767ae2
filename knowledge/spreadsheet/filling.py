"""
Content → the rows of all sheets, whatever form the file has. Pure.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from knowledge.office.catalogue import Catalogue
from knowledge.office.records import Key, meaning
from knowledge.spreadsheet import cells, marker
from knowledge.spreadsheet.columns import FIELD, ID, KINDS, ORDER, TITLE, Column, Sheet
from knowledge.spreadsheet.marker import Exported

SHARED, OWN = "Chung", "Riêng"


@dataclass(frozen=True)
class Standing:
    """
    An entry as a ward sees it; `key.ward` is where it stands.
    """

    key: Key
    title: str
    entry: Mapping[str, Any]


def standings(catalogue: Catalogue, ward: str) -> dict[str, Standing]:
    """
    Return the entries that files hold, by id: what a ward sees, in order of titles.
    """
    rows = [row for row in catalogue.seen(ward) if row.key.kind in KINDS]
    return {row.key.id: Standing(row.key, row.title, meaning(row.record)) for row in rows}


def exported(entries: Mapping[str, Standing], ward: str) -> Iterator[Exported]:
    for id, one in entries.items():
        yield Exported(one.key.kind, id, one.key.ward == ward, marker.digest(one.entry), one.title)


def value(column: Column, entry: Mapping[str, Any]) -> Any:
    """
    Return what an entry, or a row of its table, says in a column; the default, or None, when it says nothing.
    """
    found: Any = entry
    for step in column.name.split("."):
        found = found.get(step) if isinstance(found, Mapping) else None
    return column.default if found is None else found


def rows(sheet: Sheet, entries: Sequence[Standing]) -> Iterator[list[str | int]]:
    """
    Yield the rows of a sheet under its header.
    """
    for one in entries:
        if one.key.kind not in sheet.kinds:
            continue
        if not sheet.table:
            yield [_cell(column, one, one.entry, 0) for column in sheet.columns]
            continue
        for number, row in enumerate(one.entry.get(sheet.table) or (), 1):
            yield [_cell(column, one, row, number) for column in sheet.columns]


def _cell(column: Column, one: Standing, row: Mapping[str, Any], number: int) -> str | int:
    if column.role == ID:
        return one.key.id
    if column.role == TITLE:
        return cells.write(column, one.title)
    if column.role == ORDER:
        return number
    if column.role == FIELD:
        return cells.write(column, value(column, row))
    return OWN if one.key.ward else SHARED
