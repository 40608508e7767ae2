"""
Every Vietnamese sentence of the desk's pages that code chooses.
"""

from __future__ import annotations

from datetime import datetime

from bot import wording
from bot.attachments import File
from bot.desk_hours import TIMEZONE
from bot.desk_talk import Line

# Why a conversation waits for a person: ticket.reason.
REASONS = {
    "ask_officer": "Xin gặp cán bộ",
    "wrong_answer": "Báo câu trả lời chưa đúng",
    "attachment": "Gửi tệp hoặc hình ảnh",
    "contact": "Để lại cách liên hệ",
    "switched_off": "Nhắn lúc trợ lý tạm ngừng",
    "not_answered": "Trợ lý gặp trục trặc, chưa trả lời được",
    "not_delivered": "Câu trả lời chưa gửi tới được",
    "perhaps_not_delivered": "Chưa rõ người dân đã nhận câu trả lời",
    "taken_over": "Cán bộ chủ động nhận",
}
OTHER_REASON = "Cần cán bộ xem"

# Why a reply cannot be sent, or was not.
UNSENDABLE = {
    "citizen.left": "người dân đã bỏ quan tâm hoặc chặn kênh này",
    "citizen.erased": "người dân đã yêu cầu xóa nội dung trò chuyện",
    "quota.used_up": "Zalo không cho gửi thêm tin cho đến khi người dân nhắn lại",
    "account.unknown": "kênh này đang tắt hoặc chưa được kết nối lại",
    "channel.unknown": "kênh này đang tắt hoặc chưa được kết nối lại",
}
WINDOWS = {
    "zalo": "người dân chưa nhắn trong 48 giờ qua, Zalo không cho cán bộ nhắn trước",
    "zalo.paid": "người dân chưa nhắn trong 7 ngày qua, Zalo không cho cán bộ nhắn trước",
    "messenger": "người dân chưa nhắn trong 24 giờ qua, Messenger không cho cán bộ nhắn trước",
    "messenger.paid": "người dân chưa nhắn trong 7 ngày qua, Messenger không cho cán bộ nhắn trước",
}
OTHER_WINDOW = "người dân đã lâu chưa nhắn, kênh này không cho cán bộ nhắn trước"
OTHER_PROBLEM = "kênh không nhận tin này"

# What is said when an act is not done.
PROBLEMS = {
    "elsewhere": "Đồng nghiệp khác đang giữ cuộc trò chuyện này nên việc vừa rồi chưa thực hiện.",
    "not_taken": "Anh/chị chưa nhận cuộc trò chuyện này (hoặc đã trả lại) nên việc vừa rồi chưa thực hiện. "
    "Anh/chị bấm “Nhận trả lời” trước.",
    "empty": "Anh/chị chưa viết gì nên chưa gửi.",
    "too_long": "Tin dài quá 4.000 ký tự nên chưa gửi. Anh/chị rút ngắn hoặc chia làm hai.",
    "quota": "Tin này dài, phải chia làm nhiều tin, nhiều hơn số tin Zalo còn cho gửi. Anh/chị rút ngắn lại.",
}
DONE = {
    "taken": "Anh/chị đã nhận cuộc trò chuyện. Trợ lý tự động sẽ im lặng cho đến khi anh/chị trả lại.",
    "handed_back": "Đã trả cuộc trò chuyện lại cho trợ lý tự động.",
    "closed": "Đã đóng.",
    "asked_contact": "Đã hỏi số điện thoại. Số người dân nhắn lại sẽ hiện ở đầu trang này.",
    "fetching": "Đang tải lại tệp.",
}

EVENTS = {
    "start": "Người dân mở cuộc trò chuyện",
    "left": "Người dân bỏ quan tâm hoặc chặn kênh",
    "spoken_over": "Cán bộ đã trả lời trực tiếp trên kênh (nội dung không lưu ở đây)",
    "handed_back": "Trả lại cho trợ lý tự động",
    "taken": "Cán bộ nhận cuộc trò chuyện",
    "withdrew": "Người dân yêu cầu xóa dữ liệu",
}
STATES = {
    "due": "Đang chờ gửi",
    "sending": "Đang gửi",
    "sent": "Đã gửi",
    "failed": "Chưa gửi được",
    "uncertain": "Chưa rõ người dân đã nhận hay chưa",
}
FILE_STATES = {
    "due": "đang chờ tải về",
    "fetching": "đang tải về",
    "failed": "chưa tải về được",
    "gone": "đã xóa (quá 90 ngày hoặc theo yêu cầu của người dân)",
}
FILE_PROBLEMS = {
    "file.too_large": "tệp lớn hơn 25 MB",
    "file.host_not_allowed": "tệp nằm ở nơi không được phép mở",
    "file.http_404": "tệp không còn trên kênh",
    "file.http_410": "tệp không còn trên kênh",
    "file.http_403": "kênh không cho tải tệp này nữa",
}
FILE_KINDS = {"image": "Hình ảnh", "file": "Tệp", "audio": "Ghi âm", "video": "Video"}
ERASED = "(nội dung đã xóa theo yêu cầu của người dân)"
WORDLESS = {"sticker": "(nhãn dán)", "place": "(vị trí)", "contact": "(cách liên hệ)", "attachment": ""}


def reason(code: str) -> str:
    return REASONS.get(code, OTHER_REASON)


def unsendable(problem: str, kind: str, *, longer: bool = False) -> str:
    """
    Say why a reply does not reach the citizen. `problem` is a channel's code, or an error that begins with one;
    `longer`: the account may write for seven days.
    """
    code = problem.partition(":")[0].strip()
    if code == "erased":
        return UNSENDABLE["citizen.erased"]
    if code == "window.closed":
        return WINDOWS.get(f"{kind}.paid" if longer else kind, OTHER_WINDOW)
    return UNSENDABLE.get(code, OTHER_PROBLEM)


def waited(seconds: float) -> str:
    """
    1500 → "25 phút"; how long somebody has waited, roughly.
    """
    minutes = int(max(0.0, seconds) // 60)
    if minutes < 1:
        return "chưa đầy 1 phút"
    if minutes < 60:
        return f"{minutes} phút"
    hours = minutes // 60
    return f"{hours} giờ" if hours < 24 else f"{hours // 24} ngày"


def clock(at: float, now: float) -> str:
    """
    Return "14:05" of today, "14:05 hôm qua", else "14:05 ngày 20/11", in the ward's time.
    """
    moment, today = (datetime.fromtimestamp(one, TIMEZONE) for one in (at, now))
    days = (today.date() - moment.date()).days
    if days in (0, 1):
        return f"{moment:%H:%M}" + (" hôm qua" if days else "")
    return f"{moment:%H:%M} ngày {moment.day}/{moment.month}" + (f"/{moment.year}" if moment.year != today.year else "")


def heading(ward: str) -> str:
    """
    Return what stands above an officer's words on Zalo, Messenger and Telegram.
    """
    return wording.officer_writes(ward)


def own_words(line: Line, ward: str) -> str:
    """
    Return an officer's words as they were typed.
    """
    return line.text.removeprefix(f"{heading(ward)}\n")


def event(line: Line) -> str:
    return EVENTS.get(line.kind, "Kênh báo có thay đổi")


def words_of(line: Line) -> str:
    """
    Return what stands in a bubble, also when the citizen sent no words.
    """
    if line.text:
        return line.text
    if line.kind in ("text", "button"):
        return ERASED
    return WORDLESS.get(line.kind, "")


def file_size(size: int | None) -> str:
    """
    1500000 → "1,4 MB"
    """
    if size is None:
        return ""
    if size < 1024 * 1024:
        return f"{max(1, round(size / 1024))} KB"
    return f"{size / 1024 / 1024:.1f} MB".replace(".", ",")


def file_state(file: File) -> str:
    said = FILE_STATES.get(file.state, "")
    why = FILE_PROBLEMS.get(file.problem or "", "") if file.state == "failed" else ""
    return f"{said}: {why}" if why else said
