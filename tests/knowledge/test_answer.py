import shutil
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge import answer as answers
from knowledge.errors import UnknownEntry, UnknownWard
from knowledge.outcomes import ANSWERED, CLARIFY, ELSEWHERE, EXPIRED, NO_PASSAGE, OUT_OF_SCOPE, Context
from tests.knowledge.conftest import SAMPLES, shelve

OUTCOMES = {ANSWERED, CLARIFY, ELSEWHERE, EXPIRED, NO_PASSAGE, OUT_OF_SCOPE}


def with_thresholds(library, **changed):
    confidence = replace(library.confidence, thresholds=replace(library.confidence.thresholds, **changed))
    return replace(library, confidence=confidence)


@pytest.mark.parametrize(
    ("question", "id", "part"),
    [
        ("đăng ký kết hôn", "ket-hon", "summary"),
        ("dang ky ket hon", "ket-hon", "summary"),
        ("đăng ký kết hôn lệ phí bao nhiêu", "ket-hon", "fee"),
        ("dang ky ket hon le phi bao nhieu", "ket-hon", "fee"),
        ("đăng ký kết hôn mấy ngày xong", "ket-hon", "time"),
        ("đăng ký kết hôn nộp ở đâu", "ket-hon", "place"),
        ("kết hôn cần điều kiện gì", "ket-hon", "conditions"),
        ("làm giấy khai sinh cho con cần giấy tờ gì", "khai-sinh", "papers"),
        ("em bé mới sinh làm giấy gì", "khai-sinh", "summary"),
        ("tụi em tính làm đám cưới", "ket-hon", "summary"),
        ("đk ks cho con", "khai-sinh", "summary"),
        ("ddawng kys keets hoon", "ket-hon", "summary"),
        ("dangkykethon", "ket-hon", "summary"),
        ("sổ gốc khai sinh bị cháy thì làm lại thế nào", "khai-sinh-lai", "summary"),
        ("gọi cho phường số nào", "hotline-xa", "summary"),
        ("bãi giữ xe của phường thu bao nhiêu", "faq-gui-xe", "summary"),
    ],
)
def test_a_clear_question_is_answered_with_the_entry_and_the_part(small, question, id, part):
    found = answers.answer(small, "tay-mau", question)

    assert (found.outcome, found.reason) == (ANSWERED, "sure")
    assert [finding["entry"]["id"] for finding in found.findings] == [id]
    assert found.findings[0]["part"] == part
    assert found.confidence > 0.6


@pytest.mark.parametrize(
    ("question", "id", "part"),
    [
        ("1.000003", "ket-hon", "summary"),
        ("mã 2.000009 cần giấy tờ gì", "khai-sinh", "papers"),
        ("thu tuc 1.000002 le phi", "khai-sinh-lai", "fee"),
    ],
)
def test_a_national_code_names_its_entry(small, question, id, part):
    finding = answers.answer(small, "tay-mau", question).findings[0]

    assert (finding["entry"]["id"], finding["part"]) == (id, part)


@pytest.mark.parametrize(
    ("ward", "title"), [("dong-mau", "Đăng ký tạm trú tại phường Đông Mẫu"), ("tay-mau", "Đăng ký tạm trú")]
)
def test_a_national_code_names_the_entry_as_the_ward_has_it(small, ward, title):
    assert answers.answer(small, ward, "thủ tục 1.000004").findings[0]["entry"]["title"] == title


def test_an_answer_quotes_the_entry_and_names_its_source(small):
    finding = answers.answer(small, "tay-mau", "đăng ký khai sinh").findings[0]

    assert finding["entry"] == {
        "id": "khai-sinh", "ids": ["khai-sinh", "1.000001", "2.000009"], "kind": "procedure", "title": "Đăng ký khai sinh", "code": "1.000001",
    }  # fmt: skip
    assert finding["content"]["fee"] == {"text": "Không thu", "dong": 0, "exemptions": []}
    assert finding["content"]["cases"] == [{"about": "Quá hạn mới đi làm", "text": "Vẫn làm được, chỉ mất lệ phí."}]
    assert finding["source"] == {
        "legal_basis": ["Luật Mẫu 1/2026"],
        "sources": ["Tự đặt"],
        "as_of": "2026-07",
        "confidence": "sure",
    }
    assert finding["unverified"] == ["time"]


def test_what_is_for_staff_only_never_leaves(small):
    for id in ("khai-sinh", "tam-tru", "hotline-xa", "faq-gui-xe"):
        content = answers.choose(small, "dong-mau", id, None).findings[0]["content"]
        assert not {"to_check", "questions", "aliases"} & set(content)


def test_several_parts_are_told_together_in_the_order_of_an_answer(small):
    finding = answers.answer(
        small, "tay-mau", "đăng ký kết hôn cần giấy tờ gì, hết bao nhiêu tiền, mấy ngày xong"
    ).findings[0]

    assert finding["parts"] == ["papers", "fee", "time"]
    assert finding["part"] == "papers"


def test_a_special_situation_is_answered_with_its_case(small):
    finding = answers.answer(small, "tay-mau", "quá hạn khai sinh thì sao").findings[0]

    assert finding["part"] == "case"
    assert finding["case"] == {"about": "Quá hạn mới đi làm", "text": "Vẫn làm được, chỉ mất lệ phí."}


def test_a_special_situation_of_a_shared_entry_is_answered_although_another_ward_replaced_the_entry(small):
    finding = answers.answer(small, "tay-mau", "chủ trọ không chịu ký thì sao").findings[0]

    assert (finding["entry"]["id"], finding["part"]) == ("tam-tru", "case")


def test_two_needs_are_answered_both_each_with_its_part(small):
    found = answers.answer(small, "tay-mau", "làm giấy khai sinh cho con cần gì và đăng ký kết hôn hết bao nhiêu tiền")

    assert (found.outcome, found.reason) == (ANSWERED, "two_needs")
    assert [(finding["entry"]["id"], finding["part"]) for finding in found.findings] == [
        ("khai-sinh", "papers"),
        ("ket-hon", "fee"),
    ]


def test_a_story_is_answered_for_the_need_in_it(small):
    story = "Chào anh chị, nhà cháu ở xa lắm, đi xe mất hai tiếng mới tới nơi. Trời thì mưa suốt. Cháu muốn đăng ký kết hôn thì nộp ở đâu ạ?"

    found = answers.answer(small, "tay-mau", story)

    assert found.findings[0]["entry"]["id"] == "ket-hon"
    assert found.findings[0]["part"] == "place"


def test_near_twins_are_asked_back_for_their_difference(small):
    found = answers.answer(with_thresholds(small, right=0.999), "tay-mau", "giấy khai sinh gốc")

    assert found.outcome == CLARIFY
    assert {option["id"] for option in found.options[:2]} == {"khai-sinh", "khai-sinh-lai"}
    assert found.difference == "đăng ký lại hay đăng ký lần đầu"


def test_who_names_no_special_circumstance_means_the_ordinary_procedure(small):
    found = answers.answer(with_thresholds(small, right=0.999), "tay-mau", "khai sinh")

    assert (found.outcome, found.reason) == (ANSWERED, "ordinary_case")
    assert found.findings[0]["entry"]["id"] == "khai-sinh"


@pytest.mark.parametrize("question", ["lệ phí bao nhiêu", "thủ tục này nộp ở đâu", "cần giấy tờ gì", "bn tiền z"])
def test_a_part_asked_for_without_saying_of_what_is_asked_back_openly(small, question):
    unsure = with_thresholds(small, right=1.24)  # the samples' confidence is generous: nothing is sure enough here
    found = answers.answer(unsure, "tay-mau", question)

    assert (found.outcome, found.reason, found.options) == (CLARIFY, "no_topic", [])


def test_what_fits_several_entries_is_asked_back_with_titles_that_differ_and_the_part_that_was_asked(small):
    found = answers.answer(with_thresholds(small, right=0.999, alone=1.1), "tay-mau", "đăng ký lệ phí bao nhiêu")

    titles = [option["title"] for option in found.options]
    assert found.outcome == CLARIFY
    assert 2 <= len(titles) == len(set(titles)) <= 5
    assert {option["part"] for option in found.options} == {"fee"}
    assert found.difference is None


@pytest.mark.parametrize("question", ["làm hộ chiếu ở đâu", "xin passport đi nước ngoài"])
def test_what_another_agency_does_is_told_with_who_and_what_next(small, question):
    found = answers.answer(small, "tay-mau", question)

    assert found.outcome == ELSEWHERE
    assert found.elsewhere == {
        "id": "elsewhere-ho-chieu", "title": "Cấp hộ chiếu", "who": "Phòng Xuất nhập cảnh của tỉnh Mẫu", "next_step": "Anh/chị nộp trên cổng mẫu.",
    }  # fmt: skip
    assert not found.findings


@pytest.mark.parametrize(
    "question", ["kết quả xổ số miền bắc hôm nay", "thời tiết ngày mai mưa không", "viết giúp bài thơ tình"]
)
def test_what_no_office_answers_is_out_of_scope(small, question):
    assert answers.answer(small, "tay-mau", question).outcome == OUT_OF_SCOPE


@pytest.mark.parametrize("question", ["", "   ", "?!...", "🙏🙏"])
def test_a_question_without_a_word_is_out_of_scope(small, question):
    found = answers.answer(small, "tay-mau", question)

    assert (found.outcome, found.reason) == (OUT_OF_SCOPE, "no_words")


def test_what_is_ours_but_nowhere_written_has_no_passage(small):
    unsure = with_thresholds(small, inside=0.97)

    found = answers.answer(unsure, "tay-mau", "đăng ký kết hôn")

    assert found.outcome == NO_PASSAGE


def test_an_entry_past_its_date_is_not_answered_from(small):
    found = answers.answer(small, "tay-mau", "buổi tối mùa hè có làm căn cước lưu động không")

    assert found.outcome == EXPIRED
    assert found.elsewhere["title"] == "Chiến dịch cấp căn cước mùa hè"
    assert not found.findings


@pytest.mark.parametrize(("today", "outcome"), [(date(2026, 8, 31), ANSWERED), (date(2026, 9, 1), EXPIRED)])
def test_an_entry_is_valid_through_its_last_day(today, outcome):
    library = shelve(SAMPLES / "library", today=today)

    assert answers.choose(library, "tay-mau", "faq-chien-dich-he", None).outcome == outcome


def test_a_ward_answers_with_its_own_entry_in_place_of_the_shared_one(small):
    east = answers.answer(small, "dong-mau", "thuê trọ phải báo với ai, nộp ở đâu")
    west = answers.answer(small, "tay-mau", "thuê trọ phải báo với ai, nộp ở đâu")

    assert east.findings[0]["content"]["place"] == "Nhà văn hóa tổ dân phố"
    assert west.findings[0]["content"]["place"] == "Công an phường"


def test_a_wards_own_values_are_those_of_the_ward_that_was_asked(small):
    east = answers.answer(small, "dong-mau", "gọi cho phường số nào").findings[0]["content"]["ward"]
    west = answers.answer(small, "tay-mau", "gọi cho phường số nào").findings[0]["content"]["ward"]

    assert east["hotlines"] == [{"label": "Quầy một cửa", "number": "0000 000 001"}]
    assert (west["name"], west["hotlines"]) == ("xã Tây Mẫu", [])


@pytest.mark.parametrize(
    ("question", "id", "also"),
    [
        ("kế hoạch cải cách hành chính có gì", "plan-dong-mau", "plan-dong-mau"),
        ("ai chủ trì phát thanh trên loa", "plan-dong-mau-loa", "plan-dong-mau-phat-thanh"),
        ("mỗi quý mấy tin bài", "plan-dong-mau-tin-bai", "plan-dong-mau"),
        ("ai giữ trang Zalo của phường", "plan-dong-mau-zalo", "plan-dong-mau"),
        ("tuyên truyền qua kênh nào", "plan-dong-mau--channels", "plan-dong-mau-kenh"),
    ],
)
def test_a_question_about_the_plan_is_answered_from_its_part(small, question, id, also):
    finding = answers.answer(small, "dong-mau", question).findings[0]

    assert finding["entry"]["id"] == id
    assert also in finding["entry"]["ids"]
    assert finding["entry"]["kind"] == "plan"
    assert finding["content"]["plan_title"] == "Kế hoạch tuyên truyền cải cách hành chính năm 2026"


@pytest.mark.parametrize(
    "question", ["ai chủ trì phát thanh trên loa", "mỗi quý mấy tin bài", "ai giữ trang Zalo của phường"]
)
def test_the_plan_of_another_ward_is_never_answered_from(small, question):
    found = answers.answer(small, "tay-mau", question)

    assert not [id for id in found.ids if id.startswith("plan-")]


def test_old_names_are_corrected_beside_the_answer(small):
    found = answers.answer(small, "dong-mau", "em ở xã Mẫu Cũ, đăng ký kết hôn có phải lên huyện không")

    assert [each["kind"] for each in found.corrections] == ["former_name", "district_level"]
    assert found.findings[0]["entry"]["id"] == "ket-hon"


@pytest.mark.parametrize(("part", "parts"), [(None, []), ("fee", ["fee"]), ("summary", []), ("case", [])])
def test_a_chosen_entry_is_answered_with_the_part_that_was_chosen(small, part, parts):
    found = answers.choose(small, "tay-mau", "khai-sinh", part)

    assert (found.outcome, found.reason, found.confidence) == (ANSWERED, "chosen", 1.0)
    assert found.findings[0]["parts"] == parts


def test_a_chosen_agency_is_told_as_one(small):
    assert answers.choose(small, "tay-mau", "elsewhere-ho-chieu", None).outcome == ELSEWHERE


def test_a_ward_or_an_entry_that_does_not_exist_is_an_error(small):
    with pytest.raises(UnknownWard, match="dong-mau"):
        answers.answer(small, "hoa-tinh", "đăng ký kết hôn")
    with pytest.raises(UnknownEntry, match="da-xoa"):
        answers.choose(small, "tay-mau", "da-xoa", None)
    with pytest.raises(UnknownEntry):
        answers.choose(small, "tay-mau", "plan-dong-mau-loa", None)


ids = st.sampled_from(
    ["khai-sinh", "ket-hon", "tam-tru", "plan-dong-mau", "plan-dong-mau-zalo", "faq-chien-dich-he", "da-xoa"]
)
contexts = st.builds(
    Context,
    entry=st.none() | ids,
    part=st.none() | st.sampled_from(["fee", "x"]),
    options=st.lists(ids.filter(lambda id: id != "da-xoa"), max_size=5).map(tuple),
)
words = st.lists(
    st.sampled_from(
        "khai sinh kết hôn lệ phí bao nhiêu và . , ? 1 hai cuối thế còn hộ chiếu xổ số đk tạm trú zalo loa huyện ko".split()
    ),
    max_size=25,
)


@given(question=st.one_of(words.map(" ".join), st.text(max_size=80)), context=contexts)
def test_any_question_in_any_context_ends_in_a_named_outcome(small, question, context):
    options = tuple(id for id in context.options if not id.startswith("plan"))

    found = answers.answer(small, "tay-mau", question, replace(context, options=options))

    assert found.outcome in OUTCOMES
    assert bool(found.findings) == (found.outcome == ANSWERED)
    assert bool(found.options) == (found.outcome == CLARIFY and found.reason != "no_topic")
    assert 0 <= found.confidence <= 1
    assert len(found.findings) <= 2
    assert len(found.options) <= 5


# Words that fit two entries ("mất giấy …"): their file says what tells the two apart.

FORKED = """
kind: procedure
field: Hộ tịch
entries:
- {id: trich-luc, title: Cấp bản sao từ sổ gốc, summary: Bản sao khi còn sổ., fee: {text: 8 nghìn}, as_of: '2026-07', sources: [Tự đặt]}
- id: con-dau-lai
  title: Làm lại con dấu gỗ
  aliases: [con dấu gỗ bị mất]
  summary: Khi mất cả sổ.
  fee: {text: 9 nghìn}
  as_of: '2026-07'
  sources: [Tự đặt]
  told_apart:
  - other: trich-luc
    question: Còn sổ, hay đã mất cả sổ ạ?
    words: [sổ]
    this_when: [mất cả sổ, không còn]
    other_when: [còn sổ, còn, không biết]
"""


@pytest.fixture(scope="module")
def forked(tmp_path_factory):
    folder = tmp_path_factory.mktemp("forked") / "content"
    shutil.copytree(SAMPLES / "library", folder)
    (folder / "common/procedures/dau.yml").write_text(FORKED, encoding="utf-8")
    return shelve(folder)


def test_words_that_fit_two_entries_are_asked_back_with_the_question_of_their_file(forked):
    found = answers.answer(forked, "tay-mau", "con dấu gỗ bị mất tốn bao nhiêu tiền")

    assert (found.outcome, found.reason) == (CLARIFY, "several_fit")
    assert found.difference == "Còn sổ, hay đã mất cả sổ ạ?"
    assert [(option["id"], option["part"]) for option in found.options] == [
        ("trich-luc", "fee"),
        ("con-dau-lai", "fee"),
    ]


def test_they_are_not_when_the_question_has_told_them_apart(forked):
    found = answers.answer(forked, "tay-mau", "con dấu gỗ bị mất mà sổ cũng mất")

    assert [finding["entry"]["id"] for finding in found.findings] == ["con-dau-lai"]
    assert "told_apart" not in found.findings[0]["content"]


@pytest.mark.parametrize(
    ("reply", "id"),
    [
        ("còn sổ ạ", "trich-luc"),
        ("con so", "trich-luc"),
        ("dạ còn", "trich-luc"),
        ("không biết nữa ạ", "trich-luc"),
        ("mất cả sổ luôn rồi", "con-dau-lai"),
        ("không còn ạ", "con-dau-lai"),
        ("2", "con-dau-lai"),
    ],
)
def test_the_reply_to_that_question_chooses(forked, reply, id):
    found = answers.answer(forked, "tay-mau", reply, Context(options=("trich-luc", "con-dau-lai")))

    assert [finding["entry"]["id"] for finding in found.findings] == [id]


@pytest.mark.parametrize("question", ["đăng ký kết hôn", "còn bãi giữ xe của phường thì sao"])
def test_what_is_no_reply_is_a_question_of_its_own(forked, question):
    found = answers.answer(forked, "tay-mau", question, Context(options=("trich-luc", "con-dau-lai")))

    assert not {"trich-luc", "con-dau-lai"} & {finding["entry"]["id"] for finding in found.findings}


@pytest.mark.parametrize(
    "question",
    [
        "mất giấy khai sinh",
        "mat giay khai sinh",
        "làm mất khai sinh",
        "mất giấy khai sinh xin lại",
        "mất giấy kết hôn",
        "mat giay chung tu",
    ],
)
def test_a_lost_paper_is_asked_back_between_a_copy_and_registering_again(shipped, question):
    found = answers.answer(shipped, "phuong-mau", question)

    assert found.outcome == CLARIFY
    copy, again = (option["id"] for option in found.options)
    assert copy == "trich-luc-ho-tich"
    assert again.startswith("dang-ky-lai-")
    assert "còn lưu sổ" in found.difference


@pytest.mark.parametrize(
    ("reply", "id"), [("sổ vẫn còn", "trich-luc-ho-tich"), ("mất cả sổ luôn", "dang-ky-lai-khai-sinh")]
)
def test_whether_the_register_is_kept_decides(shipped, reply, id):
    options = ("trich-luc-ho-tich", "dang-ky-lai-khai-sinh")

    found = answers.answer(shipped, "phuong-mau", reply, Context(options=options))

    assert [finding["entry"]["id"] for finding in found.findings] == [id]
