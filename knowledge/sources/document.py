"""
What a source holds: numbered lines in reading order, and tables whose cells are made of such lines.
"""

import re
import unicodedata
from dataclasses import dataclass

MARGINS = HEADER, FOOTER = "đầu trang", "chân trang"
_SPACES = re.compile(r"[\u00a0\u2000-\u200a\u202f\u3000]")
_LETTERS = {**dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff")), 0xD0: "Đ", 0xF0: "đ", 0x189: "Đ"}
# Fonts of the nineties: the bytes of TCVN3 and VNI, read as Latin-1 letters that Vietnamese in Unicode never has.
_OLD_LETTERS = re.compile(r"[¸µ¶·¹¨¾»¼½Æ©ÇÈÉËªÒÓÔÖ®«¬\u00ad]")


@dataclass(frozen=True)
class Line:
    """
    One line. `number` counts from 1 through the whole source; `where` is how a person finds it.

    `sure` is OCR's own confidence from 0 to 1.
    """

    number: int
    text: str
    where: str
    page: int | None = None
    sure: float = 1.0


@dataclass(frozen=True)
class Cell:
    """
    One cell of a table: its text, and the numbers of the lines that it stands on. Cells may share a line.
    """

    text: str
    lines: tuple[int, ...]


@dataclass(frozen=True)
class Table:
    """
    Rows of cells, as many in every row as the table has columns. A cell that spans columns stands in the first of them.
    """

    rows: tuple[tuple[Cell, ...], ...]

    @property
    def lines(self) -> list[int]:
        return sorted({number for row in self.rows for cell in row for number in cell.lines})


@dataclass(frozen=True)
class Document:
    """
    Attributes:
        wrapped: Whether a line is a line of print (a paragraph runs over several), rather than a whole paragraph.
        notices: What staff should know about the reading, in Vietnamese: pages read by OCR, pictures not read.
    """

    name: str
    form: str
    lines: tuple[Line, ...]
    tables: tuple[Table, ...] = ()
    wrapped: bool = True
    notices: tuple[str, ...] = ()

    def line(self, number: int) -> Line:
        return self.lines[number - 1]


def clean(text: str) -> str:
    """
    Return a line in NFC, with plain spaces, without what no eye sees, with the one Đ.
    """
    return unicodedata.normalize("NFC", _SPACES.sub(" ", text).translate(_LETTERS)).rstrip()


def in_old_font(text: str) -> bool:
    """
    Tell whether a text was typed for a font of before Unicode (.VnTime, VNI-Times): letters then stand for others.
    """
    letters = sum(letter.isalpha() for letter in text)
    vietnamese = len(re.findall(r"[ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", text.lower()))
    return letters > 200 and len(_OLD_LETTERS.findall(text)) > letters / 20 and vietnamese < letters / 50


def old_font_message(name: str) -> str:
    return (
        f"{name}: văn bản gõ bằng phông chữ cũ (TCVN3 .VnTime hoặc VNI); chuyển mã sang Unicode bằng UniKey "
        "(Ctrl+Shift+F6) rồi nhập lại"
    )
