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
    Row i of `vectors`, float32 or float16 (n, dim) of length 1, is passage `rows[i]` of the collection.

    `vectors` are read-only, and lie in the memory of faiss.
    """

    def __init__(self, rows: npt.NDArray[np.int64], index: faiss.Index):
        self.rows, self.index = rows, index
        self.vectors = _vectors(index)
        self.place = {int(row): place for place, row in enumerate(rows)}

    @classmethod
    def build(cls, vectors: Floats, rows: npt.NDArray[np.int64]) -> "Dense":
        """
        Index the vectors of the given passages.
        """
        vectors = np.ascontiguousarray(vectors, dtype=np.float32)
        index = _flat(vectors) if len(vectors) <= FLAT_UP_TO else _lists(vectors)
        return cls(rows, index)

    def search(
        self, vector: Floats, count: int, allowed: npt.NDArray[np.bool_] | None = None
    ) -> tuple[npt.NDArray[np.int64], Floats]:
        """
        Return the `count` nearest passages, best first, and their cosine similarities.

        Args:
            allowed: bool (n,), which vectors may be found; None for all.
        """
        if not len(self.vectors):
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
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
            vector[None, :].astype(np.float32), min(count, len(self.vectors)), params=parameters
        )
        kept = found[0] >= 0
        return self.rows[found[0][kept]], scores[0][kept]

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
