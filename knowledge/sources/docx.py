"""
Word documents → Document: paragraphs with the numbers that Word shows before them, tables with their merged cells.

Text in boxes, in headers, in footnotes and in accepted insertions is read; deleted text is not, and pictures are told.
"""

import io
import zipfile
from collections import Counter
from collections.abc import Iterator
from typing import Any

import docx
from docx.document import Document as WordDocument
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from docx.table import Table as WordTable
from docx.text.paragraph import Paragraph

from knowledge.errors import SourceError
from knowledge.sources.document import FOOTER, HEADER, Cell, Document, Line, Table, clean, in_old_font, old_font_message

MOST_UNPACKED_BYTES = 300_000_000  # a plan is a few hundred kilobytes: what unpacks to more is no plan
_TEXT, _TAB, _BREAK, _RETURN, _HYPHEN = (qn(f"w:{tag}") for tag in ("t", "tab", "br", "cr", "noBreakHyphen"))
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_BOX = qn("w:txbxContent")
_DELETED, _PICTURE, _PARAGRAPH = qn("w:delText"), qn("w:drawing"), qn("w:p")
_ROMANS = (
    (1000, "m"),
    (900, "cm"),
    (500, "d"),
    (400, "cd"),
    (100, "c"),
    (90, "xc"),
    (50, "l"),
    (40, "xl"),
    (10, "x"),
    (9, "ix"),
    (5, "v"),
    (4, "iv"),
    (1, "i"),
)


def read(data: bytes, name: str) -> Document:
    """
    Raises:
        SourceError: when the file is damaged, protected by a password, or no Word document.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            if sum(part.file_size for part in package.infolist()) > MOST_UNPACKED_BYTES:
                raise SourceError(f"{name}: tệp bung ra quá lớn, không phải một bản kế hoạch")
        word = docx.Document(io.BytesIO(data))
    except (zipfile.BadZipFile, PackageNotFoundError, KeyError, ValueError, SyntaxError) as error:
        raise SourceError(
            f"{name}: không mở được tệp Word này (tệp hỏng, hoặc có đặt mật khẩu); mở bằng Word, lưu lại thành .docx rồi nhập"
        ) from error
    reading = _Reading(word)
    reading.body()
    text = "\n".join(line.text for line in reading.lines)
    if in_old_font(text):
        raise SourceError(old_font_message(name))
    return Document(name, "docx", tuple(reading.lines), tuple(reading.tables), False, tuple(reading.notices))


class _Reading:
    """
    The walk through one document; lines get their numbers in the order in which they are met.
    """

    def __init__(self, word: WordDocument):
        self.word, self.lines, self.tables = word, [], []  # type: ignore[var-annotated]
        self.notices: list[str] = []
        self._counts: dict[tuple[int, int], int] = {}
        self._levels = _numbering(word)
        self._paragraphs = 0

    def body(self) -> None:
        for header in _distinct(section.header for section in self.word.sections):
            for paragraph in header.paragraphs:
                self._add(paragraph, HEADER)
        for block in self.word.iter_inner_content():
            if isinstance(block, Paragraph):
                self._paragraphs += 1
                self._add(block, f"đoạn {self._paragraphs}")
            else:
                self._table(block)
        for footer in _distinct(section.footer for section in self.word.sections):
            for paragraph in footer.paragraphs:
                self._add(paragraph, FOOTER)
        root = self.word.element.body
        pictures = sum(not any(True for _ in node.iter(_TEXT)) for node in root.iter(_PICTURE, qn("w:pict")))
        if pictures:
            self.notices.append(f"{pictures} hình ảnh trong tệp không được đọc; nếu là trang quét, hãy nhập bản PDF")
        deleted = "".join(node.text or "" for node in root.iter(_DELETED)).strip()
        if deleted:
            self.notices.append(f"bỏ phần đã xóa khi sửa trong Word (track changes): “{deleted[:200]}”")

    def _add(self, paragraph: Paragraph, where: str) -> list[int]:
        mark = self._mark(paragraph)
        numbers = []
        for part, text in enumerate(_texts(paragraph._p)):
            shown = clean(f"{mark} {text}" if mark and part == 0 else text)
            if shown.strip() or part == 0:
                self.lines.append(Line(len(self.lines) + 1, shown, where))
                numbers.append(len(self.lines))
        return numbers

    def _table(self, table: WordTable) -> None:
        rows: list[tuple[Cell, ...]] = []
        order = len(self.tables) + 1
        seen: dict[Any, Cell] = {}
        for number, row in enumerate(table.rows, 1):
            cells: list[Cell] = []
            here: set[Any] = set()
            for column, cell in enumerate(row.cells, 1):
                if cell._tc in seen:
                    # Spanning rows it holds for each of them; spanning columns it stands in the first.
                    merged = seen[cell._tc]
                    cells.append(Cell("", merged.lines) if cell._tc in here else merged)
                    here.add(cell._tc)
                    continue
                here.add(cell._tc)
                where = f"bảng {order}, hàng {number}, cột {column}"
                numbers = [line for paragraph in cell.paragraphs for line in self._add(paragraph, where)]
                for inner in cell.tables:
                    self._table(inner)
                text = "\n".join(self.lines[line - 1].text for line in numbers).strip()
                seen[cell._tc] = Cell(text, tuple(numbers))
                cells.append(seen[cell._tc])
            rows.append(tuple(cells))
        width = max(map(len, rows), default=0)
        self.tables.append(Table(tuple(row + (Cell("", ()),) * (width - len(row)) for row in rows)))

    def _mark(self, paragraph: Paragraph) -> str:
        """
        Return the number or bullet that Word shows before a paragraph, counting on.
        """
        properties: Any = paragraph._p.pPr
        number: Any = properties.numPr if properties is not None else None
        if number is None and paragraph.style is not None and paragraph.style.element.pPr is not None:
            number = paragraph.style.element.pPr.numPr
        if number is None or number.numId is None or number.numId.val == 0:
            return ""
        list_id, level = number.numId.val, number.ilvl.val if number.ilvl is not None else 0
        form, shown, start = self._levels.get((list_id, level), ("bullet", "-", 1))
        if form == "bullet":
            return "-"
        self._counts[list_id, level] = self._counts.get((list_id, level), start - 1) + 1
        for list_and_level in list(self._counts):
            if list_and_level[0] == list_id and list_and_level[1] > level:
                del self._counts[list_and_level]
        for upper in range(level + 1):
            upper_form, _, upper_start = self._levels.get((list_id, upper), (form, "", 1))
            value = self._counts.get((list_id, upper), upper_start)
            shown = shown.replace(f"%{upper + 1}", _counted(value, upper_form))
        return shown


def _distinct(parts: Iterator[Any]) -> Iterator[Any]:
    seen: Counter[int] = Counter()
    for part in parts:
        if not part.is_linked_to_previous:
            seen[id(part)] += 1
            yield part


def _texts(element: Any) -> Iterator[str]:
    """
    Yield the text of a paragraph, line by line; boxes that hang on it come after it.
    """
    text, boxes = "", []
    for node in _walk(element):
        if node.tag == _BOX:
            boxes += [inner for inner in node.iter(_PARAGRAPH)]
        elif node.tag == _TEXT:
            text += node.text or ""
        elif node.tag == _TAB:
            text += "\t"
        elif node.tag == _HYPHEN:
            text += "-"
        elif node.tag in (_BREAK, _RETURN):
            text += "\n"
    yield from text.split("\n")
    for box in boxes:
        yield from _texts(box)


def _walk(element: Any) -> Iterator[Any]:
    """
    Yield the nodes of a paragraph in order, without going into boxes, nor into the copies of them for old versions of Word.
    """
    for node in element:
        if node.tag == _FALLBACK:
            continue
        yield node
        if node.tag != _BOX:
            yield from _walk(node)


def _numbering(word: WordDocument) -> dict[tuple[int, int], tuple[str, str, int]]:
    """
    Return (form, text, start) of every level of every list: ("decimal", "%1.", 1).
    """
    try:
        root = word.part.numbering_part.element
    except (KeyError, NotImplementedError):
        return {}
    value = qn("w:val")
    kinds = {kind.get(qn("w:abstractNumId")): kind for kind in root.iter(qn("w:abstractNum"))}
    found: dict[tuple[int, int], tuple[str, str, int]] = {}
    for number in root.iter(qn("w:num")):
        kind = kinds.get(number.find(qn("w:abstractNumId")).get(value))
        for level in kind.iter(qn("w:lvl")) if kind is not None else ():

            def of(tag: str, level: Any = level) -> str:
                node = level.find(qn(tag))
                return node.get(value) if node is not None else ""

            place = (int(number.get(qn("w:numId"))), int(level.get(qn("w:ilvl"))))
            found[place] = (of("w:numFmt") or "decimal", of("w:lvlText"), int(of("w:start") or 1))
    return found


def _counted(value: int, form: str) -> str:
    if form in ("upperRoman", "lowerRoman"):
        text = ""
        for amount, letters in _ROMANS:
            while value >= amount:
                text, value = text + letters, value - amount
        return text.upper() if form == "upperRoman" else text
    if form in ("upperLetter", "lowerLetter"):
        letter = chr(ord("a") + (value - 1) % 26)
        return letter.upper() if form == "upperLetter" else letter
    return f"{value:02d}" if form == "decimalZero" else str(value)
