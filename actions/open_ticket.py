"""
action_open_ticket: the citizen wants a person, or says that the answer was wrong.
"""

from collections.abc import Mapping
from typing import Any

from actions.knowledge_api import Knowledge
from actions.phrasing import smalltalk
from actions.phrasing.answer import phrase
from actions.phrasing.bubbles import Phrased
from actions.politeness import says_more
from actions.turn import Turn

# Above this, "sai rồi, tôi hỏi lệ phí khai sinh" is answered, with a button to the officer, instead of a ticket.
SURE = 0.8


async def open_ticket(turn: Turn, knowledge: Knowledge, texts: Mapping[str, str]) -> Phrased:
    """
    Open a ticket; the gateway does it, on the effect. Asked without the conversation's memory: what was talked about
    is just what the citizen is unhappy with.
    """
    reason = "wrong_answer" if turn.intent == "wrong_answer" else "ask_officer"
    if not turn.is_command and says_more(turn.text):
        answer = await knowledge.answer(turn.ward, turn.text)
        if knows(answer):
            return smalltalk.offering_officer(phrase(answer))
        ward = answer["ward"]
    else:
        ward = await knowledge.ward(turn.ward)
    return smalltalk.ticket(reason, ward, turn.entry)


def knows(answer: Mapping[str, Any]) -> bool:
    """
    True when knowledge holds what was asked; a FAQ on how to reach an officer is no substitute for reaching one.
    """
    if answer["outcome"] != "answered" or float(answer.get("confidence") or 0) < SURE:
        return False
    return any(finding["entry"]["kind"] != "faq" for finding in answer["findings"])
