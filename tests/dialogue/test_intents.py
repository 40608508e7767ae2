"""
How well Rasa hears what kind of turn it is, on sentences that were kept apart from the training examples.

A floor only goes down in a commit that says why. Measured 2026-11-20 on 331 sentences: 0.96 of the kinds, 0.97 of
question or not.
"""

from pathlib import Path

import pytest

from tests.dialogue.road import Road

pytestmark = pytest.mark.rasa

KIND_FLOOR = 0.94
QUESTION_FLOOR = 0.955


def held_out() -> list[tuple[str, str]]:
    lines = (Path(__file__).parent / "intents.tsv").read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return [(text, intent) for text, intent in rows]


def test_the_kind_of_turn_is_heard(road: Road):
    heard = [(text, wanted, road.kind_of_turn(text)) for text, wanted in held_out()]

    wrong = [row for row in heard if row[1] != row[2]]
    questions = sum((wanted == "ask") == (got == "ask") for _, wanted, got in heard)
    assert 1 - len(wrong) / len(heard) >= KIND_FLOOR, wrong
    assert questions / len(heard) >= QUESTION_FLOOR, wrong


@pytest.mark.parametrize(
    ("text", "again"),
    [
        ("CẢM ƠN EM NHIỀU", "cảm ơn em nhiều"),
        ("cam on em nhieu", "cảm ơn em nhiều"),
        ("chàooooo em", "chào em"),
        ("Ðăng ký tạm trú cần gì", "Đăng ký tạm trú cần gì"),
        ("dk tam tru can j", "đăng ký tạm trú cần gì"),
    ],
)
def test_spelling_changes_nothing(text: str, again: str, road: Road):
    assert road.kind_of_turn(text) == road.kind_of_turn(again)
