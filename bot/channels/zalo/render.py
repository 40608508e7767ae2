"""
Pure: a Reply → messages that Zalo takes → the JSON of each.

Limits read 2026-11-20. Lengths are counted in UTF-16 units of the NFC text: never less than what Zalo may count, and
the same for Vietnamese.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot import wording
from bot.channels.zalo.account import ZaloAccount
from bot.channels.zalo.payload import MARK
from bot.messages import Button, Reply

MAX_TEXT = 2000
MAX_BUTTONS = 5
MAX_TITLE = 100
MAX_PAYLOAD = 1000

# Where a long text is best parted: between paragraphs, lines, sentences, words.
_BREAKS = tuple(re.compile(one) for one in (r"\n\s*\n", r"\n", r"(?<=[.!?…;:])\s+", r"\s+"))
_UNSAYABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def length(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def parts(reply: Reply) -> list[Reply]:
    """
    Return the reply as messages that fit, the buttons on the last one. A reply that shows nothing gives none.

    Zalo has no row of quick replies, only five buttons under a text. More of them, or too long ones, are listed in the
    text instead; a number typed back then means one of them.
    """
    text, usable = _clean(reply.text), _usable(reply.buttons)
    taps = [one for one in usable if not _opens_a_page(one)]
    links = [one for one in usable if _opens_a_page(one)]
    numbered = bool(taps) and (reply.numbered or lists(text, taps))
    if usable and not (text and fit(usable)):
        rows = [f"{one.title}: {one.payload}" for one in links]
        if taps and not numbered:
            rows += [f"{number}. {one.title}" for number, one in enumerate(taps, start=1)]
            rows.append(wording.numbers(len(taps)))
        text, links, numbered = "\n\n".join(filter(None, (text, "\n".join(rows)))), [], bool(taps)
    pieces = split(text, MAX_TEXT)
    if not pieces:
        return []
    bare = replace(reply, text="", buttons=(), turn=None, numbered=False)
    last = replace(reply, text=pieces[-1], buttons=(*taps, *links), numbered=numbered)
    return [*(replace(bare, text=one) for one in pieces[:-1]), last]


def body(account: ZaloAccount, user: str, part: Reply) -> dict[str, Any]:
    """
    Return what is posted to /v3.0/oa/message/cs for one part.
    """
    message: dict[str, Any] = {"text": part.text}
    if part.buttons and fit(part.buttons):
        payload: dict[str, Any] = {"buttons": [_button(account, one) for one in part.buttons]}
        if account.buttons_template == "button":
            payload = {"template_type": "button", "text": part.text, **payload}
            message = {}
        message["attachment"] = {"type": "template", "payload": payload}
    return {"recipient": {"user_id": user}, "message": message}


def fit(buttons: Sequence[Button]) -> bool:
    """
    Say whether Zalo takes them as buttons.
    """
    return len(buttons) <= MAX_BUTTONS and all(
        length(one.title) <= MAX_TITLE and length(MARK + one.payload) <= MAX_PAYLOAD for one in buttons
    )


def lists(text: str, buttons: Sequence[Button]) -> bool:
    """
    Say whether the text lists the buttons already, as "1. title" and so on.
    """
    rows = {row.strip() for row in text.splitlines()}
    return bool(buttons) and all(f"{number}. {one.title}" in rows for number, one in enumerate(buttons, start=1))


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
    while room - 20 < end and end > 1 and (unicodedata.combining(text[end]) or text[end] in "\u200d\ufe0f"):
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


def _button(account: ZaloAccount, button: Button) -> dict[str, Any]:
    if _opens_a_page(button):
        return {"title": button.title, "type": "oa.open.url", "payload": {"url": button.payload}}
    return {"title": button.title, "type": f"oa.query.{account.tap}", "payload": MARK + button.payload}


def _opens_a_page(button: Button) -> bool:
    return button.payload.startswith(("https://", "http://"))


def _usable(buttons: Sequence[Button]) -> list[Button]:
    cleaned = [Button(" ".join(_clean(one.title).split()), _clean(one.payload)) for one in buttons]
    return [one for one in cleaned if one.title and one.payload]


def _clean(text: str) -> str:
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", _UNSAYABLE.sub("", lines)).strip()
