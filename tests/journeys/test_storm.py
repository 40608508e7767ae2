"""
The worst night: platforms repeat everything in any order, and the gateway is killed again and again.
"""

from __future__ import annotations

import asyncio
import random
import re
import time
from collections import Counter, defaultdict
from pathlib import Path

import aiohttp
import pytest
import sqlalchemy as sa

from bot.delivery import ledger
from bot.delivery.worker import SENDS_AT_ONCE
from tests.journeys.harbour import Event, Harbour

pytestmark = pytest.mark.services

EVENTS = 10_000
KILLS = 5
# Telegram takes 30 messages a second of one bot, so it gets the smaller part.
USERS = {"zalo": 300, "messenger": 300, "telegram": 150}
COPIES_WITHIN = 1500  # a repeated event comes up to so many events later
FIRST_WITHIN = 12  # neighbours change places
POSTERS = 40
FIRST_USER = 5_000_000_001
ANSWER = re.compile(r"Trả lời: câu (\d+)")


def storm(harbour: Harbour, chance: random.Random) -> list[Event]:
    """
    Make the events, and the order in which 1 to 5 copies of each arrive.
    """
    everybody = [(channel, str(FIRST_USER + number)) for channel, users in USERS.items() for number in range(users)]
    for channel, user in everybody:
        harbour.make_known(channel, user)
    arriving: list[tuple[float, Event]] = []
    for number in range(EVENTS):
        # In turn, not at random: two messages of one citizen are hundreds of events apart, as in life.
        channel, user = everybody[number % len(everybody)]
        event = harbour.text(channel, user, number, f"câu {number}")
        arriving.append((number + chance.random() * FIRST_WITHIN, event))
        for _ in range(chance.randint(0, 4)):
            arriving.append((number + chance.random() * COPIES_WITHIN, event))
    return [event for _, event in sorted(arriving, key=lambda one: one[0])]


async def post_all(harbour: Harbour, arriving: list[Event], *, kills: int) -> None:
    """
    Deliver every copy until it gets its 200, and kill the gateway at even distances.
    """
    queue: asyncio.Queue[Event | None] = asyncio.Queue(maxsize=POSTERS)
    done = 0
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=20)) as session:

        async def poster() -> None:
            nonlocal done
            while (event := await queue.get()) is not None:
                while True:
                    try:
                        url = harbour.gateway.url + event.path
                        async with session.post(url, data=event.raw, headers=event.headers) as response:
                            assert response.status == 200, await response.text()
                        break
                    except (aiohttp.ClientError, TimeoutError):
                        await asyncio.sleep(0.05)
                done += 1

        async def killer() -> None:
            for number in range(kills):
                while done < (number + 1) * len(arriving) / (kills + 1):  # noqa: ASYNC110 (a count, looked at now and then)
                    await asyncio.sleep(0.01)
                harbour.gateway.kill()
                await asyncio.to_thread(harbour.gateway.start, wait_for_wards=False)

        posters = [asyncio.create_task(poster()) for _ in range(POSTERS)]
        killing = asyncio.create_task(killer())
        for event in arriving:
            await queue.put(event)
        for _ in posters:
            await queue.put(None)
        await asyncio.gather(*posters)
        await killing


def all_answered(harbour: Harbour, *, seconds: float) -> None:
    engine = sa.create_engine(f"sqlite:///{harbour.folder / 'bot.sqlite'}")
    left, deadline = -1, time.monotonic() + seconds
    while time.monotonic() < deadline:
        with engine.connect() as connection:
            left = connection.execute(sa.text("SELECT count(*) FROM inbox WHERE state != 'answered'")).scalar_one()
        if left == 0:
            engine.dispose()
            return
        time.sleep(0.25)
    raise AssertionError(f"{left} messages are not answered")


async def test_ten_thousand_events_repeated_shuffled_and_five_kills(tmp_path: Path) -> None:
    with Harbour(tmp_path) as harbour:
        # The citizens of a storm ask more than the platforms' quotas foresee.
        harbour.zalo.weather.free_messages = 0
        harbour.messenger.weather.quota_per_person = 0
        arriving = storm(harbour, random.Random(7))
        began = time.monotonic()

        await post_all(harbour, arriving, kills=KILLS)
        posted = time.monotonic() - began
        await asyncio.to_thread(all_answered, harbour, seconds=300)

        answers: dict[tuple[str, str], list[int]] = defaultdict(list)
        for channel, user, text in harbour.sent():
            if match := ANSWER.fullmatch(text):
                answers[channel, user].append(int(match[1]))
        counted = Counter(number for numbers in answers.values() for number in numbers)
        engine = sa.create_engine(f"sqlite:///{harbour.folder / 'bot.sqlite'}")
        with engine.connect() as connection:
            listed = ledger.uncertain(connection)
            failed = connection.execute(
                sa.text("SELECT problem, count(*) FROM delivery WHERE state = 'failed' GROUP BY 1")
            )
            problems = failed.all()
        engine.dispose()

    twice = [number for number, count in counted.items() if count > 1]
    print(
        f"{len(arriving)} deliveries of {EVENTS} events in {posted:.0f} s, all answered after "
        f"{time.monotonic() - began:.0f} s; {KILLS} kills: {len(twice)} answered twice, {len(listed)} listed as uncertain"
    )
    assert problems == []
    assert set(counted) == set(range(EVENTS)), "lost"
    assert len(twice) <= len(listed)
    assert len(listed) <= SENDS_AT_ONCE * KILLS
    out_of_order = 0
    for numbers in answers.values():
        firsts = list(dict.fromkeys(numbers))
        out_of_order += firsts != sorted(firsts)
    assert out_of_order == 0
