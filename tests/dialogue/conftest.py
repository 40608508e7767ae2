"""
One trained model and one running Rasa for all tests of this folder.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.dialogue.road import Road
from tools.model import train


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return train(tmp_path_factory.mktemp("models"))


@pytest.fixture(scope="session")
def running_road(tmp_path_factory: pytest.TempPathFactory, model: Path) -> Iterator[Road]:
    road = Road(tmp_path_factory.mktemp("road"), model)
    road.start()
    yield road
    road.stop()


@pytest.fixture
def road(running_road: Road) -> Road:
    running_road.knowledge.down, running_road.knowledge.slow_seconds = False, 0.0
    running_road.knowledge.asked.clear()
    return running_road
