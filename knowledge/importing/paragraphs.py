"""
Lines of print → paragraphs, each of which knows the line that every one of its letters came from.

An empty line parts nothing here: files made from PDF have one after every line, or in the middle of a sentence. What
parts paragraphs is a number, a letter or a dash in front, a line that ends early, a change between capitals and small.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from knowledge.sources.document import MARGINS, Document, Line

# Not "À-Ỹ": in that range of Unicode small and capital letters alternate.
UPPER = "A-Z" + "".join(chr(code) for code in range(0xC0, 0x1EFA) if chr(code).isupper())
_ROMAN = re.compile(rf"((?:(?:Phần|PHẦN|Mục|MỤC)\s+)?[IVX]{{1,5}})\s*[.):/-]\s*(?=[“\"{UPPER}])")
# What OCR makes of Roman numbers before a heading in capitals: "H. NỘI DUNG", "TV. KINH PHÍ".
_MISREAD_ROMAN = re.compile(rf"([IVXHTl1|]{{1,5}})\s*[.,]\s*(?=[{UPPER}]{{2}})")
READ_AS = str.maketrans({"H": "II", "T": "I", "l": "I", "1": "I", "|": "I"})
_NUMBER = re.compile(
    rf"(\d{{1,2}}(?:\.\d{{1,2}}){{1,3}}\.?(?=\s+[“\"{UPPER}])|\d{{1,2}}(?:\.\d{{1,2}}){{0,3}}\s*[.)](?!\d))\s*(?=\S)"
)
_LETTER = re.compile(rf"([a-zđ])\s*(?:\)\s*(?=\S)|\.\s*(?=[“\"{UPPER}]))")
_BULLET = re.compile(r"([-–—+*•●▪◦·])\s*(?=\S)")
_MARKUP = re.compile(r"^\s*#{1,6}\s+|\*\*|__")
_ENDED = re.compile(r"[.;:!?…]['”\")]*\s*$")
_WORD_START = re.compile(rf"[“\"'(\[]*[{UPPER}\d]")
_RULE = re.compile(r"[\s|:=_*~.…\-–—]{2,}")
_PAGE_NUMBER = re.compile(r"[-–—]?\s*(?:Trang\s+)?\d{1,3}(?:\s*/\s*\d{1,3})?\s*[-–—]?")
LEVELS = {"roman": 0, "number": 1, "letter": 4, "bullet": 5, "": 7}  # between number and letter: 1.1, 1.1.1
# Words that a paragraph of a plan begins with, however the line before ends; and words that no paragraph ends with.
_BEGINS = re.compile(
    r"(?:Căn cứ|Thực hiện (?:Kế hoạch|Quyết định|Nghị quyết|Công văn|Chỉ thị|Chương trình|Văn bản)|Xét đề nghị|Trên đây là|Nơi nhận|TM\.|KT\.|TUQ\.|TL\.|Q\. ?CHỦ|"
    r"(?:PHÓ )?CHỦ TỊCH|STT\b|TT\s|Số TT|\((?:Kèm theo|Ban hành kèm|kèm theo)|PHỤ LỤC|Phụ lục\s|Số\s*:|KẾ HOẠCH\b|CỘNG H|Độc lập)"
)
_VERBS = re.compile(
    r"(?:Phối hợp|Tham mưu|Chủ trì|Thực hiện|Tổ chức|Hướng dẫn|Chỉ đạo|Tăng cường|Thường xuyên|Xây dựng|Tuyên truyền|Đẩy mạnh|Triển khai|"
    r"Kinh phí|Công tác|Là cơ quan|Tiếp tục|Chủ động|Đề nghị|Bố trí|Theo dõi|Cung cấp|Niêm yết|Rà soát|Giám sát|Vận động|Phát động|Làm)\b"
)
_DANGLING = re.compile(
    r"(?:,|\s-|\b(?:của|và|các|những|về|tại|trong|cho|với|theo|từ|đến|là|thành phố|thị xã|phường|xã|tỉnh|quận|huyện|UBND|HĐND|ngày|tháng|năm|số|Ủy ban nhân|Hội|Ban|Chấp|Trung|Chính|Thủ|Đảng|Nhà))\s*$"
)
_BODY_LINE = 40  # shorter lines are headings, cells, signatures: they do not show how wide the print is
_RATHER_FULL = 0.6
_FULL = 0.78  # of the width: a line that ends before this ends on purpose


@dataclass(frozen=True)
class Paragraph:
    """
    Attributes:
        text: Without its marker and without Markdown's signs.
        origin: The number of the line of each letter of `text`.
        lines: Every line that it stands on, also those of which nothing is left in `text`.
        kind: roman, number, letter, bullet or nothing; `marker` is the sign as it stands.
        strong: Marked as a heading by Markdown.
    """

    text: str
    origin: tuple[int, ...]
    lines: tuple[int, ...]
    kind: str = ""
    marker: str = ""
    strong: bool = False

    @property
    def level(self) -> int:
        depth = self.marker.strip(" .)").count(".") if self.kind == "number" else 0
        return LEVELS[self.kind] + depth + (self.marker == "+")

    @property
    def capitals(self) -> bool:
        return self.text.upper() == self.text and sum(letter.isalpha() for letter in self.text) > 2

    def lines_of(self, start: int, end: int) -> tuple[int, ...]:
        return tuple(sorted(set(self.origin[start:end])))

    def with_repair(self, start: int, end: int, put: str) -> "Paragraph":
        """
        Return the paragraph with other letters in place of some; they stand where the first of those stood.
        """
        at = self.origin[start] if start < len(self.origin) else self.lines[-1]
        return replace(
            self,
            text=self.text[:start] + put + self.text[end:],
            origin=(*self.origin[:start], *(at,) * len(put), *self.origin[end:]),
        )


@dataclass
class Joined:
    """
    The paragraphs of a source, and the lines that are none: empty ones, drawn rules, page numbers.
    """

    paragraphs: list[Paragraph] = field(default_factory=list)
    empty: list[int] = field(default_factory=list)
    rules: list[int] = field(default_factory=list)
    page_numbers: list[int] = field(default_factory=list)


def join(document: Document, skipped: Iterable[int] = ()) -> Joined:
    """
    Join the lines of a document into paragraphs, leaving out lines that belong to tables.
    """
    left_out, joined = set(skipped), Joined()
    width = _width(document.lines)
    last: Line | None = None
    for line in document.lines:
        if line.number in left_out:
            last = None
            continue
        text, strong = _plain(line.text)
        if not text:
            joined.empty.append(line.number)
            continue
        if _RULE.fullmatch(text):
            joined.rules.append(line.number)
            continue
        if _PAGE_NUMBER.fullmatch(text) and (document.form != "docx" or line.where in MARGINS):
            joined.page_numbers.append(line.number)
            continue
        kind, marker, rest = _marker(text)
        before = joined.paragraphs[-1] if joined.paragraphs and last is not None else None
        if (
            before is not None
            and last is not None
            and _continues(before, _plain(last.text)[0], text, kind, rest, width if document.wrapped else 0, strong)
        ):
            joined.paragraphs[-1] = _extended(before, text, line.number)
        else:
            joined.paragraphs.append(Paragraph(rest, (line.number,) * len(rest), (line.number,), kind, marker, strong))
        last = line
    return joined


def _width(lines: Sequence[Line]) -> int:
    lengths = sorted(len(line.text.strip()) for line in lines if len(line.text.strip()) >= _BODY_LINE)
    return lengths[len(lengths) * 9 // 10] if lengths else 0


def _plain(text: str) -> tuple[str, bool]:
    """
    Return a line without Markdown's signs and outer spaces, and whether they made a heading of it.
    """
    stripped = text.strip()
    plain = re.sub(r"[ \t]+", " ", _MARKUP.sub("", stripped)).strip()
    return plain, stripped.startswith("#") or (stripped.startswith("**") and stripped.endswith("**"))


def _marker(text: str) -> tuple[str, str, str]:
    """
    Return (kind, marker, text after it).
    """
    misread = _MISREAD_ROMAN.match(text)
    if misread and text.upper() == text and not misread[1].isdigit() and not _ROMAN.match(text):
        return "roman", misread[1], text[misread.end() :]
    for kind, pattern in (("roman", _ROMAN), ("number", _NUMBER), ("letter", _LETTER), ("bullet", _BULLET)):
        match = pattern.match(text)
        if match:
            return kind, match[1].strip(), text[match.end() :]
    return "", "", text


def _continues(before: Paragraph, last: str, text: str, kind: str, rest: str, width: int, strong: bool) -> bool:
    """
    Tell whether a line goes on with the paragraph before it.

    Args:
        last: The line before, as it stands.
        rest: The line without its marker.
        width: Letters on a full line; 0 when a line is a whole paragraph.
    """
    ended = bool(_ENDED.search(before.text))
    small = not _WORD_START.match(rest)
    if strong or before.strong:
        return small and not kind and not ended
    if kind:
        # "chính trị -⏎xã hội" and "xã hội⏎- nghề nghiệp": a dash before a small letter in the middle of a sentence.
        return kind == "bullet" and small and not ended and len(last) >= width * _FULL > 0
    if before.text.endswith("./.") or _BEGINS.match(text):
        return False
    if small and not rest.startswith("("):
        return not ended or (width > 0 and len(last) >= width * _FULL)
    if width == 0 or before.capitals != Paragraph(rest, (), ()).capitals:
        return False
    if before.kind == "number" and len(before.lines) == 1 and _VERBS.match(rest):
        return False  # a heading, and what the office has to do
    if _DANGLING.search(before.text) and (
        len(last) >= width * _RATHER_FULL or rest[:1].isdigit() or before.text.endswith("-")
    ):
        return True
    if before.kind in ("letter", "bullet") and not ended and len(last) >= _BODY_LINE:
        return True
    first = re.split(r"\s", rest, maxsplit=1)[0]
    return len(last) + 1 + len(first) > width * (0.95 if ended else 0.88)


def _extended(before: Paragraph, text: str, number: int) -> Paragraph:
    glued = re.search(r"\d-$", before.text) and re.match(r"\d|[A-ZĐ]+[/-]", text)  # "2021-⏎2030", "19-⏎NQ/TW"
    added = text if glued else f" {text}"
    return replace(
        before,
        text=before.text + added,
        origin=(*before.origin, *(number,) * len(added)),
        lines=(*before.lines, number),
    )
