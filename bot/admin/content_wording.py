"""
Every Vietnamese sentence of the content pages that code chooses.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from bot.desk_hours import TIMEZONE

KINDS = {
    "faq": "Câu hỏi thường gặp",
    "procedure": "Thủ tục hành chính",
    "service": "Dịch vụ, hướng dẫn",
    "plan": "Kế hoạch",
    "ward": "Thông tin phường, xã",
}
OTHER_KINDS = {"elsewhere": "Việc của cơ quan khác", "outside": "Ngoài phạm vi trả lời"}
NEW = {"faq": "câu hỏi thường gặp", "procedure": "thủ tục", "service": "dịch vụ, hướng dẫn"}
STATES = {
    "expired": "Đã hết hạn, đang ngừng trả lời",
    "due": "Đến hạn rà soát",
    "unchecked": "Còn việc cần kiểm tra",
    "overridden": "Bản riêng của phường, xã",
}

# How a form is divided, by the names of the fields; what is not named is told to citizens.
SECTIONS = ("Tên gọi", "Người dân sẽ đọc", "Cách người dân hỏi", "Nguồn và thời hạn", "Ít khi cần đến")
NAMES = frozenset(
    {"id", "slug", "code", "field", "topic", "title", "aliases", "name", "unit", "province", "former_names", "former_district", "year",
     "number", "date", "signer.name", "signer.position"}
)  # fmt: skip
SOURCES = frozenset({"to_check", "legal_basis", "sources", "as_of", "confidence", "review_by", "valid_until"})


def section(field: str, *, seldom: bool) -> str:
    if seldom:
        return SECTIONS[4]
    if field in NAMES:
        return SECTIONS[0]
    return SECTIONS[3] if field in SOURCES else SECTIONS[2] if field.startswith("questions") else SECTIONS[1]


# What a citizen would ask to be told a part, in the preview.
PARTS = {
    "papers": "Hồ sơ cần những gì?",
    "fee": "Lệ phí bao nhiêu?",
    "time": "Bao lâu thì có kết quả?",
    "place": "Nộp ở đâu?",
    "online": "Nộp qua mạng được không?",
    "form": "Dùng mẫu đơn nào?",
    "conditions": "Cần điều kiện gì?",
    "applicants": "Ai được làm?",
    "result": "Nhận được giấy tờ gì?",
    "basis": "Căn cứ vào văn bản nào?",
    "notes": "Cần lưu ý gì?",
    "details": "Cho biết thêm chi tiết?",
    "steps": "Làm từng bước thế nào?",
    "phone": "Gọi số nào?",
    "authority": "Cơ quan nào giải quyết?",
}
# The question with which an officer tries out what was just changed, by field; {title} in lower case.
ASKS = {
    "fee": "{title} lệ phí bao nhiêu",
    "time": "{title} mất mấy ngày",
    "papers": "{title} cần giấy tờ gì",
    "place": "{title} nộp ở đâu",
    "online": "{title} nộp qua mạng được không",
    "conditions": "{title} cần điều kiện gì",
    "hotlines": "số điện thoại của phường",
    "hours": "giờ làm việc",
    "address": "địa chỉ ủy ban ở đâu",
}


def asked(answer: Mapping[str, Any]) -> str:
    """
    Return what a citizen asks to be told an answer of the preview.
    """
    finding = next(iter(answer.get("findings") or []), None)
    if finding is None:
        return str((answer.get("elsewhere") or {}).get("title") or "")
    if finding.get("part") == "case" and finding.get("case"):
        return str(finding["case"].get("about") or "")
    return PARTS.get(str(finding.get("part")), str(finding["entry"].get("title") or ""))


def question_about(entry: Mapping[str, Any], changed: Collection[str]) -> str:
    """
    Return a question that should be answered with what was just saved.
    """
    title = str(entry.get("title") or "").rstrip("?.! ")
    pattern = next((ASKS[name] for name in ASKS if name in changed), "")
    if pattern and ("{title}" not in pattern or title):
        return pattern.format(title=title[:1].lower() + title[1:])
    return title or next((ASKS[name] for name in ("hours",)), "")


def rank(place: int | None) -> str:
    """
    1 → "đứng đầu", 3 → "thứ 3", None → "không thấy"
    """
    return "không thấy" if place is None else "đứng đầu" if place == 1 else f"thứ {place}"


def seconds(value: float) -> str:
    """
    0.84 → "0,8 giây"
    """
    return f"{max(value, 0.1):.1f} giây".replace(".", ",")


# Forms
NO_NAME = "Anh/chị ghi cách nói, ít nhất 2 ký tự."
LONG_NAME = "Cách nói này quá dài. Anh/chị ghi ngắn hơn 200 ký tự."
NAME_TAKEN = "Mục này đã có cách nói ấy rồi."
ID_HINT = "Để trống thì hệ thống tự đặt theo tiêu đề. Chữ thường không dấu, nối bằng gạch ngang, ví dụ gio-lam-viec."
ID_TAKEN = "Mã “{id}” đã có mục khác dùng. Anh/chị đặt mã khác ở phần “Ít khi cần đến”, hoặc sửa mục đã có."
FILE_BROKEN = (
    "Tệp chứa mục này đang có lỗi do sửa tay nên chưa lưu vào được. Nội dung anh/chị vừa gõ vẫn còn trên trang; "
    "anh/chị nhờ người phụ trách máy chủ sửa tệp rồi bấm Lưu lại."
)
NOT_CHOSEN = "Anh/chị chọn giữ bản nào ở ô này."
RESTORED = "Khôi phục bản {version}"
CHANGED_MEANWHILE = (
    "Trong lúc anh/chị xem trang này, {by} đã lưu một bản mới. Chưa có gì thay đổi; anh/chị xem lại rồi làm lại."
)
SOMEBODY = "một cán bộ khác"
BY_FILE = "tệp"  # knowledge's word for whoever edited by hand


def by(name: str) -> str:
    """
    Return who made a version.
    """
    return "sửa trực tiếp trong tệp" if name == BY_FILE else name or "không rõ"


def today(now: float) -> str:
    """
    Return the day as content files write it.
    """
    return datetime.fromtimestamp(now, TIMEZONE).date().isoformat()


# Excel
NO_FILE = "Anh/chị chọn tệp Excel hoặc CSV đã sửa."
BIG_FILE = "Tệp lớn quá 15 MB. Anh/chị kiểm tra lại đã chọn đúng tệp chưa."
CHANGED_SINCE = (
    "Nội dung trên hệ thống vừa có thay đổi sau lúc anh/chị kiểm tra tệp. Chưa có gì được nhập; "
    "anh/chị xem lại bản kiểm tra mới dưới đây."
)
FILES_BROKEN = (
    "Chưa nhập được: một tệp nội dung trên máy chủ đang có lỗi hoặc không ghi được. Chưa có gì thay đổi. "
    "Anh/chị nhờ người phụ trách máy chủ sửa tệp rồi nhập lại."
)
UNREADABLE = "Tệp này không mở được. Anh/chị chọn tệp .xlsx, .csv hoặc .zip tải về từ trang này."

# Trying out a question: outcome and why.
OUTCOMES = {
    "answered": "Trợ lý trả lời",
    "clarify": "Trợ lý hỏi lại cho rõ",
    "unanswerable_elsewhere": "Trợ lý chỉ sang cơ quan khác",
    "unanswerable_out_of_scope": "Trợ lý nói việc này ngoài phạm vi",
    "unanswerable_no_passage": "Trợ lý nói chưa có thông tin",
    "unanswerable_expired": "Trợ lý nói thông tin đang được cập nhật",
}
REASONS = {
    "sure": "Mục đứng đầu khớp rõ với câu hỏi.",
    "chosen": "Người hỏi đã chọn mục này.",
    "follow_up": "Câu hỏi nối tiếp điều đang nói.",
    "option_said": "Người hỏi chọn theo số thứ tự.",
    "option_meant": "Người hỏi nhắc tên một lựa chọn.",
    "code_named": "Câu hỏi nêu đúng mã thủ tục.",
    "ordinary_case": "Có vài mục gần giống nhau; trợ lý lấy trường hợp thông thường vì câu hỏi không nêu gì đặc biệt.",
    "two_needs": "Câu hỏi có hai ý, mỗi ý khớp rõ với một mục.",
    "several_fit": "Có vài mục cùng hợp với câu hỏi, chưa mục nào trội hẳn.",
    "no_topic": "Câu hỏi chưa nói về việc nào.",
    "still_open": "Câu hỏi trước còn chờ chọn.",
    "another_agency": "Việc này do cấp khác hoặc cơ quan khác làm.",
    "not_ours": "Câu hỏi không giống mục nào của phường, xã.",
    "nothing_found": "Không mục nào có từ ngữ gần với câu hỏi.",
    "no_words": "Câu hỏi không có từ nào để tìm.",
    "expired": "Mục khớp với câu hỏi đã hết hạn.",
}
ADVICE = {
    "clarify": "Nếu câu này phải ra một mục nhất định, anh/chị mở mục đó và thêm câu này vào cách người dân hỏi.",
    "unanswerable_no_passage": "Nếu đã có mục cho việc này, anh/chị mở mục đó và thêm câu này vào cách người dân hỏi; "
    "nếu chưa có, anh/chị thêm câu hỏi thường gặp mới.",
    "unanswerable_out_of_scope": "Nếu đây là việc của phường, xã, anh/chị thêm câu này vào cách người dân hỏi của mục phù hợp.",
    "unanswerable_expired": "Anh/chị mở mục đó, cập nhật nội dung và sửa ngày hết hạn.",
}
# Signals of a hit by the beginning of their names: what made it alike.
SIGNALS = (
    ("bm25_title", "trùng từ với tên gọi"),
    ("bm25_wording", "trùng từ với cách người dân hỏi"),
    ("bm25_text", "trùng từ với nội dung"),
    ("dense_title", "gần nghĩa với tên gọi"),
    ("dense_wording", "gần nghĩa với cách người dân hỏi"),
    ("dense_text", "gần nghĩa với nội dung"),
    ("covered_title", "tên gọi có đủ các từ"),
    ("covered_wording", "cách hỏi có đủ các từ"),
    ("covered", "có đủ các từ của câu hỏi"),
    ("title_covered", "câu hỏi nêu trọn tên gọi"),
    ("title_whole", "câu hỏi nêu trọn tên gọi"),
    ("code_named", "câu hỏi nêu mã thủ tục"),
)
WHY_SHOWN = 3


def why(signals: Mapping[str, float]) -> str:
    """
    Return in words what speaks most for a hit; "" when nothing of it can be said in words.
    """
    told: dict[str, float] = {}
    for name, share in signals.items():
        words = next((words for start, words in SIGNALS if name.startswith(start)), "")
        if words and share > 0:
            told[words] = told.get(words, 0.0) + share
    return ", ".join(sorted(told, key=lambda words: -told[words])[:WHY_SHOWN])


# Fields as the audit names them, each step of "fee › dong" by itself.
FIELDS = {
    "id": "Mã", "title": "Tiêu đề", "aliases": "Tên gọi khác", "questions": "Cách người dân hỏi", "answer": "Câu trả lời",
    "link": "Đường dẫn", "cases": "Trường hợp", "about": "Tên trường hợp", "text": "nội dung", "code": "Mã thủ tục",
    "old_codes": "Mã cũ", "field": "Lĩnh vực", "official_title": "Tên đầy đủ", "summary": "Tóm tắt", "applicants": "Ai được làm",
    "papers": "Giấy tờ", "form": "mẫu đơn", "copies": "số lượng", "when": "khi nào cần", "papers_note": "Ghi chú về hồ sơ",
    "fee": "Phí, lệ phí", "dong": "số tiền", "exemptions": "miễn, giảm", "time": "Thời hạn", "working_days": "số ngày làm việc",
    "place": "Nơi nộp", "authority": "Cơ quan giải quyết", "online": "Nộp trực tuyến", "level": "mức", "post": "Qua bưu chính",
    "conditions": "Điều kiện", "result": "Kết quả", "notes": "Lưu ý", "topic": "Chủ đề", "details": "Nói thêm",
    "steps": "Các bước", "phone": "Số điện thoại", "ward_value": "Lấy từ thông tin phường, xã", "fallback": "Mục thay thế",
    "covers": "Mục nói cùng điều này", "family": "Nhóm", "variant": "Điểm khác trong nhóm", "unverified": "Phần chưa xác minh",
    "to_check": "Việc cần kiểm tra", "legal_basis": "Căn cứ pháp lý", "sources": "Nguồn", "as_of": "Đúng tại thời điểm",
    "confidence": "Mức chắc chắn", "review_by": "Xem lại trước ngày", "valid_until": "Có giá trị đến", "hotlines": "Đường dây nóng",
    "label": "của ai", "number": "số", "address": "Địa chỉ", "hours": "Giờ làm việc", "desk": "Quầy một cửa",
    "desk_hours": "Giờ trực", "desk_closed": "Ngày nghỉ", "day": "thứ", "opens": "từ", "closes": "đến",
    "former_names": "Tên cũ", "former_district": "Quận, huyện trước đây", "map_link": "Bản đồ", "website": "Trang thông tin",
    "facebook": "Facebook", "zalo": "Zalo", "neighbourhood_word": "Cách gọi khu dân cư", "neighbourhoods": "Khu dân cư",
    "year": "Năm", "date": "Ngày ban hành", "signer": "Người ký", "position": "chức vụ", "status": "Cách đọc hiện nay",
    "budget": "Kinh phí", "audience": "Đối tượng", "contents": "Nội dung", "emphasis": "Nhấn mạnh", "forms": "Hình thức",
    "channels": "Kênh", "indices": "Chỉ số", "promises": "Cam kết", "tasks": "Nhiệm vụ", "task": "việc", "lead": "chủ trì",
    "partners": "phối hợp", "product": "sản phẩm", "units": "Đơn vị", "unit": "đơn vị", "work": "việc được giao",
    "kpis": "Chỉ tiêu", "value": "con số", "facts": "Điều cần nhớ", "publicised": "Nơi công khai", "province": "Tỉnh, thành phố",
}  # fmt: skip


def field(step: str) -> str:
    """
    "dong" → "số tiền", "papers 2" → "Giấy tờ 2"; what is no field of content stays.
    """
    name, _, number = step.partition(" ")
    return f"{FIELDS.get(name, name)} {number}".strip()
