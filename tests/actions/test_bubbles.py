import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.phrasing.bubbles import Bubble, fill, joined, line, texts_of

TEXTS = {
    "utter_said": "{text}",
    "utter_fee": "Lệ phí: {fee}",
    "utter_source": "{parts}",
    "utter_month": "tháng {month}/{year}",
}


def test_a_value_is_put_into_its_sentence():
    assert fill(line("utter_fee", fee="Miễn."), TEXTS) == "Lệ phí: Miễn."


def test_a_value_may_be_a_sentence_itself_or_several():
    month = line("utter_month", month="07", year="2026")

    assert fill(line("utter_fee", fee=month), TEXTS) == "Lệ phí: tháng 07/2026"
    assert fill(line("utter_source", parts=(month, month)), TEXTS) == "tháng 07/2026 · tháng 07/2026"


def test_braces_in_a_value_are_only_text():
    assert fill(line("utter_said", text="{fee} {0[x]} {{"), TEXTS) == "{fee} {0[x]} {{"


def test_a_missing_value_is_an_error_and_never_shown():
    with pytest.raises(KeyError):
        fill(line("utter_fee"), TEXTS)


def test_text_is_composed_and_tidied():
    decomposed = unicodedata.normalize("NFD", "Lệ  phí\n\n\n miễn ")

    assert fill(line("utter_said", text=decomposed), TEXTS) == "Lệ phí\nmiễn"


def test_a_long_bubble_is_parted_between_lines():
    bubble = Bubble(tuple(line("utter_said", text=f"{number} " + "x" * 50) for number in range(8)))

    pieces = texts_of(bubble, TEXTS, max_chars=120)

    assert [piece[0] for piece in pieces] == ["0", "2", "4", "6"]
    assert all(len(piece) <= 120 for piece in pieces)


def test_a_long_line_is_parted_after_a_sentence():
    text = "Câu thứ nhất dài vừa phải. Câu thứ hai cũng vậy thôi."

    assert texts_of(Bubble((line("utter_said", text=text),)), TEXTS, max_chars=40) == [
        "Câu thứ nhất dài vừa phải.",
        "Câu thứ hai cũng vậy thôi.",
    ]


@given(st.lists(st.text(max_size=300), max_size=8), st.integers(min_value=10, max_value=200))
def test_parting_loses_nothing_and_keeps_the_limit(said: list[str], max_chars: int):
    bubble = Bubble(tuple(line("utter_said", text=text) for text in said))

    pieces = texts_of(bubble, TEXTS, max_chars=max_chars)

    assert all(len(piece) <= max_chars and "\n\n" not in piece for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(
        "".join(unicodedata.normalize("NFC", text) for text in said).split()
    )


def test_joined_leaves_out_what_is_empty_and_the_last_stops():
    assert joined(["một.", "", " hai;", "ba"]) == "một; hai; ba"
