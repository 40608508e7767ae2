"""
Every shape of a webhook event, and everything that is none.
"""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.messenger import payload
from bot.messages import Happening, InboundMessage
from tests.bot.channels.messenger.pages import ACCOUNT, APP, INBOX, PAGE, PERSON
from tests.bot.test_dialogue import JSON

SHAPES = {path.stem: json.loads(path.read_text("utf-8")) for path in (Path(__file__).parent / "shapes").glob("*.json")}
KINDS = [
    "message", "postback", "delivery", "read", "reaction", "message_edit", "referral", "optin", "pass_thread_control",
    "take_thread_control", "request_thread_control", "app_roles", "policy_enforcement", "policy-enforcement", "unheard_of",
]  # fmt: skip


def read(body: Any) -> list[Any]:
    return [one for page, entry in payload.entries(body) if page == PAGE for one in payload.parse(entry, ACCOUNT)]


def element(**what: Any) -> dict[str, Any]:
    return {"sender": {"id": PERSON}, "recipient": {"id": PAGE}, "timestamp": 1795161600123, **what}


def one(**what: Any) -> Any:
    (found,) = payload.parse({"messaging": [element(**what)]}, ACCOUNT)
    return found


def plain(found: Any, names: Any) -> dict[str, Any]:
    """
    Return the named fields of what was found in the form in which the shape files hold them.
    """
    values = {name: getattr(found, name) for name in names}
    if "attachments" in values:
        values["attachments"] = [[one.kind, one.url, one.name] for one in values["attachments"]]
    if "place" in values:
        values["place"] = [found.place.latitude, found.place.longitude]
    return values


@pytest.mark.parametrize("shape", sorted(SHAPES))
def test_every_shape_is_read_as_its_file_says(shape: str) -> None:
    found = read(SHAPES[shape]["body"])

    assert [plain(one, expected) for one, expected in zip(found, SHAPES[shape]["expected"], strict=True)] == SHAPES[
        shape
    ]["expected"]
    for one_found in found:
        assert one_found.ward == "hoa-binh"
        assert one_found.message_id.startswith(f"{PAGE}/")


@pytest.mark.parametrize("shape", sorted(SHAPES))
def test_a_repeated_event_has_the_same_id(shape: str) -> None:
    body = SHAPES[shape]["body"]

    again = read(json.loads(json.dumps(body, ensure_ascii=True)))

    assert [one.message_id for one in again] == [one.message_id for one in read(body)]


def test_no_two_shapes_share_an_id() -> None:
    ids = [one.message_id for shape in SHAPES.values() for one in read(shape["body"])]

    assert len(ids) == len(set(ids))


def test_two_readings_without_an_id_of_their_own_are_two_happenings() -> None:
    first, second = one(read={"watermark": 1}), one(read={"watermark": 2})

    assert first.message_id != second.message_id


def test_a_message_knows_when_it_was_written() -> None:
    message = one(message={"mid": "m", "text": "chào"})

    assert message.sequence == 1795161600123
    assert message.sent_at == 1795161600.123


def test_a_picture_with_words_is_an_attachment_with_a_caption() -> None:
    files = [{"type": "image", "payload": {"url": "https://x.example/a.jpg"}}]

    message = one(message={"mid": "m", "text": "giấy này được không", "attachments": files})

    assert (message.kind, message.text, len(message.attachments)) == ("attachment", "giấy này được không", 1)


def test_a_postback_without_payload_is_what_its_title_says() -> None:
    message = one(postback={"mid": "m", "title": "Giờ làm việc"})

    assert (message.kind, message.text) == ("text", "Giờ làm việc")


def test_get_started_as_a_quick_reply_is_a_start_too() -> None:
    assert one(message={"mid": "m", "text": "Bắt đầu", "quick_reply": {"payload": "GET_STARTED"}}).kind == "start"


def test_an_empty_question_is_no_question() -> None:
    assert one(postback={"mid": "m", "title": "Hỏi", "payload": "ask: "}).kind == "button"


def test_a_payload_longer_than_meta_takes_is_not_ours() -> None:
    message = one(postback={"mid": "m", "title": "Lạ", "payload": "x" * 1001})

    assert (message.kind, message.text, message.payload) == ("text", "Lạ", None)


def test_a_message_that_seems_to_come_from_the_page_is_never_a_citizens() -> None:
    body = {"sender": {"id": PAGE}, "recipient": {"id": PERSON}, "message": {"mid": "m", "text": "chào"}}

    (found,) = payload.parse({"messaging": [body]}, ACCOUNT)

    assert isinstance(found, Happening)
    assert found.address == f"{PAGE}/{PERSON}"


def test_a_message_of_nobody_is_noted() -> None:
    (found,) = payload.parse({"messaging": [{"message": {"mid": "m", "text": "chào"}}]}, ACCOUNT)

    assert (found.kind, found.address) == ("noted", "")


def test_a_deleted_message_is_noted() -> None:
    assert one(message={"mid": "m", "is_deleted": True}).kind == "noted"


@pytest.mark.parametrize("app", [APP, int(APP)])
def test_the_app_of_an_echo_may_be_a_number_or_a_text(app: object) -> None:
    body = {
        "sender": {"id": PAGE},
        "recipient": {"id": PERSON},
        "message": {"mid": "m", "is_echo": True, "app_id": app},
    }

    (found,) = payload.parse({"messaging": [body]}, ACCOUNT)

    assert found.kind == "own_echo"


def test_an_idle_conversation_is_nobodys() -> None:
    assert one(pass_thread_control={"previous_owner_app_id": INBOX, "new_owner_app_id": None}).kind == "noted"


def test_another_app_than_the_inbox_also_takes_the_conversation() -> None:
    found = one(take_thread_control={"previous_owner_app_id": APP, "new_owner_app_id": "99"})

    assert (found.kind, found.values) == ("spoken_over", {"inbox": False})


@pytest.mark.parametrize(
    "body", [None, [], "page", 7, {"object": "instagram", "entry": [{"id": PAGE}]}, {"object": "page"}]
)
def test_what_is_not_about_a_page_has_no_entries(body: Any) -> None:
    assert payload.entries(body) == []


def test_half_an_emoji_costs_neither_its_message_nor_the_others() -> None:
    raw = json.dumps(SHAPES["batch"]["body"]).replace('"hai"', '"hai \\ud83d"').encode()

    found = read(payload.load(raw))

    assert [getattr(one, "text", None) for one in found[:2]] == ["một", "hai \ufffd"]


@pytest.mark.parametrize(
    "raw",
    [b"", b"{", b"\xff\xfe", b"[" * 100_000, b'{"a":' * 3_000, b"nul", b"{'object': 'page'}", b'{"object":"page"'],
)
def test_what_is_no_json_says_so(raw: bytes) -> None:
    with pytest.raises(ValueError):
        payload.load(raw)


def test_numbers_beyond_all_measure_are_no_times() -> None:
    entry = {"messaging": [element(message={"mid": "m", "text": "a"}) | {"timestamp": 10**400}]}

    (found,) = payload.parse(entry, ACCOUNT)

    assert found.sequence is None
    assert found.sent_at is None


def paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """
    Return the way to every value inside a JSON value.
    """
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(found for key, one in inner for found in paths(one, (*path, key)))]


JUNK: list[Any] = [
    None, True, 0, -1, 1.5, 10**30, float("inf"), "", "\x00", "\ud800", "x" * 5000, [], [[]], [None], {}, {"id": {}},
    {"": ""}, {"id": PAGE},
]  # fmt: skip


@pytest.mark.parametrize("shape", sorted(SHAPES))
def test_any_value_inside_any_shape_may_be_anything(shape: str) -> None:
    # 35 shapes, about 15 values each, 18 kinds of junk: some 9,000 payloads.
    whole = SHAPES[shape]["body"]
    for path in paths(whole):
        for junk in JUNK:
            body = {"": copy.deepcopy(whole)}
            place: Any = body
            for key in ("", *path)[:-1]:
                place = place[key]
            place[("", *path)[-1]] = junk

            check(read(body[""]))


@given(JSON)
def test_any_json_is_read(body: Any) -> None:
    check(read(body))


@given(st.dictionaries(st.sampled_from([*KINDS, "sender", "recipient", "timestamp"]), JSON, max_size=4), st.booleans())
def test_any_event_is_read(event: Any, standby: bool) -> None:
    frame = {"sender": {"id": PERSON}, "recipient": {"id": PAGE}, "timestamp": 1}

    check(
        read({"object": "page", "entry": [{"id": PAGE, "standby" if standby else "messaging": [frame | event, event]}]})
    )


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "mid": JSON, "text": JSON, "is_echo": JSON, "app_id": JSON, "metadata": JSON,
            "quick_reply": JSON | st.fixed_dictionaries({"payload": JSON}),
            "attachments": JSON | st.lists(st.fixed_dictionaries({"type": JSON | st.sampled_from(["image", "location"])}, optional={
                "payload": JSON | st.fixed_dictionaries({"coordinates": st.fixed_dictionaries({"lat": JSON, "long": JSON})}),
            })),
        },
    )
)  # fmt: skip
def test_any_message_is_read(message: Any) -> None:
    check(read({"object": "page", "entry": [{"id": PAGE, "messaging": [element(message=message)]}]}))


def check(found: list[Any]) -> None:
    """
    Whatever was found can be stored by any database and sent as JSON: no NUL, no halves of characters.
    """
    for item in found:
        assert isinstance(item, InboundMessage | Happening)
        assert len(item.message_id) < 400
        stored: list[Any] = [item.message_id, item.address]
        if isinstance(item, InboundMessage):
            stored += [item.text, item.payload, [(one.kind, one.url, one.name) for one in item.attachments]]
            assert item.address.startswith(f"{PAGE}/")
            assert item.address != f"{PAGE}/"
        else:
            stored += [item.event, item.values]
        written = json.dumps(stored, ensure_ascii=False, allow_nan=False)
        written.encode()
        assert "\\u0000" not in written
