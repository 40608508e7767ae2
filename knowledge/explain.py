"""
Why a question went where it went: for staff who try one out.
"""

from dataclasses import asdict
from typing import Any

from knowledge import answer as answers
from knowledge import parts
from knowledge.candidates import NAMES
from knowledge.library import Library
from knowledge.text import tokenise

SHOWN = 10


def explain(library: Library, ward: str, question: str) -> dict[str, Any]:
    """
    Return the question's tokens, the top ten hits with each signal's part in their score, the outcome and the reason.
    """
    found = answers.answer(library, ward, question)
    ranking = library.retriever.rank(question, ward)
    right, inside = library.confidence.judge(ranking)
    weights = library.retriever.reranker.weights
    hits = []
    for hit in ranking.hits[:SHOWN]:
        shares = {
            name: round(float(signal * weight), 3)
            for name, signal, weight in zip(NAMES, hit.signals, weights, strict=True)
        }
        strongest = dict(sorted(shares.items(), key=lambda pair: -abs(pair[1]))[:8])
        hits.append({"id": hit.item.id, "kind": hit.item.kind, "title": (hit.item.titles or ("",))[0], "score": round(hit.score, 3),
                     "share": round(hit.share, 4), "signals": strongest})  # fmt: skip
    return {
        "question": question, "typed": list(ranking.query.typed), "meant": list(ranking.query.meant), "official": list(ranking.query.official),
        "parts": parts.asked(tokenise(question)), "terms": {term: round(weight, 2) for term, weight in ranking.query.terms.items()},
        "hits": hits, "right": round(right, 3), "inside": round(inside, 3), "thresholds": asdict(library.confidence.thresholds),
        "outcome": found.outcome, "reason": found.reason, "ids": found.ids,
    }  # fmt: skip
