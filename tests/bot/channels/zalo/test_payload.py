"""
Every recorded shape in shapes/ is read as it says; what no shape shows is read here, or refused without an error.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import menus
from bot.channels.zalo.payload import oa_ids, parse
from bot.dialogue import is_command
from bot.messages import Happening, InboundMessage
from tests.bot.channels.zalo.oa import ACCOUNT, ADDRESS, CITIZEN, NOON, OA, said
from tests.bot.test_dialogue import JSON

SHAPES = sorted((Path(__file__).parent / "shapes").glob("*.json"))
MENU = menus.menu("phường Hòa Bình")


def read(event: Any) -> InboundMessage | Happening:
    [found] = parse(event, ACCOUNT, MENU)
    return found


@pytest.mark.parametrize("path", SHAPES, ids=lambda path: path.stem)
def test_a_recorded_shape(path: Path) -> None:
    shape = json.loads(path.read_text("utf-8"))

    found = read(shape["event"])

    told = asdict(found)
    if told.get("attachments"):
        told["attachments"] = [[one["kind"], one["url"], one["name"], one["size"]] for one in told["attachments"]]
    if told.get("place"):
        told["place"] = [told["place"]["latitude"], told["place"]["longitude"]]
    assert {name: told[name] for name in shape["expected"]} == shape["expected"]
    assert (found.channel, found.ward) == ("zalo", "hoa-binh")
    assert found.message_id.startswith(f"{OA}/{shape['event']['event_name']}:")
    assert found.sequence == 1_795_150_800_123
    assert "2026-11-20" in shape["about"]


def test_a_text_keeps_its_time_in_seconds() -> None:
    found = read(said(timestamp="1795150800123"))

    assert isinstance(found, InboundMessage)
    assert (found.sequence, found.sent_at) == (1_795_150_800_123, 1_795_150_800.123)


def test_a_repeated_event_has_the_same_id_and_two_events_of_one_message_differ() -> None:
    echo = said(event_name="oa_send_text", sender={"id": OA}, recipient={"id": CITIZEN})

    assert read(said()).message_id == read(said()).message_id
    assert read(said()).message_id != read(echo).message_id


def test_follows_at_two_times_are_two_messages() -> None:
    event = {"event_name": "follow", "oa_id": OA, "follower": {"id": CITIZEN}}

    first, second = read(event | {"timestamp": "1795150800123"}), read(event | {"timestamp": "1795150900123"})

    assert first.message_id != second.message_id


def test_an_event_without_ids_and_time_is_known_by_its_content() -> None:
    event = {"event_name": "extension_purchased", "oa_id": OA, "package": "a"}

    assert read(event).message_id == read(dict(reversed(event.items()))).message_id
    assert read(event).message_id != read(event | {"package": "b"}).message_id


@pytest.mark.parametrize(
    "payload",
    [
        "/show_menu",
        "/ask_officer",
        '/choose{"entry":"khai-sinh"}',
        '/choose{"entry": "1.001193", "part": null}',
    ],
)
def test_what_the_dialogue_hands_out_comes_back_as_a_button(payload: str) -> None:
    found = read(said("#" + payload))

    assert is_command(payload)
    assert isinstance(found, InboundMessage)
    assert (found.kind, found.payload) == ("button", payload)


@pytest.mark.parametrize(
    "typed",
    [
        "#", "# ", "##", "#/restart", "#/choose", "#/choose{}", "#/choose{x}", '#/choose{"slot":"a"}', "#/choose[1]",
        "#@d1", "#@dx.1", "#ask:", "#ask: ", "/show_menu", "ask:phí", "#khai sinh", "hỏi #/show_menu",
    ],
)  # fmt: skip
def test_a_mark_before_anything_else_stays_text(typed: str) -> None:
    found = read(said(typed))

    assert isinstance(found, InboundMessage)
    assert (found.kind, found.text, found.payload) == ("text", typed, None)


def test_an_entry_of_the_oa_menu_stands_for_its_payload_however_it_is_capitalised() -> None:
    found = read(said(" #CanBo "))

    assert isinstance(found, InboundMessage)
    assert (found.kind, found.text, found.payload) == ("button", "Gặp cán bộ", "/ask_officer")


def test_a_button_that_asks_is_a_question() -> None:
    found = read(said("#ask:Giờ làm việc"))

    assert isinstance(found, InboundMessage)
    assert (found.kind, found.text) == ("text", "Giờ làm việc")


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [("21.0", "105.8"), (21, 105.8), ("21.0", None), ("x", "105"), (1e999, 1), ("nan", "nan"), (91, 0), (True, 1)],
)
def test_a_place_without_good_coordinates_is_still_a_place(latitude: Any, longitude: Any) -> None:
    event = said(event_name="user_send_location")
    coordinates = {"latitude": latitude, "longitude": longitude}
    event["message"] = {"msg_id": "1", "attachments": [{"type": "location", "payload": {"coordinates": coordinates}}]}

    found = read(event)

    assert isinstance(found, InboundMessage)
    assert found.kind == "place"
    assert (found.place is not None) == (latitude in ("21.0", 21) and longitude is not None)


@pytest.mark.parametrize("url", [None, "", 5, "a\nb", "a\0b", "x" * 5000])
def test_an_attachment_without_a_good_address_is_left_out(url: Any) -> None:
    event = said(event_name="user_send_image")
    event["message"] = {"msg_id": "1", "attachments": [{"type": "image", "payload": {"url": url}}, 3, {"type": []}]}

    found = read(event)

    assert isinstance(found, InboundMessage)
    assert (found.kind, found.attachments) == ("attachment", ())


@pytest.mark.parametrize(
    "event",
    [None, [], "x", 3, {}, {"event_name": None}, {"event_name": "a b"}, {"event_name": "x" * 65}, {"event_name": 5}],
)
def test_what_is_no_event_is_nothing(event: Any) -> None:
    assert parse(event, ACCOUNT) == []
    assert oa_ids(event) == set()


@pytest.mark.parametrize(
    "changes",
    [
        {"sender": {"id": OA}},
        {"sender": None},
        {"sender": {"id": ""}},
        {"sender": {"id": "a/b"}},
        {"sender": {"id": "x" * 61}},
        {"sender": {"id": True}},
        {"message": None},
        {"message": {"text": "", "msg_id": "1"}},
        {"message": {"text": None, "msg_id": "1"}},
        {"message": {"text": {"a": 1}, "msg_id": "1"}},
    ],
)
def test_a_text_without_sender_or_words_is_only_noted(changes: dict[str, Any]) -> None:
    assert read(said() | changes).kind == "noted"


def test_a_message_to_another_oa_is_not_ours() -> None:
    assert parse(said(recipient={"id": "2810000000000000002"}), ACCOUNT) == []
    assert parse(said(event_name="oa_send_text", sender={"id": "28"}, recipient={"id": CITIZEN}), ACCOUNT) == []
    assert parse({"event_name": "follow", "oa_id": "28", "follower": {"id": CITIZEN}}, ACCOUNT) == []


def test_ids_that_came_as_numbers_are_ids() -> None:
    found = read(said(sender={"id": int(CITIZEN)}, recipient={"id": int(OA)}, timestamp=int(NOON * 1000)))

    assert isinstance(found, InboundMessage)
    assert (found.address, found.sent_at) == (ADDRESS, NOON)


def test_names_and_phones_of_a_contact_are_one_short_line() -> None:
    event = said(event_name="user_submit_info", info={"name": "A\n\tB\0" + "x" * 500, "phone": "84\u202e900"})

    found = read(event)

    assert isinstance(found, InboundMessage)
    assert found.contact is not None
    assert found.contact.startswith("A B")
    assert len(found.contact) <= 200
    assert found.contact.isprintable()


EVENT_NAMES = st.sampled_from(sorted({json.loads(path.read_text("utf-8"))["event"]["event_name"] for path in SHAPES}))
SIDE = JSON | st.fixed_dictionaries({"id": st.sampled_from([OA, CITIZEN]) | JSON, "admin_id": JSON})
PAYLOAD = JSON | st.fixed_dictionaries({"url": JSON, "coordinates": JSON, "description": JSON, "size": JSON})
ATTACHMENT = JSON | st.fixed_dictionaries(
    {"type": st.sampled_from(["image", "link", "location"]) | JSON, "payload": PAYLOAD}
)
TEXT = JSON | st.text(max_size=40).map(lambda text: "#" + text)
MESSAGE = JSON | st.fixed_dictionaries(
    {}, optional={"text": TEXT, "msg_id": JSON, "msg_ids": JSON, "attachments": JSON | st.lists(ATTACHMENT, max_size=3)}
)
ANY_EVENT = st.fixed_dictionaries(
    {"event_name": EVENT_NAMES | JSON},
    optional={
        "sender": SIDE, "recipient": SIDE, "follower": SIDE, "oa_id": JSON, "user_id": st.just(CITIZEN) | JSON,
        "message": MESSAGE, "timestamp": JSON, "info": JSON | st.fixed_dictionaries({"name": JSON, "phone": JSON}),
    },
)  # fmt: skip


@given(JSON | ANY_EVENT)
def test_no_json_makes_it_raise(event: Any) -> None:
    for found in parse(event, ACCOUNT, MENU):
        assert len(found.message_id) <= 256
        assert len(found.address) <= 128
        assert found.address == "" or found.address.startswith(f"{OA}/")
        assert OA not in found.address.removeprefix(f"{OA}/")
        # PostgreSQL takes no text with a zero in it.
        assert not any("\0" in text for text in texts_in(asdict(found)))


def texts_in(value: Any) -> list[str]:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else ()
    return [value] if isinstance(value, str) else [text for one in inner for text in texts_in(one)]
