"""
A whole plan, in every form it comes in: the fields it gives, every line accounted for, what is asked and what is told.
"""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.importing import draft as drafts
from knowledge.importing import plan as plans
from knowledge.importing import report
from knowledge.plans import Plan
from knowledge.sources import txt
from tests.knowledge.conftest import TODAY
from tests.knowledge.importing import word_documents
from tests.knowledge.importing.conftest import SAMPLES, needs_tesseract

MESSY = (SAMPLES / "vo-bang.txt").read_text(encoding="utf-8")
FIELDS = ("task", "lead", "partners", "time", "product")


def tasks(draft):
    return [tuple(task[field] for field in FIELDS) for task in draft.plan["tasks"]]


def asked(draft):
    return {question.id: question for question in draft.questions}


def check_account(draft):
    """
    Every line has a use, every place points at lines that say so, and the sum of the uses is the number of lines.
    """
    assert sum(report.account(draft).values()) == len(draft.lines)
    assert [line.n for line in draft.lines] == list(range(1, len(draft.lines) + 1))
    assert [line.n for line in draft.lines if not line.use] == []
    told = {line for spot in draft.unread for line in spot.lines}
    assert [
        line.n
        for line in draft.lines
        if report.use_of(line.use) == "unread" and line.text.strip() and line.n not in told
    ] == []
    for path, lines in draft.places.items():
        assert all(path in draft.lines[line - 1].use for line in lines), path
    for line in draft.lines:
        if line.text.strip():
            assert report.use_of(line.use) != "empty", line


# Text


def test_a_messy_text_gives_the_head_of_the_plan(messy):
    plan = messy.plan

    assert plan["title"] == "Kế hoạch tuyên truyền cải cách hành chính phường Đông Mẫu năm 2026"
    assert (plan["year"], plan["number"], plan["date"]) == (2026, "17/KH-UBND", "12/01/2026")
    assert plan["signer"] == {"name": "Trần Mẫu Văn", "position": "Phó Chủ tịch UBND phường, ký thay Chủ tịch"}
    assert plan["budget"] == "Kinh phí bố trí trong dự toán ngân sách phường năm 2026."


def test_a_messy_text_gives_its_lists(messy):
    plan = messy.plan

    assert plan["audience"] == ["Cán bộ, công chức phường", "Toàn thể Nhân dân", "Cộng đồng doanh nghiệp"]
    assert plan["emphasis"] == ["Hộ tịch", "Cư trú", "Đất đai"]
    assert len(plan["contents"]) == 3
    assert plan["forms"][0] == "Hệ thống loa truyền thanh và mạng xã hội Zalo, Facebook"
    assert plan["indices"] == ["Chỉ số hài lòng của người dân, tổ chức (SIPAS)"]
    assert {"Zalo", "Facebook", "Nhà văn hóa"} <= set(plan["channels"])
    assert [unit["unit"] for unit in plan["units"]] == ["Phòng Văn hóa - Xã hội", "Ủy ban Mặt trận Tổ quốc phường"]
    assert [(kpi["value"], kpi["unit"]) for kpi in plan["kpis"]] == [("100", "%")]
    assert [text.split(" của ")[0] for text in plan["publicised"]] == [
        "Nghị quyết 76/NQ-CP ngày 15/7/2021",
        "Chỉ thị 23/CT-UBND ngày 02/9/2021",
        "Nghị quyết 12/NQ-HĐND",
    ]


def test_a_messy_text_gives_its_tasks(messy):
    assert tasks(messy)[2] == (
        "Đối thoại với người dân về giải quyết thủ tục hành chính",
        "Văn phòng UBND",
        "Các khu phố",
        "Trong năm 2026",
        "Hội nghị",
    )
    assert [task["id"].rpartition("-")[2] for task in messy.plan["tasks"]] == ["1", "2", "4"]


def test_no_wound_is_left_in_what_will_be_told(messy):
    told = str({key: value for key, value in messy.plan.items() if key != "to_check"})

    assert not re.search(r"phốg|phường hội|tuyên tuyền|Đông Mẩu|;;|giải quyết giải quyết", told)


def test_every_line_of_a_messy_text_is_accounted_for(messy):
    check_account(messy)
    assert report.account(messy)["page number"] == 1


def test_what_does_not_agree_is_asked_with_both_places_and_never_chosen(messy):
    question = asked(messy)["van-ban-1"]

    assert question.question.startswith("Quyết định 31/QĐ-UBND ghi ngày 05/01/2026 và ngày 15/01/2026")
    assert [spot.lines for spot in question.places] == [[5], [25, 27]]
    assert [choice.say for choice in question.choices][:3] == ["ngày 05/01/2026", "ngày 15/01/2026", "không nêu ngày"]
    assert "31/QĐ-UBND của UBND phường Đông Mẫu" in messy.plan["legal_basis"][0]


def test_everything_doubtful_is_a_question(messy):
    assert {"van-ban-1", "van-ban-2", "van-ban-3", "stt-2-4", "nam-1", "cho-ngo-1", "cho-ngo-2"} == set(asked(messy))


def test_two_numbers_and_two_dates_of_a_plan_are_asked_and_left_empty(imported):
    draft = imported(SAMPLES / "bang-vach.md")

    assert (draft.plan["number"], draft.plan["date"]) == (None, None)
    number = asked(draft)["number-cua-ke-hoach"]
    assert ([spot.lines for spot in number.places], [choice.set for choice in number.choices][:2]) == (
        [[1], [42]], [{"number": "03/KH-UBND"}, {"number": "02/KH-UBND"}],
    )  # fmt: skip


def test_a_column_that_a_plan_has_no_field_for_is_listed_with_its_words(imported):
    draft = imported(SAMPLES / "bang-vach.md")

    assert [(spot.text, spot.why) for spot in draft.unread] == [
        ("2 triệu đồng", "ô của bảng không có trường tương ứng")
    ]
    check_account(draft)


def test_a_plan_without_a_table_takes_its_tasks_from_the_offices_and_asks(known, dong_mau):
    text = (
        "KẾ HOẠCH\nTuyên truyền năm 2026\nI. MỤC ĐÍCH\n- Để dân biết.\nII. TỔ CHỨC THỰC HIỆN\n1. Bộ phận Văn phòng:\n"
        "- Phối hợp Bộ phận Tư pháp, hằng quý có ít nhất 02 tin/bài gửi đăng.\n2. Bộ phận Tư pháp\nThường xuyên phổ biến pháp luật.\n"
        "Nơi nhận:\n- Lưu: VT.\nCHỦ TỊCH\nLê Thị Mẫu\n"
    )
    draft = plans.make(txt.read(text.encode(), "x.txt"), dong_mau, known, today=TODAY, digest="0")

    assert [task[1:] for task in tasks(draft)] == [
        ("Bộ phận Văn phòng", "Bộ phận Tư pháp", "Hằng quý", "Ít nhất 02 tin/bài gửi đăng"), ("Bộ phận Tư pháp", None, "Thường xuyên", None),
    ]  # fmt: skip
    assert "khong-co-bang" in asked(draft)


def test_a_text_that_is_no_plan_ends_in_a_draft_that_says_so(known, dong_mau):
    draft = plans.make(
        txt.read("Thư mời họp.\n\nKính gửi các khu phố.\n".encode(), "x.txt"), dong_mau, known, today=TODAY, digest="0"
    )

    assert "nam-ke-hoach" in asked(draft)
    check_account(draft)


# Word, PDF, scan


def test_a_word_document_gives_its_plan(imported, tmp_path):
    draft = imported(word_documents.plan(tmp_path / "kh.docx"))

    assert draft.plan["title"] == "Kế hoạch tuyên truyền cải cách hành chính phường Đông Mẫu năm 2026"
    assert (draft.plan["number"], draft.plan["date"]) == (None, None)
    assert "Số của kế hoạch để trống" in " ".join(draft.notes)
    assert tasks(draft) == [
        (
            "Đăng tin, bài trên trang Zalo",
            "Phòng Văn hóa - Xã hội",
            "Các khu phố; Trung tâm Phục vụ hành chính công",
            "Hằng tháng",
            "Tin, bài",
        ),
        ("Tập huấn cho cán bộ", None, "Các khu phố; Trung tâm Phục vụ hành chính công", "Quý II/2026", None),
    ]
    assert [question.words for question in draft.questions] == ["phường hội"]
    check_account(draft)


def printed(draft):
    assert (draft.plan["number"], draft.plan["date"], draft.plan["signer"]["name"]) == (
        "17/KH-UBND",
        "12/01/2026",
        "Trần Mẫu Văn",
    )
    assert [task[:3] for task in tasks(draft)] == [
        ("Xây dựng chuyên mục hỏi đáp thủ tục trên trang thông tin điện tử của phường", "Phòng Văn hóa - Xã hội", "Trung tâm Phục vụ hành chính công"),
        ("Tổ chức buổi hướng dẫn nộp hồ sơ trực tuyến tại từng khu phố", "Trung tâm Phục vụ hành chính công", "Đoàn Thanh niên, các khu phố"),
        ("Đối thoại giữa chính quyền với người dân về giải quyết thủ tục hành chính", "Văn phòng HĐND và UBND", None),
    ]  # fmt: skip
    assert [task[3] for task in tasks(draft)][1:] == ["Tháng 3 đến tháng 6/2026", "Trước ngày 30/9/2026"]
    assert [(kpi["value"], kpi["unit"]) for kpi in draft.plan["kpis"]] == [("100", "%"), ("4", "tin, bài")]
    assert draft.plan["audience"] == ["Cán bộ, công chức phường", "Toàn thể Nhân dân", "Các hộ kinh doanh"]
    check_account(draft)


def test_a_printed_pdf_gives_its_plan(imported):
    draft = imported(SAMPLES / "in-ra.pdf")

    printed(draft)
    assert (draft.questions, draft.unread) == ([], [])
    Plan.model_validate({key: value for key, value in draft.plan.items() if value is not None})


@needs_tesseract
def test_a_scan_gives_the_same_plan_and_lists_what_ocr_was_not_sure_of(imported):
    draft = imported(SAMPLES / "ban-quet.pdf")

    printed(draft)
    assert all("nhận dạng chữ không chắc" in spot.why for spot in draft.unread)
    assert "bản quét" in " ".join(spot.why for spot in draft.unread) or not draft.unread


# Properties


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(1, len(MESSY) - 1), max_size=25), st.sampled_from(["\n", "\n\n"]))
def test_no_line_is_lost_however_the_text_is_cut(known, dong_mau, places, line_break):
    cut, last = "", 0
    for place in sorted(set(places)):
        cut += MESSY[last:place] + line_break
        last = place
    document = txt.read((cut + MESSY[last:]).encode(), "x.txt")

    check_account(plans.make(document, dong_mau, known, today=TODAY, digest="0"))


@settings(max_examples=15, deadline=None)
@given(st.permutations(MESSY.split("\n\n")))
def test_no_line_is_lost_however_the_text_is_shuffled(known, dong_mau, parts):
    document = txt.read("\n\n".join(parts).encode(), "x.txt")

    check_account(plans.make(document, dong_mau, known, today=TODAY, digest="0"))


# The draft file and the report


def test_a_draft_is_read_back_as_it_was_written(messy, tmp_path):
    drafts.write(messy, tmp_path / "d.yml")

    assert drafts.read(tmp_path / "d.yml") == messy
    assert (
        (tmp_path / "d.yml")
        .read_text(encoding="utf-8")
        .startswith("# Bản nháp kế hoạch. Trợ lý KHÔNG trả lời từ tệp này.")
    )


@pytest.mark.parametrize(
    "damage", [("plan-draft", "plan"), ("questions:", "questions: 5\nx:"), ("ward: dong-mau", "ward: [")]
)
def test_a_draft_broken_while_it_was_edited_is_told_with_its_line(messy, tmp_path, damage):
    drafts.write(messy, tmp_path / "d.yml")
    text = (tmp_path / "d.yml").read_text(encoding="utf-8").replace(*damage, 1)
    (tmp_path / "d.yml").write_text(text, encoding="utf-8")

    with pytest.raises(drafts.DraftError, match=r"d\.yml"):
        drafts.read(tmp_path / "d.yml")


def test_the_report_tells_everything_in_vietnamese(messy, tmp_path):
    said = "\n".join(report.of_plan(messy, tmp_path / "d.yml"))

    for words in (
        "Từng dòng của bản gốc đi đâu",
        "“khu phốg” → “thông”",
        "câu cần người trả lời",
        "dòng 25 – dòng 27",
        "--accept",
        "Không có dòng nào không đọc được",
    ):
        assert words in said
