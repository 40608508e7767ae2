"""
BM25 over folded syllables and pairs, one score per passage.

Source: Robertson & Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond, 2009.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.sparse import csc_array

from knowledge.text import bigrams, fold, tokenise

K1, B = 1.2, 0.6
PAIR_WEIGHT = 0.6
Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int32]


def terms(tokens: Sequence[str]) -> Counter[str]:
    """
    Return the folded syllables and pairs of normalised tokens, counted.
    """
    folded = [fold(token) for token in tokens]
    return Counter(folded) + Counter(bigrams(folded))


class Lexical:
    """
    Postings by term: for each term the passages that hold it and the weight it gives them.

    Arrays: `starts` int64 (terms + 1,), `passages` int32 (postings,), `weights` float32 (postings,), `idf` float32 (terms,).
    """

    def __init__(
        self,
        vocabulary: Sequence[str],
        starts: npt.NDArray[np.int64],
        passages: Ints,
        weights: Floats,
        idf: Floats,
        size: int,
    ):
        self.vocabulary = list(vocabulary)
        self.number = {term: number for number, term in enumerate(self.vocabulary)}
        self.starts, self.passages, self.weights, self.idf = starts, passages, weights, idf
        self.size = size
        self.unseen_idf = float(np.log(1 + (size + 0.5) / 0.5)) if size else 1.0

    @classmethod
    def build(cls, texts: Sequence[str]) -> "Lexical":
        """
        Index passages in the order given.
        """
        counted = [terms(tokenise(text)) for text in texts]
        frequency: Counter[str] = Counter()
        for counts in counted:
            frequency.update(counts.keys())
        vocabulary = sorted(frequency)
        number = {term: position for position, term in enumerate(vocabulary)}
        size = len(texts)
        held = np.array([frequency[term] for term in vocabulary], dtype=np.float32)
        idf = np.log(1 + (size - held + 0.5) / (held + 0.5)).astype(np.float32)
        lengths = np.array([sum(counts.values()) for counts in counted], dtype=np.float32)
        norm = K1 * (1 - B + B * lengths / max(1e-9, float(lengths.mean()) if size else 1.0))
        starts = np.zeros(len(vocabulary) + 1, dtype=np.int64)
        starts[1:] = np.cumsum(held).astype(np.int64)
        place = starts[:-1].copy()
        passages = np.zeros(int(starts[-1]), dtype=np.int32)
        weights = np.zeros(int(starts[-1]), dtype=np.float32)
        for row, counts in enumerate(counted):
            for term, count in counts.items():
                column = number[term]
                passages[place[column]] = row
                weights[place[column]] = idf[column] * count * (K1 + 1) / (count + norm[row])
                place[column] += 1
        return cls(vocabulary, starts, passages, weights, idf, size)

    def weigh(self, term: str) -> float:
        """
        Return the idf of a term; a term that no passage holds weighs as much as one that hardly any holds.
        """
        column = self.number.get(term)
        return float(self.idf[column]) if column is not None else self.unseen_idf

    def score(self, asked: Mapping[str, float]) -> Floats:
        """
        Return float32 (passages,): the sum over the asked terms of their weight times BM25; pairs count PAIR_WEIGHT.
        """
        known = [(self.span(term), weight * PAIR_WEIGHT if "_" in term else weight) for term, weight in asked.items()]
        spans = [span for span, _ in known if span.start < span.stop]
        if not spans:
            return np.zeros(self.size, dtype=np.float32)
        factors = np.array([factor for span, factor in known if span.start < span.stop], dtype=np.float32)
        starts = np.cumsum([0, *(span.stop - span.start for span in spans)], dtype=np.int32)
        weights = np.concatenate([self.weights[span] for span in spans])
        passages = np.concatenate([self.passages[span] for span in spans])
        return np.asarray(csc_array((weights, passages, starts), shape=(self.size, len(spans))) @ factors)

    def span(self, term: str) -> slice:
        """
        Return where the postings of a term lie; nowhere when no passage holds it.
        """
        column = self.number.get(term)
        return slice(0, 0) if column is None else slice(int(self.starts[column]), int(self.starts[column + 1]))

    def save(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "terms.txt").write_text("\n".join(self.vocabulary), encoding="utf-8")
        for name in ("starts", "passages", "weights", "idf"):
            np.save(folder / f"{name}.npy", getattr(self, name))
        (folder / "size.txt").write_text(str(self.size))

    @classmethod
    def load(cls, folder: Path) -> "Lexical":
        """
        Map a saved index into memory; nothing is copied until it is searched.
        """
        # As plain arrays: a slice of np.memmap costs ten times as much.
        names = ("starts", "passages", "weights", "idf")
        arrays = [np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r")) for name in names]
        vocabulary = (folder / "terms.txt").read_text(encoding="utf-8").split("\n")
        starts, passages, weights, idf = arrays
        size = int((folder / "size.txt").read_text())
        return cls(vocabulary if vocabulary != [""] else [], starts, passages, weights, idf, size)
