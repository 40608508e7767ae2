"""
The table of n-gram vectors and its one operation: sum the rows of a text's features.

Plain numpy, so that the service starts in well under a second; `module.py` wraps the same object for sentence-transformers.
"""

import json
from collections import Counter
from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path

import numpy as np
import numpy.typing as npt

from knowledge.encoder.features import features
from knowledge.errors import EncoderError
from knowledge.text import tokenise

Floats = npt.NDArray[np.float32]
# What sentence-transformers reads first: the class that loads this folder.
MODULES = '[{"idx": 0, "name": "0", "path": "", "type": "knowledge.encoder.module.NgramTable"}]\n'
WEIGHTS, SCALES, VOCABULARY, SETTINGS = "weights.npy", "scales.npy", "vocabulary.txt", "static.json"


class StaticEncoder:
    """
    Holds int8 vectors (n features, dim), one float32 scale per row, and the number of each feature.
    """

    def __init__(self, vocabulary: Sequence[str], weights: npt.NDArray[np.int8], scales: Floats):
        if len(vocabulary) != len(weights) or len(weights) != len(scales):
            raise EncoderError(
                f"the encoder has {len(vocabulary)} features, {len(weights)} rows and {len(scales)} scales: they must be equal"
            )
        self.vocabulary = list(vocabulary)
        self.number = {feature: number for number, feature in enumerate(self.vocabulary)}
        self.weights = weights
        self.scales = scales

    @property
    def dimension(self) -> int:
        return int(self.weights.shape[1])

    @classmethod
    def load(cls, folder: Path) -> "StaticEncoder":
        """
        Read an encoder from its folder; the vectors stay on disk and are mapped in as they are used.

        Raises:
            EncoderError: when a file is missing or the files do not fit together.
        """
        try:
            json.loads((folder / SETTINGS).read_text(encoding="utf-8"))
            vocabulary = (folder / VOCABULARY).read_text(encoding="utf-8").splitlines()
            return cls(vocabulary, np.load(folder / WEIGHTS, mmap_mode="r"), np.load(folder / SCALES))
        except (OSError, ValueError) as error:
            raise EncoderError(f"no usable encoder in {folder}: {error}") from error

    def save(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        np.save(folder / WEIGHTS, np.ascontiguousarray(self.weights))
        np.save(folder / SCALES, self.scales)
        (folder / VOCABULARY).write_text("\n".join(self.vocabulary) + "\n", encoding="utf-8")
        (folder / "modules.json").write_text(MODULES, encoding="utf-8")
        version = blake2b(np.ascontiguousarray(self.weights).tobytes(), digest_size=8).hexdigest()
        settings = {"version": version, "dimension": self.dimension, "features": len(self.vocabulary)}
        (folder / SETTINGS).write_text(json.dumps(settings) + "\n", encoding="utf-8")

    @classmethod
    def quantised(cls, vocabulary: Sequence[str], vectors: Floats) -> "StaticEncoder":
        """
        Make an encoder from float32 vectors (n, dim): each row is scaled to ±127 and rounded.
        """
        scales = np.maximum(np.abs(vectors).max(axis=1), 1e-8).astype(np.float32) / 127
        return cls(vocabulary, np.rint(vectors / scales[:, None]).astype(np.int8), scales)

    def encode_tokens(self, tokens: Sequence[str]) -> Floats:
        """
        Return the vector of normalised tokens: float32 (dim,), of length 1, or all zero when no feature is known.

        A feature that occurs n times counts 1 + ln n times.
        """
        counts = Counter(number for feature in features(tokens) if (number := self.number.get(feature)) is not None)
        if not counts:
            return np.zeros(self.dimension, dtype=np.float32)
        rows = np.fromiter(counts.keys(), dtype=np.int64, count=len(counts))
        weight = self.scales[rows] * (1 + np.log(np.fromiter(counts.values(), dtype=np.float32, count=len(counts))))
        vector = weight.astype(np.float32) @ self.weights[rows].astype(np.float32)
        length = float(np.linalg.norm(vector))
        return vector / length if length > 0 else vector

    def encode(self, texts: Sequence[str]) -> Floats:
        """
        Return float32 (n, dim), rows of length 1 (or 0 for a text without any known feature).
        """
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        return np.stack([self.encode_tokens(tokenise(text)) for text in texts])
