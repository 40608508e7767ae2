from __future__ import annotations

import secrets
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.channels.web.payload import MAX_CHARS, parse
from bot.errors import RequestError
from tests.bot.test_dialogue import JSON

TOKEN = secrets.token_urlsafe(32)
GOOD = {"conversation": TOKEN, "ward": "hoa-binh", "id": "abcdefgh", "text": "lệ phí"}


def read(body: Any) -> Any:
    return parse(body, ward_exists={"hoa-binh"}.__contains__, ward_of_site={"cong-hoa-binh": "hoa-binh"}.get)


def test_typed_words() -> None:
    message = read(GOOD)

    assert (message.kind, message.text, message.ward, message.address) == ("text", "lệ phí", "hoa-binh", TOKEN)
    assert message.message_id == f"{TOKEN}/abcdefgh"


def test_a_button_carries_its_title_and_payload() -> None:
    message = read({**GOOD, "text": "Lệ phí", "payload": "/show_menu"})

    assert (message.kind, message.text, message.payload) == ("button", "Lệ phí", "/show_menu")


def test_a_first_contact_has_no_words() -> None:
    body = {name: value for name, value in GOOD.items() if name != "text"}

    assert read({**body, "event": "open"}).kind == "start"


def test_a_site_key_stands_for_its_ward() -> None:
    body = {name: value for name, value in GOOD.items() if name != "ward"}

    assert read({**body, "site": "cong-hoa-binh"}).ward == "hoa-binh"


def test_the_same_id_in_two_conversations_is_two_messages() -> None:
    other = secrets.token_urlsafe(32)

    assert read(GOOD).message_id != read({**GOOD, "conversation": other}).message_id


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"conversation": "short"}, "conversation"),
        ({"conversation": TOKEN + "/x"}, "conversation"),
        ({"conversation": None}, "conversation"),
        ({"id": "a"}, "id"),
        ({"id": 7}, "id"),
        ({"text": ""}, "text"),
        ({"text": " \n"}, "text"),
        ({"text": 5}, "text"),
        ({"text": "x" * (MAX_CHARS + 1)}, "text"),
        ({"payload": "show_menu"}, "payload"),
        ({"payload": "/" + "x" * 600}, "payload"),
        ({"event": "open"}, "event"),
        ({"event": "close", "text": None}, "event"),
        ({"ward": None}, "ward"),
        ({"ward": 3}, "ward"),
        ({"site": "cong-hoa-binh"}, "ward"),
        ({"admin": True}, "admin"),
    ],
)
def test_what_is_wrong_is_named(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(RequestError) as error:
        read({**GOOD, **changes})

    assert error.value.status == 422
    assert field in error.value.fields


def test_a_text_that_is_too_long_has_a_code_of_its_own() -> None:
    with pytest.raises(RequestError) as error:
        read({**GOOD, "text": "x" * (MAX_CHARS + 1)})

    assert error.value.code == "message.too_long"


@pytest.mark.parametrize("changes", [{"ward": "nowhere"}, {"ward": None, "site": "unknown-site"}])
def test_an_unknown_ward_or_site_is_not_found(changes: dict[str, Any]) -> None:
    with pytest.raises(RequestError) as error:
        read({**GOOD, **changes})

    assert error.value.status == 404


@given(
    JSON
    | st.fixed_dictionaries(
        {},
        optional={
            "conversation": JSON | st.just(TOKEN),
            "ward": JSON | st.just("hoa-binh"),
            "site": JSON,
            "id": JSON | st.just("abcdefgh"),
            "text": JSON,
            "payload": JSON,
            "event": JSON,
        },
    )
)
@example({**GOOD, "text": "\u0000"})
def test_any_json_is_a_message_or_refused(body: Any) -> None:
    try:
        message = read(body)
    except RequestError as error:
        refused = error.status
    else:
        refused = None
        assert message.ward == "hoa-binh"
        assert message.kind == "start" or message.text.strip()
    assert refused in (None, 404, 422)
