from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.channels.zalo.render import MAX_BUTTONS, MAX_PAYLOAD, MAX_TEXT, MAX_TITLE, body, fit, length, parts
from bot.messages import Button, Reply
from tests.bot.channels.zalo.oa import ACCOUNT, CITIZEN, account

CHOOSE = '/choose{"entry":"khai-sinh"}'


def some(count: int, title: str = "Mục", payload: str = CHOOSE) -> tuple[Button, ...]:
    return tuple(Button(f"{title} {number}", payload) for number in range(1, count + 1))


def test_a_short_reply_is_one_message() -> None:
    assert parts(Reply("Chào anh/chị")) == [Reply("Chào anh/chị")]
    assert body(ACCOUNT, CITIZEN, Reply("Chào anh/chị")) == {
        "recipient": {"user_id": CITIZEN},
        "message": {"text": "Chào anh/chị"},
    }


def test_text_is_composed_before_it_is_counted() -> None:
    composed = "Đăng ký khai sinh ở phường, xã nào cũng được ạ. " * 41

    decomposed = unicodedata.normalize("NFD", composed)

    assert length(composed.strip()) <= MAX_TEXT < length(decomposed)
    assert parts(Reply(decomposed)) == [Reply(composed.strip())]


def test_a_long_text_is_parted_between_paragraphs() -> None:
    one, two = "Câu một. " * 120, "Câu hai. " * 120

    found = parts(Reply(f"{one.strip()}\n\n{two.strip()}", some(2), turn={"outcome": "answered"}, to="m1"))

    assert [part.text for part in found] == [one.strip(), two.strip()]
    assert [len(part.buttons) for part in found] == [0, 2]
    assert [part.turn for part in found] == [None, {"outcome": "answered"}]
    assert [part.to for part in found] == ["m1", "m1"]


def test_then_between_sentences_then_between_words() -> None:
    [first, second] = parts(Reply("Một câu dài vừa phải. " * 100))
    assert first.endswith(".") if isinstance(first, str) else first.text.endswith(".")
    assert second.text.startswith("Một câu")

    [first, second] = parts(Reply("chữ " * 600))
    assert first.text.endswith("chữ")
    assert len(first.text) >= MAX_TEXT - 4


def test_a_word_without_end_is_cut_but_never_between_a_letter_and_its_mark() -> None:
    text = "x" * 1999 + "q\u0323" * 10

    found = parts(Reply(text))

    assert "".join(part.text for part in found) == text
    assert not unicodedata.combining(found[1].text[0])


def test_up_to_five_short_buttons_are_buttons() -> None:
    [part] = parts(Reply("Anh/chị chọn ạ:", some(5)))

    assert part == Reply("Anh/chị chọn ạ:", some(5))
    sent = body(ACCOUNT, CITIZEN, part)["message"]
    assert sent["text"] == "Anh/chị chọn ạ:"
    assert sent["attachment"]["type"] == "template"
    assert "template_type" not in sent["attachment"]["payload"]
    assert sent["attachment"]["payload"]["buttons"][0] == {
        "title": "Mục 1",
        "type": "oa.query.hide",
        "payload": "#" + CHOOSE,
    }


def test_a_tap_shows_its_payload_only_where_the_account_says_so() -> None:
    sent = body(account(tap="show"), CITIZEN, Reply("Chọn:", some(1)))

    assert sent["message"]["attachment"]["payload"]["buttons"][0]["type"] == "oa.query.show"


def test_the_other_form_of_buttons_has_a_template_type_and_the_text_inside() -> None:
    sent = body(account(buttons_template="button"), CITIZEN, Reply("Chọn:", some(1)))["message"]

    assert "text" not in sent
    assert sent["attachment"]["payload"]["template_type"] == "button"
    assert sent["attachment"]["payload"]["text"] == "Chọn:"


@pytest.mark.parametrize(
    "buttons", [some(6), some(1, title="x" * MAX_TITLE), some(2, payload="/" + "x" * MAX_PAYLOAD)], ids=len
)
def test_buttons_that_do_not_fit_become_a_numbered_list(buttons: tuple[Button, ...]) -> None:
    [part] = parts(Reply("Anh/chị chọn ạ:", buttons))

    rows = part.text.split("\n\n")[1].splitlines()
    assert rows[:-1] == [f"{number}. {one.title}" for number, one in enumerate(buttons, start=1)]
    assert rows[-1] == (f"Nhắn số 1–{len(buttons)} để chọn." if len(buttons) > 1 else "Nhắn số 1 để chọn.")
    assert (part.numbered, part.buttons) == (True, buttons)
    assert "attachment" not in body(ACCOUNT, CITIZEN, part)["message"]


def test_a_text_that_lists_its_buttons_already_is_left_as_it_is() -> None:
    text = "Anh/chị cần việc nào ạ?\n" + "\n".join(f"{number}. Mục {number}" for number in range(1, 7))

    [part] = parts(Reply(text, some(6)))

    assert (part.text, part.numbered, part.buttons) == (text, True, some(6))


def test_few_buttons_listed_in_the_text_are_buttons_and_numbers() -> None:
    [part] = parts(Reply("Chọn:\n1. Mục 1\n2. Mục 2", some(2)))

    assert part.numbered
    assert len(body(ACCOUNT, CITIZEN, part)["message"]["attachment"]["payload"]["buttons"]) == 2


def test_steps_that_happen_to_be_numbered_are_not_the_buttons() -> None:
    [part] = parts(Reply("1. Nộp hồ sơ\n2. Nhận kết quả", some(2)))

    assert not part.numbered


def test_a_button_with_an_address_opens_a_page() -> None:
    [part] = parts(Reply("Xem thêm:", (Button("Cổng", "https://dichvucong.gov.vn"),)))

    [button] = body(ACCOUNT, CITIZEN, part)["message"]["attachment"]["payload"]["buttons"]
    assert button == {"title": "Cổng", "type": "oa.open.url", "payload": {"url": "https://dichvucong.gov.vn"}}


def test_an_address_that_finds_no_place_as_a_button_stands_in_the_text() -> None:
    [part] = parts(Reply("Chọn:", (*some(5), Button("Cổng", "https://dichvucong.gov.vn"))))

    assert "Cổng: https://dichvucong.gov.vn\n1. Mục 1\n" in part.text
    assert (part.buttons, part.numbered) == (some(5), True)


def test_a_reply_without_words_or_choices_is_no_message() -> None:
    assert parts(Reply(" \n\0 ")) == []
    assert parts(Reply("", (Button(" ", CHOOSE), Button("a", " ")))) == []


def test_buttons_without_words_are_a_list() -> None:
    [part] = parts(Reply("", some(2)))

    assert part.text == "1. Mục 1\n2. Mục 2\nNhắn số 1–2 để chọn."


WORDS = st.text(st.sampled_from("aạăẳ đĐ.?!;\n\t😀\u0301\u200d\ud800\0x1 "), max_size=300)
BUTTONS = st.lists(st.builds(Button, WORDS, WORDS | st.just("https://a.vn/") | st.just("/x" * 600)), max_size=9)


@given(
    st.builds(Reply, WORDS.flatmap(lambda one: st.integers(1, 30).map(lambda times: one * times)), BUTTONS.map(tuple))
)
@example(Reply("x" * 4001, some(9, title="x" * 300)))
def test_nothing_is_lost_and_every_part_fits(reply: Reply) -> None:
    found = parts(reply)

    for part in found:
        assert 0 < length(part.text) <= MAX_TEXT
        message = body(ACCOUNT, CITIZEN, part)["message"]
        native = message.get("attachment", {}).get("payload", {}).get("buttons", [])
        assert len(native) <= MAX_BUTTONS
        assert all(0 < length(one["title"]) <= MAX_TITLE for one in native)
        assert all(length(str(one["payload"])) <= MAX_PAYLOAD for one in native if one["type"] != "oa.open.url")
        # A button is shown, or the citizen reads its number.
        assert native or not part.buttons or part.numbered
    said = "".join("".join(part.text.split()) for part in found)
    assert said.startswith(bare(reply.text))
    assert all(not part.buttons for part in found[:-1])
    assert all(parts(part) == [part] for part in found)


def bare(text: str) -> str:
    sayable = "".join(
        one for one in text if one == "\n" or one == "\t" or (one >= " " and not "\ud800" <= one <= "\udfff")
    )
    return "".join(unicodedata.normalize("NFC", sayable).split())


def test_five_buttons_with_the_longest_words_fit() -> None:
    longest = tuple(Button("x" * MAX_TITLE, "y" * (MAX_PAYLOAD - 1)) for _ in range(MAX_BUTTONS))

    assert fit(longest)
    assert not fit((*longest[1:], Button("x" * (MAX_TITLE + 1), "y")))
