"""
Question → hits: candidates, weighed and ordered. The one road that the service, `evaluate`, `ask` and `bench` all take.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from knowledge import candidates
from knowledge.candidates import Candidates
from knowledge.embed import Embedder
from knowledge.index import Index
from knowledge.items import Item
from knowledge.query import Query, understand
from knowledge.rerank import Reranker, softmax
from knowledge.restore import Spellings


@dataclass(frozen=True)
class Hit:
    """
    One item with its share of the probability among all candidates, and its signals for those who ask why.
    """

    item: Item
    score: float
    share: float
    signals: npt.NDArray[np.float32]


@dataclass(frozen=True)
class Ranking:
    query: Query
    hits: list[Hit]
    unseen: float


@dataclass(frozen=True)
class Retriever:
    """
    An index with the encoder that made it and the reranker that orders it.
    """

    index: Index
    embedder: Embedder
    reranker: Reranker
    spellings: Spellings = field(default_factory=Spellings.load)

    def read(self, question: str) -> Query:
        return understand(question, self.index.lexicon, self.index.seen, self.spellings)

    def rank(self, question: str | Query, ward: str | None = None) -> Ranking:
        """
        Return the hits for a question in one ward, best first; ties in order of the items.
        """
        query = self.read(question) if isinstance(question, str) else question
        found = candidates.find(self.index, self.embedder, query, ward)
        return self.order(found)

    def order(self, found: Candidates) -> Ranking:
        scores = self.reranker.score(
            found.signals, wordings=self.index.has_wordings, encoder=self.embedder.dimension > 0
        )
        shares = softmax(scores)
        order = np.lexsort((found.numbers, -scores))
        ordered = zip(found.numbers[order].tolist(), scores[order].tolist(), shares[order].tolist(), order, strict=True)
        hits = [
            Hit(self.index.items[number], score, share, found.signals[place]) for number, score, share, place in ordered
        ]
        return Ranking(found.query, hits, found.unseen)
