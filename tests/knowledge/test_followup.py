import pytest

from knowledge import answer as answers
from knowledge import followup
from knowledge.outcomes import ANSWERED, CLARIFY, Context

OPTIONS = Context(options=("khai-sinh", "khai-sinh-lai", "ket-hon"))


@pytest.mark.parametrize(
    ("said", "option"),
    [
        ("1", "khai-sinh"),
        ("số 2", "khai-sinh-lai"),
        ("so 2", "khai-sinh-lai"),
        ("cái thứ ba", "ket-hon"),
        ("cái đầu tiên", "khai-sinh"),
        ("mục 3 nhé", "ket-hon"),
        ("chọn 2", "khai-sinh-lai"),
        ("chọn số 2 nha", "khai-sinh-lai"),
        ("hai", "khai-sinh-lai"),
        ("cuối", "ket-hon"),
        ("cái cuối cùng", "ket-hon"),
        ("cái nhất", "khai-sinh"),
        ("đăng ký lại", "khai-sinh-lai"),
        ("dang ky lai", "khai-sinh-lai"),
        ("kết hôn", "ket-hon"),
        ("lần đầu", "khai-sinh"),
    ],
)
def test_an_option_is_chosen_by_its_number_or_by_words_that_only_it_holds(small, said, option):
    assert followup.pick(small, "tay-mau", said, OPTIONS) == option


@pytest.mark.parametrize(
    "said",
    [
        "4",
        "số 5",
        "9",
        "không phải",
        "đăng ký",
        "khai sinh",
        "lệ phí",
        "",
        "?",
        "em muốn hỏi chuyện khác cơ mà sao lại ra ba cái này vậy",
    ],
)
def test_what_fits_no_option_or_several_chooses_none(small, said):
    assert followup.pick(small, "tay-mau", said, OPTIONS) is None


@pytest.mark.parametrize("said", ["1", "hai", "cuối", "đăng ký lại"])
def test_without_options_a_number_chooses_nothing(small, said):
    assert followup.pick(small, "tay-mau", said, Context(entry="khai-sinh")) is None


def test_an_option_that_is_gone_from_the_content_is_passed_over(small):
    assert followup.pick(small, "tay-mau", "kết hôn", Context(options=("da-xoa", "ket-hon", "khai-sinh"))) == "ket-hon"


@pytest.mark.parametrize(
    ("question", "part"),
    [
        ("thế còn lệ phí?", "fee"),
        ("the con le phi", "fee"),
        ("mấy ngày có ạ", "time"),
        ("vậy nộp ở đâu", "place"),
        ("làm online được không", "online"),
        ("còn mẫu nào", "form"),
        ("cần giấy tờ gì", "papers"),
        ("ai được đi làm", "applicants"),
        ("bn tiền z", "fee"),
    ],
)
def test_a_part_asked_for_alone_is_that_of_what_was_talked_about(small, question, part):
    found = answers.answer(small, "tay-mau", question, Context(entry="khai-sinh", part="papers"))

    assert found.outcome == ANSWERED
    assert found.findings[0]["entry"]["id"] == "khai-sinh"
    assert found.findings[0]["parts"] == [part]


def test_a_case_of_what_was_talked_about_is_found_by_few_words(small):
    found = answers.answer(small, "tay-mau", "còn nếu quá hạn thì sao", Context(entry="khai-sinh", part="fee"))

    assert found.findings[0]["entry"]["id"] == "khai-sinh"
    assert found.findings[0]["case"]["about"] == "Quá hạn mới đi làm"


@pytest.mark.parametrize(
    "question", ["hai đứa muốn lấy nhau thì đăng ký ra sao", "thuê trọ phải báo với ai", "gọi cho phường số nào"]
)
def test_a_question_with_a_topic_of_its_own_leaves_what_was_talked_about(small, question):
    found = answers.answer(small, "tay-mau", question, Context(entry="khai-sinh", part="fee"))

    assert found.findings[0]["entry"]["id"] != "khai-sinh"


@pytest.mark.parametrize(
    "gone", ["", *(pytest.param(id) for id in ("plan-dong-mau-zalo", "da-xoa", "elsewhere-ho-chieu"))]
)
def test_what_this_ward_cannot_answer_from_is_forgotten(small, gone):
    leaning = answers.answer(small, "tay-mau", "thế còn lệ phí?", Context(entry=gone))

    assert leaning == answers.answer(small, "tay-mau", "thế còn lệ phí?")


def test_a_number_typed_back_answers_the_part_that_had_been_asked(small):
    found = answers.answer(small, "tay-mau", "2", OPTIONS)

    assert found.outcome == ANSWERED
    assert found.findings[0]["entry"]["id"] == "khai-sinh-lai"


def test_a_few_words_that_single_out_one_option_choose_it(small):
    found = answers.answer(small, "tay-mau", "sổ gốc bị cháy ạ", Context(options=("khai-sinh", "khai-sinh-lai")))

    assert found.outcome == ANSWERED
    assert found.findings[0]["entry"]["id"] == "khai-sinh-lai"


def test_a_part_asked_for_while_the_choice_is_open_leaves_it_open_with_that_part(small):
    found = answers.answer(small, "tay-mau", "lệ phí bao nhiêu", Context(options=("khai-sinh", "khai-sinh-lai")))

    assert found.outcome == CLARIFY
    assert [(option["id"], option["part"]) for option in found.options] == [
        ("khai-sinh", "fee"),
        ("khai-sinh-lai", "fee"),
    ]


def test_the_name_of_another_matter_is_not_squeezed_into_the_options(shipped):
    menu = Context(options=("khai-sinh", "chung-thuc-ban-sao", "dang-ky-tam-tru", "xac-nhan-hon-nhan"))

    found = answers.answer(shipped, "phuong-mau", "lệ phí đăng ký kết hôn", menu)

    assert (found.outcome, found.findings[0]["entry"]["id"]) == (ANSWERED, "ket-hon")


def test_a_new_question_instead_of_a_choice_is_a_new_question(small):
    found = answers.answer(
        small, "tay-mau", "hai đứa muốn lấy nhau thì đăng ký ra sao", Context(options=("khai-sinh", "khai-sinh-lai"))
    )

    assert found.findings[0]["entry"]["id"] == "ket-hon"
