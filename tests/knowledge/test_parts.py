import timeit
from hashlib import blake2b
from pathlib import Path

import pytest

from knowledge import questions
from knowledge.parts import PARTS, Learned, asked, by_patterns, features, topic
from knowledge.text import fold, normalise, tokenise
from knowledge.training.parts import figures
from tests.knowledge.conftest import HERE, SAMPLES


def table(path):
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            question, parts, note = ([*line.split("\t"), "", ""])[:3]
            yield question, [part for part in parts.split(",") if part], note


def second_half(question: str) -> bool:
    """
    Tell whether a question of `parts_questions.tsv` is one whose mistakes nobody looks at.
    """
    return int.from_bytes(blake2b(question.encode(), digest_size=4).digest()) % 2 == 1


def reached(rows, *, marks=True) -> dict[str, float]:
    return figures(
        (asked(tokenise(question if marks else fold(normalise(question)))), frozenset(parts))
        for question, parts in rows
    )


TABLE = [(question, parts, note == "marked") for question, parts, note in table(SAMPLES / "parts.tsv")]
FRESH = [(question, parts) for question, parts, _ in table(HERE / "parts_questions.tsv")]


def test_the_table_is_long_and_asks_for_every_part_and_for_none():
    assert len(TABLE) >= 200
    assert {part for _, parts, _ in TABLE for part in parts} == set(PARTS)
    assert sum(not parts for _, parts, _ in TABLE) >= 20


@pytest.mark.parametrize(("question", "parts"), [(question, parts) for question, parts, _ in TABLE])
def test_the_part_that_is_asked_for_is_matched_by_a_pattern(question, parts):
    assert by_patterns(tokenise(question)) == parts


@pytest.mark.parametrize(("question", "parts"), [(question, parts) for question, parts, marked in TABLE if not marked])
def test_the_part_that_is_asked_for_is_matched_without_marks(question, parts):
    assert by_patterns(tokenise(fold(normalise(question)))) == parts


@pytest.mark.parametrize(("question", "parts"), [(question, parts) for question, parts, _ in TABLE[::4]])
def test_capitals_punctuation_and_politeness_change_nothing(question, parts):
    assert by_patterns(tokenise(f"Dạ cho em hỏi, {question.upper()} ạ???")) == parts


def test_what_was_learned_keeps_to_what_the_patterns_are_sure_of(floors):
    rows = [(question, parts) for question, parts, _ in TABLE]

    assert reached(rows)["exact"] >= floors["parts_of_the_table"]
    assert reached(rows)["whole"] >= floors["parts_of_the_table"]


@pytest.mark.parametrize("marks", [True, False])
@pytest.mark.parametrize("half", [False, True])
def test_parts_of_questions_that_were_written_before_anything_was_learned(floors, half, marks):
    measured = reached([row for row in FRESH if second_half(row[0]) == half], marks=marks)

    assert measured["exact"] >= floors["parts_exact"], measured
    assert measured["among"] >= floors["parts_among"], measured
    assert measured["whole"] >= floors["parts_of_the_whole"], measured


def test_the_fresh_questions_ask_for_every_part_for_two_and_for_none():
    assert sum(bool(parts) for _, parts in FRESH) >= 240
    assert sum(not parts for _, parts in FRESH) >= 60
    assert sum(len(parts) > 1 for _, parts in FRESH) >= 20
    assert {part for _, parts in FRESH for part in parts} == set(PARTS)
    assert len({question for question, _ in FRESH}) == len(FRESH)


def test_parts_of_the_questions_of_other_hands(floors):
    rows = [(row.turns[-1], row.aspect) for row in questions.read(HERE / "questions.tsv", "phuong-mau")]

    measured = reached([(question, [aspect]) for question, aspect in rows if aspect in PARTS])

    assert measured["among"] >= floors["parts_of_other_hands"], measured


def test_reading_the_parts_takes_less_than_a_fifth_of_a_millisecond():
    typed = [tokenise(question) for question, _ in FRESH]

    seconds = min(timeit.repeat(lambda: [asked(tokens) for tokens in typed], number=1, repeat=5))

    assert seconds / len(typed) < 0.0002


def test_without_a_file_of_weights_the_patterns_decide_alone():
    assert Learned.load(Path("khong-co.json")) is None


def test_weights_are_read_in_the_order_of_the_parts(tmp_path):
    turned = ", ".join(f'"{part}"' for part in reversed(PARTS))
    path = tmp_path / "parts.json"
    path.write_text(
        f'{{"parts": [{turned}], "limit": 0.5, "bias": {[-1] * len(PARTS)}, "weights": {{"le phi": {list(range(10))}}}}}'
    )

    learned = Learned.load(path)

    assert learned.weights["le phi"] == tuple(reversed(range(10)))
    assert learned.asked(tokenise("lệ phí")) == [
        part for part, weight in zip(PARTS, range(9, -1, -1), strict=True) if weight >= 1
    ]


def test_a_question_shows_its_words_their_neighbours_and_what_the_patterns_say():
    shown = features(tokenise("Phí bao nhiêu ạ?"))

    assert {"phi", "^ phi", "bao nhieu", "nhieu $", "phi * nhieu", "?fee", "!fee", "~?fee"} <= shown
    assert not any(feature == "a" for feature in shown)
    assert {"!none", "~!none"} <= features(tokenise("đăng ký kết hôn"))


def test_of_a_story_only_the_end_is_read_word_by_word():
    shown = features(tokenise("lệ phí " + "dài dòng " * 12 + "bao lâu thì xong"))

    assert "le" not in shown
    assert {"?fee", "~?time"} <= shown
    assert "~?fee" not in shown


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
