"""
kill -9 of any of the four programs while 200 messages from 20 conversations are in flight.
"""

from __future__ import annotations

import asyncio
import time

import pytest

from tools.crowd import Crowd
from tools.town import Town

pytestmark = [pytest.mark.rasa, pytest.mark.services]

CITIZENS, EACH = 20, 10
TOTAL = CITIZENS * EACH
PATIENCE_SECONDS = 90.0
ACKNOWLEDGED_WITHIN_SECONDS = 2.0


@pytest.mark.parametrize("program", ["knowledge", "actions", "rasa", "bot"])
async def test_a_kill_loses_no_message_answers_none_twice_and_keeps_the_order(town: Town, program: str):
    async with Crowd(town.url, citizens=CITIZENS) as crowd:
        saying = asyncio.create_task(crowd.say(EACH))
        await crowd.until(lambda: crowd.acknowledged > TOTAL / 2 and crowd.answered > 0, seconds=PATIENCE_SECONDS)

        town.kill(program)
        answered_before = crowd.answered
        await asyncio.to_thread(town.start, program)
        await saying
        await crowd.wait(seconds=PATIENCE_SECONDS)

        assert 0 < answered_before < TOTAL / 2
        assert crowd.acknowledged == TOTAL
        assert await crowd.faults() == []


async def test_while_rasa_is_stopped_messages_are_acknowledged_and_afterwards_answered_in_order(town: Town):
    async with Crowd(town.url, citizens=5) as crowd:
        town.kill("rasa")
        began = time.monotonic()
        await crowd.say(4)
        seconds = (time.monotonic() - began) / 4
        answered_meanwhile = crowd.answered

        await asyncio.to_thread(town.start, "rasa")
        await crowd.wait(seconds=PATIENCE_SECONDS)

        assert seconds < ACKNOWLEDGED_WITHIN_SECONDS
        assert answered_meanwhile == 0
        assert await crowd.faults() == []
