"""
The Messenger emulator's webhook side: what is sent, how it is signed, and what happens when it is not taken.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from emulators.messenger import PAGE_INBOX, events
from tests.emulators.messenger_desk import APP, PAGE, SECRET, TOKEN, Desk, signature, text


@pytest.fixture
def desk() -> Iterator[Desk]:
    with Desk() as desk:
        yield desk


async def test_the_webhook_is_verified_by_repeating_a_challenge(desk: Desk) -> None:
    assert await desk.platform.verify() == 200
    assert await desk.platform.verify(token="another") == 403


async def test_a_callback_is_registered_only_after_the_challenge(desk: Desk) -> None:
    wanted = {"object": "page", "callback_url": desk.hook_url, "verify_token": "wrong", "fields": "messages"}
    app_token = f"{APP}|{SECRET}"

    refused = await desk.call("POST", f"/{APP}/subscriptions", wanted, token=app_token)
    accepted = await desk.call("POST", f"/{APP}/subscriptions", wanted | {"verify_token": "verify"}, token=app_token)
    _, listed = await desk.call("GET", f"/{APP}/subscriptions", token=app_token)

    assert (refused[0], refused[1]["error"]["code"]) == (400, 2200)
    assert accepted == (200, {"success": True})
    assert listed["data"][0]["callback_url"] == desk.hook_url
    assert [field["name"] for field in listed["data"][0]["fields"]] == ["messages"]


async def test_fields_that_are_not_subscribed_stay_silent(desk: Desk) -> None:
    await desk.call("POST", "/me/subscribed_apps", subscribed_fields="messages")

    assert await desk.platform.post(text("42", "chào")) == 200
    assert await desk.platform.post(events.from_person(PAGE, "42", 1, read={"watermark": 1})) == 0

    assert len(desk.webhook.requests) == 1


async def test_vietnamese_goes_out_escaped_and_the_signatures_cover_those_bytes(desk: Desk) -> None:
    await desk.platform.post(text("42", "Đăng ký 😀 http://a/b"))

    raw, headers = desk.webhook.requests[0]
    assert b"\\u0110\\u0103ng k\\u00fd \\ud83d\\ude00 http:\\/\\/a\\/b" in raw
    assert headers["X-Hub-Signature-256"] == signature(raw)
    assert headers["X-Hub-Signature"] == signature(raw, algorithm="sha1")
    assert desk.webhook.elements("message")[0]["text"] == "Đăng ký 😀 http://a/b"


@pytest.mark.parametrize(
    ("how", "right_256", "has_sha1"),
    [("sha256", True, False), ("sha1", None, True), ("wrong", False, True), ("missing", None, False)],
)
async def test_signatures_can_be_wrong_missing_or_old(desk: Desk, how: str, right_256: bool, has_sha1: bool) -> None:
    desk.platform.set_weather("signature", how)

    await desk.platform.post(text("42", "chào"))

    raw, headers = desk.webhook.requests[0]
    given = headers.get("X-Hub-Signature-256")
    assert (given == signature(raw) if given else None) == right_256
    assert ("X-Hub-Signature" in headers) == has_sha1


@pytest.mark.parametrize(("how", "shape"), [("entries", [1, 1, 1]), ("elements", [3]), ("mixed", [3])])
async def test_a_batch_has_several_entries_or_several_elements(desk: Desk, how: str, shape: list[int]) -> None:
    desk.platform.set_weather("batch_as", how)

    await desk.platform.post([text("42", "một", mid="a"), text("43", "hai", mid="b"), text("42", "ba", mid="c")])

    assert [len(entry["messaging"]) for entry in desk.webhook.bodies[0]["entry"]] == shape
    assert [one.event_id for one in desk.platform.deliveries] == ["a", "b", "c"]


async def test_pages_of_one_app_share_a_request(desk: Desk) -> None:
    desk.platform.add_account("222", token="EAAG-222", app_secret=SECRET, webhook_url=desk.hook_url)

    await desk.platform.post([text("42", "một"), text("77", "hai", page="222")])

    assert [entry["id"] for entry in desk.webhook.bodies[0]["entry"]] == [PAGE, "222"]


async def test_waiting_events_are_gathered_when_batches_are_on(desk: Desk) -> None:
    desk.platform.set_weather("batch", 4)
    desk.webhook.seconds = 0.05

    for number in range(9):
        desk.platform.post_soon(text(str(number), "chào", mid=str(number)))
    await desk.settle()

    assert len(desk.webhook.requests) < 9
    assert sorted(one["mid"] for one in desk.webhook.elements("message")) == [str(number) for number in range(9)]


async def test_events_stand_by_while_another_app_owns_the_thread(desk: Desk) -> None:
    await desk.platform.say("42", "chào")
    await desk.platform.do("42", "officer_takes")
    await desk.platform.say("42", "có ai không")
    await desk.platform.do("42", "officer_hands_back")
    await desk.platform.say("42", "chào lại")
    await desk.settle()

    assert [one["text"] for one in desk.webhook.elements("message")] == ["chào", "chào lại"]
    assert [one["text"] for one in desk.webhook.elements("message", "standby")] == ["có ai không"]
    assert desk.webhook.elements("take_thread_control")[0]["new_owner_app_id"] == PAGE_INBOX
    assert desk.webhook.elements("pass_thread_control")[0]["new_owner_app_id"] == APP


async def test_a_request_that_fails_is_repeated_byte_for_byte_until_it_is_taken(desk: Desk) -> None:
    desk.webhook.statuses = [500, 403, 302, 404, 503, 200]

    first = await desk.platform.post(text("42", "chào"))
    await desk.settle()

    assert first == 302
    assert [one.status for one in desk.platform.deliveries] == [500, 403, 302, 404, 503, 200]
    assert [one.attempt for one in desk.platform.deliveries] == [1, 2, 3, 4, 5, 6]
    assert len({raw for raw, _ in desk.webhook.requests}) == 1


async def test_a_webhook_that_is_too_slow_counts_as_failed(desk: Desk) -> None:
    desk.platform.set_weather("deadline_seconds", 0.05)
    desk.webhook.seconds = 0.3

    assert await desk.platform.post(text("42", "chào")) == 0


async def test_after_a_quarter_of_an_hour_there_is_a_warning_and_after_an_hour_the_page_is_unsubscribed() -> None:
    with Desk(speed=6000) as desk:
        desk.webhook.statuses = [500]

        await desk.platform.post(text("42", "chào"))
        await desk.settle()

        assert [one["kind"] for one in desk.platform.alerts] == ["warning", "disabled"]
        assert (await desk.call("GET", f"/{PAGE}/subscribed_apps"))[1] == {"data": []}
        assert await desk.platform.post(text("42", "chào")) == 0

        desk.webhook.statuses = [200]
        await desk.call("POST", f"/{PAGE}/subscribed_apps", subscribed_fields="messages,messaging_postbacks")
        assert await desk.platform.post(text("42", "chào")) == 200


async def test_an_hour_on_the_clock_disables_too() -> None:
    with Desk(speed=1) as desk:
        desk.webhook.statuses = [500]

        await desk.platform.post(text("42", "chào"))
        desk.clock.now += 3600
        await desk.platform.post(text("42", "còn đó không"))

        assert [one["kind"] for one in desk.platform.alerts] == ["warning", "disabled"]


async def test_one_success_ends_the_hour(desk: Desk) -> None:
    desk.webhook.statuses = [500, 200]
    await desk.platform.post(text("42", "chào"))
    desk.clock.now += 3600
    desk.webhook.statuses = [500, 200]

    await desk.platform.post(text("42", "chào"))

    assert desk.platform.alerts == []


async def test_requests_can_come_several_times(desk: Desk) -> None:
    desk.platform.set_weather("duplicates", 4)

    for number in range(20):
        desk.platform.post_soon(text("42", "chào", mid=str(number)))
    await desk.settle()

    times = [sum(one.event_id == str(number) for one in desk.platform.deliveries) for number in range(20)]
    assert min(times) >= 1
    assert 1 < max(times) <= 5


async def test_events_of_one_person_keep_their_order_and_a_failure_breaks_it(desk: Desk) -> None:
    for number in range(30):
        desk.platform.post_soon(text("42", "chào", mid=str(number)))
    await desk.settle()
    assert [one["mid"] for one in desk.webhook.elements("message")] == [str(number) for number in range(30)]

    desk.webhook.requests.clear()
    desk.webhook.statuses = [500, 500, 500, 200]
    for mid in ("late", "early"):
        desk.platform.post_soon(text("42", "chào", mid=mid))
    await desk.settle()
    taken = [one.event_id for one in desk.platform.deliveries[30:] if one.status == 200]
    assert taken == ["early", "late"]


async def test_requests_overtake_each_other_when_shuffled(desk: Desk) -> None:
    desk.platform.set_weather("shuffle_seconds", 0.1)

    for number in range(20):
        desk.platform.post_soon(text(str(number), "chào", mid=f"{number:02}"))
    await desk.settle()

    mids = [one["mid"] for one in desk.webhook.elements("message")]
    assert mids != sorted(mids)
    assert len(mids) == 20


async def test_timestamps_can_be_out_of_order(desk: Desk) -> None:
    desk.platform.set_weather("timestamp_jitter_ms", 60_000)

    for number in range(20):
        await desk.platform.say("42", str(number))
    await desk.settle()

    stamps = [one["timestamp"] for one in desk.webhook.elements()]
    assert stamps != sorted(stamps)


async def test_any_bytes_can_be_signed_and_sent(desk: Desk) -> None:
    assert await desk.platform.post(b"\xff not json") == 200
    assert await desk.platform.post({"object": "instagram", "entry": [1, None]}) == 200

    assert [raw for raw, _ in desk.webhook.requests] == [b"\xff not json", b'{"object":"instagram","entry":[1,null]}']
    assert all(headers["X-Hub-Signature-256"] == signature(raw) for raw, headers in desk.webhook.requests)


async def test_two_thousand_events_of_a_hundred_people_arrive(desk: Desk) -> None:
    for number in range(2000):
        desk.platform.post_soon(text(str(number % 100), "chào", mid=str(number)))
    await desk.settle()

    assert len({one["mid"] for one in desk.webhook.elements("message")}) == 2000


def test_no_secret_shows_in_a_repr(desk: Desk) -> None:
    assert SECRET not in repr(desk.page)
    assert TOKEN not in repr(desk.page)
