"""
The sentences of the real domain.yml, and a knowledge client that talks to the fake over a real socket.
"""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from actions.knowledge_api import Knowledge
from actions.phrasing.bubbles import sentences
from tests.fakes.knowledge import FakeKnowledge
from tests.fakes.serving import Serving

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def domain() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "domain.yml").read_text("utf-8"))


@pytest.fixture(scope="session")
def texts(domain: dict[str, Any]) -> dict[str, str]:
    return sentences(domain)


@pytest.fixture
def fake() -> FakeKnowledge:
    return FakeKnowledge()


@pytest.fixture
async def knowledge(fake: FakeKnowledge) -> AsyncIterator[Knowledge]:
    with Serving(fake.app) as serving:
        async with Knowledge(serving.url, timeout_seconds=0.5) as knowledge:
            yield knowledge
