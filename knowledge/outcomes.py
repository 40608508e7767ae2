"""
The named outcomes of an answer, and what is passed around while one is made.
"""

from dataclasses import dataclass, field
from typing import Any

from knowledge.confidence import answerable, family_shares
from knowledge.items import OUTSIDE
from knowledge.retrieve import Ranking

ANSWERED, CLARIFY = "answered", "clarify"
NO_PASSAGE, OUT_OF_SCOPE, ELSEWHERE, EXPIRED = (
    "unanswerable_no_passage", "unanswerable_out_of_scope", "unanswerable_elsewhere", "unanswerable_expired",
)  # fmt: skip


@dataclass(frozen=True)
class Context:
    """
    What was talked about: the last entry and part, and the options last offered.
    """

    entry: str | None = None
    part: str | None = None
    options: tuple[str, ...] = ()


@dataclass
class Answer:
    outcome: str
    findings: list[dict[str, Any]] = field(default_factory=list)
    options: list[dict[str, Any]] = field(default_factory=list)
    difference: str | None = None
    elsewhere: dict[str, Any] | None = None
    corrections: list[dict[str, Any]] = field(default_factory=list)
    confidence: float = 0.0
    reason: str = ""

    @property
    def ids(self) -> list[str]:
        """
        Return the ids of all entries it answers from or offers, best first.
        """
        out: list[str] = []
        for finding in self.findings:
            out += finding["entry"]["ids"]
        return out + [id for option in self.options for id in option["ids"]]


@dataclass(frozen=True)
class Verdict:
    """
    A ranking with what it is worth: the first hit being right, the question being ours.
    """

    ranking: Ranking
    right: float
    inside: float

    @property
    def away_share(self) -> float:
        return sum(hit.share for hit in self.ranking.hits if hit.item.kind in (OUTSIDE, "elsewhere"))

    @property
    def family_share(self) -> float:
        return next(iter(family_shares(answerable(self.ranking)).values()), 0.0)
