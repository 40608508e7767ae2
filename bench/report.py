"""
What a measurement gives: a table for people, values for programs, and faults, which no machine excuses.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

SHOWN_FAULTS = 10
progress_console = Console(stderr=True)


@dataclass
class Result:
    """
    `faults` are messages lost, doubled, mixed up or out of order, one sentence each.
    """

    table: Table
    values: dict[str, Any]
    faults: list[str] = field(default_factory=list)


def progress() -> Progress:
    """
    Return a progress display on stderr; stdout is for the tables.
    """
    columns = SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    return Progress(*columns, console=progress_console, transient=True)


def quantile(values: Sequence[float], share: float) -> float:
    """
    Return a quantile, rounded to three digits after the point.
    """
    return round(float(np.quantile(values, share)), 3)


def judged(value: float, limit: float | None = None, *, at_least: float | None = None, unit: str = "") -> str:
    """
    Show a value beside what the project asks for, one bound or the other; red when it is beyond.
    """
    if at_least is not None:
        colour, asked = "green" if value >= at_least else "red", f"at least {at_least:g}{unit}"
    elif limit is not None:
        colour, asked = "green" if value <= limit else "red", f"at most {limit:g}{unit}"
    else:
        raise ValueError("a limit or at_least is needed")
    return f"[{colour}]{value:g}{unit}[/] ({asked})"
