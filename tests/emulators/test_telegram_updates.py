"""
Updates of the emulated Telegram: brought to a webhook until they are taken, or fetched by a poller.
"""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any

import aiohttp
import pytest
import telegram
from telegram.error import Conflict
from telegram.request import HTTPXRequest

from emulators.telegram import Bot, TelegramPlatform
from tests.emulators.telegram_world import CITIZEN, SECRET, TOKEN, Clock, Hook, caller, until
from tests.fakes.serving import Serving

Call = Callable[..., Awaitable[tuple[int, dict[str, Any]]]]
PATH = "/hook/telegram/7000000001"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def hook() -> Hook:
    return Hook()


@pytest.fixture
def hook_url(hook: Hook) -> Iterator[str]:
    with Serving(hook.app) as server:
        yield server.url + PATH


@pytest.fixture
def platform(clock: Clock) -> TelegramPlatform:
    # A thousand times faster: a ladder of minutes takes less than a second.
    return TelegramPlatform(clock=clock, speed=1000, seed=7, local=True)


@pytest.fixture
def account(platform: TelegramPlatform, hook_url: str) -> Bot:
    return platform.add_account(TOKEN, webhook_url=hook_url, secret_token=SECRET)


@pytest.fixture
def url(platform: TelegramPlatform, account: Bot) -> Iterator[str]:
    platform.weather.ack_seconds = 1000
    with Serving(platform.app) as server:
        yield server.url


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def call(session: aiohttp.ClientSession, url: str) -> Call:
    return caller(session, url)


def texts(hook: Hook) -> list[str]:
    return [update["message"]["text"] for update in hook.updates]


# Webhook


async def test_an_update_comes_with_the_secret_as_plain_json(platform: TelegramPlatform, url: str, hook: Hook):
    await platform.say(str(CITIZEN), "Đăng ký khai sinh cần gì?")
    await platform.settled()

    [update], [headers] = hook.updates, hook.headers
    assert update["message"]["text"] == "Đăng ký khai sinh cần gì?"
    assert update["message"]["chat"] == {"id": CITIZEN, "type": "private", "first_name": "Người dân"}
    assert headers["X-Telegram-Bot-Api-Secret-Token"] == SECRET
    assert headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("status", [500, 403, 302, 404])
async def test_what_is_not_2xx_is_repeated_until_it_is_taken(status: int, platform, url: str, hook: Hook, call: Call):
    hook.answers.extend([status, status])

    await platform.say(str(CITIZEN), "Chào")
    await platform.settled()
    _, info = await call("getWebhookInfo")

    assert len({update["update_id"] for update in hook.updates}) == 1
    assert [(one.attempt, one.status) for one in platform.deliveries] == [(1, status), (2, status), (3, 200)]
    assert info["result"]["pending_update_count"] == 0
    assert info["result"]["last_error_message"].startswith(f"Wrong response from the webhook: {status}")


async def test_a_slow_answer_is_repeated_too(platform: TelegramPlatform, url: str, hook: Hook):
    platform.set_weather("ack_seconds", 50)
    hook.hold = asyncio.Event()

    await platform.say(str(CITIZEN), "Chào")
    await until(lambda: len(hook.updates) >= 2)
    hook.release()
    await platform.settled()

    assert platform.deliveries[0].status == 0
    assert platform.bots["7000000001"].hook.last_error_message == "Read timeout expired"


async def test_waits_between_attempts_double_up_to_a_minute(hook_url: str, clock: Clock, hook: Hook):
    platform = TelegramPlatform(clock=clock, speed=50, local=True)
    platform.add_account(TOKEN, webhook_url=hook_url)
    hook.answers.extend([500] * 5)

    with Serving(platform.app):
        platform.post_soon({"message": {"text": "Chào"}})
        await until(lambda: len(hook.at) == 6)

    waits = [(later - earlier) * 50 for earlier, later in itertools.pairwise(hook.at)]
    assert all(wait >= 2**number * 0.9 for number, wait in enumerate(waits))
    assert waits[-1] < 60


async def test_what_nobody_takes_for_a_day_is_dropped(platform, account: Bot, url: str, clock: Clock, call: Call):
    platform.set_weather("deaf", True)
    await platform.say(str(CITIZEN), "Chào")
    waiting = (await call("getWebhookInfo"))[1]["result"]["pending_update_count"]
    clock.now += 24 * 3600 / 1000 + 1

    assert waiting == 1
    assert (await call("getWebhookInfo"))[1]["result"]["pending_update_count"] == 0
    assert len(platform.lost) == 1


async def test_with_one_connection_the_order_holds_through_failures(platform, account: Bot, url: str, hook: Hook):
    account.hook.max_connections = 1
    hook.answers.extend([200, 500, 500, 200])

    for number in range(6):
        await platform.say(str(CITIZEN), str(number))
    await platform.settled()

    assert texts(hook) == ["0", "1", "1", "1", "2", "3", "4", "5"]
    assert hook.most_busy == 1


async def test_with_more_connections_updates_travel_side_by_side(platform, account: Bot, url: str, hook: Hook):
    account.hook.max_connections = 3
    hook.hold = asyncio.Event()

    for number in range(6):
        await platform.say(str(CITIZEN), str(number))
    await until(lambda: hook.busy == 3)
    in_flight = hook.busy
    hook.release()
    await until(lambda: len(set(texts(hook))) == 6)

    assert in_flight == hook.most_busy == 3


async def test_the_answer_of_a_webhook_may_be_a_method(platform: TelegramPlatform, url: str, hook: Hook):
    hook.answers.append({"method": "sendMessage", "chat_id": CITIZEN, "text": "Dạ, chào anh/chị"})

    await platform.say(str(CITIZEN), "Chào")
    await until(lambda: platform.sent)

    assert platform.sent[0]["text"] == "Dạ, chào anh/chị"


async def test_bad_days_of_the_webhook(platform: TelegramPlatform, url: str, hook: Hook):
    platform.set_weather("duplicates", 3)
    platform.set_weather("lose_acks", 2)
    platform.set_weather("shuffle_seconds", 20)
    platform.set_weather("gaps", True)

    for number in range(20):
        await platform.say(str(CITIZEN), str(number))
    await platform.settled()
    ids = [update["update_id"] for update in hook.updates]

    assert set(texts(hook)) == set(map(str, range(20)))
    assert max(Counter(ids).values()) > 1
    assert texts(hook) != sorted(texts(hook), key=int)
    assert max(ids) - min(ids) > 20


@pytest.mark.parametrize(("signature", "sent"), [("missing", None), ("wrong", "wrong")])
async def test_the_secret_may_be_missing_or_wrong(signature: str, sent: str | None, platform, url: str, hook: Hook):
    platform.set_weather("signature", signature)

    await platform.say(str(CITIZEN), "Chào")
    await platform.settled()

    assert hook.headers[0].get("X-Telegram-Bot-Api-Secret-Token") == sent


async def test_updates_wait_while_telegram_or_the_webhook_is_gone(platform: TelegramPlatform, hook: Hook):
    receiving, server = Serving(hook.app), Serving(platform.app)
    platform.add_account(TOKEN, webhook_url=receiving.url + PATH)
    server.start()
    await platform.say(str(CITIZEN), "Chào")
    await until(lambda: platform.deliveries)
    server.stop()
    receiving.start()
    server.start()
    await platform.settled()
    server.stop()
    receiving.stop()

    assert texts(hook) == ["Chào"]
    assert [one.status for one in platform.deliveries][-1] == 200


async def test_a_posted_event_returns_when_it_was_taken(platform: TelegramPlatform, url: str, hook: Hook):
    hook.answers.append(500)

    status = await platform.post({"update_id": 5, "message_reaction": {"message_id": 1}})
    platform.post_soon({"update_id": 4, "poll": {}})
    await until(lambda: len(hook.updates) == 3)

    assert status == 200
    assert [update["update_id"] for update in hook.updates] == [5, 5, 4]


# Setting it


async def test_the_official_server_takes_https_on_four_ports_only(clock: Clock):
    platform = TelegramPlatform(clock=clock)
    platform.add_account(TOKEN)
    with Serving(platform.app) as server:
        async with aiohttp.ClientSession() as session:
            call = caller(session, server.url)
            for refused in ("http://bot.example.org/hook", "https://bot.example.org:8080/hook", "ftp://x", "hook"):
                status, body = await call("setWebhook", url=refused)
                assert (status, body["description"][:24]) == (400, "Bad Request: bad webhook")
            for port in (443, 80, 88, 8443):
                assert (await call("setWebhook", url=f"https://bot.example.org:{port}/hook"))[0] == 200


async def test_set_webhook_checks_what_it_is_told_and_get_webhook_info_tells_it(
    call: Call, account: Bot, hook_url: str
):
    assert (await call("setWebhook", url=hook_url, secret_token="đ"))[0] == 400
    assert (await call("setWebhook", url=hook_url, secret_token="a" * 257))[0] == 400
    assert (await call("setWebhook", url=hook_url, max_connections=101))[0] == 400
    told = {"max_connections": 7, "allowed_updates": ["message"]}
    assert (await call("setWebhook", url=hook_url, secret_token="new", **told))[0] == 200
    _, info = await call("getWebhookInfo")

    expected = {
        "url": hook_url,
        "has_custom_certificate": False,
        "pending_update_count": 0,
        "ip_address": "203.0.113.1",
    }
    assert info["result"] == expected | told
    assert account.hook.secret == "new"


async def test_allowed_updates_stay_as_they_were_when_not_given_again(
    call: Call, account: Bot, hook_url: str, platform
):
    await call("setWebhook", url=hook_url, allowed_updates=["callback_query"])
    await call("setWebhook", url=hook_url)
    await platform.say(str(CITIZEN), "Chào")
    kept = account.allowed
    await call("setWebhook", url=hook_url, allowed_updates=[])
    await platform.settled()

    assert (kept, account.allowed) == (("callback_query",), None)
    assert platform.deliveries == []


async def test_waiting_updates_go_to_a_new_webhook_unless_they_are_dropped(
    call: Call, hook_url: str, platform, hook: Hook
):
    await call("deleteWebhook")
    await platform.say(str(CITIZEN), "một")
    await call("setWebhook", url=hook_url)
    await until(lambda: texts(hook) == ["một"])
    await call("deleteWebhook")
    await platform.say(str(CITIZEN), "hai")
    await call("setWebhook", url=hook_url, drop_pending_updates=True)
    await platform.say(str(CITIZEN), "ba")
    await platform.settled()

    assert texts(hook) == ["một", "ba"]


# Polling


@pytest.fixture
async def poller(url: str, account: Bot) -> AsyncIterator[telegram.Bot]:
    account.hook.url = ""
    request = HTTPXRequest(httpx_kwargs={"trust_env": False})
    yield telegram.Bot(TOKEN, f"{url}/bot", request=request, get_updates_request=request)
    await request.shutdown()


async def test_an_offset_confirms_everything_below(poller: telegram.Bot, platform: TelegramPlatform):
    for text in ("một", "hai", "ba"):
        await platform.say(str(CITIZEN), text)
    first = await poller.get_updates(limit=2)
    again = await poller.get_updates(limit=2)
    rest = await poller.get_updates(offset=first[-1].update_id + 1)

    assert [one.message.text for one in first] == [one.message.text for one in again] == ["một", "hai"]
    assert [one.message.text for one in rest] == ["ba"]


async def test_a_negative_offset_forgets_all_but_the_last(poller: telegram.Bot, platform: TelegramPlatform):
    for text in ("một", "hai", "ba"):
        await platform.say(str(CITIZEN), text)

    assert [one.message.text for one in await poller.get_updates(offset=-1)] == ["ba"]
    assert [one.message.text for one in await poller.get_updates()] == ["ba"]


async def test_a_long_poll_returns_as_soon_as_there_is_news(
    poller: telegram.Bot, platform: TelegramPlatform, account: Bot
):
    polling = asyncio.create_task(poller.get_updates(timeout=30))
    await until(lambda: account.poller)

    await platform.say(str(CITIZEN), "Chào")

    assert [one.message.text for one in await asyncio.wait_for(polling, 5)] == ["Chào"]


async def test_a_second_poller_and_a_webhook_end_a_poll_with_409(poller: telegram.Bot, account: Bot, hook_url: str):
    first = asyncio.create_task(poller.get_updates(timeout=30))
    await until(lambda: account.poller)
    waiting = account.poller
    second = asyncio.create_task(poller.get_updates(timeout=30))
    with pytest.raises(Conflict, match="terminated by other getUpdates"):
        await first
    await until(lambda: account.poller not in (None, waiting))
    await poller.set_webhook(hook_url)
    with pytest.raises(Conflict, match="terminated by setWebhook"):
        await second
    with pytest.raises(Conflict, match="webhook is active"):
        await poller.get_updates()


# What citizens do


async def test_blocking_and_unblocking_are_told(platform: TelegramPlatform, url: str, hook: Hook):
    await platform.say(str(CITIZEN), "/start")
    await platform.do(str(CITIZEN), "block")
    with pytest.raises(ValueError, match="blocked"):
        await platform.say(str(CITIZEN), "Chào")
    await platform.do(str(CITIZEN), "unblock")
    await platform.settled()

    changes = [update["my_chat_member"] for update in hook.updates if "my_chat_member" in update]
    statuses = [(one["old_chat_member"]["status"], one["new_chat_member"]["status"]) for one in changes]
    assert sorted(statuses) == [("kicked", "member"), ("member", "kicked")]
    assert hook.updates[0]["message"]["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]


async def test_each_action_is_one_update_and_an_album_two_of_one_group(platform, account: Bot, url: str, hook: Hook):
    account.hook.max_connections = 1
    names = [name for name, _ in platform.actions() if name not in ("block", "unblock", "deactivate", "edit")]
    for name in names:
        await platform.do(str(CITIZEN), name)
    await platform.say(str(CITIZEN), "Chào")
    await platform.do(str(CITIZEN), "edit")
    await platform.settled()

    messages = [update["message"] for update in hook.updates if "message" in update]
    kinds = ["text", "photo", "photo", "photo", "document", "voice", "video", "sticker", "location", "contact", "text"]
    assert [next(kind for kind in (*kinds, "?") if kind in one) for one in messages] == kinds
    assert len({one["media_group_id"] for one in messages if "media_group_id" in one}) == 1
    assert hook.updates[-1]["edited_message"]["text"] == "Chào (sửa)"
    for message in messages:
        telegram.Message.de_json(message, None)


async def test_a_group_that_becomes_a_supergroup_tells_both_ids(platform, account: Bot, url: str, hook: Hook):
    account.hook.max_connections = 1
    platform.add_chat(-300, "group")

    await platform.migrate(-300, -100300)
    await platform.settled()

    told = [update["message"] for update in hook.updates]
    assert [(one["chat"]["id"], one.get("migrate_to_chat_id")) for one in told] == [(-300, -100300), (-100300, None)]


async def test_the_phone_page_shows_what_was_said(platform: TelegramPlatform, url: str, session, call: Call):
    user = platform.add_user()
    async with session.post(f"{url}/_phone/say", json={"user": user, "text": "Chào"}) as answer:
        assert answer.status == 200
    keyboard = {
        "inline_keyboard": [[{"text": "Lệ phí", "callback_data": "/fee"}, {"text": "Xem", "url": "https://a.vn"}]]
    }
    await call("sendMessage", chat_id=user, text="Dạ", reply_markup=keyboard)
    async with session.get(f"{url}/_phone/state", params={"user": user}) as answer:
        state = await answer.json()

    assert [(one["side"], one["text"]) for one in state["bubbles"]] == [("citizen", "Chào"), ("oa", "Dạ")]
    assert state["bubbles"][1]["buttons"][1] == {"title": "Xem", "kind": "url", "url": "https://a.vn"}
    assert state["labels"] == ["Trợ lý Một cửa (@tro_ly_mot_cua_bot)"]
    async with session.post(f"{url}/_phone/tap", json={"user": user, "bubble": "99", "button": 0}) as answer:
        assert answer.status == 400
    async with session.post(f"{url}/_phone/weather", json={"name": "bad_gateway", "value": True}) as answer:
        assert answer.status == 200
    assert platform.weather.bad_gateway


def test_every_switch_has_a_vietnamese_label(platform: TelegramPlatform):
    labels = {one["name"]: one["label"] for one in platform.weather_switches()}

    assert set(vars(platform.weather)) - {"days"} == set(labels)
    assert all(len(label) > 8 for label in labels.values())
