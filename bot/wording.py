"""
Every Vietnamese sentence that the gateway itself says to a citizen. What Rasa says stands in domain.yml.
"""

from __future__ import annotations

# The national line that answers questions on online public services; from the content entry of the same number.
NATIONAL_LINE = "18001096"

NOTICE = (
    "Đây là trợ lý tự động của {ward}, không phải cán bộ. Nội dung hỏi đáp được lưu để trả lời và để hướng dẫn tốt hơn. "
    "Xin đừng gửi số căn cước, số điện thoại, số tài khoản; nếu có, hệ thống che trước khi lưu. "
    "Tiếp tục nhắn là anh/chị đồng ý như vậy."
)
APOLOGY_HOTLINE = (
    "Xin lỗi, hệ thống đang bận nên chưa trả lời được. Anh/chị vui lòng nhắn lại sau ít phút, "
    "hoặc gọi {hotline} trong giờ làm việc."
)
APOLOGY_NATIONAL = (
    "Xin lỗi, hệ thống đang bận nên chưa trả lời được. Anh/chị vui lòng nhắn lại sau ít phút, "
    "hoặc gọi tổng đài dịch vụ công {hotline}."
)


def notice(ward: str) -> str:
    return NOTICE.format(ward=ward)


def apology(hotline: str | None) -> str:
    """
    Say that there is no answer, and whom to call: the ward's own line, or the national one when it entered none.
    """
    if hotline:
        return APOLOGY_HOTLINE.format(hotline=hotline)
    return APOLOGY_NATIONAL.format(hotline=NATIONAL_LINE)


# Pages
TITLE = "Trợ lý Một cửa · {ward}"
HOME_TITLE = "Trợ lý Một cửa"
HOME_LEAD = "Hỏi về thủ tục hành chính, dịch vụ công trực tuyến và kế hoạch cải cách hành chính của địa phương."
HOME_CHOOSE = "Chọn phường, xã của anh/chị"
HOME_EMPTY = "Hệ thống đang khởi động. Anh/chị vui lòng tải lại trang sau ít phút."
UNKNOWN_WARD = "Chưa có trợ lý cho địa chỉ này. Anh/chị chọn phường, xã trong danh sách dưới đây."
UNKNOWN_SITE = "Trang này chưa được phép nhúng trợ lý. Xin báo với đơn vị quản trị cổng thông tin."
PAGE_ERROR = "Xin lỗi, trang này đang gặp trục trặc. Anh/chị vui lòng tải lại sau ít phút."
NO_SCRIPT = "Khung trò chuyện cần JavaScript. Anh/chị có thể gọi {hotline} để được hướng dẫn."

# Chat, without its script
ASSISTANT = "Trợ lý tự động"
ASSISTANT_NOTE = "Trả lời tự động, không thay cho cán bộ"
LABEL_LOG = "Nội dung trò chuyện"
LABEL_INPUT = "Nhập câu hỏi của anh/chị"
PLACEHOLDER = "Nhập câu hỏi…"
SEND = "Gửi"
RESTART = "Trò chuyện mới"
CLOSE = "Đóng trò chuyện"
OPEN = "Hỏi trợ lý {ward}"

# Chat, said by its script; handed over inside the page
WIDGET = {
    "typing": "Trợ lý đang trả lời…",
    "slow": "Hệ thống đang bận, câu hỏi của anh/chị đã được ghi nhận và sẽ được trả lời.",
    "offline": "Mất kết nối, đang nối lại…",
    "online": "Đã nối lại.",
    "waiting": "Chờ gửi",
    "sent": "Đã gửi",
    "refused": "Chưa gửi được",
    "you": "Anh/chị",
    "bot": "Trợ lý",
    "today": "Hôm nay",
    "yesterday": "Hôm qua",
    "choices": "Gợi ý trả lời",
    "newMessages": "Tin mới",
    "restartAsk": "Bắt đầu cuộc trò chuyện mới? Nội dung cũ sẽ không còn hiện trên máy này.",
    "restartYes": "Bắt đầu mới",
    "restartNo": "Giữ lại",
    "problem.message.too_long": "Câu hỏi dài quá {max} ký tự, anh/chị vui lòng viết ngắn lại.",
    "problem.request.too_many": "Anh/chị gửi hơi nhanh. Tin nhắn sẽ được gửi lại sau giây lát.",
    "problem.other": "Tin nhắn này chưa gửi được. Anh/chị vui lòng viết lại cách khác.",
}
