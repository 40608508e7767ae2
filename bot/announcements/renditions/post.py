"""
Pure: the post of a Facebook Page. It has no title and no formatting, so the first line is the title.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.announcements.announcement import Announcement
from bot.announcements.renditions.rendition import Problem, Ward
from bot.announcements.renditions.shaping import clean, headline, join, links_of, office_of

LIMITS: Mapping[str, int] = {"text": 63_206}  # channels sheet, likely
SIGNED = "{office}"
SOURCE = "Bản đăng trên trang của phường, xã: {link}"


def compose(announcement: Announcement, ward: Ward, link: str | None) -> tuple[dict[str, str], list[Problem]]:
    tail = (links_of(announcement), SOURCE.format(link=link) if link else "", SIGNED.format(office=office_of(ward)))
    text = join(headline(announcement), clean(announcement.text), "\n".join(one for one in tail if one))
    return {"text": text, "picture": announcement.picture or "", "link": link or ""}, []
