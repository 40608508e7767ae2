"""
What citizens get fits, says everything, and can be tapped or typed.
"""

from __future__ import annotations

import json
import unicodedata
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.channels.telegram.render import MAX_TITLE, MAX_UNITS, body, parts, units
from bot.messages import Button, Reply
from emulators.telegram import keyboards
from tests.bot.channels.telegram.bots import CITIZEN

LONG = "Đăng ký khai sinh có yếu tố nước ngoài tại khu vực biên giới"
FEE = Button("Lệ phí", '/choose{"entry":"1.001193","part":"fee"}')
OFFICER = Button("Gặp cán bộ", "/ask_officer")
PORTAL = Button("Cổng dịch vụ công", "https://dichvucong.gov.vn/p/home")
ANY_TEXT = st.text(st.characters() | st.sampled_from("ế \n\n.😀\u0301\ud800\x00\u200b1"), max_size=60)
BUTTONS = st.lists(
    st.builds(Button, ANY_TEXT, st.sampled_from(["/show_menu", "https://a.vn/x", "http://x"]) | ANY_TEXT), max_size=12
)


def keyboard(reply: Reply, key: str = "d123") -> list[list[dict[str, Any]]]:
    return body(CITIZEN, parts(reply)[-1], key).get("reply_markup", {}).get("inline_keyboard", [])


def shown(text: str) -> str:
    """
    Return what a person sees of a text, without blanks.
    """
    seen = unicodedata.normalize("NFC", text.encode("utf-8", "replace").decode())
    return "".join(one for one in seen if unicodedata.category(one)[0] not in "ZC")


def test_a_short_reply_is_one_message_as_it_is():
    reply = Reply("Dạ, lệ phí là 0 đồng.", (FEE, PORTAL), to="m", turn={"outcome": "answered"})

    assert parts(reply) == [reply]
    assert body(CITIZEN, reply, "d1") == {
        "chat_id": CITIZEN,
        "text": "Dạ, lệ phí là 0 đồng.",
        "link_preview_options": {"is_disabled": True},
        "reply_markup": {
            "inline_keyboard": [
                [{"text": "Lệ phí", "callback_data": FEE.payload}],
                [{"text": "Cổng dịch vụ công", "url": PORTAL.payload}],
            ]
        },
    }


def test_a_text_is_cut_between_paragraphs_and_only_the_last_part_has_buttons_and_the_turn():
    paragraphs = [f"{number}) " + "giấy tờ cần nộp " * 60 for number in range(6)]
    made = parts(Reply("\n\n".join(paragraphs), (FEE,), turn={"outcome": "answered"}))

    assert [part.text for part in made] == ["\n\n".join(paragraphs[:4]).strip(), "\n\n".join(paragraphs[4:]).strip()]
    assert [(part.buttons, part.turn) for part in made] == [((), None), ((FEE,), {"outcome": "answered"})]


@pytest.mark.parametrize(
    ("unit", "cut"), [("giấy tờ cần nộp gồm có\n", "gồm có"), ("Nộp tờ khai. ", "khai."), ("hồsơ ", "hồsơ"), ("ế", "ế")]
)
def test_without_paragraphs_it_is_cut_at_lines_sentences_words_letters(unit: str, cut: str):
    made = parts(Reply(unit * 5000))

    assert all(part.text.endswith(cut) for part in made)
    assert all(units(part.text) > MAX_UNITS * 0.45 for part in made[:-1])


def test_length_is_counted_as_telegram_counts():
    decomposed = unicodedata.normalize("NFD", "ế" * MAX_UNITS)

    assert [units(part.text) for part in parts(Reply(decomposed))] == [MAX_UNITS]
    assert [units(part.text) for part in parts(Reply("😀" * MAX_UNITS))] == [MAX_UNITS, MAX_UNITS]


def test_a_payload_of_64_bytes_travels_itself_a_longer_one_as_a_key():
    fits, not_fits = "/" + "x" * 63, "/" + "ế" * 22
    rows = keyboard(Reply("Chọn", (Button("Vừa", fits), Button("Dài", not_fits), Button("Lạ", "@d9.9"))), "d123")

    assert [row[0]["callback_data"] for row in rows] == [fits, "@d123.1", "@d123.2"]


def test_a_title_too_long_for_a_phone_is_written_out_with_its_number():
    [part] = parts(Reply("Anh/chị hỏi việc nào ạ?", (Button(LONG, "/a"), OFFICER, PORTAL)))
    rows = body(CITIZEN, part, "d1")["reply_markup"]["inline_keyboard"]

    assert part.text == f"Anh/chị hỏi việc nào ạ?\n\n1. {LONG}\n2. Gặp cán bộ\n\nNhắn số 1–2 để chọn."
    assert part.numbered
    assert [row[0]["text"] for row in rows] == [
        "1. Đăng ký khai sinh có yếu tố nước ngoài tại khu vực biên…",
        "Gặp cán bộ",
        "Cổng dịch vụ công",
    ]
    assert part.buttons == (Button(LONG, "/a"), OFFICER, PORTAL)


def test_one_long_title_alone_is_chosen_by_1():
    [part] = parts(Reply("Ý anh/chị là", (PORTAL, Button(LONG, "/a"))))

    assert part.text.endswith(f"1. {LONG}\n\nNhắn số 1 để chọn.")
    assert part.buttons[0].title == LONG


def test_a_list_that_stands_in_the_text_already_is_not_written_again():
    text = f"Anh/chị hỏi việc nào ạ?\n1. {LONG}\n2. Lệ phí\nNhắn số để chọn."
    [part] = parts(Reply(text, (Button(LONG, "/a"), FEE, OFFICER)))

    assert (part.text, part.numbered) == (text, True)


def test_short_titles_are_buttons_alone():
    [part] = parts(Reply("Dạ", (FEE, OFFICER)))

    assert (part.text, part.numbered) == ("Dạ", False)


def test_more_buttons_than_telegram_takes_become_a_list():
    many = tuple(Button(f"Việc {number}", f"/{number}") for number in range(120))
    made = parts(Reply("Chọn", (*many, PORTAL)))

    assert "120. Việc 119\nCổng dịch vụ công: https://dichvucong.gov.vn/p/home" in made[-1].text
    assert made[-1].numbered
    assert "reply_markup" not in body(CITIZEN, made[-1], "d1")


@pytest.mark.parametrize(
    "address", ["http://localhost/x", "https://", "https://a b.vn", "http://x" + "y" * 3000 + ".vn"]
)
def test_an_address_that_telegram_refuses_stands_in_the_text(address: str):
    [part] = parts(Reply("Nộp tại", (Button("Cổng", address), FEE)))

    assert part.text.startswith("Nộp tại\n\nCổng: http")
    assert part.buttons == (FEE,)


def test_buttons_without_a_text_get_one_and_nothing_gives_nothing():
    assert parts(Reply(" \u200b", (FEE, OFFICER)))[0].text == "Lệ phí\nGặp cán bộ"
    assert parts(Reply("\n", (Button(" ", "/a"), Button("Không", "")))) == []


@given(ANY_TEXT, BUTTONS, st.integers(1, 300), st.booleans())
@example("\ud800", [Button("\ud800", "\ud800")], 1, False)
def test_every_part_is_one_that_telegram_takes(text: str, buttons: list[Button], times: int, numbered: bool):
    for part in parts(Reply(text * times, tuple(buttons), numbered=numbered)):
        told = json.loads(json.dumps(body(CITIZEN, part, "d999999999")).encode())
        assert 1 <= units(told["text"]) <= MAX_UNITS
        assert shown(told["text"])
        told["text"].encode()
        if "reply_markup" in told:
            keyboards.check(told["reply_markup"], private=True)


@given(ANY_TEXT, st.integers(1, 300))
def test_nothing_of_the_text_is_lost(text: str, times: int):
    assert "".join(shown(part.text) for part in parts(Reply(text * times))) == shown(text * times)


@given(BUTTONS)
def test_no_button_is_lost(buttons: list[Button]):
    made = parts(Reply("Chọn", tuple(buttons)))
    said = " ".join(part.text for part in made) + " ".join(button.title for button in made[-1].buttons)

    for button in buttons:
        if shown(button.title) and button.payload:
            assert shown(button.title) in shown(said)


@given(BUTTONS)
def test_a_number_in_the_list_is_the_place_of_its_button(buttons: list[Button]):
    long = [Button(one.title + "x" * MAX_TITLE, one.payload) for one in buttons if shown(one.title)]
    made = parts(Reply("Chọn", tuple(long)))[-1]

    if made.numbered:
        rows = {number: row for row in made.text.splitlines() for number, dot, _ in [row.partition(". ")] if dot}
        for number, button in enumerate(made.buttons, 1):
            if not button.payload.startswith("http"):
                assert rows[str(number)] == f"{number}. {button.title}"
