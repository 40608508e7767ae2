"""
Announcements in a Telegram channel, against the emulated one: published once, or left to an officer.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from bot.announcements.outlets.resolve import resolve
from bot.announcements.outlets.telegram_post import TelegramPost
from bot.channels.telegram.account import TelegramAccount
from bot.channels.telegram.channel import TelegramChannel
from emulators.telegram import TelegramPlatform
from tests.bot.announcements.press import NAME, TEXT, Row, lived_through, pictures, refusal
from tests.bot.channels.telegram.bots import TOKEN, account
from tests.fakes.serving import Serving

NOW = 1_795_161_600.0
PUBLIC, NAMELESS = -1001234567890, -1009876543210


class Town:
    def __init__(self) -> None:
        self.platform = TelegramPlatform(clock=lambda: NOW, speed=1000, seed=7, local=True)
        self.platform.add_account(TOKEN)
        self.chat = self.platform.add_chat(PUBLIC, "channel", title="Phường Mẫu", username="phuong_mau")
        self.platform.add_chat(NAMELESS, "channel", title="Phường Mẫu")
        self.serving = Serving(self.platform.app)
        self.channels: list[TelegramChannel] = []

    def post(self, channel: str = "@phuong_mau", **changes: Any) -> TelegramPost:
        ours = account(**{"api_url": self.serving.url, "public_channel": channel, **changes})
        self.channels.append(TelegramChannel([ours], read_seconds=0.4))
        return TelegramPost(ours, self.channels[-1], pictures)

    def row(self, kill: int | None = None, **fields: str) -> Row:
        return Row("telegram_post", {"text": TEXT, **fields}, begun_at=NOW, kill=kill)

    @property
    def shown(self) -> list[dict[str, Any]]:
        return list(self.chat.messages.values())


@pytest.fixture
def served() -> Iterator[Town]:
    town = Town()
    town.serving.start()
    yield town
    town.serving.stop()


@pytest.fixture
async def town(served: Town) -> AsyncIterator[Town]:
    yield served
    for channel in served.channels:
        await channel.close()


async def test_a_text_is_posted_with_its_button_and_its_address_comes_back(town: Town) -> None:
    row = town.row(button_title="Xem chi tiết", button_url="https://phuong-mau.example/")

    published = await row.work(town.post())

    [post] = town.shown
    assert post["text"] == TEXT
    assert post["reply_markup"]["inline_keyboard"][0][0]["url"] == "https://phuong-mau.example/"
    assert published == (str(post["message_id"]), f"https://t.me/phuong_mau/{post['message_id']}")


async def test_a_picture_carries_the_text_as_its_caption(town: Town) -> None:
    await town.row(picture=NAME).work(town.post())

    [post] = town.shown
    assert (post["caption"], post["photo"][0]["file_size"]) == (TEXT, 204)


async def test_a_channel_without_a_name_has_an_address_for_its_members(town: Town) -> None:
    published = await town.row().work(town.post(str(NAMELESS)))

    assert published.url == f"https://t.me/c/9876543210/{published.platform_id}"


@pytest.mark.parametrize("day", ["hang", "cut_after", "not_json", "no_result", "502"])
async def test_an_answer_that_got_lost_leaves_it_unclear_and_it_is_not_posted_again(town: Town, day: str) -> None:
    town.platform.weather.days = [day]  # type: ignore[list-item]
    town.platform.weather.hang_seconds = 1.0
    row = town.row()

    error = await refusal(lambda: row.work(town.post()))
    again = await refusal(lambda: row.work(town.post()))
    finding = await resolve(town.post(), row.publication)

    assert (error.uncertain, again.uncertain) == (True, True)
    assert len(town.shown) == (0 if day == "502" else 1)
    assert (finding.state, finding.url) == ("uncertain", "https://t.me/phuong_mau")


async def test_a_bot_that_may_not_post_needs_an_officer(town: Town) -> None:
    town.chat.admin = False
    row = town.row()

    error = await refusal(lambda: row.work(town.post()))
    town.chat.admin = True
    await row.work(town.post())

    assert (error.trouble, error.uncertain, len(town.shown)) == ("officer", False, 1)


async def test_a_channel_that_does_not_exist_needs_an_officer(town: Town) -> None:
    error = await refusal(lambda: town.row().work(town.post("@phuong_khac")))

    assert (error.trouble, error.uncertain) == ("officer", False)


async def test_a_flood_wait_is_waited_for(town: Town) -> None:
    town.platform.weather.flood_seconds = 40
    row = town.row()

    error = await refusal(lambda: row.work(town.post()))

    assert (error.trouble, error.uncertain, error.retry_after) == ("retry", False, 40)
    assert row.publication.step is None


async def test_a_server_error_of_telegrams_own_is_no_doubt(town: Town) -> None:
    town.platform.weather.days = ["500"]
    row = town.row()

    error = await refusal(lambda: row.work(town.post()))
    await row.work(town.post())

    assert (error.trouble, error.uncertain, len(town.shown)) == ("retry", False, 1)


async def test_a_server_that_is_not_reached_can_be_tried_again(town: Town) -> None:
    row = town.row()

    error = await refusal(lambda: row.work(town.post(api_url="http://127.0.0.1:9")))
    await row.work(town.post())

    assert (error.trouble, error.uncertain, len(town.shown)) == ("retry", False, 1)


@pytest.mark.parametrize("kill", range(4))
async def test_killed_anywhere_it_is_posted_once_or_known_to_be_unclear(town: Town, kill: int) -> None:
    outcome = await lived_through(town.row(kill), town.post())

    assert outcome == ("sent", "uncertain", "uncertain", "not killed")[kill]
    assert len(town.shown) == (1, 0, 1, 1)[kill]


@pytest.mark.parametrize("name", ["phuong_mau", "@ab", "@1abc", "-100", "https://t.me/phuong_mau", "@a b"])
def test_a_channel_is_named_as_telegram_names_it(name: str) -> None:
    with pytest.raises(ValueError, match="public_channel"):
        TelegramAccount.model_validate(account().model_dump() | {"public_channel": name})
