import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.candidates import NAMES
from knowledge.rerank import Reranker, fit, softmax

scores = st.lists(st.floats(-50, 50, width=32), min_size=1, max_size=30)


@given(scores)
def test_shares_are_the_exponentials_over_their_sum(values):
    obvious = [math.exp(value) / sum(math.exp(other) for other in values) for value in values]

    assert softmax(np.array(values, dtype=np.float32)) == pytest.approx(obvious, abs=1e-4)


@given(scores, st.floats(-20, 20, width=32))
def test_shares_do_not_depend_on_where_the_scores_begin(values, shift):
    given_scores = np.array(values, dtype=np.float32)

    assert softmax(given_scores + np.float32(shift)) == pytest.approx(softmax(given_scores), abs=1e-3)


def test_no_candidates_have_no_shares():
    assert len(softmax(np.zeros(0, dtype=np.float32))) == 0


def test_a_score_is_the_sum_of_signals_times_weights():
    chance = np.random.default_rng(1)
    signals = chance.random((5, len(NAMES)), dtype=np.float32)
    reranker = Reranker(*(chance.random(len(NAMES), dtype=np.float32) for _ in range(3)))

    for options, weights in (
        ({}, reranker.weights),
        ({"wordings": False}, reranker.bare),
        ({"encoder": False}, reranker.lexical),
        ({"encoder": False, "wordings": False}, reranker.lexical),
    ):
        obvious = [
            sum(float(signal) * float(weight) for signal, weight in zip(row, weights, strict=True)) for row in signals
        ]
        assert reranker.score(signals, **options) == pytest.approx(obvious, rel=1e-4)


def test_weights_are_read_by_name_and_an_unknown_or_missing_one_counts_nothing(tmp_path):
    path = tmp_path / "reranker.json"
    path.write_text(json.dumps({"weights": {"dense_wording": 2.5, "một tín hiệu đã bỏ": 9.0}}))

    reranker = Reranker.load(path)

    assert reranker.weights[NAMES.index("dense_wording")] == 2.5
    assert reranker.weights.sum() == 2.5
    assert (reranker.bare == reranker.weights).all()


def test_without_learned_weights_the_first_score_decides(tmp_path):
    reranker = Reranker.load(tmp_path / "khong-co.json")
    signals = np.zeros((3, len(NAMES)), dtype=np.float32)
    signals[:, NAMES.index("first_score")] = [0.1, 0.9, 0.5]

    assert np.argsort(-reranker.score(signals)).tolist() == [1, 2, 0]


def some_questions(true_weights: np.ndarray, count: int, seed: int = 3):
    chance = np.random.default_rng(seed)
    groups = []
    for _ in range(count):
        signals = chance.normal(size=(8, len(true_weights))).astype(np.float32)
        right = np.zeros(8, dtype=bool)
        right[int(np.argmax(signals @ true_weights + chance.gumbel(size=8)))] = True
        groups.append((signals, right))
    return groups


def test_the_fit_finds_again_the_weights_that_made_the_answers():
    true_weights = np.array([2.0, -1.0, 0.0, 0.5])

    found = fit(some_questions(true_weights, 1500), penalty=0.1)

    assert found == pytest.approx(true_weights, abs=0.25)


def test_no_small_step_away_from_the_fit_is_better():
    groups, penalty = some_questions(np.array([1.0, -1.0, 0.3]), 60), 1.0
    spread = np.concatenate([signals for signals, _ in groups]).std(axis=0)
    found = fit(groups, penalty=penalty)

    def loss(weights):
        total = penalty * float(((weights * spread) ** 2).sum())
        for signals, right in groups:
            raised = [math.exp(float(value)) for value in signals @ weights]
            total -= math.log(sum(value for value, good in zip(raised, right, strict=True) if good) / sum(raised))
        return total

    for place in range(3):
        for step in (-0.05, 0.05):
            moved = found.copy()
            moved[place] += step
            assert loss(moved) > loss(found)


def test_a_signal_that_never_varies_and_questions_without_a_right_answer_teach_nothing():
    groups = some_questions(np.array([1.0, 0.5]), 200)
    constant = [(np.c_[signals, np.full(len(signals), 7.0, dtype=np.float32)], right) for signals, right in groups]
    useless = [
        (np.ones((3, 3), dtype=np.float32), np.zeros(3, dtype=bool)),
        (np.ones((2, 3), dtype=np.float32), np.ones(2, dtype=bool)),
    ]

    found = fit([*constant, *useless])

    assert found[2] == 0
    assert found[:2] == pytest.approx(fit(groups), abs=1e-3)
