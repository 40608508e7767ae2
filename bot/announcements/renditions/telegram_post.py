"""
Pure: the post in the ward's Telegram channel, as plain text. Under a picture Telegram takes 1,024 characters only.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.announcements.announcement import Announcement
from bot.announcements.renditions.rendition import Problem, Ward
from bot.announcements.renditions.shaping import clean, fit, headline, links_of, one_line, utf16_length

TEXT, CAPTION = 4096, 1024
CUT = "Bản đầy đủ dài quá {limit} ký tự nên đã rút gọn, kèm đường dẫn tới bản đầy đủ."
CUT_WITHOUT_LINK = "Nội dung dài quá {limit} ký tự và chưa có trang công khai để dẫn tới; cần viết ngắn lại."


def limits(announcement: Announcement) -> Mapping[str, int]:
    """
    Return the limit, in UTF-16 units as Telegram counts.
    """
    return {"text": CAPTION if announcement.picture else TEXT}


def compose(announcement: Announcement, ward: Ward, link: str | None) -> tuple[dict[str, str], list[Problem]]:
    limit = limits(announcement)["text"]
    head, tail = headline(announcement), links_of(announcement, button=False)
    text, cut = fit(head, clean(announcement.text), tail, limit=limit, link=link, length=utf16_length)
    notes = [Problem("text", (CUT if link else CUT_WITHOUT_LINK).format(limit=limit), blocking=not link)] if cut else []
    button = announcement.button
    fields = {
        "text": text,
        "picture": announcement.picture or "",
        "button_title": one_line(button.title) if button else "",
        "button_url": button.url.strip() if button else "",
    }
    return fields, notes
