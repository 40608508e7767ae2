"""
The channel on real sockets: what it takes, what it refuses, what it sends, and what it makes of every failure.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest

from bot.channels.base import Reach, SendError
from bot.channels.zalo.channel import ZaloChannel
from bot.messages import Button, Happening, InboundMessage, Reply
from tests.bot.channels.zalo.oa import (
    ACCOUNT,
    ADDRESS,
    APP,
    APP_SECRET,
    CITIZEN,
    DAY,
    HOUR,
    NOON,
    OA,
    OA_SECRET,
    account,
    said,
)  # fmt: skip
from tests.bot.channels.zalo.store import MemoryStore
from tests.bot.channels.zalo.town import Town

OTHER = "2810000000000000002"
SEND = "/v3.0/oa/message/cs"


def signed(event: Any, *, secret: str = OA_SECRET, first: str = APP) -> tuple[bytes, dict[str, str]]:
    raw = event if isinstance(event, bytes) else json.dumps(event).encode()
    stamp = event.get("timestamp", "") if isinstance(event, dict) else str(int(NOON * 1000))
    mac = hashlib.sha256(first.encode() + raw + str(stamp).encode() + secret.encode()).hexdigest()
    return raw, {"X-ZEvent-Signature": f"mac={mac}", "X-ZEvent-Timestamp": str(stamp)}


# In


async def test_a_signed_event_is_read(town: Town) -> None:
    [found] = await town.told_of(said())

    assert isinstance(found, InboundMessage)
    assert (found.address, found.text, found.ward) == (ADDRESS, "Đăng ký khai sinh cần gì?", "hoa-binh")


@pytest.mark.parametrize("raw", [b"", b"{}", b" {} ", b"\n", b"{ }"])
@pytest.mark.parametrize("path", ["", f"/{OA}"])
async def test_the_unsigned_probe_gets_a_200_and_is_nothing(town: Town, raw: bytes, path: str) -> None:
    assert await town.knock(raw, path=path) == 200
    assert town.told == []


async def test_the_console_saves_our_address(town: Town) -> None:
    assert await town.zalo.register_webhook(town.hook_url)
    assert await town.zalo.register_webhook(f"{town.hook_url}/{OA}")
    assert not await town.zalo.register_webhook(f"{town.hook_url}/{OTHER}")


@pytest.mark.parametrize("raw", [b"[]", b"null", b'{"a":1}', b"x", b'{"event_name":"user_send_text"}'])
async def test_anything_else_unsigned_is_refused(town: Town, raw: bytes) -> None:
    assert await town.knock(raw) == 403
    assert town.refused == ["signature.missing"]


@pytest.mark.parametrize("way", ["missing", "wrong", "app_secret", "hmac"])
async def test_a_bad_signature_is_refused(town: Town, way: str) -> None:
    town.zalo.set_weather("signature", way)
    town.zalo.set_weather("failure_policy", "lose")

    delivery = await town.zalo.post(said())

    assert delivery.status == 403
    assert town.refused == ["signature.missing" if way == "missing" else "signature.wrong"]
    assert town.told == []


async def test_an_event_signed_with_the_app_secret_gives_the_operator_a_hint(
    town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    raw, headers = signed(said(), secret=APP_SECRET)

    assert await town.knock(raw, headers) == 403

    shown = capsys.readouterr().out
    assert "signature.matches_app_secret" in shown
    assert APP_SECRET not in shown
    assert CITIZEN not in shown


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("signature", "oa_id_first"), ("signature_spaces", True), ("json_spaces", True), ("json_escaped", True),
        ("timestamp_header", "same"), ("timestamp_header", "signed"),
    ],
)  # fmt: skip
async def test_every_way_in_which_zalo_may_write_a_good_event_is_read(town: Town, name: str, value: Any) -> None:
    town.zalo.set_weather(name, value)

    [found] = await town.told_of(said("Đăng ký khai sinh"))

    assert found.text == "Đăng ký khai sinh"


async def test_how_events_are_signed_is_said_once(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    await town.told_of(said())
    await town.told_of(said())

    assert capsys.readouterr().out.count("signature.matched") == 1


@pytest.mark.parametrize(
    "event",
    [b"not json", b"[1,2]", b"null", b'"x"', b"\xff\xfe", b"[" * 3000, {"app_id": APP, "timestamp": "1795150800000"}],
)
async def test_what_is_signed_and_unreadable_gets_a_200(town: Town, event: Any) -> None:
    raw, headers = signed(event)

    assert await town.knock(raw, headers) == 200
    assert town.told == []


async def test_a_signed_event_of_an_oa_that_is_not_ours_gets_a_200_and_nothing_else(town: Town) -> None:
    assert await town.told_of(said(recipient={"id": OTHER})) == []


async def test_a_request_that_is_too_large_is_refused(town: Town) -> None:
    assert await town.knock(b"x" * ((1 << 20) + 1)) == 413
    assert town.refused == ["request.too_large"]


async def test_a_large_body_that_names_none_of_our_accounts_costs_no_hashing(town: Town) -> None:
    raw, headers = signed({"app_id": APP, "x": "y" * (1 << 17), "timestamp": str(int(NOON * 1000))})

    assert await town.knock(raw, headers) == 403


async def test_a_recorded_event_is_refused_after_the_days_of_the_account(town: Town) -> None:
    town.use(town.account_of(refuse_older_days=7))
    raw, headers = signed(said())
    town.now += 7 * DAY - 1
    assert await town.knock(raw, headers) == 200

    town.now += 2

    assert await town.knock(raw, headers) == 403
    assert town.refused == ["signature.expired"]


async def test_without_such_days_an_old_event_is_known_by_its_id_alone(town: Town) -> None:
    raw, headers = signed(said())
    town.now += 400 * DAY

    assert await town.knock(raw, headers) == 200


async def test_a_repeated_event_is_the_same_message(town: Town) -> None:
    town.zalo.weather.copies = 5

    await town.told_of(said())

    assert len({one.message_id for one in town.told}) == 1


async def test_the_account_may_stand_in_the_address(town: Town) -> None:
    raw, headers = signed(said())

    assert await town.knock(raw, headers, path=f"/{OA}") == 200
    assert await town.knock(raw, headers, path=f"/{OTHER}") == 404
    assert len(town.told) == 1


async def test_one_address_serves_all_oas_each_with_its_ward_and_secret(town: Town) -> None:
    town.zalo.add_account(OTHER, app_id="77", app_secret="other-app", oa_secret="other-oa", webhook_url=town.hook_url)
    town.use(
        town.account, town.account_of(id=OTHER, ward="tien-tien", app_id="77", app_secret="a", oa_secret="other-oa")
    )

    [mine] = await town.told_of(said())
    [theirs] = await town.told_of(said(app_id="77", recipient={"id": OTHER}))

    assert (mine.ward, theirs.ward) == ("hoa-binh", "tien-tien")
    assert (mine.address, theirs.address) == (ADDRESS, f"{OTHER}/{CITIZEN}")
    raw, headers = signed(said(recipient={"id": OTHER}), secret=OA_SECRET)
    assert await town.knock(raw, headers) == 403, "one OA's secret must not speak for another"


async def test_an_account_that_is_switched_off_is_unknown(town: Town) -> None:
    town.use(town.account_of(enabled=False))
    raw, headers = signed(said())

    assert await town.knock(raw, headers) == 403
    assert town.channel.closed(ADDRESS, Reach(town.now), now=town.now) == "account.unknown"
    with pytest.raises(SendError) as error:
        await town.send()
    assert error.value.trouble == "officer"


async def test_a_withdrawal_without_oa_reaches_every_oa_of_the_app(town: Town) -> None:
    town.use(town.account, town.account_of(id=OTHER, ward="tien-tien"))
    event = {"app_id": APP, "event_name": "user_withdraw", "user_id": CITIZEN}

    found = await town.told_of(event)

    assert {(one.kind, one.address) for one in found} == {
        ("withdrew", ADDRESS),
        ("withdrew", f"{OTHER}/{CITIZEN}"),
    }


@pytest.mark.parametrize(
    ("action", "kind"),
    [
        ("follow", "start"), ("unfollow", "left"), ("chatnow", "start"), ("image", "attachment"),
        ("gif", "attachment"), ("file", "attachment"), ("audio", "attachment"), ("video", "attachment"),
        ("link", "attachment"), ("sticker", "sticker"), ("location", "place"), ("contact", "contact"),
        ("business_card", "contact"), ("withdraw", "withdrew"), ("officer_speaks", "spoken_over"), ("unknown", "noted"),
    ],
)  # fmt: skip
async def test_what_a_phone_can_do(town: Town, action: str, kind: str) -> None:
    await town.zalo.say(CITIZEN, "chào")

    await town.zalo.do(CITIZEN, action)

    assert (await town.heard(kind)).address == ("" if kind == "noted" else ADDRESS)


async def test_a_tap_comes_back_as_its_button(town: Town) -> None:
    await town.zalo.say(CITIZEN, "chào")
    await town.send("Anh/chị chọn:", Button("Hồ sơ", '/choose{"entry":"khai-sinh","part":"papers"}'))
    [bubble] = [one for one in town.zalo.bubbles(CITIZEN) if one["buttons"]]

    await town.zalo.tap(CITIZEN, bubble["id"], 0)

    assert (await town.heard("button")).payload == '/choose{"entry":"khai-sinh","part":"papers"}'


# Out


@pytest.fixture
async def open_town(town: Town) -> Town:
    town.zalo.core.interact(town.zalo.user(CITIZEN))
    return town


async def test_a_message_goes_out_with_its_id_and_what_is_left(open_town: Town) -> None:
    receipt = await open_town.send()

    assert receipt.message_id == open_town.zalo.sent[0]["id"]
    assert receipt.quota_left == 7
    assert open_town.zalo.sent[0]["text"] == "Chào anh/chị"


async def test_where_nothing_is_counted_nothing_is_left_over(open_town: Town) -> None:
    open_town.zalo.weather.free_messages = 0

    assert (await open_town.send()).quota_left is None


async def test_where_zalo_counts_in_silence_the_account_may_count(open_town: Town) -> None:
    open_town.zalo.weather.free_messages = 0
    open_town.use(open_town.account_of(replies_per_window=2))

    assert [(await open_town.send()).quota_left for _ in range(3)] == [1, 0, 0]
    await open_town.zalo.say(CITIZEN, "chào")
    await open_town.heard("text")
    assert (await open_town.send()).quota_left == 1


async def test_messages_that_are_paid_for_count_nothing(open_town: Town) -> None:
    open_town.zalo.accounts[OA].wallet = "funded"
    open_town.zalo.weather.free_messages = 1

    assert [(await open_town.send()).quota_left for _ in range(2)] == [0, None]


@pytest.mark.parametrize(
    ("form", "template"), [("bare", "none"), ("template_type", "button"), ("both", "none"), ("both", "button")]
)
async def test_buttons_go_out_in_the_form_of_the_account(open_town: Town, form: Any, template: str) -> None:
    open_town.zalo.weather.buttons_form = form
    open_town.use(open_town.account_of(buttons_template=template))

    await open_town.send("Chọn:", Button("Mục", "/show_menu"))

    assert open_town.zalo.sent[0]["text"] == "Chọn:"
    assert open_town.zalo.sent[0]["buttons"][0]["payload"] == "#/show_menu"


@pytest.mark.parametrize("name", ["api_days", "send_days"])
@pytest.mark.parametrize(
    ("day", "uncertain"), [("http_500", True), ("not_json", True), ("cut", True), ("cut_after", True)]
)
async def test_no_readable_answer_leaves_a_doubt(open_town: Town, name: str, day: str, uncertain: bool) -> None:
    setattr(open_town.zalo.weather, name, [day])

    with pytest.raises(SendError) as error:
        await open_town.send()

    assert (error.value.trouble, error.value.uncertain) == ("retry", uncertain)
    assert len(open_town.zalo.sent) == (1 if day == "cut_after" else 0)


async def test_a_platform_that_says_it_is_down_has_not_taken_it(open_town: Town) -> None:
    open_town.zalo.weather.api_down = True

    with pytest.raises(SendError, match="503") as error:
        await open_town.send()

    assert (error.value.trouble, error.value.uncertain) == ("retry", False)


async def test_nobody_listening_means_that_nothing_was_sent(open_town: Town) -> None:
    open_town.stop_zalo()

    with pytest.raises(SendError, match="not reached") as error:
        await open_town.send()

    assert (error.value.trouble, error.value.uncertain) == ("retry", False)
    open_town.start_zalo()


async def test_a_wrong_address_is_for_an_officer(open_town: Town) -> None:
    open_town.use(open_town.account_of(api_url=f"{open_town.account.api_url}/wrong"))

    with pytest.raises(SendError, match="404") as error:
        await open_town.send()

    assert error.value.trouble == "officer"


@pytest.mark.parametrize(
    ("code", "trouble"),
    [
        (-32, "retry"), (-200, "retry"), (-234, "retry"), (-305, "retry"), (-201, "officer"), (-210, "officer"),
        (-211, "officer"), (-213, "recipient"), (-217, "recipient"), (-218, "recipient"), (-227, "recipient"),
        (-230, "recipient"), (-232, "recipient"), (-240, "officer"), (-248, "officer"), (-320, "officer"),
        (-321, "officer"), (112, "officer"),
    ],
)  # fmt: skip
async def test_an_error_in_a_200_is_an_error(open_town: Town, code: int, trouble: str) -> None:
    open_town.zalo.weather.send_error = code

    with pytest.raises(SendError, match=f"zalo {code}: ") as error:
        await open_town.send()

    assert (error.value.trouble, error.value.uncertain) == (trouble, False)
    assert CITIZEN not in str(error.value)


async def test_the_call_limit_waits_without_calling_again_for_all_oas_of_the_app(open_town: Town) -> None:
    open_town.zalo.add_account(OTHER)
    open_town.connect(OTHER)
    channel = open_town.use(open_town.account, open_town.account_of(id=OTHER, ward="tien-tien"))
    open_town.zalo.weather.requests_per_minute = 1

    await open_town.send()
    for address in (ADDRESS, f"{OTHER}/{CITIZEN}"):
        with pytest.raises(SendError) as error:
            await channel.send(address, Reply("a"), key="d2")
        assert error.value.retry_after == 60

    assert open_town.count(SEND) == 1
    open_town.now += 61
    open_town.zalo.weather.requests_per_minute = 100
    await open_town.send()


async def test_the_other_name_of_the_header_counts_as_well(open_town: Town) -> None:
    open_town.zalo.weather.rate_header = "X-RateLimit-Remaining"
    open_town.zalo.weather.requests_per_minute = 1

    await open_town.send()
    with pytest.raises(SendError, match="used up"):
        await open_town.send()


async def test_the_proof_of_the_app_secret_is_sent_where_the_account_says_so(open_town: Town) -> None:
    open_town.zalo.weather.require_proof = True
    with pytest.raises(SendError, match="-242") as error:
        await open_town.send()
    assert error.value.trouble == "officer"

    open_town.use(open_town.account_of(send_appsecret_proof=True))
    await open_town.send()


@pytest.mark.parametrize("kind", ["application/json", "text/json", "text/plain"])
async def test_the_name_of_the_content_does_not_matter(open_town: Town, kind: Any) -> None:
    open_town.zalo.weather.content_type = kind
    open_town.now += 30 * HOUR

    await open_town.send()


async def test_our_own_message_comes_back_as_an_echo_even_before_the_answer(open_town: Town) -> None:
    open_town.zalo.weather.echo = "before"

    receipt = await open_town.send("Lệ phí: 0 đồng")

    [echo] = open_town.told
    assert isinstance(echo, Happening)
    assert (echo.kind, echo.address) == ("own_echo", ADDRESS)
    assert echo.values == {"platform_id": receipt.message_id, "text": "Lệ phí: 0 đồng"}


async def test_an_answer_of_a_thousand_characters_and_many_buttons_arrives_whole(open_town: Town) -> None:
    reply = Reply("Câu trả lời dài. " * 300, tuple(Button(f"Mục {n}", f'/choose{{"entry":"e{n}"}}') for n in range(9)))

    for part in open_town.channel.parts(reply):
        await open_town.channel.send(ADDRESS, part, key="d1")

    said_all = " ".join(one["text"] for one in open_town.zalo.sent)
    assert said_all.count("Câu trả lời dài.") == 300
    assert "9. Mục 8" in said_all


# Windows


@pytest.mark.parametrize(
    ("silent", "left", "paid", "closed"),
    [
        (0, None, False, None),
        (48 * HOUR, None, False, None),
        (48 * HOUR + 1, None, False, "window.closed"),
        (48 * HOUR + 1, None, True, None),
        (7 * DAY, None, True, None),
        (7 * DAY + 1, None, True, "window.closed"),
        (0, 1, False, None),
        (0, 0, False, "quota.used_up"),
        (0, 0, True, None),
        (None, None, False, None),
        (None, 0, False, "quota.used_up"),
    ],
)
def test_windows_and_quotas_are_known_before_sending(
    silent: float | None, left: int | None, paid: bool, closed: str | None
) -> None:
    channel = ZaloChannel([account(paid_window=paid)], MemoryStore())
    reach = Reach(None if silent is None else NOON - silent, left)

    assert channel.closed(ADDRESS, reach, now=NOON) == closed


async def test_what_the_channel_thinks_open_zalo_takes(open_town: Town) -> None:
    begun = open_town.now
    for hours, wallet in ((0, "none"), (47, "none"), (49, "funded"), (167, "funded")):
        open_town.now = begun + hours * HOUR
        open_town.zalo.accounts[OA].wallet = wallet  # type: ignore[assignment]
        channel = open_town.worker(open_town.account_of(paid_window=wallet == "funded"))
        assert channel.closed(ADDRESS, Reach(begun), now=open_town.now) is None
        await open_town.send(channel=channel)


def test_the_default_account_is_the_official_one() -> None:
    assert (ACCOUNT.api_url, ACCOUNT.oauth_url) == ("https://openapi.zalo.me", "https://oauth.zaloapp.com")
