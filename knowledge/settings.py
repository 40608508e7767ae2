"""
Settings of the knowledge service, read once from the environment; all problems are told at once.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from knowledge.errors import KnowledgeError


class SettingsError(KnowledgeError):
    code = "settings.invalid"


@dataclass(frozen=True)
class Settings:
    """
    Where things are and where to listen. `encoder` is empty for the one we ship (see embed.py), or the one adapted from it.
    """

    host: str
    port: int
    content: Path
    index: Path
    encoder: str
    history: Path | None = None

    @property
    def versions(self) -> Path:
        """
        Where every version of every entry is kept: beside the index, unless it was said.
        """
        return self.history or self.index.parent / "history"

    @property
    def drafts(self) -> Path:
        """
        Where plans that were imported wait for a person: beside the index.
        """
        return self.index.parent / "drafts" / "plans"

    @property
    def announcements(self) -> Path:
        """
        Where what the ward has announced is kept over a restart: with the index, for the gateway tells it again.
        """
        return self.index / "announcements"

    @property
    def adapted(self) -> Path:
        """
        Where `python -m knowledge adapt` leaves the encoder it made: state, like the index.
        """
        return self.index / "encoder"


def read(environment: Mapping[str, str] = os.environ) -> Settings:
    """
    Raises:
        SettingsError: naming every setting that cannot be used.
    """
    problems = []
    port = environment.get("KNOWLEDGE_PORT", "8083")
    if not port.isdigit() or not 0 < int(port) < 65536:
        problems.append(f"KNOWLEDGE_PORT={port!r} is not a port number (1 to 65535)")
    content = Path(environment.get("KNOWLEDGE_CONTENT", "knowledge/content"))
    if not content.is_dir():
        problems.append(f"KNOWLEDGE_CONTENT={str(content)!r} is not a folder: start in the repository root or set it")
    if problems:
        raise SettingsError("\n".join(problems))
    index = Path(environment.get("KNOWLEDGE_INDEX", "var/index"))
    return Settings(
        environment.get("KNOWLEDGE_HOST", "127.0.0.1"), int(port), content, index, environment.get("KNOWLEDGE_ENCODER", ""),
        Path(environment.get("KNOWLEDGE_HISTORY") or index.parent / "history"),
    )  # fmt: skip
