"""
A small library of invented entries (`samples/library`) with an encoder and weights of its own, so that these tests say
the same whatever was learned last; and the real content with what we ship, built once.
"""

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from knowledge import content as contents
from knowledge import index as indexes
from knowledge.build import open_library
from knowledge.candidates import NAMES
from knowledge.confidence import EVIDENCE, Confidence, Thresholds
from knowledge.embed import embedder
from knowledge.library import Library
from knowledge.passages import items
from knowledge.query import Lexicon
from knowledge.rerank import Reranker
from knowledge.restore import Spellings
from knowledge.retrieve import Retriever
from tests.fakes.embedder import Boxes

HERE = Path(__file__).parent
SAMPLES = HERE / "samples"
CONTENT = HERE.parents[1] / "knowledge" / "content"
FACTS = HERE.parents[2] / "shared" / "facts"
TODAY = date(2026, 11, 20)

Shelve = Callable[..., Library]


def weights(names: tuple[str, ...], **values: float) -> np.ndarray:
    """
    Return one float32 weight per name; a name that is gone is an error of the test.
    """
    assert set(values) <= set(names)
    return np.array([values.get(name, 0.0) for name in names], dtype=np.float32)


class Shelved(Library):
    """
    A library that says little of itself when a test fails.
    """

    def __repr__(self) -> str:
        return f"<library of {len(self.content.entries)} entries>"


def shelve(content: Path, *, boxes: Boxes | None = None, today: date = TODAY, **thresholds: float) -> Library:
    """
    Build a library in memory with fixed weights: the first score orders, a clear lead is sure, outside is outside.
    """
    read, encoder = contents.read(content), boxes or Boxes()
    index, _ = indexes.build(items(read), Lexicon.of(read.abbreviations, read.sayings), encoder)
    order = weights(NAMES, first_score=7.0, code_named=12.0)
    right = weights(("bias", *EVIDENCE), bias=-3.0, family_share=1.0, share=6.0, code_named=9.0)
    inside = weights(
        ("bias", *EVIDENCE), bias=3.0, outside_share=-9.0, elsewhere_share=-9.0, unseen=-3.0, code_named=9.0
    )
    confidence = Confidence(right, inside, Thresholds(**{"inside": 0.5, "right": 0.6, "alone": 0.55, **thresholds}))
    return Shelved(read, Retriever(index, encoder, Reranker(order, order, order), Spellings({}, {})), confidence, today)


@pytest.fixture
def library_folder(tmp_path: Path) -> Path:
    """
    A copy of the small library's files, to be changed at will.
    """
    return Path(shutil.copytree(SAMPLES / "library", tmp_path / "content"))


@pytest.fixture(scope="session")
def small() -> Library:
    """
    The small library, not to be changed.
    """
    return shelve(SAMPLES / "library")


@pytest.fixture(scope="session")
def floors() -> dict[str, float]:
    return yaml.safe_load((HERE / "floors.yml").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def shipped_content() -> contents.Content:
    return contents.read(CONTENT)


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """
    The real content with the encoder, reranker and confidence that we ship.
    """
    library, _ = open_library(CONTENT, tmp_path_factory.mktemp("index"), embedder(), today=TODAY)
    return library


@dataclass(frozen=True)
class Facts:
    """
    The researched facts by slug, as the project's shared folder holds them.
    """

    procedures: dict[str, dict[str, Any]]
    services: dict[str, dict[str, Any]]
    plans: dict[str, dict[str, Any]]

    @property
    def everything(self) -> str:
        return str((self.procedures, self.services, self.plans))


@pytest.fixture(scope="session")
def facts() -> Facts:
    if not FACTS.is_dir():
        pytest.skip("the project's shared folder is not here, so there are no facts to compare with")

    def read(path: Path, key: str) -> dict[str, dict[str, Any]]:
        return {
            each["slug"]: each for each in yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)[key]
        }

    procedures = {
        slug: each for path in sorted((FACTS / "tthc").glob("*.yml")) for slug, each in read(path, "procedures").items()
    }
    return Facts(procedures, read(FACTS / "services.yml", "items"), read(FACTS / "plans.yml", "plans"))


def numbers(value: object) -> set[str]:
    """
    Return every run of digits in a value, without leading noughts.
    """
    return {digits.lstrip("0") or "0" for digits in re.findall(r"\d+", str(value))}
