"""
What the importer knows, learned once from the shipped content; and the invented ward whose plans are read.
"""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from knowledge import content as contents
from knowledge import sources
from knowledge.importing import plan as plans
from knowledge.importing.draft import PlanDraft
from knowledge.wards import Ward
from tests.knowledge.conftest import CONTENT, TODAY
from tests.knowledge.conftest import SAMPLES as LIBRARY

SAMPLES = Path(__file__).parent / "samples"
Import = Callable[..., PlanDraft]

needs_tesseract = pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed")


@pytest.fixture(scope="session")
def known() -> plans.Knowledge:
    return plans.know(CONTENT)


@pytest.fixture(scope="session")
def dong_mau() -> Ward:
    return contents.read(LIBRARY / "library").wards["dong-mau"].record


@pytest.fixture(scope="session")
def imported(known, dong_mau) -> Import:
    """
    Return a function that makes the draft of one file.
    """

    def make(path: Path, ward: Ward = dong_mau) -> PlanDraft:
        return plans.make(sources.read(path), ward, known, today=TODAY, digest="0" * 16)

    return make


@pytest.fixture(scope="session")
def messy(imported) -> PlanDraft:
    return imported(SAMPLES / "vo-bang.txt")
