"""
Words with their place on a page → lines of print, in reading order.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Word:
    """
    A word and its box, in points or pixels from the upper left corner; `sure` is OCR's confidence from 0 to 1.
    """

    text: str
    left: float
    top: float
    right: float
    bottom: float
    sure: float = 1.0

    @property
    def middle_x(self) -> float:
        return (self.left + self.right) / 2

    @property
    def middle_y(self) -> float:
        return (self.top + self.bottom) / 2

    @property
    def height(self) -> float:
        return self.bottom - self.top


def in_rows(words: Sequence[Word]) -> list[list[Word]]:
    """
    Return the words line by line, each from left to right.

    Two words are on one line when the middle of one lies within the height of the other.
    """
    rows: list[list[Word]] = []
    for word in sorted(words, key=lambda one: (one.middle_y, one.left)):
        last = rows[-1] if rows else None
        if last and abs(word.middle_y - _middle(last)) < max(word.height, last[0].height) * 0.5:
            last.append(word)
        else:
            rows.append([word])
    return [sorted(row, key=lambda one: one.left) for row in rows]


def _middle(row: list[Word]) -> float:
    return sum(word.middle_y for word in row) / len(row)


def line_texts(row: Sequence[Word], gap_heights: float = 2.5) -> Iterator[tuple[str, float]]:
    """
    Yield (text, least confidence) of each line on a row: one, or several when wide gaps part them.
    """
    height = sorted(word.height for word in row)[len(row) // 2]  # a dash is a word of hardly any height
    start = 0
    for place in range(1, len(row) + 1):
        if place == len(row) or row[place].left - row[place - 1].right > gap_heights * height:
            part = row[start:place]
            yield " ".join(word.text for word in part), min(word.sure for word in part)
            start = place
