from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa

from bot.announcements import scheduling, store
from bot.announcements.tables import announcement as table
from bot.database import Database
from tests.journeys.announcing import approved, draft

DAY = 86_400.0


def rows(connection: sa.Connection) -> list[store.Row]:
    return sorted(store.listed(connection, None), key=lambda row: row.id)


async def test_what_is_due_is_begun_once_and_what_is_not_waits(database: Database):
    now = await approved(database)
    later = await approved(database, replace(draft(), send_at=4e9))

    assert await database.write(scheduling.take_due, "one", now=3e9) == [now.id]
    assert await database.write(scheduling.take_due, "two", now=3e9) == []
    assert await database.write(scheduling.mine, "one") == [now.id]
    assert await database.write(scheduling.mine, "two") == []
    assert (await database.read(store.found, later.id)).state == "approved"


async def test_a_repetition_is_the_same_frozen_text_and_ends_at_its_day(database: Database):
    begin = 3e9
    first = await approved(database, replace(draft(), send_at=begin, repeat="daily", repeat_until=begin + 1.5 * DAY))

    await database.write(scheduling.take_due, "one", now=begin)
    await database.write(scheduling.take_due, "one", now=begin + DAY)
    await database.write(scheduling.take_due, "one", now=begin + 2 * DAY)

    found = await database.read(rows)
    assert [row.send_at for row in found] == [begin, begin + DAY]
    assert {row.hash for row in found} == {first.hash}
    assert [row.repeats for row in found] == [None, first.id]
    assert {row.approved_by for row in found} == {first.approved_by}


async def test_what_is_no_longer_true_is_not_sent(database: Database):
    row = await approved(database)
    with database.engine.begin() as connection:
        body = connection.execute(sa.select(table.c.body)).scalar_one()
        connection.execute(sa.update(table).values(body={**body, "valid_until": 5.0}))

    assert await database.write(scheduling.take_due, "one", now=3e9) == []
    assert (await database.read(store.found, row.id)).state == "cancelled"
