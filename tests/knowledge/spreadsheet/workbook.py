"""
An exported file in the hands of somebody with Excel: cells found by header and code, edited, saved.
"""

import io
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.cell import Cell

from knowledge import content as contents
from knowledge.content import Content
from knowledge.office.catalogue import Catalogue
from knowledge.office.history import History
from knowledge.spreadsheet import delimited, filling, opening, writing
from knowledge.spreadsheet.columns import plain
from knowledge.spreadsheet.comparing import Comparison, compare

TODAY = date(2026, 11, 20)


class Counter:
    """
    Where files are made and handed in: one ward's content.
    """

    def __init__(self, content: Path | Content, history: Path, ward: str = ""):
        self.catalogue = Catalogue(contents.read(content) if isinstance(content, Path) else content)
        self.history, self.ward = History(history), ward

    def export(self, form: str = "xlsx") -> bytes:
        found = filling.standings(self.catalogue, self.ward)
        make = writing.xlsx if form == "xlsx" else delimited.archive
        return make(self.ward, "nơi thử", "2026-11-20", list(found.values()), filling.exported(found, self.ward))

    def attempt(self, content: bytes) -> Comparison:
        return compare(opening.open_book(content), self.catalogue, self.history, self.ward, TODAY)


class Excel:
    """
    A file opened by a person. Rows and columns are found by what stands in them.
    """

    def __init__(self, content: bytes):
        self.book = openpyxl.load_workbook(io.BytesIO(content))

    def __getitem__(self, sheet: str) -> Any:
        return self.book[sheet]

    def column(self, sheet: str, header: str) -> int:
        return next(cell.column for cell in self.book[sheet][1] if plain(str(cell.value)) == plain(header))

    def row(self, sheet: str, id: str, nth: int = 1) -> int:
        found = [row[0].row for row in self.book[sheet].iter_rows() if row[0].value == id]
        return found[nth - 1]

    def cell(self, sheet: str, id: str, header: str, nth: int = 1) -> Cell:
        return self.book[sheet].cell(self.row(sheet, id, nth), self.column(sheet, header))

    def write(self, sheet: str, id: str, header: str, value: Any, nth: int = 1) -> str:
        """
        Write into a cell and return its place: "F12".
        """
        cell = self.cell(sheet, id, header, nth)
        cell.value = value
        return cell.coordinate

    def add(self, sheet: str, **values: Any) -> int:
        """
        Write a new row under the last one, by headers with _ for blanks; return its number.
        """
        page = self.book[sheet]
        number = page.max_row + 1
        for header, value in values.items():
            page.cell(number, self.column(sheet, header.replace("_", " "))).value = value
        return number

    def drop(self, sheet: str, id: str) -> None:
        self.book[sheet].delete_rows(self.row(sheet, id))

    def save(self) -> bytes:
        out = io.BytesIO()
        self.book.save(out)
        return out.getvalue()


def quiet(found: Comparison) -> bool:
    """
    Tell whether a file changes nothing, and nothing is wrong with it.
    """
    return not (found.added or found.changed or found.removed or found.kept or found.mistakes or found.changes)


def told(found: Comparison) -> dict[tuple[str, str], str]:
    return {(one.sheet, one.cell): one.message for one in found.mistakes}
