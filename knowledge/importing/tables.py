"""
The tables of tasks in a document: real ones here, flattened ones in `flat_tables`; and cells that name two offices.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.importing.flat_tables import flattened
from knowledge.importing.paragraphs import Paragraph
from knowledge.importing.table_columns import of_row
from knowledge.importing.task_table import Cell, Row, TaskTable, joined, paragraph_of
from knowledge.sources import document as sources
from knowledge.sources.document import Document, Table


def find(document: Document) -> list[TaskTable]:
    """
    Return every table of tasks in a document, in order. Other tables (letterheads, signatures) are left to be read as lines.
    """
    real = [table for one in document.tables if (table := _real(one, document)) is not None]
    taken = {line for table in document.tables for line in table.lines}
    return sorted([*real, *flattened(document, taken)], key=lambda table: min(table.lines))


def _real(table: Table, document: Document) -> TaskTable | None:
    heads = ((place, of_row([cell.text for cell in row])) for place, row in enumerate(table.rows[:4]))
    place, columns = next(((place, columns) for place, columns in heads if columns), (0, None))
    if columns is None:
        return None
    head = sorted({line for row in table.rows[: place + 1] for cell in row for line in cell.lines})
    rows: list[Row] = []
    for row in table.rows[place + 1 :]:
        if of_row([cell.text for cell in row]):
            head += [line for cell in row for line in cell.lines]
            continue
        cells = [
            Cell(column, _of_cell(cell, document))
            for column, cell in zip(columns, row, strict=True)
            if cell.text.strip()
        ]
        lines = tuple(sorted({line for cell in row for line in cell.lines}))
        number = next((cell.paragraph.text for cell in cells if cell.column == "number"), "")
        count = int(digits[0]) if (digits := re.match(r"\d+", number)) else None
        filled = {cell.column for cell in cells} - {"number"}
        if count is None and rows and filled and "task" not in filled:
            _continue_row(rows[-1], cells, lines)  # a row that goes on after the end of a page
        elif filled or count is not None:
            rows.append(Row(count, cells, lines))
        else:
            head += list(lines)
    return TaskTable(columns, rows, tuple(sorted(set(head))))


def _of_cell(cell: sources.Cell, document: Document) -> Paragraph:
    """
    Return a cell's text as one paragraph. Where its lines are whole paragraphs, they are told apart.
    """
    parts = [(line, document.line(line).text if len(cell.lines) > 1 else cell.text) for line in cell.lines]
    if document.wrapped:
        return paragraph_of(parts)
    return joined([paragraph_of([part]) for part in parts if part[1].strip()], apart=True)


def _continue_row(row: Row, cells: Sequence[Cell], lines: tuple[int, ...]) -> None:
    for cell in cells:
        before = row.of(cell.column)
        if before is None:
            row.cells.append(cell)
        else:
            row.cells[row.cells.index(before)] = Cell(cell.column, joined([before.paragraph, cell.paragraph]))
    row.lines = tuple(sorted({*row.lines, *lines}))


@dataclass
class Split:
    """
    What stands in a cell for who does it: those in charge, those who help.
    """

    lead: Paragraph | None = None
    partners: Paragraph | None = None


_ROLE = re.compile(
    r"[-–+]?\s*(?:Cơ quan|Đơn vị|Bộ phận)?\s*(?P<role>chủ trì|phối hợp)\s*(?P<colon>:)?\s*", re.IGNORECASE
)


def split_who(cell: Paragraph) -> Split:
    """
    Part a cell that names both: "- Cơ quan chủ trì: A - Cơ quan phối hợp: B". Without such words all of it is in charge.
    """
    marks = list(_ROLE.finditer(cell.text))
    if not marks:
        return Split(cell)
    found = Split()
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        end = following.start() if following else len(cell.text)
        text = cell.text[mark.end() : end]
        start = mark.end() + len(text) - len(text.lstrip(" -–:;."))
        kept = cell.text[start:end].rstrip(" -–:;.")
        if not kept:
            continue
        part = Paragraph(kept, cell.origin[start : start + len(kept)], cell.lines_of(start, start + len(kept)))
        if mark["role"].lower() == "chủ trì":
            found.lead = part
        else:
            found.partners = part
    return found
