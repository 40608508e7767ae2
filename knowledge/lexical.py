"""
BM25 over folded syllables and pairs, one score per passage.

Source: Robertson & Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond, 2009.
"""

from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import chain, compress
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array, csc_array

from knowledge.text import bigrams, fold, tokenise

K1, B = 1.2, 0.6
PAIR_WEIGHT = 0.6
MOST_COUNTED = 65_535  # of one term in one passage
Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int32]
Counts = npt.NDArray[np.uint16]
ARRAYS = ("starts", "passages", "counts", "weights", "idf", "lengths")


def terms(tokens: Sequence[str]) -> Counter[str]:
    """
    Return the folded syllables and pairs of normalised tokens, counted.
    """
    folded = [fold(token) for token in tokens]
    return Counter(chain(folded, bigrams(folded)))


class Lexical:
    """
    Postings by term: for each term the passages that hold it, in order, how often, and the weight it gives them.

    Arrays: `starts` int64 (terms + 1,), `passages` int32 (postings,), `counts` uint16 (postings,),
    `weights` float32 (postings,), `idf` float32 (terms,), `lengths` float32 (passages of the collection,), in terms.
    A term whose passages are all gone keeps an empty place. `seen` tells how many passages hold each syllable.
    """

    def __init__(
        self,
        vocabulary: Sequence[str],
        starts: npt.NDArray[np.int64],
        passages: Ints,
        counts: Counts,
        weights: Floats,
        idf: Floats,
        lengths: Floats,
        number: dict[str, int] | None = None,
        seen: dict[str, int] | None = None,
    ):
        self.vocabulary = list(vocabulary)
        self.starts, self.passages, self.counts, self.weights, self.idf = starts, passages, counts, weights, idf
        self.lengths, self.size = lengths, len(lengths)
        self.number = number if number is not None else {term: place for place, term in enumerate(self.vocabulary)}
        if seen is None:
            held = np.diff(starts).tolist()
            seen = {term: held[column] for term, column in self.number.items() if "_" not in term}
        self.seen = seen
        self.unseen_idf = float(np.log(1 + (self.size + 0.5) / 0.5)) if self.size else 1.0

    @classmethod
    def build(cls, texts: Sequence[str]) -> "Lexical":
        """
        Index passages in the order given.
        """
        number: dict[str, int] = {}
        columns, counts, rows = _counted(texts, np.arange(len(texts)), number)
        vocabulary = sorted(number)
        place = np.empty(len(vocabulary), dtype=np.int32)
        place[[number[term] for term in vocabulary]] = np.arange(len(vocabulary), dtype=np.int32)
        # Sorting by counting; within a term the passages stay in order.
        table = coo_array((counts, (place[columns], rows)), shape=(len(vocabulary), max(1, len(texts)))).tocsr()
        lengths = np.bincount(rows, weights=counts, minlength=len(texts)).astype(np.float32)
        return cls._weighed(vocabulary, table.indptr.astype(np.int64), table.indices, table.data, lengths)

    @classmethod
    def _weighed(
        cls,
        vocabulary: Sequence[str],
        starts: npt.NDArray[np.int64],
        passages: Ints,
        counts: Counts,
        lengths: Floats,
        number: dict[str, int] | None = None,
        seen: dict[str, int] | None = None,
    ) -> "Lexical":
        size, held = len(lengths), np.diff(starts).astype(np.float32)
        idf = np.log(1 + (size - held + 0.5) / (held + 0.5)).astype(np.float32)
        norm = K1 * (1 - B + B * lengths / max(1e-9, float(lengths.mean()) if size else 1.0))
        weights = np.repeat(idf, np.diff(starts))
        below = counts.astype(np.float32)
        weights *= below
        weights *= K1 + 1
        below += norm[passages]
        weights /= below
        return cls(
            vocabulary, starts, passages.astype(np.int32, copy=False), counts, weights, idf, lengths, number, seen
        )

    def updated(
        self, moved: npt.NDArray[np.int64], size: int, rows: npt.NDArray[np.int64], texts: Sequence[str]
    ) -> "Lexical":
        """
        Return what `build` gives for the passages after a change, up to the order of terms, in a fraction of its time.

        Args:
            moved: int64 (passages before,), where each passage stands now, or -1 when it is gone; in the order of before.
            size: How many passages there are now.
            rows: int64 (new passages,), ascending: where each new passage stands.
            texts: The new passages.
        """
        number, vocabulary = dict(self.number), list(self.vocabulary)
        columns, counts, rows = _counted(texts, rows, number, vocabulary)
        lengths = np.bincount(rows, weights=counts, minlength=size).astype(np.float32)
        lengths[moved[moved >= 0]] = self.lengths[moved >= 0]
        now = moved.astype(np.int32).take(self.passages)
        kept = now >= 0
        lost = np.searchsorted(self.starts, np.flatnonzero(~kept), side="right") - 1
        held = np.zeros(len(vocabulary), dtype=np.int64)
        held[: len(self.starts) - 1] = np.diff(self.starts)
        held -= np.bincount(lost, minlength=len(vocabulary))
        order = np.lexsort((rows, columns))
        columns, counts, rows = columns[order], counts[order], rows[order]
        passages, before = now[kept], self.counts[kept]
        places = _places(_starts(held), passages, columns, rows)
        held += np.bincount(columns, minlength=len(vocabulary))
        seen = dict(self.seen)
        for column in np.unique(np.concatenate((lost, columns))).tolist():
            term, holding = vocabulary[column], int(held[column])
            if "_" not in term:
                seen[term] = holding
            if not holding:
                del number[term]
                seen.pop(term, None)
        passages, counts = np.insert(passages, places, rows), np.insert(before, places, counts)
        return self._weighed(vocabulary, _starts(held), passages, counts, lengths, number, seen)

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
        used = np.diff(self.starts) > 0
        (folder / "terms.txt").write_text("\n".join(compress(self.vocabulary, used)), encoding="utf-8")
        arrays = {"starts": np.append(self.starts[:-1][used], self.starts[-1]), "idf": self.idf[used]}
        for name in ARRAYS:
            np.save(folder / f"{name}.npy", arrays.get(name, getattr(self, name)))

    @classmethod
    def load(cls, folder: Path) -> "Lexical":
        """
        Map a saved index into memory; nothing is copied until it is searched.
        """
        # As plain arrays: a slice of np.memmap costs ten times as much.
        arrays = [np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r")) for name in ARRAYS]
        vocabulary = (folder / "terms.txt").read_text(encoding="utf-8").split("\n")
        starts, passages, counts, weights, idf, lengths = arrays
        return cls(vocabulary if vocabulary != [""] else [], starts, passages, counts, weights, idf, lengths)


def _starts(held: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    return np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(held)))


def _counted(
    texts: Sequence[str], rows: npt.NDArray[np.int64], number: dict[str, int], vocabulary: list[str] | None = None
) -> tuple[Ints, Counts, npt.NDArray[np.int64]]:
    """
    Count the terms of each text; terms that are new are numbered on, in `number` and in `vocabulary`.

    Returns:
        (column, count, row) of each term of each text, in the order of the texts.
    """
    columns, counts, lengths = array("i"), array("H"), []
    following = len(number) if vocabulary is None else len(vocabulary)
    for text in texts:
        counted = terms(tokenise(text))
        for term in counted:
            column = number.setdefault(term, following)
            if column == following:
                following += 1
                if vocabulary is not None:
                    vocabulary.append(term)
            columns.append(column)
        counts.extend(min(count, MOST_COUNTED) for count in counted.values())
        lengths.append(len(counted))
    return (
        np.frombuffer(columns, dtype=np.int32),
        np.frombuffer(counts, dtype=np.uint16),
        np.repeat(rows, lengths) if lengths else np.zeros(0, dtype=np.int64),
    )


def _places(
    starts: npt.NDArray[np.int64], passages: Ints, columns: Ints, rows: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """
    Return where in the postings each new one belongs; `columns` ascending, and `rows` within each.
    """
    places = np.zeros(len(rows), dtype=np.int64)
    ends = np.flatnonzero(np.diff(columns, append=-1))
    begin = 0
    for end in (ends + 1).tolist():
        low, high = starts[columns[begin]], starts[columns[begin] + 1]
        places[begin:end] = low + passages[low:high].searchsorted(rows[begin:end])
        begin = end
    return places
