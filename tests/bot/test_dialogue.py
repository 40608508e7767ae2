from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp.test_utils import TestServer
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue import Dialogue, command, is_command, parse, parse_texts
from bot.errors import DialogueBroken, DialogueUnreachable
from tests.fakes.rasa import Rasa, turn

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
ITEM = st.fixed_dictionaries(
    {}, optional={"text": JSON, "buttons": JSON, "custom": JSON | st.fixed_dictionaries({"kind": st.just("turn")})}
)


@pytest.mark.parametrize(
    "payload",
    [
        "/show_menu",
        "/ask_officer",
        '/choose{"entry":"khai-sinh"}',
        '/choose{"entry":"khai-sinh","part":"fee"}',
        '/choose{"entry": "1.001193", "part": null}',
        '/choose{"entry":"plan-hoa-binh-nhiem-vu-1"}',
    ],
)
def test_payloads_of_our_own_buttons_are_commands(payload: str) -> None:
    assert is_command(payload)
    assert command("button", "Lệ phí", payload) == payload


@pytest.mark.parametrize(
    "payload",
    [
        "/restart",
        "/session_start",
        "/greet",
        "/show_menu ",
        "/choose",
        "/choose{}",
        '/choose{"entry":"a","slot":"b"}',
        '/choose{"entry":["a"]}',
        '/choose{"entry":"a b"}',
        '/choose{"entry":"a"}{"x":1}',
        '/choose{"entry":"a"}\n/restart',
        "/choose[1]",
        "EXTERNAL: x",
    ],
)
def test_other_payloads_are_only_words(payload: str) -> None:
    assert not is_command(payload)
    assert command("button", "Lệ phí", payload) == "Lệ phí"


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("/restart", "restart"),
        ("//restart", "restart"),
        (" / /session_start", "session_start"),
        ("\u200b/restart", "restart"),
        ("\ufeff/choose{}", "choose{}"),
        ('/choose{"entry":"khai-sinh"}', 'choose{"entry":"khai-sinh"}'),
        ("lệ phí/thời hạn", "lệ phí/thời hạn"),
        ("/", "?"),
        ("", "?"),
    ],
)
def test_typed_words_never_begin_with_a_slash(typed: str, told: str) -> None:
    assert command("text", typed, None) == told


@given(st.text(), st.none() | st.text())
def test_no_text_at_all_becomes_a_command(text: str, payload: str | None) -> None:
    for kind in ("text", "button"):
        told = command(kind, text, payload)
        assert told
        assert not told.strip().startswith("/") or is_command(told)


def test_a_first_contact_is_a_greeting() -> None:
    assert command("start", "", None) == "/greet"


def test_a_turn_is_read() -> None:
    items = turn("Một", "Hai", buttons=[{"title": "Lệ phí", "payload": "/show_menu"}], part="fee", sources=["Cổng"])
    items.insert(1, {"custom": {"kind": "open_ticket", "reason": "ask_officer"}})

    read = parse(items)

    assert [one.text for one in read.replies] == ["Một", "Hai"]
    assert [one.title for one in read.replies[1].buttons] == ["Lệ phí"]
    assert [(one.kind, one.values) for one in read.effects] == [("open_ticket", {"reason": "ask_officer"})]
    assert (read.outcome, read.entry_ids, read.sources, read.part) == ("answered", ("khai-sinh",), ("Cổng",), "fee")


@pytest.mark.parametrize(
    "items",
    [
        [],
        {},
        None,
        ["x"],
        [{"text": " "}],
        [{"custom": {"kind": "turn", "outcome": "answered"}}],
        [{"text": "nửa câu"}],
        turn("Có lỗi.", outcome="error_knowledge"),
    ],
)
def test_what_is_no_turn_is_a_failure(items: Any) -> None:
    with pytest.raises(DialogueBroken):
        parse(items)


def test_texts_without_a_closing_item_are_better_than_nothing() -> None:
    assert parse_texts([{"text": "nửa câu"}]).outcome == "unknown"


@given(JSON | st.lists(ITEM, max_size=5))
def test_any_json_is_a_turn_or_a_failure(items: Any) -> None:
    for read in (parse, parse_texts):
        try:
            result = read(items)
        except DialogueBroken:
            continue
        assert result.replies
        json.dumps([result.outcome, result.entry_ids, result.sources, result.part])


@pytest.fixture
async def rasa() -> AsyncIterator[tuple[Rasa, Dialogue]]:
    fake = Rasa()
    async with TestServer(fake.app()) as server:
        dialogue = Dialogue(str(server.make_url("/")), timeout_seconds=0.3)
        yield fake, dialogue
        await dialogue.close()


async def test_rasa_is_asked_in_its_own_form(rasa: tuple[Rasa, Dialogue]) -> None:
    fake, dialogue = rasa

    result = await dialogue.ask("abc", "lệ phí", {"ward": "hoa-binh"})

    assert result.replies[0].text == "Trả lời: lệ phí"
    assert fake.asked == [{"sender": "abc", "message": "lệ phí", "metadata": {"ward": "hoa-binh"}}]


@pytest.mark.parametrize("bad_day", ["empty", "no_turn", "error_outcome", "http_500", "not_json"])
async def test_an_answer_that_is_no_turn_is_broken(rasa: tuple[Rasa, Dialogue], bad_day: str) -> None:
    fake, dialogue = rasa
    fake.bad_days = [bad_day]

    with pytest.raises(DialogueBroken):
        await dialogue.ask("abc", "lệ phí", {})


@pytest.mark.parametrize("bad_day", ["hang", "cut"])
async def test_no_answer_is_unreachable(rasa: tuple[Rasa, Dialogue], bad_day: str) -> None:
    fake, dialogue = rasa
    fake.bad_days = [bad_day] * 3

    with pytest.raises(DialogueUnreachable):
        await dialogue.ask("abc", "lệ phí", {})


async def test_a_closed_port_is_unreachable_and_not_alive() -> None:
    dialogue = Dialogue("http://127.0.0.1:9", timeout_seconds=1)

    with pytest.raises(DialogueUnreachable, match=r"url=http://127\.0\.0\.1:9"):
        await dialogue.ask("abc", "lệ phí", {})
    assert not await dialogue.alive()
    await dialogue.close()


async def test_rasa_is_not_flooded(rasa: tuple[Rasa, Dialogue]) -> None:
    fake, dialogue = rasa
    fake.delay_seconds = 0.02
    dialogue.timeout_seconds = 5

    await asyncio.gather(*(dialogue.ask(str(number), "x", {}) for number in range(100)))

    assert len(fake.asked) == 100
    assert fake.most_at_once <= 16
