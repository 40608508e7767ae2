"""
Short pieces of a plan's own words: the first sentence of an item, a clause around a figure.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from knowledge.importing.paragraphs import UPPER, Paragraph

LONGEST = 320
_NEAR = 160
_SHORT = 45
_SENTENCE = re.compile(rf"(?<=[.;!?…])\s+(?=[“\"{UPPER}])")
_FULL_STOP = re.compile(rf"(?<=[^.][.!?…])\s+(?=[“\"{UPPER}])")
_CLAUSE = re.compile(r"[.;:!?](?=\s|$)")


@dataclass(frozen=True)
class Quote:
    """
    Words of the source with the lines that they stand on; `whole` is false when something after them was left out.
    """

    text: str
    lines: tuple[int, ...]
    whole: bool = True


def gist(paragraph: Paragraph, longest: int = LONGEST) -> Quote:
    """
    Return the first sentence of a paragraph, without the sign at its end; cut at a comma when it is very long.
    """
    end = len(paragraph.text)
    for sign in _FULL_STOP.finditer(paragraph.text):
        if sign.start() > 25 and not re.search(r"\b(?:TP|Tp|TT|P|Q|H)\.$", paragraph.text[: sign.start()]):
            end = sign.start()
            break
    if end > longest:
        cut = max(paragraph.text.rfind("; ", 60, longest), paragraph.text.rfind(", ", 120, longest))
        end = _outside_quotes(paragraph.text, cut if cut > 0 else paragraph.text.rfind(" ", 0, longest))
        text = paragraph.text[:end].rstrip(" ,;:") + " …"
    else:
        text = paragraph.text[:end].strip().rstrip(";:.,").rstrip()
    return Quote(
        first_capital(text), paragraph.lines_of(0, end) or paragraph.lines, end >= len(paragraph.text.rstrip(" .;:"))
    )


def _outside_quotes(text: str, end: int) -> int:
    """
    Move the end of a quotation out of words in quotes: behind them when that is near, else before them.
    """
    opened = text.rfind("“", 0, end)
    if opened < 0 or "”" in text[opened:end]:
        return end
    closed = text.find("”", end)
    return closed + 1 if 0 < closed - end < _NEAR else opened if opened > _NEAR / 2 else end


def sentences(paragraph: Paragraph) -> Iterator[Quote]:
    start = 0
    for sign in [*_FULL_STOP.finditer(paragraph.text), None]:
        end = sign.start() if sign else len(paragraph.text)
        if paragraph.text[start:end].strip():
            yield Quote(paragraph.text[start:end].strip(), paragraph.lines_of(start, end))
        start = sign.end() if sign else end


def clause(paragraph: Paragraph, start: int, end: int) -> Quote:
    """
    Return the clause around a place: from the sign before it to the sign after it.
    """
    before = [
        sign.end()
        for sign in _CLAUSE.finditer(paragraph.text, 0, start)
        if not _in_number(paragraph.text, sign.start())
    ]
    after = next(
        (
            sign.start()
            for sign in _CLAUSE.finditer(paragraph.text, end)
            if not _in_number(paragraph.text, sign.start())
        ),
        len(paragraph.text),
    )
    first = before[-1] if before else 0
    if after - first < _SHORT and len(before) > 1 and paragraph.text[first - 1] == ":":
        first = before[-2]  # "Thời gian hoàn thành: chậm nhất ngày …" says nothing without its first half
    text = paragraph.text[first:after].strip(" ,;:.")
    return Quote(first_capital(text), paragraph.lines_of(first, after))


def _in_number(text: str, place: int) -> bool:
    return (
        text[place : place + 1] == "."
        and place > 0
        and text[place - 1].isdigit()
        and text[place + 1 : place + 2].isdigit()
    )


def first_capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def first_small(text: str) -> str:
    """
    Return a text to stand in the middle of a sentence; names and abbreviations keep their capital.
    """
    return text if re.match(rf"[{UPPER}][\w]*[{UPPER}]|[{UPPER}]\w* [{UPPER}]", text) else text[:1].lower() + text[1:]
