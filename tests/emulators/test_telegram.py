"""
The emulated Bot API refuses and answers as the fact sheet says, over real sockets, to PTB and to plain HTTP.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
import telegram
from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter, TimedOut
from telegram.request import HTTPXRequest

from emulators.telegram import TelegramPlatform
from tests.emulators.telegram_world import CITIZEN, TOKEN, Clock, caller, until
from tests.fakes.serving import Serving

pytestmark = pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")
Call = Callable[..., Awaitable[tuple[int, dict[str, Any]]]]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def platform(clock: Clock) -> TelegramPlatform:
    platform = TelegramPlatform(clock=clock, seed=7)
    platform.add_account(TOKEN)
    platform.add_user(str(CITIZEN), started=True)
    return platform


@pytest.fixture
def url(platform: TelegramPlatform) -> Iterator[str]:
    with Serving(platform.app) as server:
        yield server.url


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def call(session: aiohttp.ClientSession, url: str) -> Call:
    return caller(session, url)


@pytest.fixture
async def bot(url: str) -> AsyncIterator[telegram.Bot]:
    request = HTTPXRequest(read_timeout=0.5, httpx_kwargs={"trust_env": False})
    yield telegram.Bot(TOKEN, f"{url}/bot", f"{url}/file/bot", request=request, get_updates_request=request)
    await request.shutdown()


def description(answer: tuple[int, dict[str, Any]]) -> str:
    status, body = answer
    assert not body["ok"]
    assert body["error_code"] == status
    return body["description"]


# Parameters and errors


@pytest.mark.parametrize("how", ["query", "form", "multipart", "json"])
async def test_parameters_may_come_in_each_of_the_four_ways(how: str, session, url: str, platform: TelegramPlatform):
    keyboard = {"inline_keyboard": [[{"text": "Lệ phí", "callback_data": "/fee"}]]}
    flat = {"chat_id": str(CITIZEN), "text": "Chào anh/chị", "reply_markup": json.dumps(keyboard)}
    ways: dict[str, dict[str, Any]] = {
        "query": {"params": flat},
        "form": {"data": flat},
        "multipart": {"data": aiohttp.FormData(flat, default_to_multipart=True)},
        "json": {"json": {"chat_id": CITIZEN, "text": "Chào anh/chị", "reply_markup": keyboard}},
    }

    async with session.post(f"{url}/bot{TOKEN}/SENDmessage", **ways[how]) as answer:
        body = await answer.json()

    assert body["result"]["reply_markup"] == keyboard
    assert platform.sent[0]["buttons"] == [{"title": "Lệ phí", "kind": "callback"}]
    assert platform.sent[0]["text"] == "Chào anh/chị"


async def test_a_wrong_token_is_401_a_malformed_one_404_and_an_unknown_method_404(call: Call):
    assert await call("getMe", token="7000000001:wrong") == (
        401,
        {"ok": False, "error_code": 401, "description": "Unauthorized"},
    )
    assert (await call("getMe", token="nonsense"))[0] == 404
    assert description(await call("sendNothing")) == "Not Found: method not found"


async def test_ptb_meets_the_errors_that_it_knows(bot: telegram.Bot, platform: TelegramPlatform):
    platform.add_user("5000000009")
    platform.add_chat(-200, "group").migrated_to = -100200

    with pytest.raises(Forbidden, match="can't initiate conversation"):
        await bot.send_message(5000000009, "Chào")
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(1, "Chào")
    with pytest.raises(ChatMigrated) as migrated:
        await bot.send_message(-200, "Chào")
    platform.weather.unauthorized = True
    with pytest.raises(InvalidToken):
        await bot.get_me()

    assert migrated.value.new_chat_id == -100200
    assert [one["error"] for one in platform.refused] == [403, 400, 400, 401]


async def test_a_blocked_a_kicked_and_a_deactivated_chat_are_403(call: Call, platform: TelegramPlatform):
    group = platform.add_chat(-300, "supergroup")
    group.kicked = True
    await platform.do(str(CITIZEN), "block")
    blocked = await call("sendMessage", chat_id=CITIZEN, text="Chào")
    await platform.do(str(CITIZEN), "unblock")
    await platform.do(str(CITIZEN), "deactivate")

    assert description(blocked) == "Forbidden: bot was blocked by the user"
    assert description(await call("sendMessage", chat_id=CITIZEN, text="Chào")) == "Forbidden: user is deactivated"
    assert "kicked from the supergroup chat" in description(await call("sendMessage", chat_id=-300, text="Chào"))


# Limits


async def test_a_text_has_1_to_4096_utf_16_units_after_parsing(call: Call):
    assert (await call("sendMessage", chat_id=CITIZEN, text="ế" * 4096))[0] == 200
    assert (await call("sendMessage", chat_id=CITIZEN, text=f"<b>{'ế' * 4096}</b>", parse_mode="HTML"))[0] == 200
    for text, why in (
        ("ế" * 4097, "message is too long"),
        ("😀" * 2049, "message is too long"),
        (" \n\u200b", "message text is empty"),
    ):
        assert description(await call("sendMessage", chat_id=CITIZEN, text=text)) == f"Bad Request: {why}"


async def test_callback_data_has_1_to_64_bytes_not_letters(call: Call, platform: TelegramPlatform):
    def keyboard(data: str) -> dict[str, Any]:
        return {"inline_keyboard": [[{"text": "Chọn", "callback_data": data}]]}

    assert (await call("sendMessage", chat_id=CITIZEN, text="Chọn", reply_markup=keyboard("ế" * 21 + "a")))[0] == 200
    for data in ("ế" * 22, ""):
        refused = await call("sendMessage", chat_id=CITIZEN, text="Chọn", reply_markup=keyboard(data))
        assert description(refused) == "Bad Request: BUTTON_DATA_INVALID"
    assert len(platform.sent) == 1


@pytest.mark.parametrize(
    "markup",
    [
        [],
        {"buttons": []},
        {"inline_keyboard": {}},
        {"inline_keyboard": [["Chọn"]]},
        {"inline_keyboard": [[{"text": "Chọn"}]]},
        {"inline_keyboard": [[{"text": " ", "callback_data": "a"}]]},
        {"inline_keyboard": [[{"text": "Chọn", "callback_data": "a", "url": "https://example.org"}]]},
        {"inline_keyboard": [[{"text": "Chọn", "url": "no address"}]]},
        {"inline_keyboard": [[{"text": "Chọn", "callback_data": "a"}] * 9]},
        {"inline_keyboard": [[{"text": "Chọn", "callback_data": "a"}]] * 101},
        {"inline_keyboard": [[{"text": "Chọn", "copy_text": {"text": "a" * 257}}]]},
    ],
    ids=lambda one: json.dumps(one)[:50],
)
async def test_one_wrong_button_refuses_the_whole_message(markup: Any, call: Call, platform: TelegramPlatform):
    assert description(await call("sendMessage", chat_id=CITIZEN, text="Chọn", reply_markup=markup)).startswith(
        "Bad Request"
    )
    assert platform.sent == []


async def test_contact_and_location_are_asked_for_in_private_chats_only(call: Call, platform: TelegramPlatform):
    platform.add_chat(-300, "group")
    asks = {"keyboard": [[{"text": "Gửi số", "request_contact": True}]]}

    assert (await call("sendMessage", chat_id=CITIZEN, text="Số của anh/chị?", reply_markup=asks))[0] == 200
    assert (await call("sendMessage", chat_id=-300, text="Số của anh/chị?", reply_markup=asks))[0] == 400


async def test_a_caption_has_at_most_1024_characters(bot: telegram.Bot, platform: TelegramPlatform):
    photo = await bot.send_photo(CITIZEN, b"a picture", caption="ế" * 1024)
    document = await bot.send_document(CITIZEN, b"a file", filename="đơn.pdf")
    again = await bot.send_photo(CITIZEN, photo.photo[-1].file_id)

    with pytest.raises(BadRequest, match="caption is too long"):
        await bot.send_photo(CITIZEN, b"a picture", caption="ế" * 1025)
    assert document.document is not None
    assert document.document.file_name == "đơn.pdf"
    assert again.photo[-1].file_id == photo.photo[-1].file_id


async def test_a_file_can_be_fetched_for_an_hour(bot: telegram.Bot, session, clock: Clock):
    sent = await bot.send_document(CITIZEN, b"content", filename="don.txt")
    file = await bot.get_file(sent.document.file_id)

    assert bytes(await file.download_as_bytearray()) == b"content"
    clock.now += 3601
    async with session.get(file.file_path) as answer:
        assert answer.status == 404


async def test_messages_are_edited_but_not_without_a_change(bot: telegram.Bot):
    sent = await bot.send_message(CITIZEN, "Chào")

    edited = await bot.edit_message_text("Chào anh/chị", CITIZEN, sent.message_id)
    assert edited.text == "Chào anh/chị"
    with pytest.raises(BadRequest, match="not modified"):
        await bot.edit_message_text("Chào anh/chị", CITIZEN, sent.message_id)
    with pytest.raises(BadRequest, match="to edit not found"):
        await bot.edit_message_text("Chào", CITIZEN, 999)


async def test_commands_and_descriptions_have_limits(bot: telegram.Bot):
    await bot.set_my_commands([("menu", "Các việc làm được")])
    await bot.set_my_description("Trợ lý của phường")

    assert [one.command for one in await bot.get_my_commands()] == ["menu"]
    assert (await bot.get_my_description()).description == "Trợ lý của phường"
    with pytest.raises(BadRequest, match="invalid"):
        await bot.set_my_commands([("Menu", "Các việc làm được")])
    with pytest.raises(BadRequest, match="too_much"):
        await bot.set_my_commands([("menu", "Các việc")] * 101)
    with pytest.raises(BadRequest):
        await bot.set_my_description("ế" * 513)


async def test_a_channel_post_needs_an_administrator_and_has_no_sender(bot: telegram.Bot, platform: TelegramPlatform):
    channel = platform.add_chat(-100400, "channel", username="phuong_mau", title="Phường Mẫu")

    post = await bot.send_message("@phuong_mau", "Thông báo")
    assert await bot.pin_chat_message(-100400, post.message_id)
    chat = await bot.get_chat("@phuong_mau")
    updates = await bot.get_updates()
    channel.admin = False
    with pytest.raises(Forbidden):
        await bot.send_message("@phuong_mau", "Thông báo")

    assert (post.chat.type, post.from_user) == ("channel", None)
    assert chat.pinned_message is not None
    assert [update.channel_post.text for update in updates] == ["Thông báo"]


async def test_a_chat_action_must_be_a_known_one(bot: telegram.Bot):
    assert await bot.send_chat_action(CITIZEN, "typing")
    with pytest.raises(BadRequest):
        await bot.send_chat_action(CITIZEN, "dancing")


# Pace


async def test_a_chat_takes_a_short_burst_then_one_a_second(call: Call, clock: Clock):
    first = [(await call("sendMessage", chat_id=CITIZEN, text="Chào"))[0] for _ in range(5)]
    status, refused = await call("sendMessage", chat_id=CITIZEN, text="Chào")
    clock.now += refused["parameters"]["retry_after"]

    assert (first, status) == ([200] * 5, 429)
    assert refused["description"] == "Too Many Requests: retry after 1"
    assert (await call("sendMessage", chat_id=CITIZEN, text="Chào"))[0] == 200


async def test_thirty_a_second_overall_and_twenty_a_minute_in_a_group(call: Call, platform: TelegramPlatform):
    platform.add_chat(-300, "group")
    users = [int(platform.add_user(str(CITIZEN + number), started=True)) for number in range(40)]

    group = [(await call("sendMessage", chat_id=-300, text="Chào"))[0] for _ in range(21)]
    rest = [(await call("sendMessage", chat_id=user, text="Chào"))[0] for user in users]

    assert group == [200] * 20 + [429]
    assert rest.count(200) == 10  # 30 - 20


async def test_a_long_flood_wait_stops_the_whole_bot(bot: telegram.Bot, platform: TelegramPlatform, clock: Clock):
    platform.add_user("5000000002", started=True)
    platform.set_weather("flood_seconds", 300)

    with pytest.raises(RetryAfter) as waits:
        await bot.send_message(CITIZEN, "Chào")
    clock.now += 299
    with pytest.raises(RetryAfter):
        await bot.send_message(5000000002, "Chào")
    clock.now += 1
    await bot.send_message(CITIZEN, "Chào")

    assert waits.value.retry_after in (300, timedelta(seconds=300))
    assert len(platform.sent) == 1


# Bad days


async def test_bad_days_come_in_the_order_they_were_given(bot: telegram.Bot, platform: TelegramPlatform):
    platform.weather.days = ["502", "500", "cut", "not_json", "no_result", "cut_after", "ok"]

    for expected in (NetworkError, NetworkError, NetworkError, telegram.error.TelegramError, KeyError, NetworkError):
        with pytest.raises(expected):
            await bot.send_message(CITIZEN, "Chào")
    await bot.send_message(CITIZEN, "Chào")

    # The spoilt answers and the one cut off afterwards had been sent.
    assert len(platform.sent) == 4


async def test_a_send_that_hangs_was_done_before(bot: telegram.Bot, platform: TelegramPlatform):
    platform.weather.days = ["hang"]

    with pytest.raises(TimedOut):
        await bot.send_message(CITIZEN, "Chào")

    await until(lambda: platform.sent)
    assert [one["text"] for one in platform.bubbles(str(CITIZEN))] == ["Chào"]


async def test_switches_break_every_call_until_they_are_turned_back(
    call: Call, session, url: str, platform: TelegramPlatform
):
    platform.set_weather("bad_gateway", True)
    async with session.post(f"{url}/bot{TOKEN}/getMe") as page:
        assert (page.status, page.content_type) == (502, "text/html")
    platform.set_weather("bad_gateway", False)
    platform.set_weather("server_error", True)
    assert (await call("getMe"))[0] == 500
    platform.set_weather("server_error", False)
    assert (await call("getMe"))[0] == 200


@pytest.mark.parametrize(
    ("name", "value"), [("nothing", 1), ("cut", "sometimes"), ("days", "sunny"), ("slow_seconds", -1)]
)
def test_a_switch_takes_only_what_it_knows(name: str, value: Any, platform: TelegramPlatform):
    with pytest.raises(ValueError):
        platform.set_weather(name, value)


# Taps


async def test_a_tap_can_be_answered_once_and_not_for_long(bot: telegram.Bot, platform: TelegramPlatform, clock: Clock):
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Lệ phí", callback_data="/fee")]])
    sent = await bot.send_message(CITIZEN, "Chọn", reply_markup=keyboard)
    for _ in range(2):
        await platform.tap(str(CITIZEN), str(sent.message_id), 0)
    first, second = [update.callback_query for update in await bot.get_updates()]
    waiting = platform.bubbles(str(CITIZEN))[-1]["note"]

    assert (first.data, first.message.message_id) == ("/fee", sent.message_id)
    assert waiting == "Đang chờ…"
    with pytest.raises(BadRequest, match="too_long"):
        await bot.answer_callback_query(first.id, "ế" * 201)
    assert await bot.answer_callback_query(first.id)
    assert "note" not in platform.bubbles(str(CITIZEN))[-1]
    clock.now += 61
    for stale in (first, second):
        with pytest.raises(BadRequest, match="Query is too old"):
            await bot.answer_callback_query(stale.id)
