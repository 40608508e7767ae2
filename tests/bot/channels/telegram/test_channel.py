"""
The channel at work, against the emulated Telegram.
"""

from __future__ import annotations

import asyncio
import json
import logging
import traceback
from typing import Any

import pytest

from bot.channels.base import Reach, SendError
from bot.channels.telegram.channel import TelegramChannel
from bot.messages import Button, Happening, InboundMessage, Reply
from emulators.telegram.weather import Day
from tests.bot.channels.telegram.bots import (
    ADDRESS,
    BOT,
    CITIZEN,
    OTHER,
    OTHER_SECRET,
    OTHER_TOKEN,
    SECRET,
    TOKEN,
    account,
)
from tests.bot.channels.telegram.test_payload import SHAPES, broken
from tests.bot.channels.telegram.town import USER, Town, nobody, until

RAW = json.dumps(SHAPES["text"]["update"]).encode()
NAME = "X_Telegram_Bot_Api_Secret_Token"


async def failed(town: Town, address: str = ADDRESS) -> SendError:
    with pytest.raises(SendError) as failure:
        await town.send(address=address)
    return failure.value


# Receiving


async def test_words_taps_and_files_come_in(town: Town):
    await town.send("Chọn", Button("Lệ phí", "/fee"), Button("Giờ làm việc", "ask:Giờ làm việc"))
    town.use(town.account)
    found = await town.after(
        town.platform.say(USER, "Đăng ký khai sinh cần gì?"),
        town.platform.tap(USER, "1", 0),
        town.platform.tap(USER, "1", 1),
        town.platform.do(USER, "image"),
        town.platform.say(USER, "/canbo"),
    )

    assert [(one.kind, one.text, one.payload) for one in found] == [
        ("text", "Đăng ký khai sinh cần gì?", None),
        ("button", "Lệ phí", "/fee"),
        ("text", "Giờ làm việc", None),
        ("attachment", "", None),
        ("button", "Gặp cán bộ", "/ask_officer"),
    ]
    assert {one.address for one in found} == {ADDRESS}
    assert [one.sequence for one in found] == sorted(one.sequence for one in found)


async def test_a_tap_is_answered_at_once_so_that_the_phone_stops_waiting(town: Town):
    await town.send("Chọn", Button("Lệ phí", "/fee"))
    town.use(town.account)
    await town.after(town.platform.tap(USER, "1", 0))

    await until(lambda: all(query.answered for query in town.bot.queries.values()))
    assert "note" not in town.platform.bubbles(USER)[-1]


async def test_a_tap_is_received_even_when_it_cannot_be_answered(town: Town):
    await town.send("Chọn", Button("Lệ phí", "/fee"))
    town.use(town.account)
    town.platform.set_weather("bad_gateway", True)

    [found] = await town.after(town.platform.tap(USER, "1", 0))

    assert (found.kind, town.platform.deliveries[-1].status) == ("button", 200)


async def test_blocking_and_coming_back_are_told(town: Town):
    found = await town.after(
        town.platform.say(USER, "/start"), town.platform.do(USER, "block"), town.platform.do(USER, "unblock")
    )

    assert [(one.kind, getattr(one, "event", "")) for one in found] == [
        ("start", ""),
        ("left", "my_chat_member"),
        ("noted", "unblocked"),
    ]


@pytest.mark.parametrize("path", ["", f"/{BOT}"])
async def test_both_addresses_work(path: str, town: Town):
    assert await town.post(RAW, path, **{NAME: SECRET}) == 200
    assert [one.account if isinstance(one, Happening) else one.address for one in town.told] == [ADDRESS]


async def test_several_bots_are_told_apart_by_their_secrets(town: Town):
    town.use(town.account, account(id=OTHER, token=OTHER_TOKEN, secret_token=OTHER_SECRET, ward="xa-mau"))

    assert await town.post(RAW, "", **{NAME: OTHER_SECRET}) == 200
    assert await town.post(RAW, f"/{BOT}", **{NAME: OTHER_SECRET}) == 403
    assert [one.ward for one in town.told] == ["xa-mau"]


async def test_two_bots_with_one_secret_need_the_address_with_the_id(town: Town):
    town.use(town.account, account(id=OTHER, token=OTHER_TOKEN))

    assert await town.post(RAW, "", **{NAME: SECRET}) == 403
    assert await town.post(RAW, f"/{OTHER}", **{NAME: SECRET}) == 200


@pytest.mark.parametrize(
    ("path", "headers", "code"),
    [
        ("", {}, "signature.missing"),
        (f"/{BOT}", {}, "signature.missing"),
        (f"/{BOT}", {NAME: ""}, "signature.wrong"),
        (f"/{BOT}", {NAME: SECRET[:-1]}, "signature.wrong"),
        (f"/{BOT}", {NAME: SECRET + "x"}, "signature.wrong"),
        (f"/{BOT}", {NAME: SECRET.upper()}, "signature.wrong"),
        (f"/{BOT}", {NAME: "đ"}, "signature.wrong"),
        (f"/{OTHER}", {NAME: SECRET}, "signature.wrong"),
    ],
)
async def test_what_is_not_signed_is_refused(path: str, headers: dict[str, str], code: str, town: Town):
    assert await town.post(RAW, path, **headers) == 403
    assert (town.told, town.refused) == ([], [code])


async def test_a_bot_that_is_not_enabled_takes_and_sends_nothing(town: Town):
    town.use(town.account_of(enabled=False))

    assert await town.post(RAW, **{NAME: SECRET}) == 403
    assert (await failed(town)).trouble == "officer"


async def test_a_body_of_more_than_a_mebibyte_is_refused(town: Town):
    assert await town.post(b" " * (2**20 + 1), **{NAME: SECRET}) == 413
    assert await town.post(b" " * 2**20, **{NAME: SECRET}) == 200


ODD: list[Any] = [
    b"", b"{", b"null", b"[]", b"1", b'"x"', b"{}", b"\xff\xfe", b"NaN", b'{"update_id": 1e999}', b"[" * 100_000,
    b'{"update_id": 7, "message": {"text": "\\ud800"}}', b'{"update_id":' + b"9" * 5000 + b"}", b"\x00", b"{" * 5000,
    b'{"a":' * 5000 + b"1" + b"}" * 5000, "ế".encode("utf-16"),
]  # fmt: skip


async def test_what_is_signed_but_unreadable_is_200_and_says_nothing(town: Town):
    assert [await town.post(raw, **{NAME: SECRET}) for raw in ODD] == [200] * len(ODD)
    assert town.told == []


async def test_two_hundred_broken_updates_over_the_wire_give_no_500_and_unsigned_ones_nothing(town: Town):
    updates = broken()
    chosen = updates[:: len(updates) // 250]
    raws = [json.dumps(one, default=str).encode("utf-8", "replace") for one in chosen]

    assert {await town.post(raw) for raw in raws} == {403}
    assert town.told == []
    assert {await town.post(raw, **{NAME: SECRET}) for raw in raws} == {200}
    assert len(chosen) >= 200
    assert all(one.address.startswith(f"{BOT}/") for one in town.told if isinstance(one, InboundMessage))


# Sending


async def test_one_message_goes_out_and_its_number_comes_back(town: Town):
    receipt = await town.send("Dạ, chào anh/chị", Button("Lệ phí", "/fee"), Button("Dài", "/" + "ế" * 40))

    [sent] = town.platform.sent
    assert (receipt.message_id, receipt.quota_left) == (sent["id"], None)
    assert (sent["user"], sent["text"]) == (USER, "Dạ, chào anh/chị")
    assert "parse_mode" not in sent["body"]
    rows = json.loads(sent["body"]["reply_markup"])["inline_keyboard"]
    assert [row[0]["callback_data"] for row in rows] == ["/fee", "@d123.1"]


async def test_marks_of_any_markup_arrive_as_they_are(town: Town):
    text = "Mục 1.1 *phí* _lệ_ <b>x</b> [a](b) `c` & \\ !"
    await town.send(text)

    assert town.platform.bubbles(USER)[-1]["text"] == text


@pytest.mark.parametrize(
    ("state", "trouble"), [("blocked", "recipient"), ("deactivated", "recipient"), ("kicked", "recipient")]
)
async def test_who_cannot_be_reached_is_not_tried_again(state: str, trouble: str, town: Town):
    setattr(town.bot.chats[CITIZEN], state, True)

    failure = await failed(town)
    assert (failure.trouble, failure.uncertain) == (trouble, False)


@pytest.mark.parametrize("user", ["1", "-100", "x", "", "9" * 30, "٣", "5000000001/7"])
async def test_an_address_that_is_no_citizen_is_a_recipient_who_cannot_be_reached(user: str, town: Town):
    assert (await failed(town, f"{BOT}/{user}")).trouble == "recipient"


@pytest.mark.parametrize(
    ("day", "uncertain", "there"),
    [("502", True, 0), ("500", False, 0), ("cut", True, 0), ("cut_after", True, 1), ("hang", True, 1), ("not_json", True, 1),
     ("no_result", True, 1)],
)  # fmt: skip
async def test_a_bad_day_is_tried_again_and_a_doubt_is_told(day: Day, uncertain: bool, there: int, town: Town):
    town.platform.weather.days = [day]

    failure = await failed(town)
    await until(lambda: len(town.platform.sent) == there)
    assert (failure.trouble, failure.uncertain) == ("retry", uncertain)


async def test_an_answer_that_trickles_in_ends_too(town: Town):
    town.use(town.account, read_seconds=30.0, total_seconds=0.3)
    town.platform.weather.days = ["hang"]

    assert (await failed(town)).uncertain


async def test_nothing_was_sent_when_nobody_listens(town: Town):
    town.use(town.account_of(api_url=nobody()))

    failure = await failed(town)
    assert (failure.trouble, failure.uncertain) == ("retry", False)


async def test_nothing_was_sent_when_the_proxy_is_gone(town: Town):
    town.use(town.account_of(proxy=nobody()))

    failure = await failed(town)
    assert (failure.trouble, failure.uncertain) == ("retry", False)
    assert town.platform.sent == []


@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")
async def test_a_flood_wait_says_how_long(town: Town):
    town.platform.set_weather("flood_seconds", 90)

    failure = await failed(town)
    assert (failure.trouble, failure.retry_after, failure.uncertain) == ("retry", 90.0, False)


async def test_a_revoked_token_is_for_the_officers(town: Town):
    town.platform.set_weather("unauthorized", True)

    assert (await failed(town)).trouble == "officer"


async def test_it_goes_on_after_telegram_was_away(town: Town):
    town.stop_api()
    assert not (await failed(town)).uncertain
    town.start_api()

    assert (await town.send()).message_id


async def test_there_is_neither_a_window_nor_a_quota(town: Town):
    for interacted_at in (None, 0.0, town.now):
        assert town.channel.closed(ADDRESS, Reach(interacted_at, 0), now=town.now) is None


async def test_parts_of_a_long_answer_all_arrive(town: Town):
    paragraphs = "\n\n".join(f"Điều {number}. " + "hồ sơ gồm " * 100 for number in range(9))
    for part in town.channel.parts(Reply(paragraphs, (Button("Lệ phí", "/fee"),))):
        await town.channel.send(ADDRESS, part, key="d1")
    await town.channel.close()

    assert len(town.platform.sent) == 3
    assert [bool(one["buttons"]) for one in town.platform.sent] == [False, False, True]


async def test_neither_a_token_nor_words_get_into_logs_and_errors(
    town: Town, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
):
    caplog.set_level(logging.DEBUG)
    words, told = "lời " + "của người dân".upper(), []
    for day in ("ok", "502", "500", "not_json", "no_result", "cut"):
        town.use(town.account)
        town.platform.weather.days = [day]
        try:
            await town.send(words)
        except SendError as failure:
            told.append("".join(traceback.format_exception(failure)))
    town.platform.set_weather("unauthorized", True)
    told.append(str(await failed(town)))
    await town.post(b"{not json lieu", **{NAME: SECRET})

    printed = capfd.readouterr()
    everything = "\n".join([*told, caplog.text, printed.out, printed.err])
    assert len(told) == 6
    assert "telegram.unreadable" in everything
    for private in (TOKEN, TOKEN.partition(":")[2], SECRET, words, USER, "lieu"):
        assert private not in everything


async def test_taps_beyond_measure_do_not_gather(town: Town):
    town.use(town.account_of(api_url="http://10.255.255.1"))
    update = SHAPES["tap"]["update"]

    for number in range(230):
        raw = json.dumps({**update, "update_id": number + 1}).encode()
        assert await town.post(raw, **{NAME: SECRET}) == 200

    assert len(town.channel._taps) <= 200
    assert len(town.told) == 230


async def test_closing_ends_what_is_under_way(town: Town):
    channel = TelegramChannel([town.account_of(api_url="http://10.255.255.1")])
    channel._answer_tap(town.account, SHAPES["tap"]["update"])

    await asyncio.wait_for(channel.close(), 2)
    assert not channel._taps
