"""
What a row of the national list says about time and fee, as far as that is certain.

Nothing is composed: a figure is the source's own, in the source's unit, or it is left out and listed as a doubt with
the text it stands in. "Miễn phí" is also what the list shows where nobody entered an amount, so a remark that speaks
of an amount, or of the text that sets it, makes it doubtful.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from knowledge.importing.cells import METHODS, Piece
from knowledge.text import fold, normalise

# Why something was not taken over, for staff. The keys stand in drafts and reports.
REASONS = {
    "bang-khong-doc-duoc": "bảng cách nộp có chỗ không cắt được thành ô",
    "thoi-han-thieu-don-vi": "thời hạn chỉ có con số, thiếu đơn vị (ngày, giờ…)",
    "thoi-han-dinh-le-phi": "thời hạn và lệ phí dính liền nhau, không rõ cắt ở đâu",
    "thoi-han-khac-trong-mo-ta": "phần mô tả nêu thời hạn khác với ô thời gian",
    "thoi-han-chi-o-mo-ta": "ô thời gian bỏ trống, thời hạn chỉ thấy trong phần mô tả",
    "mien-phi-nhung-co-muc-thu": "ô ghi miễn phí nhưng chú thích nói đến mức thu, văn bản thu phí hoặc “chưa quy định”",
    "le-phi-khac-trong-chu-thich": "số tiền trong ô và trong chú thích khác nhau",
    "le-phi-so-tien-la": "số tiền viết không đúng cách của cổng (quá nhỏ hoặc thiếu dấu phẩy)",
    "le-phi-chi-o-mo-ta": "ô lệ phí bỏ trống, mức thu chỉ thấy trong phần mô tả",
    "le-phi-chu-thich-do-dang": "chú thích lệ phí mở ngoặc mà không đóng",
}
_DURATION = re.compile(
    r"(?<![\d/.,])(\d{1,3})(?:\s*\([^)\d]{1,30}\))?\s+(ngày|giờ|tháng|tuần|phút|năm)(?!\s*\d)(\s+làm việc)?",
    re.IGNORECASE,
)
_MONEY = re.compile(r"(?<![\d/.,])(\d{1,3}(?:[.,]\d{3})+|\d+)\s*(?:đồng|vnđ|vnd|đ|usd|eur)(?!\w)", re.IGNORECASE)
_FOREIGN = re.compile(r"\b(?:USD|EUR|đô la)\b", re.IGNORECASE)
_NOTHING_DUE = re.compile(
    r"(?:khong|mien)(?: (?:co|thu|mat|phai nop))?(?: (?:phi|le phi|phi,? le phi|tien))?(?: va (?:phi|le phi))?"
)
_FEE_SPOKEN_OF = re.compile(r"(?:le )?phi\b.{0,60}?(?:\d|thong tu|nghi quyet|hoi dong nhan dan)")
_DEPENDS = re.compile(
    r"hoi dong nhan dan|hdnd|cap tinh quy dinh|tuy |truong hop|ap dung|ke tu|tu ngay|den het|%|giam|mien"
)


@dataclass(frozen=True)
class Doubt:
    """
    Something that was left out because it is not certain: which part, why (a key of REASONS), the source's words.
    """

    part: str
    reason: str
    text: str


@dataclass
class Way:
    """
    One row of the table: a method with the cells that stand behind it.
    """

    method: str
    time: str | None = None
    bare: str | None = None
    fees: list[tuple[str, str, str]] = field(default_factory=list)  # kind, cell, what it is about
    note: str = ""
    source: str = ""


def ways(pieces: Sequence[Piece]) -> list[Way]:
    """
    Return the rows of a table that `cells.cut_methods` cut.
    """
    out: list[Way] = []
    timed = False
    for piece in pieces:
        if piece.kind == "method":
            out.append(Way(piece.text))
            timed = False
        elif not out:
            continue
        elif piece.kind == "time":
            out[-1].time, timed = piece.text, True
        elif piece.kind == "bare":
            out[-1].bare, timed = piece.text, True
        elif piece.kind == "silent" and not timed:
            timed = True
        elif piece.kind in ("silent", "free", "amount"):
            out[-1].fees.append((piece.kind, piece.text, ""))
            timed = True
        elif piece.kind == "about":
            kind, cell, _ = out[-1].fees.pop() if out[-1].fees else ("", "", "")
            out[-1].fees.append((kind, cell, piece.text[1:-1].strip()))
        elif piece.kind == "note":
            out[-1].note = _tidy(piece.text)
        if out:
            out[-1].source += piece.text
    return out


def _tidy(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip(" .;,")


def time_of(rows: Sequence[Way]) -> tuple[dict[str, Any] | None, list[Doubt]]:
    """
    Return the `time` of a procedure, or None, and what is doubtful about it.
    """
    doubts: list[Doubt] = []
    for row in rows:
        if row.bare:
            doubts.append(Doubt("time", "thoi-han-thieu-don-vi", _shown(row)))
        elif row.time is None and row.fees and row.source.startswith(row.method + row.fees[0][1]):
            doubts.append(Doubt("time", "thoi-han-dinh-le-phi", _shown(row)))
        else:
            told = {_duration(*found) for found in _DURATION.findall(row.note)}
            cell = {_duration(*found) for found in _DURATION.findall(row.time or "")}
            if told - cell:
                reason = "thoi-han-khac-trong-mo-ta" if cell else "thoi-han-chi-o-mo-ta"
                doubts.append(Doubt("time", reason, _shown(row)))
    timed = [row for row in rows if row.time]
    if doubts or not timed:
        return None, doubts
    spoken = [_spoken(row.time or "") for row in timed]
    if len(set(spoken)) == 1 and len(timed) == len(rows):
        days = re.fullmatch(r"(\d+(?:[.,]\d+)?) ngày làm việc", spoken[0])
        return {"text": spoken[0], "working_days": float(days[1].replace(",", ".")) if days else None}, []
    text = "; ".join(f"{row.method}: {one}" for row, one in zip(timed, spoken, strict=True))
    return {"text": text, "working_days": None}, []


def _duration(number: str, unit: str, working: str) -> tuple[int, str]:
    return int(number), unit.lower() + (" làm việc" if working else "")


def _spoken(cell: str) -> str:
    return cell[0] + cell[1:].lower()


def fee_of(rows: Sequence[Way]) -> tuple[dict[str, Any] | None, list[Doubt]]:
    """
    Return the `fee` of a procedure, or None, and what is doubtful about it.
    """
    doubts: list[Doubt] = []
    said: list[tuple[str, list[str]]] = []
    dong: set[int | None] = set()
    for row in rows:
        reason = _why_doubtful(row)
        if reason:
            doubts.append(Doubt("fee", reason, _shown(row)))
            continue
        texts = []
        for kind, cell, about in row.fees:
            if kind == "silent":
                continue
            texts.append(_amount_text(kind, cell, about))
            dong.add(_one_amount(kind, cell, about) if len(row.fees) == 1 else None)
        if texts:
            said.append((row.method, texts))
    if doubts or not said:
        return None, doubts
    shown = ["; ".join(texts) for _, texts in said]
    same = len(set(shown)) == 1 and len(said) == len(rows)
    text = shown[0] if same else "; ".join(f"{method}: {one}" for (method, _), one in zip(said, shown, strict=True))
    return {"text": text, "dong": dong.pop() if same and len(dong) == 1 else None}, []


def _why_doubtful(row: Way) -> str | None:
    """
    Return why a row's fee cannot be taken over, or None.
    """
    if row.bare is None and row.time is None and row.fees and row.source.startswith(row.method + row.fees[0][1]):
        return "thoi-han-dinh-le-phi"
    if row.note.startswith("(") and row.fees and row.note.count("(") > row.note.count(")"):
        return "le-phi-chu-thich-do-dang"
    plain_note = fold(normalise(row.note))
    for kind, cell, about in row.fees or [("", "", "")]:
        plain = fold(normalise(about)).strip(" -.;,()+")
        if kind == "free" and ((plain and not _NOTHING_DUE.fullmatch(plain)) or _FEE_SPOKEN_OF.search(plain_note)):
            return "mien-phi-nhung-co-muc-thu"
        if kind in ("", "silent") and (about or _FEE_SPOKEN_OF.search(plain_note)):
            return "le-phi-chi-o-mo-ta"
        if kind == "amount":
            reason = _odd_amount(cell, about)
            if reason:
                return reason
    return None


def _odd_amount(cell: str, about: str) -> str | None:
    number, currency = _amount(cell)
    told = {int(re.sub(r"\D", "", found)) for found in _MONEY.findall(about)}
    if told and number not in told:
        return "le-phi-khac-trong-chu-thich"
    if bool(_FOREIGN.search(about)) != (currency != "đồng") and (told or _FOREIGN.search(about)):
        return "le-phi-khac-trong-chu-thich"
    written = re.match(r"[\d.,]*\d", cell)
    assert written is not None
    if currency == "đồng" and (number < 1000 or not re.fullmatch(r"\d{1,3}(?:,\d{3})+", written[0])):
        return "le-phi-so-tien-la"
    return None


def _amount(cell: str) -> tuple[int, str]:
    match = re.match(r"([\d.,]*\d)\s*(.+)", cell)
    assert match is not None
    currency = "đồng" if match[2] in ("Việt Nam Đồng", "VNĐ", "VND", "Đồng") else match[2]
    return int(re.sub(r"\D", "", match[1])), currency


def _amount_text(kind: str, cell: str, about: str) -> str:
    if kind == "free":
        return "Miễn phí"
    number, currency = _amount(cell)
    tail = f" ({_tidy(about)})" if about else ""
    return f"{number:,}".replace(",", ".") + f" {currency}{tail}"


def _one_amount(kind: str, cell: str, about: str) -> int | None:
    """
    Return the amount in đồng when nothing says that it depends on something, else None.
    """
    if kind == "free":
        return 0
    number, currency = _amount(cell)
    told = {int(re.sub(r"\D", "", found)) for found in _MONEY.findall(about)}
    if currency != "đồng" or told - {number} or _DEPENDS.search(fold(normalise(about))):
        return None
    return number


def _shown(row: Way, most: int = 400) -> str:
    text = re.sub(r"\s+", " ", row.source).strip()
    return text if len(text) <= most else text[:most].rstrip() + " …"


def online_of(rows: Sequence[Way]) -> dict[str, Any] | None:
    return {"level": "yes"} if any(row.method == METHODS[1] for row in rows) else None


def post_of(rows: Sequence[Way]) -> bool | None:
    return True if any(row.method == METHODS[2] for row in rows) else None
