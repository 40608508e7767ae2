"""
Tables that a conversion has flattened to lines of text: rows are parted at their numbers, cells by what fits which column.

When a second way of cutting a row fits nearly as well as the best, the row is doubtful, and is told to be.
"""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from knowledge.importing.paragraphs import UPPER, Paragraph
from knowledge.importing.table_columns import Column, fits, header, seam
from knowledge.importing.task_table import Cell, Row, TaskTable, joined, paragraph_of
from knowledge.sources.document import Document, Line

LONGEST_HEADER = 25  # lines; "Cơ⏎quan⏎chủ⏎trì" takes four
LONGEST_ROW = 90
_FIRST_OF_HEADER = re.compile(r"(?:STT|TT|Số TT|S\.?T\.?T)\b", re.IGNORECASE)
_ROW = re.compile(r"(\d{1,3})\b\s*[.)]?(?:\s+(?=\S)|$)")
_ENDS = re.compile(
    rf"(?:[IVX]{{1,5}}\s*[.)]\s*[{UPPER}]|Trên đây là|Nơi nhận|TM\.|KT\.|CHỦ TỊCH|PHÓ CHỦ TỊCH|Ghi chú\s*:|PHỤ LỤC)"
)
_CLEAR = 1.0  # how much better the best cutting has to be than the next


def flattened(document: Document, taken: set[int]) -> list[TaskTable]:
    lines = [line for line in document.lines if line.number not in taken]
    found: list[TaskTable] = []
    place = 0
    while place < len(lines):
        head = _header(lines, place) if _FIRST_OF_HEADER.match(lines[place].text.strip()) else None
        if head is None:
            place += 1
            continue
        columns, after = head
        end = _end(lines, after)
        found.append(_table(lines[place:after], lines[after:end], columns))
        place = end
    return [table for table in found if table.rows]


def _header(lines: Sequence[Line], start: int) -> tuple[list[Column], int] | None:
    """
    Return the columns of a header that begins at a line, and the place after it.
    """
    text = ""
    best: tuple[list[Column], int] | None = None
    for place in range(start, min(start + LONGEST_HEADER, len(lines))):
        shown = lines[place].text.strip()
        if re.match(r"1\b", shown):
            break
        if shown:
            text = f"{text} {shown}"
            columns = header(text)
            if columns:
                best = columns, place + 1
    return best


def _end(lines: Sequence[Line], start: int) -> int:
    return next((place for place in range(start, len(lines)) if _ENDS.match(lines[place].text.strip())), len(lines))


def _table(head: Sequence[Line], body: Sequence[Line], columns: list[Column]) -> TaskTable:
    heads = [line.number for line in head if line.text.strip()]
    kept: list[Line] = []
    place = 0
    while place < len(body):
        again = _header(body, place) if _FIRST_OF_HEADER.match(body[place].text.strip()) else None
        if again and again[0] == columns:
            heads += [line.number for line in body[place : again[1]] if line.text.strip()]
            place = again[1]
        else:
            kept.append(body[place])
            place += 1
    parts, lost = _rows(kept)
    wanted = [column for column in columns if column != "number"]
    by_block = _by_block(kept) and all(len(_pieces(part, True)) >= len(wanted) - 1 for _, part in parts)
    pieces = [_pieces(part, by_block) for _, part in parts]
    repeated = _repeated(pieces)
    rows = []
    for (number, part), units in zip(parts, pieces, strict=True):
        cells, doubtful = _cut(units, wanted, repeated, by_block)
        rows.append(Row(number, cells, tuple(line.number for line in part if line.text.strip()), doubtful))
    return TaskTable(columns, rows, tuple(heads), tuple(lost), True)


def _rows(lines: Sequence[Line]) -> tuple[list[tuple[int, list[Line]]], list[int]]:
    """
    Part the lines at the numbers of the rows: the next one, or one a little further on that stands alone.
    """
    rows: list[tuple[int, list[Line]]] = []
    lost: list[int] = []
    for line in lines:
        text = line.text.strip()
        match = _ROW.match(text)
        number = int(match[1]) if match else 0
        expected = rows[-1][0] + 1 if rows else 1
        begins = match and (number == expected or (match.end() == len(text) and expected < number <= expected + 5))
        if begins:
            rows.append((number, [line]))
        elif rows:
            rows[-1][1].append(line)
        elif text:
            lost.append(line.number)
    return rows, lost


def _by_block(lines: Sequence[Line]) -> bool:
    """
    Tell whether empty lines part the cells of a table, rather than every line from the next.
    """
    filled = [line.text.strip() for line in lines]
    return sum(bool(one and other) for one, other in pairwise(filled)) >= sum(map(bool, filled)) / 4


def _pieces(lines: Sequence[Line], by_block: bool) -> list[Paragraph]:
    """
    Return the smallest pieces of a row: blocks between empty lines where these tell cells apart, else lines.
    """
    pieces: list[list[tuple[int, str]]] = []
    fresh = True
    for place, line in enumerate(lines):
        text = line.text.strip()
        if place == 0:
            text = _ROW.sub("", text, count=1).strip()
            if not text:
                continue
        if not text:
            fresh = True
            continue
        if fresh or not by_block:
            pieces.append([])
        pieces[-1].append((line.number, text))
        fresh = False
    return [paragraph_of(piece) for piece in pieces]


def _repeated(rows: Sequence[Sequence[Paragraph]]) -> Counter[str]:
    """
    Count the runs of pieces that stand in several rows: what repeats is a cell.
    """
    seen: Counter[str] = Counter()
    for row in rows:
        runs = {
            " ".join(one.text for one in row[start:end])
            for start in range(len(row))
            for end in range(start + 1, min(start + 7, len(row) + 1))
        }
        seen.update(runs)
    return seen


def _cut(
    pieces: Sequence[Paragraph], columns: Sequence[Column], repeated: Counter[str], by_block: bool
) -> tuple[list[Cell], bool]:
    """
    Cut the pieces of a row into cells in the order of the columns, so that they fit best; say whether another way is near.
    """
    texts = [piece.text for piece in pieces]

    def worth(column: Column, start: int, end: int) -> float:
        text = " ".join(texts[start:end])
        same = 1.5 + 0.1 * min(end - start, 5) if text and repeated[text] > 1 and len(text) > 3 else 0
        return (
            fits(column, text)
            + same
            - sum(seam(column, texts[place - 1], " ".join(texts[place : place + 3])) for place in range(start + 1, end))
        )

    # best[place] = up to two (score, cuts) that use the pieces before `place` for the columns so far.
    best: dict[int, list[tuple[float, tuple[int, ...]]]] = {0: [(0.0, ())]}
    for column in columns:
        following: dict[int, list[tuple[float, tuple[int, ...]]]] = {}
        for start, ways in best.items():
            for end in range(start, len(pieces) + 1):
                gain = worth(column, start, end)
                following.setdefault(end, []).extend((score + gain, (*cuts, end)) for score, cuts in ways)
        best = {place: sorted(ways, reverse=True)[:2] for place, ways in following.items()}
    ways = best.get(len(pieces), [])
    if not ways:
        return [], True
    cuts = ways[0][1]
    cells = [
        Cell(column, joined(pieces[start:end], apart=by_block))
        for column, start, end in zip(columns, (0, *cuts), cuts, strict=False)
        if end > start
    ]
    bare = len(cells) < 2 < len(columns)
    doubtful = bare or (len(ways) > 1 and ways[0][0] - ways[1][0] < _CLEAR)
    return cells, doubtful
