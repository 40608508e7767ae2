"""
Bubbles: what phrasing decides on and what the citizen sees, before and after the words are filled in.

A Line names a sentence of domain.yml and its values; a Bubble is some lines and buttons. Pure: no Rasa, no network.
"""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

# Zalo takes 2,000 characters a message, the strictest of the channels (read 2026-11-20); the rest is a margin.
MAX_CHARS = 1900


@dataclass(frozen=True)
class Line:
    """
    A sentence of domain.yml by name. A value may be a Line itself, or several Lines, which are joined by " · ".
    """

    response: str
    values: Mapping[str, "Value"] = field(default_factory=dict)


Value = str | Line | tuple[Line, ...]


@dataclass(frozen=True)
class Button:
    """
    title: the words on it. payload: what comes back when it is tapped, in the form Rasa reads as an intent.
    """

    title: Line
    payload: str


@dataclass(frozen=True)
class Bubble:
    lines: tuple[Line, ...]
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True)
class Phrased:
    """
    One turn's reply. effects: what the gateway is asked to do; the last one is always {"kind": "turn", …}.
    slots: what the conversation remembers; a slot that is not named stays as it is.
    """

    bubbles: tuple[Bubble, ...]
    effects: tuple[dict[str, Any], ...]
    slots: Mapping[str, Any] = field(default_factory=dict)


def line(response: str, **values: Value) -> Line:
    return Line(response, values)


def sentences(domain: Mapping[str, Any]) -> dict[str, str]:
    """
    Return response name → text from the domain that Rasa sends along with every call.
    """
    return {name: variants[0]["text"] for name, variants in domain["responses"].items()}


def fill(wanted: Line, texts: Mapping[str, str]) -> str:
    """
    Return the sentence with its values in place, NFC and without surplus blanks.

    Raises:
        KeyError: domain.yml lacks the sentence, or the sentence names a value that the line lacks.
    """
    values = {name: _value(value, texts) for name, value in wanted.values.items()}
    return _tidy(texts[wanted.response].format_map(values))


def texts_of(bubble: Bubble, texts: Mapping[str, str], *, max_chars: int = MAX_CHARS) -> list[str]:
    """
    Return the bubble's text; several when it is longer than `max_chars`, parted between lines where that is possible.

    There is no empty line inside: Rasa's REST channel would part the text there.
    """
    pieces: list[str] = []
    for filled in (fill(one, texts) for one in bubble.lines):
        for part in _at_most(filled, max_chars):
            if pieces and len(pieces[-1]) + 1 + len(part) <= max_chars:
                pieces[-1] += "\n" + part
            else:
                pieces.append(part)
    return pieces


def _value(value: Value, texts: Mapping[str, str]) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, Line):
        return fill(value, texts)
    return " · ".join(fill(one, texts) for one in value)


def _tidy(text: str) -> str:
    rows = (" ".join(row.split()) for row in unicodedata.normalize("NFC", text).splitlines())
    return "\n".join(row for row in rows if row)


def _at_most(text: str, max_chars: int) -> Iterable[str]:
    """
    Yield `text` in pieces of at most `max_chars`, parted after a sentence, else after a word, else anywhere.
    """
    while len(text) > max_chars:
        head = text[:max_chars]
        ends = [head.rfind(mark) + 1 for mark in ("\n", ". ", "; ")]
        cut = max(ends) or head.rfind(" ") + 1 or max_chars
        yield text[:cut].rstrip()
        text = text[cut:].lstrip()
    if text:
        yield text


def joined(items: Sequence[str], separator: str = "; ") -> str:
    return separator.join(item.strip().rstrip(".;") for item in items if item and item.strip())
