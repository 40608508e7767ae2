"""
A value as the text of a cell, and back. Pure.

What Excel, LibreOffice or a person does to a text without changing what it says (decomposed letters, blanks at the end,
other line ends) is no change; what they do to it that does (a code made a number, a month made a day) is mended where that is
certain, and told where it is not.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from knowledge.spreadsheet.columns import Column, plain

LONGEST = 32_767  # characters in a cell of Excel
TOO_LONG = "(Nội dung quá dài so với một ô Excel. Anh/chị giữ nguyên ô này và sửa trên trang Nội dung.)"
YES, NO = "Có", "Không"
TRUTHS = {"co": "true", "khong": "false", "true": "true", "false": "false", "x": "true", "yes": "true", "no": "false"}
CODES = ("code", "old_codes")
ZEROS = ("phone",)
LEAST_FEE = 500  # đồng; less is a thousands' dot that Excel took for a decimal one

_DAY = re.compile(r"(?:ngay\s*)?(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{4})")
_MONTH = re.compile(r"(?:thang\s*)?(\d{1,2})\s*[/.\-]\s*(\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{1,2})(?:-(\d{1,2}))?")
_SHOWN_MONTH = re.compile(r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|thg\s*\d{1,2})-(\d{2}|\d{4})")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_SHORT_CODE = re.compile(r"^\d\.\d{1,5}$")
_MONEY = re.compile(r"\s*(?:đồng|đ|vnđ|vnd|ngày làm việc|ngày)$", re.IGNORECASE)
_THOUSANDS = re.compile(r"\d{1,3}(?:([., ])\d{3})(?:\1\d{3})*")
_BLANKS = re.compile("[\u00a0\u2007\u202f\t]")
_UNSEEN = re.compile("[\u200b\ufeff\u2060]|_x000D_")


class CellMistake(ValueError):
    """
    A cell cannot be understood; the message says what is wrong and how to mend it.
    """


@dataclass(frozen=True)
class Formula:
    """
    A cell that Excel computes. It is never evaluated, and what it last showed is not believed.
    """

    text: str


@dataclass(frozen=True)
class Broken:
    """
    A cell that shows an error: #N/A, #REF!
    """

    text: str


@dataclass(frozen=True)
class Month:
    """
    A date of which Excel shows month and year only.
    """

    year: int
    month: int


Raw = str | int | float | bool | datetime | date | time | timedelta | Formula | Broken | Month | None


def write(column: Column, value: Any) -> str:
    """
    Return what is written into a cell.
    """
    if value in (None, "", [], {}):
        return ""
    if isinstance(value, list):
        said = tidy("\n".join(" ".join(_word(column, one).split()) for one in value))
    else:
        said = tidy(_word(column, value))
    return said if len(said) < LONGEST else TOO_LONG


def _word(column: Column, value: Any) -> str:
    if column.choices:
        key = str(value).lower() if isinstance(value, bool) else str(value)
        return dict(column.choices).get(key, key)
    if column.form == "date":
        return "/".join(reversed(str(value).split("-")))
    if isinstance(value, float):
        return f"{value:.15g}".replace(".", ",")
    return str(value)


def tidy(text: str) -> str:
    """
    Return a text composed, with plain blanks and line ends, and nothing around it or at the ends of its lines.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    text = _BLANKS.sub(" ", _UNSEEN.sub("", text))
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "\n".join(line.rstrip() for line in text.split("\n")).strip() if "\n" in text else text.strip()


def said(column: Column, raw: Raw, was: str = "") -> str:
    """
    Return what a cell says, as `write` would have written it.

    Args:
        was: What the cell said when the file was made, for what Excel did to it on its own.

    Raises:
        CellMistake: for formulas, errors, and what Excel has made something else of.
    """
    if raw is None:
        return ""
    if isinstance(raw, str):
        return _said_text(column, tidy(raw), was)
    if isinstance(raw, Formula):
        raise CellMistake("Ô này là công thức. Anh/chị thay công thức bằng chữ hoặc số cụ thể.")
    if isinstance(raw, Broken):
        raise CellMistake(f"Ô này đang báo lỗi {raw.text}. Anh/chị ghi lại nội dung.")
    if isinstance(raw, bool):
        return YES if raw else NO
    if isinstance(raw, Month | datetime | date):
        return _said_date(column, raw, was)
    if isinstance(raw, time | timedelta):
        raise CellMistake(
            f"Excel đã đổi ô này thành giờ ({raw}). Anh/chị đặt định dạng ô là Văn bản (Text) rồi ghi lại."
        )
    return _said_number(column, raw, was)


def _said_text(column: Column, text: str, was: str) -> str:
    """
    Return a text, with what Excel takes away when it opens a CSV file and saves it put back.
    """
    if column.name in CODES and "." in text:
        return "\n".join(_SHORT_CODE.sub(lambda found: found[0].ljust(8, "0"), line) for line in text.split("\n"))
    if column.name in ZEROS and was != text and re.sub(r"\D", "", was).lstrip("0") == text:
        return was
    return text


def _said_date(column: Column, raw: Month | datetime | date, was: str) -> str:
    month = f"{raw.month:02}/{raw.year}"
    day = "" if isinstance(raw, Month) else f"{raw.day:02}/{month}"
    if column.form == "date":
        # Excel makes the first day of "11/2026".
        return was if was == month and day[:2] in ("", "01") else day or month
    raise CellMistake(
        f"Excel đã đổi ô này thành ngày tháng ({day or month}). Anh/chị đặt định dạng ô là Văn bản (Text) rồi ghi lại."
    )


def _said_number(column: Column, raw: int | float, was: str) -> str:
    if isinstance(raw, float) and not raw.is_integer():
        if column.name in CODES:
            return f"{raw:.6f}"  # a code ends in six digits: 1.00119 was 1.001190
        return f"{raw:.15g}".replace(".", ",") if column.form == "number" else f"{raw:.15g}"
    text = str(int(raw))
    if column.name == "fee.dong" and 0 < raw < LEAST_FEE and text != was:
        raise CellMistake(
            f"Excel hiểu số này là {text} đồng. Nếu là {text}.000 đồng, anh/chị ghi {text}000, không ghi dấu chấm."
        )
    if column.name in ZEROS:
        digits = re.sub(r"\D", "", was)
        if digits and digits.lstrip("0") == text:
            return was
        if len(text) >= 8:
            raise CellMistake(
                f"Excel đã đổi ô này thành số ({text}) nên có thể mất số 0 ở đầu. "
                "Anh/chị đặt định dạng ô là Văn bản (Text) rồi ghi lại."
            )
    return text


def parse(column: Column, text: str) -> Any:
    """
    Return the value that a cell's text stands for, None for none.

    Raises:
        CellMistake: when it stands for nothing that the column can hold.
    """
    if not text:
        return None
    if column.form in ("list", "lines"):
        lines = [" ".join(line.split()) for line in text.split("\n")]
        return [_choice(column, line) if column.choices else line for line in lines if line]
    if column.choices:
        return _choice(column, text)
    if column.form == "date":
        return _date(column, text)
    if column.form == "number":
        return number(column.header, text)
    return text if column.form == "long" else " ".join(text.split())


def _choice(column: Column, text: str) -> Any:
    wanted = plain(text)
    values = {plain(label): value for value, label in column.choices}
    of_truth = {value for value, _ in column.choices} == {"true", "false"}
    if of_truth:
        values |= TRUTHS
    if wanted not in values:
        allowed = ", ".join(f"“{label}”" for _, label in column.choices)
        raise CellMistake(f"“{_short(text)}” không có trong danh sách. Anh/chị chọn một trong: {allowed}.")
    return values[wanted] == "true" if of_truth else values[wanted]


def _date(column: Column, text: str) -> str:
    folded = plain(text)
    year = month = day = 0
    if found := _ISO.fullmatch(folded):
        year, month, day = (int(part or 0) for part in found.groups())
    elif found := _DAY.fullmatch(folded):
        day, month, year = map(int, found.groups())
    elif found := _MONTH.fullmatch(folded):
        month, year = map(int, found.groups())
    elif found := _SHOWN_MONTH.fullmatch(folded):  # as Excel writes a month into CSV: "Nov-26", "Thg11-26"
        named, year = found[1], int(found[2]) % 100 + 2000
        month = _MONTHS.index(named) + 1 if named in _MONTHS else int(named.removeprefix("thg"))
    try:
        made = date(year, month, day or 1)
    except ValueError:
        made = None
    if made is None or not 1900 <= year <= 2200:
        raise CellMistake(
            f"“{_short(text)}” không phải ngày. Anh/chị ghi ngày/tháng/năm, ví dụ 20/11/2026, hoặc tháng/năm, ví dụ 11/2026."
        )
    return made.isoformat() if day else made.isoformat()[:7]


def number(header: str, text: str) -> int | float:
    """
    "10.000 đồng", "10 000", "10000" → 10000; "1,5" → 1.5.

    Raises:
        CellMistake: when it is no number, or a negative one.
    """
    trimmed = _MONEY.sub("", text.strip()).strip()
    if _THOUSANDS.fullmatch(trimmed):
        return int(re.sub(r"\D", "", trimmed))
    if re.fullmatch(r"\d+", trimmed):
        return int(trimmed)
    if re.fullmatch(r"\d+[.,]\d+", trimmed):
        return float(trimmed.replace(",", "."))
    raise CellMistake(
        f"“{_short(text)}” không phải số. Cột “{header}” chỉ ghi chữ số, ví dụ 10000; không có thì để trống."
    )


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 60 else f"{line[:57]}…"
