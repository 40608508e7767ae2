"""
The A4 sheet for the notice board as PDF: a heading as official notices have it, the text, a QR code to the public page,
places for number, date and signature.

The font lies beside this file, because a PDF for a print shop must carry its letters; the same fields give the same bytes.
"""

from __future__ import annotations

import html
import io
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import segno
from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Flowable, KeepTogether, Paragraph, SimpleDocTemplate, Spacer, Table

FONTS = Path(__file__).with_name("fonts")
REGULAR, BOLD = "NotoSerif-Regular", "NotoSerif-Bold"
SIZES = (14, 13, 12, 11)  # the largest with which it stands on one page; else 12 on several
NATION, MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"
NUMBER = "Số: ........../TB-UBND"
SCAN = "Quét mã để xem bản đăng và tin mới nhất, hoặc gõ: {link}"
CALL = "Điện thoại: {hotline}"
ON_BEHALF = "TM. ỦY BAN NHÂN DÂN"
SIGN = "(Ký tên, đóng dấu)"


def pdf(fields: Mapping[str, str]) -> bytes:
    """
    Return the sheet for the fields of the rendition "notice".
    """
    _fonts()
    for size in SIZES:
        content, pages = _built(fields, size)
        if pages == 1:
            return content
    return _built(fields, 12)[0]


def _built(fields: Mapping[str, str], size: int) -> tuple[bytes, int]:
    target = io.BytesIO()
    document = SimpleDocTemplate(
        target,
        pagesize=A4,
        leftMargin=25 * mm,
        rightMargin=18 * mm,
        topMargin=18 * mm,
        bottomMargin=16 * mm,
        title=fields.get("title", ""),
        author=" ".join(fields.get("agency", "").split()),
        lang="vi",
        invariant=1,
    )
    document.build(_story(fields, size))
    return target.getvalue(), document.page


def _story(fields: Mapping[str, str], size: int) -> list[Flowable]:
    centred = ParagraphStyle("centred", fontName=REGULAR, fontSize=11.5, leading=15, alignment=TA_CENTER)
    strong = ParagraphStyle("strong", parent=centred, fontName=BOLD)
    notice = ParagraphStyle("notice", parent=strong, fontSize=15, leading=19, spaceBefore=10)
    title = ParagraphStyle("title", parent=strong, fontSize=size, leading=size * 1.35, spaceAfter=8)
    body = ParagraphStyle(
        "body",
        fontName=REGULAR,
        fontSize=size,
        leading=size * 1.4,
        alignment=TA_JUSTIFY,
        firstLineIndent=10 * mm,
        spaceAfter=4,
    )
    plain = ParagraphStyle("plain", parent=body, firstLineIndent=0)
    agency = [one for one in fields.get("agency", "").split("\n") if one]
    left: list[Any] = [Paragraph(_e(one), strong if place else centred) for place, one in enumerate(agency)]
    right: list[Any] = [Paragraph(_e(NATION), strong), Paragraph(_e(MOTTO), strong)]
    second_left: list[Any] = [_Rule(22 * mm), Paragraph(_e(NUMBER), centred)]
    second_right: list[Any] = [_Rule(48 * mm), Paragraph(_e(fields.get("place", "")), centred)]
    heading = Table([[left, right], [second_left, second_right]], colWidths=[66 * mm, 101 * mm])
    heading.setStyle(
        [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("RIGHTPADDING", (0, 0), (-1, -1), 0),
            *_TIGHT,
        ]
    )
    story: list[Flowable] = [
        heading,
        Paragraph(_e(fields.get("heading", "")), notice),
        Paragraph(_e(fields.get("title", "")), title),
    ]
    story += [Paragraph(_e(one), body) for one in fields.get("text", "").split("\n") if one.strip()]
    story += [Paragraph(_e(one), plain) for one in fields.get("links", "").split("\n") if one.strip()]
    if fields.get("hotline"):
        story.append(Paragraph(_e(CALL.format(hotline=fields["hotline"])), plain))
    return [*story, Spacer(1, 8), KeepTogether(_foot(fields, centred, strong))]


def _foot(fields: Mapping[str, str], centred: ParagraphStyle, strong: ParagraphStyle) -> Table:
    link = fields.get("link", "")
    small = ParagraphStyle("small", parent=centred, fontSize=9, leading=12)
    code: list[Any] = [QrCode(link, 34 * mm), Paragraph(_e(SCAN.format(link=link)), small)] if link else []
    signer = [one for one in fields.get("signer", "").split("\n") if one]
    signature: list[Any] = [Paragraph(_e(ON_BEHALF), strong), Paragraph(_e(SIGN), small), Spacer(1, 20 * mm)]
    foot = Table([[code, [*signature, *(Paragraph(_e(one), strong) for one in signer)]]], colWidths=[70 * mm, 97 * mm])
    foot.setStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), *_TIGHT])
    return foot


_TIGHT = [("TOPPADDING", (0, 0), (-1, -1), 0), ("BOTTOMPADDING", (0, 0), (-1, -1), 2)]


class QrCode(Flowable):  # type: ignore[misc]
    """
    A QR code of squares, centred, `side` points wide with its quiet zone.
    """

    def __init__(self, text: str, side: float):
        super().__init__()
        self._rows = [list(row) for row in segno.make(text, error="m", micro=False).matrix_iter(border=4)]
        self.width = self.height = side
        self._left = 0.0

    def wrap(self, room: float, _height: float) -> tuple[float, float]:
        self._left = max(0.0, (room - self.width) / 2)
        return room, self.height

    def draw(self) -> None:
        step = self.width / len(self._rows)
        self.canv.translate(self._left, 0)
        for down, row in enumerate(self._rows):
            for right, dark in enumerate(row):
                if dark:
                    # A little more than a square, so that no printer leaves a hair between two.
                    self.canv.rect(
                        right * step, self.height - (down + 1) * step, step * 1.02, step * 1.02, stroke=0, fill=1
                    )


class _Rule(Flowable):  # type: ignore[misc]
    """
    The short line under a heading.
    """

    def __init__(self, length: float):
        super().__init__()
        self.width, self.height, self._left = length, 5.0, 0.0

    def wrap(self, room: float, _height: float) -> tuple[float, float]:
        self._left = max(0.0, (room - self.width) / 2)
        return room, self.height

    def draw(self) -> None:
        self.canv.setLineWidth(0.7)
        self.canv.line(self._left, 3, self._left + self.width, 3)


@lru_cache(maxsize=1)
def _fonts() -> frozenset[int]:
    """
    Make the fonts known, once, and return the characters that they have.
    """
    for name in (REGULAR, BOLD):
        pdfmetrics.registerFont(TTFont(name, FONTS / f"{name}.ttf"))
    return frozenset(pdfmetrics.getFont(REGULAR).face.charToGlyph)


def _e(text: str) -> str:
    # What the font does not have, an emoji say, would print as an empty box.
    return html.escape("".join(one for one in text if ord(one) in _fonts()))
