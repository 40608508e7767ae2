from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot import inbox
from bot.database import Database
from bot.delivery.engine import Engine
from bot.inbox import Work
from bot.messages import InboundMessage

NOW = 1_795_000_000.0
pytestmark = pytest.mark.services  # each stop of DBOS takes a second


@dataclass
class Desk:
    """
    An engine whose turns are a function of the test.
    """

    database: Database
    dbos: Path
    answered: list[int] = field(default_factory=list)
    answer: Callable[[int], Awaitable[Work | None]] | None = None
    engine: Engine | None = None

    async def turn(self, inbox_id: int) -> Work | None:
        self.answered.append(inbox_id)
        if self.answer is not None:
            return await self.answer(inbox_id)
        return await self.finish(inbox_id)

    async def finish(self, inbox_id: int) -> Work | None:
        return await self.database.write(inbox.finish, inbox_id, executor="bot-1", now=NOW)

    def accept(self, number: int, address: str = "a") -> Work | None:
        message = InboundMessage("web", "hoa-binh", address, f"{address}/{number}", "text", "x")
        with self.database.engine.begin() as connection:
            return inbox.accept(connection, message, executor="bot-1", now=NOW).work

    async def launch(self) -> Engine:
        self.engine = Engine(self.database, self.turn, url=f"sqlite:///{self.dbos}", executor="bot-1")
        await self.engine.launch()
        return self.engine

    async def all_answered(self) -> None:
        for _ in range(1000):
            if (await self.database.read(inbox.depth))[0] == 0:
                return
            await asyncio.sleep(0.01)
        raise AssertionError(f"answered only {self.answered}")

    async def ended(self, state: str, count: int) -> None:
        for _ in range(250):
            if self.workflows().count(state) >= count:
                return
            await asyncio.sleep(0.02)
        raise AssertionError(self.workflows())

    def workflows(self) -> list[str]:
        engine = sa.create_engine(f"sqlite:///{self.dbos}")
        with engine.connect() as connection:
            states = list(connection.execute(sa.text("SELECT status FROM workflow_status")).scalars())
        engine.dispose()
        return states


@pytest.fixture
async def desk(database: Database, tmp_path: Path) -> AsyncIterator[Desk]:
    desk = Desk(database, tmp_path / "dbos.sqlite")
    yield desk
    if desk.engine is not None:
        await desk.engine.close()


async def test_a_work_that_is_begun_twice_runs_once(desk: Desk) -> None:
    engine = await desk.launch()
    work = desk.accept(1)
    assert work is not None

    engine.begin(work)
    engine.begin(work)
    await desk.all_answered()
    engine.begin(work)
    await asyncio.sleep(0.2)

    assert desk.answered == [work.inbox_id]


async def test_the_messages_of_a_conversation_follow_each_other(desk: Desk) -> None:
    engine = await desk.launch()
    work = desk.accept(1)
    assert work is not None
    for number in (2, 3):
        desk.accept(number)

    engine.begin(work)
    await desk.all_answered()

    assert desk.answered == [1, 2, 3]


async def test_what_was_accepted_but_not_begun_is_begun_at_the_start(desk: Desk) -> None:
    for address in ("a", "b"):
        desk.accept(1, address)
        desk.accept(2, address)

    await desk.launch()
    await desk.all_answered()

    assert sorted(desk.answered) == [1, 2, 3, 4]
    assert desk.answered.index(1) < desk.answered.index(2)
    assert desk.answered.index(3) < desk.answered.index(4)


async def test_a_turn_that_failed_is_begun_anew(desk: Desk) -> None:
    async def fail(inbox_id: int) -> Work | None:
        if len(desk.answered) == 1:
            raise OSError("disk full")
        return await desk.finish(inbox_id)

    desk.answer = fail
    engine = await desk.launch()
    work = desk.accept(1)
    assert work is not None
    engine.begin(work)
    await desk.ended("ERROR", 1)

    await engine._resume()
    await desk.all_answered()

    assert desk.answered == [1, 1]


async def test_a_turn_that_is_under_way_is_left_alone(desk: Desk) -> None:
    let_go = asyncio.Event()

    async def wait(inbox_id: int) -> Work | None:
        await let_go.wait()
        return await desk.finish(inbox_id)

    desk.answer = wait
    engine = await desk.launch()
    work = desk.accept(1)
    assert work is not None
    engine.begin(work)
    await asyncio.sleep(0.1)

    await engine._resume()
    let_go.set()
    await desk.all_answered()

    assert desk.answered == [1]


async def test_an_interrupted_turn_goes_on_after_a_restart(desk: Desk) -> None:
    async def hang(_inbox_id: int) -> Work | None:
        await asyncio.sleep(3600)
        return None

    desk.answer = hang
    engine = await desk.launch()
    work = desk.accept(1)
    assert work is not None
    engine.begin(work)
    await asyncio.sleep(0.1)
    for task in asyncio.all_tasks() - {asyncio.current_task()}:
        task.cancel()
    await engine.close()

    desk.answer = None
    await desk.launch()
    await desk.all_answered()

    assert desk.answered == [1, 1]
    await desk.ended("SUCCESS", 1)
    assert len(desk.workflows()) == 1


async def test_ended_turns_are_forgotten(desk: Desk) -> None:
    engine = await desk.launch()
    for number in range(3):
        work = desk.accept(number, f"c{number}")
        assert work is not None
        engine.begin(work)
    await desk.ended("SUCCESS", 3)

    await engine._forget(older_than_seconds=3600)
    assert len(desk.workflows()) == 3
    await engine._forget(older_than_seconds=-5)

    assert desk.workflows() == []
