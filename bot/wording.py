"""
Every Vietnamese sentence that the gateway itself says to a citizen. What Rasa says stands in domain.yml.
"""

from __future__ import annotations

from datetime import datetime

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
DELAY = (
    "Hệ thống đang bận, tin nhắn của anh/chị đã được ghi nhận và sẽ được trả lời. "
    "Việc gấp, anh/chị vui lòng gọi {hotline}."
)
SWITCHED_OFF = (
    "Trợ lý tự động của {ward} đang tạm ngừng trả lời: {reason}. "
    "Anh/chị vui lòng gọi {hotline}; tin nhắn này đã được chuyển cho cán bộ."
)
RECEIVED_FILE = (
    "Em đã nhận được tệp của anh/chị và chuyển cho cán bộ xem. Em là trợ lý tự động nên không đọc tệp và không đoán "
    "nội dung; việc cần hỏi, anh/chị nhắn bằng chữ giúp em ạ."
)
RECEIVED_AUDIO = (
    "Em chưa nghe được tin thoại nên đã chuyển cho cán bộ. Anh/chị nhắn bằng chữ thì em trả lời được ngay ạ."
)
RECEIVED_LINK = (
    "Em không mở được đường dẫn này nên đã chuyển cho cán bộ. Việc cần hỏi, anh/chị nhắn bằng chữ giúp em ạ."
)
RECEIVED_CONTACT = "Em đã ghi lại cách liên hệ của anh/chị và chuyển cho cán bộ. Cảm ơn anh/chị."
PLACE_ADDRESS = "Nơi tiếp nhận hồ sơ của {ward}: {desk}, {address}."
PLACE_NO_ADDRESS = (
    "Nơi tiếp nhận hồ sơ của {ward} là {desk}. Em chưa có địa chỉ đã được xác nhận; anh/chị gọi {hotline} để hỏi đường."
)
PLACE_HOURS = "Giờ làm việc: {hours}."
PLACE_HOTLINE = "Điện thoại: {hotline}."
PLACE_MAP = "Đường đi: {link}"
# A person is wanted, or talks
QUEUE = "Đang có {count} người chờ trước anh/chị; khoảng {wait} nữa cán bộ sẽ trả lời tại đây ạ."
QUEUE_NEXT = "Anh/chị là người tiếp theo; khoảng {wait} nữa cán bộ sẽ trả lời tại đây ạ."
DESK_OPENS = "Giờ này cán bộ chưa trực; bàn trực mở lại lúc {opens}."
DESK_CLOSED = "Những ngày này cán bộ chưa trực tin nhắn."
LEAVE_CONTACT = (
    "Nếu muốn được gọi lại, anh/chị để lại số điện thoại ngay tại đây; số này chỉ cán bộ của {ward} xem được. "
    "Hoặc anh/chị cứ chờ, cán bộ sẽ trả lời tại đây khi vào giờ trực ạ."
)
ASK_CONTACT = "Anh/chị vui lòng nhắn số điện thoại tại đây để cán bộ gọi lại. Số này chỉ cán bộ của {ward} xem được."
OFFICER = "Cán bộ {ward}"
OFFICER_WRITES = "{ward}, cán bộ trả lời:"
DESK_TAKEN = "Cán bộ {ward} đã nhận cuộc trò chuyện này và sẽ trả lời anh/chị tại đây."
HANDED_BACK_DONE = (
    "Cán bộ {ward} đã trả lời xong. Em là trợ lý tự động, xin tiếp tục trả lời anh/chị. "
    "Cần gặp lại cán bộ, anh/chị nhắn “gặp cán bộ” ạ."
)
HANDED_BACK = (
    "Em là trợ lý tự động, xin tiếp tục trả lời anh/chị. Việc của anh/chị vẫn đang chờ cán bộ {ward} xem lại ạ."
)
WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
BACK_AGAIN = "Dạ, em là trợ lý tự động, em xin tiếp tục trả lời. Anh/chị cần hỏi việc gì ạ?"
ERASE_SURE = (
    "Anh/chị muốn xóa toàn bộ nội dung hỏi đáp của mình với trợ lý? Việc này không lấy lại được. "
    "Nếu chắc chắn, anh/chị nhắn “đồng ý xóa”."
)
DATA_ERASED = "Dạ, nội dung hỏi đáp của anh/chị đã được xóa khỏi hệ thống của trợ lý."
NUMBERS_ONE = "Nhắn số 1 để chọn."
NUMBERS = "Nhắn số 1–{count} để chọn."


def numbers(count: int) -> str:
    """
    Say how to choose from a list of `count` on a platform that has no room for its buttons.
    """
    return NUMBERS.format(count=count) if count > 1 else NUMBERS_ONE


def queue(ahead: int, wait_seconds: float) -> str:
    """
    Say how many wait before this citizen, and for how long: rounded up, for nobody counts minutes at a desk.
    """
    wait = span(wait_seconds)
    return QUEUE.format(count=ahead, wait=wait) if ahead else QUEUE_NEXT.format(wait=wait)


def span(seconds: float) -> str:
    """
    400 → "10 phút", 5000 → "2 giờ": up to the next five minutes, beyond an hour to the next hour.
    """
    minutes = max(5, -(-int(seconds) // 300) * 5)
    return f"{minutes} phút" if minutes <= 60 else f"{-(-minutes // 60)} giờ"


def desk_opens(opens: datetime | None, now: datetime) -> str:
    """
    Say when officers answer again, both times in the ward's own zone; None: not within a month.
    """
    if opens is None:
        return DESK_CLOSED
    clock = f"{opens.hour} giờ" + (f" {opens.minute:02}" if opens.minute else "")
    days = (opens.date() - now.date()).days
    day = f"{WEEKDAYS[opens.weekday()]} {opens.day}/{opens.month}"
    when = "hôm nay" if days == 0 else f"ngày mai, {day}" if days == 1 else day
    return DESK_OPENS.format(opens=f"{clock} {when}")


def officer_writes(ward: str) -> str:
    """
    Return the line that stands above a person's words where nothing else tells them from the assistant's.
    """
    return OFFICER_WRITES.format(ward=ward[:1].upper() + ward[1:])


def delay(hotline: str | None) -> str:
    return DELAY.format(hotline=hotline or f"tổng đài dịch vụ công {NATIONAL_LINE}")


def switched_off(ward: str, reason: str, hotline: str | None) -> str:
    named = hotline or f"tổng đài dịch vụ công {NATIONAL_LINE}"
    return SWITCHED_OFF.format(ward=ward, reason=reason.rstrip(" ."), hotline=named)


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
    "officer": "Cán bộ",
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

# Connecting an account, said to the officer whose browser comes back
GRANT_DONE = "Đã kết nối Zalo OA. Anh/chị có thể đóng trang này."
GRANT_UNKNOWN = (
    "Liên kết này không dùng được. Anh/chị mở trang cán bộ, mục Kênh liên lạc, bấm “Kết nối Zalo OA” để làm lại."
)
GRANT_LATE = "Liên kết đã hết hạn hoặc đã dùng rồi. Anh/chị mở trang cán bộ, mục Kênh liên lạc, bấm “Kết nối Zalo OA” để làm lại."
GRANT_OTHER_OA = "Anh/chị vừa cấp quyền cho một OA khác. Xin mở trang cán bộ, mục Kênh liên lạc, bấm “Kết nối Zalo OA” và chọn đúng OA của phường, xã."
GRANT_REFUSED = "Zalo chưa cấp quyền. Anh/chị mở trang cán bộ, mục Kênh liên lạc, bấm “Kết nối Zalo OA” để làm lại; nếu vẫn vậy, xin báo bộ phận kỹ thuật kiểm tra mã ứng dụng và khóa bí mật."
