import math
from itertools import pairwise, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.restore import BACKOFF, UNSEEN_PAIR, Spellings
from knowledge.text import fold, tokenise

TEXTS = [
    "đăng ký khai sinh",
    "đăng ký khai tử",
    "lệ phí khai sinh",
    "làm giấy kết hôn",
    "đang ở trọ",
    "khai sinh cho con",
    "cô ấy họ Lê",
] * 3
LEARNED = Spellings.count(map(tokenise, TEXTS))


def obvious_best(spellings: Spellings, tokens: list[str]) -> float:
    """
    Return the cost of the likeliest path by trying every one.
    """
    total = sum(spellings.single.values())

    def cost(path):
        out = 0.0
        for before, spelling in pairwise(["", *path]):
            alone = (spellings.single.get(spelling, 0) + UNSEEN_PAIR) / total
            together = (
                spellings.pairs.get(f"{before} {spelling}", 0) / spellings.single[before]
                if before in spellings.single
                else 0
            )
            out -= math.log((1 - BACKOFF) * together + BACKOFF * alone)
        return out

    choices = [spellings.of.get(token, [token]) if fold(token) == token else [token] for token in tokens]
    found = tuple(spellings.restore(tokens))
    assert found in set(product(*choices))
    assert cost(found) == pytest.approx(min(map(cost, product(*choices))))
    return cost(found)


@settings(max_examples=60)
@given(st.lists(st.sampled_from("dang ki khai sinh tu le phi co ho ket đăng zalo".split()), max_size=5))
def test_no_other_way_of_marking_the_question_is_likelier(tokens):
    obvious_best(LEARNED, tokens)


def test_the_neighbours_decide_between_two_spellings():
    assert LEARNED.restore("dang ki khai sinh".split()) == ["đăng", "kí", "khai", "sinh"]
    assert LEARNED.restore("dang o tro".split()) == ["đang", "ở", "trọ"]


def test_what_was_typed_with_marks_stays_and_what_nobody_wrote_stays_plain():
    assert LEARNED.restore(["đâng", "zalo", "1.001193"]) == ["đâng", "zalo", "1.001193"]


@given(st.lists(st.sampled_from("dang ki khai sinh tu le phi co ho ket zalo 123".split()), max_size=8))
def test_only_marks_are_added(tokens):
    assert [fold(token) for token in LEARNED.restore(tokens)] == tokens


def test_texts_without_any_mark_teach_nothing():
    assert Spellings.count([["dang", "ki"]] * 9).single == {}


def test_a_table_without_counts_restores_nothing(tmp_path):
    empty = Spellings.load(tmp_path / "khong-co.tsv")

    assert empty.restore(["dang", "ki"]) == ["dang", "ki"]
    assert empty.restore([]) == []


def test_counts_are_saved_and_read_back(tmp_path):
    LEARNED.save(tmp_path / "spellings.tsv")

    loaded = Spellings.load(tmp_path / "spellings.tsv")

    assert (loaded.single, loaded.pairs) == (LEARNED.single, LEARNED.pairs)
