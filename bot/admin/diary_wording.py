"""
Every sentence of the diary and of the statistics that code chooses.
"""

from __future__ import annotations

STATES = {"open": "Chưa xử lý", "wrong": "Báo trả lời sai", "done": "Đã xử lý"}
PERIODS = {7: "7 ngày qua", 30: "30 ngày qua", 90: "90 ngày qua", 365: "12 tháng qua"}
OUTCOMES = {
    "unanswerable_no_passage": "chưa có nội dung",
    "unanswerable_elsewhere": "việc của cơ quan khác",
    "unanswerable_out_of_scope": "ngoài phạm vi",
    "unanswerable_expired": "nội dung đã hết hạn",
    "clarify": "hỏi lại mà chưa rõ",
    "error": "trợ lý gặp lỗi",
}
HANDLED = {"answered": "Đã có câu trả lời", "dismissed": "Đã bỏ qua", "mended": "Đã sửa"}
NO_WORDING = "Anh/chị ghi cách hỏi, từ 2 đến 200 ký tự."
WORDING_THERE = "Mục này đã có cách hỏi đó rồi. Anh/chị thử sửa câu khác đi, hoặc chọn mục khác."
NOTHING_CHOSEN = "Nhóm câu hỏi này vừa có người xử lý. Anh/chị xem lại danh sách."


def outcome(code: str) -> str:
    return OUTCOMES.get(code, "chưa trả lời được")


def trend(this_week: int, last_week: int) -> str:
    """
    (3, 1) → "Tuần này 3 lần, tuần trước 1 lần: đang tăng"
    """
    told = f"Tuần này {this_week} lần, tuần trước {last_week} lần"
    if abs(this_week - last_week) < 2:
        return told  # once more or less is no trend
    return f"{told}: {'đang tăng' if this_week > last_week else 'đang giảm'}"


# The statistics
ENDINGS = {"answered": "Đã trả lời", "asked_back": "Hỏi lại", "refused": "Chưa trả lời được"}
CHARTS = {"day": "Theo ngày", "hour": "Theo giờ trong ngày", "channel": "Theo kênh"}
SHEETS = {
    "about": "Bảng",
    "of": "Mục",
    "all": "Số câu hỏi",
    "entries": "Hỏi nhiều nhất",
    "scores": "Mức hài lòng",
    "reported": "Báo trả lời sai",
}

# What has grown old
FRESHNESS = {
    "expired": "Hết hiệu lực, đang ngừng trả lời",
    "replaced": "Căn cứ pháp lý đã được thay",
    "due": "Đến hạn xem lại trong 30 ngày tới",
}
NO_DOCUMENT = "Anh/chị ghi đúng một văn bản ở mỗi ô, có số và năm, ví dụ: NĐ 20/2021."
NOT_MARKED = (
    "Chưa đánh dấu được vì có mục đang sai hoặc tệp của mục đang hỏng. Anh/chị mở các mục dẫn văn bản này để xem, "
    "hoặc báo bộ phận kỹ thuật."
)
