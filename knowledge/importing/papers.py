"""
What the tables of papers and of results in the national list say, as far as that is certain.
"""

import re
from collections.abc import Sequence
from typing import Any

from knowledge.importing.cells import Piece
from knowledge.importing.figures import Doubt
from knowledge.text import fold, normalise

REASONS = {
    "giay-to-khong-doc-duoc": "phần thành phần hồ sơ có chỗ không cắt được thành giấy tờ",
    "so-ban-dinh-vao-so": "số bản dính vào một con số đứng trước, không rõ cắt ở đâu",
    "ten-tep-mau-dinh-vao-ten": "tên tệp mẫu đơn dính vào tên giấy tờ",
    "giay-to-thieu-ngoac": "tên giấy tờ có ngoặc mở mà không đóng: nguồn bị cắt mất một đoạn",
}
_YEAR_LAST = re.compile(r"(?:/|năm )(?:19|20)\d\d\Z")
_NUMBER_LAST = re.compile(r"\d\Z")
_FILE_INSIDE = re.compile(r"(?<=[^\s,(])\.(?:docx?|xlsx?|pdf|rtf|zip|rar)", re.IGNORECASE)
_ENDING_FIRST = re.compile(r"(?:docx?|xlsx?|pdf|rtf)\S", re.IGNORECASE)
_FILE_BEGUN = re.compile(
    r"[^\s(“\"/-](?:[Mm][ẫa]u|Mus|Phlc|PHLC|Phuluc|Phụ lục)[^;,]{0,30}\Z|[.;)] ?[^\W_][\w-]{0,13}\.\Z"
)
_REMARK = re.compile(r"(?:luu y|ghi chu|so luong|so bo|truong hop|cach thuc|\*)")
_PLAIN_GROUP = re.compile(
    r"(?:[a-z0-9]+[).] ?)?(?:thanh phan ho so|giay to phai nop|ho so|ho so gom|ho so bao gom)[ :.]*"
)
_RESULT_SEPARATORS = " .;,\n"


def papers_of(pieces: Sequence[Piece]) -> tuple[list[dict[str, Any]], str | None, list[Doubt]]:
    """
    Return the papers, what is said about them as a whole, and the doubts.
    """
    papers: list[dict[str, Any]] = []
    remarks: list[str] = []
    doubts: list[Doubt] = []
    when: str | None = None
    name, form = "", ""
    for piece in pieces:
        if piece.kind == "group":
            when = _group(piece.text)
        elif piece.kind == "name":
            name = _one_line(piece.text)
        elif piece.kind == "form":
            form = "; ".join(filter(None, [form, piece.text.strip()]))
        elif piece.kind == "other" and piece.text.strip(" -.;,\n"):
            doubts.append(Doubt("papers", "giay-to-khong-doc-duoc", _one_line(piece.text)[:400]))
        elif piece.kind == "copies":
            copies: str | None = ", ".join(one for one in piece.text.split(",") if not one.startswith("0 ")) or None
            if name and copies is None and any(_REMARK.match(_plain(one)) for one in (when or "", name)):
                remarks.append(name)
            elif name:
                if _NUMBER_LAST.search(name) and not form and not _YEAR_LAST.search(name):
                    doubts.append(Doubt("papers", "so-ban-dinh-vao-so", f"…{name[-80:]}{piece.text}"))
                    copies = None
                if _FILE_INSIDE.search(name) or (form and (_FILE_BEGUN.search(name) or _ENDING_FIRST.match(form))):
                    doubts.append(Doubt("papers", "ten-tep-mau-dinh-vao-ten", f"…{name[-120:]} {form}".rstrip()))
                if name.count("(") > name.count(")"):
                    doubts.append(Doubt("papers", "giay-to-thieu-ngoac", name[:400]))
                papers.append({"text": name, "form": form or None, "copies": copies, "when": when})
            name, form = "", ""
    return papers, " ".join(remarks) or None, doubts


def _one_line(text: str) -> str:
    plain = re.sub(r"[\s\uf000-\uf0ff]+", " ", text)
    return re.sub(r"^\.+(?=[\s\w(])", "", plain.strip(" -+*;,•").lstrip(")")).strip(" -+*;,•")


def _group(text: str) -> str | None:
    label = _one_line(text).rstrip(":. ")
    return None if not label or _PLAIN_GROUP.fullmatch(_plain(label)) else label


def _plain(text: str) -> str:
    return fold(normalise(text)).strip()


def result_of(pieces: Sequence[Piece]) -> str | None:
    """
    Return what one gets; several results as one line.
    """
    found = [_one_line(piece.text).strip(_RESULT_SEPARATORS) for piece in pieces if piece.kind == "result"]
    return "; ".join(dict.fromkeys(one for one in found if one)) or None
