"""
Vector search with faiss: passages' vectors in one flat index, searched within what the ward may see.
"""

from pathlib import Path

import faiss
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
FLAT_UP_TO = 30_000  # above, an inverted file keeps one query under a few milliseconds
PROBES = 12


class Dense:
    """
    Row i of `vectors`, float32 (n, dim) of length 1, is passage `rows[i]` of the collection.
    """

    def __init__(self, vectors: Floats, rows: npt.NDArray[np.int64], index: faiss.Index):
        self.vectors, self.rows, self.index = vectors, rows, index
        self.place = {int(row): place for place, row in enumerate(rows)}

    @classmethod
    def build(cls, vectors: Floats, rows: npt.NDArray[np.int64]) -> "Dense":
        """
        Index the vectors of the given passages.
        """
        vectors = np.ascontiguousarray(vectors, dtype=np.float32)
        dimension = vectors.shape[1]
        if len(vectors) <= FLAT_UP_TO:
            index: faiss.Index = faiss.IndexFlatIP(dimension)
        else:
            lists = int(4 * np.sqrt(len(vectors)))
            index = faiss.IndexIVFFlat(faiss.IndexFlatIP(dimension), dimension, lists, faiss.METRIC_INNER_PRODUCT)
            index.train(vectors)
        index.add(vectors)
        return cls(vectors, rows, index)

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
        if isinstance(self.index, faiss.IndexIVF):
            parameters: faiss.SearchParameters = faiss.SearchParametersIVF(sel=selector, nprobe=PROBES)  # type: ignore[call-arg]
        else:
            parameters = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
        scores, found = self.index.search(
            vector[None, :].astype(np.float32), min(count, len(self.vectors)), params=parameters
        )
        kept = found[0] >= 0
        return self.rows[found[0][kept]], scores[0][kept]

    def save(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        np.save(folder / "vectors.npy", self.vectors)
        np.save(folder / "rows.npy", self.rows)
        faiss.write_index(self.index, str(folder / "index.faiss"))

    @classmethod
    def load(cls, folder: Path) -> "Dense":
        vectors = np.load(folder / "vectors.npy", mmap_mode="r")
        index = faiss.read_index(str(folder / "index.faiss"), faiss.IO_FLAG_MMAP_IFC)
        return cls(vectors, np.load(folder / "rows.npy"), index)
