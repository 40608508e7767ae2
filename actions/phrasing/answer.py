"""
An Answer of knowledge → the bubbles, effects and memory of the turn.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from actions.phrasing import refusal
from actions.phrasing.announcement import announcement, none
from actions.phrasing.bubbles import Bubble, Line, Phrased, line
from actions.phrasing.plan import plan
from actions.phrasing.procedure import procedure
from actions.phrasing.service import faq, service

KINDS = {"procedure": procedure, "service": service, "faq": faq, "plan": plan, "announcement": announcement}
REFUSALS = {
    "unanswerable_no_passage": refusal.no_passage,
    "unanswerable_out_of_scope": refusal.out_of_scope,
    "unanswerable_elsewhere": refusal.elsewhere,
    "unanswerable_expired": refusal.expired,
}
CORRECTIONS = {
    "former_name": "utter_corrected_former_name",
    "district_level": "utter_corrected_district_level",
    "old_term": "utter_corrected_old_term",
}


def phrase(answer: Mapping[str, Any]) -> Phrased:
    """
    Decide what is said, what the gateway is told, and what the conversation remembers.

    Two findings give two bubbles. After a refusal nothing is remembered as talked about: a follow-up ("lệ phí bao
    nhiêu?") would else be answered for an entry that the citizen has left.
    """
    outcome, findings = answer["outcome"], answer.get("findings") or []
    slots: dict[str, Any] = {}
    if outcome == "answered":
        bubbles = [KINDS[finding["entry"]["kind"]](finding, answer["ward"]) for finding in findings]
        last = findings[-1]
        # A FAQ has no parts to ask further about.
        entry = None if last["entry"]["kind"] == "faq" else last["entry"]["id"]
        slots = {"entry": entry, "part": last.get("part"), "options": []}
        if len(bubbles) > 1:
            bubbles = refusal.one_button_each(bubbles, findings)
    elif outcome == "clarify":
        bubbles = [refusal.clarify(answer)]
        slots = {"entry": None, "part": None, "options": [_option(option) for option in answer.get("options") or []]}
    else:
        refused = none if answer.get("reason") == "no_announcement" else REFUSALS[outcome]
        bubbles = [refused(answer)]
        slots = {"entry": None, "part": None}
    return Phrased(tuple(_corrected(bubbles, answer)), (turn_effect(answer),), slots)


def turn_effect(answer: Mapping[str, Any]) -> dict[str, Any]:
    """
    Return the last message of a turn: how it ended, from which entries (asking back: which were offered), for the
    gateway's records.
    """
    findings = answer.get("findings") or [] if answer["outcome"] == "answered" else []
    ids = [id_ for finding in findings for id_ in finding["entry"].get("ids") or [finding["entry"]["id"]]]
    if answer["outcome"] == "clarify":
        ids = [option["id"] for option in answer.get("options") or []]
    names = [name for finding in findings for name in (finding.get("source") or {}).get("sources") or []]
    return {
        "kind": "turn",
        "outcome": answer["outcome"],
        "entry_ids": list(dict.fromkeys(ids)),
        "sources": list(dict.fromkeys(names)),
        "part": findings[0].get("part") if findings else None,
    }


def _option(option: Mapping[str, Any]) -> dict[str, Any]:
    return {"id": option["id"], "title": option["title"], "part": option.get("part")}


def _corrected(bubbles: list[Bubble], answer: Mapping[str, Any]) -> list[Bubble]:
    """
    Put the present names of what the citizen called by an old one before the answer.
    """
    lines: list[Line] = [
        line(CORRECTIONS[correction["kind"]], said=str(correction["said"]), now=str(correction["now"]).rstrip("."))
        for correction in answer.get("corrections") or []
        if correction.get("kind") in CORRECTIONS
    ]
    return [replace(bubbles[0], lines=(*lines, *bubbles[0].lines)), *bubbles[1:]] if lines else bubbles
