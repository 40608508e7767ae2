"""
The menu of an OA. Zalo has no call that writes it, so this says what a person puts into OA Manager, line by line.
"""

from __future__ import annotations

from bot.channels.menu import Menu
from bot.channels.zalo.account import ZaloAccount
from bot.channels.zalo.channel import ZaloChannel
from bot.channels.zalo.payload import MARK

SENDS_TEXT = "Gửi tin nhắn đến OA"


def profile(menu: Menu) -> list[dict[str, str]]:
    """
    Return the menu's entries in order: `title`, `type`, and the `keyword` that the citizen's phone sends when the entry
    is tapped, as payload.py understands it.
    """
    return [{"title": item.title, "type": SENDS_TEXT, "keyword": MARK + item.command} for item in menu.items]


async def apply(channel: ZaloChannel, account: ZaloAccount, menu: Menu) -> list[str]:
    """
    Return what a person must do; nothing is written. In Vietnamese: an officer reads it.
    """
    rows = [
        f"  {number}. Tên: {one['title']} · Loại: {one['type']} · Nội dung: {one['keyword']}"
        for number, one in enumerate(profile(menu), start=1)
    ]
    return [
        f"OA {account.name or account.id}: Zalo không cho phần mềm ghi menu, nên cán bộ quản trị OA nhập bằng tay.",
        "Mở OA Manager (oa.zalo.me), vào phần menu của OA, thêm lần lượt các mục sau, nhập nguyên văn cả dấu #:",
        *rows,
        "Nếu OA chỉ cho ít mục hơn, giữ các mục theo thứ tự từ trên xuống.",
        "Vào phần tin nhắn chào người quan tâm, nhập nguyên văn lời chào sau, hoặc tắt lời chào để trợ lý tự chào:",
        f"  {menu.greeting}",
        "Tắt các câu trả lời tự động theo từ khóa trong OA Manager, để người dân không nhận hai câu trả lời.",
        "Xong thì bấm thử từng mục trên điện thoại.",
    ]
