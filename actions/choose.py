"""
action_choose: a button, a typed number or an option's words → that entry.
"""

from collections.abc import Mapping
from dataclasses import replace

from actions.errors import KnowledgeRefused
from actions.knowledge_api import Knowledge
from actions.phrasing import smalltalk
from actions.phrasing.answer import phrase
from actions.phrasing.bubbles import Phrased
from actions.picking import number_in, pick
from actions.turn import Turn


async def choose(turn: Turn, knowledge: Knowledge, texts: Mapping[str, str]) -> Phrased:
    """
    Answer the chosen entry. What picks none of the options may still be a question ("113"), so knowledge is asked.
    """
    if turn.chosen:
        return await _fetch(turn, turn.chosen["entry"] or "", turn.chosen["part"], knowledge)
    if chosen := await chosen_by_words(turn, knowledge):
        return chosen
    answer = await knowledge.answer(turn.ward, turn.text, context=turn.context)
    if answer["outcome"] == "answered" or number_in(turn.text) is None:
        return phrase(answer)
    return smalltalk.choice_range(turn.options) if turn.options else smalltalk.choice_none()


async def chosen_by_words(turn: Turn, knowledge: Knowledge) -> Phrased | None:
    """
    Return the reply when the text picks one of the options that are open, None when it does not.
    """
    if turn.is_command or not turn.options:
        return None
    index = pick(turn.text, [str(option["title"]) for option in turn.options])
    if index is None:
        return None
    option = turn.options[index]
    return await _fetch(turn, str(option["id"]), option.get("part"), knowledge)


async def _fetch(turn: Turn, entry: str, part: str | None, knowledge: Knowledge) -> Phrased:
    chosen = {"entry": entry, "part": part}
    try:
        phrased = phrase(await knowledge.answer(turn.ward, "", context=turn.context, choose=chosen))
    except KnowledgeRefused:
        # A button of last week may name an entry that has since been removed.
        return smalltalk.choice_gone(await knowledge.ward(turn.ward))
    if entry in [option["id"] for option in turn.options]:
        # The list stays open: "à không, số 3" right after it still means this list.
        return replace(phrased, slots={**phrased.slots, "options": list(turn.options)})
    return phrased
