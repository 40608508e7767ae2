"""
The Messenger emulator's phone: what people do on it, what it shows, and the switches of bad days.
"""

from __future__ import annotations

from typing import Any

import pytest

from emulators.messenger import Weather
from emulators.messenger.__main__ import build, options
from tests.emulators.messenger_desk import SECRET, Desk


@pytest.fixture
async def desk() -> Any:
    with Desk() as desk:
        await desk.platform.say("42", "chào")
        yield desk


def quick() -> dict[str, Any]:
    one = {"content_type": "text", "title": "Có", "payload": "/yes"}
    return {"text": "Anh/chị cần hỏi tiếp không ạ?", "quick_replies": [one]}


async def test_the_phone_shows_both_sides_in_order(desk: Desk) -> None:
    await desk.send("42", {"text": "Dạ, chào anh/chị"})
    await desk.platform.officer_says("42", "Cán bộ đây ạ")

    shown = [(one["side"], one["text"]) for one in desk.platform.bubbles("42")]
    assert shown == [("citizen", "chào"), ("oa", "Dạ, chào anh/chị"), ("officer", "Cán bộ đây ạ")]


async def test_a_quick_reply_is_tapped_as_a_message_and_then_it_is_gone(desk: Desk) -> None:
    _, answer = await desk.send("42", quick())
    assert desk.platform.bubbles("42")[-1]["buttons"] == [{"title": "Có", "kind": "quick"}]

    mid = await desk.platform.tap("42", answer["message_id"], 0)
    await desk.settle()

    tapped = next(one for one in desk.webhook.elements("message") if one["mid"] == mid)
    assert tapped == {"mid": mid, "text": "Có", "quick_reply": {"payload": "/yes"}}
    assert desk.platform.bubbles("42")[-2]["buttons"] == []
    with pytest.raises(ValueError, match="gone"):
        await desk.platform.tap("42", answer["message_id"], 0)


async def test_a_button_is_tapped_as_a_postback_and_links_say_nothing(desk: Desk) -> None:
    given = [
        {"type": "postback", "title": "Hỏi", "payload": "/ask"},
        {"type": "web_url", "title": "Xem", "url": "https://a.vn"},
        {"type": "phone_number", "title": "Gọi", "payload": "+842412345678"},
    ]
    payload = {"template_type": "button", "text": "Chọn giúp ạ", "buttons": given}
    _, answer = await desk.send("42", {"attachment": {"type": "template", "payload": payload}})

    kinds = [(one["kind"], one.get("url")) for one in desk.platform.bubbles("42")[-1]["buttons"]]
    assert kinds == [("postback", None), ("url", "https://a.vn"), ("phone", "tel:+842412345678")]
    mid = await desk.platform.tap("42", answer["message_id"], 0)
    assert await desk.platform.tap("42", answer["message_id"], 1) is None
    await desk.settle()
    assert desk.webhook.elements("postback") == [{"mid": mid, "title": "Hỏi", "payload": "/ask"}]


async def test_taps_on_what_is_not_there_are_refused(desk: Desk) -> None:
    with pytest.raises(ValueError, match="bubble"):
        await desk.platform.tap("42", "m_none", 0)
    with pytest.raises(ValueError, match="button"):
        await desk.platform.tap("42", desk.platform.bubbles("42")[0]["id"], 0)
    with pytest.raises(ValueError, match="action"):
        await desk.platform.do("42", "follow")


async def test_menu_and_ice_breakers_become_actions(desk: Desk) -> None:
    entry = {"type": "postback", "title": "Hỏi thủ tục", "payload": "/show_menu"}
    question = {"question": "Làm khai sinh ở đâu?", "payload": "ask:khai sinh"}
    profile = {
        "get_started": {"payload": "/start"},
        "persistent_menu": [{"locale": "default", "call_to_actions": [entry]}],
        "ice_breakers": [{"locale": "default", "call_to_actions": [question]}],
    }
    await desk.call("POST", "/me/messenger_profile", profile)

    assert {name for name, _ in desk.platform.actions()} >= {"menu:0", "ice:0"}
    for action in ("start", "menu:0", "ice:0"):
        await desk.platform.do("42", action)
    await desk.settle()
    assert [one["payload"] for one in desk.webhook.elements("postback")] == ["/start", "/show_menu", "ask:khai sinh"]


async def test_every_action_can_be_done(desk: Desk) -> None:
    await desk.send("42")

    for name, label in desk.platform.actions():
        await desk.platform.do("42", name)
        assert label
    await desk.settle()

    seen = desk.webhook.elements() + desk.webhook.elements(channel="standby")
    kinds = {part["type"] for one in seen for part in one.get("message", {}).get("attachments", [])}
    assert kinds == {"image", "file", "audio", "video", "sticker", "fallback"}


async def test_a_citizens_file_can_be_downloaded_for_a_day(desk: Desk) -> None:
    await desk.send("42")
    await desk.platform.do("42", "image")
    await desk.settle()
    url = desk.webhook.elements("message")[-1]["attachments"][0]["payload"]["url"]
    path = url.removeprefix(desk.platform.origin)

    assert (await desk.raw("GET", path)).content_type == "image/png"
    desk.clock.now += 24 * 3600 + 1
    assert (await desk.raw("GET", path)).status == 403


async def test_who_blocked_the_page_cannot_write(desk: Desk) -> None:
    await desk.platform.do("42", "block")

    with pytest.raises(ValueError, match="blocked"):
        await desk.platform.say("42", "chào")


async def test_an_officer_can_keep_the_thread_by_speaking(desk: Desk) -> None:
    desk.platform.set_weather("officer_takes_thread", True)

    await desk.platform.do("42", "officer_speaks")

    assert await desk.refusal("42") == (2018300, None)


async def test_people_are_named_by_page_where_there_are_several(desk: Desk) -> None:
    desk.platform.add_account("222", token="EAAG-222", app_secret=SECRET, webhook_url=desk.hook_url, name="Phường Mẫu")
    with pytest.raises(ValueError, match="another secret"):
        desk.platform.add_account("333", token="EAAG-333", app_secret="another", webhook_url=desk.hook_url)

    await desk.platform.say("222/77", "chào")

    assert desk.platform.users() == ["42", "77"]
    assert desk.platform.pages["222"].threads.keys() == {"77"}
    assert desk.platform.account_labels() == ["Page 111", "Phường Mẫu"]
    assert desk.platform.add_user() in desk.platform.users()
    assert desk.platform.bubbles("nobody") == []
    assert "nobody" not in desk.platform.users()


async def test_the_phone_page_is_served(desk: Desk) -> None:
    answer = await desk.raw("POST", "/_phone/weather", json={"name": "duplicates", "value": 2})

    assert answer.status == 200
    assert desk.platform.weather.duplicates == 2
    assert (await desk.raw("GET", "/_phone/state?user=42")).status == 200


def test_every_switch_has_a_label_and_keeps_its_type() -> None:
    weather = Weather()

    for switch in weather.switches():
        weather.set(switch["name"], switch["value"])
        assert switch["kind"] in ("bool", "number", "choice")

    assert weather == Weather()
    weather.set("silent", "true")
    assert weather.silent is True
    for name, value in [("no_such", 1), ("signature", "loud"), ("duplicates", "many")]:
        with pytest.raises(ValueError):
            weather.set(name, value)


def test_the_command_line_makes_pages_and_secrets() -> None:
    given = options().parse_args(["--webhook", "http://127.0.0.1:1/hook/messenger", "--page", "5", "--page", "6"])

    platform, lines = build(given)

    assert list(platform.pages) == ["5", "6"]
    assert [page.threads.keys() != set() for page in platform.pages.values()] == [True, True]
    assert all(page.token in "\n".join(lines) for page in platform.pages.values())
