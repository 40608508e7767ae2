"""
action_answer_question: a question goes to knowledge, and its Answer is phrased.
"""

from collections.abc import Mapping

from actions.choose import chosen_by_words
from actions.knowledge_api import Knowledge
from actions.phrasing.answer import phrase
from actions.phrasing.bubbles import Phrased
from actions.turn import Turn


async def answer_question(turn: Turn, knowledge: Knowledge, texts: Mapping[str, str]) -> Phrased:
    """
    Also for whatever Rasa did not understand: knowledge decides whether there is an answer.
    """
    if chosen := await chosen_by_words(turn, knowledge):
        return chosen
    return phrase(await knowledge.answer(turn.ward, turn.text, context=turn.context))
