"""
What an officer writes may go out for seven days where Meta has approved it; what the bot says never does.
"""

from __future__ import annotations

import pytest

from bot.channels.base import Reach, SendError
from bot.channels.messenger.channel import HUMAN_AGENT_SECONDS
from bot.messages import Reply
from tests.bot.channels.messenger.pages import PAGE, PERSON
from tests.bot.channels.messenger.town import ADDRESS, HOUR, Town

WORDS = Reply("Mời anh/chị đến quầy số 2.", kind="officer")


async def test_an_officers_words_go_out_after_a_day_under_the_tag(town: Town) -> None:
    channel = town.use(town.account_of(PAGE, human_agent=True))
    town.platform.weather.human_agent = True
    await town.platform.say(PERSON, "chào")
    town.now += 30 * HOUR

    await channel.send(ADDRESS, WORDS, key="d1")
    with pytest.raises(SendError) as refused:
        await channel.send(ADDRESS, Reply("Dạ"), key="d2")

    assert [one["text"] for one in town.platform.sent] == [WORDS.text]
    assert refused.value.trouble == "recipient"


async def test_the_longer_window_is_known_before_sending(town: Town) -> None:
    channel = town.use(town.account_of(PAGE, human_agent=True))
    day_old, week_old = Reach(town.now - 30 * HOUR, by_officer=True), Reach(town.now - 8 * 24 * HOUR, by_officer=True)

    assert channel.closed(ADDRESS, day_old, now=town.now) is None
    assert channel.closed(ADDRESS, day_old._replace(by_officer=False), now=town.now) == "window.closed"
    assert channel.closed(ADDRESS, week_old, now=town.now) == "window.closed"
    assert HUMAN_AGENT_SECONDS == 7 * 24 * HOUR


async def test_without_the_approval_an_officer_has_a_day_too(town: Town) -> None:
    assert town.channel.closed(ADDRESS, Reach(town.now - 30 * HOUR, by_officer=True), now=town.now) == "window.closed"
