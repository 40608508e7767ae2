"""
New values as YAML text, in the style of the content files.
"""

import re
from typing import Any

import yaml

from knowledge.importing.yaml_text import dump

LONGEST_LINE = 200  # of a list in square brackets; longer ones get a line per item
WIDEST = 1_000_000
_BLOCK_HEAD = re.compile(r":(?: [|>][+-]?)?")


class _Inline(yaml.CSafeDumper):
    """
    Everything on one line, however long.
    """

    def ignore_aliases(self, data: Any) -> bool:
        return True


def inline(value: Any, style: str | None = None) -> str:
    """
    Return a value as it may stand inside square or curly brackets.
    """
    if isinstance(value, str) and style and "\n" not in value:
        told = yaml.dump(value, Dumper=_Inline, allow_unicode=True, default_style=style, width=WIDEST)
        return str(told).rstrip("\n")
    told = yaml.dump(
        [value], Dumper=_Inline, allow_unicode=True, default_flow_style=True, sort_keys=False, width=WIDEST
    )
    return str(told).rstrip("\n")[1:-1]


def pair(name: str, value: Any, column: int, *, flow: bool = False, style: str | None = None) -> str:
    """
    Return `name: value`; its first line is not indented, the others stand at the column.
    """
    if isinstance(value, str) and style and "\n" not in value:
        return f"{name}: {inline(value, style)}"
    if flow and len(told := f"{name}: {inline(value)}") <= LONGEST_LINE:
        return told
    return _indented(dump({name: value}), column)


def item(value: Any, column: int, style: str | None = None) -> str:
    """
    Return the value as an item of a list whose dashes stand at the column, indented.
    """
    if isinstance(value, str) and style and "\n" not in value:
        return f"{' ' * column}- {inline(value, style)}"
    return " " * column + _indented(dump([value]), column)


def with_comment(told: str, comment: str, room: int) -> str:
    """
    Return `name: value` with a comment behind it: behind the first line when the value begins below it, else at the end.
    """
    head, newline, rest = told.partition("\n")
    if not newline or _BLOCK_HEAD.fullmatch(head[head.index(":") :]):
        return head + " " * room + comment + newline + rest
    return f"{told}  {comment}"


def _indented(text: str, column: int) -> str:
    first, *others = text.rstrip("\n").split("\n")
    return "\n".join([first, *(" " * column + line if line else line for line in others)])
