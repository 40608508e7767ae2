import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.candidates import NAMES
from knowledge.confidence import EVIDENCE, Confidence, Thresholds, answerable, evidence, family_shares
from knowledge.items import OUTSIDE, Item
from knowledge.query import Query
from knowledge.retrieve import Hit, Ranking

KINDS = ["procedure", "service", "faq", "plan", "elsewhere", OUTSIDE]


def hit(id, share, kind="procedure", family="", **signals):
    row = np.zeros(len(NAMES), dtype=np.float32)
    for name, value in signals.items():
        row[NAMES.index(name)] = value
    return Hit(Item(id, kind, (id,), family=family), math.log(share + 1e-9), share, row)


def ranking(*hits, unseen=0.0, typed=("khai", "sinh")):
    return Ranking(Query(" ".join(typed), typed, typed, (), (), {}), list(hits), unseen)


def value(given_ranking, name):
    return evidence(given_ranking)[EVIDENCE.index(name)]


several = st.lists(
    st.builds(hit, st.uuids().map(str), st.floats(0.001, 1), st.sampled_from(KINDS), st.sampled_from(["", "a", "b"])),
    min_size=1,
    max_size=12,
)


@given(several)
def test_a_familys_share_is_the_sum_of_its_members(hits):
    shares = family_shares(hits)

    for name, share in shares.items():
        assert share == pytest.approx(sum(each.share for each in hits if (each.item.family or each.item.id) == name))
    assert list(shares.values()) == sorted(shares.values(), reverse=True)


@given(several)
def test_what_is_outside_or_elsewhere_is_not_answered_from(hits):
    assert [each.item.kind for each in answerable(ranking(*hits))] == [
        each.item.kind for each in hits if each.item.kind in KINDS[:4]
    ]


@given(several)
def test_the_evidence_is_finite_whatever_the_ranking(hits):
    facts = evidence(ranking(*hits))

    assert facts.shape == (len(EVIDENCE),)
    assert facts.dtype == np.float32
    assert np.isfinite(facts).all()


def test_the_evidence_of_a_plain_ranking_is_what_a_hand_computes():
    plain = ranking(
        hit("khai-sinh", 0.5, family="ks", dense_wording=0.8, covered_any=0.9),
        hit("khai-sinh-lai", 0.2, family="ks"),
        hit("xo-so", 0.2, OUTSIDE),
        hit("ho-chieu", 0.06, "elsewhere"),
        hit("ket-hon", 0.04),
        unseen=0.25,
        typed=("một",) * 5,
    )

    assert value(plain, "share") == pytest.approx(0.5)
    assert value(plain, "family_share") == pytest.approx(0.7)
    assert value(plain, "odds") == pytest.approx(math.log(0.7001 / 0.0401), abs=1e-3)
    assert value(plain, "outside_share") == pytest.approx(0.2)
    assert value(plain, "elsewhere_share") == pytest.approx(0.06)
    assert value(plain, "unseen") == pytest.approx(0.25)
    assert value(plain, "tokens") == pytest.approx(0.25)
    assert value(plain, "dense_wording") == pytest.approx(0.8)
    assert value(plain, "covered_any") == pytest.approx(0.9)


def test_the_first_answerable_hit_is_judged_even_behind_one_outside():
    behind = ranking(hit("xo-so", 0.9, OUTSIDE, dense_wording=0.9), hit("khai-sinh", 0.1, dense_wording=0.3))

    assert value(behind, "share") == pytest.approx(0.1)
    assert value(behind, "dense_wording") == pytest.approx(0.3)


@given(several, st.lists(st.floats(-3, 3), min_size=len(EVIDENCE) + 1, max_size=len(EVIDENCE) + 1))
def test_both_judgements_are_logistic_functions_of_the_evidence(hits, weights):
    given_weights = np.array(weights, dtype=np.float32)
    given_ranking = ranking(*hits)
    added = weights[0] + sum(
        float(fact) * weight for fact, weight in zip(evidence(given_ranking), weights[1:], strict=True)
    )

    right, inside = Confidence(given_weights, -given_weights, Thresholds()).judge(given_ranking)

    obvious = 1 / (1 + math.exp(-max(-30, min(30, added))))
    assert right == pytest.approx(obvious, abs=1e-4)
    assert inside == pytest.approx(1 - obvious, abs=1e-4)


def test_a_ranking_without_hits_is_neither_right_nor_ours():
    assert Confidence.load().judge(ranking()) == (0.0, 0.0)


def test_what_was_learned_is_read_by_name(tmp_path):
    path = tmp_path / "confidence.json"
    learned = {
        "right": {"bias": -1.0, "share": 2.0, "đã bỏ": 5.0},
        "inside": {"bias": 0.5},
        "thresholds": {"inside": 0.4, "right": 0.7},
    }
    path.write_text(json.dumps({"encoder": learned, "lexical": {**learned, "inside": {"bias": 0.25}}}))

    confidence = Confidence.load(path)

    assert Confidence.load(path, encoder=False).inside[0] == 0.25

    assert confidence.right[0] == -1.0
    assert confidence.right[1 + EVIDENCE.index("share")] == 2.0
    assert confidence.right.sum() == 1.0
    assert confidence.inside.tolist() == [0.5] + [0.0] * len(EVIDENCE)
    assert confidence.thresholds == Thresholds(inside=0.4, right=0.7)


def test_without_what_was_learned_there_are_rules_of_thumb(tmp_path):
    confidence = Confidence.load(tmp_path / "khong-co.json")
    clear = ranking(hit("khai-sinh", 0.98, dense_wording=0.95, dense_title=0.9))
    outside = ranking(hit("xo-so", 0.98, OUTSIDE), hit("khai-sinh", 0.02))

    assert confidence.judge(clear)[0] > 0.6
    assert confidence.judge(clear)[1] > 0.5
    assert confidence.judge(outside)[1] < 0.1


def test_the_thresholds_we_ship_are_shares():
    limits = Confidence.load().thresholds

    assert 0 < limits.inside < 1
    assert 0 < limits.right < 1
    assert 0 < limits.alone < 1
