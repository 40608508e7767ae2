"""
A reply of the assistant as lines of a bubble, as the chat page shows it (bot/channels/web/view.js, `lines`). Pure.
"""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import urlsplit

LINK = re.compile(r"https://[^\s<>\"'“”«»]+")
SOURCE = re.compile(r"\s*(Nguồn|Căn cứ|Cập nhật)[^:]{0,40}:\s*\S", re.IGNORECASE)
ITEM = re.compile(r"\s*([-•–*]|\d{1,2}[.)])\s+(?=\S)")
LABEL = re.compile(r"\s*([^\s:.,;!?()][^:.,;!?()]{1,28}):(?=\s|$)")
HEADING_CHARS = 90


class Span(NamedTuple):
    """
    A stretch of a line; `link` is an address or "".
    """

    text: str
    link: str = ""


class Line(NamedTuple):
    """
    `kind`: text, gap, source, item or heading. `mark` stands before an item, `label` in bold before the spans.
    """

    kind: str
    spans: list[Span]
    mark: str = ""
    label: str = ""


def lines(text: str) -> list[Line]:
    rows = text.split("\n")
    return [_line(row, first=number == 0, alone=len(rows) == 1) for number, row in enumerate(rows)]


def _line(row: str, *, first: bool, alone: bool) -> Line:
    if not row.strip():
        return Line("gap", [])
    if SOURCE.match(row):
        return Line("source", linked(row))
    if item := ITEM.match(row):
        return Line("item", linked(row[item.end() :]), mark=re.sub(r"[-–*]", "•", item[1]))
    if first and not alone and len(row) < HEADING_CHARS and not re.search(r"[.!?:…]\s*$", row):
        return Line("heading", linked(row))
    if label := LABEL.match(row):
        return Line("text", linked(row[label.end() :]), label=label[0])
    return Line("text", linked(row))


def linked(text: str) -> list[Span]:
    spans: list[Span] = []
    start = 0
    for found in LINK.finditer(text):
        address = re.sub(r"[.,;:!?)\]]+$", "", found[0])
        if found.start() > start:
            spans.append(Span(text[start : found.start()]))
        spans.append(Span(re.sub(r"^https://|/$", "", address), address) if _usable(address) else Span(address))
        start = found.start() + len(address)
    if start < len(text):
        spans.append(Span(text[start:]))
    return spans


def _usable(address: str) -> bool:
    try:
        return bool(urlsplit(address).netloc)
    except ValueError:
        return False
