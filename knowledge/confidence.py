"""
How sure a ranking is: is the question ours at all, and is the first hit the right one.

Two logistic functions over a few numbers of the ranking; weights and thresholds are learned and calibrated by
`knowledge/training/` on questions that neither index nor encoder had seen.
"""

import json
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from knowledge.candidates import NAMES
from knowledge.items import OUTSIDE
from knowledge.retrieve import Hit, Ranking

Floats = npt.NDArray[np.float32]
SHIPPED = Path(__file__).parent / "encoder" / "confidence.json"
EVIDENCE = (
    "share", "family_share", "odds", "outside_share", "elsewhere_share", "unseen", "tokens", "dense_wording", "dense_title", "dense_text",
    "bm25_wording", "bm25_title", "covered_any", "covered_wording", "title_covered", "dense_wording_second", "code_named",
)  # fmt: skip
_FROM_TOP = {name: NAMES.index(name) for name in EVIDENCE if name in NAMES}


@dataclass(frozen=True)
class Thresholds:
    """
    `inside`: below it the question is refused. `right`: from it on the first hit is answered, if the question is also
    ours with at least `surely_inside`; between, we ask back.
    `alone`: how much of its family's share the first hit needs, else the question asked back is about the difference.
    """

    inside: float = 0.35
    surely_inside: float = 0.5
    right: float = 0.6
    alone: float = 0.55


@dataclass(frozen=True)
class Confidence:
    """
    `right` and `inside` hold a bias first, then one weight per name of EVIDENCE.
    """

    right: Floats
    inside: Floats
    thresholds: Thresholds

    @classmethod
    def load(cls, path: Path = SHIPPED, *, encoder: bool = True) -> "Confidence":
        """
        Read what was learned; without a file, rules of thumb that ask back often.
        """
        if not path.exists():
            right = [-2.5, 3.0, 0.0, 0.2, *[0.0] * 4, 2.0, 0.5, *[0.0] * (len(EVIDENCE) - 9)]
            inside = [-1.0, 0.0, 0.0, 0.0, -5.0, 0.0, -2.0, 0.0, 3.0, 1.0, *[0.0] * (len(EVIDENCE) - 9)]
            return cls(np.array(right, dtype=np.float32), np.array(inside, dtype=np.float32), Thresholds())
        learned = json.loads(path.read_text(encoding="utf-8"))["encoder" if encoder else "lexical"]

        def read(name: str) -> Floats:
            weights = learned[name]
            return np.array([weights["bias"], *(weights.get(feature, 0.0) for feature in EVIDENCE)], dtype=np.float32)

        return cls(read("right"), read("inside"), Thresholds(**learned["thresholds"]))

    def judge(self, ranking: Ranking) -> tuple[float, float]:
        """
        Return (probability that the first hit is right, probability that the question is ours).
        """
        if not ranking.hits:
            return 0.0, 0.0
        facts = evidence(ranking)
        return _logistic(float(self.right[0] + facts @ self.right[1:])), _logistic(
            float(self.inside[0] + facts @ self.inside[1:])
        )


def _logistic(value: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, value))))


def answerable(ranking: Ranking) -> list[Hit]:
    """
    Return the hits that the ward could answer from, best first.
    """
    return [hit for hit in ranking.hits if hit.item.kind not in (OUTSIDE, "elsewhere")]


def family_shares(hits: list[Hit]) -> dict[str, float]:
    """
    Return each family's share, best first.
    """
    shares: dict[str, float] = {}
    for hit in hits:
        shares[hit.item.family or hit.item.id] = shares.get(hit.item.family or hit.item.id, 0.0) + hit.share
    return dict(sorted(shares.items(), key=lambda pair: -pair[1]))


def evidence(ranking: Ranking) -> Floats:
    """
    Return float32 (len(EVIDENCE),): what the two functions weigh.
    """
    ours = answerable(ranking)
    top = ours[0] if ours else ranking.hits[0]
    families = list(family_shares(ours).values())
    second = families[1] if len(families) > 1 else 1e-4
    values = {
        "share": sum(hit.share for hit in ours if hit.item.same_as(top.item)),
        "family_share": families[0] if families else 0.0,
        "odds": math.log(((families[0] if families else 1e-4) + 1e-4) / (second + 1e-4)),
        "outside_share": sum(hit.share for hit in ranking.hits if hit.item.kind == OUTSIDE),
        "elsewhere_share": sum(hit.share for hit in ranking.hits if hit.item.kind == "elsewhere"),
        "unseen": ranking.unseen,
        "tokens": min(len(ranking.query.typed), 20) / 20,
    }
    values.update({name: float(top.signals[column]) for name, column in _FROM_TOP.items()})
    return np.array([values[name] for name in EVIDENCE], dtype=np.float32)
