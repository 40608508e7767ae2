"""
Pure: what the ward's public page, its Atom feed and the snippet for the portal show.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.announcements.announcement import Announcement
from bot.announcements.renditions.rendition import Problem, Ward
from bot.announcements.renditions.shaping import clean, headline, one_line, shorten

LIMITS: Mapping[str, int] = {"title": 300, "text": 20_000}  # our own: what still reads as a page
SUMMARY = 240


def compose(announcement: Announcement, ward: Ward, link: str | None) -> tuple[dict[str, str], list[Problem]]:
    text = clean(announcement.text)
    fields = {
        "title": headline(announcement),
        "text": text,
        "summary": shorten(one_line(announcement.key_line) or one_line(text), SUMMARY),
        "picture": announcement.picture or "",
        "file": announcement.file or "",
        "link_title": one_line(announcement.link.title) if announcement.link else "",
        "link_url": announcement.link.url.strip() if announcement.link else "",
        "button_title": one_line(announcement.button.title) if announcement.button else "",
        "button_url": announcement.button.url.strip() if announcement.button else "",
        "topic": announcement.topic or "",
        "happens_at": "" if announcement.happens_at is None else repr(announcement.happens_at),
        "valid_until": "" if announcement.valid_until is None else repr(announcement.valid_until),
    }
    return fields, []
