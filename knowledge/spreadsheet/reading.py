"""
An Excel file → its sheets with their cells, read as a stream. Formulas are never evaluated.
"""

import io
import re
from datetime import date, datetime, time, timedelta
from typing import Any
from zipfile import ZipFile

from openpyxl import load_workbook

from knowledge.spreadsheet.cells import Broken, Formula, Month, Raw
from knowledge.spreadsheet.columns import GUIDE, LISTS, MARKER, plain
from knowledge.spreadsheet.pages import MOST_COLUMNS, MOST_ROWS, Book, Page

CHUNK = 1 << 20
LAST_ROW = 1_048_576  # of Excel itself
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]+\d+(?::[A-Z]+\d+)?)"')
_NOT_READ = {plain(GUIDE), plain(LISTS)}


def book(content: bytes) -> Book:
    """
    Return the sheets that may hold content, and the rows of the hidden one.
    """
    made = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False, rich_text=False)
    pages: list[Page] = []
    hidden: list[list[str]] = []
    try:
        with ZipFile(io.BytesIO(content)) as archive:
            for sheet in made.worksheets:
                if plain(sheet.title) in _NOT_READ:
                    continue
                if sheet.title == MARKER:
                    hidden = [["" if one is None else str(one) for one in row] for _, row in _rows(sheet)[0]]
                    continue
                found, cut = _rows(sheet)
                pages.append(Page(sheet.title, found, _merged(archive, sheet._worksheet_path), cut))
    finally:
        made.close()
    return Book(pages, hidden)


def _rows(sheet: Any) -> tuple[list[tuple[int, list[Raw]]], bool]:
    sheet.reset_dimensions()  # what a file says of its size may be wrong
    found: list[tuple[int, list[Raw]]] = []
    for number, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), 1):
        if number > LAST_ROW or len(found) > MOST_ROWS:
            return found[:MOST_ROWS], True
        last = next((at for at in range(len(row), 0, -1) if row[at - 1].value not in (None, "")), 0)
        if last:
            found.append((number, [_raw(cell) for cell in row[:last]]))
    return found, False


def _raw(cell: Any) -> Raw:
    value = cell.value
    if value is None or value == "":
        return None
    if cell.data_type == "f":
        return Formula(str(getattr(value, "text", value)))
    if cell.data_type == "e":
        return Broken(str(value))
    if isinstance(value, datetime | date) and not _shows_days(str(cell.number_format or "")):
        return Month(value.year, value.month)
    if isinstance(value, str | int | float | bool | datetime | date | time | timedelta):
        return value
    return str(value)


def _shows_days(form: str) -> bool:
    """
    "mmm-yy" → False; what stands in quotes or brackets is no part of the form.
    """
    return "d" in re.sub(r'"[^"]*"|\[[^\]]*\]|\\.', "", form.lower())


def _merged(archive: ZipFile, path: str) -> list[str]:
    """
    Return where cells are merged, which a stream of rows does not tell.
    """
    found: list[str] = []
    rest = b""
    with archive.open(path.lstrip("/")) as part:
        while chunk := part.read(CHUNK):
            text = rest + chunk
            found += [one.decode() for one in _MERGED.findall(text)]
            cut = text.rfind(b"<", max(0, len(text) - 200))
            rest = text[cut:] if cut >= 0 else b""
    return found
