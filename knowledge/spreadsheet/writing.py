"""
Content → an Excel file that people can edit: frozen and filtered headers with notes, drop-downs, texts that stay texts.

Every cell is a text, also codes, days and sums: Excel leaves texts alone, and makes 1.00119 of the number 1.001190.
"""

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from knowledge.spreadsheet import marker
from knowledge.spreadsheet.columns import (
    FIELD,
    GUIDE,
    ID,
    LISTS,
    MAIN_NAMES,
    MARKER,
    ORDER,
    OWNER,
    TITLE,
    Column,
    Sheet,
    main,
    sheets,
)
from knowledge.spreadsheet.filling import Standing, rows
from knowledge.spreadsheet.guide import lines
from knowledge.spreadsheet.marker import Exported

AUTHOR = "Trợ lý Một cửa"
LAST_ROW = 1_048_576
LINE, HIGHEST = 15, 120  # points
SPARE = 500  # rows below the last one in which drop-downs work, too
# What a cell may not hold in XML, and Excel calls a broken file.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")

_GREY = PatternFill("solid", fgColor="FFEDEDED")
_BLUE = PatternFill("solid", fgColor="FF1F4E79")
_THIN = Side(style="thin", color="FFD0D0D0")
_EDGES = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_TOP = Alignment(vertical="top", wrap_text=True)


def xlsx(ward: str, named: str, made: str, entries: Sequence[Standing], exported: Iterable[Exported]) -> bytes:
    """
    Return the file.

    Args:
        named: What the ward is called, or the base.
        made: The day of its making, ISO.
    """
    book = Workbook(write_only=True)
    _guide(book, ward, named, made)
    places = _places_of_choices()
    for sheet in sheets():
        _sheet(book, sheet, list(rows(sheet, entries)), places)
    _lists(book)
    hidden = book.create_sheet(MARKER)
    hidden.sheet_state = "veryHidden"
    for row in marker.rows(ward, made, exported):
        hidden.append([_text(hidden, cell) for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _guide(book: Any, ward: str, named: str, made: str) -> None:
    page = book.create_sheet(GUIDE)
    page.column_dimensions["A"].width = 110
    page.sheet_view.showGridLines = False
    for text, bold in lines(ward, named, made):
        cell = _text(page, text)
        cell.alignment = _TOP
        cell.font = Font(bold=bold, size=14 if bold else 12)
        page.append([cell])


def _sheet(book: Any, sheet: Sheet, filled: Sequence[Sequence[str | int]], places: dict[str, str]) -> None:
    page = book.create_sheet(sheet.name)
    page.freeze_panes = "C2"
    page.auto_filter.ref = f"A1:{get_column_letter(len(sheet.columns))}{len(filled) + 1}"
    page.row_dimensions[1].height = 34
    templates = []
    for at, column in enumerate(sheet.columns, 1):
        letter = get_column_letter(at)
        spare = page.column_dimensions[letter]
        spare.width = column.width
        template = _styled(WriteOnlyCell(page), column)
        spare.number_format, spare.alignment = template.number_format, _TOP
        if column.role == OWNER or (column.role == ID and not sheet.table):
            spare.fill = _GREY
        templates.append(template._style)
    for validation in _validations(sheet, len(filled) + 1, places):
        page.data_validations.append(validation)
    page.append([_header(page, column) for column in sheet.columns])
    widths = [column.width for column in sheet.columns]
    for number, row in enumerate(filled, 2):
        page.row_dimensions[number].height = _height(row, widths)
        page.append(list(_row(page, row, templates)))


def _height(row: Sequence[str | int], widths: Sequence[int]) -> int:
    """
    Return how high a row is, in points: what it says can be read, but no row fills the screen.
    """
    lines = max(
        said.count("\n") + 1 if len(said) <= width else sum(len(line) // width + 1 for line in said.split("\n"))
        for said, width in zip(map(str, row), widths, strict=True)
    )
    return min(LINE * lines, HIGHEST) + 2


def _row(page: Any, row: Sequence[str | int], templates: Sequence[Any]) -> Iterator[Any]:
    for said, style in zip(row, templates, strict=True):
        if said == "":
            yield None  # an empty cell looks like its column
            continue
        cell = _text(page, said) if isinstance(said, str) else WriteOnlyCell(page, said)
        cell._style = style  # the same for a whole column: setting each part of it anew takes three times as long
        yield cell


def _text(page: Any, said: str) -> Any:
    """
    Return a cell with a text that is one, though it begin with "=".
    """
    cell = WriteOnlyCell(page, "")
    cell._value, cell.data_type = _CONTROL.sub("", said), "s"
    return cell


def _styled(cell: Any, column: Column) -> Any:
    cell.alignment, cell.border = _TOP, _EDGES
    cell.number_format = "General" if column.role == ORDER else "@"
    if column.role in (ID, OWNER):
        cell.fill, cell.font = _GREY, Font(color="FF595959")
    elif column.role == TITLE:
        cell.font = Font(bold=True)
    return cell


def _header(page: Any, column: Column) -> Any:
    cell = _text(page, column.header + (" *" if column.required else ""))
    cell.font, cell.fill = Font(bold=True, color="FFFFFFFF"), _BLUE
    cell.alignment = Alignment(vertical="center", wrap_text=True)
    cell.border = _EDGES
    if column.note:
        cell.comment = Comment(column.note, AUTHOR, height=40 + 18 * (len(column.note) // 32 + 1), width=260)
    return cell


def _validations(sheet: Sheet, last: int, places: dict[str, str]) -> Iterator[DataValidation]:
    end = min(last + SPARE, LAST_ROW)
    for at, column in enumerate(sheet.columns, 1):
        letter = get_column_letter(at)
        cells = f"{letter}2:{letter}{end}"
        if column.role == ID and not sheet.table:
            # Nothing but an empty cell is let through: a code stays, and a new one is made by the service.
            yield DataValidation(
                type="custom", formula1=f"LEN({letter}2)=0", allow_blank=True, sqref=cells, showErrorMessage=True,
                errorTitle="Không sửa mã", error="Hệ thống đặt mã. Mục mới thì để trống ô này; mục đã có thì giữ nguyên mã.",
            )  # fmt: skip
        elif column.role == TITLE and sheet.table and len(sheet.kinds) == 1:
            kind = sheet.kinds[0]
            yield DataValidation(
                type="list", formula1=f"'{MAIN_NAMES[kind]}'!$B$2:$B${LAST_ROW}", allow_blank=True, sqref=cells
            )
        elif column.role == ORDER:
            yield DataValidation(
                type="decimal", operator="greaterThan", formula1="0", allow_blank=True, sqref=cells, showErrorMessage=True,
                errorTitle="Thứ tự", error="Thứ tự là một số, ví dụ 1, 2 hoặc 1,5 để chen vào giữa.",
            )  # fmt: skip
        elif column.form == "choice":
            yield DataValidation(
                type="list", formula1=places[column.name], allow_blank=not column.required, sqref=cells, showErrorMessage=True,
                errorTitle=column.header, error="Anh/chị chọn một giá trị trong danh sách thả xuống.",
            )  # fmt: skip


def _choosing() -> dict[str, tuple[tuple[str, str], ...]]:
    return {
        column.name: column.choices
        for kind in MAIN_NAMES
        for column in main(kind).columns
        if column.role == FIELD and column.form == "choice"
    }


def _places_of_choices() -> dict[str, str]:
    """
    Return where the values of each drop-down stand; not in the rule itself, where a comma would part them.
    """
    return {
        name: f"'{LISTS}'!${get_column_letter(at)}$1:${get_column_letter(at)}${len(choices)}"
        for at, (name, choices) in enumerate(_choosing().items(), 1)
    }


def _lists(book: Any) -> None:
    page = book.create_sheet(LISTS)
    page.sheet_state = "hidden"
    columns = list(_choosing().values())
    for at in range(max(map(len, columns))):
        page.append([_text(page, column[at][1]) if at < len(column) else None for column in columns])
