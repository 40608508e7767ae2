"""
What the gateway says to a citizen about getting announcements.
"""

from __future__ import annotations

from collections.abc import Sequence

SUBSCRIBED = "Dạ, em đã ghi nhận: từ nay {ward} gửi anh/chị thông báo về {what}, ngay trong cuộc trò chuyện này."
THERE_ALREADY = "Dạ, anh/chị đang nhận thông báo về {what} của {ward} rồi ạ."
HOW_TO_STOP = "Muốn thôi, anh/chị nhắn “dừng nhận tin”. Muốn xem lại, nhắn “tôi đang nhận tin gì”."
MAY_FAIL = "Nếu lâu không nhắn với trợ lý, anh/chị có thể không nhận được, do quy định của {platform}."
STOPPED = "Dạ, em đã dừng. Anh/chị sẽ không nhận thông báo của {ward} qua tin nhắn nữa. Muốn nhận lại, anh/chị nhắn “đăng ký nhận tin”."
STOPPED_SOME = "Dạ, em đã dừng thông báo về {what}. Anh/chị vẫn nhận thông báo về {rest}."
NOT_SUBSCRIBED = "Dạ, anh/chị hiện không đăng ký nhận thông báo nào của {ward}, nên không có tin nào được gửi ạ."
NOT_THIS = "Dạ, anh/chị không đăng ký riêng tin này. Hiện anh/chị nhận thông báo về {what}. Nhắn “dừng nhận tin” để dừng tất cả ạ."
HELD = "Dạ, anh/chị đang nhận thông báo của {ward} về:"
HELD_ROW = "• {what} (đồng ý ngày {date})"
HELD_NONE = "Dạ, anh/chị chưa đăng ký nhận thông báo nào của {ward}."
CHOOSE = "Dạ, anh/chị muốn nhận thông báo nào của {ward} ạ?"
UNKNOWN = "Dạ, em chưa thấy tên này trong danh sách {word} của {ward}. Anh/chị chọn giúp em ạ:"
UNKNOWN_NO_LIST = "Dạ, {ward} chưa nhập danh sách {word} nên chưa gửi riêng theo khu vực được. Anh/chị có thể nhận thông báo của cả {ward}:"
TYPE_IT = "Anh/chị nhắn, ví dụ “đăng ký nhận tin {example}”."
CHOOSE_TOPIC = "Dạ, anh/chị muốn nhận thông báo về việc gì ạ?"
EVERYTHING = "mọi việc"
BUTTON_ALL = "Tất cả thông báo"
BUTTON_TOPICS = "Chọn theo chủ đề"
BUTTON_CHOOSE = "Đăng ký nhận tin"
BUTTON_STOP = "Dừng nhận tin"
PLATFORMS = {"zalo": "Zalo", "messenger": "Messenger"}


def joined(names: Sequence[str]) -> str:
    """
    ["khu phố 3", "điện, nước"] → "khu phố 3; điện, nước": names may hold commas.
    """
    return "; ".join(names)
