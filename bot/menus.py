"""
What the menus of all platforms offer. Every title is at most 20 characters, for Messenger.
"""

from __future__ import annotations

from bot.channels.menu import ASK, Item, Menu

GREETING = "Chào anh/chị! Em là trợ lý tự động của UBND {ward}. Anh/chị hỏi về thủ tục, lệ phí, nơi nộp hồ sơ ạ."
MOST_GREETING = 160

ITEMS = (
    Item("Việc nhiều người hỏi", "/show_menu", "menu", "Những việc nhiều người hỏi"),
    Item("Giờ làm việc", f"{ASK}Giờ làm việc", "gio", "Giờ làm việc, địa chỉ nơi nộp hồ sơ"),
    Item("Số điện thoại", f"{ASK}Số điện thoại của phường, xã", "dienthoai", "Số điện thoại cần gọi"),
    Item("Nộp hồ sơ trên mạng", f"{ASK}Nộp hồ sơ trực tuyến thế nào", "dvc", "Cách nộp hồ sơ trực tuyến"),
    Item("Đăng ký nhận tin", f"{ASK}Đăng ký nhận tin", "nhantin", "Chọn thông báo của phường, xã muốn nhận"),
    Item("Gặp cán bộ", "/ask_officer", "canbo", "Chuyển lời tới cán bộ"),
)
QUESTIONS = (
    "Làm giấy khai sinh cho con cần gì?",
    "Đăng ký tạm trú nộp ở đâu?",
    "Xin giấy xác nhận độc thân cần gì?",
    "Chứng thực bản sao hết bao nhiêu tiền?",
)


def menu(ward: str) -> Menu:
    """
    Return the menu of a ward, named as people name it ("phường Hòa Bình").
    """
    return Menu(ward, GREETING.format(ward=ward)[:MOST_GREETING], ITEMS, QUESTIONS)
