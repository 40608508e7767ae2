"""
What an operator is told about a bot, and what connecting it and writing its menu do.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.channels.findings import Finding
from bot.channels.menu import Item, Menu
from bot.channels.telegram.check import check
from bot.channels.telegram.connect import connect
from bot.channels.telegram.menus import apply, profile
from tests.bot.channels.telegram.bots import BOT, MENU, SECRET
from tests.bot.channels.telegram.town import USER, Town, nobody


async def findings(town: Town, **changes: Any) -> dict[str, Finding]:
    account = town.account_of(**changes)
    town.use(account)
    try:
        return {one.name: one for one in await check(town.channel, account, now=town.now)}
    finally:
        await town.channel.close()


def wrong(found: dict[str, Finding]) -> set[str]:
    assert all(one.advice for one in found.values() if not one.ok)
    return {name for name, one in found.items() if not one.ok}


async def test_a_bot_in_order_has_nothing_wrong(town: Town):
    await connect(town.account, f"{town.hook_url}/{BOT}")
    found = await findings(town, webhook_url=f"{town.hook_url}/{BOT}")

    assert wrong(found) == set()
    assert list(found) == ["token", "rights", "signature", "webhook", "delivery", "updates", "quota"]
    assert found["token"].detail == f"@tro_ly_mot_cua_bot, id {BOT}"


async def test_a_revoked_token_and_a_server_that_is_none_are_said(town: Town):
    town.platform.set_weather("unauthorized", True)
    assert wrong(await findings(town)) == {"token"}
    unreachable = await findings(town, api_url=nobody())

    assert wrong(unreachable) == {"reach"}
    assert "block Telegram" in unreachable["reach"].advice


async def test_telegram_out_of_order_is_no_fault_of_ours(town: Town):
    town.platform.set_weather("bad_gateway", True)

    assert wrong(await findings(town)) == {"reach"}


async def test_no_webhook_another_webhook_and_left_over_settings_are_said(town: Town):
    town.bot.hook.url = ""
    assert wrong(await findings(town)) == {"webhook"}
    town.bot.hook.url = "https://other.example.org/hook"
    assert wrong(await findings(town, webhook_url=f"{town.hook_url}/{BOT}")) == {"webhook"}
    town.bot.hook.url, town.bot.allowed = town.hook_url, ("message",)
    found = await findings(town)

    assert wrong(found) == {"updates"}
    assert "callback_query" in found["updates"].detail


@pytest.mark.parametrize(
    ("message", "advice"),
    [
        ("Wrong response from the webhook: 403 Forbidden", "connect again"),
        ("SSL error {certificate verify failed}", "certificate"),
        ("Connection timed out", "running"),
    ],
)
async def test_a_failure_to_deliver_is_told_with_what_to_do(message: str, advice: str, town: Town):
    town.bot.hook.last_error_date, town.bot.hook.last_error_message = int(town.now) - 60, message
    found = await findings(town)

    assert wrong(found) == {"delivery"}
    assert advice in found["delivery"].advice
    town.now += 7200
    assert wrong(await findings(town)) == set()


async def test_what_waits_is_counted(town: Town):
    town.platform.set_weather("deaf", True)
    for _ in range(100):
        await town.platform.say(USER, "Chào")

    assert wrong(await findings(town)) == {"delivery"}


async def test_a_secret_that_can_be_guessed_is_said(town: Town):
    assert wrong(await findings(town, secret_token="guess")) == {"signature"}


async def test_connecting_sets_everything_explicitly(town: Town):
    town.bot.allowed, town.bot.hook.max_connections = ("poll",), 40
    town.platform.set_weather("deaf", True)
    await town.platform.do(USER, "block")

    found = await connect(town.account_of(max_connections=3), f"{town.hook_url}/{BOT}")

    hook = town.bot.hook
    assert found.ok
    assert (hook.url, hook.secret, hook.max_connections) == (f"{town.hook_url}/{BOT}", SECRET, 3)
    assert town.bot.allowed == ("message", "callback_query", "my_chat_member")


async def test_an_address_that_telegram_refuses_and_a_lost_token_are_findings(town: Town):
    refused = await connect(town.account, "http://")
    town.platform.set_weather("unauthorized", True)
    lost = await connect(town.account, town.hook_url)

    assert (refused.ok, lost.ok) == (False, False)
    assert "webhook" in refused.detail
    assert "https" in refused.advice
    assert "token.refused" in lost.detail


async def test_the_menu_is_written_for_all_languages(town: Town):
    lines = await apply(town.channel, town.account, MENU)
    await town.channel.close()

    assert all(line.startswith("written: ") for line in lines)
    assert [one["command"] for one in town.bot.commands["default "]] == ["menu", "gio", "canbo"]
    assert town.bot.about["description "] == MENU.greeting
    assert json.loads(json.dumps(profile(MENU))) == profile(MENU)


async def test_what_could_not_be_written_is_said_line_by_line(town: Town):
    bad = Menu("phường Mẫu", "Chào", (Item("Việc", "/show_menu", "KHÔNG", "Những việc"),), ())
    lines = await apply(town.channel, town.account, bad)
    await town.channel.close()

    assert [line.startswith("NOT written") for line in lines] == [True, False, False]


def test_a_profile_stays_within_the_limits():
    long = Menu("x", "ế" * 900, tuple(Item("Việc", "/x", f"c{number}", "ế" * 300) for number in range(130)), ())
    made = profile(long)

    assert len(made["commands"]) == 100
    assert {len(one["description"]) for one in made["commands"]} == {256}
    assert (len(made["description"]), len(made["short_description"])) == (512, 120)


async def test_a_channel_in_which_the_bot_may_post_is_in_order_and_any_other_is_said(town: Town):
    chat = town.platform.add_chat(-1001234567890, "channel", title="Phường Mẫu", username="phuong_mau")
    await connect(town.account, f"{town.hook_url}/{BOT}")

    good = await findings(town, public_channel="@phuong_mau")
    unknown = await findings(town, public_channel="@phuong_khac")
    chat.admin = False
    powerless = await findings(town, public_channel="-1001234567890")

    assert wrong(good) == set()
    assert good["channel"].detail == "@phuong_mau: administrator"
    assert wrong(unknown) == wrong(powerless) == {"channel"}
    assert "may not post" in powerless["channel"].detail
