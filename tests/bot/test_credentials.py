from __future__ import annotations

import asyncio

import pytest

from bot import alarms
from bot.channels.tokens import Pair
from bot.credentials import Credentials
from bot.database import Database

NOW = 1_795_000_000.0
FIRST = Pair("access-1", "refresh-1", NOW + 90_000, NOW + 90 * 86_400)
SECOND = Pair("access-2", "refresh-2", NOW + 180_000, NOW + 91 * 86_400)


def store(database: Database, worker: str = "bot-1", now: float = NOW) -> Credentials:
    return Credentials(database, "zalo", wards={"oa": "hoa-binh"}, worker=worker, clock=lambda: now)


async def test_all_workers_see_the_newest_pair(database: Database) -> None:
    await store(database).save("oa", FIRST)
    await store(database, "bot-2").save("oa", SECOND)

    assert await store(database).get("oa") == SECOND
    assert await store(database).get("another") is None


async def test_only_one_of_many_gets_the_lease(database: Database) -> None:
    await store(database).save("oa", FIRST)
    workers = [store(database, f"bot-{number % 2}") for number in range(8)]

    got = await asyncio.gather(*(one.take_lease("oa", "refresh-1", seconds=60) for one in workers))

    assert got.count(True) == 1


async def test_a_lease_ends_by_time_by_hand_and_by_a_new_pair(database: Database) -> None:
    await store(database).save("oa", FIRST)
    assert await store(database, "bot-1").take_lease("oa", "refresh-1", seconds=60)

    assert not await store(database, "bot-2", NOW + 59).take_lease("oa", "refresh-1", seconds=60)
    assert await store(database, "bot-2", NOW + 61).take_lease("oa", "refresh-1", seconds=60)
    await store(database, "bot-1").end_lease("oa")
    assert not await store(database, "bot-1", NOW + 62).take_lease("oa", "refresh-1", seconds=60)
    await store(database, "bot-2").end_lease("oa")
    assert await store(database, "bot-1", NOW + 62).take_lease("oa", "refresh-1", seconds=60)
    await store(database, "bot-1").save("oa", SECOND)
    assert await store(database, "bot-2", NOW + 63).take_lease("oa", "refresh-2", seconds=60)


async def test_nobody_refreshes_a_token_that_was_replaced(database: Database) -> None:
    await store(database).save("oa", SECOND)

    assert not await store(database).take_lease("oa", "refresh-1", seconds=60)


async def test_the_pair_of_the_accounts_file_is_taken_once(database: Database) -> None:
    await store(database).seed("oa", FIRST)
    await store(database).save("oa", SECOND)

    await store(database).seed("oa", FIRST)
    assert await store(database).get("oa") == SECOND

    third = FIRST._replace(refresh_token="refresh-3")
    await store(database).seed("oa", third)
    assert await store(database).get("oa") == third


async def test_an_alarm_rings_until_it_is_cleared(database: Database) -> None:
    for detail in ("còn 13 ngày", "còn 12 ngày"):
        await store(database).alarm("oa", "zalo.token_expiring", detail)

    (ringing,) = await database.read(alarms.ringing)
    assert (ringing.ward, ringing.account, ringing.detail) == ("hoa-binh", "oa", "còn 12 ngày")

    await store(database).clear("oa", "zalo.token_expiring")
    assert await database.read(alarms.ringing) == []


@pytest.mark.parametrize("secret", ["access-1", "refresh-1"])
def test_a_pair_shows_no_token(secret: str) -> None:
    assert secret not in repr(FIRST)
    assert secret not in f"{FIRST}"
