"""
A logistic reranker: each candidate's signals, weighed, become its probability of being the right one.

The weights are learned by `knowledge/training/` on wordings that the index and the encoder had not seen.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from knowledge.candidates import NAMES

Floats = npt.NDArray[np.float32]
SHIPPED = Path(__file__).parent / "encoder" / "reranker.json"


@dataclass(frozen=True)
class Reranker:
    """
    `weights` float32 (len(NAMES),): added up over a candidate's signals they give its log-odds against the others.
    `bare` are those for a collection that has no wordings at all, `lexical` those for an installation without an
    encoder: there the other signals must carry everything.
    """

    weights: Floats
    bare: Floats
    lexical: Floats

    @classmethod
    def load(cls, path: Path = SHIPPED) -> "Reranker":
        """
        Read the learned weights; a signal that the file does not name counts nothing. Without a file the first score decides.
        """
        if not path.exists():
            first = np.array([8.0 if name == "first_score" else 0.0 for name in NAMES], dtype=np.float32)
            return cls(first, first, first)
        learned = json.loads(path.read_text(encoding="utf-8"))

        def read(kind: str) -> Floats:
            return np.array([learned[kind].get(name, 0.0) for name in NAMES], dtype=np.float32)

        bare, lexical = (kind if kind in learned else "weights" for kind in ("bare", "lexical"))
        return cls(read("weights"), read(bare), read(lexical))

    def score(self, signals: Floats, *, wordings: bool = True, encoder: bool = True) -> Floats:
        """
        Return float32 (n,) log-odds of candidates with signals float32 (n, len(NAMES)).
        """
        weights = self.lexical if not encoder else self.weights if wordings else self.bare
        return (signals @ weights).astype(np.float32)


def softmax(scores: Floats) -> Floats:
    """
    Return scores as shares that add up to 1.
    """
    if not len(scores):
        return scores
    raised = np.exp(scores - scores.max())
    return (raised / raised.sum()).astype(np.float32)


def fit(groups: list[tuple[Floats, npt.NDArray[np.bool_]]], *, penalty: float = 1.0, rounds: int = 300) -> Floats:
    """
    Learn the weights from questions: for each the signals of its candidates and which of them are right.

    Maximises the probability (softmax over the candidates) of the right ones, with an L2 penalty on standardised weights.
    """
    from scipy.optimize import minimize

    usable = [(signals, right) for signals, right in groups if right.any() and not right.all()]
    stacked = np.concatenate([signals for signals, _ in usable]).astype(np.float64)
    right = np.concatenate([flags for _, flags in usable])
    spread = stacked.std(axis=0)
    spread[spread < 1e-6] = np.inf
    scaled = stacked / spread
    ends = np.cumsum([len(signals) for signals, _ in usable])
    starts = np.r_[0, ends[:-1]]
    group = np.repeat(np.arange(len(usable)), np.diff(np.r_[0, ends]))

    def loss(weights: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        scores = scaled @ weights
        scores -= np.maximum.reduceat(scores, starts)[group]
        raised = np.exp(scores)
        everything = np.add.reduceat(raised, starts)
        good = np.add.reduceat(raised * right, starts)
        value = float(np.sum(np.log(everything) - np.log(good)) + penalty * weights @ weights)
        slope = raised / everything[group] - raised * right / good[group]
        return value, scaled.T @ slope + 2 * penalty * weights

    found = minimize(loss, np.zeros(stacked.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": rounds})
    return (found.x / spread).astype(np.float32)
