"""
Replies become messages that Messenger takes, and nothing is lost on the way.
"""

from __future__ import annotations

import unicodedata
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.messenger import render
from bot.channels.messenger.render import body, labels, length, parts, split
from bot.messages import Button, Reply

LONG = (
    Button("Đăng ký khai sinh kết hợp đăng ký nhận cha, mẹ, con", '/choose{"entry":"khai-sinh-nhan-con"}'),
    Button("Đăng ký khai sinh", '/choose{"entry":"khai-sinh"}'),
)
LINK = Button("Mở Cổng DVC", "https://dichvucong.gov.vn")


def message(reply: Reply) -> Any:
    return body(parts(reply)[-1], user="55", key="d1")["message"]


def test_a_short_reply_is_one_text_with_our_key() -> None:
    (part,) = parts(Reply("Chào anh/chị"))

    assert body(part, user="55", key="d7") == {
        "recipient": {"id": "55"},
        "messaging_type": "RESPONSE",
        "message": {"text": "Chào anh/chị", "metadata": "d7"},
    }


def test_short_titles_become_quick_replies_and_the_text_stays_as_it_is() -> None:
    said = message(Reply("Anh/chị cần gì ạ?", (Button("Lệ phí", "/a"), Button("Thời hạn", "/b"))))

    assert said["text"] == "Anh/chị cần gì ạ?"
    assert said["quick_replies"] == [
        {"content_type": "text", "title": "Lệ phí", "payload": "/a"},
        {"content_type": "text", "title": "Thời hạn", "payload": "/b"},
    ]


def test_long_titles_are_listed_in_the_text_and_cut_after_a_word_on_the_buttons() -> None:
    (part,) = parts(Reply("Anh/chị hỏi về:", LONG))

    assert part.numbered
    assert part.buttons == LONG
    assert part.text == (
        "Anh/chị hỏi về:\n\n1. Đăng ký khai sinh kết hợp đăng ký nhận cha, mẹ, con\n2. Đăng ký khai sinh\n"
        "Nhắn số 1–2 để chọn."
    )
    assert labels(part.buttons) == ["1. Đăng ký khai…", "2. Đăng ký khai sinh"]


def test_a_text_that_lists_its_buttons_already_is_left_alone() -> None:
    listed = f"Anh/chị hỏi về:\n1. {LONG[0].title}\n2. {LONG[1].title}\nAnh/chị nhắn số ạ."

    (part,) = parts(Reply(listed, LONG))

    assert part.text == listed
    assert part.numbered


def test_fourteen_buttons_are_thirteen_quick_replies_and_a_list() -> None:
    many = tuple(Button(f"Việc {n}", f"/choose{n}") for n in range(1, 15))

    (part,) = parts(Reply("Chọn ạ:", many))

    assert len(body(part, user="5", key="d1")["message"]["quick_replies"]) == 13
    assert part.buttons == many
    assert "14. Việc 14\nNhắn số 1–14 để chọn." in part.text


def test_a_payload_that_is_too_long_is_only_reached_by_its_number() -> None:
    (part,) = parts(Reply("Chọn:", (Button("Một", "x" * 1001), Button("Hai", "/hai"))))

    assert [one["title"] for one in body(part, user="5", key="d1")["message"]["quick_replies"]] == ["Hai"]
    assert part.numbered
    assert "1. Một\n2. Hai" in part.text


def test_a_lone_button_that_cannot_be_shown_leaves_a_plain_text() -> None:
    assert "quick_replies" not in message(Reply("Chọn:", (Button("Một", "x" * 1001),)))


def test_buttons_without_a_text_are_listed() -> None:
    (part,) = parts(Reply("", (Button("Lệ phí", "/a"),)))

    assert part.text == "1. Lệ phí\nNhắn số 1 để chọn."


def test_a_link_under_a_short_text_is_a_button() -> None:
    assert message(Reply("Nộp hồ sơ ở đây:", (LINK,))) == {
        "attachment": {
            "type": "template",
            "payload": {
                "template_type": "button",
                "text": "Nộp hồ sơ ở đây:",
                "buttons": [{"type": "web_url", "url": "https://dichvucong.gov.vn", "title": "Mở Cổng DVC"}],
            },
        },
        "metadata": "d1",
    }


@pytest.mark.parametrize(
    ("text", "buttons"),
    [
        ("x" * 641, (LINK,)),
        ("Chọn:", (LINK, Button("Lệ phí", "/a"))),
        ("Chọn:", (LINK, LINK, LINK, LINK)),
        ("Chọn:", (Button("Mở Cổng Dịch vụ công quốc gia", LINK.payload),)),
        ("", (LINK,)),
    ],
    ids=["text too long", "beside another button", "too many", "title too long", "no text"],
)
def test_a_link_that_cannot_be_a_button_stands_in_the_text(text: str, buttons: tuple[Button, ...]) -> None:
    said = message(Reply(text, buttons))

    assert f"{buttons[0].title}: https://dichvucong.gov.vn" in said["text"]
    assert [one["payload"] for one in said.get("quick_replies", ())] == [
        one.payload for one in buttons if one != LINK and not one.payload.startswith("https")
    ]


def test_a_long_reply_is_parted_between_paragraphs_with_the_buttons_last() -> None:
    paragraphs = [f"Đoạn {n}. " + "Hồ sơ gồm tờ khai theo mẫu. " * 40 for n in range(3)]
    turn = {"outcome": "answered"}

    made = parts(Reply("\n\n".join(paragraphs), (Button("Lệ phí", "/a"),), to="m1", turn=turn))

    assert [one.text for one in made] == [one.strip() for one in paragraphs]
    assert [one.buttons for one in made] == [(), (), (Button("Lệ phí", "/a"),)]
    assert [one.turn for one in made] == [None, None, turn]
    assert {one.to for one in made} == {"m1"}


def test_a_long_paragraph_is_parted_after_a_sentence() -> None:
    first, *_ = split("Mang theo căn cước. " * 200, 2000)

    assert first.endswith("căn cước.")
    assert 1900 < len(first) <= 2000


def test_a_word_of_five_thousand_letters_is_cut() -> None:
    assert [len(one) for one in split("a" * 5000, 2000)] == [2000, 2000, 1000]


def test_a_mark_stays_with_its_letter() -> None:
    # q̃ has no single character of its own.
    pieces = split("q\u0303" * 1500, 2000)

    assert all(not unicodedata.combining(one[0]) for one in pieces)
    assert "".join(pieces) == "q\u0303" * 1500


def test_characters_are_counted_after_composing_them() -> None:
    (part,) = parts(Reply(unicodedata.normalize("NFD", "ế" * 2000)))

    assert part.text == "ế" * 2000


def test_an_emoji_counts_as_two() -> None:
    assert [length(one.text) for one in parts(Reply("😀" * 1001))] == [2000, 2]


def test_nothing_to_say_is_no_message() -> None:
    assert parts(Reply("  \n ", (Button(" ", "/a"),))) == []


TEXTS = st.text(st.characters(blacklist_categories=["Cc", "Cs"]) | st.sampled_from(" \n.ếđ😀"), max_size=300)
TITLES = st.text(st.sampled_from("Đăng ký khai sinh 😀"), max_size=60)
PAYLOADS = st.sampled_from(["/show_menu", "/ask_officer", "https://x.gov.vn/a", "y" * 1001, " "])
BUTTONS = st.lists(st.builds(Button, TITLES, PAYLOADS), max_size=20).map(tuple)


@st.composite
def replies(draw: st.DrawFn) -> Reply:
    return Reply(draw(TEXTS) * draw(st.sampled_from([1, 1, 10, 60])), draw(BUTTONS))


def squeezed(text: str) -> str:
    return "".join(text.split())


@given(replies())
def test_nothing_is_lost_and_every_part_fits(reply: Reply) -> None:
    made = parts(reply)
    said = squeezed("".join(one.text for one in made))

    assert said.startswith(squeezed(unicodedata.normalize("NFC", reply.text)))
    for part in made:
        sent = body(part, user="5", key="d1")["message"]
        orjson.dumps(sent)
        assert 1 <= len(part.text) <= length(part.text) <= render.MAX_TEXT
        for one in sent.get("quick_replies", ()):
            assert 1 <= length(one["title"]) <= render.MAX_TITLE
            assert 1 <= length(one["payload"]) <= render.MAX_PAYLOAD
        assert len(sent.get("quick_replies", (0,))) in range(1, 14)
        if "attachment" in sent:
            assert length(part.text) <= render.MAX_TEMPLATE_TEXT
            assert 1 <= len(sent["attachment"]["payload"]["buttons"]) <= 3
    shown = {one["payload"] for one in _buttons(made)}
    for button in reply.buttons:
        title, payload = " ".join(button.title.split()), button.payload.strip()
        if title and payload:
            assert payload in shown or squeezed(title) in said


@given(replies())
def test_a_number_typed_back_means_the_button_of_that_number(reply: Reply) -> None:
    made = parts(reply)

    if made and made[-1].numbered:
        text = "\n".join(one.text for one in made)
        for number, one in enumerate(made[-1].buttons, start=1):
            assert squeezed(f"{number}. {one.title}") in squeezed(text)


@given(replies())
def test_parting_what_was_parted_changes_nothing(reply: Reply) -> None:
    made = parts(reply)
    listed = not made or not made[-1].numbered or render.lists(made[-1].text, made[-1].buttons)

    if listed:
        assert [again for one in made for again in parts(one)] == made


@given(st.text(max_size=200), st.lists(st.builds(Button, st.text(max_size=40), st.text(max_size=40)), max_size=4))
def test_no_text_makes_it_raise(text: str, buttons: list[Button]) -> None:
    for part in parts(Reply(text, tuple(buttons))):
        orjson.dumps(body(part, user="5", key="d1"))


def _buttons(made: list[Reply]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for part in made:
        sent = body(part, user="5", key="d1")["message"]
        found += sent.get("quick_replies", [])
        template = sent.get("attachment", {}).get("payload", {})
        found += [{"payload": one["url"]} for one in template.get("buttons", ())]
    return found
