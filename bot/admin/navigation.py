"""
The way through the office: which pages an officer finds in the menu.
"""

from __future__ import annotations

from typing import NamedTuple

from aiohttp import web

from bot.admin.officers import Officer, Permission


class Item(NamedTuple):
    """
    `here`: the page that is shown belongs to this item.
    """

    label: str
    url: str
    here: bool


# label, path, who finds it. A page that is not there yet is not shown.
TABLE: tuple[tuple[str, str, Permission], ...] = (
    ("Bắt đầu", "/admin/", "see"),
    ("Người dân cần cán bộ", "/admin/desk", "answer"),
    ("Thông báo", "/admin/announcements", "see"),
    ("Tiến độ kế hoạch", "/admin/plan-progress", "see"),
    ("Câu hỏi chưa trả lời được", "/admin/questions", "see"),
    ("Nội dung", "/admin/content", "see"),
    ("Kế hoạch", "/admin/plans", "edit"),
    ("Nhập, xuất Excel", "/admin/excel", "edit"),
    ("Hạn rà soát", "/admin/freshness", "see"),
    ("Thống kê", "/admin/dashboard", "see"),
    ("Kênh liên lạc", "/admin/accounts", "manage"),
    ("Cán bộ", "/admin/officers", "manage"),
    ("Lịch sử thay đổi", "/admin/audit", "manage"),
)


def items(request: web.Request, officer: Officer | None, *, ward: str | None) -> list[Item]:
    """
    Return what this officer may open, in order; `ward` is carried along.
    """
    if officer is None:
        return []
    there = {resource.canonical for resource in request.app.router.resources()}
    query = f"?ward={ward}" if ward else ""
    return [
        Item(label, path + ("" if path == "/admin/" else query), _holds(path, request.path))
        for label, path, permission in TABLE
        if officer.may_anywhere(permission) and (path in there or path + "/" in there)
    ]


def _holds(path: str, shown: str) -> bool:
    return shown == path or (path != "/admin/" and shown.startswith(path + "/"))
