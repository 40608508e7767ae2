"""
One row of the national list → a draft procedure: repaired where that is certain, marked for review where it is not.

A draft is kept, never told: `confidence` is unverified and so is every part (docs/decisions/0006).
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import ValidationError

from knowledge import wording_of_mistakes
from knowledge.importing import cells, figures, letters, papers
from knowledge.importing.figures import Doubt
from knowledge.procedures import Procedure
from knowledge.text import fold, normalise

METHODS, PAPERS, RESULT = "cách thức thực hiện, thời hạn, lệ phí", "thành phần hồ sơ", "kết quả"
STEPS, CONDITIONS, AUTHORITY, APPLICANTS = "trình tự thực hiện", "yêu cầu điều kiện", "cơ quan thực hiện", "đối tượng"
REASONS = {
    **figures.REASONS,
    **papers.REASONS,
    "ten-la-ten-quyet-dinh": "tên mục là tên một quyết định công bố danh mục, không phải tên thủ tục",
    "nhieu-ma-mot-noi-dung": "nhiều mã có cùng tên và cùng nội dung",
    "khac-noi-dung-dang-dung": "lệ phí hoặc thời hạn khác với mục đang dùng của trợ lý",
    "sai-dang": "không đúng dạng của một thủ tục",
}
REPAIRS = {
    "noi-lai-chu": "nối lại chữ bị chèn dấu chấm (“Th. ời gian” → “Thời gian”)",
    "tach-o-cach-nop": "tách ô dính liền của bảng cách nộp",
    "tach-o-giay-to": "tách ô dính liền của bảng giấy tờ",
    "bo-ma-trong-ten": "bỏ mã thủ tục lặp trong tên",
    "sua-dau-cach-trong-ten": "bỏ dấu cách, dấu chấm, chỗ xuống dòng thừa trong tên",
    "bo-chu-cua-trang-web": "bỏ chữ của trang web dính vào cuối",
}
State = Literal["clean", "repaired", "review"]
_SILENT = "Không có thông tin"
_PAGE_REST = re.compile(
    r"(?:Không có thông tin)?\s*Từ khóa(?::\s*\Z|Không có thông tin.*|:.*Chọn cơ quan thực hiện.*)", re.DOTALL
)
_DECISION = re.compile(r"cong bo danh muc .*thu tuc hanh chinh|quy trinh noi bo thu tuc hanh chinh")
_LONGEST_PLACE = 250


@dataclass
class Draft:
    """
    What became of one row. `procedure` has the form of an entry of content; `source` holds the row's own words.
    """

    code: str
    line: int
    level: str
    procedure: dict[str, Any]
    repairs: list[str] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)
    source: dict[str, str] = field(default_factory=dict)

    @property
    def state(self) -> State:
        return "review" if self.doubts else "repaired" if self.repairs else "clean"


def draft_of(row: Mapping[str, Any], line: int, *, as_of: str, listed_in: str) -> Draft:
    """
    Turn one row into a draft.

    Args:
        row: `id`, `title`, `field`, `level`, `sections`, as in one line of the list.
        line: Where it stands in the list, from 1.
        as_of: The day of the import: nothing in the list says when it held.
        listed_in: The list's name, for `sources`.
    """
    code, sections = str(row["id"]).strip(), dict(row["sections"])
    draft = Draft(code, line, str(row.get("level") or ""), {}, source=sections)
    text = {name: _mended(value, draft) for name, value in sections.items()}
    rows = _ways(text.get(METHODS, ""), draft)
    time, time_doubts = figures.time_of(rows)
    fee, fee_doubts = figures.fee_of(rows)
    found, remarks, paper_doubts = _papers(text.get(PAPERS, ""), draft)
    draft.doubts += [*time_doubts, *fee_doubts, *paper_doubts]
    title = _title(str(row["title"]), code, draft)
    authority, applicants = _said(text.get(AUTHORITY)), _said(text.get(APPLICANTS))
    about = [
        title,
        *(
            f"{label}: {value}"
            for label, value in (("cơ quan thực hiện", authority), ("đối tượng", applicants))
            if value
        ),
    ]
    content = {
        "id": "tthc-" + re.sub(r"[^0-9a-z]+", "-", code.lower()).strip("-"),
        "code": code,
        "title": title,
        "official_title": title,
        "field": _plain(str(row.get("field") or "")),
        "summary": "; ".join(about) + ".",
        "applicants": applicants,
        "papers": found,
        "papers_note": remarks,
        "fee": fee,
        "time": time,
        "place": _place(rows),
        "authority": authority,
        "online": figures.online_of(rows),
        "post": figures.post_of(rows),
        "conditions": _conditions(text.get(CONDITIONS), draft),
        "result": papers.result_of(cells.cut_results(text.get(RESULT) or "")),
    }
    draft.procedure = {name: value for name, value in content.items() if value not in (None, [], "")}
    draft.silent = [
        name
        for name, value in (("fee", fee), ("time", time))
        if value is None and name not in {d.part for d in draft.doubts}
    ]
    draft.procedure["unverified"] = _held(draft.procedure)
    draft.procedure |= {"sources": [f"{listed_in}, mã {code}"], "as_of": as_of, "confidence": "unverified"}
    draft.repairs = [repair for repair in REPAIRS if repair in draft.repairs]
    _check_form(draft)
    return draft


def _mended(value: str, draft: Draft) -> str:
    mended = letters.mend(value)
    if mended is not None and mended != unicodedata.normalize("NFC", value):
        draft.repairs.append("noi-lai-chu")
    return unicodedata.normalize("NFC", value) if mended is None else mended


def _ways(text: str, draft: Draft) -> list[figures.Way]:
    pieces = cells.cut_methods(text)
    for piece in pieces:
        if piece.kind == "other":
            draft.doubts.append(Doubt("time", "bang-khong-doc-duoc", _plain(piece.text)[:400]))
    if any(piece.kind == "method" for piece in pieces):
        draft.repairs.append("tach-o-cach-nop")
    return figures.ways(pieces)


def _papers(text: str, draft: Draft) -> tuple[list[dict[str, Any]], str | None, list[Doubt]]:
    pieces = cells.cut_papers(text)
    if any(piece.kind == "copies" for piece in pieces):
        draft.repairs.append("tach-o-giay-to")
    return papers.papers_of(pieces)


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text)).strip()


def _title(text: str, code: str, draft: Draft) -> str:
    title = _plain(text)
    without_code = re.sub(rf"\s*\(\s*{re.escape(code)}\s*\)", "", title)
    if without_code != title:
        draft.repairs.append("bo-ma-trong-ten")
    tidy = without_code.rstrip(". ")
    tidy = tidy[:1].upper() + tidy[1:]
    if tidy != unicodedata.normalize("NFC", text) and without_code == title:
        draft.repairs.append("sua-dau-cach-trong-ten")
    if _DECISION.search(fold(normalise(tidy))):
        draft.doubts.append(Doubt("title", "ten-la-ten-quyet-dinh", tidy))
    return tidy


def _said(text: str | None) -> str | None:
    plain = _plain(text or "")
    return None if not plain or plain.rstrip(".") == _SILENT else plain


def _place(rows: list[figures.Way]) -> str | None:
    """
    Return where one hands in by oneself, when the table says it in a short sentence.
    """
    for row in rows:
        note = fold(normalise(row.note))
        if (
            row.method == cells.METHODS[0]
            and row.note
            and len(row.note) <= _LONGEST_PLACE
            and re.search(r"\btai\b", note)
        ):
            return row.note[0].upper() + row.note[1:]
    return None


def _conditions(text: str | None, draft: Draft) -> list[str]:
    shown = _PAGE_REST.sub("", text or "")
    if shown != (text or ""):
        draft.repairs.append("bo-chu-cua-trang-web")
    if _said(shown) is None:
        return []
    return [line for line in (_plain(one).lstrip("-+* ").strip() for one in shown.split("\n")) if line]


def _held(procedure: Mapping[str, Any]) -> list[str]:
    """
    Return every part that the procedure says something about: none of them has been verified.
    """
    parts = ("fee", "time", "papers", "place", "online", "conditions", "result", "applicants", "authority", "post")
    return [part for part in parts if procedure.get(part) not in (None, [])]


def _check_form(draft: Draft) -> None:
    try:
        Procedure.model_validate(draft.procedure)
    except ValidationError as error:
        for detail in error.errors():
            draft.doubts.append(
                Doubt(str(detail["loc"][0]), "sai-dang", wording_of_mistakes.sentence(detail, draft.code))
            )
