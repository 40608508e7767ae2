"""
Checks `reply_markup`, button by button, as Telegram does: one wrong button refuses the whole message.
"""

from __future__ import annotations

import re
from typing import Any

from emulators.telegram.refusals import Refused, bad

# The last two are PTB's constants, which it calls undocumented.
MAX_DATA_BYTES, MAX_COPY, MAX_BUTTONS, MAX_IN_ROW = 64, 256, 100, 8
KINDS = ("callback_data", "url", "copy_text", "web_app", "login_url", "switch_inline_query", "pay", "callback_game")
_LINK = re.compile(r"(https?://|tg://|ton://)?[^\s/?#]+\.[^\s/?#]{2,}\S*|tg://\S+", re.IGNORECASE)


def check(markup: Any, *, private: bool) -> dict[str, Any]:
    """
    Return the markup as it is stored with the message.

    Raises:
        Refused: 400.
    """
    if not isinstance(markup, dict):
        raise bad("object expected as reply markup")
    if "inline_keyboard" in markup:
        return {"inline_keyboard": _rows(markup["inline_keyboard"], _inline)}
    if "keyboard" in markup:
        rows = _rows(markup["keyboard"], _plain)
        asks = any(button.get("request_contact") or button.get("request_location") for row in rows for button in row)
        if asks and not private:
            raise bad("contact and location can be requested in private chats only")
        return {**markup, "keyboard": rows}
    if markup.get("remove_keyboard") or markup.get("force_reply"):
        return dict(markup)
    raise bad("reply markup has no keyboard")


def _rows(rows: Any, button_of: Any) -> list[list[dict[str, Any]]]:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad("can't parse keyboard: Array of Arrays of buttons expected")
    if sum(map(len, rows)) > MAX_BUTTONS or any(len(row) > MAX_IN_ROW for row in rows):
        raise bad("REPLY_MARKUP_TOO_LONG")
    return [[button_of(button) for button in row] for row in rows]


def _inline(button: Any) -> dict[str, Any]:
    if not isinstance(button, dict):
        raise bad("can't parse inline keyboard button: InlineKeyboardButton must be an Object")
    if not isinstance(button.get("text"), str) or not button["text"].strip():
        raise bad('can\'t parse inline keyboard button: Field "text" must be of type String')
    given = [name for name in KINDS if name in button]
    if not given:
        raise bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if len(given) > 1:
        raise bad("can't parse inline keyboard button: exactly one optional field must be used")
    if problem := _problem(given[0], button[given[0]]):
        raise problem
    return button


def _problem(kind: str, value: Any) -> Refused | None:
    if kind == "callback_data" and not (isinstance(value, str) and 1 <= len(value.encode()) <= MAX_DATA_BYTES):
        return bad("BUTTON_DATA_INVALID")
    if kind == "url" and not (isinstance(value, str) and _LINK.fullmatch(value)):
        return bad(f"inline keyboard button URL '{value}' is invalid: Wrong HTTP URL")
    if kind == "copy_text":
        text = value.get("text") if isinstance(value, dict) else None
        if not (isinstance(text, str) and 1 <= len(text) <= MAX_COPY):
            return bad("BUTTON_COPY_TEXT_INVALID")
    return None


def _plain(button: Any) -> dict[str, Any]:
    shape = {"text": button} if isinstance(button, str) else button
    if not isinstance(shape, dict) or not isinstance(shape.get("text"), str) or not shape["text"].strip():
        raise bad('can\'t parse keyboard button: Field "text" must be of type String')
    return shape
