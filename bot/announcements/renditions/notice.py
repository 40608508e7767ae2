"""
Pure: what stands on the A4 sheet for the notice board.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.announcements.announcement import Announcement
from bot.announcements.renditions.rendition import Problem, Ward
from bot.announcements.renditions.shaping import clean, links_of, one_line

LIMITS: Mapping[str, int] = {"title": 300, "text": 6_000, "place": 100, "signer": 200}
ONE_PAGE = 2_200  # letters that stand on one sheet beside the heading, the QR code and the signature
TWO_PAGES = "Bản niêm yết dài hơn một trang A4; nên rút gọn để người dân dễ đọc."
NOTICE, URGENT = "THÔNG BÁO", "THÔNG BÁO KHẨN"
NO_CODE = "Bản niêm yết chưa có mã QR, vì thông báo chưa có trang công khai để dẫn tới."
UNDATED = "{place}, ngày ...... tháng ...... năm ........"


def compose(announcement: Announcement, ward: Ward, link: str | None) -> tuple[dict[str, str], list[Problem]]:
    text = clean(announcement.text)
    place = ward.name.split(" ", 1)[-1] if " " in ward.name else ward.name
    fields = {
        "agency": f"ỦY BAN NHÂN DÂN\n{ward.name}".upper(),
        "heading": URGENT if announcement.kind == "emergency" else NOTICE,
        "title": _about(one_line(announcement.title)),
        "text": text,
        "links": links_of(announcement),
        "hotline": ward.hotline or "",
        "link": link or "",
        "place": UNDATED.format(place=one_line(place)),
        "signer": "",
    }
    notes = [Problem("text", TWO_PAGES, blocking=False)] if len(text) > ONE_PAGE else []
    if not link:
        notes.append(Problem("link", NO_CODE, blocking=False))
    return fields, notes


def _about(title: str) -> str:
    # The heading says "THÔNG BÁO" already.
    rest = re.sub(r"^thông báo\s*[:,-]?\s+(?!khẩn)", "", title, flags=re.IGNORECASE)
    return rest[:1].upper() + rest[1:]
