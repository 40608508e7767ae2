"""
Cuts the glued tables of the national list back into cells: "Trực tiếp5 Ngày làm việcMiễn phí" → three of them.

A table is returned as pieces that cover its text without gap or overlap: joined again they are the text. What a piece
means is decided in `figures.py`; what fits no cell is a piece of kind "other", never lost.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "head", "gap", "other",
    "method", "time", "bare", "silent", "free", "amount", "about", "note",  # the ways to hand in
    "group", "name", "form", "copies",  # the papers
    "result", "code",
]  # fmt: skip
METHODS = ("Trực tiếp", "Trực tuyến", "Dịch vụ bưu chính")
_METHOD = "|".join(METHODS)
_SILENT, _FREE = "Không có thông tin", "Miễn phí"
_TIME = r"\d+(?:[.,]\d+)? (?:Ngày làm việc|Ngày|Giờ làm việc|Giờ|Tháng|Tuần|Năm|Phút)"
_AMOUNT = r"\d[\d.,]* ?(?:Việt Nam Đồng|VNĐ|VND|Đồng|USD|EUR|%)"
_SEP = r"(?:\. |\s+)?"
_BARE = rf"\d+(?={_SEP}(?:{_FREE}|{_SILENT}|\(|$))"
_METHODS_HEAD = re.compile(r"Hình thức nộp\. Thời gian\. Phí, lệ phí\. Mô tả(?:\. )?")
# A row begins where a method's name touches a cell: in a sentence a space, a colon or a comma would follow it.
_ROW = re.compile(
    rf"(?:{_METHOD})(?=(?:\. )?(?:{_TIME}|{_BARE}|{_AMOUNT}|{_SILENT}|{_FREE}))|(?<=\S)(?:{_METHOD})(?=\.?\s*\Z)"
)
_WHEN = re.compile(rf"(?P<gap>{_SEP})(?:(?P<time>{_TIME})|(?P<silent>{_SILENT})|(?P<bare>{_BARE}))")
_FEE = re.compile(rf"(?P<gap>{_SEP})(?:(?P<silent>{_SILENT})|(?P<free>{_FREE})|(?P<amount>{_AMOUNT}))")
_NUMBERING = re.compile(r"\((?:\d{1,2}|[a-zđ]|i{1,3}|iv|vi{0,3})\) ")

_PAPERS_HEAD = re.compile(r"Tên giấy tờ\. Mẫu đơn, tờ khai\. Số lượng(?:\. )?")
_COUNT = re.compile(r"\d+ bản (?:chính|sao|chụp)(?:,(?:[1-9]\d?|0) bản (?:chính|sao|chụp))*")
_GLUED_NEXT = re.compile(r"\.?\s*\Z|[^\s,;.)]|\. [A-ZĐ]")
_FORM_ENDING = re.compile(r"\.(?:docx?|xlsx?|pdf|rtf|zip|rar|jpe?g|png)\Z", re.IGNORECASE)
_FORM_EDGE = re.compile(r"[.;:)\]](?=[^\s.;:)\]])|\. (?=\S)")
# What the names of forms begin with: "theo quy định1.4.", "theo mẫu. Mau.", "NĐ-CPMẫu số 10.QLT."; the rest follows.
_FILE_BEGUN = re.compile(
    r"(?:(?<=\. )|(?<=[^\s\d/“(-]))(?=((?:M[aẫ]u|Mus?\d|Phl[cu]|PHLC|Phu ?luc|Phụ lục|TTHC|\d{1,2}\.(?=(?:\d{1,2}\.)* ?\Z))[^;:()/]{0,60}\Z))"
)
_SENTENCE = re.compile(r"\b(?:của|ban hành|kèm|theo|ngày|Nghị định|Thông tư|quy định|và|hoặc)\b")
_LONGEST_FORM = 120
_RESULT_CODE = re.compile(
    r"(?:\. )?Mã: ?(?:(?:[A-Z0-9]+[.-])*KQ[0-9.]*(?:[.-]?[A-Za-z]?[0-9]+)+(?:\.\d+)*|\S+(?=\s*\Z))"
)


@dataclass(frozen=True)
class Piece:
    kind: Kind
    text: str


def joined(pieces: list[Piece]) -> str:
    """
    Return the text that pieces were cut from.
    """
    return "".join(piece.text for piece in pieces)


def cut_methods(text: str) -> list[Piece]:
    """
    Cut the table of ways to hand in: method, time, fees each with what it is about, note; row after row.

    A time without its unit ("Trực tiếp1Miễn phí") is "bare", a cell that says that nothing is known "silent".
    """
    head = _METHODS_HEAD.match(text)
    if head is None:
        return [Piece("other", text)] if text else []
    pieces = [Piece("head", head[0])]
    rows = list(_ROW.finditer(text, head.end()))
    edges = [match.start() for match in rows] + [len(text)]
    if edges[0] > head.end():
        pieces.append(Piece("other", text[head.end() : edges[0]]))
    for row, end in zip(rows, edges[1:], strict=True):
        pieces.append(Piece("method", row[0]))
        pieces += _row(text[row.end() : end])
    return pieces


def _row(text: str) -> Iterator[Piece]:
    when = _WHEN.match(text)
    place = 0
    if when:
        yield from _cell(when)
        place = when.end()
    fee = _FEE.match(text, place)
    while fee:
        yield from _cell(fee)
        place = fee.end()
        about = _about(text, place)
        if about:
            yield Piece("about", about)
            place += len(about)
        fee = _FEE.match(text, place) if about else None
        if fee and (fee["gap"] or fee["silent"]):
            fee = None
    if place and when and place == when.end():
        about = _about(text, place)
        if about:
            yield Piece("about", about)
            place += len(about)
    if place < len(text):
        yield Piece("gap" if not text[place:].strip(" .;,\n") else "note", text[place:])


def _cell(match: re.Match[str]) -> Iterator[Piece]:
    if match["gap"]:
        yield Piece("gap", match["gap"])
    kind = next(kind for kind, found in match.groupdict().items() if kind != "gap" and found)
    yield Piece(kind, match[kind])  # type: ignore[arg-type]


def _about(text: str, start: int) -> str:
    """
    Return the parenthesis that begins at `start`, up to the one that closes it; empty when there is none, or a number.
    """
    if not text.startswith("(", start) or _NUMBERING.match(text, start):
        return ""
    depth = 0
    for place in range(start, len(text)):
        depth += {"(": 1, ")": -1}.get(text[place], 0)
        if depth == 0:
            return text[start : place + 1]
    return ""


def cut_papers(text: str) -> list[Piece]:
    """
    Cut the tables of papers: for which case ("group"), name, file of the form, how many copies; row after row.
    """
    pieces: list[Piece] = []
    heads = list(_PAPERS_HEAD.finditer(text))
    if not heads:
        return [Piece("other", text)] if text else []
    if heads[0].start():
        pieces.append(Piece("group", text[: heads[0].start()]))
    for head, following in zip(heads, [*heads[1:], None], strict=True):
        pieces.append(Piece("head", head[0]))
        place, end = head.end(), following.start() if following else len(text)
        for start, finish in _counts(text, place, end):
            pieces += _paper(text[place:start])
            pieces.append(Piece("copies", text[start:finish]))
            place = finish
        if place < end:
            pieces.append(Piece("group" if following else "other", text[place:end]))
    return pieces


def _counts(text: str, first: int, end: int) -> Iterator[tuple[int, int]]:
    """
    Yield where a count of copies stands that ends a row.

    In a sentence ("nộp 01 bản chính và 02 bản sao") a count has a nought in front, or a space on both sides; a cell's
    count has neither. Behind a number of the name's own ("Mẫu số 031 bản chính") it is the last digit: whether that can
    be trusted, `papers` judges.
    """
    for match in _COUNT.finditer(text, first, end):
        digits = len(match[0]) - len(match[0].lstrip("0123456789"))
        apart = text[match.start() - 1] in " (\n"
        if digits == 2 and match[0][0] == "0":
            continue
        if apart and not _GLUED_NEXT.match(text[match.end() : end]):
            continue
        yield (match.start() + digits - 1 if digits > 2 or (apart and digits > 1) else match.start()), match.end()


def _paper(text: str) -> Iterator[Piece]:
    start = re.match(r"[.;,\s]*", text)
    assert start is not None
    if start[0]:
        yield Piece("gap", start[0])
    rest, files = text[start.end() :], []
    while form := _form(rest):
        rest = rest[: len(rest) - len(form)]
        files.append(Piece("form", form))
        tail = rest[len(rest.rstrip(". ")) :]
        if tail and _FORM_ENDING.search(rest[: -len(tail)]):
            files.append(Piece("gap", tail))
            rest = rest[: -len(tail)]
    if rest:
        yield Piece("name", rest)
    yield from reversed(files)


def _form(text: str) -> str:
    """
    Return the file name that a row of papers ends with, or nothing when it cannot be told from the paper's name.

    It touches the paper's name after a full stop or a bracket, or a ". " stands where a small letter met a capital.
    """
    ending = _FORM_ENDING.search(text)
    if not ending:
        return ""
    edges = [0, *(match.end() for match in _FORM_EDGE.finditer(text, 0, ending.start()))]
    for edge in reversed(edges):
        if _letters(text[edge : ending.start()]) >= 3:
            form = text[_file_start(text, edges, edge) :] if edge else ""
            return form if len(form) <= _LONGEST_FORM and "/" not in form and " ngày " not in form else ""
    return ""


def _file_start(text: str, edges: list[int], edge: int) -> int:
    """
    Return where a file name begins that has a ". " of its own: "NĐ-CP;Mẫu số 10.QLT. buôn bán.docx" at its "Mẫu".
    """
    for begun in _FILE_BEGUN.finditer(text[:edge]):
        if not _SENTENCE.search(begun[1]):
            return begun.start()
    if not text[:edge].endswith(". "):
        return edge
    glued = (one for one in edges[1:] if edge - 80 <= one < edge and not text[one - 1].isspace())
    return next((one for one in glued if _letters(text[one:edge]) >= 3 and text[one:edge].count(" ") <= 4), edge)


def _letters(text: str) -> int:
    return len(re.findall(r"[^\W\d_]", text))


def cut_results(text: str) -> list[Piece]:
    """
    Cut the list of results: what one gets, the national code of each.
    """
    pieces, place = [], 0
    for code in _RESULT_CODE.finditer(text):
        if code.start() > place:
            pieces.append(Piece("result", text[place : code.start()]))
        pieces.append(Piece("code", code[0]))
        place = code.end()
    if place < len(text):
        pieces.append(Piece("result", text[place:]))
    return pieces
