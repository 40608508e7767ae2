"""
action_social: greetings, thanks, insults, small talk … unless there is a question in them that knowledge can answer.
"""

from collections.abc import Mapping
from typing import Any

from actions.choose import chosen_by_words
from actions.knowledge_api import Knowledge
from actions.phrasing import smalltalk
from actions.phrasing.announcement import REASONS
from actions.phrasing.answer import phrase
from actions.phrasing.bubbles import Phrased
from actions.politeness import says_more
from actions.turn import Turn

# Knowledge asking back, or with a FAQ ("tôi đang nói chuyện với ai?"), outweighs small talk only below this.
SMALL_TALK_CONFIDENCE = 0.7
CLARIFY_CONFIDENCE = 0.5
STORY_WORDS = 8  # so much is said for a need, not for company, when knowledge has entries that fit
MOODS = frozenset({"praise", "insult", "chitchat", "nonsense"})


async def social(turn: Turn, knowledge: Knowledge, texts: Mapping[str, str]) -> Phrased:
    """
    Rasa decides what kind of turn it is, but a question that knowledge is sure of is never lost to a wrong intent.
    """
    ward = None
    if not turn.is_command:
        if chosen := await chosen_by_words(turn, knowledge):
            return chosen
        if says_more(turn.text):
            answer = await knowledge.answer(turn.ward, turn.text, context=turn.context)
            if outweighs(answer, turn):
                return phrase(answer)
            ward = answer["ward"]
    if ward is None and turn.intent in smalltalk.NAMES_THE_WARD:
        ward = await knowledge.ward(turn.ward)
    return smalltalk.social(turn.intent, ward, turn.options)


async def show_menu(turn: Turn, knowledge: Knowledge, texts: Mapping[str, str]) -> Phrased:
    return smalltalk.menu(await knowledge.ward(turn.ward), texts)


def outweighs(answer: Mapping[str, Any], turn: Turn) -> bool:
    """
    True when knowledge's answer is to be given although Rasa heard no question.

    With something just talked about, knowledge takes words without a topic of their own ("hay quá") for a follow-up.
    Here that only counts when a part was asked ("cảm ơn, còn lệ phí?"), and never for moods.
    """
    outcome = answer["outcome"]
    if answer.get("reason") in REASONS:
        return True  # "hôm nay có tin gì mới không" sounds like small talk
    if outcome == "clarify":
        sure = bool(answer.get("options")) and float(answer.get("confidence") or 0) >= CLARIFY_CONFIDENCE
        told = bool(answer.get("options")) and len(turn.text.split()) >= STORY_WORDS
        return told or (sure and turn.intent_confidence < SMALL_TALK_CONFIDENCE)
    if outcome == "answered" and answer["findings"][0]["entry"]["kind"] == "faq":
        return turn.intent_confidence < SMALL_TALK_CONFIDENCE
    if outcome == "answered" and answer.get("reason") == "follow_up":
        return turn.intent not in MOODS and answer["findings"][0].get("part") != "summary"
    return outcome in ("answered", "unanswerable_elsewhere", "unanswerable_expired")
