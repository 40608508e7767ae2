from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiohttp
import pytest
import sqlalchemy as sa

from bot.database import Database
from bot.migrate import migrate
from tests.bot.gateway import Citizen, Road
from tests.fakes.rasa import echo


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'bot.sqlite'}")
    migrate(database)
    yield database
    database.close()


@pytest.fixture
def connection(database: Database) -> Iterator[sa.Connection]:
    with database.engine.begin() as connection:
        yield connection


@pytest.fixture(scope="module")
def running_road(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Road]:
    with Road(tmp_path_factory.mktemp("road")) as road:
        yield road


@pytest.fixture
def road(running_road: Road) -> Road:
    """
    A running gateway, shared by the tests of a module, with a well-behaved Rasa.
    """
    running_road.rasa.bad_days.clear()
    running_road.rasa.asked.clear()
    running_road.rasa.answer, running_road.rasa.delay_seconds = echo, 0.0
    running_road.neighbours.down = False
    return running_road


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        yield session


@pytest.fixture
def citizen(road: Road, session: aiohttp.ClientSession) -> Citizen:
    return Citizen(session, road.gateway.url)
