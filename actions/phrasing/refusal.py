"""
Asking back, and saying no: why, and what to do next.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from actions.phrasing.bubbles import Bubble, Button, Line, line
from actions.phrasing.procedure import choose_payload
from actions.phrasing.source import MENU, OFFICER, contact

Content = Mapping[str, Any]

DIFFERENCE_CHARS = 140
OPTION_CHARS = 80


def clarify(answer: Mapping[str, Any]) -> Bubble:
    """
    Ask which entry is meant: each option as a button and, where a channel has none, as a numbered line.
    """
    options = answer.get("options") or []
    if not options:
        return Bubble((line("utter_clarify_open"),), (MENU,))
    return choices(_question(str(answer.get("difference") or "")), options)


def _question(difference: str) -> Line:
    """
    Return the question for what tells near twins apart; knowledge gives a whole question or the phrases in question.

    Three long phrases in a row are harder to read than the options themselves, so then those must do.
    """
    if not difference or len(difference) > DIFFERENCE_CHARS:
        return line("utter_clarify")
    if difference.rstrip().endswith("?"):
        return line("utter_clarify_question", question=difference)
    return line("utter_clarify_difference", difference=difference)


def choices(question: Line, options: Sequence[Mapping[str, Any]]) -> Bubble:
    """
    A question, its numbered options, and a button for each of them.
    """
    titles = [short(str(option["title"])) for option in options]
    rows = [line("utter_option", number=str(number), title=title) for number, title in enumerate(titles, start=1)]
    buttons = tuple(
        Button(line("utter_option_title", title=title), choose_payload(option["id"], option.get("part")))
        for title, option in zip(titles, options, strict=True)
    )
    return Bubble((question, *rows, line("utter_clarify_hint")), buttons)


def one_button_each(bubbles: Sequence[Bubble], findings: Sequence[Mapping[str, Any]]) -> list[Bubble]:
    """
    Return the bubbles of several findings with one button per entry on the last: two buttons named "Lệ phí" would not
    say whose fee.
    """
    buttons = tuple(
        Button(
            line("utter_option_title", title=short(str(finding["entry"]["title"]))),
            choose_payload(finding["entry"]["id"], None),
        )
        for finding in findings
    )
    plain = [replace(bubble, buttons=()) for bubble in bubbles]
    return [*plain[:-1], replace(plain[-1], buttons=buttons)]


def short(title: str) -> str:
    """
    Return a title that fits on a button: what a long one has after its last word that fits is left out.
    """
    if len(title) <= OPTION_CHARS:
        return title
    return title[: title.rfind(" ", 0, OPTION_CHARS)].rstrip(" ,;:–-") + "…"


def no_passage(answer: Mapping[str, Any]) -> Bubble:
    ward = answer["ward"]
    lines = (line("utter_no_passage", ward=ward["name"]), line("utter_rephrase"), contact(ward), line("utter_portal"))
    return Bubble(lines, (MENU, OFFICER))


def out_of_scope(answer: Mapping[str, Any]) -> Bubble:
    return Bubble((line("utter_out_of_scope"), line("utter_scope", ward=answer["ward"]["name"])), (MENU,))


def elsewhere(answer: Mapping[str, Any]) -> Bubble:
    """
    Another level or agency decides: who, and the next step.
    """
    where = answer.get("elsewhere") or {}
    if not where.get("who"):
        return no_passage(answer)
    told = line(
        "utter_elsewhere", title=str(where["title"]), ward=answer["ward"]["name"], who=str(where["who"]).rstrip(".")
    )
    next_step = [line("utter_elsewhere_next", next_step=str(where["next_step"]))] if where.get("next_step") else []
    return Bubble((told, *next_step), (MENU, OFFICER))


def expired(answer: Mapping[str, Any]) -> Bubble:
    title = (answer.get("elsewhere") or {}).get("title")
    told = line("utter_expired", title=str(title)) if title else line("utter_expired_untitled")
    return Bubble((told, contact(answer["ward"]), line("utter_portal")), (OFFICER, MENU))
