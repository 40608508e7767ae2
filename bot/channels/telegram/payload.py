"""
Pure: one update of the Bot API → what a citizen sent, or what happened. No JSON makes it raise.

Answered: messages, taps and commands in private chats. Knowingly ignored: groups, channels, edited messages, other bots,
and what a citizen does not do with an office (polls, games, stories, business connections).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from bot.channels.menu import ASK, Item, Menu
from bot.channels.telegram.account import TelegramAccount
from bot.messages import Attachment, AttachmentKind, Happening, HappeningKind, InboundKind, InboundMessage, Place

KIND = "telegram"
# What we ask setWebhook for; everything else in IGNORED comes only from an older setting, which Telegram keeps.
WANTED = ("message", "callback_query", "my_chat_member")
IGNORED = frozenset(
    "edited_message channel_post edited_channel_post business_connection business_message edited_business_message "
    "deleted_business_messages message_reaction message_reaction_count inline_query chosen_inline_result shipping_query "
    "pre_checkout_query purchased_paid_media poll poll_answer chat_member chat_join_request chat_boost "
    "removed_chat_boost".split()
)
LARGEST_ID = 2**52
MAX_LINE = 200

# In this order: an animation comes with a document of the same file.
_FILES: tuple[tuple[str, AttachmentKind], ...] = (
    ("animation", "video"), ("document", "file"), ("audio", "audio"), ("voice", "audio"), ("video", "video"),
    ("video_note", "video"),
)  # fmt: skip
_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@\w+)?(?:\s.*)?", re.ASCII | re.DOTALL)
_NUMBER = re.compile(r"\d{1,3}\. ")


def parse(update: Any, account: TelegramAccount, menu: Menu | None = None) -> list[InboundMessage | Happening]:
    """
    Return what an update says: one thing, or nothing when it is no update.
    """
    number = _whole(update.get("update_id")) if isinstance(update, dict) else None
    if number is None or number <= 0:
        return []
    readers = {"message": _Seen.message, "callback_query": _Seen.tap, "my_chat_member": _Seen.membership}
    for event, read in readers.items():
        if isinstance(update.get(event), dict):
            return [read(_Seen(account, number, event, update[event], menu))]
    event = next((name for name in update if name in IGNORED), "unknown")
    content = update.get(event)
    return [_Seen(account, number, event, content if isinstance(content, dict) else {}, menu).noted()]


@dataclass(frozen=True)
class _Seen:
    """
    One update and whom it came to.
    """

    account: TelegramAccount
    number: int
    event: str
    content: dict[str, Any]
    menu: Menu | None

    def message(self) -> InboundMessage | Happening:
        content, user = self.content, _private(self.content.get("chat"))
        if user is None:
            return self.noted("message.elsewhere")
        if _dict(content.get("from")).get("is_bot") is True:
            return self.noted("message.from_bot")
        text = content.get("text")
        if isinstance(text, str) and text.strip():
            return self._words(user, text)
        if attachment := _attachment(content):
            caption = content.get("caption")
            words = caption if isinstance(caption, str) else ""
            return self._inbound(user, "attachment", words, attachments=(attachment,))
        if place := _place(content):
            return self._inbound(user, "place", "", place=place)
        if contact := _contact(content):
            return self._inbound(user, "contact", "", contact=contact)
        for name in ("sticker", "dice"):
            if isinstance(content.get(name), dict):
                return self._inbound(user, "sticker", _line(content[name].get("emoji"), 16))
        return self.noted("message.other", user)

    def tap(self) -> InboundMessage | Happening:
        message, data = _dict(self.content.get("message")), self.content.get("data")
        chat = message.get("chat")
        # A message that is too old to be shown with the tap is left out; in private the chat has the citizen's own id.
        user = _private(chat) if chat is not None else _user(self.content.get("from"))
        if user is None or not isinstance(data, str) or not data:
            return self.noted("callback_query.other")
        return self._button(user, _title(message, data), data)

    def membership(self) -> Happening:
        user = _private(self.content.get("chat"))
        before, after = (_dict(self.content.get(name)).get("status") for name in ("old_chat_member", "new_chat_member"))
        if user is not None and after == "kicked":
            return self._happening("left", self.event, user)
        if user is not None and before == "kicked" and after == "member":
            return self.noted("unblocked", user)
        return self.noted(user=user)

    def noted(self, event: str | None = None, user: int | None = None) -> Happening:
        return self._happening("noted", event or self.event, user)

    def _words(self, user: int, text: str) -> InboundMessage:
        match = _COMMAND.fullmatch(text)
        command = match[1].lower() if match else None
        if command == "start":
            return self._inbound(user, "start", "")
        item = _item(self.menu, command) if command else None
        return self._button(user, item.title, item.payload) if item else self._inbound(user, "text", text)

    def _button(self, user: int, title: str, payload: str) -> InboundMessage:
        question = payload.removeprefix(ASK).strip() if payload.startswith(ASK) else ""
        if question:
            return self._inbound(user, "text", question)
        return self._inbound(user, "button", title, payload=payload)

    def _inbound(self, user: int, kind: InboundKind, text: str, **more: Any) -> InboundMessage:
        date = _whole(self.content.get("date")) if self.event == "message" else None
        return InboundMessage(
            KIND,
            self.account.ward,
            f"{self.account.id}/{user}",
            self._message_id(),
            kind,
            text,
            sequence=float(self.number),
            sent_at=float(date) if date else None,
            **more,
        )

    def _happening(self, kind: HappeningKind, event: str, user: int | None) -> Happening:
        address = f"{self.account.id}/{user}" if user is not None else ""
        return Happening(
            KIND, self.account.ward, self.account.id, self._message_id(), kind, event, address, float(self.number)
        )

    def _message_id(self) -> str:
        # After a week of silence update ids may start anew anywhere; with the date, or the id of the tap, they stay unique.
        mark = _line(self.content.get("id"), 64) if self.event == "callback_query" else _whole(self.content.get("date"))
        return f"{self.account.id}/{self.event}:{self.number}.{mark or 0}"


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _whole(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and abs(value) <= LARGEST_ID else None


def _user(value: Any) -> int | None:
    number = _whole(_dict(value).get("id"))
    return number if number is not None and number > 0 else None


def _private(chat: Any) -> int | None:
    return _user(chat) if _dict(chat).get("type") == "private" else None


def _line(value: Any, most: int = MAX_LINE) -> str:
    if not isinstance(value, str):
        return ""
    letters = unicodedata.normalize("NFC", value[: most * 4])
    kept = (one for one in letters if one.isspace() or unicodedata.category(one)[0] != "C")
    return " ".join("".join(kept).split())[:most]


def _item(menu: Menu | None, command: str) -> Item | None:
    return next((item for item in menu.items if item.command == command), None) if menu else None


def _title(message: dict[str, Any], data: str) -> str:
    """
    Return the words on the button with this data; the number that render.py puts before a long title is not part of it.
    """
    rows = _dict(message.get("reply_markup")).get("inline_keyboard")
    for row in rows if isinstance(rows, list) else ():
        for button in row if isinstance(row, list) else ():
            if _dict(button).get("callback_data") == data:
                return _NUMBER.sub("", _line(button.get("text")), count=1)
    return ""


def _attachment(content: dict[str, Any]) -> Attachment | None:
    sizes = content.get("photo")
    photos = [one for one in sizes if _file(one)] if isinstance(sizes, list) else []
    if photos:
        largest = max(photos, key=lambda one: (_whole(one.get("width")) or 0) * (_whole(one.get("height")) or 0))
        return Attachment("image", _file(largest), size=_size(largest))
    for name, kind in _FILES:
        file = _dict(content.get(name))
        if _file(file):
            return Attachment(kind, _file(file), _line(file.get("file_name")) or None, _size(file))
    return None


def _file(value: Any) -> str:
    return _line(_dict(value).get("file_id"), 512)


def _size(file: dict[str, Any]) -> int | None:
    size = _whole(file.get("file_size"))
    return size if size is not None and size >= 0 else None


def _place(content: dict[str, Any]) -> Place | None:
    given = _dict(content.get("location"))
    latitude, longitude = given.get("latitude"), given.get("longitude")
    for value in (latitude, longitude):
        if not isinstance(value, int | float) or isinstance(value, bool):
            return None
    return Place(float(latitude), float(longitude)) if abs(latitude) <= 90 and abs(longitude) <= 180 else None  # type: ignore[arg-type]


def _contact(content: dict[str, Any]) -> str | None:
    given = _dict(content.get("contact"))
    phone = _line(given.get("phone_number"), 32)
    name = " ".join(filter(None, (_line(given.get("last_name"), 64), _line(given.get("first_name"), 64))))
    return ", ".join(filter(None, (name, phone))) if phone else None
