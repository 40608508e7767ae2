"""
A table of tasks as the importer knows it, whether it was a real one or had been flattened: columns, rows, cells.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.importing.paragraphs import Paragraph
from knowledge.importing.table_columns import Column


@dataclass(frozen=True)
class Cell:
    """
    A cell's text as one paragraph, with the lines it stands on.
    """

    column: Column
    paragraph: Paragraph


@dataclass
class Row:
    number: int | None
    cells: list[Cell]
    lines: tuple[int, ...]
    doubtful: bool = False

    def of(self, column: Column) -> Cell | None:
        return next((cell for cell in self.cells if cell.column == column), None)


@dataclass
class TaskTable:
    """
    Rows of a table of tasks. `header` are the lines of its head, repeated ones too; `lost` those that fit nowhere.
    """

    columns: list[Column]
    rows: list[Row]
    header: tuple[int, ...]
    lost: tuple[int, ...] = ()
    flattened: bool = False

    @property
    def lines(self) -> set[int]:
        return {*self.header, *self.lost, *(line for row in self.rows for line in row.lines)}


def paragraph_of(parts: Sequence[tuple[int, str]]) -> Paragraph:
    text, origin = "", []
    for number, part in parts:
        shown = re.sub(r"\s+", " ", part).strip()
        added = shown if not text or not shown else f" {shown}"
        text += added
        origin += [number] * len(added)
    return Paragraph(text, tuple(origin), tuple(sorted({number for number, _ in parts})))


def joined(parts: Sequence[Paragraph], *, apart: bool = False) -> Paragraph:
    """
    Join pieces of a cell; pieces that stand apart (blocks between empty lines) are told apart by a semicolon.
    """
    text, origin = "", []
    for part in parts:
        new = apart and text and text[-1] not in ".;:,…-–" and part.text[:1].isupper()
        added = f"; {part.text}" if new else f" {part.text}" if text else part.text
        text += added
        origin += [part.origin[0] if part.origin else part.lines[0]] * (len(added) - len(part.text)) + list(part.origin)
    return Paragraph(text, tuple(origin), tuple(sorted({line for part in parts for line in part.lines})))
