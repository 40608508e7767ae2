from __future__ import annotations

import asyncio
from datetime import datetime

import pytest
from aiohttp.test_utils import TestServer

from bot import alarms, freshness_notices
from bot.commands import desk
from bot.database import Database
from bot.errors import KnowledgeUnreachable
from bot.freshness_notices import TIMEZONE, Due
from bot.knowledge_api import KnowledgeApi
from tests.fakes.asking import AskedOffice

DAY = 86_400.0


def at(day: int, hour: int = 9) -> float:
    """
    A moment of November 2026; the 16th and the 23rd are Mondays.
    """
    return datetime(2026, 11, day, hour, tzinfo=TIMEZONE).timestamp()


def ringing(database: Database) -> list[alarms.Alarm]:
    with database.engine.begin() as connection:
        return alarms.ringing(connection)


def note(database: Database, due: Due, now: float, ward: str = "hoa-binh") -> bool:
    with database.engine.begin() as connection:
        return freshness_notices.note(connection, ward=ward, due=due, now=now)


def test_a_week_begins_on_monday_morning_in_viet_nam():
    assert freshness_notices.week_of(at(20)) == at(16, 7)
    assert freshness_notices.week_of(at(16, 7)) == at(16, 7)
    assert freshness_notices.week_of(at(16, 6)) == at(9, 7)


def test_a_notice_comes_once_a_week_whatever_restarts_and_follows_what_is_still_due(database: Database):
    assert note(database, Due(1, 2, 0), at(17))
    assert not note(database, Due(1, 2, 0), at(17))
    assert not note(database, Due(0, 1, 3), at(20))
    [one] = ringing(database)
    assert one.raised_at == at(17)
    assert one.detail == "1 mục đến hạn rà soát trong 30 ngày; 3 mục dẫn văn bản đã được thay"

    assert not note(database, Due(0, 1, 3), at(23, 6)), "Monday before seven is still last week"
    assert note(database, Due(0, 1, 3), at(23, 8))
    assert not note(database, Due(0, 1, 3), at(23, 8))
    assert ringing(database)[0].raised_at == at(23, 8)


def test_what_was_mended_is_no_longer_noticed_and_comes_back_without_a_second_notice(database: Database):
    assert note(database, Due(1, 0, 0), at(17))
    assert not note(database, Due(0, 0, 0), at(18))
    assert ringing(database) == []
    assert not note(database, Due(2, 0, 0), at(19))
    assert len(ringing(database)) == 1
    assert not note(database, Due(0, 0, 0), at(20), ward="phuong-mau")


async def test_only_what_stands_in_the_ward_itself_is_counted_and_the_command_shows_it(database: Database):
    async with TestServer(AskedOffice().app()) as server:
        knowledge = KnowledgeApi(str(server.make_url("/")))
        await freshness_notices.look(database, knowledge, ["hoa-binh"], now=at(17))
        await knowledge.close()

    found = {one.ward: one.detail for one in await asyncio.to_thread(ringing, database)}
    assert found == {
        "": "1 mục đến hạn rà soát trong 30 ngày",
        "hoa-binh": "1 mục đã hết hạn, đang ngừng trả lời; 1 mục dẫn văn bản đã được thay",
    }
    with database.engine.begin() as connection:
        assert any("content.due  hoa-binh: 1 mục đã hết hạn" in line for line in desk.lines(connection, ward=None))


async def test_without_knowledge_the_notices_stay_as_they_are(database: Database):
    note(database, Due(1, 0, 0), at(17))
    knowledge = KnowledgeApi("http://127.0.0.1:9")

    with pytest.raises(KnowledgeUnreachable):
        await freshness_notices.look(database, knowledge, ["hoa-binh"], now=at(18))

    await knowledge.close()
    assert len(ringing(database)) == 1
