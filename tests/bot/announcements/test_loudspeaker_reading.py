"""
The loudspeaker's script reads as a newsreader would say it.
"""

import re
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.announcements.renditions.loudspeaker import numbers
from bot.announcements.renditions.loudspeaker.reading import spoken
from bot.announcements.renditions.loudspeaker.syllables import is_syllable

LINES = Path(__file__).with_name("loudspeaker_cases.tsv").read_text("utf-8").splitlines()
CASES = [tuple(line.split("\t")) for line in LINES if line and not line.startswith("#")]
PIECES = [written for written, _ in CASES]
# What officials put between such pieces.
JOINTS = [" ", ", ", "; ", " và ", " - ", "\n", ": ", " (", ") ", "/", ". ", "–"]


def test_there_are_enough_cases():
    assert len(CASES) >= 60


@pytest.mark.parametrize(("written", "said"), CASES, ids=PIECES)
def test_it_is_said_as_a_newsreader_says_it(written: str, said: str):
    assert spoken(written) == said


def unread(text: str) -> list[str]:
    """
    Return what a reader cannot say: digits, signs, and capitals that are no syllable.
    """
    words = re.findall(r"[^\W_]+", text)
    capitals = [one for one in words if len(one) > 1 and one.isupper() and one.isalpha() and not is_syllable(one)]
    return [*re.findall(r"\d", text), *capitals, *re.findall(r"[%/&@°²³₫€$<>=+*#()\[\]{}…]", text)]


@settings(max_examples=500)
@given(st.text(max_size=200))
@example("²³¼½①Ⅷ१٣")
@example("0" * 40)
@example("9" * 400)
@example("1/1/1/1/1, 1.1.1.1, ------, //, 12:99:99, 32/13/2026, 99h99")
def test_nothing_makes_it_fail_and_no_digit_is_left(text: str):
    said = spoken(text)

    assert not re.search(r"[0-9]", said)
    assert not any(one.isdigit() for one in said)


@settings(max_examples=300)
@given(st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(JOINTS)), min_size=1, max_size=8))
def test_no_digit_abbreviation_or_sign_is_left_of_what_officials_write(parts: list[tuple[str, str]]):
    said = spoken("".join(piece + joint for piece, joint in parts))

    assert unread(said) == []


@given(
    st.lists(
        st.sampled_from(
            "bà con nhân dân phường khu phố họp sáng mai tại nhà văn hóa đề nghị mang theo giấy tờ".split()
        ),
        min_size=1,
    )
)
def test_plain_words_are_neither_lost_nor_changed(words: list[str]):
    text = " ".join(words)

    assert spoken(text).lower() == text


@given(st.sampled_from(PIECES))
def test_the_words_around_a_number_stay(piece: str):
    said = spoken(f"Kính mời bà con {piece} và gia đình đến dự.")

    assert said.startswith("Kính mời bà con")
    assert said.endswith(" và gia đình đến dự.")


@given(st.integers(min_value=0, max_value=10**12 - 1))
def test_a_number_written_with_dots_is_the_number_without(number: int):
    assert numbers.read(f"{number:,}".replace(",", ".")) == numbers.cardinal(number)


@given(st.integers(min_value=0, max_value=10**15))
def test_different_numbers_are_said_differently(number: int):
    assert value_of(numbers.cardinal(number)) == number


def value_of(words: str) -> int:
    """
    Read a number back from its words, by its own rules.
    """
    ones = {**{name: value for value, name in enumerate(numbers.DIGITS)}, "mốt": 1, "tư": 4, "lăm": 5}
    total, group, last = 0, 0, 0
    for word in words.split():
        if word in ones:
            last = ones[word]
        elif word == "mười":
            group, last = group + 10, 0
        elif word == "mươi":
            group, last = group + last * 10, 0
        elif word == "trăm":
            group, last = group + last * 100, 0
        elif word in ("nghìn", "triệu"):
            total, group, last = total + (group + last) * (1_000 if word == "nghìn" else 1_000_000), 0, 0
        elif word == "tỷ":
            total, group, last = (total + group + last) * 1_000_000_000, 0, 0
    return total + group + last
