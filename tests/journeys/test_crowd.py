"""
The judge of the kill tests is itself judged: it must see every kind of loss and doubling.
"""

from __future__ import annotations

from typing import Any

import pytest

from tools.crowd import faults

SAID = [("one", "khai-sinh"), ("two", "ket-hon")]


def asked(key: str) -> dict[str, Any]:
    return {"side": "citizen", "key": key}


def bubble(to: str, entry: str | None = None) -> dict[str, Any]:
    said: dict[str, Any] = {"side": "bot", "kind": "reply", "to": to}
    return said if entry is None else {**said, "turn": {"outcome": "answered", "entry_ids": [entry]}}


NOTICE = {"side": "bot", "kind": "notice", "to": "one"}
FIRST, SECOND = [bubble("one"), bubble("one", "khai-sinh")], [bubble("two", "ket-hon")]
WHOLE = [asked("one"), NOTICE, asked("two"), *FIRST, *SECOND]


def test_a_whole_conversation_has_no_faults():
    assert faults(WHOLE, SAID) == []


@pytest.mark.parametrize(
    ("history", "fault"),
    [
        ([asked("one"), *FIRST, *SECOND], "2 messages acknowledged, 1 shown"),
        ([asked("one"), asked("two"), asked("two"), *FIRST, *SECOND], "2 messages acknowledged, 3 shown"),
        ([asked("two"), asked("one"), *FIRST, *SECOND], "not in the order in which they were said"),
        ([asked("one"), asked("two"), *FIRST], "message 2 was not answered"),
        ([*WHOLE, *SECOND], "message 2 was answered 2 times"),
        ([asked("one"), asked("two"), *SECOND, *FIRST], "answers are not in the order of the messages"),
        ([*WHOLE, bubble("one")], "torn apart"),
        ([*WHOLE, bubble("three", "ket-hon")], "answers to messages that nobody sent"),
        (
            [asked("one"), asked("two"), *FIRST, bubble("two", "khai-sinh")],
            "the button of ket-hon was answered with",
        ),
    ],
)
def test_every_kind_of_loss_and_doubling_is_seen(history: list[dict[str, Any]], fault: str):
    assert any(fault in one for one in faults(history, SAID)), faults(history, SAID)
