"""
PDF → Document. Pages with letters are read as they are; pages that are pictures go through OCR.

On a printed page, words that stand far apart on one line are lines of their own: the number and the date in the
letterhead, the list of recipients and the signature.
"""

import io
from collections.abc import Callable, Sequence
from typing import Any

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfminer.pdfparser import PDFSyntaxError
from pdfplumber.utils.exceptions import PdfminerException

from knowledge.errors import SourceError
from knowledge.sources import ocr
from knowledge.sources.document import Cell, Document, Line, Table, clean, in_old_font, old_font_message
from knowledge.sources.words import Word, in_rows, line_texts

MOST_PAGES = 200
FEWEST_LETTERS = 30  # a page with fewer has at most a stamp or a page number as text: it is a scan
_RULED = {"vertical_strategy": "lines", "horizontal_strategy": "lines"}


Progress = Callable[[int, int], None]


def unheard(_done: int, _pages: int) -> None:
    """
    Nobody wants to know how far it is.
    """


def read(data: bytes, name: str, progress: Progress = unheard) -> Document:
    """
    Args:
        progress: Told (pages done, pages in all) after every page.

    Raises:
        SourceError: when the file is damaged, protected or too long.
        OcrMissing: when it is a scan and tesseract or its Vietnamese is not installed.
    """
    try:
        with pdfplumber.open(io.BytesIO(data)) as pdf:
            if len(pdf.pages) > MOST_PAGES:
                raise SourceError(
                    f"{name}: {len(pdf.pages)} trang, quá dài cho một bản kế hoạch (nhiều nhất {MOST_PAGES})"
                )
            return _read_pages(pdf.pages, data, name, progress)
    except (PDFPasswordIncorrect, PdfminerException) as error:
        if "PDFPasswordIncorrect" in repr(error):
            raise SourceError(f"{name}: tệp PDF có mật khẩu; bỏ mật khẩu rồi nhập lại") from error
        raise SourceError(f"{name}: không mở được tệp PDF này, có lẽ tệp hỏng") from error
    except (PDFSyntaxError, ValueError, TypeError) as error:
        raise SourceError(f"{name}: không mở được tệp PDF này, có lẽ tệp hỏng") from error


def _read_pages(pages: Sequence[Any], data: bytes, name: str, progress: Progress) -> Document:
    lines: list[Line] = []
    tables: list[Table] = []
    scanned, sure = [], []
    for page in pages:
        words = _words(page)
        ruled = page.find_tables(_RULED)
        boxes = [
            [[cell and tuple(cell) for cell in row.cells] for row in table.rows]
            for table in ruled
            if len(table.rows) > 1
        ]
        if sum(letter.isalpha() for word in words for letter in word.text) < FEWEST_LETTERS and page.images:
            words, boxes = ocr.read_page(data, page.page_number, name)
            scanned.append(page.page_number)
            sure += [word.sure for word in words]
        _add_page(words, boxes, page.page_number, lines, tables)
        progress(page.page_number, len(pages))
    text = "\n".join(line.text for line in lines)
    if in_old_font(text):
        raise SourceError(old_font_message(name))
    if not text.strip():
        raise SourceError(f"{name}: không thấy chữ nào trong tệp PDF này")
    notices = []
    if scanned:
        share = sum(sure) / len(sure) if sure else 0
        shown = ", ".join(map(str, scanned))
        notices.append(
            f"trang {shown} là ảnh quét, chữ do máy nhận dạng (độ chắc trung bình {share:.0%}): đối chiếu kỹ từng con số"
        )
    return Document(name, "pdf", tuple(lines), tuple(tables), True, tuple(notices))


def _words(page: Any) -> list[Word]:
    found = page.extract_words(keep_blank_chars=False, use_text_flow=False, x_tolerance=1.5, extra_attrs=["size"])
    return [
        Word(clean(one["text"]), one["x0"], one["top"], one["x1"], one["bottom"])
        for one in found
        if clean(one["text"]).strip()
    ]


def _add_page(words: list[Word], grids: list[Any], page: int, lines: list[Line], tables: list[Table]) -> None:
    """
    Add a page's lines, those of a table where the table stands.
    """
    inside: dict[int, int] = {}
    for order, grid in enumerate(grids):
        cells = [cell for row in grid for cell in row if cell]
        left, top = min(cell[0] for cell in cells), min(cell[1] for cell in cells)
        right, bottom = max(cell[2] for cell in cells), max(cell[3] for cell in cells)
        for place, word in enumerate(words):
            if left <= word.middle_x <= right and top <= word.middle_y <= bottom:
                inside.setdefault(place, order)
    done: set[int] = set()
    outside = [word for place, word in enumerate(words) if place not in inside]
    blocks: list[tuple[float, int]] = [
        (min(cell[1] for row in grid for cell in row if cell), order) for order, grid in enumerate(grids)
    ]
    for row in in_rows(outside):
        for top, order in blocks:
            if order not in done and top < row[0].top:
                done.add(order)
                _add_table(
                    [words[place] for place, at in inside.items() if at == order], grids[order], page, lines, tables
                )
        for text, sure in line_texts(row):
            lines.append(Line(len(lines) + 1, text, f"trang {page}, dòng {len(lines) + 1}", page, sure))
    for _, order in blocks:
        if order not in done:
            _add_table([words[place] for place, at in inside.items() if at == order], grids[order], page, lines, tables)


def _add_table(words: list[Word], grid: Any, page: int, lines: list[Line], tables: list[Table]) -> None:
    rows = []
    for number, row in enumerate(grid, 1):
        cells = []
        for column, box in enumerate(row, 1):
            held = [
                word
                for word in words
                if box and box[0] <= word.middle_x <= box[2] and box[1] <= word.middle_y <= box[3]
            ]
            numbers = []
            for line in in_rows(held):
                where = f"trang {page}, bảng {len(tables) + 1}, hàng {number}, cột {column}"
                text = " ".join(word.text for word in line)
                lines.append(Line(len(lines) + 1, text, where, page, min(word.sure for word in line)))
                numbers.append(len(lines))
            cells.append(Cell("\n".join(lines[line - 1].text for line in numbers), tuple(numbers)))
        rows.append(tuple(cells))
    tables.append(Table(tuple(rows)))
