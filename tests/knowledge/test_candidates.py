"""
Every signal that the reranker weighs, against a slow and obvious way to the same number.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge import candidates
from knowledge.candidates import MOST, NAMES
from knowledge.items import FIELDS
from knowledge.text import fold, tokenise

QUESTIONS = [
    "đk ks cho con",
    "đăng ký kết hôn lệ phí bao nhiêu",
    "thuê trọ phải báo với ai",
    "sổ gốc khai sinh bị cháy thì làm lại thế nào",
    "xổ số miền bắc",
    "1.000003",
    "loa zalo kênh tuyên truyền",
    "zzz qqq",
    "",
]


def obvious(small, question, ward):
    """
    Return {item number: {signal: value}} of the candidates, looking at one passage after the other.
    """
    index, query = small.retriever.index, small.retriever.read(question)
    scores, vector = index.lexical.score(query.terms), small.retriever.embedder.query(query)
    words = {term: index.lexical.weigh(term) * weight for term, weight in query.terms.items() if "_" not in term}
    total = sum(words.values()) or 1.0
    numbers = candidates.find(index, small.retriever.embedder, query, ward).numbers
    vector_of = dict(zip(index.dense.rows.tolist(), index.dense.vectors, strict=True))
    found = {}
    row = 0
    by_item = []
    for item in index.items:
        by_item.append([(field, text, row + place) for place, (field, text) in enumerate(item.passages())])
        row += len(item.passages())
    for number in numbers:
        signals = {}
        held_anywhere = set()
        for name in FIELDS:
            passages = [(text, row) for field, text, row in by_item[number] if field == name]
            holding = {term for term in words for text, _ in passages if term in map(fold, tokenise(text))}
            held_anywhere |= holding
            cosines = [float(vector_of[row] @ vector) for _, row in passages if row in vector_of]
            cosines = sorted([cosine for cosine in cosines], reverse=True)
            signals[f"bm25_{name}"] = max((float(scores[row]) for _, row in passages), default=0.0) / total
            signals[f"dense_{name}"] = max([0.0, *cosines])
            signals[f"covered_{name}"] = sum(words[term] for term in holding) / total
            if name == "wording":
                signals["dense_wording_second"], signals["dense_wording_third"] = (cosines + [0.0] * 3)[1:3]
        signals["covered_any"] = sum(words[term] for term in held_anywhere) / total
        shares = []
        for title in index.items[number].titles:
            weights = {plain: index.lexical.weigh(plain) for plain in map(fold, tokenise(title))}
            shares.append(sum(weights[plain] for plain in weights if plain in words) / (sum(weights.values()) or 1.0))
        signals["title_covered"] = max(shares, default=0.0)
        signals["has_wordings"] = float(bool(index.items[number].wordings))
        found[int(number)] = signals
    for name in FIELDS:
        for kind in ("bm25", "dense"):
            values = [signals[f"{kind}_{name}"] for signals in found.values()]
            for signals in found.values():
                mine = signals[f"{kind}_{name}"]
                signals[f"{kind}_{name}_rank"] = 1 / sum(other >= mine - 1e-7 for other in values) if mine > 0 else 0.0
                if kind == "bm25":
                    signals[f"bm25_{name}_share"] = mine / max(values) if max(values) > 0 else 0.0
                else:
                    signals[f"dense_{name}_gap"] = mine - max(values)
    return found


@pytest.mark.parametrize("ward", ["dong-mau", "tay-mau"])
@pytest.mark.parametrize("question", QUESTIONS)
def test_every_signal_is_what_a_slow_look_at_each_passage_gives(small, question, ward):
    retriever = small.retriever

    found = candidates.find(retriever.index, retriever.embedder, retriever.read(question), ward)

    for number, expected in obvious(small, question, ward).items():
        row = found.signals[found.numbers.tolist().index(number)]
        given_signals = {name: float(row[NAMES.index(name)]) for name in expected}
        assert given_signals == pytest.approx(expected, abs=2e-4), retriever.index.items[number].id


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_unseen_share_is_the_weight_of_words_that_no_passage_holds(small, question):
    index, query = small.retriever.index, small.retriever.read(question)
    weights = {term: index.lexical.weigh(term) * weight for term, weight in query.terms.items() if "_" not in term}
    unseen = sum(weight for term, weight in weights.items() if term not in index.seen)

    found = candidates.find(index, small.retriever.embedder, query, "tay-mau")

    if len(found.numbers):
        assert found.unseen == pytest.approx(unseen / (sum(weights.values()) or 1.0), abs=1e-4)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.sampled_from("đăng ký khai sinh lại kết hôn tạm trú loa zalo xổ số hộ chiếu".split()), max_size=6).map(
        " ".join
    )
)
def test_candidates_are_what_the_ward_sees_each_once_best_first(small, question):
    retriever = small.retriever

    found = candidates.find(retriever.index, retriever.embedder, retriever.read(question), "tay-mau")

    first = found.signals[:, NAMES.index("first_score")]
    assert len(found.numbers) <= MOST + 1
    assert len(set(found.numbers.tolist())) == len(found.numbers)
    assert all(retriever.index.allowed("tay-mau")[found.numbers])
    assert np.all(np.diff(first) <= 1e-6)
    assert found.signals.shape == (len(found.numbers), len(NAMES))
    assert np.isfinite(found.signals).all()
