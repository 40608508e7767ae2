"""
Vector search with faiss, within what the ward may see. One file, mapped into memory, holds each vector once.

A small collection is a flat index of float32. A large one is searched in lists of one bit per component (RaBitQ),
and what is found there is weighed again by vectors of float16.

Source: Gao & Long, RaBitQ: Quantizing High-Dimensional Vectors with a Theoretical Error Bound, 2024.
"""

from pathlib import Path
from typing import Any

import faiss
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Vectors = npt.NDArray[np.floating[Any]]
FLAT_UP_TO = 30_000  # above, lists keep one query under a few milliseconds
PROBES, WEIGHED_AGAIN = 48, 4  # lists looked into, and how many times the wanted vectors are weighed exactly
QUERY_BITS = 8
TRAINED_ON_PER_LIST = 64


class Dense:
    """
    The vectors of a collection: number i is that of passage `rows[i]`, ascending.

    Most lie in the memory of faiss, read-only, in the order of the collection they were indexed for. What came since
    lies beside them in `fresh`, and what went is passed over, until everything is indexed anew: number i is stored at
    `places[i]`, first those of faiss, then the fresh ones. `places` is None while all are where they were indexed.
    """

    def __init__(
        self,
        rows: npt.NDArray[np.int64],
        index: faiss.Index,
        places: npt.NDArray[np.int64] | None = None,
        fresh: Floats | None = None,
    ):
        self.rows, self.index, self.places = rows, index, places
        self.stored = _vectors(index)
        self.fresh = fresh if fresh is not None else np.zeros((0, index.d), dtype=np.float32)
        if places is not None:
            self._beside = np.flatnonzero(places >= len(self.stored))
            self._within = np.flatnonzero(places < len(self.stored))
            self._number = np.full(len(self.stored), -1, dtype=np.int64)
            self._number[places[self._within]] = self._within

    @classmethod
    def build(cls, vectors: Floats, rows: npt.NDArray[np.int64]) -> "Dense":
        """
        Index the vectors of the given passages.
        """
        vectors = np.ascontiguousarray(vectors, dtype=np.float32)
        index = _flat(vectors) if len(vectors) <= FLAT_UP_TO else _lists(vectors)
        return cls(rows, index)

    def updated(self, moved: npt.NDArray[np.int64], rows: npt.NDArray[np.int64], vectors: Floats) -> "Dense":
        """
        Return the vectors after a change of passages. A small collection is indexed anew, as `build` does, and one of
        which half is new.

        Args:
            moved: int64 (passages before,), where each passage stands now, or -1 when it is gone; in the order of before.
            rows: int64 (n,), ascending: the new passages that have a vector.
            vectors: float32 (n, dim).
        """
        now = moved[self.rows]
        kept = np.flatnonzero(now >= 0)
        all_rows = np.concatenate((now[kept], rows))
        order = np.argsort(all_rows, kind="stable")
        if len(all_rows) <= FLAT_UP_TO or len(kept) < len(rows):
            return self.build(np.concatenate((self.at(kept), vectors))[order], all_rows[order])
        if self.stored.dtype != np.float32:
            vectors = vectors.astype(self.stored.dtype).astype(np.float32)
        size = len(self.stored)
        places = kept if self.places is None else self.places[kept]
        beside = places >= size
        fresh = np.concatenate((self.fresh[places[beside] - size], vectors))
        places = np.concatenate((places, np.zeros(len(rows), dtype=np.int64)))
        unstored = np.concatenate((np.flatnonzero(beside), np.arange(len(kept), len(places))))
        places[unstored] = size + np.arange(len(fresh))
        return Dense(all_rows[order], self.index, places[order], fresh)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def pending(self) -> int:
        """
        How many vectors came or went since all were indexed.
        """
        return 0 if self.places is None else len(self.stored) - len(self._within) + len(self.fresh)

    @property
    def vectors(self) -> Vectors:
        """
        All vectors, (n, dim); a copy while any are pending.
        """
        return self.stored if self.places is None else self.at(np.arange(len(self.rows)))

    def at(self, numbers: npt.NDArray[np.int64]) -> Floats:
        """
        Return the vectors of these numbers: float32 (numbers, dim).
        """
        if self.places is None:
            return self.stored[numbers].astype(np.float32)
        places, size = self.places[numbers], len(self.stored)
        out = self.stored[np.minimum(places, size - 1)].astype(np.float32)
        beside = np.flatnonzero(places >= size)
        out[beside] = self.fresh[places[beside] - size]
        return out

    def search(
        self, vector: Floats, count: int, allowed: npt.NDArray[np.bool_] | None = None
    ) -> tuple[npt.NDArray[np.int64], Floats]:
        """
        Return the `count` nearest passages, best first, and their cosine similarities.

        Args:
            allowed: bool (n,), which vectors may be found; None for all.
        """
        if not len(self.rows):
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        if self.places is None:
            places, scores = self._search(vector, count, allowed)
            return self.rows[places], scores
        inside = np.zeros(len(self.stored), dtype=bool)
        inside[self.places[self._within]] = True if allowed is None else allowed[self._within]
        places, scores = self._search(vector, count, inside)
        beside = self._beside if allowed is None else self._beside[allowed[self._beside]]
        numbers = np.concatenate((self._number[places], beside))
        scores = np.concatenate((scores, self.fresh[self.places[beside] - len(self.stored)] @ vector))
        best = np.lexsort((numbers, -scores))[:count]
        return self.rows[numbers[best]], scores[best]

    def _search(
        self, vector: Floats, count: int, allowed: npt.NDArray[np.bool_] | None
    ) -> tuple[npt.NDArray[np.int64], Floats]:
        """
        Return the places of the nearest stored vectors, best first, and their cosine similarities.
        """
        # faiss's stubs know neither numpy bitmaps nor keyword parameters.
        selector = faiss.IDSelectorBitmap(np.packbits(allowed, bitorder="little")) if allowed is not None else None  # type: ignore[call-arg,arg-type]
        if isinstance(self.index, faiss.IndexRefine):
            within = faiss.IVFRaBitQSearchParameters(sel=selector, nprobe=PROBES, qb=QUERY_BITS)  # type: ignore[call-arg]
            parameters: faiss.SearchParameters = faiss.IndexRefineSearchParameters(  # type: ignore[call-arg]
                k_factor=WEIGHED_AGAIN, base_index_params=within
            )
        else:
            parameters = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
        scores, found = self.index.search(
            vector[None, :].astype(np.float32), min(count, len(self.stored)), params=parameters
        )
        kept = found[0] >= 0
        return found[0][kept], scores[0][kept]

    def save(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        np.save(folder / "rows.npy", self.rows.astype(np.int32))
        faiss.write_index(self.index, str(folder / "index.faiss"))

    @classmethod
    def load(cls, folder: Path) -> "Dense":
        """
        Map a saved index into memory; nothing is copied until it is searched.
        """
        index = faiss.read_index(str(folder / "index.faiss"), faiss.IO_FLAG_MMAP_IFC)
        return cls(np.load(folder / "rows.npy").astype(np.int64), index)


def _flat(vectors: Floats) -> faiss.Index:
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    return index


def _lists(vectors: Floats) -> faiss.Index:
    size, dimension = vectors.shape
    lists = int(4 * np.sqrt(size))
    coarse = faiss.IndexIVFRaBitQ(faiss.IndexFlatIP(dimension), dimension, lists, faiss.METRIC_INNER_PRODUCT)
    fine = faiss.IndexScalarQuantizer(dimension, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
    coarse.train(vectors[:: max(1, size // (lists * TRAINED_ON_PER_LIST))])
    index = faiss.IndexRefine(coarse, fine)
    fine.train(vectors[:1])
    index.is_trained = True
    index.add(vectors)
    return index


class _Memory:
    """
    The vectors of a faiss index as numpy reads them; whoever holds a view of them keeps the index alive.
    """

    def __init__(self, index: faiss.Index, address: int, kind: str):
        self.index = index
        self.__array_interface__: dict[str, Any] = {
            "shape": (index.ntotal, index.d), "typestr": kind, "data": (address, True), "version": 3,
        }  # fmt: skip


def _vectors(index: faiss.Index) -> Vectors:
    """
    Return the vectors that an index holds, (n, dim), without copying them.
    """
    fine = faiss.downcast_index(index.refine_index) if isinstance(index, faiss.IndexRefine) else index
    if not index.ntotal:
        return np.zeros((0, index.d), dtype=np.float32)
    kind = "<f2" if isinstance(fine, faiss.IndexScalarQuantizer) else "<f4"
    return np.asarray(_Memory(index, int(fine.codes.data()), kind))  # type: ignore[attr-defined]
