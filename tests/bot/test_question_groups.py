from __future__ import annotations

import random
import time

import pytest

from bot.question_groups import folded, group, tokens

KEEPING_A_DOG = [
    "nuôi chó có phải đăng ký không ạ",
    "nuoi cho can dang ky gi",
    "Cho em hỏi đăng ký nuôi chó",
    "đăng ký nuôi chó ở đâu",
]
BOARDING = ["giờ đóng cửa của thư viện phường", "thư viện phường mấy giờ đóng cửa", "thu vien phuong may gio dong cua"]


def test_marks_case_and_courtesy_do_not_count() -> None:
    assert folded("ĐĂNG KÝ khai sinh") == "dang ky khai sinh"
    assert tokens("Dạ cho em hỏi KHAI SINH ạ") == tokens("khai sinh") == ["khai", "sinh"]
    assert tokens("dạ alo ạ") == ["da", "alo", "a"]


def test_questions_that_mean_the_same_stand_together() -> None:
    texts = [*KEEPING_A_DOG, *BOARDING, "xin số điện thoại trạm y tế"]

    found = group(texts)

    assert sorted(sorted(texts[one] for one in members) for members in found) == sorted(
        [sorted(KEEPING_A_DOG), sorted(BOARDING), texts[-1:]]
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("đăng ký khai sinh", "đăng ký khai tử"),
        ("lệ phí đăng ký kết hôn", "lệ phí chứng thực bản sao"),
        ("cấp lại sổ đỏ bị mất", "cấp lại thẻ bảo hiểm y tế bị mất"),
    ],
)
def test_questions_that_share_only_common_words_stay_apart(one: str, other: str) -> None:
    assert len(group([one, other, *KEEPING_A_DOG, *BOARDING])) == 4


def test_the_same_texts_give_the_same_groups_and_every_question_stands_in_one() -> None:
    texts = [*KEEPING_A_DOG, *BOARDING, "", "???", "1"]

    assert group(texts) == group(list(texts))
    assert sorted(one for members in group(texts) for one in members) == list(range(len(texts)))


def test_five_thousand_questions_are_grouped_in_a_moment() -> None:
    made = random.Random(5)
    syllables = [
        f"{a}{b}" for a in "b c d g h k l m n t".split() for b in "a an ang anh o on ong u ung inh ien oi".split()
    ]
    topics = [" ".join(made.choices(syllables, k=made.randint(3, 8))) for _ in range(600)]
    before, after = ["", "cho em hỏi ", "dạ "], ["", " ở đâu", " bao nhiêu tiền", " ạ"]
    texts = [made.choice(before) + made.choice(topics) + made.choice(after) for _ in range(5000)]

    began = time.perf_counter()
    found = group(texts)
    took = time.perf_counter() - began

    print(f"{len(texts)} questions, {len(found)} groups of {len(set(topics))} topics, {took:.2f} s")
    assert took < 3
    assert len(found) <= 1.3 * len(topics)
