"""
One entry of a file, against what it said when the file was made and what it says now: only what was edited in the file changes.

A cell that still says what was exported keeps what the entry says now, to the letter. One that was edited here and on the pages
meanwhile is a mistake: neither is silently lost.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from knowledge.office import checks
from knowledge.spreadsheet import cells
from knowledge.spreadsheet.cells import TOO_LONG, CellMistake
from knowledge.spreadsheet.columns import FIELD, ID, TABLES, TITLE, Column, main, sheets
from knowledge.spreadsheet.filling import value
from knowledge.spreadsheet.gathering import Filled, Line
from knowledge.spreadsheet.matching import CellTold

MEANWHILE = (
    "Ô này vừa được sửa trên trang Nội dung sau khi anh/chị tải tệp, nay là “{now}”. "
    "Anh/chị tải tệp mới rồi sửa lại, hoặc ghi đúng như thế vào ô này."
)
TABLE_MEANWHILE = "“{table}” của mục “{title}” vừa được sửa trên trang Nội dung sau khi anh/chị tải tệp. Anh/chị tải tệp mới rồi sửa lại."
UNKNOWN_SINCE = "Mục này đã khác nhiều so với lúc tải tệp nên không so được từng ô. Anh/chị tải tệp mới rồi sửa lại."


@dataclass
class Merged:
    """
    What an entry would say, with what is wrong in its cells. `spoilt` are the fields that could not be read; `edited` whether any cell
    differs from what was exported.
    """

    entry: dict[str, Any]
    told: list[CellTold] = field(default_factory=list)
    spoilt: set[str] = field(default_factory=set)
    edited: bool = False


def merge(filled: Filled, was: Mapping[str, Any], now: Mapping[str, Any]) -> Merged:
    """
    Args:
        was: What the entry said when the file was made, {} for a new one.
        now: What it says now.
    """
    made = Merged(dict(now))
    if filled.line is not None:
        for column in main(filled.kind).columns:
            if column.role in (TITLE, FIELD) and column in filled.line.found.at:
                _cell(made, filled.line, column, was, now)
    for table, lines in filled.tables.items():
        # Of an entry whose own row is not there only what is named is known.
        if lines or filled.line is not None:
            _table(made, filled, table, lines, was, now)
    return made


def _cell(made: Merged, line: Line, column: Column, was: Mapping[str, Any], now: Mapping[str, Any]) -> None:
    before = cells.write(column, value(column, was)) if was else ""
    raw = line.raw(column)
    if raw == before and isinstance(raw, str):
        return  # nearly always, and at once
    try:
        text = cells.said(column, raw, before)
        if text == before:
            return
        if text == TOO_LONG:
            raise CellMistake(
                "Nội dung của ô này không có trong tệp. Anh/chị ghi lại nội dung, hoặc sửa trên trang Nội dung."
            )
        new = cells.parse(column, text)
    except CellMistake as mistake:
        made.told.append(line.told(column, str(mistake)))
        made.spoilt.add(column.name)
        return
    made.edited = True
    current = cells.write(column, value(column, now)) if now else ""
    if current not in (before, cells.write(column, new)):
        made.told.append(line.told(column, MEANWHILE.format(now=" / ".join(current.split("\n"))[:120] or "(để trống)")))
        made.spoilt.add(column.name)
        return
    put(made.entry, column.name, new)


def put(entry: dict[str, Any], name: str, new: Any) -> None:
    """
    Write a dotted field, or take it out when it says nothing, and a group that says nothing with it.
    """
    group, _, inner = name.partition(".")
    if not inner:
        if new in (None, [], ""):
            entry.pop(name, None)
        else:
            entry[name] = new
        return
    inside = dict(entry.get(group) or {})
    put(inside, inner, new)
    put(entry, group, inside or None)


def _table(
    made: Merged, filled: Filled, table: str, lines: Sequence[Line], was: Mapping[str, Any], now: Mapping[str, Any]
) -> None:
    if not lines and not was.get(table):
        return
    columns = tuple(
        column for sheet in sheets() if sheet.table == table for column in sheet.columns if column.role == FIELD
    )
    texts, wrong = _texts(lines, columns)
    if wrong:
        made.told += wrong
        made.spoilt.add(table)
        return
    old, current = (_rendered(some.get(table) or (), columns) for some in (was, now))
    if texts == old:
        return
    made.edited = True
    rows: list[dict[str, Any]] = []
    kept = dict(zip(map(tuple, current), now.get(table) or (), strict=True))
    for line, said in zip(lines, texts, strict=True):
        row, wrong = _row(line, columns, said) if tuple(said) not in kept else (dict(kept[tuple(said)]), [])
        made.told += wrong
        if wrong:
            made.spoilt.add(table)
        rows.append(row)
    if current not in (old, texts) and table not in made.spoilt:
        message = TABLE_MEANWHILE.format(table=TABLES[table], title=filled.title)
        made.told.append(at_id(filled, message, lines))
        made.spoilt.add(table)
    if table not in made.spoilt:
        put(made.entry, table, rows)


def _rendered(rows: Sequence[Mapping[str, Any]], columns: Sequence[Column]) -> list[list[str]]:
    return [[cells.write(column, value(column, row)) for column in columns] for row in rows]


def _texts(lines: Sequence[Line], columns: Sequence[Column]) -> tuple[list[list[str]], list[CellTold]]:
    texts: list[list[str]] = []
    wrong: list[CellTold] = []
    for line in lines:
        said = []
        for column in columns:
            try:
                said.append(cells.said(column, line.raw(column)))
            except CellMistake as mistake:
                wrong.append(line.told(column, str(mistake)))
        texts.append(said)
    return texts, wrong


def _row(line: Line, columns: Sequence[Column], said: Sequence[str]) -> tuple[dict[str, Any], list[CellTold]]:
    row: dict[str, Any] = {}
    wrong: list[CellTold] = []
    for column, text in zip(columns, said, strict=True):
        try:
            put(row, column.name, cells.parse(column, text))
        except CellMistake as mistake:
            wrong.append(line.told(column, str(mistake)))
    return row, wrong


def at_id(filled: Filled, message: str, lines: Sequence[Line] = ()) -> CellTold:
    """
    Return a mistake of a whole entry, or of one of its tables, at the cell with its id.
    """
    line = next(iter(lines), filled.line) or next(line for some in filled.tables.values() for line in some)
    return line.told(line.found.sheet.column(ID), message)


def placed(filled: Filled, mistake: checks.FieldMistake) -> CellTold:
    """
    Return where in the file a mistake of an entry stands: `papers.2.text` is a cell of another sheet than `fee.text`.
    """
    parts = mistake.field.split(".")
    lines = filled.tables.get(parts[0])
    if lines and len(parts) > 1 and parts[1].isdigit() and int(parts[1]) <= len(lines):
        line = lines[int(parts[1]) - 1]
        name = ".".join(part for part in parts[2:] if not part.isdigit())
        column = next((one for one in line.found.sheet.columns if one.name == name and name), None)
        return line.told(column or line.found.sheet.column(ID), mistake.message)
    line = filled.line or next(line for some in filled.tables.values() for line in some)
    name = ".".join(part for part in parts if not part.isdigit())
    there = line.found.at
    fitting = [one for one in line.found.sheet.columns if one.name and one in there]
    column = next((one for one in fitting if one.name == name), None) or next(
        (one for one in fitting if one.group == parts[0] and one.role in (TITLE, FIELD)), None
    )
    return line.told(column or line.found.sheet.column(ID), mistake.message)


def spoils(made: Merged, mistake: checks.FieldMistake) -> bool:
    """
    Tell whether a mistake of an entry only comes of a cell that could not be read, of which it is told already.
    """
    group = mistake.field.partition(".")[0]
    return any(name == mistake.field or name.partition(".")[0] == group for name in made.spoilt)
