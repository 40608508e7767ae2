"""
Texts → vectors, by whatever encoder the installation has set.

`KNOWLEDGE_ENCODER` names a folder (ours, or any sentence-transformers model on disk), a Hugging Face model, or `none`.
"""

import json
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from knowledge.encoder.static import SETTINGS, StaticEncoder
from knowledge.errors import EncoderError
from knowledge.query import Query

Floats = npt.NDArray[np.float32]
SHIPPED = Path(__file__).parent / "encoder" / "model"
NONE = "none"
TYPED, RESTORED = 0.5, 0.8  # weights of the views beside what was meant
# Prompts that well-known model families were trained with; a model's own settings come first.
PROMPTS = {"e5": ("query: ", "passage: "), "bge-m3": ("", ""), "nomic": ("search_query: ", "search_document: ")}


class Embedder(Protocol):
    """
    `name` changes when vectors made before can no longer be used. `dimension` 0 means that there is no encoder.
    """

    name: str
    dimension: int

    def passages(self, texts: Sequence[str]) -> Floats: ...
    def query(self, query: Query) -> Floats: ...


class Shipped:
    """
    Our own table of n-gram vectors, read without sentence-transformers: 0.3 s instead of 6.4 s (decision 0005).
    """

    def __init__(self, folder: Path):
        self.encoder = StaticEncoder.load(folder)
        self.dimension = self.encoder.dimension
        # The version is a digest of the vectors: a retrained encoder never meets vectors of the one before.
        self.name = f"static:{json.loads((folder / SETTINGS).read_text(encoding='utf-8'))['version']}"

    def passages(self, texts: Sequence[str]) -> Floats:
        return self.encoder.encode(texts)

    def query(self, query: Query) -> Floats:
        """
        Return the mean of what was typed, what it probably means, and that with marks put back, of length 1.
        """
        vector = self.encoder.encode_tokens(query.meant)
        if query.meant != query.typed:
            vector = vector + TYPED * self.encoder.encode_tokens(query.typed)
        if query.restored:
            vector = vector + RESTORED * self.encoder.encode_tokens(query.restored)
        length = float(np.linalg.norm(vector))
        return vector / length if length > 0 else vector


class Transformer:
    """
    Any sentence-transformers model, with its prompts and its dimension, vectors brought to length 1.
    """

    def __init__(self, model: str):
        self.model_name = model
        self.name = f"sentence-transformers:{model}"
        self.dimension = int(self._model.get_sentence_embedding_dimension() or 0)

    @cached_property
    def _model(self) -> Any:
        try:
            from sentence_transformers import SentenceTransformer

            return SentenceTransformer(self.model_name, trust_remote_code=False)
        except Exception as error:
            raise EncoderError(f"sentence-transformers cannot load {self.model_name!r}: {error}") from error

    def _prompts(self) -> tuple[str, str]:
        own = self._model.prompts or {}
        if own.get("query") or own.get("document") or own.get("passage"):
            return own.get("query", ""), own.get("document") or own.get("passage") or ""
        return next((prompts for family, prompts in PROMPTS.items() if family in self.model_name.lower()), ("", ""))

    def passages(self, texts: Sequence[str]) -> Floats:
        prompt = self._prompts()[1]
        return np.asarray(
            self._model.encode([prompt + text for text in texts], normalize_embeddings=True, show_progress_bar=False),
            dtype=np.float32,
        )

    def query(self, query: Query) -> Floats:
        prompt = self._prompts()[0]
        return np.asarray(
            self._model.encode([prompt + query.text], normalize_embeddings=True, show_progress_bar=False)[0],
            dtype=np.float32,
        )


class Lexical:
    """
    No encoder at all: every vector is empty, and only the words decide.
    """

    name, dimension = NONE, 0

    def passages(self, texts: Sequence[str]) -> Floats:
        return np.zeros((len(texts), 0), dtype=np.float32)

    def query(self, query: Query) -> Floats:
        return np.zeros(0, dtype=np.float32)


def embedder(setting: str = "") -> Embedder:
    """
    Return the encoder that a setting names; empty is the one we ship.

    Raises:
        EncoderError: when it cannot be loaded.
    """
    if setting == NONE:
        return Lexical()
    folder = Path(setting) if setting else SHIPPED
    if (folder / SETTINGS).exists() or not setting:
        return Shipped(folder)
    return Transformer(setting)
