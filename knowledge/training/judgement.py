"""
Learns when to answer, when to ask back and when to refuse, from held-out questions in and out of scope.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from knowledge.confidence import EVIDENCE, answerable, evidence
from knowledge.items import OUTSIDE, Item
from knowledge.rerank import Reranker, softmax
from knowledge.retrieve import Hit, Ranking
from knowledge.training.folds import Held

# Held-out questions are harder than those of the day: a third of the wordings is missing. On the repository's own
# questions the shares come out at about half of these (docs/encoder.md).
WRONG_ALLOWED = 0.038  # of questions in scope: answered from the wrong entry
REFUSED_ALLOWED = 0.025  # of questions in scope
OUTSIDE_ALLOWED = 0.01  # of questions out of scope: answered as if in scope
Floats = npt.NDArray[np.float32]


def ranking(held: Held, reranker: Reranker) -> Ranking:
    """
    Order a held-out question's candidates as the service would.
    """
    scores = reranker.score(held.found.signals)
    shares = softmax(scores)
    order = np.argsort(-scores, kind="stable")
    hits = [
        Hit(held.items[place], float(scores[place]), float(shares[place]), held.found.signals[place]) for place in order
    ]
    return Ranking(held.found.query, hits, held.found.unseen)


def logistic(facts: Floats, truth: npt.NDArray[np.bool_], weight: Floats | None = None) -> tuple[Floats, Floats]:
    """
    Fit a logistic function; return its weights (bias first) and the cross-validated probabilities (5 folds).
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import cross_val_predict
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.5, max_iter=2000))
    out_of_fold = cross_val_predict(
        model, facts, truth, cv=5, method="predict_proba", params={"logisticregression__sample_weight": weight}
    )[:, 1]
    model.fit(facts, truth, logisticregression__sample_weight=weight)
    scaler, fitted = model[0], model[1]
    slopes = fitted.coef_[0] / scaler.scale_
    bias = fitted.intercept_[0] - float(slopes @ scaler.mean_)
    return np.r_[bias, slopes].astype(np.float32), out_of_fold.astype(np.float32)


def is_inside(held: Held, known: dict[str, str]) -> bool:
    """
    Tell whether the right item of a held-out question is ours to answer.
    """
    return all(known.get(id, "") not in (OUTSIDE, "elsewhere") for id in held.right)


def is_right(item: Item, held: Held) -> bool:
    """
    Tell whether an answer from this item answers the held-out question.
    """
    return item.id in held.right or any(other.id in held.right and item.same_as(other) for other in held.items)


def learn(held: Sequence[Held], reranker: Reranker) -> tuple[dict[str, Any], dict[str, Any]]:
    """
    Return (the document that the service reads, cross-validated figures).
    """
    kinds = {item.id: item.kind for each in held for item in each.items}
    usable = [each for each in held if all(id in kinds for id in each.right)]
    rankings = [ranking(each, reranker) for each in usable]
    facts = np.stack([evidence(each) for each in rankings])
    inside = np.array([is_inside(each, kinds) for each in usable])
    first = [answerable(each)[:1] for each in rankings]
    right = np.array([bool(hits) and is_right(hits[0].item, each) for hits, each in zip(first, usable, strict=True)])
    inside_weights, inside_probability = logistic(facts, inside)
    right_weights, right_probability = logistic(facts[inside], right[inside])
    everywhere = np.zeros(len(usable), dtype=np.float32)
    everywhere[inside] = right_probability
    everywhere[~inside] = _probability(facts[~inside], right_weights)
    limits = thresholds(everywhere, inside_probability, right, inside)
    document = {"right": _named(right_weights), "inside": _named(inside_weights), "thresholds": limits}
    return document, {"auroc_inside": round(auroc(inside_probability, inside), 4), "auroc_right": round(auroc(right_probability, right[inside]), 4),
                      "questions_inside": int(inside.sum()), "questions_outside": int((~inside).sum()), "thresholds": limits,
                      **figures(everywhere, inside_probability, right, inside, limits)}  # fmt: skip


def _probability(facts: Floats, weights: Floats) -> Floats:
    return (1 / (1 + np.exp(-(weights[0] + facts @ weights[1:])))).astype(np.float32)


def _named(weights: Floats) -> dict[str, float]:
    return {
        "bias": round(float(weights[0]), 4),
        **{name: round(float(weight), 4) for name, weight in zip(EVIDENCE, weights[1:], strict=True)},
    }


def thresholds(
    right_probability: Floats, inside_probability: Floats, right: npt.NDArray[np.bool_], inside: npt.NDArray[np.bool_]
) -> dict[str, float]:
    """
    Choose the limits, one allowance after the other: refused in scope, answered wrong, answered out of scope.
    """
    low = float(np.quantile(inside_probability[inside], REFUSED_ALLOWED))
    high = next(
        float(limit)
        for limit in np.arange(0.3, 1.0, 0.01)
        if np.mean(((inside_probability >= low) & (right_probability >= limit) & ~right)[inside]) <= WRONG_ALLOWED
    )
    answered = right_probability[~inside] >= high
    outsiders = np.sort(inside_probability[~inside][answered])[::-1]
    spare = int(OUTSIDE_ALLOWED * (~inside).sum())
    surely = max(low, float(outsiders[spare]) if len(outsiders) > spare else low)
    return {"inside": round(low, 3), "surely_inside": round(surely, 3), "right": round(high, 3), "alone": 0.55}


def figures(
    right_probability: Floats,
    inside_probability: Floats,
    right: npt.NDArray[np.bool_],
    inside: npt.NDArray[np.bool_],
    limits: dict[str, float],
) -> dict[str, float]:
    answered = (inside_probability >= limits["surely_inside"]) & (right_probability >= limits["right"])
    refused = inside_probability < limits["inside"]

    def share(flags: npt.NDArray[np.bool_], of: npt.NDArray[np.bool_]) -> float:
        return round(float(np.mean(flags[of])), 4) if of.any() else 0.0

    return {
        "answered_right": share(answered & right, inside),
        "answered_wrong": share(answered & ~right, inside),
        "refused": share(refused, inside),
        "outside_answered": share(answered, ~inside),
        "outside_refused": share(refused, ~inside),
    }


def auroc(scores: Floats, truth: npt.NDArray[np.bool_]) -> float:
    """
    Return the chance that a true one scores above a false one.
    """
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(truth, scores)) if truth.any() and not truth.all() else 1.0
