"""
The encoder as a sentence-transformers module, so that `SentenceTransformer("knowledge/encoder/model")` loads it offline.

The repository's root must be on the import path, as it is for every command of this project.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from sentence_transformers.models import InputModule

from knowledge.encoder.static import StaticEncoder
from knowledge.text import tokenise


class NgramTable(InputModule):  # type: ignore[misc]
    """
    Wraps the table; vectors leave it at length 1.
    """

    modalities = ["text"]  # noqa: RUF012 - the library reads a plain list
    save_in_root = True

    def __init__(self, encoder: StaticEncoder):
        super().__init__()
        self.encoder = encoder

    def preprocess(self, inputs: Sequence[Any], prompt: str | None = None, **_: Any) -> dict[str, Any]:
        """
        Return {"vectors": float32 (n, dim)}: summing is all there is, so it is done here.
        """
        texts = [(prompt or "") + str(text) for text in inputs]
        return {"vectors": torch.from_numpy(self.encoder.encode(texts)), "tokens": [tokenise(text) for text in texts]}

    def forward(self, features: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {**features, "sentence_embedding": features["vectors"]}

    def get_embedding_dimension(self) -> int:
        return self.encoder.dimension

    @classmethod
    def load(cls, model_name_or_path: str, subfolder: str = "", **_: Any) -> "NgramTable":
        return cls(StaticEncoder.load(Path(model_name_or_path) / subfolder))

    def save(self, output_path: str, *_: Any, **__: Any) -> None:
        self.encoder.save(Path(output_path))
