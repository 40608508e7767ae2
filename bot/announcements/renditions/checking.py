"""
Pure: what is wrong with a rendition: too long, empty, a blank of a template not filled in, a number that is somebody's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.announcements.renditions.rendition import Count, Problem

NAMES: Mapping[str, str] = {
    "title": "Tiêu đề",
    "description": "Tóm tắt",
    "author": "Tác giả",
    "body": "Nội dung bài",
    "text": "Nội dung",
    "script": "Bài đọc",
    "place": "Địa danh, ngày tháng",
    "signer": "Người ký",
}
EMPTY = "{name} đang trống."
TOO_LONG = "{name} dài {length} ký tự, quá giới hạn {limit}. Cần bớt {over} ký tự."
BLANK = "Còn chỗ trống “{blank}” chưa điền."
PERSONAL = "Có dãy 12 chữ số giống số căn cước. Kiểm tra để không công khai thông tin của người dân."

# "[…]", "[ngày…]", "[nhập giờ]"; a footnote "[1]" is none.
BLANKS = re.compile(r"\[(?=[^\[\]\n]*[^\W\d_]|\s*(?:…|\.{2,}|_{2,})|\s*\])[^\[\]\n]{0,120}\]|…{2,}|\.{5,}|_{4,}")
_BY_PEN = ("place", "signer")  # of the notice: dots are written over
_IDENTITY = re.compile(r"(?<!\d)0\d{2}[ .]?\d{3}[ .]?\d{3}[ .]?\d{3}(?!\d)")


def problems_of(
    fields: Mapping[str, str], counts: Mapping[str, Count], *, may_be_empty: tuple[str, ...] = ()
) -> list[Problem]:
    """
    Return what is wrong with the fields that are counted.
    """
    found: list[Problem] = []
    for name, count in counts.items():
        text, called = fields[name], NAMES.get(name, name)
        if not text.strip():
            if name not in may_be_empty:
                found.append(Problem(name, EMPTY.format(name=called), blocking=True))
            continue
        if count.limit is not None and count.length > count.limit:
            over = count.length - count.limit
            message = TOO_LONG.format(name=called, length=count.length, limit=count.limit, over=over)
            found.append(Problem(name, message, blocking=True))
        blank = BLANKS.search(text)
        if blank and name not in _BY_PEN:
            found.append(Problem(name, BLANK.format(blank=blank.group()), blocking=True))
        if _IDENTITY.search(text):
            found.append(Problem(name, PERSONAL, blocking=False))
    return found
