"""
What a file holds before anybody asks what it means: sheets with their cells. Frozen shapes, no behaviour.
"""

from dataclasses import dataclass, field

from knowledge.spreadsheet.cells import Raw

MOST_ROWS, MOST_COLUMNS = 200_000, 100


@dataclass(frozen=True)
class Page:
    """
    One sheet as it stands in the file. `rows` are those that hold something, each with its number there, from 1; `merged` the places
    of merged cells, "B3:B5"; `cut` when there were more rows than are read.
    """

    name: str
    rows: list[tuple[int, list[Raw]]]
    merged: list[str] = field(default_factory=list)
    cut: bool = False


@dataclass(frozen=True)
class Book:
    """
    A file. `hidden` are the rows of its marker, none when it has lost it.
    """

    pages: list[Page]
    hidden: list[list[str]] = field(default_factory=list)
    form: str = "xlsx"
