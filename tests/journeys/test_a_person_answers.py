"""
An officer answers from the desk on the citizen's own channel; the platform goes down, the gateway is killed, and the words
still arrive, once and in order.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import sqlalchemy as sa

from bot.admin import officers
from bot.attachments import attachment
from bot.database import Database, citizen, delivery
from tests.bot.admin.building import HASHED, Visitor
from tests.journeys.harbour import WARD, Event, Harbour

pytestmark = pytest.mark.services

USERS = {"zalo": "5000000001", "messenger": "5000000002", "telegram": "5000000003"}
HEADING = "Phường Hòa Bình, cán bộ trả lời:\n"


@asynccontextmanager
async def an_agent(harbour: Harbour) -> AsyncIterator[tuple[Visitor, Database]]:
    """
    Sign an agent of the ward in, and give a look into the gateway's database.
    """
    database = Database(harbour.gateway.environment["BOT_DATABASE"])
    with database.engine.begin() as connection:
        found = officers.create(connection, login="truc", name="Trực", roles=[(WARD, "agent")], now=1.0)
        assert found is not None
        officers.set_password(connection, found, HASHED)
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        visitor = Visitor(session, harbour.gateway.url)
        assert (await visitor.sign_in("truc")).status == 303
        yield visitor, database
    database.close()


async def post(harbour: Harbour, event: Event) -> None:
    async with aiohttp.ClientSession() as session:
        url = harbour.gateway.url + event.path
        async with session.post(url, data=event.raw, headers=event.headers) as response:
            assert response.status == 200


async def becomes(true: Callable[[], bool], *, seconds: float = 30) -> None:
    for _ in range(int(seconds * 20)):
        if true():
            return
        await asyncio.sleep(0.05)
    raise AssertionError("it did not happen in time")


def conversation(database: Database, channel: str) -> int:
    with database.engine.connect() as connection:
        found: int = connection.execute(sa.select(citizen.c.id).where(citizen.c.channel == channel)).scalar_one()
    return found


def rows(database: Database, table: sa.Table) -> list[Any]:
    with database.engine.connect() as connection:
        return list(connection.execute(sa.select(table)))


async def test_words_reach_every_platform_and_the_assistant_keeps_silent(tmp_path: Path) -> None:
    with Harbour(tmp_path) as harbour:
        for channel, user in USERS.items():
            harbour.make_known(channel, user)
            await post(harbour, harbour.text(channel, user, 1, "cho em gặp cán bộ"))
        await becomes(lambda: len(list(harbour.sent())) == 6)  # a notice and an answer each
        async with an_agent(harbour) as (agent, database):
            for channel, user in USERS.items():
                number = conversation(database, channel)
                assert "done=taken" in (await agent.post(f"/admin/desk/{number}/take")).location
                await post(harbour, harbour.text(channel, user, 2, "có ai không ạ"))
                assert (await agent.post(f"/admin/desk/{number}/reply", {"text": "Chào anh/chị."})).status == 303
                assert (await agent.post(f"/admin/desk/{number}/reply", {"text": "Mời đến quầy 2."})).status == 303
                await agent.post(f"/admin/desk/{number}/hand-back", {"finished": "yes"})
                await post(harbour, harbour.text(channel, user, 3, "lệ phí bao nhiêu"))
            await becomes(lambda: len(list(harbour.sent())) == 6 + 4 * 3)

    for channel, user in USERS.items():
        said = [text for kind, to, text in harbour.sent() if (kind, to) == (channel, user)][2:]
        assert said[:2] == [f"{HEADING}Chào anh/chị.", f"{HEADING}Mời đến quầy 2."]
        assert said[2].startswith("Cán bộ phường Hòa Bình đã trả lời xong.")
        assert said[3] == "Trả lời: lệ phí bao nhiêu"
    assert "có ai không ạ" not in [one["message"] for one in harbour.rasa.asked]


async def test_words_outlive_a_platform_that_is_down_and_a_kill(tmp_path: Path) -> None:
    with Harbour(tmp_path) as harbour:
        user = USERS["zalo"]
        harbour.make_known("zalo", user)
        await post(harbour, harbour.text("zalo", user, 1, "cho em gặp cán bộ"))
        await becomes(lambda: len(list(harbour.sent())) == 2)
        async with an_agent(harbour) as (agent, database):
            number = conversation(database, "zalo")
            await agent.post(f"/admin/desk/{number}/take")
            harbour.servers["zalo"].stop()
            for text in ("một", "hai", "ba"):
                assert (await agent.post(f"/admin/desk/{number}/reply", {"text": text})).status == 303
            await asyncio.sleep(1)

            harbour.gateway.kill()
            assert [one.state for one in rows(database, delivery)].count("sent") == 2
            harbour.servers["zalo"].start()
            await asyncio.to_thread(harbour.gateway.start)

            await becomes(lambda: [one.state for one in rows(database, delivery)].count("sent") == 5, seconds=60)

    assert [text for _, _, text in harbour.sent()][2:] == [f"{HEADING}{text}" for text in ("một", "hai", "ba")]


async def test_the_end_of_the_window_is_told_on_the_page(tmp_path: Path) -> None:
    with Harbour(tmp_path) as harbour:
        harbour.make_known("zalo", USERS["zalo"])
        await post(harbour, harbour.text("zalo", USERS["zalo"], 1, "cho em gặp cán bộ"))
        await becomes(lambda: len(list(harbour.sent())) == 2)
        async with an_agent(harbour) as (agent, database):
            number = conversation(database, "zalo")
            await agent.post(f"/admin/desk/{number}/take")
            assert "Zalo còn cho gửi 6 tin" in (await agent.get(f"/admin/desk/{number}")).text
            with database.engine.begin() as connection:
                connection.execute(sa.update(citizen).values(interacted_at=citizen.c.interacted_at - 49 * 3600))

            page = await agent.get(f"/admin/desk/{number}")

    assert "người dân chưa nhắn trong 48 giờ qua" in page.text
    assert 'name="text"' not in page.text


async def test_a_file_sent_on_telegram_is_there_to_be_saved(tmp_path: Path) -> None:
    with Harbour(tmp_path) as harbour:
        user = USERS["telegram"]
        harbour.telegram.add_user(user, started=True)
        await asyncio.to_thread(asyncio.run, harbour.telegram.do(user, "image"))
        async with an_agent(harbour) as (agent, database):
            await becomes(lambda: [one.state for one in rows(database, attachment)] == ["kept"])
            number = conversation(database, "telegram")

            page = await agent.get(f"/admin/desk/{number}")
            [file] = rows(database, attachment)
            saved = await agent.session.get(f"{harbour.gateway.url}/admin/desk/{number}/file/{file.id}")

            assert "Gửi tệp hoặc hình ảnh" in page.text
            assert f"/admin/desk/{number}/file/{file.id}" in page.text
            assert saved.status == 200
            assert len(await saved.read()) == file.size
