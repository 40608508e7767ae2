"""
What `check`, `connect` and `menus` say about a Page, and do to it.
"""

from __future__ import annotations

from typing import Any

import pytest

from bot.channels.base import SendError
from bot.channels.findings import Finding
from bot.channels.menu import Item, Menu
from bot.channels.messenger.check import check
from bot.channels.messenger.connect import NEEDED, WISHED, subscribe, subscribed
from bot.channels.messenger.menus import apply, profile
from emulators.messenger import ALL_FIELDS
from tests.bot.channels.messenger.pages import PAGE, PERSON, SECRET, TOKEN
from tests.bot.channels.messenger.town import OTHER_PAGE, OTHER_TOKEN, Town

MENU = Menu(
    ward="phường Hòa Bình",
    greeting="Trợ lý tự động của phường Hòa Bình xin chào anh/chị.",
    items=(
        Item("Việc hay hỏi", "/show_menu", "menu", "Những việc nhiều người hỏi"),
        Item("Gặp cán bộ", "/ask_officer", "canbo", "Chuyển cho cán bộ trả lời"),
    ),
    questions=("Làm giấy khai sinh cần gì?", "Giờ làm việc thế nào?"),
)


async def findings(town: Town, **changes: Any) -> dict[str, Finding]:
    account = town.account_of(PAGE, **changes)
    channel = town.use(account)
    try:
        return {one.name: one for one in await check(channel, account)}
    finally:
        await town.close()


async def test_a_page_in_order_has_five_good_findings(town: Town) -> None:
    found = await findings(town)

    assert {name: one.ok for name, one in found.items()} == dict.fromkeys(
        ("token", "signature", "rights", "webhook", "quota"), True
    )


@pytest.mark.parametrize("subcode", ["458", "460", "463", "467"])
async def test_a_dead_token_is_told_with_what_to_do(town: Town, subcode: str) -> None:
    town.platform.weather.token = f"190/{subcode}"

    found = await findings(town)

    assert list(found) == ["token"]
    assert not found["token"].ok
    assert f"190/{subcode}" in found["token"].detail
    assert "new Page token" in found["token"].advice


async def test_the_token_of_another_page_is_noticed(town: Town) -> None:
    town.add_page(OTHER_PAGE, OTHER_TOKEN)

    found = await findings(town, page_token=OTHER_TOKEN)

    assert not found["token"].ok
    assert OTHER_PAGE in found["token"].detail


async def test_a_wrong_app_secret_is_noticed_before_a_citizen_does(town: Town) -> None:
    found = await findings(town, app_secret="a typing mistake")

    assert not found["signature"].ok
    assert "app_secret" in found["signature"].advice


async def test_a_missing_permission_is_named(town: Town) -> None:
    town.platform.weather.missing_permission = "pages_messaging"

    found = await findings(town)

    assert not found["rights"].ok
    assert "pages_messaging" in found["rights"].advice


async def test_missing_fields_are_named(town: Town) -> None:
    town.page.fields = tuple(one for one in ALL_FIELDS if one not in ("message_echoes", "messaging_postbacks"))

    found = await findings(town)

    assert not found["webhook"].ok
    assert found["webhook"].detail == "fields missing: messaging_postbacks, message_echoes"


async def test_a_page_nearly_out_of_calls_is_told(town: Town) -> None:
    town.platform.weather.usage_percent = 93

    found = await findings(town)

    assert (found["quota"].ok, found["quota"].detail) == (False, "93 % of the calls are used")


async def test_no_connection_is_no_reason_to_make_a_new_token(town: Town) -> None:
    town.stop_platform()
    found = await findings(town)
    town.start_platform()

    assert "try again" in found["token"].advice


async def test_no_finding_holds_a_secret(town: Town) -> None:
    town.platform.weather.token = "190/460"

    said = str(await findings(town, token_in="query", send_appsecret_proof=True))

    assert TOKEN not in said
    assert SECRET not in said


async def test_subscribing_brings_the_events_that_were_missing(town: Town) -> None:
    town.page.fields = ()
    assert await subscribed(town.channel, town.account) is None

    lines = await subscribe(town.channel, town.account)
    fields = await subscribed(town.channel, town.account)
    told = await town.after(town.platform.say(PERSON, "chào"))
    await town.close()

    assert fields == {*NEEDED, *WISHED}
    assert [one.kind for one in told] == ["text"]
    assert lines == [f"page {PAGE}: subscribed to {', '.join((*NEEDED, *WISHED))}"]


async def test_without_the_right_to_subscribe_nothing_is_claimed(town: Town) -> None:
    town.platform.weather.missing_permission = "pages_manage_metadata"

    with pytest.raises(SendError, match="200"):
        await subscribe(town.channel, town.account)
    await town.close()


async def test_the_menu_is_written_in_one_call(town: Town) -> None:
    lines = await apply(town.channel, town.account, MENU)
    await town.close()

    assert lines[0] == f"page {PAGE}: wrote get_started, greeting, ice_breakers, persistent_menu"
    assert town.page.profile == profile(MENU)
    assert [call.path for call in town.calls] == ["/v25.0/me/messenger_profile"]


async def test_what_the_menu_shows_can_be_tapped(town: Town) -> None:
    await apply(town.channel, town.account, MENU)

    for action in ("start", "menu:1", "ice:0"):
        await town.platform.do(PERSON, action)
        await town.platform.settled()
    await town.close()

    assert [(one.kind, one.text, one.payload) for one in town.told] == [  # type: ignore[union-attr]
        ("start", "", None),
        ("button", "Gặp cán bộ", "/ask_officer"),
        ("text", "Làm giấy khai sinh cần gì?", None),
    ]


async def test_the_eleventh_writing_in_ten_minutes_says_when_to_come_back(town: Town) -> None:
    for _ in range(10):
        await apply(town.channel, town.account, MENU)

    (line,) = await apply(town.channel, town.account, MENU)
    town.now += 601
    later = await apply(town.channel, town.account, MENU)
    await town.close()

    assert "10 changes in 10 minutes" in line
    assert "wrote" in later[0]


async def test_what_is_too_long_is_left_out_and_told(town: Town) -> None:
    menu = Menu("phường Mẫu", "x" * 161, (*MENU.items, Item("y" * 31, "/a", "a", "")), (*MENU.questions, "z" * 81))

    lines = await apply(town.channel, town.account, menu)
    await town.close()

    assert set(town.page.profile) == {"get_started", "ice_breakers", "persistent_menu"}
    assert "2 questions and 2 menu items" in lines[1]


async def test_a_refused_menu_is_an_error(town: Town) -> None:
    town.platform.weather.token = "190/460"

    with pytest.raises(SendError, match="190/460"):
        await apply(town.channel, town.account, MENU)
    await town.close()


def test_an_empty_menu_still_has_a_way_to_begin() -> None:
    assert profile(Menu("phường Mẫu", "", (), ())) == {"get_started": {"payload": "GET_STARTED"}}
