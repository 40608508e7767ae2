"""
Pure: is a draft ready to be handed to the approvers?
"""

from __future__ import annotations

import re

from bot.announcements.announcement import Announcement
from bot.errors import RequestError

# What a template leaves open: "[ngày]", "[…]". Web addresses in brackets are no blanks.
_BLANK = re.compile(r"\[(?!https?://)[^\[\]\n]{1,80}\]|\[\s*\]")
MAX_TITLE = 300
MAX_TEXT = 20_000


def blanks(text: str) -> list[str]:
    """
    Return what of a template is not filled in, in the order of the text.
    """
    return _BLANK.findall(text)


def check_complete(announcement: Announcement, *, now: float) -> None:
    """
    Raises:
        RequestError: 422 "announcement.incomplete", with a Vietnamese sentence per field.
    """
    problems = incomplete(announcement, now=now)
    if problems:
        raise RequestError(422, "announcement.incomplete", f"not ready: {', '.join(problems)}", fields=problems)


def incomplete(announcement: Announcement, *, now: float) -> dict[str, str]:
    """
    Return field → what is missing there.
    """
    found: dict[str, str] = {}
    texts = {"title": announcement.title, "text": announcement.text, "key_line": announcement.key_line}
    for name, limit in (("title", MAX_TITLE), ("text", MAX_TEXT)):
        if not texts[name].strip():
            found[name] = "Anh/chị ghi tiêu đề." if name == "title" else "Anh/chị ghi nội dung."
        elif len(texts[name]) > limit:
            found[name] = f"Dài quá {limit} ký tự."
    for name, text in texts.items():
        if left := blanks(text):
            found[name] = f"Còn chỗ chưa điền: {', '.join(left[:3])}."
    for outlet, fields in announcement.by_hand.items():
        if any(blanks(value) for value in fields.values() if isinstance(value, str)):
            found[outlet] = "Còn chỗ chưa điền."
    if not announcement.outlets:
        found["outlets"] = "Anh/chị chọn ít nhất một nơi đăng."
    if announcement.repeat is not None:
        if announcement.repeat_until is None:
            found["repeat_until"] = "Anh/chị ghi ngày thôi lặp lại."
        elif announcement.repeat_until <= max(now, announcement.send_at or now):
            found["repeat_until"] = "Ngày thôi lặp lại phải sau lần gửi đầu tiên."
    if announcement.valid_until is not None and announcement.valid_until <= max(now, announcement.send_at or now):
        found["valid_until"] = "Hạn hiệu lực phải sau lúc gửi."
    return found
