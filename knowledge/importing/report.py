"""
What an import did, told to staff in Vietnamese.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from knowledge.importing import national, wound
from knowledge.importing.draft import PlanDraft
from knowledge.importing.procedure_drafts import Outcome

USES = {
    "field": "đưa vào trường của kế hoạch",
    "section": "chỉ giữ trong mục của bản nháp",
    "title": "tên kế hoạch",
    "opening": "câu mở đầu",
    "closing": "câu kết",
    "recipients": "nơi nhận",
    "signature": "chữ ký",
    "letterhead": "quốc hiệu, tên cơ quan",
    "appendix": "tên phụ lục",
    "table header": "đầu bảng",
    "page number": "số trang",
    "rule": "đường kẻ",
    "empty": "dòng trống",
    "unread": "không đọc được",
}
STATES = {"clean": "không phải sửa gì", "repaired": "đã sửa, không còn điều ngờ", "review": "cần người xem"}
_LABELS = {
    "title": "Tên", "number": "Số", "date": "Ngày", "year": "Năm", "budget": "Kinh phí", "audience": "Đối tượng", "contents": "Nội dung",
    "emphasis": "Lĩnh vực nhấn mạnh", "forms": "Hình thức", "channels": "Kênh", "indices": "Chỉ số", "promises": "Lời hứa (gợi ý)", "tasks": "Nhiệm vụ",
    "units": "Phân công đơn vị", "kpis": "Chỉ tiêu", "facts": "Chi tiết khác", "legal_basis": "Căn cứ", "publicised": "Văn bản được tuyên truyền",
}  # fmt: skip
MOST_SHOWN = 40


def use_of(uses: list[str]) -> str:
    """
    Return how a line is accounted for: as a field when it feeds one, else by the strongest of its other uses.
    """
    kinds = {use if use in USES else "section" if use.startswith("section ") else "field" for use in uses}
    return next((kind for kind in USES if kind in kinds), "unread")


def account(draft: PlanDraft) -> Counter[str]:
    """
    Return how many lines of the source are accounted for by which kind; the sum is the number of lines.
    """
    return Counter(use_of(line.use) for line in draft.lines)


def of_plan(draft: PlanDraft, path: Path) -> Iterator[str]:
    """
    Yield the report on a plan that was read.
    """
    counted = account(draft)
    yield f"Đã đọc {draft.source.file}: {len(draft.lines)} dòng."
    for notice in draft.source.notices:
        yield f"  Lưu ý: {notice}."
    yield ""
    yield "Từng dòng của bản gốc đi đâu:"
    for use, label in USES.items():
        if counted[use]:
            yield f"  {counted[use]:5} {label}"
    yield ""
    yield "Kế hoạch:"
    for name, label in _LABELS.items():
        value = draft.plan.get(name)
        shown = f"{len(value)} mục" if isinstance(value, list) else "(trống)" if value is None else str(value)[:100]
        yield f"  {label}: {shown}"
    signer = draft.plan.get("signer")
    yield f"  Người ký: {signer['name']}, {signer['position']}" if signer else "  Người ký: (không thấy)"
    if draft.repairs:
        yield ""
        yield f"Đã sửa {len(draft.repairs)} loại lỗi chắc chắn:"
        for mended in draft.repairs:
            yield f"  “{mended.was}” → “{mended.put}” ({wound.WHY[mended.why]}; dòng {_numbers(mended.lines)})"
    if draft.notes:
        yield ""
        yield "Cần biết:"
        yield from (f"  - {note}" for note in draft.notes)
    yield ""
    if draft.unread:
        yield f"KHÔNG ĐỌC ĐƯỢC {len(draft.unread)} chỗ:"
        for unread in draft.unread[:MOST_SHOWN]:
            yield f"  {unread.where}: “{unread.text[:160]}” — {unread.why}"
            yield f"      gần: {unread.around[:200]}"
        if len(draft.unread) > MOST_SHOWN:
            yield f"  … và {len(draft.unread) - MOST_SHOWN} chỗ nữa, xem “unread” trong bản nháp"
    else:
        yield "Không có dòng nào không đọc được."
    yield ""
    if draft.questions:
        yield f"{len(draft.questions)} câu cần người trả lời:"
        for question in draft.questions:
            yield f"  [{question.id}] {question.question}"
            for spot in question.places:
                yield f"      {spot.where}: “{spot.text[:140]}”"
            for number, choice in enumerate(question.choices, 1):
                yield f"      {number}. {choice.say}"
    else:
        yield "Không có câu nào phải hỏi."
    yield ""
    yield f"Bản nháp: {path}"
    yield f"Trả lời các câu hỏi, ghi người duyệt, rồi chạy: python -m knowledge import-plan --accept {path}"


def _numbers(lines: list[int], most: int = 12) -> str:
    shown = ", ".join(map(str, lines[:most]))
    return f"{shown} và {len(lines) - most} dòng nữa" if len(lines) > most else shown


def of_list(outcome: Outcome, out: Path, seconds: float) -> Iterator[str]:
    """
    Yield the report on a national list that was read.
    """
    yield f"Đã đọc {outcome.rows} thủ tục trong {seconds:.1f} giây."
    for state, label in STATES.items():
        yield f"  {outcome.states[state]:5} {label}"
    yield ""
    yield "Đã sửa (số thủ tục):"
    for key, label in national.REPAIRS.items():
        if outcome.repairs[key]:
            yield f"  {outcome.repairs[key]:5} {label}"
    yield ""
    yield "Cần người xem, theo lý do (một thủ tục có thể có nhiều lý do):"
    for key, count in outcome.reasons.most_common():
        yield f"  {count:5} {national.REASONS[key]}"
    yield "Danh sách không ghi gì nên để trống:"
    for key, label in (("fee", "lệ phí"), ("time", "thời hạn")):
        yield f"  {outcome.silent[key]:5} {label}"
    yield ""
    yield f"Bản nháp trong {out}: {len(outcome.added)} thêm, {len(outcome.changed)} đổi, {len(outcome.kept)} giữ nguyên."
    if outcome.known:
        yield f"{len(outcome.known)} thủ tục đã có trong nội dung của trợ lý (cùng mã quốc gia); bản nháp mang mã của mục ấy."
    if outcome.edited:
        yield f"{len(outcome.edited)} bản nháp có người sửa tay: giữ nguyên, không ghi đè."
    if outcome.conflicts:
        yield f"{len(outcome.conflicts)} bản nháp có người sửa tay mà danh sách cũng đổi: giữ bản sửa tay, cần so lại: {', '.join(outcome.conflicts[:20])}"
    if outcome.gone:
        yield f"{len(outcome.gone)} bản nháp không còn trong danh sách này (giữ lại): {', '.join(outcome.gone[:20])}"
    for bad in outcome.bad:
        yield f"Dòng {bad.line} bỏ qua: {bad.problem} — {bad.text[:120]}"


def review_page(outcome: Outcome) -> str:
    """
    Return the list of what has to be looked at, by reason, as a page of Markdown.
    """
    out = ["# Thủ tục cần người xem", ""]
    for key, count in outcome.reasons.most_common():
        out += [f"## {national.REASONS[key]} ({count})", ""]
        for draft in outcome.review:
            for doubt in draft.doubts:
                if doubt.reason == key:
                    out.append(f"- {draft.code} {draft.procedure['title'][:90]} · {doubt.part}: {doubt.text[:300]}")
                    break
        out.append("")
    return "\n".join(out)
