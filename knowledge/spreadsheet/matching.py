"""
Sheets of a file → the sheets that we know, whatever order their columns have; what does not fit is told by its cell.
"""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from openpyxl.utils import get_column_letter
from openpyxl.utils.cell import range_boundaries

from knowledge.spreadsheet.cells import Raw, tidy
from knowledge.spreadsheet.columns import ID, Column, Sheet, plain, sheets
from knowledge.spreadsheet.pages import MOST_ROWS, Book, Page

HEADER_WITHIN = 10  # rows; somebody may have put a title above
FEW, MANY = 2, 4  # known columns that make a header; that make a sheet one of ours, whatever it is called
_COPY = re.compile(r"\s*\(\d+\)$")


@dataclass(frozen=True)
class CellTold:
    """
    A mistake with its place: `sheet` as the file calls it, `cell` as Excel does, "F12".
    """

    sheet: str
    cell: str
    message: str


@dataclass(frozen=True)
class Found:
    """
    A sheet of ours in a file: `at` is the place of each of its columns, from 0.
    """

    sheet: Sheet
    name: str
    header: int
    at: dict[Column, int]
    rows: list[tuple[int, list[Raw]]]

    def cell(self, number: int, column: Column) -> str:
        return f"{get_column_letter(self.at.get(column, 0) + 1)}{number}"


def match(book: Book) -> tuple[dict[str, Found], list[CellTold]]:
    """
    Return the sheets of ours by their own names, and what is wrong with sheets and headers.
    """
    told: list[CellTold] = []
    found: dict[str, Found] = {}
    named: dict[str, str] = {}
    by_name = {plain(sheet.name): sheet for sheet in sheets()}
    for page in book.pages:
        sheet = by_name.get(_COPY.sub("", plain(page.name)))
        if sheet is None:
            told += _stranger(page)
        elif sheet.name in named:
            message = f"Tệp có hai trang tính “{named[sheet.name]}” và “{page.name}”. Anh/chị giữ lại một, xóa hoặc đổi tên trang kia."
            told.append(CellTold(page.name, "A1", message))
        else:
            named[sheet.name] = page.name
            one, wrong = _read(sheet, page)
            told += wrong
            if one is not None:
                found[sheet.name] = one
    if not named and not told:
        names = ", ".join(f"“{sheet.name}”" for sheet in sheets())
        message = f"Tệp không có trang tính nào của hệ thống ({names}). Anh/chị tải tệp mới từ trang Nhập, xuất Excel."
        told.append(CellTold(book.pages[0].name if book.pages else "", "A1", message))
    return found, told


def _stranger(page: Page) -> Iterator[CellTold]:
    """
    Tell of a sheet that looks like one of ours under another name; others are somebody's own notes.
    """
    header = _header(page, None)
    if header is None:
        return
    texts = _texts(header[1])
    alike = [(len(texts & {plain(column.header) for column in sheet.columns}), sheet) for sheet in sheets()]
    count, sheet = max(alike, key=lambda one: one[0])
    if count >= MANY:
        message = (
            f"Trang tính này giống “{sheet.name}” nhưng mang tên khác. Anh/chị đổi tên lại thành “{sheet.name}”, "
            "hoặc xóa nếu không dùng."
        )
        yield CellTold(page.name, "A1", message)


def _read(sheet: Sheet, page: Page) -> tuple[Found | None, list[CellTold]]:
    if not page.rows:
        return None, [CellTold(page.name, "A1", _no_header(sheet))]
    header = _header(page, sheet)
    if header is None:
        return None, [CellTold(page.name, "A1", _no_header(sheet))]
    number, row = header
    told: list[CellTold] = []
    at: dict[Column, int] = {}
    known = {plain(column.header): column for column in sheet.columns}
    nameless: set[int] = set()
    below = [(line, cells) for line, cells in page.rows if line > number]
    for place, raw in enumerate(row):
        text = tidy(str(raw)) if raw is not None else ""
        where = f"{get_column_letter(place + 1)}{number}"
        column = known.get(plain(text))
        if not text:
            nameless.add(place)
        elif column is None:
            told.append(CellTold(page.name, where, _unknown(sheet, text)))
        elif column in at:
            other = get_column_letter(at[column] + 1)
            message = (
                f"Cột “{column.header}” có hai lần, ở {other} và {get_column_letter(place + 1)}. Anh/chị xóa một cột."
            )
            told.append(CellTold(page.name, where, message))
        else:
            at[column] = place
    told += _nameless(page, below, nameless, len(row))
    missing = [
        column for column in sheet.columns if column not in at and (column.role == ID or (sheet.table and column.name))
    ]
    for column in missing:
        message = f"Thiếu cột “{column.header}”. Anh/chị thêm lại cột này như trong tệp tải về."
        told.append(CellTold(page.name, f"A{number}", message))
    for area in page.merged:
        left, top, _, bottom = range_boundaries(area)
        if bottom > number:
            message = f"Các ô {area} đang gộp làm một. Anh/chị bỏ gộp ô (Merge & Center) rồi ghi nội dung vào từng ô."
            told.append(CellTold(page.name, f"{get_column_letter(left)}{max(top, number + 1)}", message))
    if page.cut:
        told.append(CellTold(page.name, f"A{MOST_ROWS}", f"Trang tính có quá {MOST_ROWS:,} dòng.".replace(",", ".")))
    if missing:
        return None, told
    return Found(sheet, page.name, number, at, below), told


def _header(page: Page, sheet: Sheet | None) -> tuple[int, list[Raw]] | None:
    some = [sheet] if sheet else sheets()
    known = {plain(column.header) for one in some for column in one.columns}
    for number, row in page.rows[:HEADER_WITHIN]:
        if len(_texts(row) & known) >= FEW:
            return number, row
    return None


def _texts(row: list[Raw]) -> set[str]:
    return {plain(raw) for raw in row if isinstance(raw, str)}


def _nameless(page: Page, below: list[tuple[int, list[Raw]]], places: set[int], width: int) -> Iterator[CellTold]:
    """
    Tell of what was written under no name at all: the first cell of each such column.
    """
    seen: set[int] = set()
    for number, row in below:
        for place, raw in enumerate(row):
            if raw is not None and place not in seen and (place in places or place >= width) and str(raw).strip():
                seen.add(place)
                message = "Cột này không có tên nên hệ thống không biết nội dung thuộc về đâu. Anh/chị ghi tên cột ở dòng đầu hoặc xóa cột."
                yield CellTold(page.name, f"{get_column_letter(place + 1)}{number}", message)


def _unknown(sheet: Sheet, text: str) -> str:
    there = {plain(column.header): column.header for column in sheet.columns}
    close = difflib.get_close_matches(plain(text), list(there), n=1, cutoff=0.7)
    hint = f"Có phải là “{there[close[0]]}”? " if close else ""
    return f"Không có cột nào tên “{text[:60]}”. {hint}Anh/chị ghi lại tên cột như trong tệp tải về, hoặc xóa cột này."


def _no_header(sheet: Sheet) -> str:
    names = ", ".join(f"“{column.header}”" for column in sheet.columns[:4])
    return f"Không thấy dòng tên cột ({names}…). Anh/chị thêm lại dòng này như trong tệp tải về."
