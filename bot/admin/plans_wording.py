"""
Every sentence of the pages of imported plans that code chooses.
"""

from __future__ import annotations

from typing import Any

NO_FILE = "Anh/chị chọn tệp kế hoạch: .docx, .pdf hoặc .txt."
BIG_FILE = (
    "Tệp lớn hơn 20 MB nên chưa nhận được. Anh/chị giảm độ phân giải bản quét, hoặc chỉ gửi những trang có kế hoạch."
)
UNREADABLE = "Máy không đọc được tệp này. Anh/chị kiểm tra lại tệp rồi gửi lại."
NO_OCR = (
    "Tệp này là bản quét (ảnh chụp), mà máy chủ chưa cài phần nhận dạng chữ tiếng Việt. Anh/chị xin tệp Word gốc, "
    "hoặc nhờ bộ phận kỹ thuật cài “tesseract-ocr” và “tesseract-ocr-vie” rồi bấm “Đọc lại”."
)
BROKEN_DRAFT = "Bản nháp này bị sửa hỏng trên máy chủ nên chưa mở được. Anh/chị báo bộ phận kỹ thuật."
STALE = (
    "Có người vừa lưu bản nháp này trong lúc anh/chị sửa. Chữ anh/chị nhập vẫn còn ở dưới. Nếu bấm lưu lần nữa, bản của "
    "anh/chị thay bản của người kia; muốn xem bản của người kia, anh/chị mở lại trang ở cửa sổ khác."
)
PLAN_CHANGED = "Kế hoạch đang dùng vừa có thay đổi. Anh/chị xem lại mục “Thay kế hoạch đang dùng” rồi xác nhận lại."
CHOOSE_PLACE = "Anh/chị chọn: thay kế hoạch đang dùng, hay giữ cả hai."
NOT_YET = {
    "chưa trả lời": "chưa trả lời",
    "chưa đánh dấu đã xem": "chưa đánh dấu “Tôi đã xem”",
}
STATES = {
    "waiting": "đang chờ đọc",
    "reading": "máy đang đọc",
    "read": "chờ người duyệt",
    "failed": "chưa đọc được",
    "broken": "bản nháp hỏng",
    "accepted": "đã đưa vào dùng",
}
MARKS = {"waiting": "plain", "reading": "plain", "read": "warn", "failed": "bad", "broken": "bad", "accepted": "good"}
# What a line of the source is, when it feeds no field.
USES = {
    "title": "tên kế hoạch", "opening": "câu mở đầu", "closing": "câu kết", "recipients": "nơi nhận", "signature": "chữ ký",
    "letterhead": "quốc hiệu, tên cơ quan", "appendix": "tên phụ lục", "table header": "đầu bảng", "page number": "số trang",
    "rule": "đường kẻ", "unread": "chưa đọc được",
}  # fmt: skip
ONLY_SECTION = "không vào ô nào"
DOUBTS = {
    "question": "Cần anh/chị quyết",
    "again": "Chữ sửa tay và câu trả lời khác nhau",
    "unread": "Máy chưa đọc được",
    "repairs": "Những chỗ máy đã tự sửa",
    "notes": "Những điều cần biết",
}
SECTIONS = ("Văn bản", "Nội dung", "Nhiệm vụ và phân công", "Chỉ tiêu và chi tiết", "Cách hỏi, nguồn và thời hạn")
_PLACES = {
    **dict.fromkeys(("title", "year", "number", "date", "signer.name", "signer.position", "legal_basis", "summary", "status"), 0),
    **dict.fromkeys(("audience", "contents", "emphasis", "forms", "channels", "indices", "promises", "budget", "publicised"), 1),
    **dict.fromkeys(("tasks", "units"), 2),
    **dict.fromkeys(("kpis", "facts"), 3),
}  # fmt: skip


def section(field: str) -> str:
    return SECTIONS[_PLACES.get(field, 4)]


def problem(row: dict[str, Any]) -> str:
    """
    Return why a file could not be read.
    """
    if row["code"] == "source.ocr_missing":
        return NO_OCR
    if row["state"] == "broken":
        return BROKEN_DRAFT
    return row["message"] or UNREADABLE


def progress(row: dict[str, Any]) -> str:
    pages = row.get("pages")
    return f"đã đọc {pages[0]} trên {pages[1]} trang" if pages else ""


def not_yet(number: int, message: str) -> str:
    return f"Chỗ {number}: {NOT_YET.get(message, message)}"
