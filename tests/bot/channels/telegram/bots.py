"""
The invented bot of these tests.
"""

from __future__ import annotations

from typing import Any

from bot.channels.menu import ASK, Item, Menu
from bot.channels.telegram.account import TelegramAccount

BOT, CITIZEN = "7000000001", 5000000001
TOKEN = f"{BOT}:AAInventedInventedInventedInvented0"
SECRET = "an-invented-secret_0123456789"
ADDRESS = f"{BOT}/{CITIZEN}"
OTHER, OTHER_TOKEN = "7000000002", "7000000002:AAInventedInventedInventedInvented1"
OTHER_SECRET = "another-invented-secret_0123456789"
MENU = Menu(
    "phường Mẫu",
    "Chào anh/chị! Em là trợ lý tự động của UBND phường Mẫu.",
    (
        Item("Việc nhiều người hỏi", "/show_menu", "menu", "Những việc nhiều người hỏi"),
        Item("Giờ làm việc", f"{ASK}Giờ làm việc", "gio", "Giờ làm việc, địa chỉ nơi nộp hồ sơ"),
        Item("Gặp cán bộ", "/ask_officer", "canbo", "Chuyển lời tới cán bộ"),
    ),
    ("Làm giấy khai sinh cho con cần gì?",),
)


def account(**changes: Any) -> TelegramAccount:
    given = {"id": BOT, "ward": "phuong-mau", "token": TOKEN, "secret_token": SECRET, **changes}
    return TelegramAccount.model_validate(given)


ACCOUNT = account()
