from __future__ import annotations

import asyncio
import random
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.bot.gateway import Citizen, Road
from tests.fakes.wards import Neighbours


async def test_a_dropped_stream_goes_on_where_it_was(citizen: Citizen) -> None:
    seen: list[int] = []
    ids = [await citizen.say(f"câu {number}") for number in range(10)]
    position = 0
    while len(seen) < 21:  # ten questions, ten answers, one notice
        keep = random.randint(1, 4)
        async for message in citizen.events(after=position):
            seen.append(message["position"])
            position = message["position"]
            keep -= 1
            if keep == 0 or len(seen) == 21:
                break

    assert seen == list(range(1, 22))
    assert [one["key"] for one in await citizen.history() if one["side"] == "citizen"] == ids


async def test_last_event_id_counts_more_than_the_address(citizen: Citizen) -> None:
    await citizen.ask("một")
    headers = {"Authorization": f"Bearer {citizen.conversation}", "Last-Event-ID": "2"}

    async with citizen.session.get(f"{citizen.url}/api/web/events?after=0", headers=headers) as response:
        first = await response.content.readline()

    assert first == b"id: 3\n"


async def test_a_stream_says_when_all_old_messages_are_there(citizen: Citizen) -> None:
    await citizen.ask("một")
    headers = {"Authorization": f"Bearer {citizen.conversation}"}
    lines = []

    async with citizen.session.get(f"{citizen.url}/api/web/events", headers=headers) as response:
        assert response.headers["Content-Type"].startswith("text/event-stream")
        async for line in response.content:
            lines.append(line)
            if line == b"event: ready\n":
                break

    assert lines.count(b"event: message\n") == 3


async def test_all_open_pages_of_a_conversation_see_both_sides(citizen: Citizen, road: Road) -> None:
    async def follow() -> list[str]:
        texts = []
        async for message in citizen.events(after=0):
            texts.append(message["text"])
            if "turn" in message:
                return texts
        raise AssertionError

    pages = [asyncio.create_task(follow()) for _ in range(3)]
    await asyncio.sleep(0.1)
    await citizen.say("xin chào")

    first, *others = await asyncio.gather(*pages)
    assert first[0] == "xin chào"
    assert first[-1] == "Trả lời: xin chào"
    assert others == [first, first]


async def test_a_conversation_cannot_be_opened_without_end(citizen: Citizen) -> None:
    headers = {"Authorization": f"Bearer {citizen.conversation}"}
    opened = [await citizen.session.get(f"{citizen.url}/api/web/events", headers=headers) for _ in range(9)]

    assert [one.status for one in opened] == [200] * 8 + [429]
    for one in opened:
        one.close()


async def test_a_long_history_comes_in_pages(citizen: Citizen) -> None:
    ids = [await citizen.say(f"câu {number}") for number in range(110)]
    await citizen.replies(ids[-1], seconds=60)

    history = await citizen.history()

    assert [one["position"] for one in history] == list(range(1, 222))


@pytest.mark.services
async def test_a_restart_loses_and_doubles_nothing(tmp_path: Path, session: aiohttp.ClientSession) -> None:
    with Road(tmp_path) as road:
        citizen = Citizen(session, road.gateway.url)
        road.rasa.delay_seconds = 0.05
        ids = [await citizen.say(f"câu {number}") for number in range(10)]

        road.gateway.stop()
        road.gateway.start()
        await citizen.replies(ids[-1])

        texts = [one["text"] for one in await citizen.history() if one["side"] == "bot" and one["kind"] == "reply"]
        assert texts == [f"Trả lời: câu {number}" for number in range(10)]


@pytest.mark.services
async def test_the_gateway_starts_and_acknowledges_while_everything_else_is_down(
    tmp_path: Path, session: aiohttp.ClientSession
) -> None:
    with Road(tmp_path) as road:
        await Citizen(session, road.gateway.url).ask("lần đầu")
        road.gateway.stop()
        road.rasa_server.stop()
        road.neighbours_server.stop()

        road.gateway.start()
        citizen = Citizen(session, road.gateway.url)
        message_id = await citizen.say("có ai không")
        road.rasa_server.start()
        road.neighbours_server.start()
        (reply,) = await citizen.replies(message_id)

        assert reply["text"] == "Trả lời: có ai không"


@pytest.mark.services
async def test_wards_that_change_are_seen_without_a_restart(tmp_path: Path, session: aiohttp.ClientSession) -> None:
    made = Road(tmp_path)
    made.neighbours.wards = []
    with made.rasa_server, made.neighbours_server:
        made.gateway.start(wait_for_wards=False)
        try:
            async with session.get(f"{made.gateway.url}/hoa-binh") as response:
                assert response.status == 503
                assert "đang khởi động" in await response.text()
            made.neighbours.wards = Neighbours().wards
            assert await _status(session, f"{made.gateway.url}/hoa-binh", 200) == 200
        finally:
            made.gateway.stop()


async def _status(session: aiohttp.ClientSession, url: str, wanted: int) -> Any:
    for _ in range(100):
        async with session.get(url) as response:
            if response.status == wanted:
                return wanted
        await asyncio.sleep(0.1)
    return response.status
