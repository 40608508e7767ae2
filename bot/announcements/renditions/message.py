"""
Pure: the direct message to a citizen: who writes, what, where to read on, and always how to get no more of them.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.announcements.announcement import Announcement
from bot.announcements.renditions.rendition import Problem, Ward
from bot.announcements.renditions.shaping import clean, fit, join, links_of, one_line

WAY_OUT = "Nhắn DUNG để thôi nhận tin."
LIMITS: Mapping[str, int] = {"text": 2000}  # Zalo and Messenger, sure; Telegram would take 4,096
FROM = "{office} thông báo: {title}"
FROM_URGENT = "KHẨN – {office} thông báo: {title}"
CUT = "Tin nhắn dài quá {limit} ký tự nên đã rút gọn, kèm đường dẫn tới bản đầy đủ."
CUT_WITHOUT_LINK = "Tin nhắn dài quá {limit} ký tự và chưa có trang công khai để dẫn tới; cần viết ngắn lại."


def compose(announcement: Announcement, ward: Ward, link: str | None) -> tuple[dict[str, str], list[Problem]]:
    urgent = announcement.kind == "emergency"
    office = ward.name[:1].upper() + ward.name[1:]
    head = (FROM_URGENT if urgent else FROM).format(office=office, title=one_line(announcement.title))
    limit = LIMITS["text"] - len(WAY_OUT) - 2
    text, cut = fit(head, clean(announcement.text), links_of(announcement), limit=limit, link=link)
    if link and not cut and link not in text:
        text = join(text, link)
    notes = [Problem("text", (CUT if link else CUT_WITHOUT_LINK).format(limit=limit), blocking=not link)] if cut else []
    return {"text": with_way_out(text)}, notes


def with_way_out(text: str) -> str:
    """
    Return the text with the way out as its last line, whatever an officer made of it.
    """
    text = text.rstrip()
    return text if WAY_OUT in text else join(text, WAY_OUT)
