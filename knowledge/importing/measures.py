"""
What a plan wants to reach in figures: percentages, least numbers, last days.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from knowledge.importing.paragraphs import Paragraph
from knowledge.importing.quoting import Quote, clause
from knowledge.text import fold, normalise

_PERCENT = re.compile(r"(?<![\d.,])(\d{1,3}(?:,\d+)?)\s*%")
_COUNT = re.compile(
    r"(?:tối thiểu|ít nhất|không dưới|từ)\s+(\d{1,4})(?:\s*\([^)]*\))?\s+(tin\s*/\s*bài|tin,? bài|bài viết|bài|tin|buổi|hội nghị|cuộc|lượt|lớp|chuyên đề|chuyên mục|phóng sự|đợt|mô hình|sáng kiến|lần)(?!\w)",
    re.IGNORECASE,
)
_LAST_DAY = re.compile(
    r"(?:chậm nhất|trước|xong trước|muộn nhất)(?: là)?(?: vào)?\s+ngày\s+(\d{1,2}/\d{1,2}(?:/\d{4})?)", re.IGNORECASE
)
_SAME = 0.72


@dataclass
class Measure:
    """
    A figure to reach, the clause that says so, and every place that says it.
    """

    text: str
    value: str
    unit: str | None
    lines: tuple[int, ...]
    told_again: tuple[int, ...] = ()


def find(paragraphs: Iterable[Paragraph]) -> list[Measure]:
    """
    Return the measures of a plan in order; what is told twice in nearly the same words is one, the longer telling.
    """
    found: list[Measure] = []
    for paragraph in paragraphs:
        for measure in _of(paragraph):
            again = next(
                (
                    one
                    for one in found
                    if (one.value, one.unit) == (measure.value, measure.unit) and _alike(one.text, measure.text)
                ),
                None,
            )
            if again is None:
                found.append(measure)
            elif len(measure.text) > len(again.text):
                again.text, again.told_again, again.lines = measure.text, again.lines, measure.lines
            else:
                again.told_again = tuple(sorted({*again.told_again, *measure.lines}))
    return found


def _of(paragraph: Paragraph) -> Iterator[Measure]:
    matches: list[tuple[re.Match[str], str | None]] = [(match, "%") for match in _PERCENT.finditer(paragraph.text)]
    matches += [(match, re.sub(r"\s*/\s*", "/", match[2])) for match in _COUNT.finditer(paragraph.text)]
    matches += [(match, None) for match in _LAST_DAY.finditer(paragraph.text)]
    for match, unit in sorted(matches, key=lambda one: one[0].start()):
        quote: Quote = clause(paragraph, match.start(), match.end())
        value = match[1] if unit is None else match[1].lstrip("0") or "0"
        yield Measure(quote.text + ".", value, unit, quote.lines)


def _alike(one: str, other: str) -> bool:
    words = [set(fold(normalise(text)).split()) for text in (one, other)]
    return len(words[0] & words[1]) / min(map(len, words)) >= _SAME
