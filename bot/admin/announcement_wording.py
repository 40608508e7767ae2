"""
Every sentence of the announcement pages that code chooses.
"""

from __future__ import annotations

from bot.announcements.announcement import Kind, Outlet, Repeat, State

# state → what it is called, and the colour of its mark
STATES: dict[State, tuple[str, str]] = {
    "draft": ("Đang soạn", "plain"),
    "submitted": ("Chờ duyệt", "warn"),
    "approved": ("Đã duyệt, chờ đến giờ", "good"),
    "sending": ("Đang gửi", "warn"),
    "paused": ("Đang tạm dừng", "warn"),
    "finished": ("Đã gửi xong", "good"),
    "cancelled": ("Đã hủy", "bad"),
}
# Who wrote a draft that came over HTTP (bot/announcements/portal_api.py)
PORTAL = "Cổng thông tin"
# What the list shows: tab → label, its states
TABS: dict[str, tuple[str, tuple[State, ...]]] = {
    "doing": ("Đang làm", ("draft", "submitted", "approved", "sending", "paused")),
    "waiting": ("Chờ duyệt", ("submitted",)),
    "sent": ("Đã gửi", ("finished",)),
    "cancelled": ("Đã hủy", ("cancelled",)),
}
NOTHING = {
    "doing": "Chưa có thông báo nào đang làm. Anh/chị bấm “Soạn thông báo” để bắt đầu.",
    "waiting": "Không có thông báo nào chờ duyệt.",
    "sent": "Chưa gửi thông báo nào.",
    "cancelled": "Chưa có thông báo nào bị hủy.",
}
KINDS: dict[Kind, str] = {
    "normal": "Thông thường: không gửi ban đêm",
    "emergency": "Khẩn cấp: gửi ngay, cả ban đêm nếu kênh cho phép",
}
REPEATS: dict[Repeat, str] = {"daily": "Hằng ngày", "weekly": "Hằng tuần", "monthly": "Hằng tháng"}
OUTLETS: dict[Outlet, tuple[str, str]] = {
    "zalo_article": ("Bài viết Zalo OA", "Hiện trên trang Zalo OA và gửi tới người quan tâm"),
    "facebook_post": ("Bài trên Trang Facebook", "Hiện trên Trang, ai cũng xem được"),
    "telegram_post": ("Bài trên kênh Telegram", "Hiện trên kênh công khai của đơn vị"),
    "web": ("Trang thông báo trên mạng", "Có đường dẫn riêng, nhúng được vào cổng thông tin"),
    "messages": ("Tin nhắn tới từng người dân", "Zalo, Messenger, Telegram, trò chuyện trên web"),
    "loudspeaker": ("Bản đọc loa truyền thanh", "Máy chỉ soạn lời đọc, anh/chị đưa cho người đọc"),
    "notice": ("Giấy niêm yết khổ A4", "Máy chỉ soạn tệp in có mã QR"),
}
# Fields of renditions (bot/announcements/renditions)
RENDITION_FIELDS = {
    "title": "Tiêu đề",
    "description": "Mô tả ngắn",
    "author": "Tác giả",
    "text": "Nội dung",
    "body": "Nội dung",
    "message": "Nội dung",
    "caption": "Lời dưới ảnh",
    "script": "Lời đọc",
    "time": "Thời gian đọc",
    "signer": "Người ký",
    "place": "Nơi và ngày ký",
    "agency": "Cơ quan",
    "heading": "Dòng đầu",
    "hotline": "Điện thoại liên hệ",
    "link": "Đường dẫn",
    "links": "Các đường dẫn",
    "link_title": "Chữ của đường dẫn",
    "link_url": "Địa chỉ đường dẫn",
    "button_title": "Chữ trên nút",
    "button_url": "Địa chỉ của nút",
    "summary": "Tóm tắt trong danh sách",
}
PRINT, SCRIPT, SOUND = "Xem bản in (PDF)", "Tải lời đọc", "Nghe máy đọc thử"
# Fields of renditions that the page shows in another way
UNSAID = frozenset({"picture", "file", "topic", "happens_at", "valid_until", "seconds"})
UPLOADS = {
    "picture": {
        "large": "Ảnh lớn hơn 1 MB nên Zalo không nhận. Anh/chị chọn ảnh nhỏ hơn, hoặc giảm cỡ ảnh rồi chọn lại.",
        "type": "Tệp này không phải ảnh JPG hoặc PNG. Anh/chị chọn tệp khác.",
        "empty": "Tệp ảnh trống. Anh/chị chọn tệp khác.",
    },
    "file": {
        "large": "Tệp lớn hơn 5 MB. Anh/chị chọn tệp nhỏ hơn.",
        "type": "Tệp này không phải PDF. Anh/chị lưu văn bản thành PDF rồi chọn lại.",
        "empty": "Tệp trống. Anh/chị chọn tệp khác.",
    },
}
NO_STORE = "Máy chủ chưa khai báo nơi cất tệp nên chưa nhận được tệp. Anh/chị báo bộ phận kỹ thuật."

# What keeps an announcement from being submitted, besides bot/announcements/submitting.py
LINK_TEXT = "Đường dẫn cần bắt đầu bằng https:// và có chữ để bấm vào."
BAD_TIME = "Ngày giờ chưa đọc được. Anh/chị chọn lại."
NO_TIME = "Anh/chị chọn ngày giờ gửi."
PAST = "Giờ gửi đã qua. Anh/chị chọn giờ khác, hoặc chọn gửi ngay khi được duyệt."
RENDITION = "{outlet}: {problem}"

# Boxes of the form, as what is wrong with them is listed
BOXES = {
    "title": "Tiêu đề",
    "text": "Nội dung",
    "key_line": "Điều quan trọng nhất",
    "link_url": "Đường dẫn",
    "button_url": "Nút bấm",
    "picture": "Ảnh",
    "file": "Tệp kèm theo",
    "outlets": "Đăng ở đâu",
    "send_at": "Giờ gửi",
    "repeat_until": "Lặp lại",
    "valid_until": "Có hiệu lực đến",
    "happens_at": "Việc diễn ra lúc",
    "wards": "Phường, xã",
}

# Errors of bot/announcements/service.py, as the page says them
REFUSED = {
    "announcement.own": "Anh/chị là người soạn hoặc người sửa cuối, nên cần một cán bộ khác duyệt.",
    "announcement.changed": (
        "Nội dung vừa được người khác thay đổi, nên việc vừa rồi chưa được thực hiện. Anh/chị xem lại bản mới."
    ),
    "announcement.replayed": "Biểu mẫu này đã dùng một lần. Anh/chị xem lại trạng thái bên dưới rồi làm tiếp nếu cần.",
    "announcement.state": "Thông báo đã sang bước khác, nên việc vừa rồi không làm được nữa. Anh/chị xem trạng thái bên dưới.",
    "publication.certain": "Bài này đã rõ là có hay chưa, nên không cần báo nữa. Anh/chị xem trạng thái bên dưới.",
    "publication.unknown": "Không tìm thấy bài đăng này. Anh/chị tải lại trang rồi thử lại.",
    "announcement.incomplete": "Thông báo còn chỗ cần sửa trước khi gửi duyệt.",
    "officer.not_allowed": (
        "Anh/chị không có quyền làm việc này. Thông báo đăng ở nhiều phường, xã thì người duyệt phải có quyền ở mọi nơi đó."
    ),
}
REFUSED_OTHER = "Chưa làm được việc này. Anh/chị tải lại trang rồi thử lại."
CHANGED_MEANWHILE = (
    "{by} vừa lưu bản khác lúc {at}, nên bản của anh/chị chưa được lưu. Chữ anh/chị vừa viết vẫn còn trong các ô: "
    "anh/chị chép lại chỗ cần giữ rồi mở bản mới, hoặc bấm lưu lần nữa để thay bản kia."
)
NO_REASON = "Anh/chị ghi lý do để đồng nghiệp hiểu."
OTHER_PROBLEM = "Có điều chưa ổn với lần gửi này. Anh/chị hỏi bộ phận kỹ thuật trước khi duyệt."
FORECAST_PROBLEMS = {
    "account.missing": "{outlet}: chưa kết nối tài khoản nên sẽ không đăng được. Anh/chị bỏ chọn, hoặc kết nối ở mục Kênh liên lạc.",
    "public_url.missing": "Máy chủ chưa có địa chỉ công khai, nên tin không kèm đường dẫn. Anh/chị báo bộ phận kỹ thuật.",
}

# Why a message did not arrive, by the code in recipient.problem; and what could be done
FAILED = {
    "blocked": "Đã bỏ quan tâm hoặc chặn",
    "citizen.left": "Đã bỏ quan tâm hoặc chặn",
    "citizen.unsubscribed": "Đã thôi nhận tin trước khi gửi tới",
    "citizen.erased": "Đã yêu cầu xóa dữ liệu trước khi gửi tới",
    "recipient.blocked": "Đã bỏ quan tâm hoặc chặn",
    "recipient.deactivated": "Đã đóng tài khoản",
    "recipient": "Kênh báo không gửi tới người này được",
    "window.closed": "Lâu không nhắn cho đơn vị, kênh không cho gửi",
    "quota": "Hết lượt gửi của kênh",
    "refused": "Kênh từ chối nội dung hoặc tài khoản",
    "tried.enough": "Kênh bận, đã thử nhiều lần",
    "account.unknown": "Tài khoản kênh không còn",
    "channel.unknown": "Kênh không còn dùng",
    "text.empty": "Tin không có nội dung",
}
PUBLICATIONS = {
    "due": ("Chờ đăng", "plain"),
    "sending": ("Đang đăng", "warn"),
    "sent": ("Đã đăng", "good"),
    "failed": ("Không đăng được", "bad"),
    "uncertain": ("Chưa rõ đã đăng chưa", "warn"),
    "cancelled": ("Đã bỏ, không đăng", "plain"),
}


def state(name: str) -> str:
    return STATES[name][0] if name in STATES else name


def mark(name: str) -> str:
    return STATES[name][1] if name in STATES else "plain"


def outlet(name: str) -> str:
    return OUTLETS[name][0] if name in OUTLETS else name


def field(name: str) -> str:
    return RENDITION_FIELDS.get(name, "Phần khác")


def failed(code: str | None) -> str:
    """
    "quota.used_up" → the sentence of that code, else of what stands before its dot, else one for all.
    """
    code = code or ""
    return FAILED.get(code) or FAILED.get(code.partition(".")[0]) or "Kênh không nhận tin"


def refused(code: str) -> str:
    return REFUSED.get(code, REFUSED_OTHER)


def forecast_problem(code: str) -> str:
    """
    "account.missing:facebook_post" → a sentence that names the outlet
    """
    code, _, of = code.partition(":")
    return FORECAST_PROBLEMS.get(code, OTHER_PROBLEM).format(outlet=outlet(of))


def lasting(seconds: float | None) -> str:
    """
    4000 → "khoảng 1 giờ 7 phút"
    """
    if seconds is None:
        return "chưa tính được"
    if seconds < 60:
        return "chưa đến 1 phút"
    minutes = round(seconds / 60)
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"khoảng {minutes} phút"
    return f"khoảng {hours} giờ" + (f" {rest} phút" if rest else "")
