"""
Plain text and Markdown → Document. A line of the file is a line of the document, empty ones too.
"""

import re
from collections.abc import Iterator

from knowledge.errors import SourceError
from knowledge.sources.document import Cell, Document, Line, Table, clean, in_old_font, old_font_message

_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_PIPE_RULE = re.compile(r"\|?\s*:?-{3,}:?\s*(?:\|\s*:?-{3,}:?\s*)*\|?")
_LONG_LINE = 200  # print is seldom wider: a text with such lines has whole paragraphs on a line


def read(data: bytes, name: str) -> Document:
    """
    Raises:
        SourceError: when the bytes are no text that can be decoded.
    """
    text = _decode(data, name)
    if in_old_font(text):
        raise SourceError(old_font_message(name))
    lines: list[Line] = []
    page = 1
    for number, raw in enumerate(re.split(r"\r\n|\r|\n", text), 1):
        page += raw.count("\f")
        lines.append(Line(number, clean(raw.replace("\f", "")), f"dòng {number}", page if "\f" in text else None))
    while lines and not lines[-1].text:
        lines.pop()
    lengths = sorted(len(line.text) for line in lines if line.text)
    wrapped = not lengths or lengths[len(lengths) * 3 // 4] < _LONG_LINE
    return Document(name, "txt", tuple(lines), tuple(_tables(lines)), wrapped)


def _decode(data: bytes, name: str) -> str:
    encoding = next((encoding for mark, encoding in _MARKS.items() if data.startswith(mark)), "utf-8")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        if data[1:200:2].count(0) > 50:
            return data.decode("utf-16-le", errors="replace")
        raise SourceError(
            f"{name}: tệp không phải UTF-8 (byte thứ {error.start}); mở bằng Notepad, chọn Lưu thành (Save As), mã UTF-8"
        ) from error


def _tables(lines: list[Line]) -> Iterator[Table]:
    """
    Yield the tables whose cells are told apart by tabs or bars, a row on a line.
    """
    start = 0
    while start < len(lines):
        mark = _mark(lines[start].text)
        end = start
        while mark and end < len(lines) and _mark(lines[end].text) == mark:
            end += 1
        if end - start >= 2:
            yield _table(lines[start:end], mark)
        start = max(end, start + 1)


def _mark(text: str) -> str:
    return "\t" if text.strip().count("\t") >= 2 else "|" if text.strip().count("|") >= 3 else ""


def _table(lines: list[Line], mark: str) -> Table:
    rows = []
    for line in lines:
        if mark == "|" and _PIPE_RULE.fullmatch(line.text.strip()):
            continue
        text = line.text.strip("|" if mark == "|" else "\n")
        rows.append([Cell(part.strip(), (line.number,)) for part in text.split(mark)])
    width = max(map(len, rows))
    return Table(tuple(tuple(row + [Cell("", row[-1].lines)] * (width - len(row))) for row in rows))
