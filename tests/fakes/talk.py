"""
A Rasa with something to say: what the real one answers in form, about an invented procedure.
"""

from __future__ import annotations

from typing import Any

from tests.fakes.rasa import turn

GREETING = (
    "Dạ, em chào anh/chị! Em là trợ lý tự động của UBND phường Mẫu. Anh/chị cứ nhắn việc cần hỏi, có dấu hay không dấu "
    "đều được ạ. Ví dụ: “làm giấy khai sinh cho con cần gì”."
)
MENU = [
    {"title": "Đăng ký khai sinh", "payload": '/choose{"entry":"khai-sinh"}'},
    {"title": "Đăng ký thường trú", "payload": '/choose{"entry":"thuong-tru"}'},
    {"title": "Giờ làm việc, số điện thoại", "payload": '/choose{"entry":"gio-lam-viec"}'},
    {"title": "Gặp cán bộ", "payload": "/ask_officer"},
]
ANSWER = """Đăng ký khai sinh
Hồ sơ gồm:
• Tờ khai đăng ký khai sinh
• Giấy chứng sinh (bản chính)
• Giấy tờ tùy thân của người đi đăng ký (xuất trình)
Nộp tại Trung tâm Phục vụ hành chính công của phường, hoặc trên https://dichvucong.gov.vn.
Căn cứ: Luật Hộ tịch 60/2014/QH13
Nguồn: Cổng Dịch vụ công quốc gia (cập nhật 07/2026)"""
PARTS = [
    {"title": "Lệ phí", "payload": '/choose{"entry":"khai-sinh","part":"fee"}'},
    {"title": "Thời hạn giải quyết", "payload": '/choose{"entry":"khai-sinh","part":"time"}'},
    {"title": "Nộp trực tuyến", "payload": '/choose{"entry":"khai-sinh","part":"online"}'},
]
FEE = "Dạ, đăng ký khai sinh đúng hạn được miễn lệ phí ạ.\nNguồn: Cổng Dịch vụ công quốc gia (cập nhật 07/2026)"


def talk(sender: str, message: str, metadata: dict[str, Any]) -> list[dict[str, Any]]:
    if message == "/session_start":
        return []
    if message == "/greet":
        return turn(GREETING, buttons=MENU, entry_ids=[])
    if '"fee"' in message or "phí" in message:
        return turn(FEE, buttons=PARTS[1:], part="fee")
    if "khai" in message:
        return turn(ANSWER, buttons=PARTS, part="papers")
    return turn(f"Dạ, em chưa có thông tin về “{message}”. Anh/chị hỏi cách khác giúp em ạ.", outcome="clarify")
