"""
The columns of a plan's table, known by their names, and what tells a cell of one from a cell of another.
"""

import re
from collections.abc import Sequence
from typing import Literal

from knowledge.text import fold, normalise

Column = Literal["number", "task", "forms", "product", "who", "lead", "partners", "time", "cost", "note", "other"]
_NAMES: tuple[tuple[Column, str], ...] = (
    ("number", r"(?:so )?s?tt|so thu tu"),
    ("lead", r"(?:(?:co quan|don vi|bo phan|phong ban)(?:[,/] ?(?:co quan|don vi|bo phan))? )?(?:chu tri|phu trach|dau moi)(?: thuc hien| tham muu)?"),
    ("partners", r"(?:(?:co quan|don vi|bo phan|phong ban)(?:[,/] ?(?:co quan|don vi|bo phan))? )?phoi hop(?: thuc hien)?"),
    ("who", r"(?:co quan|don vi|bo phan|to chuc|nguoi)(?:[,/] ?(?:co quan|don vi|ca nhan))? thuc hien|phan cong(?: thuc hien)?"),
    ("time", r"(?:thoi (?:gian|han|diem)|tien do)(?: thuc hien| hoan thanh| bao cao)*"),
    ("product", r"(?:san pham|ket qua)(?: dau ra| dat duoc| hoan thanh| can dat)*(?:/ket qua)?"),
    ("forms", r"hinh thuc(?: tuyen truyen| thuc hien)*"),
    ("cost", r"(?:du toan )?kinh phi(?: thuc hien| du kien)*"),
    ("note", r"ghi chu"),
    ("task", r"(?:ten |cac )?(?:noi dung|nhiem vu|cong viec|hoat dong)(?:[,/] ?(?:noi dung|nhiem vu|cong viec|hoat dong))?(?: cong viec| nhiem vu| tuyen truyen| thuc hien| cu the| trong tam| hoat dong| chu yeu)*"),
)  # fmt: skip
_COMPILED = tuple((column, re.compile(rf"(?:{pattern})(?![a-z])")) for column, pattern in _NAMES)
TIME = re.compile(
    r"(?:tu |den |trong |ca |dau |cuoi |truoc |sau |cham nhat |xong |hoan thanh |ngay |het )*(?:nam \d{4}|nam|quy|qui|thang|ngay \d|tuan|thuong xuyen|hang|hang nam|dinh ky|cao diem|\d{1,2}/\d|6 thang|sau khi|theo)"
)
UNIT = re.compile(
    r"(?:- )?(?:phong|cong chuc|cc\.|van phong|ubnd|uy ban|hdnd|hoi dong|dai|ban|bo phan|trung tam|to|mttq|mat tran|ubmttq|doan the|cac (?:phong|co quan|don vi|ban|bo phan|doan the|to chuc|truong|thon|khu|cong chuc)|"
    r"co quan|don vi|cong an|quan su|hoi|doan|tram|truong|van hoa|tu phap|dia chinh|tai chinh|thanh vien|lanh dao|can bo|cong doan|toan the|kinh te|so)(?![a-z])"
)
PRODUCT = re.compile(
    r"(?:- )?(?:cac )?(?:tin|bai|ke hoach|bao cao|hoi nghi|van ban|danh (?:sach|muc)|an pham|chuyen (?:muc|trang|de)|phong su|hinh anh|anh|quyet dinh|huong dan|thu tuc|tthc|to roi|pa ?no|bang ron|buoi|cuoc|lop|ho so|bien ban|phat thanh|loa|tuyen truyen qua|thong tin)(?![a-z])"
)
VERB = re.compile(
    r"(?:- )?(?:tuyen truyen|xay dung|thuc hien|to chuc|day manh|ban hanh|tiep tuc|phoi hop|cap nhat|bao cao|khuyen khich|soan|tang cuong|nang cao|trien khai|duy tri|dang tai|niem yet|ra soat|kiem tra|huong dan|thong tin|phat dong|pho bien|tham muu|cong khai|lap|mo|bien tap|cung cap|tap huan|doi thoai|khao sat|tong hop|so ket)(?![a-z])"
)


def named(text: str) -> Column | None:
    """
    Return the column that a header cell names, or None.
    """
    plain = _plain(text)
    for column, pattern in _COMPILED:
        if pattern.fullmatch(plain):
            return column
    # "Thời gian |thục hiện": OCR spoils a word; what the name begins with is enough when it is most of it.
    for column, pattern in _COMPILED:
        match = pattern.match(plain)
        if match and len(plain) < 40 and match.end() >= len(plain) / 2.5 and column != "number":
            return column
    return None


def seam(column: Column, before: str, after: str) -> float:
    """
    Return what it costs to have two pieces of a row in one cell: much, where the second looks like a cell of its own.
    """
    plain, first = _plain(after), next((letter for letter in after if letter.isalnum()), "")
    cost = 1.0 if re.search(r"[.;…]$", before) and not first.islower() else 0.0
    if column != "time" and TIME.match(plain) and len(plain) < 25 and not first.islower():
        cost += 2.5
    if column not in ("who", "lead", "partners") and UNIT.match(plain) and first.isupper():
        cost += 2
    if column in ("who", "lead", "partners") and after.startswith("Các ") and not re.search(r"[,;:-]$", before):
        cost += 1
    return cost


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", fold(normalise(text))).strip(" .:*")


def header(text: str) -> list[Column] | None:
    """
    Return the columns that a header names when its cells have run together on one line, or None when something is left.
    """
    rest, found = _plain(text), []
    while rest:
        match = next(((column, hit) for column, pattern in _COMPILED if (hit := pattern.match(rest))), None)
        if match is None:
            return None
        found.append(match[0])
        rest = rest[match[1].end() :].lstrip(" ,;/")
    return (
        found
        if len(found) >= 3 and found[0] == "number" and "task" in found and len(set(found)) == len(found)
        else None
    )


def of_row(cells: Sequence[str]) -> list[Column] | None:
    """
    Return the columns that a row of a table names, or None when it is no header: at least a task and two others.
    """
    found: list[Column] = [named(cell) or "other" for cell in cells]
    known = [column for column in found if column != "other"]
    if "task" in found and len(known) >= 3 and len(set(known)) == len(known):
        return found
    return None


def fits(column: Column, text: str) -> float:
    """
    Return how well a text fits a column: the higher the better; about 3 for a good cell, below 0 for a wrong one.
    """
    plain = _plain(text)
    if not plain:
        return -20.0 if column == "task" else -1.5
    letters = [letter for letter in text if letter.isalnum()]
    score = -4.0 if letters and letters[0].islower() else 0.0
    if re.search(r"(?:,|-|–|\b(?:va|cua|cac|ve|theo|quy|nam|tai))$", plain):
        score -= 2
    is_time = bool(TIME.match(plain)) and len(plain) < 60
    if column == "time":
        return score + (3 if is_time else -4)
    if is_time and len(plain) < 25:
        score -= 3
    if column in ("who", "lead", "partners"):
        broken = " " not in plain and not text.isupper()  # "Phòng" alone is half a name
        return score + (3 if UNIT.match(plain) else -1.5) - (1 if len(plain) > 160 else 0) - (3 if broken else 0)
    if column == "task":
        return (
            score + (1 if VERB.match(plain) else 0) + (1 if len(plain) > 15 else -1) - (2 if UNIT.match(plain) else 0)
        )
    if column in ("product", "forms"):
        return (
            score + (1.5 if PRODUCT.match(plain) else 0) - (2 if UNIT.match(plain) and not PRODUCT.match(plain) else 0)
        )
    return score
