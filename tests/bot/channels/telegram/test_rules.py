"""
Every fact about Telegram that the product touches and that stands as sure in Bot API 10.0 and python-telegram-bot 22.8
(read 2026-11-20): one test each. Codes of errors: test_trouble.py. Each shape of an update: shapes/ and test_payload.py.

Not touched, so only played by the emulator: long polling, Application and its update queue, JobQueue, photos and documents
out, edits, pins, chat actions, copy_text and web_app buttons, reply keyboards, parse modes, posts in channels, paid
broadcasts, local_mode.
"""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest
import telegram.ext
from aiohttp import web
from pydantic import ValidationError

from bot.accounts import load
from bot.channels.base import Reach, SendError
from bot.channels.telegram.api import close_bot, open_bot
from bot.channels.telegram.check import check
from bot.channels.telegram.connect import connect
from bot.channels.telegram.menus import profile
from bot.channels.telegram.payload import parse
from bot.channels.telegram.render import MAX_BUTTONS, MAX_UNITS, body, parts, units
from bot.channels.telegram.trouble import seconds
from bot.messages import Button, Happening, InboundMessage, Reply
from tests.bot.channels.telegram.bots import ACCOUNT, ADDRESS, BOT, CITIZEN, MENU, SECRET, TOKEN, account
from tests.bot.channels.telegram.test_payload import MESSAGE, SHAPES
from tests.bot.channels.telegram.town import USER, Town, nobody, until
from tests.fakes.serving import Serving


class Api:
    """
    A Bot API that notes what it is told and answers what it is given: (status, body).
    """

    def __init__(self, *answers: tuple[int, Any]):
        self.answers = list(answers)
        self.told: list[tuple[str, str, dict[str, Any]]] = []  # path, content type, form

    def app(self) -> web.Application:
        async def take(request: web.Request) -> web.Response:
            self.told.append((request.path, request.content_type, dict(await request.post())))
            status, body = self.answers.pop(0)
            return web.json_response(body, status=status)

        app = web.Application()
        app.router.add_route("*", "/{path:.*}", take)
        return app


def sent_message(number: int = 9) -> dict[str, Any]:
    chat = {"id": CITIZEN, "type": "private", "first_name": "Người dân"}
    return {"ok": True, "result": {"message_id": number, "date": 1795161600, "chat": chat, "text": "Dạ"}}


def refusal(status: int, description: str, **parameters: Any) -> tuple[int, Any]:
    told = {"ok": False, "error_code": status, "description": description}
    return status, {**told, "parameters": parameters} if parameters else told


async def told_to_an_api(town: Town, *answers: tuple[int, Any]) -> tuple[Api, SendError | None]:
    """
    Send once to an API that answers this.
    """
    api = Api(*answers)
    with Serving(api.app) as server:
        town.use(town.account_of(api_url=server.url))
        try:
            await town.send("Dạ", Button("Lệ phí", "/fee"))
        except SendError as failure:
            return api, failure
    return api, None


async def failure_of(town: Town, *answer: Any) -> SendError:
    _, failure = await told_to_an_api(town, *answer)
    assert failure is not None
    return failure


def update(event: str = "message", **content: Any) -> Any:
    [found] = parse({"update_id": 77, event: content}, ACCOUNT, MENU)
    return found


# Endpoint and envelope


async def test_calls_go_to_bot_token_method(town: Town):
    api, _ = await told_to_an_api(town, (200, sent_message()))

    assert [path for path, _, _ in api.told] == [f"/bot{TOKEN}/sendMessage"]
    assert ACCOUNT.api_url == "https://api.telegram.org"


async def test_files_lie_under_file_bot_token(town: Town):
    bot = open_bot(town.account)
    document = await bot.send_document(CITIZEN, b"content", filename="don.txt")
    file = await bot.get_file(document.document.file_id)

    assert file.file_path.startswith(f"{town.api_url}/file/bot{TOKEN}/")
    assert bytes(await file.download_as_bytearray()) == b"content"
    await close_bot(bot)


async def test_ptb_sends_forms_with_json_inside_and_never_a_json_body(town: Town):
    api, _ = await told_to_an_api(town, (200, sent_message()))

    [(_, content_type, form)] = api.told
    assert content_type == "application/x-www-form-urlencoded"
    assert json.loads(form["reply_markup"]) == {"inline_keyboard": [[{"text": "Lệ phí", "callback_data": "/fee"}]]}
    assert json.loads(form["link_preview_options"]) == {"is_disabled": True}
    assert "parse_mode" not in form


async def test_the_message_id_of_the_result_is_the_receipt(town: Town):
    with Serving(Api((200, sent_message(4711))).app) as server:
        town.use(town.account_of(api_url=server.url))

        assert (await town.send()).message_id == "4711"


async def test_an_error_is_an_http_status_with_ok_false(town: Town):
    failure = await failure_of(town, refusal(400, "Bad Request: chat not found"))

    assert (failure.trouble, failure.uncertain) == ("recipient", False)


async def test_a_200_with_ok_false_is_no_error_to_ptb_and_so_a_doubt_to_us(town: Town):
    failure = await failure_of(town, (200, refusal(400, "Bad Request: chat not found")[1]))

    assert (failure.trouble, failure.uncertain) == ("retry", True)


async def test_a_token_never_expires_and_answers_401_once_revoked(town: Town):
    town.now += 10 * 365 * 86400
    assert await town.send()
    failure = await failure_of(town, refusal(401, "Unauthorized"))

    assert failure.trouble == "officer"


def test_ids_have_up_to_52_bits_and_groups_negative_ones():
    assert update(**{**MESSAGE, "chat": {"id": 2**52, "type": "private"}}).address == f"{BOT}/{2**52}"
    for odd in (2**52 + 1, -100, 0):
        assert isinstance(update(**{**MESSAGE, "chat": {"id": odd, "type": "private"}}), Happening)


# What PTB makes of errors


async def test_migrate_to_chat_id_wins_over_the_status(town: Town):
    answer = refusal(400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=-1001)

    assert (await failure_of(town, answer)).trouble == "recipient"


@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")
async def test_retry_after_is_taken_from_the_parameters(town: Town):
    failure = await failure_of(town, refusal(429, "Too Many Requests: retry after 17", retry_after=17))

    assert (failure.trouble, failure.retry_after, failure.uncertain) == ("retry", 17.0, False)


def test_retry_after_may_be_an_int_or_a_timedelta():
    assert seconds(17) == seconds(timedelta(seconds=17)) == 17.0


@pytest.mark.parametrize(
    ("status", "trouble"),
    [(403, "recipient"), (401, "officer"), (404, "officer"), (400, "officer"), (409, "officer"), (500, "retry")],
)
async def test_the_status_says_what_kind_of_trouble_it_is(status: int, trouble: str, town: Town):
    failure = await failure_of(town, refusal(status, "of a kind that we never read of"))

    assert (failure.trouble, failure.uncertain, failure.retry_after) == (trouble, False, None)


async def test_after_a_timeout_the_message_may_have_been_sent(town: Town):
    town.platform.weather.days = ["hang"]

    with pytest.raises(SendError) as failure:
        await town.send()

    assert failure.value.uncertain
    await until(lambda: len(town.platform.sent) == 1)


async def test_only_what_never_left_is_known_not_to_be_sent(town: Town):
    town.use(town.account_of(api_url=nobody()))

    with pytest.raises(SendError) as failure:
        await town.send()

    assert not failure.value.uncertain


# Webhook


async def test_the_webhook_is_set_with_secret_connections_and_kinds(town: Town):
    api = Api((200, {"ok": True, "result": True}))
    with Serving(api.app) as server:
        found = await connect(town.account_of(api_url=server.url), "https://bot.example.org/hook/telegram")

    [(path, _, form)] = api.told
    assert (found.ok, path) == (True, f"/bot{TOKEN}/setWebhook")
    assert (form["url"], form["secret_token"], form["max_connections"]) == (
        "https://bot.example.org/hook/telegram", SECRET, "1",
    )  # fmt: skip
    assert json.loads(form["allowed_updates"]) == ["message", "callback_query", "my_chat_member"]


def test_a_secret_has_1_to_256_characters_of_four_kinds():
    assert account(secret_token="a").secret_token
    assert account(secret_token="Az09_-" * 42).secret_token
    for wrong in ("", "a" * 257, "a b", "đ", "a.b"):
        with pytest.raises(ValidationError):
            account(secret_token=wrong)


async def test_the_secret_comes_in_a_header_and_there_is_no_other_signature(town: Town):
    raw = json.dumps(SHAPES["text"]["update"]).encode()

    assert await town.post(raw, X_Telegram_Bot_Api_Secret_Token=SECRET) == 200
    assert await town.post(raw) == 403
    assert len(town.told) == 1


async def test_what_is_not_answered_with_2xx_is_repeated_and_reads_the_same(town: Town):
    town.platform.set_weather("lose_acks", 2)

    found = await town.after(town.platform.say(USER, "Chào"))

    assert len(found) == 3
    assert found[0] == found[1] == found[2]


async def test_with_one_connection_updates_come_in_the_order_of_their_ids(town: Town):
    town.platform.set_weather("lose_acks", 3)

    found = await town.after(*(town.platform.say(USER, str(number)) for number in range(6)))

    assert [one.text for one in found] == ["0", "0", "0", "0", "1", "2", "3", "4", "5"]
    assert ACCOUNT.max_connections == 1


async def test_get_webhook_info_is_the_health_check(town: Town):
    town.bot.hook.last_error_date, town.bot.hook.last_error_message = int(town.now), "Connection timed out"
    found = await check(town.channel, town.account, now=town.now)
    await town.channel.close()

    assert [one.name for one in found if not one.ok] == ["delivery"]


async def test_left_over_allowed_updates_are_overwritten(town: Town):
    town.bot.allowed = ("poll",)
    await connect(town.account, f"{town.hook_url}/{BOT}")

    assert len(await town.after(town.platform.say(USER, "Chào"))) == 1


def test_an_update_id_may_begin_anew_after_a_week():
    [first] = parse(SHAPES["text"]["update"], ACCOUNT)
    later = {**SHAPES["text"]["update"], "message": {**MESSAGE, "date": MESSAGE["date"] + 8 * 86400}}

    assert parse(later, ACCOUNT)[0].message_id != first.message_id


def test_the_same_update_id_of_another_bot_is_another_message():
    other = account(id="7000000002", token="7000000002:AAInventedInventedInventedInvented1")

    assert (
        parse(SHAPES["text"]["update"], other)[0].message_id != parse(SHAPES["text"]["update"], ACCOUNT)[0].message_id
    )


# PTB's Bot


async def test_nothing_is_asked_before_the_first_send_not_even_get_me(town: Town):
    api, _ = await told_to_an_api(town, (200, sent_message()))

    assert len(api.told) == 1


async def test_every_call_has_timeouts(town: Town):
    bot = open_bot(town.account)
    timeout = bot.request._client.timeout

    assert None not in (timeout.connect, timeout.read, timeout.write, timeout.pool)
    assert bot.request.read_timeout == 10.0
    await close_bot(bot)


async def test_no_rate_limiter_that_would_freeze_all_chats_for_one(town: Town):
    bot = open_bot(town.account)

    assert not isinstance(bot, telegram.ext.ExtBot)
    await close_bot(bot)


# Sending


def test_a_text_has_at_most_4096_units_and_ours_less():
    assert MAX_UNITS < 4096
    assert max(units(part.text) for part in parts(Reply("hồ sơ 😀 " * 3000))) <= MAX_UNITS


async def test_telegram_takes_the_longest_text_that_we_send(town: Town):
    [part, _] = parts(Reply("ế" * (MAX_UNITS + 1)))

    assert (await town.send(part.text)).message_id


async def test_callback_data_has_1_to_64_bytes_not_letters(town: Town):
    fits, not_fits = Button("Vừa", "ế" * 21), Button("Dài", "ế" * 22)
    rows = body(CITIZEN, Reply("Chọn", (fits, not_fits)), "d123")["reply_markup"]["inline_keyboard"]

    assert [row[0]["callback_data"] for row in rows] == ["ế" * 21, "@d123.1"]
    assert (await town.send("Chọn", fits, not_fits)).message_id


async def test_a_tap_must_be_answered_or_the_phone_keeps_spinning(town: Town):
    await town.send("Chọn", Button("Lệ phí", "/fee"))
    town.use(town.account)

    await town.after(town.platform.tap(USER, "1", 0))

    await until(lambda: [query.answered for query in town.bot.queries.values()] == [True])


def test_a_tap_whose_message_is_too_old_to_be_shown_still_counts():
    [found] = parse(SHAPES["tap_on_an_old_message"]["update"], ACCOUNT)

    assert isinstance(found, InboundMessage)
    assert (found.kind, found.payload) == ("button", "@d9.1")


async def test_a_hundred_buttons_go_out_one_a_row(town: Town):
    buttons = [Button(f"Việc {number}", f"/{number}") for number in range(MAX_BUTTONS)]

    assert (await town.send("Chọn", *buttons)).message_id
    assert len(town.platform.sent[0]["buttons"]) == 100


def test_commands_are_at_most_100_of_32_small_letters_with_256_characters():
    for one in profile(MENU)["commands"]:
        assert one["command"].islower()
        assert len(one["command"]) <= 32
        assert 1 <= len(one["description"]) <= 256


def test_a_deep_link_brings_start_with_up_to_64_characters():
    assert update(**{**MESSAGE, "text": "/start " + "a-Z_0" * 12}).kind == "start"


async def test_without_parse_mode_no_mark_can_refuse_a_message(town: Town):
    text = "_ * [ ] ( ) ~ ` > # + - = | { } . ! \\ <b> &amp;"

    await town.send(text)

    assert town.platform.sent[0]["text"] == text


def test_an_album_is_several_updates_of_one_group_and_several_messages():
    [photo] = parse(SHAPES["photo_of_an_album"]["update"], ACCOUNT)

    assert isinstance(photo, InboundMessage)
    assert len(photo.attachments) == 1


# Pace


@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")
async def test_more_than_one_a_second_into_a_chat_is_429_with_retry_after(town: Town):
    failure = None
    for _ in range(8):
        try:
            await town.send()
        except SendError as error:
            failure = error

    assert failure is not None
    assert (failure.trouble, failure.retry_after) == ("retry", 1.0)


async def test_send_message_is_not_idempotent(town: Town):
    for _ in range(2):
        await town.send("Dạ", key="d5")

    assert len(town.platform.bubbles(USER)) == 2
    assert town.channel.idempotent is False


# Who may be written to


async def test_who_never_pressed_start_cannot_be_written_to(town: Town):
    town.platform.add_user("5000000007")

    with pytest.raises(SendError, match="never_started") as failure:
        await town.send(address=f"{BOT}/5000000007")

    assert failure.value.trouble == "recipient"


async def test_blocking_is_told_at_once_and_403_at_the_next_send(town: Town):
    [left] = await town.after(town.platform.do(USER, "block"))
    with pytest.raises(SendError, match="blocked") as failure:
        await town.send()

    assert (left.kind, left.address) == ("left", ADDRESS)
    assert failure.value.trouble == "recipient"


async def test_unblocking_is_told_too_and_sends_work_again(town: Town):
    *_, back = await town.after(town.platform.do(USER, "block"), town.platform.do(USER, "unblock"))

    assert (back.kind, back.event, back.address) == ("noted", "unblocked", ADDRESS)
    assert (await town.send()).message_id


def test_there_is_no_window_and_no_quota():
    from bot.channels.telegram.channel import TelegramChannel

    channel = TelegramChannel([ACCOUNT])
    assert channel.closed(ADDRESS, Reach(interacted_at=0.0, quota_left=0), now=4e9) is None


async def test_a_group_that_became_a_supergroup_is_never_written_to_again(town: Town):
    town.platform.add_chat(-300, "group")
    found = await town.after(town.platform.migrate(-300, -100300))

    assert [(one.kind, one.address) for one in found] == [("noted", ""), ("noted", "")]


async def test_groups_and_channels_are_left_alone(town: Town):
    for shape in ("text_in_a_group", "channel_post", "edited_channel_post", "added_to_a_group", "tap_in_a_group"):
        [found] = parse(SHAPES[shape]["update"], ACCOUNT)
        assert (found.kind, found.address) == ("noted", "")


def test_telegram_is_off_unless_the_accounts_file_names_a_bot():
    assert load(None).telegram == ()


async def test_the_route_to_telegram_is_a_setting_of_each_account(town: Town):
    seen: list[str] = []

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append((await reader.readline()).decode())
        writer.close()

    proxy = await asyncio.start_server(carry, "127.0.0.1", 0)
    port = proxy.sockets[0].getsockname()[1]
    town.use(town.account_of(api_url="http://telegram.example.org", proxy=f"http://127.0.0.1:{port}"))
    with pytest.raises(SendError):
        await town.send()
    proxy.close()

    assert seen[0].startswith("POST http://telegram.example.org/bot")
