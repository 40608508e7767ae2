"""
Every fact about Messenger that the product touches and that Meta's own pages of 2026 state: one test each, in the order
of those pages. Codes of errors: test_trouble.py. Each shape of an event: shapes/ and test_payload.py.

Not touched, so not here: user profiles, media and uploads, generic templates, reply_to, message tags, utility and
marketing messages, private replies to comments, the Conversations API.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

import aiohttp
import pytest

from bot.channels.base import Reach, SendError
from bot.channels.messenger.channel import WINDOW_SECONDS, signature
from bot.channels.messenger.check import check
from bot.channels.messenger.connect import subscribe, subscribed
from bot.channels.messenger.menus import apply, profile
from bot.channels.messenger.render import body, parts
from bot.messages import Button, Reply
from emulators.messenger import ALL_FIELDS
from tests.bot.channels.messenger.pages import APP, INBOX, PAGE, PERSON, SECRET, TOKEN, account
from tests.bot.channels.messenger.test_check import MENU
from tests.bot.channels.messenger.town import ADDRESS, HOUR, OTHER_PAGE, OTHER_TOKEN, Town, until


async def send(town: Town, text: str = "Dạ", *buttons: Button, key: str = "d1") -> str:
    try:
        return (await town.channel.send(ADDRESS, Reply(text, buttons), key=key)).message_id
    finally:
        await town.channel.close()


async def refusal(town: Town) -> SendError:
    with pytest.raises(SendError) as refused:
        await send(town)
    return refused.value


async def known(town: Town) -> None:
    await town.after(town.platform.say(PERSON, "chào"))


# Versions, hosts, tokens


async def test_the_version_stands_in_the_path_and_is_a_setting(town: Town) -> None:
    await known(town)
    await send(town)
    town.use(town.account_of(PAGE, version="v26.0"))
    await send(town)

    assert [one.path for one in town.calls] == [f"/v25.0/{PAGE}/messages", f"/v26.0/{PAGE}/messages"]
    assert account().graph_url == "https://graph.facebook.com"


async def test_the_token_goes_into_a_header_or_into_the_query(town: Town) -> None:
    await known(town)
    await send(town)
    town.use(town.account_of(PAGE, token_in="query"))
    await send(town)

    assert [(one.authorization, one.query) for one in town.calls] == [
        (f"Bearer {TOKEN}", {}),
        (None, {"access_token": TOKEN}),
    ]


@pytest.mark.parametrize("subcode", ["458", "460", "463", "467"])
async def test_a_page_token_dies_with_a_password_a_role_or_the_app(town: Town, subcode: str) -> None:
    await known(town)
    town.platform.weather.token = f"190/{subcode}"

    assert (await refusal(town)).trouble == "officer"


async def test_appsecret_proof_is_the_hmac_of_the_token_under_the_apps_secret(town: Town) -> None:
    await known(town)
    town.platform.weather.proof_required = True
    without = await refusal(town)
    town.use(town.account_of(PAGE, send_appsecret_proof=True))
    await send(town)

    assert without.trouble == "officer"
    assert town.calls[-1].query == {
        "appsecret_proof": hmac.new(SECRET.encode(), TOKEN.encode(), hashlib.sha256).hexdigest()
    }


async def test_without_advanced_access_citizens_are_not_reached(town: Town) -> None:
    await known(town)
    town.platform.weather.review = False

    refused = await refusal(town)

    assert refused.trouble == "officer"
    assert "development mode" in str(refused)


async def test_a_page_that_is_not_subscribed_sends_no_event(town: Town) -> None:
    town.page.fields = ()
    silent = await town.after(town.platform.say(PERSON, "chào"))
    await subscribe(town.channel, town.account)
    heard = await town.after(town.platform.say(PERSON, "chào"))
    await town.close()

    assert (silent, [one.kind for one in heard]) == ([], ["text"])


async def test_a_person_has_another_id_at_every_page(town: Town) -> None:
    town.add_page(OTHER_PAGE, OTHER_TOKEN)
    town.use(town.account, town.account_of(OTHER_PAGE, page_token=OTHER_TOKEN))

    told = await town.after(town.platform.say(f"{PAGE}/7", "a"), town.platform.say(f"{OTHER_PAGE}/7", "b"))

    assert len({one.address for one in told}) == 2


# Webhook


async def test_the_challenge_is_answered_as_it_is(town: Town) -> None:
    assert await town.platform.verify() == 200


async def test_a_wrong_verify_token_is_answered_403(town: Town) -> None:
    assert await town.platform.verify(token="wrong") == 403


@pytest.mark.parametrize(
    ("how", "status"), [("both", 200), ("sha256", 200), ("sha1", 403), ("wrong", 403), ("missing", 403)]
)
async def test_only_the_sha256_signature_counts(town: Town, how: str, status: int) -> None:
    town.platform.weather.signature = how

    answered = await town.platform.post(event(message={"mid": "m", "text": "chào"}))

    assert answered == status
    assert bool(town.told) == (status == 200)


async def test_the_signature_covers_the_escaped_bytes(town: Town) -> None:
    (message,) = await town.told_of(event(message={"mid": "m", "text": "đăng ký khai sinh ở đâu"}))

    raw = json.dumps({"text": "đăng ký"}).encode()
    assert message.text == "đăng ký khai sinh ở đâu"
    assert b"\\u0111" in raw
    assert signature(SECRET, raw) != signature(SECRET, json.dumps({"text": "đăng ký"}, ensure_ascii=False).encode())


async def test_an_event_is_taken_well_within_five_seconds(town: Town) -> None:
    await town.told_of([event(message={"mid": f"m{n}", "text": "chào " * 100}) for n in range(200)])

    assert max(one.seconds for one in town.platform.deliveries) < 0.5


async def test_what_was_not_taken_comes_again_with_the_same_id(town: Town) -> None:
    town.down = True
    assert await town.platform.post(event(message={"mid": "m1", "text": "chào"})) == 503
    town.down = False
    await town.platform.settled()

    assert [one.message_id for one in town.told] == [f"{PAGE}/message:m1"]
    assert max(one.attempt for one in town.platform.deliveries) > 3


async def test_an_hour_of_failures_ends_the_subscription_and_check_tells_how_to_renew_it(town: Town) -> None:
    town.down = True
    await town.platform.post(event(message={"mid": "m1", "text": "chào"}))
    await until(lambda: any(one["kind"] == "disabled" for one in town.platform.alerts), seconds=10)
    town.down = False

    (webhook,) = [one for one in await check(town.channel, town.account) if one.name == "webhook"]
    await subscribe(town.channel, town.account)
    heard = await town.after(town.platform.say(PERSON, "có ai không"))
    await town.close()

    assert not webhook.ok
    assert "connect messenger" in webhook.advice
    assert "có ai không" in [one.text for one in heard]


async def test_duplicates_have_one_id(town: Town) -> None:
    town.platform.weather.duplicates = 4
    for n in range(10):
        await town.platform.post(event(message={"mid": f"m{n}", "text": "chào"}))
        await town.platform.post(event(postback={"mid": f"p{n}", "title": "a", "payload": "/show_menu"}))
    await town.platform.settled()

    assert len(town.told) > 20
    assert len({one.message_id for one in town.told}) == 20


async def test_messages_are_ordered_by_their_timestamp(town: Town) -> None:
    town.platform.weather.shuffle_seconds = 0.05
    for n in range(12):
        town.platform.post_soon(event(message={"mid": f"m{n}", "text": str(n)}, at=1000 + n))
    await until(lambda: len(town.told) == 12)

    in_order = sorted(town.told, key=lambda one: one.sequence or 0)
    assert [one.text for one in in_order] == [str(n) for n in range(12)]  # type: ignore[union-attr]


@pytest.mark.parametrize("how", ["entries", "elements", "mixed"])
async def test_every_entry_and_every_element_of_a_batch_is_read(town: Town, how: str) -> None:
    town.platform.weather.batch_as = how

    told = await town.told_of([event(message={"mid": f"m{n}", "text": str(n)}) for n in range(7)])

    assert [one.text for one in told] == [str(n) for n in range(7)]


async def test_another_object_than_a_page_is_taken_and_ignored(town: Town) -> None:
    assert (
        await town.told_of(
            {"object": "instagram", "entry": [{"id": PAGE, "messaging": [event(message={"mid": "m", "text": "a"})]}]}
        )
        == []
    )


async def test_while_another_app_holds_the_conversation_nothing_is_ours_to_answer(town: Town) -> None:
    await known(town)
    told = await town.after(town.platform.do(PERSON, "officer_takes"), town.platform.say(PERSON, "cảm ơn cán bộ"))

    assert [(one.kind, one.event) for one in told] == [
        ("spoken_over", "take_thread_control"),
        ("noted", "standby.message"),
    ]


@pytest.mark.parametrize("field", ALL_FIELDS)
async def test_every_field_can_be_subscribed_without_harm(town: Town, field: str) -> None:
    value: Any = {"field": field, "value": {"anything": 1}}

    told = await town.told_of({"object": "page", "entry": [{"id": PAGE, "time": 1, "changes": [value]}]})

    assert [(one.kind, one.event) for one in told] == [("noted", f"changes.{field}")]


@pytest.mark.parametrize("kind", ["image", "audio", "video", "file", "sticker", "fallback", "template", "reel", "ig_reel", "post", "ig_post", "appointment_booking"])  # fmt: skip
async def test_every_type_of_attachment_is_told(town: Town, kind: str) -> None:
    files = [{"type": kind, "payload": {"url": "https://x.example/1"}}]

    (told,) = await town.told_of(event(message={"mid": "m", "attachments": files}))

    assert told.kind == ("sticker" if kind == "sticker" else "attachment")
    expected = kind if kind in ("image", "audio", "video", "file") else "link"
    assert [one.kind for one in told.attachments] == ([] if kind == "sticker" else [expected])


async def test_an_echo_turns_sender_and_recipient_round(town: Town) -> None:
    await known(town)
    mid = await send(town, "Chào anh/chị", key="d77")
    await town.platform.settled()

    (echo,) = [one for one in town.told if one.kind == "own_echo"]
    assert echo.address == ADDRESS
    assert echo.values == {"platform_id": mid, "key": "d77", "text": "Chào anh/chị"}  # type: ignore[union-attr]


async def test_an_officer_in_the_inbox_is_seen_by_the_foreign_app(town: Town) -> None:
    await known(town)

    (told,) = await town.after(town.platform.do(PERSON, "officer_speaks"))

    assert (told.kind, told.address) == ("spoken_over", ADDRESS)


async def test_a_button_of_a_template_or_menu_comes_as_a_postback(town: Town) -> None:
    await apply(town.channel, town.account, MENU)
    await town.close()

    (told,) = await town.after(town.platform.do(PERSON, "menu:0"))

    assert (told.kind, told.text, told.payload) == ("button", "Việc hay hỏi", "/show_menu")
    assert "/postback:" in told.message_id


async def test_a_quick_reply_comes_as_a_message(town: Town) -> None:
    await known(town)
    await send(town, "Cần gì ạ?", Button("Lệ phí", "/show_menu"))
    await town.platform.settled()

    (told,) = await town.after(town.platform.tap(PERSON, town.platform.bubbles(PERSON)[-1]["id"], 0))

    assert (told.kind, told.text, told.payload) == ("button", "Lệ phí", "/show_menu")
    assert "/message:" in told.message_id


async def test_a_referral_into_an_existing_conversation_is_noted(town: Town) -> None:
    await known(town)

    assert [(one.kind, one.event) for one in await town.after(town.platform.do(PERSON, "referral"))] == [
        ("noted", "referral")
    ]


async def test_a_referral_into_a_new_conversation_comes_inside_get_started(town: Town) -> None:
    begun = {
        "mid": "p",
        "title": "Bắt đầu",
        "payload": "GET_STARTED",
        "referral": {"ref": "a", "source": "ADS", "type": "OPEN_THREAD"},
    }

    (told,) = await town.told_of(event(postback=begun))

    assert told.kind == "start"


async def test_deliveries_and_reads_carry_watermarks(town: Town) -> None:
    await known(town)
    mid = await send(town)
    await town.platform.settled()

    delivered = next(one for one in town.told if one.kind == "delivered")
    seen = next(one for one in town.told if one.kind == "seen")
    assert delivered.values["platform_ids"] == [mid]  # type: ignore[union-attr]
    assert seen.values["watermark"] >= town.now * 1000 - 1  # type: ignore[union-attr]


async def test_a_reaction_is_noted(town: Town) -> None:
    await known(town)
    await send(town)
    await town.platform.settled()

    assert [one.event for one in await town.after(town.platform.do(PERSON, "reaction"))] == ["reaction"]


async def test_an_edit_is_noted_and_not_answered_again(town: Town) -> None:
    await known(town)

    assert [(one.kind, one.event) for one in await town.after(town.platform.do(PERSON, "edit"))] == [
        ("noted", "message_edit")
    ]


async def test_control_given_back_makes_the_conversation_the_bots_again(town: Town) -> None:
    await known(town)

    told = await town.after(town.platform.do(PERSON, "officer_takes"), town.platform.do(PERSON, "officer_hands_back"))

    assert [one.kind for one in told] == ["spoken_over", "handed_back"]


@pytest.mark.parametrize(
    ("action", "detail"), [("warning", "warning: a"), ("block", "block: a"), ("unblock", "unblock")]
)
async def test_policy_enforcement_is_told_to_officers(town: Town, action: str, detail: str) -> None:
    policy = {"action": action} | ({"reason": "a"} if action != "unblock" else {})

    (told,) = await town.told_of({"recipient": {"id": PAGE}, "timestamp": 1, "policy_enforcement": policy})

    over = {"over": True} if action == "unblock" else {}
    assert (told.kind, told.values) == ("account", {"code": "messenger.policy", "detail": detail, **over})


# Sending


async def test_a_reply_is_sent_as_a_response_and_named_by_meta(town: Town) -> None:
    await known(town)
    mid = await send(town, "Dạ")

    (sent,) = town.platform.sent
    assert sent["body"] == {
        "recipient": {"id": PERSON},
        "messaging_type": "RESPONSE",
        "message": {"text": "Dạ", "metadata": "d1"},
    }
    assert sent["id"] == mid


async def test_a_text_has_at_most_two_thousand_characters(town: Town) -> None:
    await known(town)
    with pytest.raises(SendError):
        await send(town, "ế" * 2001)
    await send(town, "ế" * 2000)

    assert [len(one.text) for one in parts(Reply("ế" * 2001))] == [2000, 1]


async def test_our_key_comes_back_as_metadata(town: Town) -> None:
    await known(town)
    await send(town, key="d5")

    assert town.platform.sent[0]["metadata"] == "d5"


async def test_there_are_at_most_thirteen_quick_replies(town: Town) -> None:
    await known(town)
    (part,) = parts(Reply("Chọn:", tuple(Button(f"Việc {n}", f"/v{n}") for n in range(14))))
    await town.channel.send(ADDRESS, part, key="d1")
    await town.close()

    assert len(town.platform.sent[0]["buttons"]) == 13
    assert "14. Việc 13" in town.platform.sent[0]["text"]


async def test_the_title_of_a_quick_reply_has_at_most_twenty_characters_and_is_never_cut_by_meta(town: Town) -> None:
    await known(town)
    (part,) = parts(Reply("Chọn:", (Button("Đăng ký lại khai sinh cho con", "/a"), Button("Lệ phí", "/b"))))
    await town.channel.send(ADDRESS, part, key="d1")
    await town.close()

    sent = [one["title"] for one in body(part, user=PERSON, key="d1")["message"]["quick_replies"]]
    assert [one["title"] for one in town.platform.sent[0]["buttons"]] == sent == ["1. Đăng ký lại khai…", "2. Lệ phí"]


async def test_a_payload_has_at_most_a_thousand_characters(town: Town) -> None:
    await known(town)
    for reply in (
        Reply("a", (Button("Một", "x" * 1000),)),
        Reply("a", (Button("Một", "x" * 1001), Button("Hai", "/b"))),
    ):
        await town.channel.send(ADDRESS, parts(reply)[0], key="d1")
    await town.close()

    assert [[one["title"] for one in sent["buttons"]] for sent in town.platform.sent] == [["Một"], ["Hai"]]


@pytest.mark.parametrize(("characters", "links", "kind"), [(640, 3, "url"), (641, 1, None), (640, 4, None)])
async def test_a_button_template_has_at_most_640_characters_and_three_buttons(
    town: Town, characters: int, links: int, kind: str | None
) -> None:
    await known(town)
    buttons = tuple(Button(f"Trang {n}", "https://dichvucong.gov.vn") for n in range(links))
    (part,) = parts(Reply("x" * characters, buttons))
    await town.channel.send(ADDRESS, part, key="d1")
    await town.close()

    sent = town.platform.sent[0]
    assert [one["kind"] for one in sent["buttons"]] == ([kind] * links if kind else [])
    assert ("https://dichvucong.gov.vn" in sent["text"]) == (kind is None)


async def test_typing_on_is_a_sender_action_of_its_own(town: Town) -> None:
    await known(town)
    await town.channel.typing(ADDRESS)
    await town.close()

    assert [one["action"] for one in town.platform.gestures] == ["typing_on"]
    assert town.platform.sent == []


# Messenger profile


async def test_the_profile_may_be_changed_ten_times_in_ten_minutes(town: Town) -> None:
    lines = [await apply(town.channel, town.account, MENU) for _ in range(11)]
    await town.close()

    assert [len(one) for one in lines] == [2] * 10 + [1]


def test_a_greeting_has_at_most_160_characters_for_the_default_locale() -> None:
    assert profile(MENU)["greeting"][0]["locale"] == "default"
    assert "greeting" not in profile(MENU.__class__("phường Mẫu", "x" * 161, (), ()))


def test_there_are_at_most_four_ice_breakers_and_the_default_locale() -> None:
    (asked,) = profile(MENU.__class__("phường Mẫu", "", (), tuple(f"Câu {n}?" for n in range(6))))["ice_breakers"]

    assert (len(asked["call_to_actions"]), asked["locale"]) == (4, "default")


def test_a_persistent_menu_never_goes_without_get_started() -> None:
    assert {"get_started", "persistent_menu"} <= profile(MENU).keys()


# Who may be messaged


@pytest.mark.parametrize("act", ["say", "start", "sticker", "referral", "reaction"])
async def test_what_a_person_does_opens_the_window_for_a_day(town: Town, act: str) -> None:
    await known(town)
    await send(town)
    town.now += 25 * HOUR
    closed = await refusal(town)
    await (town.platform.say(PERSON, "chào") if act == "say" else town.platform.do(PERSON, act))
    town.now += 23 * HOUR
    await send(town)

    assert closed.trouble == "recipient"
    assert len(town.platform.sent) == 2


async def test_a_window_that_is_closed_is_known_before_sending(town: Town) -> None:
    assert WINDOW_SECONDS == 24 * HOUR
    assert town.channel.closed(ADDRESS, Reach(town.now - WINDOW_SECONDS - 1), now=town.now) == "window.closed"
    assert town.channel.closed(ADDRESS, Reach(town.now - WINDOW_SECONDS), now=town.now) is None


@pytest.mark.parametrize("code", ["10/2018278", "10/2534022", "10/2018065"])
async def test_a_closed_window_is_never_tried_again(town: Town, code: str) -> None:
    await known(town)
    town.platform.weather.window_as = code
    town.now += 25 * HOUR

    refused = await refusal(town)

    assert (refused.permanent, refused.trouble) == (True, "recipient")


async def test_a_page_cannot_begin_a_conversation(town: Town) -> None:
    refused = await refusal(town)

    assert "no such person" in str(refused)
    assert refused.trouble == "recipient"


def test_no_reply_goes_out_under_a_tag() -> None:
    # The classic tags are refused since 2026-04-27; HUMAN_AGENT is for words that a person wrote.
    made = body(parts(Reply("Dạ"))[0], user="1", key="d1")

    assert made["messaging_type"] == "RESPONSE"
    assert "tag" not in made


@pytest.mark.parametrize("code", ["2018300", "100/2018300", "100/2534037"])
async def test_while_an_officer_holds_the_conversation_sending_is_refused_for_now(town: Town, code: str) -> None:
    await known(town)
    await town.after(town.platform.do(PERSON, "officer_takes"))
    town.platform.weather.not_owner_as = code

    refused = await refusal(town)

    assert refused.trouble == "retry"
    assert "another app" in str(refused)


def test_the_inbox_of_a_page_is_an_app_with_a_known_id() -> None:
    assert account().inbox_app_id == INBOX


@pytest.mark.parametrize("code", ["551/1545041", "200/1545041", "551"])
async def test_a_person_who_blocked_the_page_is_never_tried_again(town: Town, code: str) -> None:
    await known(town)
    await town.platform.do(PERSON, "block")
    town.platform.weather.blocked_as = code

    assert (await refusal(town)).trouble == "recipient"


async def test_a_person_who_opted_out_is_never_tried_again(town: Town) -> None:
    await known(town)
    await town.platform.do(PERSON, "opt_out")

    assert (await refusal(town)).trouble == "recipient"


# Limits


@pytest.mark.parametrize("code", ["613", "4", "4/2018354", "17", "32"])
async def test_a_limit_waits_and_is_tried_again(town: Town, code: str) -> None:
    await known(town)
    town.platform.weather.per_second = 1
    town.platform.weather.burst_as = code
    await send(town)

    refused = await refusal(town)

    assert refused.trouble == "retry"
    assert (refused.retry_after or 0) >= 60


async def test_after_two_hundred_calls_for_each_person_the_header_says_how_long_to_wait(town: Town) -> None:
    await known(town)
    town.platform.weather.quota_per_person = 2
    await send(town)
    await send(town)

    refused = await refusal(town)

    assert refused.trouble == "retry"
    assert (refused.retry_after or 0) > 23 * HOUR


async def test_abuse_of_limits_is_an_officers_matter(town: Town) -> None:
    await known(town)
    town.platform.weather.error = "613/2018338"

    assert (await refusal(town)).trouble == "officer"


async def test_what_meta_calls_transient_is_tried_again(town: Town) -> None:
    await known(town)
    town.platform.weather.transient_rate = 1.0

    refused = await refusal(town)

    assert (refused.trouble, refused.uncertain) == ("retry", False)


async def test_what_is_subscribed_can_be_read_back(town: Town) -> None:
    fields = await subscribed(town.channel, town.account)
    await town.close()

    assert fields == set(ALL_FIELDS)
    assert town.account.app_id == APP


def event(at: int = 1795161600123, **what: Any) -> dict[str, Any]:
    return {"sender": {"id": PERSON}, "recipient": {"id": PAGE}, "timestamp": at, **what}


async def test_requests_that_are_not_signed_at_all_never_reach_the_parser(town: Town) -> None:
    async with aiohttp.ClientSession() as session, session.post(town.hook_url, json={"object": "page"}) as answer:
        assert answer.status == 403
    assert town.refused == ["signature.missing"]
