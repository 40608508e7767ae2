"""
Every shape of an update, and everything that is none.
"""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.payload import IGNORED, WANTED, parse
from bot.messages import Happening, InboundMessage
from tests.bot.channels.telegram.bots import ACCOUNT, BOT, CITIZEN, MENU
from tests.bot.test_dialogue import JSON

SHAPES = {path.stem: json.loads(path.read_text("utf-8")) for path in (Path(__file__).parent / "shapes").glob("*.json")}
MESSAGE = SHAPES["text"]["update"]["message"]


def read(update: Any) -> list[InboundMessage | Happening]:
    return parse(update, ACCOUNT, MENU)


def message(**changes: Any) -> Any:
    [found] = read({"update_id": 1, "message": {**MESSAGE, **changes}})
    return found


def plain(found: Any, names: Any) -> dict[str, Any]:
    """
    Return the named fields of what was found in the form in which the shape files hold them.
    """
    values = {name: getattr(found, name) for name in names}
    if "attachments" in values:
        values["attachments"] = [[one.kind, one.url, one.name, one.size] for one in values["attachments"]]
    if "place" in values:
        values["place"] = [found.place.latitude, found.place.longitude]
    return values


@pytest.mark.parametrize("shape", sorted(SHAPES))
def test_every_shape_is_read_as_its_file_says(shape: str):
    found = read(SHAPES[shape]["update"])

    [expected] = SHAPES[shape]["expected"]
    assert [plain(one, expected) for one in found] == [expected]
    assert {(one.channel, one.ward) for one in found} == {("telegram", "phuong-mau")}


def test_an_update_reads_the_same_each_time_it_comes():
    for shape in SHAPES.values():
        assert read(shape["update"]) == read(copy.deepcopy(shape["update"]))


def test_different_updates_have_different_ids():
    ids = [
        read({**shape["update"], "update_id": number})[0].message_id for number, shape in enumerate(SHAPES.values(), 1)
    ]

    assert len(set(ids)) == len(ids)


def test_an_update_id_that_begins_anew_is_not_taken_for_a_repeat():
    [before] = read(SHAPES["text"]["update"])

    assert message(date=MESSAGE["date"] + 10**6).message_id != before.message_id
    for shape in ("text", "tap"):
        later = copy.deepcopy(SHAPES[shape]["update"])
        inner = later.get("message") or later["callback_query"]
        inner |= {"date": inner.get("date", 0) + 10**6, "id": "4382000000000000999"}
        assert read(later)[0].message_id != read(SHAPES[shape]["update"])[0].message_id


def test_without_a_menu_commands_are_words():
    [found] = parse(SHAPES["command_menu"]["update"], ACCOUNT)

    assert isinstance(found, InboundMessage)
    assert (found.kind, found.text) == ("text", "/menu")


@pytest.mark.parametrize("text", ["/start", "/START", "/start@tro_ly_mot_cua_bot", "/start\nx", "/start x y"])
def test_start_is_a_first_contact_however_it_is_written(text: str):
    assert (message(text=text).kind, message(text=text).text) == ("start", "")


@pytest.mark.parametrize(
    "text", ["/", "//menu", "/menus", "/đơn", "menu", " /menu", '/choose{"entry":"1.1"}', "/show_menu"]
)
def test_what_is_no_command_of_ours_stays_words(text: str):
    assert (message(text=text).kind, message(text=text).payload) == ("text", None)


def test_only_kicked_counts_as_leaving_and_only_coming_back_as_unblocking():
    change = SHAPES["blocked"]["update"]["my_chat_member"]
    kinds = {}
    for before in ("member", "kicked", "left", None):
        for after in ("member", "kicked", "restricted", None):
            membership = {**change, "old_chat_member": {"status": before}, "new_chat_member": {"status": after}}
            [found] = read({"update_id": 1, "my_chat_member": membership})
            kinds[before, after] = (found.kind, found.event)

    assert {pair for pair, (kind, _) in kinds.items() if kind == "left"} == {
        (before, "kicked") for before in ("member", "kicked", "left", None)
    }
    assert [pair for pair, (_, event) in kinds.items() if event == "unblocked"] == [("kicked", "member")]


@pytest.mark.parametrize("event", sorted(IGNORED))
def test_what_we_did_not_ask_for_is_noted(event: str):
    [found] = read({"update_id": 9, event: {"from": {"id": CITIZEN}}})

    assert isinstance(found, Happening)
    assert (found.kind, found.event, found.account) == ("noted", event, BOT)


def test_control_marks_and_length_of_names_are_cut():
    found = message(text=None, document={"file_id": "A", "file_name": "đơn\x00\u202e\n" + "x" * 999, "file_size": -1})

    assert found.attachments[0].name.startswith("đơn xxx")
    assert len(found.attachments[0].name) == 200
    assert found.attachments[0].size is None


# Adversarial: nothing raises, nothing is answered that is not addressed by a private chat of a positive id.

WRONG = [
    None, True, False, 0, -1, 1.5, 1e308, 2**53, -(2**63), 10**40, "", " ", "\x00", "\ud800", "a" * 70_000, [], [[]], {},
    {"id": {}}, {"id": True}, {"id": -5}, {"id": 2**60, "type": "private"}, {"type": "private"}, [{"file_id": 1}],
    {"file_id": []}, {"status": []}, {"latitude": "1", "longitude": None}, {"latitude": 91, "longitude": 0},
    {"latitude": float("nan"), "longitude": 0}, {"latitude": True, "longitude": 1}, {"phone_number": 1},
    {"inline_keyboard": [[None, 1, {"callback_data": "x"}], 7]}, {"inline_keyboard": {"a": 1}},
]  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        found += places(inner, (*path, key))
    return found


def broken() -> list[Any]:
    """
    Return every shape with each of its values replaced by each wrong one, or left out.
    """
    made = []
    for shape in SHAPES.values():
        for path in places(shape["update"]):
            for wrong in [*WRONG, KeyError]:
                update = copy.deepcopy(shape["update"])
                inner = update
                for step in path[:-1]:
                    inner = inner[step]
                if wrong is KeyError:
                    del inner[path[-1]]
                else:
                    inner[path[-1]] = wrong
                made.append(update)
    return made


def is_sound(found: list[Any]) -> bool:
    for one in found:
        account, _, user = one.address.partition("/")
        if isinstance(one, InboundMessage) and not (account == BOT and user.isdecimal() and 0 < int(user) <= 2**52):
            return False
    return len(found) <= 1


def test_thousands_of_broken_updates_are_read_without_an_exception():
    updates = broken()

    assert len(updates) > 10_000
    assert all(is_sound(read(update)) for update in updates)


@given(JSON)
def test_any_json_is_read_without_an_exception(anything: Any):
    assert is_sound(read(anything))


@given(
    st.fixed_dictionaries(
        {"update_id": st.integers(1, 2**31)},
        optional={
            event: st.dictionaries(
                st.sampled_from(
                    sorted(
                        {
                            key
                            for one in SHAPES.values()
                            for path in places(one["update"])
                            for key in path
                            if isinstance(key, str)
                        }
                    )
                ),
                JSON,
                max_size=8,
            )
            for event in (*WANTED, "edited_message")
        },
    )
)
def test_any_content_under_the_right_names_is_read_without_an_exception(update: Any):
    assert is_sound(read(update))


@pytest.mark.parametrize(
    "update", [None, 1, "x", [], {}, {"update_id": "1"}, {"update_id": 0}, {"update_id": True}, {"update_id": -7}]
)
def test_what_is_no_update_says_nothing(update: Any):
    assert read(update) == []
