"""
Which messages the Messenger emulator's Send API takes, and to whom: limits, windows, tags, files.
"""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest

from tests.emulators.messenger_desk import NOON, SECRET, TOKEN, Desk

DAY = 24 * 3600


@pytest.fixture
async def desk() -> Any:
    with Desk() as desk:
        await desk.platform.say("42", "chào")
        yield desk


def postback(title: str = "Hỏi", payload: str = "ask") -> dict[str, Any]:
    return {"type": "postback", "title": title, "payload": payload}


def buttons(*given: Any, words: str = "Anh/chị chọn giúp ạ") -> dict[str, Any]:
    payload = {"template_type": "button", "text": words, "buttons": list(given)}
    return {"attachment": {"type": "template", "payload": payload}}


def cards(*given: Any) -> dict[str, Any]:
    return {"attachment": {"type": "template", "payload": {"template_type": "generic", "elements": list(given)}}}


def quick(count: int, title: str = "Có", payload: str = "yes") -> dict[str, Any]:
    one = {"content_type": "text", "title": title, "payload": payload}
    return {"text": "Anh/chị chọn giúp ạ", "quick_replies": [one] * count}


@pytest.mark.parametrize("window", ["10/2018278", "10/2534022", "10/2018065"])
async def test_the_window_closes_after_24_hours_and_opens_with_the_next_word(desk: Desk, window: str) -> None:
    desk.platform.set_weather("window_as", window)
    code, _, subcode = window.partition("/")

    desk.clock.now = NOON + DAY
    assert (await desk.send("42"))[0] == 200
    desk.clock.now = NOON + DAY + 1
    assert await desk.refusal("42") == (int(code), int(subcode))
    assert await desk.refusal("42", messaging_type="UPDATE") == (int(code), int(subcode))
    await desk.platform.say("42", "chào lại")
    assert (await desk.send("42"))[0] == 200


@pytest.mark.parametrize("action", ["start", "image", "reaction", "referral", "contact"])
async def test_every_act_of_the_citizen_opens_the_window(desk: Desk, action: str) -> None:
    await desk.send("42")
    desk.clock.now += DAY + 1

    await desk.platform.do("42", action)

    assert (await desk.send("42"))[0] == 200


async def test_the_page_cannot_begin_a_conversation(desk: Desk) -> None:
    desk.platform.add_person("43")

    assert await desk.refusal("43") == (10, 2018278)


async def test_human_agent_reaches_seven_days_and_needs_permission(desk: Desk) -> None:
    tagged = {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}

    desk.clock.now += 7 * DAY
    assert await desk.refusal("42", **tagged) == (10, None)
    desk.platform.set_weather("human_agent", True)
    assert (await desk.send("42", **tagged))[0] == 200
    desk.clock.now += 1
    assert await desk.refusal("42", **tagged) == (10, 2018278)


@pytest.mark.parametrize(
    "more",
    [
        {"messaging_type": "MESSAGE_TAG", "tag": "CONFIRMED_EVENT_UPDATE"},
        {"messaging_type": "MESSAGE_TAG", "tag": "ACCOUNT_UPDATE"},
        {"messaging_type": "MESSAGE_TAG", "tag": "POST_PURCHASE_UPDATE"},
        {"messaging_type": "MESSAGE_TAG"},
        {"messaging_type": "MESSAGE_TAG", "tag": "NEWS"},
        {"messaging_type": "PROMOTION"},
        {"messaging_type": None},
        {"recipient": {}},
        {"recipient": {"id": "42", "user_ref": "x"}},
    ],
)
async def test_retired_tags_and_unknown_types_are_bad_parameters(desk: Desk, more: dict[str, Any]) -> None:
    assert await desk.refusal("42", **more) == (100, None)


async def test_a_utility_message_needs_an_approved_template_and_no_window(desk: Desk) -> None:
    template = {"name": "status", "language": {"code": "vi"}}
    made = {"name": "status", "language": "vi", "category": "UTILITY"}
    made["components"] = [{"type": "BODY", "text": "Hồ sơ đã có kết quả"}]
    desk.clock.now += 3 * DAY

    assert await desk.refusal("42", {"template": template}, messaging_type="UTILITY") == (100, None)
    assert (await desk.call("POST", "/me/message_templates", made))[1]["status"] == "APPROVED"
    assert (await desk.send("42", {"template": template}, messaging_type="UTILITY"))[0] == 200
    assert desk.platform.sent[-1]["text"] == "Hồ sơ đã có kết quả"


async def test_somebody_unknown_somebody_who_blocked_and_somebody_who_opted_out(desk: Desk) -> None:
    assert await desk.refusal("999") == (100, 2018001)
    await desk.platform.do("42", "opt_out")
    assert await desk.refusal("42") == (10, 1893015)
    await desk.platform.do("42", "block")
    assert await desk.refusal("42") == (551, 1545041)
    desk.platform.set_weather("blocked_as", "200/1545041")
    assert await desk.refusal("42") == (200, 1545041)
    await desk.platform.do("42", "unblock")
    await desk.platform.say("42", "chào")
    assert (await desk.send("42"))[0] == 200


async def test_a_person_belongs_to_one_page(desk: Desk) -> None:
    desk.platform.add_account("222", token="EAAG-222", app_secret=SECRET, webhook_url=desk.hook_url)
    body = {"recipient": {"id": "42"}, "messaging_type": "RESPONSE", "message": {"text": "Dạ"}}

    _, answer = await desk.call("POST", "/me/messages", body, token="EAAG-222")

    assert answer["error"]["error_subcode"] == 2018001


@pytest.mark.parametrize(
    "message",
    [
        {"text": "ạ" * 2000},
        {"text": "Dạ", "metadata": "x" * 1000},
        quick(13),
        quick(1, payload="x" * 1000),
        {"text": "Số của anh/chị?", "quick_replies": [{"content_type": "user_phone_number"}]},
        buttons(postback("ạ" * 20), postback(), {"type": "web_url", "title": "Xem", "url": "https://a.vn"}),
        buttons({"type": "phone_number", "title": "Gọi", "payload": "+842412345678"}, words="ạ" * 640),
        cards(*[{"title": "ạ" * 80, "subtitle": "ạ" * 80, "buttons": [postback()] * 3}] * 10),
        {**buttons(postback()), "quick_replies": quick(2)["quick_replies"]},
    ],
)
async def test_messages_within_the_limits_are_taken(desk: Desk, message: dict[str, Any]) -> None:
    assert (await desk.send("42", message))[0] == 200


@pytest.mark.parametrize(
    ("message", "subcode"),
    [
        ({"text": "ạ" * 2001}, None),
        ({"text": "Dạ", "metadata": "x" * 1001}, None),
        ({"text": ""}, 2018015),
        ({"quick_replies": quick(1)["quick_replies"]}, 2018015),
        (quick(14), None),
        (quick(0), None),
        (quick(1, title=""), None),
        (quick(1, payload="x" * 1001), None),
        (buttons(), None),
        (buttons(*[postback()] * 4), None),
        (buttons(postback(), words="ạ" * 641), None),
        (buttons(postback(), words=""), None),
        (buttons(postback(title="ạ" * 21)), None),
        (buttons(postback(title="")), 2018053),
        (buttons(postback(payload="")), 2018040),
        (buttons(postback(payload="x" * 1001)), None),
        (buttons({"type": "web_url", "title": "Xem", "url": ""}), 2018041),
        (buttons({"type": "web_url", "title": "Xem", "url": "a.vn"}), None),
        (buttons({"type": "phone_number", "title": "Gọi", "payload": "0241"}), None),
        (buttons({"type": "game_play", "title": "Chơi"}), None),
        (cards(), None),
        (cards(*[{"title": "Thẻ"}] * 11), None),
        (cards({"title": "ạ" * 81}), None),
        (cards({"title": "Thẻ", "subtitle": "ạ" * 81}), None),
        (cards({"title": "Thẻ", "buttons": [postback()] * 4}), None),
        ({"attachment": {"type": "template", "payload": {"template_type": "list"}}}, None),
        ({"attachment": {"type": "image", "payload": {"attachment_id": "5"}}}, 2018074),
        ({"attachment": "x"}, None),
    ],
)
async def test_messages_beyond_the_limits_are_bad_parameters(
    desk: Desk, message: dict[str, Any], subcode: int | None
) -> None:
    assert await desk.refusal("42", message) == (100, subcode)
    assert len(desk.platform.sent) == 0


async def test_titles_of_quick_replies_are_cut_at_20_characters(desk: Desk) -> None:
    await desk.send("42", quick(1, title="Đăng ký khai sinh cho con"))

    assert desk.platform.bubbles("42")[-1]["buttons"][0]["title"] == "Đăng ký khai sinh ch"


async def test_button_titles_can_be_cut_as_well(desk: Desk) -> None:
    desk.platform.set_weather("long_titles", "cut")

    await desk.send("42", buttons(postback(title="ạ" * 30)))

    assert desk.platform.sent[0]["buttons"][0]["title"] == "ạ" * 20


async def test_a_picture_is_fetched_kept_and_used_again_for_90_days(desk: Desk) -> None:
    picture = {"attachment": {"type": "image", "payload": {"url": desk.photo(), "is_reusable": True}}}
    _, answer = await desk.send("42", picture)
    again = {"attachment": {"type": "image", "payload": {"attachment_id": answer["attachment_id"]}}}

    desk.clock.now += 90 * DAY
    await desk.platform.say("42", "gửi lại giúp")
    assert (await desk.send("42", again))[0] == 200
    desk.clock.now += 1
    assert await desk.refusal("42", again) == (100, 2018074)


@pytest.mark.parametrize(
    ("kind", "query", "subcode"),
    [
        ("image", {"size": 8 * 1024 * 1024 + 1}, 2018109),
        ("image", {"type": "text/html"}, 2018294),
        ("audio", {"type": "image/png"}, 2018294),
    ],
)
async def test_files_that_are_too_big_or_another_kind(desk: Desk, kind: str, query: Any, subcode: int) -> None:
    message = {"attachment": {"type": kind, "payload": {"url": desk.photo(**query)}}}

    assert await desk.refusal("42", message) == (100, subcode)


async def test_an_address_that_gives_nothing_in_time(desk: Desk) -> None:
    message = {"attachment": {"type": "image", "payload": {"url": "http://127.0.0.1:1/a.png"}}}
    assert await desk.refusal("42", message) == (100, 2018008)

    desk.platform.set_weather("fetch_seconds", 0.0001)
    message = {"attachment": {"type": "image", "payload": {"url": desk.photo()}}}
    assert await desk.refusal("42", message) == (100, 2018008)


async def test_a_file_is_uploaded_in_the_body_or_by_address(desk: Desk) -> None:
    described = '{"attachment":{"type":"file","payload":{"is_reusable":true}}}'
    form = aiohttp.FormData({"message": described})
    form.add_field("filedata", b"%PDF", filename="don.pdf", content_type="application/pdf")
    by_body = await desk.raw("POST", f"/me/message_attachments?access_token={TOKEN}", data=form)
    by_address = {"message": {"attachment": {"type": "image", "payload": {"url": desk.photo()}}}}

    uploaded = (await by_body.json())["attachment_id"]
    message = {"attachment": {"type": "file", "payload": {"attachment_id": uploaded}}}

    assert (await desk.send("42", message))[0] == 200
    assert "attachment_id" in (await desk.call("POST", "/me/message_attachments", by_address))[1]
