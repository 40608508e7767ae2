"""
Pure: the article of a Zalo Official Account, which its followers get as a broadcast.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.announcements.announcement import Announcement
from bot.announcements.renditions.rendition import Problem, Ward
from bot.announcements.renditions.shaping import clean, headline, join, links_of, office_of, one_line, shorten

# Zalo's own (channels sheet, sure: 150, 300, 50); for the body it names none.
LIMITS: Mapping[str, int] = {"title": 150, "description": 300, "author": 50, "body": 20_000}
PUBLISHED_AT = "Bản đăng trên trang của phường, xã: {link}"
NO_COVER = "Bài chưa có ảnh bìa. Zalo hiện bài có ảnh rõ hơn nhiều; nên thêm một ảnh."


def compose(announcement: Announcement, ward: Ward, link: str | None) -> tuple[dict[str, str], list[Problem]]:
    text = clean(announcement.text)
    source = PUBLISHED_AT.format(link=link) if link else ""
    description = one_line(announcement.key_line) or one_line(text) or headline(announcement)
    author = office_of(ward)
    fields = {
        "title": headline(announcement),
        "description": shorten(description, LIMITS["description"]),
        "author": author if len(author) <= LIMITS["author"] else shorten(ward.name, LIMITS["author"]),
        "body": join(text, "\n".join(one for one in (links_of(announcement), source) if one)),
        "picture": announcement.picture or "",
    }
    notes = [] if announcement.picture else [Problem("picture", NO_COVER, blocking=False)]
    return fields, notes
