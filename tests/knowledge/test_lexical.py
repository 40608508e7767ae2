import itertools
import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.lexical import K1, PAIR_WEIGHT, B, Lexical, terms
from knowledge.text import fold, tokenise

TEXTS = [
    "Đăng ký khai sinh",
    "Đăng ký khai sinh có yếu tố nước ngoài",
    "đăng ký kết hôn, đăng ký lại kết hôn",
    "lệ phí hộ tịch",
    "",
    "giấy khai sinh khai sinh khai sinh",
]
words = st.sampled_from("đăng ký khai sinh kết hôn lệ phí giấy hộ tịch ma má mà".split())
texts = st.lists(st.lists(words, max_size=8).map(" ".join), min_size=1, max_size=12)
asked_terms = st.dictionaries(
    st.sampled_from(["dang", "ki", "dang_ki", "khai", "khai_sinh", "ma", "ma_ma", "la"]),
    st.sampled_from([0.35, 0.85, 1.0]),
)


def obvious_bm25(collection: list[str], asked: dict[str, float]) -> list[float]:
    """
    Score every text by the formula as the paper prints it, one term after the other.
    """
    bags = []
    for text in collection:
        tokens = [fold(token) for token in tokenise(text)]
        bags.append(tokens + [f"{left}_{right}" for left, right in itertools.pairwise(tokens)])
    average = sum(map(len, bags)) / len(bags)
    scores = []
    for bag in bags:
        score = 0.0
        for term, weight in asked.items():
            holding = sum(term in other for other in bags)
            idf = math.log(1 + (len(bags) - holding + 0.5) / (holding + 0.5))
            count = bag.count(term)
            fraction = count * (K1 + 1) / (count + K1 * (1 - B + B * len(bag) / max(average, 1e-9)))
            score += idf * fraction * weight * (PAIR_WEIGHT if "_" in term else 1.0)
        scores.append(score)
    return scores


@settings(max_examples=60)
@given(texts, asked_terms)
def test_scores_are_those_of_the_formula_as_printed(collection, asked):
    assert Lexical.build(collection).score(asked) == pytest.approx(obvious_bm25(collection, asked), abs=1e-4)


def test_the_text_that_says_it_wins():
    scores = Lexical.build(TEXTS).score({"khai": 1.0, "sinh": 1.0, "khai_sinh": 1.0})

    assert int(np.argmax(scores)) == 5
    assert scores[3] == scores[4] == 0


def test_marks_make_no_difference_to_a_score():
    lexical = Lexical.build(TEXTS)

    assert lexical.score(terms(tokenise("đăng ký kết hôn"))) == pytest.approx(
        lexical.score(terms(tokenise("dang ky ket hon")))
    )


def test_a_term_that_no_text_holds_scores_nothing_and_weighs_most():
    lexical = Lexical.build(TEXTS)

    assert not lexical.score({"zalo": 1.0}).any()
    assert lexical.weigh("zalo") >= max(map(lexical.weigh, lexical.vocabulary))


def test_terms_are_syllables_and_pairs_counted():
    assert terms(["đăng", "kí", "đăng", "kí"]) == Counter({"dang": 2, "ki": 2, "dang_ki": 2, "ki_dang": 1})


@pytest.mark.parametrize("collection", [TEXTS, ["một"]])
def test_a_saved_index_scores_the_same_from_mapped_memory(tmp_path, collection):
    built = Lexical.build(collection)
    built.save(tmp_path / "lexical")

    loaded = Lexical.load(tmp_path / "lexical")

    asked = {term: 1.0 for term in built.vocabulary}
    assert isinstance(loaded.weights.base, np.memmap)
    assert loaded.vocabulary == built.vocabulary
    assert loaded.size == len(collection)
    assert loaded.score(asked) == pytest.approx(built.score(asked))


@pytest.mark.parametrize("collection", [[], [""], ["?!"]])
def test_a_collection_without_a_single_word_can_be_saved_and_opened(tmp_path, collection):
    Lexical.build(collection).save(tmp_path / "lexical")

    loaded = Lexical.load(tmp_path / "lexical")

    assert loaded.size == len(collection)
    assert loaded.score({"khai": 1.0}).tolist() == [0.0] * len(collection)
