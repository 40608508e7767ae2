"""
Pure: a Reply → messages that Messenger takes → the JSON of each.

Limits read 2026-11-20. Lengths are counted in UTF-16 units of the NFC text: never less than what Meta may count, and the
same for Vietnamese.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot import wording
from bot.messages import Button, Reply

MAX_TEXT = 2000
MAX_QUICK_REPLIES = 13
MAX_TITLE = 20
MAX_PAYLOAD = 1000
MAX_TEMPLATE_TEXT = 640
MAX_TEMPLATE_BUTTONS = 3

ELLIPSIS = "…"
# Where a long text is best parted: between paragraphs, lines, sentences, words.
_BREAKS = tuple(re.compile(one) for one in (r"\n\s*\n", r"\n", r"(?<=[.!?…;:])\s+", r"\s+"))
_UNSAYABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


def length(text: str) -> int:
    return len(text) + sum(one > "\uffff" for one in text)


def parts(reply: Reply) -> list[Reply]:
    """
    Return the reply as messages that fit, the buttons on the last one.

    Buttons that open a page stay buttons only where nothing else needs the place; else their addresses stand in the
    text. Buttons that do not fit as quick replies are listed in the text, and a number typed back means one of them.
    """
    text, buttons = _clean(reply.text).strip(), _usable(reply.buttons)
    links = [one for one in buttons if is_link(one)]
    taps = [one for one in buttons if not is_link(one)]
    if links and not _fit_a_template(text, links, taps):
        text = "\n".join([text, *(f"{one.title}: {one.payload}" for one in links)]).strip()
        links = []
    numbered = bool(taps) and (reply.numbered or lists(text, taps))
    if taps and not lists(text, taps) and (not text or not all(map(_fits, taps)) or len(taps) > MAX_QUICK_REPLIES):
        rows = [f"{number}. {one.title}" for number, one in enumerate(taps, start=1)]
        text = "\n\n".join(filter(None, (text, "\n".join([*rows, wording.numbers(len(taps))]))))
        numbered = True
    pieces = split(text, MAX_TEXT)
    if not pieces:
        return []
    first = replace(reply, text="", buttons=(), turn=None, numbered=False)
    last = replace(reply, text=pieces[-1], buttons=tuple(taps or links), numbered=numbered)
    return [*(replace(first, text=one) for one in pieces[:-1]), last]


def body(part: Reply, *, user: str, key: str, human_agent: bool = False) -> dict[str, Any]:
    """
    Return what is posted for one part. `key` comes back in the echo. `human_agent`: a person wrote it.
    """
    message: dict[str, Any] = {"text": part.text}
    if part.buttons and is_link(part.buttons[0]):
        links = [{"type": "web_url", "url": one.payload, "title": one.title} for one in part.buttons]
        template = {"template_type": "button", "text": part.text, "buttons": links}
        message = {"attachment": {"type": "template", "payload": template}}
    elif part.buttons:
        message["quick_replies"] = [
            {"content_type": "text", "title": label, "payload": one.payload}
            for label, one in zip(labels(part.buttons), part.buttons, strict=True)
            if length(one.payload) <= MAX_PAYLOAD
        ][:MAX_QUICK_REPLIES]
        if not message["quick_replies"]:
            del message["quick_replies"]
    how = {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"} if human_agent else {"messaging_type": "RESPONSE"}
    return {"recipient": {"id": user}, **how, "message": {**message, "metadata": key}}


def labels(buttons: Sequence[Button]) -> list[str]:
    """
    Return what stands on the quick replies: the titles, or, when one is too long, "1. Beginning of the…" for all.
    """
    if all(length(one.title) <= MAX_TITLE for one in buttons):
        return [one.title for one in buttons]
    return [_shortened(f"{number}. {one.title}") for number, one in enumerate(buttons, start=1)]


def is_link(button: Button) -> bool:
    return button.payload.startswith(("https://", "http://"))


def lists(text: str, taps: Sequence[Button]) -> bool:
    """
    Say whether the text lists the buttons already, as "1. title" and so on.
    """
    rows = {row.strip() for row in text.splitlines()}
    return bool(taps) and all(f"{number}. {one.title}" in rows for number, one in enumerate(taps, start=1))


def split(text: str, limit: int) -> list[str]:
    """
    Part a text into pieces of at most `limit`, each as long as sense allows. Only blanks between pieces are lost.
    """
    pieces: list[str] = []
    rest = text.strip()
    while length(rest) > limit:
        end, after = _best_break(rest, _room(rest, limit))
        pieces.append(rest[:end].rstrip())
        rest = rest[after:].lstrip()
    return [*pieces, rest] if rest else pieces


def _best_break(text: str, room: int) -> tuple[int, int]:
    """
    Return where the first piece ends and where the next begins. A better kind of break counts when it leaves no piece
    shorter than a third of the room.
    """
    for kind in _BREAKS:
        found = [one for one in kind.finditer(text, 0, room + 1) if 0 < one.start() <= room]
        if found and found[-1].start() >= room // 3:
            return found[-1].start(), found[-1].end()
    # One long word. A mark stays with its letter.
    end = room
    while end > room - 20 and end > 1 and (unicodedata.combining(text[end]) or text[end] in "\u200d\ufe0f"):
        end -= 1
    return end, end


def _room(text: str, limit: int) -> int:
    """
    Return how many characters of the text fit.
    """
    room = min(len(text), limit)
    while length(text[:room]) > limit:
        room -= max(1, (length(text[:room]) - limit) // 2)
    return room


def _shortened(title: str) -> str:
    """
    Return a title that fits, cut after a word where there is one.
    """
    if length(title) <= MAX_TITLE:
        return title
    kept = title[: _room(title, MAX_TITLE - len(ELLIPSIS))]
    if not title[len(kept)].isspace() and " " in kept[4:]:
        kept = kept[: kept.rindex(" ")]
    return kept.rstrip(" ,;:.-–(") + ELLIPSIS


def _fits(button: Button) -> bool:
    return length(button.title) <= MAX_TITLE and length(button.payload) <= MAX_PAYLOAD


def _fit_a_template(text: str, links: Sequence[Button], taps: Sequence[Button]) -> bool:
    if taps or not text or len(links) > MAX_TEMPLATE_BUTTONS or length(text) > MAX_TEMPLATE_TEXT:
        return False
    return all(map(_fits, links))


def _usable(buttons: Sequence[Button]) -> list[Button]:
    cleaned = [Button(" ".join(_clean(one.title).split()), _clean(one.payload).strip()) for one in buttons]
    return [one for one in cleaned if one.title and one.payload]


def _clean(text: str) -> str:
    return unicodedata.normalize("NFC", _UNSAYABLE.sub("", text))
