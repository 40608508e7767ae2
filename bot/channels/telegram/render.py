"""
Pure: a Reply → messages that Telegram takes, and the JSON of each.

Text is plain, without parse_mode: nothing in it can be misread as a mark. Buttons are an inline keyboard, one a row, as
many as Telegram takes; a title that a phone would cut off is written out in the text, with its number.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from bot import wording
from bot.messages import Button, Reply

# Telegram takes 4096 characters after entity parsing, in UTF-16 units (PTB's constants, read 2026-11-20).
MAX_UNITS = 4000
MAX_DATA_BYTES = 64
MAX_BUTTONS = 100
MAX_LINK_CHARS = 2048
# Ours: what a phone shows of a button on one line, and what is worth sending of a longer one.
MAX_TITLE = 40
MAX_LABEL = 60
OPAQUE = "@"

_LINK = re.compile(r"https?://[^\s/?#@\\]+\.[^\s/?#@\\.]+([/?#]\S*)?", re.ASCII | re.IGNORECASE)
# Where a long text may be cut, best first: after a paragraph, a line, a sentence, a word.
_CUTS = tuple(re.compile(one) for one in (r"\n\s*\n", r"\n", r"(?<=[.!?…;:])\s", r"\s"))


def parts(reply: Reply) -> list[Reply]:
    """
    Return the reply as one Reply per message; buttons stand on the last. A reply that shows nothing gives none.
    """
    text, choices, links = _clean(reply.text), [], []
    for button in reply.buttons:
        title = " ".join(_clean(button.title).split())
        if not button.payload or not _visible(title):
            continue
        if not button.payload.lower().startswith(("http://", "https://")):
            choices.append(Button(title, button.payload))
        elif is_link(button.payload):
            links.append(Button(title, button.payload))
        else:
            text = f"{text}\n\n{title}: {_clean(button.payload)}".strip()
    listed = len(choices) if reply.numbered else _listed(text, choices)
    too_many = len(choices) + len(links) > MAX_BUTTONS
    if too_many or any(len(one.title) > MAX_TITLE for one in choices[listed:]):
        rows = [f"{number}. {one.title}" for number, one in enumerate(choices, 1)]
        rows += [f"{one.title}: {one.payload}" for one in links] if too_many else []
        hint = wording.numbers(len(choices)) if choices else ""
        text, listed = "\n\n".join(filter(None, (text, "\n".join(rows), hint))), len(choices)
    # Telegram takes no keyboard without a text.
    pieces = list(_pieces(text)) or list(_pieces("\n".join(one.title for one in (*choices, *links))))
    plain = [replace(reply, text=piece, buttons=(), turn=None, numbered=False) for piece in pieces[:-1]]
    last = [replace(reply, text=piece, buttons=(*choices, *links), numbered=listed > 0) for piece in pieces[-1:]]
    return [*plain, *last]


def body(user: int, reply: Reply, key: str) -> dict[str, Any]:
    """
    Return what sendMessage is told for one part. Previews of links are off: a source is named, not advertised.
    """
    told: dict[str, Any] = {"chat_id": user, "text": reply.text, "link_preview_options": {"is_disabled": True}}
    rows = [[shape] for shape in _keyboard(reply, key)]
    if rows and len(rows) <= MAX_BUTTONS:
        told["reply_markup"] = {"inline_keyboard": rows}
    return told


def is_link(payload: str) -> bool:
    """
    Say whether Telegram takes this as the address of a button.
    """
    return len(payload) <= MAX_LINK_CHARS and _LINK.fullmatch(payload) is not None


def units(text: str) -> int:
    """
    Return the length as Telegram counts it.
    """
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _keyboard(reply: Reply, key: str) -> Iterator[dict[str, str]]:
    for index, button in enumerate(reply.buttons):
        if is_link(button.payload):
            yield {"text": _label(button.title), "url": button.payload}
            continue
        numbered = reply.numbered and len(button.title) > MAX_TITLE
        title = f"{index + 1}. {button.title}" if numbered else button.title
        yield {"text": _label(title), "callback_data": _data(button.payload, f"{OPAQUE}{key}.{index}")}


def _label(title: str) -> str:
    return title if len(title) <= MAX_LABEL else title[: MAX_LABEL - 1].rstrip() + "…"


def _data(payload: str, opaque: str) -> str:
    try:
        fits = len(payload.encode()) <= MAX_DATA_BYTES and not payload.startswith(OPAQUE)
    except UnicodeEncodeError:
        fits = False
    return payload if fits else opaque


def _listed(text: str, choices: Sequence[Button]) -> int:
    """
    Return how many of the choices, from the first, the text lists already as "1. …"; one is not a list.
    """
    lines = [line.strip().casefold() for line in text.splitlines()]
    count = 0
    for number, choice in enumerate(choices, 1):
        if not any(line.startswith(f"{number}. {choice.title.casefold()}") for line in lines):
            break
        count = number
    return count if count > 1 else 0


def _clean(text: str) -> str:
    text = text.encode("utf-8", "replace").decode() if _has_surrogates(text) else text
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    kept = (one for one in lines if one in "\n\t" or unicodedata.category(one) != "Cc")
    return "".join(kept).strip()


def _has_surrogates(text: str) -> bool:
    return any("\ud800" <= one <= "\udfff" for one in text)


def _visible(text: str) -> bool:
    return any(unicodedata.category(one)[0] not in "ZC" for one in text)


def _pieces(text: str) -> Iterator[str]:
    rest = text
    while units(rest) > MAX_UNITS:
        cut = _cut(rest)
        piece, rest = rest[:cut].rstrip(), rest[cut:].lstrip()
        if _visible(piece):
            yield piece
    if _visible(rest):
        yield rest


def _cut(text: str) -> int:
    """
    Return how much of a text that is too long goes into the next message; a piece is at least half full.
    """
    room = MAX_UNITS
    while units(text[:room]) > MAX_UNITS:
        room -= max(1, (units(text[:room]) - MAX_UNITS + 1) // 2)
    for cut in _CUTS:
        ends = [match.end() for match in cut.finditer(text, room // 2, room)]
        if ends:
            return ends[-1]
    return room
