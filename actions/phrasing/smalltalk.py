"""
Turns that ask for nothing, the menu, and the words around a ticket.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from actions.phrasing.bubbles import Bubble, Button, Line, Phrased, fill, line
from actions.phrasing.procedure import MAX_BUTTONS
from actions.phrasing.refusal import choices
from actions.phrasing.source import MENU, OFFICER, contact

SOCIAL_TURN: dict[str, Any] = {"kind": "turn", "outcome": "social", "entry_ids": [], "sources": [], "part": None}

# Which intents need the ward's name, and which buttons follow. An intent that stands in neither just gets its sentence.
NAMES_THE_WARD = frozenset({"greet", "bot_identity", "what_can_you_do", "chitchat"})
BUTTONS: dict[str, tuple[Button, ...]] = {
    "greet": (MENU,),
    "insult": (OFFICER, MENU),
    "bot_identity": (MENU, OFFICER),
    "what_can_you_do": (MENU,),
    "help": (MENU, OFFICER),
    "chitchat": (MENU,),
    "nonsense": (MENU, OFFICER),
    "deny": (MENU, OFFICER),
}
RESPONSES: dict[str, str] = {
    "greet": "utter_greet",
    "goodbye": "utter_goodbye",
    "thank": "utter_thank",
    "praise": "utter_praise",
    "insult": "utter_insult",
    "bot_identity": "utter_bot_identity",
    "what_can_you_do": "utter_what_can_you_do",
    "help": "utter_help",
    "chitchat": "utter_chitchat",
    "nonsense": "utter_nonsense",
    "affirm": "utter_affirm",
    "deny": "utter_deny",
}

# Entries that citizens ask for most, by slug, with short names for the buttons.
POPULAR = (
    ("khai-sinh", "utter_menu_birth"),
    ("chung-thuc-ban-sao", "utter_menu_copy"),
    ("dang-ky-tam-tru", "utter_menu_residence"),
    ("xac-nhan-hon-nhan", "utter_menu_single"),
    ("gio-lam-viec", "utter_menu_hours"),
    ("hotline-xa", "utter_menu_hotline"),
)


def social(intent: str, ward: Mapping[str, Any] | None, options: Sequence[Mapping[str, Any]]) -> Phrased:
    """
    Answer a greeting, thanks, an insult … "Yes" while a choice is open repeats the choice.
    """
    if intent == "affirm" and options:
        bubble = choices(line("utter_affirm_choose"), options)
    else:
        values = {"ward": ward["name"]} if ward and intent in NAMES_THE_WARD else {}
        bubble = Bubble((line(RESPONSES[intent], **values),), BUTTONS.get(intent, ()))
    return Phrased((bubble,), (SOCIAL_TURN,))


def menu(ward: Mapping[str, Any], texts: Mapping[str, str]) -> Phrased:
    """
    Show what many people ask; its numbers can be typed as well.
    """
    options = [{"id": entry, "title": fill(line(title), texts), "part": None} for entry, title in POPULAR]
    shown = choices(line("utter_menu", ward=ward["name"]), options)
    bubble = replace(shown, lines=shown.lines[:-1])
    return Phrased((bubble,), (SOCIAL_TURN,), {"options": options})


def ticket(reason: str, ward: Mapping[str, Any], entry: str | None) -> Phrased:
    """
    Say that an officer will look at it, and ask the gateway to open the ticket. reason: ask_officer or wrong_answer.
    """
    said: list[Line] = [
        line("utter_ticket_wrong" if reason == "wrong_answer" else "utter_ticket_officer", ward=ward["name"])
    ]
    buttons = (MENU,) if reason == "wrong_answer" else ()
    effect = {"kind": "open_ticket", "reason": reason, "entry": entry}
    return Phrased((Bubble((*said, contact(ward)), buttons),), (effect, SOCIAL_TURN))


def offering_officer(phrased: Phrased) -> Phrased:
    """
    Add to an answer the offer to speak to a person: knowledge knew the answer to what looked like a request for one.
    """
    last = phrased.bubbles[-1]
    offer = replace(
        last, lines=(*last.lines, line("utter_offer_officer")), buttons=(OFFICER, *last.buttons[: MAX_BUTTONS - 1])
    )
    return replace(phrased, bubbles=(*phrased.bubbles[:-1], offer))


def choice_none() -> Phrased:
    return Phrased((Bubble((line("utter_choice_none"),), (MENU,)),), (SOCIAL_TURN,))


def choice_range(options: Sequence[Mapping[str, Any]]) -> Phrased:
    question = line("utter_choice_range", count=str(len(options)))
    return Phrased((choices(question, options),), (SOCIAL_TURN,))


def choice_gone(ward: Mapping[str, Any]) -> Phrased:
    return Phrased(
        (Bubble((line("utter_choice_gone", ward=ward["name"]),), (MENU, OFFICER)),),
        ({**SOCIAL_TURN, "outcome": "unanswerable_no_passage"},),
    )
