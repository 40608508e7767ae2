"""
An encoder that needs no training: a text is the bag of its folded syllables and pairs, each thrown into one of many boxes.

Nearness is then plain word overlap, the same on every machine, and a test can count what was embedded.
"""

from collections.abc import Sequence
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

from knowledge.lexical import terms
from knowledge.query import Query
from knowledge.text import tokenise

Floats = npt.NDArray[np.float32]


class Boxes:
    """
    `embedded` remembers every passage in the order it was asked for.
    """

    def __init__(self, name: str = "boxes:1", dimension: int = 512):
        self.name, self.dimension = name, dimension
        self.embedded: list[str] = []

    def _vector(self, tokens: Sequence[str]) -> Floats:
        vector = np.zeros(self.dimension, dtype=np.float32)
        for term, count in terms(tokens).items():
            vector[int.from_bytes(blake2b(term.encode(), digest_size=8).digest(), "big") % self.dimension] += count
        length = float(np.linalg.norm(vector))
        return vector / length if length else vector

    def passages(self, texts: Sequence[str]) -> Floats:
        self.embedded += texts
        return (
            np.stack([self._vector(tokenise(text)) for text in texts])
            if texts
            else np.zeros((0, self.dimension), np.float32)
        )

    def query(self, query: Query) -> Floats:
        return self._vector(query.meant)
