"""
The webhook's sender of the emulated Zalo, and what citizens and officers do on their phones.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import AsyncIterator
from itertools import pairwise

import pytest

from emulators.zalo import Weather
from emulators.zalo.citizens import ACTIONS
from tests.emulators.zalo_bench import NOON, OA, Bench, Got


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    async with Bench(Weather(reads=False, receipts=False)) as bench:
        yield bench


def digest(bench: Bench, got: Got, *, first: str | None = None, secret: str = "oa-secret", stamp: str = "") -> str:
    stamp = stamp or str(got.event["timestamp"])
    parts = (first or bench.account.app_id).encode() + got.raw + stamp.encode() + secret.encode()
    return hashlib.sha256(parts).hexdigest()


async def heard(bench: Bench, text: str = "Đăng ký khai sinh") -> Got:
    before = len(bench.hook.got)
    await bench.zalo.say(bench.user, text)
    await bench.until(lambda: len(bench.hook.got) > before)
    return bench.hook.got[before]


async def test_a_text_arrives_signed_compact_and_in_utf8(bench: Bench) -> None:
    got = await heard(bench)

    assert got.headers["X-ZEvent-Signature"] == f"mac={digest(bench, got)}"
    assert "num_retry" not in got.headers
    assert "Đăng ký khai sinh".encode() in got.raw
    assert b'","' in got.raw
    assert got.event == {
        "app_id": bench.account.app_id,
        "sender": {"id": bench.user},
        "user_id_by_app": bench.zalo.user(bench.user).id_by_app,
        "recipient": {"id": OA},
        "event_name": "user_send_text",
        "message": {"text": "Đăng ký khai sinh", "msg_id": got.event["message"]["msg_id"]},
        "timestamp": str(int(NOON * 1000)),
    }


async def test_two_events_of_one_citizen_never_share_a_timestamp(bench: Bench) -> None:
    first, second = await heard(bench, "một"), await heard(bench, "hai")

    assert int(second.event["timestamp"]) == int(first.event["timestamp"]) + 1


@pytest.mark.parametrize(
    ("switch", "value"),
    [
        ("signature_spaces", True),
        ("signature", "oa_id_first"),
        ("signature", "app_secret"),
        ("signature", "wrong"),
        ("signature", "missing"),
        ("signature", "hmac"),
        ("timestamp_header", "same"),
        ("timestamp_header", "signed"),
        ("json_spaces", True),
        ("json_escaped", True),
    ],
)
async def test_the_signature_comes_in_every_variant(bench: Bench, switch: str, value: object) -> None:
    bench.zalo.set_weather(switch, value)

    got = await heard(bench)

    header = got.headers.get("X-ZEvent-Signature", "")
    stamp = got.headers.get("X-ZEvent-Timestamp", "")
    if switch == "signature_spaces":
        assert header == f"mac = {digest(bench, got)}"
    elif value == "oa_id_first":
        assert header == f"mac={digest(bench, got, first=OA)}"
    elif value == "app_secret":
        assert header == f"mac={digest(bench, got, secret=bench.secret)}"
    elif value in ("wrong", "hmac", "missing"):
        assert digest(bench, got) not in header
        assert bool(header) == (value != "missing")
    else:
        assert header == f"mac={digest(bench, got, stamp=stamp)}"
        assert bool(stamp) == (switch == "timestamp_header")
        assert (stamp == got.event["timestamp"]) == (value == "same")
        assert (b": " in got.raw) == (switch == "json_spaces")
        assert (b"\\u0110" in got.raw) == (switch == "json_escaped")


async def test_saving_the_address_needs_a_200_to_an_unsigned_empty_object(bench: Bench) -> None:
    app = bench.zalo.apps[bench.account.app_id]
    url, app.webhook_url = str(app.webhook_url), None
    bench.hook.answers = [403]

    assert not await bench.zalo.register_webhook(url)
    assert app.webhook_url is None
    assert await bench.zalo.register_webhook(url)
    assert app.webhook_url == url
    assert [got.raw for got in bench.hook.got] == [b"{}", b"{}"]
    assert "X-ZEvent-Signature" not in bench.hook.got[0].headers


async def test_a_failed_event_is_repeated_five_times_and_then_the_webhook_is_off(bench: Bench) -> None:
    bench.hook.answers = [500] * 6

    last = await bench.zalo.post({"event_name": "user_send_text", "sender": {"id": bench.user}, "message": {}})

    assert [got.headers.get("num_retry") for got in bench.hook.got] == [None, "1", "2", "3", "4", "5"]
    assert len({(got.raw, got.headers["X-ZEvent-Signature"]) for got in bench.hook.got}) == 1
    assert (last.attempt, last.status) == (5, 500)
    assert bench.zalo.lost == [last.event_id]
    assert not bench.zalo.apps[bench.account.app_id].webhook_on
    await bench.zalo.say(bench.user, "còn ai không")
    assert len(bench.hook.got) == 6
    bench.zalo.enable_webhook()
    assert (await heard(bench)).event["message"]["text"] == "Đăng ký khai sinh"


async def test_the_ladder_waits_30_seconds_5_15_30_and_60_minutes_by_the_given_speed() -> None:
    async with Bench(speed=20_000) as bench:
        bench.hook.answers = [500] * 5

        await bench.zalo.post({"event_name": "user_send_text", "sender": {"id": bench.user}, "message": {}})

        at = [got.at for got in bench.hook.got]
        waits = [later - earlier for earlier, later in pairwise(at)]
        assert all(waited * 20_000 >= due for waited, due in zip(waits, (30, 300, 900, 1800, 3600), strict=True))


async def test_a_webhook_that_is_down_gets_the_event_when_it_is_back() -> None:
    async with Bench(speed=500) as bench:
        bench.stop_hook()
        bench.zalo.set_weather("failure_policy", "lose")
        await bench.zalo.say(bench.user, "chào")
        await bench.until(lambda: bench.zalo.deliveries)
        bench.start_hook()

        await bench.until(lambda: bench.hook.got)

        assert bench.zalo.deliveries[0].error == "no connection"
        assert bench.zalo.lost == []


async def test_a_bad_answer_may_also_lose_the_event(bench: Bench) -> None:
    bench.zalo.set_weather("failure_policy", "lose")
    bench.hook.answers = [500]

    last = await bench.zalo.post({"event_name": "follow", "oa_id": OA, "follower": {"id": bench.user}})

    assert (len(bench.hook.got), last.attempt) == (1, 0)
    assert bench.zalo.lost == [last.event_id]
    assert bench.zalo.apps[bench.account.app_id].webhook_on


async def test_a_slow_answer_is_a_failure() -> None:
    async with Bench(deadline_seconds=0.1) as bench:
        bench.hook.answers = [1.0]

        last = await bench.zalo.post({"event_name": "user_send_text", "sender": {"id": bench.user}, "message": {}})

        assert [each.error for each in bench.zalo.deliveries] == ["too slow", ""]
        assert (last.attempt, last.status) == (1, 200)


async def test_events_come_more_than_once_and_out_of_order(bench: Bench) -> None:
    bench.zalo.set_weather("copies", 5)
    bench.zalo.set_weather("shuffle_seconds", 1000)
    for number in range(50):
        await bench.zalo.say(bench.user, str(number))

    await bench.until(lambda: not bench.zalo.under_way)

    texts = [got.event["message"]["text"] for got in bench.hook.got]
    counted = Counter(texts)
    assert set(counted) == {str(number) for number in range(50)}
    assert set(counted.values()) == {1, 2, 3, 4, 5}
    assert list(dict.fromkeys(texts)) != [str(number) for number in range(50)]


async def test_events_of_one_citizen_arrive_in_parallel(bench: Bench) -> None:
    bench.hook.answers = [0.3, 0.3]
    await bench.zalo.say(bench.user, "một")
    await bench.zalo.say(bench.user, "hai")

    await bench.until(lambda: len(bench.zalo.deliveries) == 2)

    first, second = bench.hook.got
    assert second.at - first.at < 0.3


async def test_raw_bytes_are_signed_as_they_are(bench: Bench) -> None:
    bench.zalo.post_soon(b'[1, "\xc4\x90"]')

    await bench.until(lambda: bench.hook.got)

    got = bench.hook.got[0]
    mac = hashlib.sha256(bench.account.app_id.encode() + got.raw + b"oa-secret").hexdigest()
    assert got.headers["X-ZEvent-Signature"] == f"mac={mac}"


async def test_only_events_that_the_app_subscribed_to_are_sent(bench: Bench) -> None:
    bench.zalo.apps[bench.account.app_id].subscribed = frozenset({"follow"})

    await bench.zalo.say(bench.user, "chào")
    await bench.zalo.do(bench.user, "follow")
    await bench.until(lambda: bench.hook.got)

    assert [got.event["event_name"] for got in bench.hook.got] == ["follow"]


async def test_every_send_comes_back_as_an_echo_and_is_received_and_seen() -> None:
    async with Bench() as bench:
        await bench.zalo.say(bench.user, "chào")
        message_id = (await bench.cs("Chào anh/chị"))["data"]["message_id"]

        await bench.until(lambda: bench.hook.named("user_seen_message"))

        echo = bench.hook.named("oa_send_text")[0].event
        assert (echo["sender"], echo["recipient"]) == ({"id": OA}, {"id": bench.user})
        assert echo["message"] == {"msg_id": message_id, "text": "Chào anh/chị"}
        assert bench.hook.named("user_received_message")[0].event["message"] == {"msg_id": message_id}
        assert bench.hook.named("user_seen_message")[0].event["message"] == {"msg_ids": [message_id]}
        assert bench.zalo.bubbles(bench.user)[-1]["note"] == "Đã xem"


async def test_the_echo_may_come_before_the_answer_or_not_at_all(bench: Bench) -> None:
    await heard(bench)
    bench.zalo.set_weather("echo", "before")

    await bench.cs()

    assert bench.hook.got[-1].event["event_name"] == "oa_send_text"
    bench.zalo.set_weather("echo", "none")
    await bench.cs()
    await heard(bench)
    assert len(bench.hook.named("oa_send_text")) == 1


async def test_an_officer_who_speaks_is_seen_by_the_admin_id(bench: Bench) -> None:
    await heard(bench)
    await bench.zalo.do(bench.user, "officer_speaks", "Để tôi xem giúp ạ.")

    await bench.until(lambda: bench.hook.named("oa_send_text"))

    echo = bench.hook.named("oa_send_text")[0].event
    assert echo["sender"]["admin_id"].isdecimal()
    assert bench.zalo.bubbles(bench.user)[-1]["side"] == "officer"
    assert bench.zalo.sent == []


BUTTONS = [
    {"title": "Thủ tục", "type": "oa.query.show", "payload": "#thutuc"},
    {"title": "Ẩn", "type": "oa.query.hide", "payload": "#an"},
    {"title": "Trang", "type": "oa.open.url", "payload": {"url": "https://a.vn"}},
]


async def test_a_tap_says_the_payload_as_if_it_had_been_typed(bench: Bench) -> None:
    await heard(bench)
    await bench.cs(attachment={"type": "template", "payload": {"buttons": BUTTONS}})
    bubble = bench.zalo.bubbles(bench.user)[-1]
    assert [each["kind"] for each in bubble["buttons"]] == ["show", "hide", "url"]
    for index in range(3):
        await bench.zalo.tap(bench.user, bubble["id"], index)

    await bench.until(lambda: len(bench.hook.named("user_send_text")) == 3)

    taps = bench.hook.named("user_send_text")[1:]
    assert {each.event["message"]["text"] for each in taps} == {"#thutuc", "#an"}
    assert [each["text"] for each in bench.zalo.bubbles(bench.user)][2:] == ["#thutuc"]
    with pytest.raises(ValueError, match="button 3"):
        await bench.zalo.tap(bench.user, bubble["id"], 3)


async def test_a_tap_can_also_tell_an_event_nobody_documents(bench: Bench) -> None:
    bench.zalo.set_weather("click_event", True)
    await heard(bench)
    await bench.cs(attachment={"type": "template", "payload": {"buttons": BUTTONS}})
    await bench.zalo.tap(bench.user, bench.zalo.bubbles(bench.user)[-1]["id"], 0)

    await bench.until(lambda: bench.hook.named("user_click_button"))


@pytest.mark.parametrize("action", [name for name, _label in ACTIONS])
async def test_every_action_of_the_phone_works(bench: Bench, action: str) -> None:
    await heard(bench)
    await bench.cs()
    await bench.zalo.do(bench.user, action)
    if action in ("block", "unblock", "enable_webhook"):
        return

    await bench.until(lambda: len(bench.hook.got) == 3)

    event = bench.hook.got[2].event
    assert isinstance(event["timestamp"], str)
    if action in ("follow", "unfollow"):
        assert (event["follower"], event["oa_id"]) == ({"id": bench.user}, OA)
        assert not {"sender", "recipient", "message"} & set(event)
    if action == "contact":
        assert event["event_name"] == "user_submit_info"
        assert event["info"]["phone"].isdecimal()


async def test_the_phone_page_shows_bubbles_and_turns_switches(bench: Bench) -> None:
    body = {"user": bench.user, "text": "chào"}
    async with bench.http.post("/_phone/say", json=body) as response:
        assert response.status == 200
    async with bench.http.post("/_phone/weather", json={"name": "copies", "value": 3}) as response:
        assert response.status == 200
    async with bench.http.post("/_phone/weather", json={"name": "copies", "value": "nhiều"}) as response:
        assert response.status == 400
    async with bench.http.get("/_phone/state", params={"user": bench.user}) as response:
        state = await response.json()

    assert state["bubbles"][0]["text"] == "chào"
    assert bench.zalo.weather.copies == 3
    kinds = {each["kind"] for each in bench.zalo.weather_switches()}
    assert kinds == {"bool", "number", "choice", "text"}
    assert json.dumps(bench.zalo.weather_switches())


async def test_secrets_stand_in_no_repr(bench: Bench) -> None:
    shown = repr((bench.account, bench.grant, bench.zalo.apps))

    assert "oa-secret" not in shown
    assert bench.grant.access_token not in shown
