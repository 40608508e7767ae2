from __future__ import annotations

import asyncio
import json
import secrets
from typing import Any

import aiohttp
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.database import Database, inbox, question
from tests.bot.gateway import Citizen, Road
from tests.bot.test_dialogue import JSON
from tests.fakes.rasa import turn


async def test_a_question_is_answered_by_push(citizen: Citizen) -> None:
    (reply,) = await citizen.ask("làm khai sinh cần gì")

    assert reply["text"] == "Trả lời: làm khai sinh cần gì"
    assert reply["turn"]["outcome"] == "answered"
    assert reply["turn"]["entry_ids"] == ["khai-sinh"]


async def test_a_first_contact_is_greeted_with_buttons(citizen: Citizen) -> None:
    body = citizen.body(event="open")
    assert (await citizen.post(body))[0] == 200

    (reply,) = await citizen.replies(body["id"])

    assert reply["buttons"] == [{"title": "Đăng ký khai sinh", "payload": '/choose{"entry":"khai-sinh"}'}]
    assert [one["kind"] for one in await citizen.history()] == ["notice", "reply"]


async def test_a_repeated_post_is_accepted_and_answered_once(citizen: Citizen, road: Road) -> None:
    body = citizen.body("lệ phí")

    answers = [await citizen.post(body) for _ in range(3)]
    await citizen.replies(body["id"])
    await citizen.ask("câu sau")

    assert [answer for _, answer in answers] == [
        {"accepted": 1, "repeated": 0},
        {"accepted": 0, "repeated": 1},
        {"accepted": 0, "repeated": 1},
    ]
    assert [one["message"] for one in road.rasa.asked] == ["lệ phí", "câu sau"]
    assert len([one for one in await citizen.history() if one["side"] == "citizen"]) == 2


async def test_a_conversation_is_answered_in_order_and_one_at_a_time(citizen: Citizen, road: Road) -> None:
    road.rasa.delay_seconds = 0.01
    overlaps = road.rasa.overlaps

    ids = [await citizen.say(f"câu {number}") for number in range(15)]
    await citizen.replies(ids[-1])

    bot = [one["text"] for one in await citizen.history() if one["side"] == "bot" and one["kind"] == "reply"]
    assert bot == [f"Trả lời: câu {number}" for number in range(15)]
    assert road.rasa.overlaps == overlaps


async def test_numbers_of_persons_are_hidden_before_anything_is_stored(citizen: Citizen, road: Road) -> None:
    (reply,) = await citizen.ask("tôi là 001099012345, gọi 0912 345 678")

    assert reply["text"] == "Trả lời: tôi là •••, gọi •••"
    database = Database(road.gateway.environment["BOT_DATABASE"])
    with database.engine.connect() as connection:
        stored = [row.text for table in (inbox, question) for row in connection.execute(sa.select(table.c.text))]
    database.close()
    assert "tôi là •••, gọi •••" in stored
    assert not any("0990" in text or "0912" in text for text in stored)


async def test_nothing_of_a_citizen_reaches_the_log(citizen: Citizen, road: Road) -> None:
    road.rasa.bad_days = ["empty"]

    await citizen.ask("chuyện riêng của tôi")

    log = road.gateway.log.read_text()
    assert '"event":"message.answered"' in log
    assert '"event":"message.waits"' in log
    for secret in ("chuyện riêng", citizen.conversation, road.rasa.asked[0]["sender"]):
        assert secret not in log


async def test_typed_commands_are_words(citizen: Citizen, road: Road) -> None:
    await citizen.ask("/restart")
    await citizen.ask("/choose{}", payload="/restart")

    assert [one["message"] for one in road.rasa.asked] == ["restart", "choose{}"]


async def test_the_greeting_is_kept_while_rasa_is_down_and_given_when_it_is_back(citizen: Citizen, road: Road) -> None:
    road.rasa_server.stop()
    try:
        message_id = await citizen.say("còn đó không")
        await asyncio.sleep(0.5)
    finally:
        road.rasa_server.start()

    (reply,) = await citizen.replies(message_id)

    assert reply["text"] == "Trả lời: còn đó không"


@pytest.mark.parametrize(
    ("raw", "headers", "status", "code"),
    [
        (b"{", {}, 400, "request.not_json"),
        (b"\xff\xfe", {}, 400, "request.not_json"),
        (b'{"text": "\\ud800"}', {}, 400, "request.not_json"),
        (b"[]", {}, 422, "message.invalid"),
        (b"{}", {}, 422, "message.invalid"),
        (b'"' + b"x" * 20_000 + b'"', {}, 413, "request.too_large"),
        (b"{}", {"Content-Type": "text/plain"}, 415, "request.not_json"),
        (b"{}", {"Origin": "https://evil.example"}, 403, "origin.refused"),
        (b"{}", {"Origin": "null"}, 403, "origin.refused"),
    ],
)
async def test_a_bad_request_is_refused_in_one_shape(
    road: Road, session: aiohttp.ClientSession, raw: bytes, headers: dict[str, str], status: int, code: str
) -> None:
    headers = {"Content-Type": "application/json", **headers}

    async with session.post(f"{road.gateway.url}/hook/web", data=raw, headers=headers) as response:
        body = await response.json()

    assert response.status == status
    assert body["code"] == code
    assert body.keys() == {"code", "message", "fields"}


async def test_a_body_without_a_length_is_measured_too(road: Road, session: aiohttp.ClientSession) -> None:
    async def endless() -> Any:
        for _ in range(100):
            yield b" " * 1000

    headers = {"Content-Type": "application/json"}
    async with session.post(f"{road.gateway.url}/hook/web", data=endless(), headers=headers) as response:
        assert response.status == 413


async def test_an_unknown_ward_and_channel_are_not_found(citizen: Citizen, road: Road) -> None:
    citizen.ward = "khong-co"

    assert (await citizen.post(citizen.body("x")))[1]["code"] == "ward.unknown"
    async with citizen.session.post(f"{road.gateway.url}/hook/fax", json={}) as response:
        assert (response.status, (await response.json())["code"]) == (404, "channel.unknown")


async def test_who_writes_too_fast_is_told_when_to_come_back(citizen: Citizen) -> None:
    headers = {"X-Forwarded-For": "203.0.113.9"}

    results = await asyncio.gather(
        *(citizen.session.post(f"{citizen.url}/hook/web", json=citizen.body("x"), headers=headers) for _ in range(40))
    )

    refused = [one for one in results if one.status == 429]
    assert 15 <= len(refused) <= 25
    assert all(int(one.headers["Retry-After"]) >= 1 for one in refused)
    assert (await refused[0].json())["code"] == "request.too_many"


async def test_no_reading_without_the_token(road: Road, session: aiohttp.ClientSession) -> None:
    for path in ("/api/web/messages", "/api/web/events"):
        for headers in ({}, {"Authorization": "Bearer short"}, {"Authorization": "Basic " + "x" * 30}):
            async with session.get(road.gateway.url + path, headers=headers) as response:
                assert response.status == 401


async def test_another_token_sees_nothing(citizen: Citizen) -> None:
    await citizen.ask("lệ phí")
    citizen.conversation = secrets.token_urlsafe(32)

    assert await citizen.history() == []


@pytest.mark.parametrize("after", ["x", "-1", "1e9", "99999999999", "٣"])
async def test_a_position_is_a_number(citizen: Citizen, after: str) -> None:
    headers = {"Authorization": f"Bearer {citizen.conversation}"}
    async with citizen.session.get(
        f"{citizen.url}/api/web/messages", params={"after": after}, headers=headers
    ) as response:
        assert response.status == 422


async def test_errors_outside_the_api_are_pages_for_people(road: Road, session: aiohttp.ClientSession) -> None:
    async with session.get(f"{road.gateway.url}/a/b/c", headers={"Accept": "text/html"}) as response:
        assert response.status == 404
        assert "Phường Hòa Bình" in await response.text()
    async with session.get(f"{road.gateway.url}/hook/web") as response:
        assert (response.status, (await response.json())["code"]) == (405, "request.wrong_method")


async def test_every_answer_has_safe_headers(road: Road, session: aiohttp.ClientSession) -> None:
    for path in ("/", "/hoa-binh", "/khong-co", "/healthz", "/api/web/messages"):
        async with session.get(road.gateway.url + path) as response:
            assert response.headers["X-Content-Type-Options"] == "nosniff"
            assert response.headers["Referrer-Policy"]
            assert "Server" not in response.headers
    async with session.get(road.gateway.url + "/hoa-binh") as response:
        policy = response.headers["Content-Security-Policy"]
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy


async def test_the_pages_of_the_wards(road: Road, session: aiohttp.ClientSession) -> None:
    async with session.get(f"{road.gateway.url}/") as response:
        home = await response.text()
    assert 'href="/hoa-binh"' in home
    assert "Phường Mẫu" in home

    async with session.get(f"{road.gateway.url}/phuong-mau") as response:
        chat = await response.text()
    assert "Phường Mẫu" in chat
    assert "0000 000 000" in chat

    async with session.get(f"{road.gateway.url}/khong-co") as response:
        assert response.status == 404
        assert "Chưa có trợ lý cho địa chỉ này" in await response.text()


async def test_health_names_what_is_down(road: Road, session: aiohttp.ClientSession) -> None:
    async with session.get(f"{road.gateway.url}/healthz") as response:
        body = await response.json()
    assert body["status"] == "ok"
    assert body["queue"].keys() == {"waiting", "oldest_seconds", "unsent"}

    road.neighbours.down = True
    async with session.get(f"{road.gateway.url}/healthz") as response:
        body = await response.json()
    assert response.status == 200
    assert body["status"] == "degraded"
    assert body["parts"] == {"database": "ok", "rasa": "ok", "actions": "down", "knowledge": "down"}


def test_check_says_what_to_do(road: Road) -> None:
    fine = road.gateway.run("check")
    assert fine.returncode == 0, fine.stdout + fine.stderr
    assert [line.split()[1] for line in fine.stdout.splitlines()] == [
        "settings", "database", "rasa", "actions", "knowledge", "wards", "sites"
    ]  # fmt: skip

    road.neighbours.down = True
    broken = road.gateway.run("check")
    assert broken.returncode == 1
    assert "FAIL actions" in broken.stdout
    assert "make run" in broken.stdout


def test_a_busy_port_is_one_line(road: Road) -> None:
    second = road.gateway.run("serve")

    assert second.returncode == 1
    assert second.stderr.splitlines() == [
        f"BOT_PORT={road.gateway.port} cannot be used on 127.0.0.1: Address already in use"
    ]


async def test_a_long_answer_in_parts_keeps_its_order(citizen: Citizen, road: Road) -> None:
    road.rasa.answer = lambda *_: turn(*(f"phần {number}" for number in range(5)))

    replies = await citizen.ask("kể hết đi")

    assert [one["text"] for one in replies] == [f"phần {number}" for number in range(5)]
    assert ["turn" in one for one in replies] == [False] * 4 + [True]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(
        st.binary(max_size=200),
        JSON.map(lambda value: json.dumps(value).encode()),
        st.fixed_dictionaries(
            {},
            optional={
                "conversation": JSON | st.just("c" * 40),
                "ward": JSON | st.just("hoa-binh"),
                "site": JSON | st.just("phuong-mau-demo"),
                "id": JSON | st.text(min_size=8, max_size=20),
                "text": st.text(max_size=30) | JSON,
                "payload": JSON | st.text(),
                "event": JSON | st.just("open"),
            },
        ).map(lambda value: json.dumps(value).encode()),
    )
)
def test_any_body_is_accepted_or_refused_but_never_breaks_the_gateway(running_road: Road, raw: bytes) -> None:
    import urllib.error
    import urllib.request

    request = urllib.request.Request(
        f"{running_road.gateway.url}/hook/web", data=raw, headers={"Content-Type": "application/json"}
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as response:
            status = response.status
            fields = {"code", "message", "fields"}
    except urllib.error.HTTPError as error:
        status, fields = error.code, set(json.loads(error.read()))
    assert status in (200, 400, 404, 413, 422)
    assert fields == {"code", "message", "fields"}
