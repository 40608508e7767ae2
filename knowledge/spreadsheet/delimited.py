"""
CSV: one file per sheet, together in an archive; read alone or together, whatever parts the cells and however they are encoded.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Sequence

from knowledge.errors import ImportUnreadable
from knowledge.spreadsheet import marker
from knowledge.spreadsheet.cells import Formula, Raw
from knowledge.spreadsheet.columns import MARKER, Sheet, plain, sheets
from knowledge.spreadsheet.filling import Standing, rows
from knowledge.spreadsheet.guide import lines
from knowledge.spreadsheet.marker import Exported
from knowledge.spreadsheet.pages import MOST_COLUMNS, MOST_ROWS, Book, Page

BEGINS_A_FORMULA = ("=", "+", "-", "@")
PARTED_BY = (",", ";", "\t", "|")
GUIDE_FILE = "huong-dan.txt"
ENCODING = (
    "Tệp CSV không ở bảng mã UTF-8 nên chữ có dấu không đọc được (Excel hay lưu CSV theo bảng mã của Windows). "
    "Trong Excel, anh/chị chọn Lưu thành kiểu “CSV UTF-8”, hoặc gửi thẳng tệp Excel (.xlsx)."
)
LOST = (
    "Chữ có dấu trong tệp CSV đã thành dấu hỏi khi lưu. Anh/chị mở lại tệp gốc trong Excel, chọn Lưu thành kiểu “CSV UTF-8”, "
    "hoặc gửi thẳng tệp Excel (.xlsx)."
)
NOT_OURS = (
    "Dòng đầu của tệp CSV không có tên cột nào mà hệ thống biết. Anh/chị giữ nguyên dòng tên cột như trong tệp tải về."
)


def file_of(name: str) -> str:
    """
    "Thủ tục" → "thu-tuc.csv"
    """
    return f"{plain(name).replace(' ', '-')}.csv"


def archive(ward: str, named: str, made: str, entries: Sequence[Standing], exported: Iterable[Exported]) -> bytes:
    """
    Return all sheets as CSV files in UTF-8 with its mark in front, by which Excel knows it.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as written:
        guide = "\r\n".join(f"{'* ' if bold else ''}{text}" for text, bold in lines(ward, named, made))
        written.writestr(GUIDE_FILE, guide.encode("utf-8-sig"))
        for sheet in sheets():
            written.writestr(file_of(sheet.name), _sheet(sheet, entries))
        written.writestr(f"{MARKER}.txt", _text(marker.rows(ward, made, exported)))
    return out.getvalue()


def _sheet(sheet: Sheet, entries: Sequence[Standing]) -> bytes:
    head = [column.header + (" *" if column.required else "") for column in sheet.columns]
    return _text([head, *([_harmless(cell) for cell in row] for row in rows(sheet, entries))])


def _text(rows: Iterable[Sequence[str | int]]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def _harmless(cell: str | int) -> str | int:
    return f"'{cell}" if isinstance(cell, str) and cell.lstrip("'").startswith(BEGINS_A_FORMULA) else cell


def book(files: Sequence[tuple[str, bytes]]) -> Book:
    """
    Return the sheets of CSV files, each known by its header, whatever it is called.

    Raises:
        ImportUnreadable: when letters were lost, or nothing in it is ours.
    """
    pages: list[Page] = []
    hidden: list[list[str]] = []
    for name, content in files:
        short = name.replace("\\", "/").rpartition("/")[2].lower()
        if short == f"{MARKER}.txt":
            hidden = list(csv.reader(io.StringIO(_decoded(content))))
        elif short.endswith(".csv") or not short:
            pages.append(_page(_decoded(content)))
    return Book(pages, hidden, "csv")


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif content[1:200:2].count(0) > 40:
        encoding = "utf-16-le"
    elif content[0:200:2].count(0) > 40:
        encoding = "utf-16-be"
    else:
        encoding = "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise ImportUnreadable(ENCODING) from error


def _page(text: str) -> Page:
    if found := re.match(r"sep=(.)\r?\n", text):
        text = text[found.end() :]
    best, known, sheet = max(((mark, *_known(_first(text, mark))) for mark in PARTED_BY), key=lambda one: one[1])
    if known < 2:
        raise ImportUnreadable(LOST if "?" in text.partition("\n")[0] else NOT_OURS)
    read: list[tuple[int, list[Raw]]] = []
    csv.field_size_limit(4_000_000)
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=best), 1):
            if number > MOST_ROWS:
                return Page(sheet.name, read, cut=True)
            if any(cell.strip() for cell in row):
                read.append((number, [_raw(cell) for cell in row[:MOST_COLUMNS]]))
    except csv.Error as error:
        raise ImportUnreadable(NOT_OURS) from error
    return Page(sheet.name, read)


def _first(text: str, mark: str) -> list[str]:
    try:
        return next(csv.reader(io.StringIO(text[:20_000], newline=""), delimiter=mark), [])
    except csv.Error:
        return []


def _known(head: Sequence[str]) -> tuple[int, Sheet]:
    """
    Return the sheet that a header fits best, and how many of its columns it names.
    """
    named = {plain(cell) for cell in head}
    counted = [(len(named & {plain(column.header) for column in sheet.columns}), sheet) for sheet in sheets()]
    return max(counted, key=lambda one: one[0])


def _raw(cell: str) -> Raw:
    if cell.startswith("'") and cell.lstrip("'").startswith(BEGINS_A_FORMULA):
        return cell[1:]
    if cell.startswith("=") and len(cell) > 1:
        return Formula(cell)
    return cell if cell.strip() else None
