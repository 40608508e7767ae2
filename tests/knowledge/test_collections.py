"""
Retrieval over collections that are not ours: the development sets of the project's shared folder.

The commands that give the same figures: `python -m knowledge bench --corpus C --queries Q`.
"""

import random
from pathlib import Path

import pytest

from knowledge import bench
from knowledge.encoder import augment
from knowledge.encoder.corpus import rows
from knowledge.text import tokenise

DATA = Path(__file__).parents[3] / "shared" / "data"
pytestmark = [pytest.mark.shared, pytest.mark.services]


def phone_typed(text: str) -> str:
    return " ".join(augment.phone_typed(tokenise(text), random.Random(text)))


@pytest.fixture(scope="module")
def data() -> Path:
    if not DATA.exists():
        pytest.skip("the project's shared folder is not here, so there are no development collections to search")
    return DATA


@pytest.fixture(scope="module")
def national(data: Path) -> list[dict]:
    return list(rows(data / "procedures.jsonl.gz"))


@pytest.fixture(scope="module")
def wordings(data: Path) -> list[dict]:
    said = list(rows(data / "citizen_wordings.jsonl.gz"))
    return [{**row, "variants": {"noisy": phone_typed(row["q"])}} for row in said]


def scores(corpus: list[dict], queries: list[dict]) -> dict[str, dict[str, float]]:
    search, _ = bench.ours(corpus, adapt_seconds=None)
    return bench.measure(search, queries)[0]


def test_colloquial_questions_over_the_ward_level_procedures(national, wordings, floors):
    reached = scores([row for row in national if "Cấp xã" in row["level"]], wordings)

    for style in ("full", "plain", "noisy"):
        assert reached[style]["r@1"] >= floors[f"ward588_first_{style}"], reached
    assert reached["full"]["r@5"] >= floors["ward588_among_five"]


def test_the_same_over_all_national_procedures(national, wordings, floors):
    assert scores(national, wordings)["full"]["r@1"] >= floors["national_first"]


def test_law_questions_over_articles(data, floors):
    reached = scores(list(rows(data / "law_articles.jsonl.gz")), list(rows(data / "law_dev_queries.jsonl.gz")))

    assert reached["full"]["r@1"] >= floors["law_first"], reached
    assert reached["full"]["mrr@10"] >= floors["law_mrr"]
    assert reached["full"]["r@1"] - reached["plain"]["r@1"] <= floors["law_loss_without_marks_at_most"]
