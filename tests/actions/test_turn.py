import pytest

from actions.errors import TurnError
from actions.turn import read


def test_a_turn_is_read_from_what_rasa_sends():
    message = {"text": "thế còn lệ phí?", "intent": {"name": "ask"}, "entities": [], "metadata": {"ward": "hoa-binh"}}
    slots = {"entry": "khai-sinh", "part": "time", "options": [{"id": "a", "title": "A", "part": None}]}

    turn = read(message, slots)

    assert (turn.ward, turn.intent, turn.text, turn.is_command) == ("hoa-binh", "ask", "thế còn lệ phí?", False)
    assert turn.context == {"entry": "khai-sinh", "part": "time", "options": ["a"]}
    assert turn.chosen is None


def test_a_button_carries_entry_and_part():
    entities = [{"entity": "entry", "value": "khai-sinh"}, {"entity": "part", "value": "fee"}]
    message = {
        "text": '/choose{"entry":"khai-sinh","part":"fee"}',
        "entities": entities,
        "metadata": {"ward": "hoa-binh"},
    }

    turn = read(message, {})

    assert turn.is_command
    assert turn.chosen == {"entry": "khai-sinh", "part": "fee"}
    assert turn.context is None


@pytest.mark.parametrize("metadata", [None, {}, {"ward": ""}, {"ward": 3}])
def test_a_call_without_a_ward_is_not_from_the_gateway(metadata: object):
    with pytest.raises(TurnError):
        read({"text": "xin chào", "metadata": metadata}, {})
