"""
Every Vietnamese sentence of the office that code chooses. Those of a page stand in its template.
"""

from __future__ import annotations

from bot.admin import content_wording

ROLES = {
    "admin": "Quản trị",
    "editor": "Biên tập",
    "approver": "Phê duyệt",
    "agent": "Trực trả lời",
}
WARD_WORDS = {"*": "tất cả phường, xã", "": "dùng chung cho mọi phường, xã"}


def role(name: str) -> str:
    return ROLES.get(name, name)


ROLE_HINTS = {
    "admin": "làm được mọi việc của đơn vị, kể cả cấp tài khoản",
    "editor": "sửa nội dung mà trợ lý trả lời, soạn thông báo",
    "approver": "duyệt thông báo, khôi phục bản cũ",
    "agent": "trả lời người dân khi trợ lý không trả lời được",
}

# Errors, as pages: heading and what to do next. By code, or else by status.
PROBLEMS: dict[str | int, tuple[str, str]] = {
    "officer.not_allowed": (
        "Anh/chị không có quyền mở mục này",
        "Mục này thuộc phường, xã khác hoặc cần quyền khác. Nếu công việc cần đến, anh/chị nhờ người quản trị cấp quyền.",
    ),
    "link.unusable": (
        "Liên kết này không còn dùng được",
        "Liên kết chỉ dùng được một lần, trong 24 giờ. Anh/chị nhờ người quản trị gửi liên kết mới; "
        "nếu đã đặt mật khẩu rồi thì anh/chị đăng nhập như thường.",
    ),
    "public_url.missing": (
        "Chưa kết nối được từ trang này",
        "Máy chủ chưa khai báo địa chỉ công khai (BOT_PUBLIC_URL). Anh/chị nhờ bộ phận kỹ thuật khai báo rồi làm lại.",
    ),
    "form.foreign": (
        "Biểu mẫu không được nhận",
        "Nội dung vừa gửi không đến từ trang quản trị này nên chưa có gì thay đổi. Anh/chị mở lại trang và làm lại.",
    ),
    "form.stale": (
        "Biểu mẫu đã cũ",
        "Chưa có gì thay đổi. Có thể anh/chị đã đăng xuất rồi đăng nhập lại ở cửa sổ khác. "
        "Anh/chị quay lại trang trước, tải lại trang rồi gửi lại.",
    ),
    "knowledge.unreachable": (
        "Kho nội dung chưa trả lời",
        "Việc vừa rồi chưa được thực hiện. Anh/chị thử lại sau một phút; nếu vẫn vậy, xin báo bộ phận kỹ thuật.",
    ),
    400: ("Nội dung gửi lên chưa đọc được", "Chưa có gì thay đổi. Anh/chị quay lại trang trước và thử lại."),
    403: ("Anh/chị không có quyền làm việc này", "Chưa có gì thay đổi. Nếu cần, anh/chị nhờ người quản trị cấp quyền."),
    404: ("Không có trang này", "Có thể đường dẫn đã cũ hoặc mục này đã được xóa. Anh/chị chọn lại trong danh mục."),
    405: ("Không mở được theo cách này", "Anh/chị chọn lại trong danh mục."),
    "request.unavailable": ("Chưa dùng được thông báo", "Anh/chị báo bộ phận kỹ thuật bật phần thông báo."),
    409: ("Chưa làm được", "Dữ liệu vừa có thay đổi. Anh/chị tải lại trang rồi làm lại."),
    413: ("Tệp hoặc nội dung quá lớn", "Chưa có gì thay đổi. Anh/chị chọn tệp nhỏ hơn 25 MB."),
    429: ("Thao tác hơi nhanh", "Anh/chị chờ một chút rồi thử lại."),
    503: ("Hệ thống đang bận", "Việc vừa rồi chưa được thực hiện. Anh/chị thử lại sau ít phút."),
    500: (
        "Trang này đang gặp trục trặc",
        "Anh/chị thử lại sau ít phút. Nếu vẫn vậy, xin báo bộ phận kỹ thuật; sự việc đã được ghi lại.",
    ),
}


def problem(status: int, code: str) -> tuple[str, str]:
    """
    Return heading and sentence of an error page.
    """
    return PROBLEMS.get(code) or PROBLEMS.get(status) or PROBLEMS[500 if status >= 500 else 400]


# Said on top of a page after something was done (`?done=`).
DONE = {
    "session_ended": (
        "Phiên làm việc đã hết hạn nên nội dung vừa gửi chưa được lưu. Anh/chị đăng nhập lại rồi gửi lại."
    ),
    "signed_out": "Anh/chị đã đăng xuất.",
    "password": "Đã đổi mật khẩu. Các máy khác đang đăng nhập bằng tài khoản này đã được đăng xuất.",
    "saved": "Đã lưu.",
    "switched_off": "Đã tạm ngừng trả lời. Người dân nhắn đến sẽ được báo lý do.",
    "switched_on": "Trợ lý đã trả lời lại.",
    "officer_disabled": "Đã khóa tài khoản. Người này đã bị đăng xuất.",
    "officer_enabled": "Đã mở lại tài khoản.",
    "content_names": "Đã cập nhật cách nói.",
    "content_own_removed": "Đã bỏ bản riêng. Trợ lý trả lời theo bản chung.",
    "content_removed": "Đã xóa mục này. Các bản đã lưu vẫn được giữ.",
    "content_imported": "Đã nhập tệp. Trợ lý trả lời theo nội dung mới ngay bây giờ.",
    "plan_sent": "Đã nhận tệp, máy đang đọc.",
    "plan_known": "Tệp này đã gửi trước đây; bản nháp của tệp ở trong danh sách.",
    "plan_kept": "Đã lưu bản nháp. Trợ lý chưa trả lời từ bản nháp.",
    "plan_discarded": "Đã bỏ khỏi danh sách.",
    "citizen_erased": "Đã xóa dữ liệu của người dân. Tệp đã gửi được xóa khỏi máy chủ sau vài phút.",
    "diary_answered": "Đã cất nhóm câu hỏi này vào phần đã xử lý.",
    "diary_dismissed": "Đã bỏ qua nhóm câu hỏi này. Anh/chị xem lại được trong phần đã xử lý.",
    "diary_reopened": "Đã đưa lại vào danh sách chưa xử lý.",
    "diary_added": "Đã thêm cách hỏi vào mục. Người dân hỏi như vậy là trợ lý trả lời được ngay.",
    "basis_replaced": "Đã đánh dấu. Các mục dẫn văn bản cũ nằm trong danh sách cần rà soát.",
    "report_mended": "Đã ghi nhận là đã sửa.",
    "report_dismissed": "Đã bỏ qua báo cáo này.",
    "report_open": "Đã đưa lại vào danh sách chưa xử lý.",
    "announcement_submitted": "Đã gửi duyệt. Anh/chị báo đồng nghiệp có quyền phê duyệt vào xem.",
    "announcement_approved": "Đã duyệt.",
    "announcement_rejected": "Đã trả lại người soạn kèm lý do.",
    "announcement_taken_back": "Đã lấy lại để sửa. Sửa xong anh/chị gửi duyệt lại.",
    "announcement_sent_now": "Máy bắt đầu gửi ngay, không chờ giờ hẹn.",
    "announcement_copied": "Đã chép thành thông báo mới. Anh/chị sửa lại ngày giờ rồi gửi duyệt.",
    "announcement_paused": "Đã tạm dừng. Tin nào đang gửi dở thì gửi nốt, rồi máy không gửi thêm.",
    "announcement_resumed": "Máy gửi tiếp từ chỗ đã dừng.",
    "announcement_cancelled": "Đã hủy. Máy không gửi thêm cho ai.",
    "announcement_post_seen": "Đã ghi nhận là bài đã đăng.",
    "announcement_post_again": "Đã ghi nhận là chưa có bài. Máy đăng lại nếu thông báo chưa bị hủy.",
    "announcement_resent": "Máy đang gửi lại cho những người chưa rõ.",
    "welcome": "Anh/chị đã đăng nhập. Lần sau anh/chị dùng tên đăng nhập và mật khẩu vừa đặt.",
}

# Signing in
WRONG_SIGN_IN = (
    "Tên đăng nhập hoặc mật khẩu chưa đúng. Sau 5 lần sai, tài khoản tạm khóa 15 phút để tránh người lạ dò mật khẩu."
)
WRONG_CURRENT = "Mật khẩu hiện nay chưa đúng."
NOT_THE_SAME = "Hai lần nhập mật khẩu mới chưa giống nhau."
WEAK_PASSWORDS = {
    "short": "Mật khẩu cần ít nhất 10 ký tự.",
    "long": "Mật khẩu dài nhất 200 ký tự.",
    "common": "Mật khẩu này nhiều người dùng nên rất dễ đoán. Anh/chị chọn mật khẩu khác.",
    "login": "Mật khẩu gần giống tên đăng nhập nên dễ đoán. Anh/chị chọn mật khẩu khác.",
}
BAD_LOGIN = "Tên đăng nhập gồm 3 đến 64 chữ cái không dấu, chữ số, dấu chấm hoặc gạch ngang, không có khoảng trắng."
BAD_NAME = "Anh/chị ghi họ và tên, từ 2 đến 120 ký tự."


def locked(minutes: int) -> str:
    return (
        f"Đăng nhập sai nhiều lần nên đang tạm khóa. Anh/chị thử lại sau {minutes} phút, "
        "hoặc nhờ người quản trị gửi liên kết đặt mật khẩu mới."
    )


# Officers
NO_ROLE = "Anh/chị chọn ít nhất một quyền."
LOGIN_TAKEN = "Tên đăng nhập này đã có người dùng. Anh/chị chọn tên khác."
OWN_ROLE = "Anh/chị không tự bỏ quyền quản trị của mình. Việc này cần một người quản trị khác làm."

# The audit. A code that ends with a dot is a family, to filter by.
ACTION_FAMILIES = {
    "content.": "Nội dung",
    "plan.": "Kế hoạch",
    "question.": "Câu hỏi của người dân",
    "desk.": "Trả lời người dân",
    "channel.": "Kênh liên lạc",
    "officer.": "Cán bộ",
    "announcement.": "Thông báo",
}
ACTIONS = {
    "officer.created": "Thêm cán bộ",
    "officer.changed": "Đổi thông tin cán bộ",
    "officer.link_made": "Tạo liên kết đặt mật khẩu",
    "officer.password_set": "Đặt mật khẩu",
    "officer.disabled": "Khóa tài khoản",
    "officer.enabled": "Mở lại tài khoản",
    "channel.off": "Tạm ngừng trả lời",
    "channel.on": "Trả lời lại",
    "channel.connecting": "Bắt đầu kết nối kênh",
    "content.saved": "Sửa nội dung",
    "content.created": "Thêm nội dung",
    "content.own_made": "Tạo bản riêng",
    "content.own_removed": "Trở về bản chung",
    "content.removed": "Xóa nội dung",
    "content.restored": "Khôi phục bản trước",
    "content.names": "Sửa cách người dân hay nói",
    "content.imported": "Nhập từ Excel",
    "plan.sent": "Gửi tệp kế hoạch để máy đọc",
    "plan.discarded": "Bỏ bản nháp kế hoạch",
    "plan.confirmed": "Xác nhận kế hoạch nhập từ tệp",
    "content.basis_replaced": "Báo văn bản được thay thế",
    "question.drafted": "Soạn câu hỏi thường gặp từ câu người dân hỏi",
    "question.answered": "Xử lý xong câu người dân hỏi",
    "question.dismissed": "Bỏ qua câu người dân hỏi",
    "question.open": "Đưa lại câu người dân hỏi vào danh sách",
    "question.report_mended": "Đã sửa theo báo trả lời sai",
    "question.report_dismissed": "Bỏ qua báo trả lời sai",
    "question.report_open": "Đưa lại báo trả lời sai vào danh sách",
    "desk.taken": "Nhận cuộc trò chuyện",
    "desk.replied": "Trả lời người dân",
    "desk.asked_contact": "Xin số điện thoại",
    "desk.handed_back": "Trả cuộc trò chuyện lại cho trợ lý",
    "desk.closed": "Đóng cuộc trò chuyện",
    "desk.exported": "Xuất dữ liệu của người dân",
    "desk.erased": "Xóa dữ liệu của người dân",
    "announcement.created": "Soạn thông báo",
    "announcement.drafted": "Nhận bản nháp thông báo từ cổng thông tin",
    "announcement.portal_token_made": "Tạo mã truy cập cho cổng thông tin",
    "announcement.portal_token_revoked": "Thu hồi mã truy cập của cổng thông tin",
    "announcement.submitted": "Gửi duyệt thông báo",
    "announcement.taken_back": "Lấy lại thông báo để sửa",
    "announcement.approved": "Duyệt thông báo",
    "announcement.rejected": "Không duyệt thông báo",
    "announcement.cancelled": "Hủy thông báo",
    "announcement.paused": "Tạm dừng gửi thông báo",
    "announcement.resumed": "Gửi tiếp thông báo",
    "announcement.hurried": "Gửi thông báo ngay, không chờ giờ hẹn",
    "announcement.begun": "Máy bắt đầu gửi thông báo",
    "announcement.expired": "Thông báo hết hiệu lực trước khi gửi nên máy không gửi",
    "announcement.finished": "Máy gửi xong thông báo",
    "announcement.post_seen": "Xác nhận bài đăng chưa rõ là đã có",
    "announcement.post_again": "Xác nhận bài đăng chưa rõ là chưa có",
    "announcement.resent": "Gửi lại tin chưa rõ của thông báo",
}
SUBJECTS = {
    "officer": "cán bộ",
    "channel": "kênh",
    "faq": "câu hỏi thường gặp",
    "procedure": "thủ tục",
    "service": "dịch vụ",
    "plan": "kế hoạch",
    "excel": "tệp",
    "file": "tệp",
    "ward": "thông tin phường, xã",
    "ticket": "yêu cầu",
    "question": "câu hỏi",
    "report": "báo cáo",
    "conversation": "cuộc trò chuyện",
    "announcement": "thông báo",
}
FIELDS = {
    "name": "Họ và tên",
    "login": "Tên đăng nhập",
    "roles": "Quyền",
    "reason": "Lý do",
    "channel": "Kênh",
    "officer": "Cán bộ giữ",
    "messages": "Số tin",
    "chars": "Số ký tự",
    "finished": "Việc đã xong",
    "question": "Câu hỏi",
    "times": "Số lượt hỏi",
    "replaced_by": "Thay bằng",
    "entries": "Các mục",
    "entry": "Mục",
    "title": "Tiêu đề",
    "hash": "Mã của bản này",
    "from": "Trạng thái trước",
    "sent": "Số người đã nhận",
    "uncertain": "Số người chưa rõ",
    "published": "Số bài đã đăng",
}
# Words that stand for themselves in the tables, by field.
VALUES = {"roles": ROLES}


def subject(what: str) -> str:
    """
    "officer/lan" → "cán bộ lan"
    """
    kind, _, rest = what.partition("/")
    return f"{SUBJECTS.get(kind, kind)} {rest}".strip()


def field(name: str) -> str:
    """
    "roles › hoa-binh" → "Quyền › hoa-binh", "fee › dong" → "Phí, lệ phí › số tiền"
    """
    first, *others = name.split(" › ")
    told = (WARD_WORDS.get(one) or content_wording.field(one) for one in others)
    return " › ".join([FIELDS.get(first) or content_wording.field(first), *told])


def value(name: str, text: str) -> str:
    words = VALUES.get(name.split(" › ")[0], {})
    return "\n".join(words.get(line, line) for line in text.split("\n")) if text else "(để trống)"


# Channels
CHANNELS = {"web": "Trò chuyện trên web", "zalo": "Zalo OA", "messenger": "Facebook Messenger", "telegram": "Telegram"}
PLATFORMS = {"zalo": "Zalo", "messenger": "Facebook", "telegram": "Telegram"}
# What a check of an account looks at: when it is in order, and what to do when it is not.
FINDINGS = {
    "token": ("Tài khoản được quyền gửi tin.", "Tài khoản chưa có quyền gửi tin. Zalo: anh/chị bấm kết nối lại."),
    "grant": ("Quyền đã cấp còn hạn.", "Quyền đã cấp sắp hết hạn hoặc không rõ hạn. Anh/chị bấm kết nối lại."),
    "rights": ("Đúng tài khoản, đủ quyền.", "Sai tài khoản hoặc thiếu quyền. Xin báo bộ phận kỹ thuật."),
    "package": ("Gói dịch vụ đang dùng được.", "Gói dịch vụ của tài khoản cần xem lại trên trang quản lý."),
    "signature": ("Khóa ký tin đã khai báo.", "Khóa ký tin chưa đúng. Xin báo bộ phận kỹ thuật."),
    "webhook": ("Nền tảng biết gửi tin về đâu.", "Nền tảng chưa gửi tin về hệ thống. Xin báo bộ phận kỹ thuật."),
    "quota": ("Còn hạn mức gửi tin.", "Sắp hết hạn mức gửi tin. Anh/chị chờ một lúc rồi kiểm tra lại."),
    "reach": ("Kết nối được với nền tảng.", "Chưa kết nối được với nền tảng. Xin báo bộ phận kỹ thuật."),
    "delivery": ("Tin về đều.", "Nhiều tin chưa về hệ thống. Xin báo bộ phận kỹ thuật."),
    "updates": ("Nhận đủ loại tin.", "Thiếu một số loại tin. Xin báo bộ phận kỹ thuật."),
    "channel": (
        "Đăng được lên kênh thông báo.",
        "Chưa đăng được lên kênh. Anh/chị thêm bot làm quản trị viên của kênh.",
    ),
}
OTHER_FINDING = ("Không có vấn đề.", "Có vấn đề. Xin báo bộ phận kỹ thuật chạy lệnh kiểm tra.")
NO_REASON = "Anh/chị ghi lý do, từ 5 đến 200 ký tự; người dân sẽ đọc câu này."
# What an alarm means, and what the officer does.
ALARMS = {
    "answers.delayed": (
        "Người dân đang phải chờ trả lời.",
        "Nếu kéo dài quá vài phút, xin báo bộ phận kỹ thuật; người dân cần gấp thì gọi đường dây nóng.",
    ),
    "send.refused": (
        "Nền tảng không nhận tin trả lời.",
        "Xin báo bộ phận kỹ thuật kiểm tra tài khoản; tin của người dân đã chuyển thành yêu cầu cho cán bộ.",
    ),
    "zalo.token_dead": ("Zalo OA không còn quyền gửi tin.", "Anh/chị kết nối lại bằng nút bên dưới."),
    "zalo.token_expiring": ("Quyền gửi tin của Zalo OA sắp hết hạn.", "Anh/chị kết nối lại bằng nút bên dưới."),
    "zalo.refresh_failed": (
        "Chưa gia hạn được quyền gửi tin của Zalo OA.",
        "Hệ thống tự thử lại; nếu sau một giờ vẫn báo, anh/chị kết nối lại bằng nút bên dưới.",
    ),
    "messenger.policy": (
        "Facebook báo Trang vi phạm hoặc bị hạn chế.",
        "Anh/chị mở mục Chất lượng trang trên Facebook để xem lý do.",
    ),
}
UNKNOWN_ALARM = ("Có sự cố cần xem.", "Xin báo bộ phận kỹ thuật.")


def channel(kind: str) -> str:
    return CHANNELS.get(kind, kind)


def platform(kind: str) -> str:
    return PLATFORMS.get(kind, kind)


def finding(name: str, ok: bool) -> str:
    return FINDINGS.get(name, OTHER_FINDING)[0 if ok else 1]


def alarm(code: str) -> str:
    return ALARMS.get(code, UNKNOWN_ALARM)[0]


def alarm_advice(code: str) -> str:
    return ALARMS.get(code, UNKNOWN_ALARM)[1]
