"""
The Messenger emulator's Graph API: who is let in, what is refused with which error, what the webhook hears of a send.
"""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest

from emulators.messenger import PAGE_INBOX, signing
from emulators.messenger.errors import MESSAGES
from tests.emulators.messenger_desk import APP, PAGE, SECRET, TOKEN, Desk


@pytest.fixture
async def desk() -> Any:
    with Desk() as desk:
        await desk.platform.say("42", "chào")
        yield desk


async def test_a_send_is_answered_with_recipient_and_message_id(desk: Desk) -> None:
    status, answer = await desk.send("42", {"text": "Dạ, chào anh/chị", "metadata": "outbox-1"})

    assert status == 200
    assert answer == {"recipient_id": "42", "message_id": desk.platform.sent[0]["id"]}
    assert desk.platform.sent[0]["text"] == "Dạ, chào anh/chị"
    assert desk.platform.sent[0]["metadata"] == "outbox-1"


@pytest.mark.parametrize("path", ["/v25.0/me/messages", "/v26.0/111/messages", "/me/messages"])
async def test_the_token_may_stand_in_the_header_and_any_version_in_the_path(desk: Desk, path: str) -> None:
    body = {"recipient": {"id": "42"}, "messaging_type": "RESPONSE", "message": {"text": "Dạ"}}

    answer = await desk.raw("POST", path, json=body, headers={"Authorization": f"Bearer {TOKEN}"})

    assert answer.status == 200


async def test_a_form_is_read_like_json(desk: Desk) -> None:
    form = {"recipient": '{"id":"42"}', "messaging_type": "RESPONSE", "message": '{"text":"Dạ"}', "access_token": TOKEN}

    answer = await desk.raw("POST", "/v25.0/me/messages", data=form)

    assert answer.status == 200


@pytest.mark.parametrize(
    ("body", "code"),
    [(b"not json", 100), (b"[]", 100), (b'{"recipient": 5}', 100), (b'{"recipient": {"id": ["a"]}}', 100)],
)
async def test_odd_bodies_are_refused_with_an_error_body(desk: Desk, body: bytes, code: int) -> None:
    answer = await desk.raw("POST", f"/me/messages?access_token={TOKEN}", data=body)

    assert answer.status == 400
    assert (await answer.json())["error"]["code"] == code


async def test_the_echo_comes_back_with_metadata_and_our_app_id(desk: Desk) -> None:
    _, answer = await desk.send("42", {"text": "Dạ", "metadata": "outbox-1"})
    await desk.settle()

    echo = next(one for one in desk.webhook.elements() if one.get("message", {}).get("is_echo"))
    assert (echo["sender"], echo["recipient"]) == ({"id": PAGE}, {"id": "42"})
    wanted = {"mid": answer["message_id"], "is_echo": True, "app_id": int(APP), "metadata": "outbox-1", "text": "Dạ"}
    assert echo["message"] == wanted


async def test_the_echo_can_be_there_before_the_answer(desk: Desk) -> None:
    desk.platform.set_weather("echoes", "before")
    desk.webhook.seconds = 0.05

    await desk.send("42")

    assert any(one.get("is_echo") for one in desk.webhook.elements("message"))


async def test_echoes_can_be_switched_off(desk: Desk) -> None:
    desk.platform.set_weather("echoes", "off")

    await desk.send("42")
    await desk.settle()

    assert not any(one.get("is_echo") for one in desk.webhook.elements("message"))


async def test_an_officers_word_is_an_echo_with_a_foreign_app_id(desk: Desk) -> None:
    await desk.platform.do("42", "officer_speaks")
    await desk.settle()

    assert [one["app_id"] for one in desk.webhook.elements("message") if one.get("is_echo")] == [int(PAGE_INBOX)]


async def test_a_send_is_followed_by_delivered_and_read(desk: Desk) -> None:
    _, answer = await desk.send("42")
    await desk.settle()

    sent_at = int(desk.platform.bubbles("42")[-1]["at"] * 1000)
    assert desk.webhook.elements("delivery") == [{"mids": [answer["message_id"]], "watermark": sent_at}]
    assert desk.webhook.elements("read") == [{"watermark": sent_at}]
    assert desk.platform.bubbles("42")[-1]["note"] == "Đã xem"


async def test_typing_shows_on_the_phone_until_the_answer(desk: Desk) -> None:
    status, answer = await desk.call("POST", "/me/messages", {"recipient": {"id": "42"}, "sender_action": "typing_on"})
    assert (status, answer) == (200, {"recipient_id": "42"})
    assert desk.platform.bubbles("42")[-1]["id"] == "typing"

    await desk.send("42")
    assert desk.platform.bubbles("42")[-1]["text"] == "Dạ"

    status, answer = await desk.call("POST", "/me/messages", {"recipient": {"id": "42"}, "sender_action": "dance"})
    assert answer["error"]["code"] == 100


async def test_the_burst_limit_of_a_page(desk: Desk) -> None:
    desk.platform.set_weather("per_second", 3)
    answers = [await desk.send("42") for _ in range(12)]
    refused = [answer["error"] for status, answer in answers if status == 400]
    assert {error["code"] for error in refused} == {613}

    desk.platform.set_weather("burst_as", "4/2018354")
    answers = [await desk.send("42") for _ in range(12)]
    refused = [answer["error"] for status, answer in answers if status == 400]
    assert {(error["code"], error["error_subcode"]) for error in refused} == {(4, 2018354)}


async def test_two_hundred_sends_a_day_for_each_person_who_wrote(desk: Desk) -> None:
    desk.platform.set_weather("quota_per_person", 4)
    for _ in range(4):
        assert (await desk.send("42"))[0] == 200
    assert await desk.refusal("42") == (613, None)

    body = {"recipient": {"id": "42"}, "messaging_type": "RESPONSE", "message": {"text": "Dạ"}}
    answer = await desk.raw("POST", f"/me/messages?access_token={TOKEN}", json=body)
    assert '"call_count": 100' in answer.headers["X-App-Usage"]
    assert '"estimated_time_to_regain_access": 1441' in answer.headers["X-Business-Use-Case-Usage"]

    await desk.platform.say("43", "chào")
    assert (await desk.send("42"))[0] == 200


async def test_every_answer_carries_usage_headers(desk: Desk) -> None:
    desk.platform.set_weather("usage_percent", 85)

    answer = await desk.raw("GET", f"/me?access_token={TOKEN}")

    assert '"call_count": 85' in answer.headers["X-App-Usage"]
    assert '"type": "messenger"' in answer.headers["X-Business-Use-Case-Usage"]


@pytest.mark.parametrize("subcode", [458, 460, 463, 467])
async def test_a_dead_token_says_why(desk: Desk, subcode: int) -> None:
    desk.platform.set_weather("token", f"190/{subcode}")

    assert await desk.refusal("42") == (190, subcode)
    assert (await desk.call("GET", "/me"))[0] == 401
    _, told = await desk.call("GET", "/debug_token", token=f"{APP}|{SECRET}", input_token=TOKEN)
    assert (told["data"]["is_valid"], told["data"]["error"]["subcode"]) == (False, subcode)


async def test_no_token_and_an_unknown_token(desk: Desk) -> None:
    assert (await desk.call("GET", "/me", token=None))[1]["error"]["code"] == 104
    assert (await desk.call("GET", "/me", token="EAAG-nobody"))[1]["error"]["code"] == 190
    assert (await desk.call("GET", "/222"))[1]["error"]["error_subcode"] == 33


async def test_the_proof_is_checked_when_given_and_when_required(desk: Desk) -> None:
    good = signing.proof(SECRET, TOKEN)

    assert (await desk.call("GET", "/me", appsecret_proof=good))[0] == 200
    _, wrong = await desk.call("GET", "/me", appsecret_proof="0" * 64)
    desk.platform.set_weather("proof_required", True)
    _, missing = await desk.call("GET", "/me")

    assert (wrong["error"]["code"], wrong["error"]["message"].startswith("Invalid appsecret_proof")) == (100, True)
    assert missing["error"]["code"] == 100
    assert (await desk.call("GET", "/me", appsecret_proof=good))[0] == 200


async def test_a_transient_error_says_so(desk: Desk) -> None:
    desk.platform.set_weather("transient_rate", 1)

    status, answer = await desk.send("42")

    assert status == 500
    assert (answer["error"]["code"], answer["error"]["is_transient"]) == (2, True)


@pytest.mark.parametrize("name", MESSAGES)
async def test_every_error_of_the_sheet_can_be_played(desk: Desk, name: str) -> None:
    desk.platform.set_weather("error", name)
    desk.platform.set_weather("error_times", 1)
    code, _, subcode = name.partition("/")

    assert await desk.refusal("42") == (int(code), int(subcode) if subcode else None)
    assert (await desk.send("42"))[0] == 200
    assert desk.platform.refused[0]["user"] == "42"


async def test_a_gateway_can_answer_with_a_page_that_is_not_json(desk: Desk) -> None:
    desk.platform.set_weather("html_rate", 1)

    answer = await desk.raw("GET", f"/me?access_token={TOKEN}")

    assert (answer.status, answer.content_type) == (502, "text/html")


async def test_an_answer_can_get_lost_after_the_message_was_sent(desk: Desk) -> None:
    desk.platform.set_weather("lost_rate", 1)

    with pytest.raises(aiohttp.ClientError):
        await desk.send("42")

    assert len(desk.platform.sent) == 1


async def test_an_app_that_is_not_approved_reaches_no_citizen(desk: Desk) -> None:
    desk.platform.set_weather("review", False)

    assert await desk.refusal("42") == (200, 2018028)


async def test_a_missing_permission_is_named(desk: Desk) -> None:
    desk.platform.set_weather("missing_permission", "pages_messaging")
    assert await desk.refusal("42") == (10, None)

    desk.platform.set_weather("missing_permission", "pages_manage_metadata")
    status, answer = await desk.call("GET", "/me/subscribed_apps")
    assert (status, answer["error"]["code"]) == (403, 200)


async def test_thread_control_is_taken_passed_and_released(desk: Desk) -> None:
    who = {"recipient": {"id": "42"}}
    await desk.platform.do("42", "officer_takes")

    assert await desk.refusal("42") == (2018300, None)
    assert (await desk.call("POST", "/me/take_thread_control", who))[1] == {"success": True}
    assert (await desk.send("42"))[0] == 200
    await desk.call("POST", "/me/pass_thread_control", {**who, "target_app_id": PAGE_INBOX})
    _, owner = await desk.call("GET", "/me/thread_owner", recipient="42")
    assert owner["data"][0]["thread_owner"]["app_id"] == PAGE_INBOX
    desk.platform.set_weather("not_owner_as", "100/2534037")
    assert await desk.refusal("42") == (100, 2534037)
    await desk.call("POST", "/me/take_thread_control", who)
    assert (await desk.call("POST", "/me/release_thread_control", who))[0] == 200
    assert await desk.refusal("42") == (100, 2534037)


async def test_subscribed_apps_are_listed_changed_and_ended(desk: Desk) -> None:
    _, wrong = await desk.call("POST", f"/{PAGE}/subscribed_apps", subscribed_fields="messages,gossip")
    assert await desk.call("POST", f"/{PAGE}/subscribed_apps", subscribed_fields="messages") == (200, {"success": True})
    _, listed = await desk.call("GET", f"/{PAGE}/subscribed_apps")
    await desk.call("DELETE", f"/{PAGE}/subscribed_apps")

    assert wrong["error"]["code"] == 100
    assert (listed["data"][0]["id"], listed["data"][0]["subscribed_fields"]) == (APP, ["messages"])
    assert (await desk.call("GET", f"/{PAGE}/subscribed_apps"))[1] == {"data": []}


async def test_the_page_and_its_people_can_be_read(desk: Desk) -> None:
    _, page = await desk.call("GET", "/me", fields="id,name")
    _, person = await desk.call("GET", "/42", fields="first_name,last_name,profile_pic")
    desk.platform.set_weather("profile_access", False)
    _, hidden = await desk.call("GET", "/42", fields="first_name")

    assert page == {"id": PAGE, "name": f"Page {PAGE}"}
    assert set(person) == {"first_name", "last_name", "profile_pic", "id"}
    assert hidden["error"]["error_subcode"] == 33


MENU = [{"locale": "default", "call_to_actions": [{"type": "postback", "title": "Hỏi thủ tục", "payload": "/menu"}]}]
ICE = [{"locale": "default", "call_to_actions": [{"question": "Làm khai sinh ở đâu?", "payload": "ask:khai sinh"}]}]


async def test_a_menu_needs_get_started(desk: Desk) -> None:
    _, refused = await desk.call("POST", "/me/messenger_profile", {"persistent_menu": MENU})
    both = {"get_started": {"payload": "/start"}, "persistent_menu": MENU}
    assert await desk.call("POST", "/me/messenger_profile", both) == (200, {"result": "success"})
    _, still_needed = await desk.call("DELETE", "/me/messenger_profile", {"fields": ["get_started"]})
    _, held = await desk.call("GET", "/me/messenger_profile", fields="get_started,persistent_menu,greeting")

    assert refused["error"]["error_subcode"] == still_needed["error"]["error_subcode"] == 2018145
    assert held == {"data": [both]}


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"greeting": [{"locale": "vi_VN", "text": "Xin chào"}]},
        {"greeting": [{"locale": "default", "text": "x" * 161}]},
        {"ice_breakers": [{"locale": "default", "call_to_actions": ICE[0]["call_to_actions"] * 5}]},
        {"get_started": {"payload": ""}},
        {"get_started": {"payload": "/s"}, "persistent_menu": [{"locale": "vi_VN", "call_to_actions": []}]},
        {
            "get_started": {"payload": "/s"},
            "persistent_menu": [{"locale": "default", "call_to_actions": [{"type": "x"}]}],
        },
    ],
)
async def test_a_profile_that_breaks_a_rule_is_refused(desk: Desk, wrong: dict[str, Any]) -> None:
    assert (await desk.call("POST", "/me/messenger_profile", wrong))[1]["error"]["code"] == 100


async def test_ten_profile_calls_in_ten_minutes(desk: Desk) -> None:
    for _ in range(10):
        assert (await desk.call("GET", "/me/messenger_profile", fields="greeting"))[0] == 200
    assert (await desk.call("GET", "/me/messenger_profile", fields="greeting"))[1]["error"]["code"] == 613
    desk.clock.now += 600
    assert (await desk.call("GET", "/me/messenger_profile", fields="greeting"))[0] == 200
