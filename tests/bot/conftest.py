from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import sqlalchemy as sa
from aiohttp.test_utils import TestServer

from bot.database import Database
from bot.dialogue import Dialogue
from bot.migrate import migrate
from tests.bot.desk import Desk, FakeChannel, set_up
from tests.bot.gateway import Citizen, Road
from tests.fakes.rasa import Rasa, echo


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


@pytest.fixture
async def desk(database: Database) -> AsyncIterator[Desk]:
    """
    Turns of the web chat.
    """
    async for made in _desk(database, FakeChannel()):
        yield made


@pytest.fixture
async def platform_desk(database: Database, request: pytest.FixtureRequest) -> AsyncIterator[Desk]:
    """
    Turns of a platform that does not recognise a message that it gets twice. Parameter: the policy for uncertain sends.
    """
    async for made in _desk(database, FakeChannel("zalo"), policy=getattr(request, "param", "resend")):
        yield made


async def _desk(database: Database, channel: FakeChannel, *, policy: Any = "resend") -> AsyncIterator[Desk]:
    rasa = Rasa()
    async with TestServer(rasa.app()) as server:
        dialogue = Dialogue(str(server.make_url("/")), timeout_seconds=0.2)
        yield set_up(database, dialogue, rasa, channel, policy=policy)
        await dialogue.close()
