"""
The channel on real sockets, against the emulated platform.
"""

from __future__ import annotations

import socket
from typing import Any

import aiohttp
import pytest

from bot.channels.base import Reach, SendError
from bot.channels.messenger.channel import MAX_BYTES, signature
from bot.messages import Button, Reply
from tests.bot.channels.messenger.pages import PAGE, PERSON, SECRET, TOKEN, VERIFY, account
from tests.bot.channels.messenger.test_payload import JUNK, SHAPES, paths
from tests.bot.channels.messenger.town import ADDRESS, HOUR, OTHER_PAGE, OTHER_TOKEN, Town


async def post(town: Town, raw: bytes, **headers: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.post(town.hook_url, data=raw, headers=headers) as answer:
        return answer.status, await answer.text()


def signed(raw: bytes, secret: str = SECRET) -> dict[str, str]:
    return {"X-Hub-Signature-256": signature(secret, raw).decode()}


async def test_a_message_comes_in_and_its_answer_goes_out(town: Town) -> None:
    (asked,) = await town.after(town.platform.say(PERSON, "lệ phí chứng thực"))
    receipt = await town.channel.send(
        asked.address, Reply("Dạ, xem ở đây ạ.", (Button("Lệ phí", "/show_menu"),)), key="d1"
    )
    await town.platform.settled()
    bubble = town.platform.bubbles(PERSON)[-1]
    await town.platform.tap(PERSON, bubble["id"], 0)
    await town.platform.settled()
    await town.close()

    assert (asked.kind, asked.text, asked.ward, asked.address) == ("text", "lệ phí chứng thực", "hoa-binh", ADDRESS)
    assert receipt.message_id == town.platform.sent[0]["id"]
    kinds = [one.kind for one in town.told]
    assert kinds[0] == "text"
    assert sorted(kinds[1:4]) == ["delivered", "own_echo", "seen"]
    assert (town.told[4].kind, town.told[4].payload) == ("button", "/show_menu")  # type: ignore[union-attr]


async def test_an_echo_that_overtakes_the_answer_still_names_our_key(town: Town) -> None:
    town.platform.weather.echoes = "before"
    await town.after(town.platform.say(PERSON, "chào"))

    receipt = await town.channel.send(ADDRESS, Reply("Chào anh/chị"), key="d42")
    echoes = [one for one in town.told if one.kind == "own_echo"]
    await town.close()

    assert [one.values["key"] for one in echoes] == ["d42"]  # type: ignore[union-attr]
    assert [one.values["platform_id"] for one in echoes] == [receipt.message_id]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({}, "signature.missing"),
        ({"X-Hub-Signature": "sha1=" + "0" * 40}, "signature.missing"),
        ({"X-Hub-Signature-256": ""}, "signature.missing"),
        ({"X-Hub-Signature-256": "sha256="}, "signature.wrong"),
        ({"X-Hub-Signature-256": "sha256=" + "0" * 64}, "signature.wrong"),
        (signed(b"{}", "another secret"), "signature.wrong"),
        (signed(b"{ }"), "signature.wrong"),
        ({"X-Hub-Signature-256": signature(SECRET, b"{}").decode().upper()}, "signature.wrong"),
        ({"X-Hub-Signature-256": "sha256=đ"}, "signature.wrong"),
    ],
)
async def test_what_our_app_did_not_sign_is_refused(town: Town, headers: dict[str, str], code: str) -> None:
    assert await post(town, b"{}", **headers) == (403, code)
    assert town.told == []


@pytest.mark.parametrize(
    "raw", [b"", b"{}", b"[]", b"nonsense", b'{"object":"page"}', b'{"object":"user","entry":[]}', b"[" * 9999]
)
async def test_what_is_signed_and_unknown_is_answered_200(town: Town, raw: bytes) -> None:
    assert (await post(town, raw, **signed(raw)))[0] == 200
    assert town.told == []


async def test_a_body_of_more_than_a_mebibyte_is_refused(town: Town) -> None:
    raw = b" " * (MAX_BYTES + 1)

    assert await post(town, raw, **signed(raw)) == (413, "request.too_large")


async def test_events_of_a_page_that_is_not_ours_are_passed_over(town: Town) -> None:
    town.add_page(OTHER_PAGE, OTHER_TOKEN)

    both = [
        {
            "sender": {"id": "77"},
            "recipient": {"id": OTHER_PAGE},
            "timestamp": 1,
            "message": {"mid": "m1", "text": "a"},
        },
        {"sender": {"id": PERSON}, "recipient": {"id": PAGE}, "timestamp": 2, "message": {"mid": "m2", "text": "b"}},
    ]

    assert [one.text for one in await town.told_of(both)] == ["b"]


async def test_one_app_serves_the_pages_of_several_wards(town: Town) -> None:
    town.add_page(OTHER_PAGE, OTHER_TOKEN)
    town.use(town.account, town.account_of(OTHER_PAGE, ward="tien-tien", page_token=OTHER_TOKEN))

    first = await town.after(town.platform.say(f"{PAGE}/1", "một"), town.platform.say(f"{OTHER_PAGE}/2", "hai"))
    await town.channel.send(f"{OTHER_PAGE}/2", Reply("Dạ"), key="d1")
    await town.close()

    assert [(one.ward, one.address) for one in first] == [("hoa-binh", f"{PAGE}/1"), ("tien-tien", f"{OTHER_PAGE}/2")]
    assert town.platform.sent[0]["page"] == OTHER_PAGE


async def test_an_app_speaks_for_its_own_pages_only(town: Town) -> None:
    other = town.account_of(OTHER_PAGE, ward="tien-tien", app_id="5", app_secret="another", page_token=OTHER_TOKEN)
    town.use(town.account, other)
    raw = (
        b'{"object":"page","entry":[{"id":"%s","messaging":[{"sender":{"id":"7"},"message":{"mid":"m","text":"x"}}]}]}'
    )
    forged = raw % OTHER_PAGE.encode()

    assert (await post(town, forged, **signed(forged)))[0] == 200
    assert town.told == []
    assert (await post(town, forged, **signed(forged, "another")))[0] == 200
    assert [one.ward for one in town.told] == ["tien-tien"]


async def test_a_page_that_is_switched_off_is_unknown(town: Town) -> None:
    town.use(town.account_of(PAGE, enabled=False))

    assert await town.platform.verify() == 403
    assert await post(town, b"{}", **signed(b"{}")) == (403, "signature.wrong")
    with pytest.raises(SendError, match="no enabled messenger account"):
        await town.channel.send(ADDRESS, Reply("Dạ"), key="d1")


@pytest.mark.parametrize(
    "query",
    [
        {"hub.mode": "subscribe", "hub.challenge": "1", "hub.verify_token": "wrong"},
        {"hub.mode": "subscribe", "hub.challenge": "1"},
        {"hub.mode": "unsubscribe", "hub.challenge": "1", "hub.verify_token": VERIFY},
        {"hub.mode": "subscribe", "hub.verify_token": VERIFY},
        {"hub.mode": "subscribe", "hub.challenge": "<script>", "hub.verify_token": VERIFY},
        {"hub.mode": "subscribe", "hub.challenge": "1" * 201, "hub.verify_token": VERIFY},
        {},
    ],
)
async def test_a_challenge_that_is_not_metas_is_refused(town: Town, query: dict[str, str]) -> None:
    async with aiohttp.ClientSession() as session, session.get(town.hook_url, params=query) as answer:
        assert (answer.status, await answer.text()) == (403, "challenge.refused")


async def test_any_accounts_word_answers_the_challenge(town: Town) -> None:
    town.use(town.account, town.account_of(OTHER_PAGE, verify_token="other word"))

    assert [await town.platform.verify(token=word) for word in (VERIFY, "other word", "no word")] == [200, 200, 403]


async def test_a_broken_connection_leaves_it_open_whether_the_message_went_out(town: Town) -> None:
    await town.after(town.platform.say(PERSON, "chào"))
    town.platform.weather.lost_rate = 1.0

    with pytest.raises(SendError) as lost:
        await town.channel.send(ADDRESS, Reply("Dạ"), key="d1")
    await town.close()

    assert (lost.value.trouble, lost.value.uncertain) == ("retry", True)
    assert len(town.platform.sent) == 1


async def test_no_connection_means_nothing_was_sent(town: Town) -> None:
    town.stop_platform()
    with pytest.raises(SendError) as refused:
        await town.channel.send(ADDRESS, Reply("Dạ"), key="d1")
    town.start_platform()
    await town.close()

    assert (refused.value.trouble, refused.value.uncertain) == ("retry", False)


async def test_an_answer_that_does_not_come_in_time_is_uncertain(town: Town) -> None:
    await town.after(town.platform.say(PERSON, "chào"))
    town.platform.weather.slow_seconds = 1.0

    with pytest.raises(SendError) as late:
        await town.channel.graph.call(town.account, "POST", f"/{PAGE}/messages", body={}, seconds=0.1)
    await town.close()

    assert late.value.uncertain


async def test_a_page_of_a_proxy_is_no_answer(town: Town) -> None:
    town.platform.weather.html_rate = 1.0

    with pytest.raises(SendError, match="HTTP 502") as refused:
        await town.channel.send(ADDRESS, Reply("Dạ"), key="d1")
    await town.close()

    assert (refused.value.trouble, refused.value.uncertain) == ("retry", True)


@pytest.mark.parametrize("token_in", ["header", "query"])
async def test_no_error_holds_a_token_an_id_or_words(town: Town, token_in: str) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        nowhere = f"http://127.0.0.1:{closed.getsockname()[1]}"
        addresses = [nowhere, "http://no-such-host.invalid", town.account.graph_url]
        for graph_url in addresses:
            channel = town.use(account(graph_url=graph_url, token_in=token_in))
            with pytest.raises(SendError) as error:
                await channel.send(ADDRESS, Reply("nội dung riêng"), key="d1")
            said = f"{error.value} {error.value!r} {error.value.__cause__!r}"
            for private in (TOKEN, PERSON, "riêng", SECRET):
                assert private not in said
    await town.close()


async def test_typing_is_shown_before_an_answer(town: Town) -> None:
    await town.after(town.platform.say(PERSON, "chào"))

    await town.channel.typing(ADDRESS)
    await town.close()

    assert [(one["user"], one["action"]) for one in town.platform.gestures] == [(PERSON, "typing_on")]


@pytest.mark.parametrize("address", [ADDRESS, "nobody/1", "", f"{PAGE}/"])
async def test_typing_never_fails(town: Town, address: str) -> None:
    town.platform.weather.error = "190/460"

    await town.channel.typing(address)
    await town.close()


@pytest.mark.parametrize(
    ("acted_hours_ago", "why"), [(None, None), (0, None), (23.99, None), (24, None), (24.01, "window.closed")]
)
def test_the_window_is_known_before_sending(acted_hours_ago: float | None, why: str | None) -> None:
    town = Town()
    acted = None if acted_hours_ago is None else town.now - acted_hours_ago * HOUR

    assert town.channel.closed(ADDRESS, Reach(acted), now=town.now) == why


async def test_the_longest_replies_are_taken_by_the_platform(town: Town) -> None:
    await town.after(town.platform.say(PERSON, "chào"))
    buttons = tuple(Button(f"Thủ tục hành chính số {n} của phường", f"/choose{n}") for n in range(20))
    replies = [
        Reply("Hồ sơ gồm tờ khai theo mẫu, giấy chứng sinh. " * 200, buttons),
        Reply("Nộp ở đây:", (Button("Cổng Dịch vụ công", "https://dichvucong.gov.vn/p/home"),)),
        Reply("ế" * 2000),
        Reply("Chọn:", tuple(Button(f"Việc {n}", f"/choose{n}") for n in range(13))),
    ]

    for reply in replies:
        for number, part in enumerate(town.channel.parts(reply)):
            await town.channel.send(ADDRESS, part, key=f"d{number}")
    await town.close()

    assert town.platform.refused == []
    assert len(town.platform.sent) == sum(len(town.channel.parts(reply)) for reply in replies) > 4


async def test_two_hundred_broken_bodies_cost_no_500(town: Town) -> None:
    made: list[Any] = []
    for shape in SHAPES.values():
        made += [{"object": "page", "entry": [{"id": PAGE, "messaging": [{path[-1]: one}]}]}
                 for path in paths(shape["body"])[1:] for one in JUNK[:8] if isinstance(path[-1], str)]  # fmt: skip
    statuses = [await town.platform.post(body) for body in made[:: len(made) // 300]]

    assert len(statuses) >= 200
    assert set(statuses) == {200}
