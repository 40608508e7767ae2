import pytest

from knowledge.parts import PARTS, asked, topic
from knowledge.text import fold, normalise, tokenise
from tests.knowledge.conftest import SAMPLES


def table():
    for line in (SAMPLES / "parts.tsv").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            question, parts, note = ([*line.split("\t"), "", ""])[:3]
            yield question, [part for part in parts.split(",") if part], note == "marked"


TABLE = list(table())


def test_the_table_is_long_and_asks_for_every_part_and_for_none():
    assert len(TABLE) >= 200
    assert {part for _, parts, _ in TABLE for part in parts} == set(PARTS)
    assert sum(not parts for _, parts, _ in TABLE) >= 20


@pytest.mark.parametrize(("question", "parts"), [(question, parts) for question, parts, _ in TABLE])
def test_the_part_that_is_asked_for_is_recognised(question, parts):
    assert asked(tokenise(question)) == parts


@pytest.mark.parametrize(("question", "parts"), [(question, parts) for question, parts, marked in TABLE if not marked])
def test_the_part_that_is_asked_for_is_recognised_without_marks(question, parts):
    assert asked(tokenise(fold(normalise(question)))) == parts


@pytest.mark.parametrize(("question", "parts"), [(question, parts) for question, parts, _ in TABLE[::4]])
def test_capitals_punctuation_and_politeness_change_nothing(question, parts):
    assert asked(tokenise(f"Dạ cho em hỏi, {question.upper()} ạ???")) == parts


@pytest.mark.parametrize(
    "question",
    [
        "thế còn lệ phí?",
        "bao lâu thì có",
        "vậy nộp ở đâu ạ",
        "con nop online thi sao",
        "mấy ngày",
        "cần giấy tờ gì",
        "bn tiền z",
        "hs gồm j v ad",
        "nộp ở mô rứa",
        "",
    ],
)
def test_a_question_about_a_part_alone_has_no_topic_of_its_own(question):
    assert topic(tokenise(question)) == []


@pytest.mark.parametrize(
    ("question", "about"),
    [
        ("lệ phí khai sinh bao nhiêu", "sinh"),
        ("đăng ký kết hôn nộp ở đâu", "hon"),
        ("làm tạm trú mấy ngày", "tam"),
        ("zalo của phường", "zalo"),
        ("tạm vắng 3 tháng cần giấy gì", "vang"),
        ("thế còn khai tử", "tu"),
        ("vậy công chứng thì sao", "chung"),
        ("còn bản sao thì mất bao lâu", "ban"),
        ("ly hôn rồi thì sao", "hon"),
    ],
)
def test_what_a_question_is_about_is_left_when_the_part_is_taken_away(question, about):
    assert about in topic(tokenise(question))
    assert topic(tokenise(fold(normalise(question)))) == topic(tokenise(question))


def test_numbers_are_no_topic():
    assert topic(tokenise("mất 60 ngày à")) == []
