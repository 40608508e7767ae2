"""
Questions with expected entries → how often the service answers right, wrong, asks back or refuses.

Takes the very road of the service: the same function, the same settings.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from knowledge import answer as answers
from knowledge.confidence import answerable
from knowledge.library import Library, PlanPart
from knowledge.outcomes import ANSWERED, CLARIFY, Answer, Context
from knowledge.questions import Asked

DEPTH = 10
MEASURES = (
    "hit@1", "hit@5", "mrr@10", "answered_right", "answered_wrong", "asked_back_right", "asked_back_wrong", "refused", "oos_refused",
    "oos_asked_back", "oos_answered",
)  # fmt: skip


def talk(library: Library, asked: Asked) -> Answer:
    """
    Play all turns of a conversation and return the last answer.
    """
    context, found = Context(), None
    for turn in asked.turns:
        found = answers.answer(library, asked.ward, turn, context)
        context = after(found)
    assert found is not None
    return found


def after(found: Answer) -> Context:
    """
    Return what was talked about after an answer, as the dialogue layer keeps it.
    """
    if found.findings:
        last = found.findings[-1]
        # A FAQ has no parts to ask further about.
        return Context(None if last["entry"]["kind"] == "faq" else last["entry"]["id"], last["part"])
    if found.outcome == CLARIFY:
        return Context(options=tuple(option["id"] for option in found.options))
    return Context()


def ranked_ids(library: Library, asked: Asked, found: Answer) -> list[set[str]]:
    """
    Return the ids of each entry in order: those the answer names first, then the rest of the ranking, DEPTH in all.
    """
    shown = [set(finding["entry"]["ids"]) for finding in found.findings] + [
        set(option["ids"]) for option in found.options
    ]
    for hit in answerable(library.retriever.rank(asked.turns[-1], asked.ward)):
        if len(shown) >= DEPTH:
            break
        record = library.entry(asked.ward, hit.item.id)
        ids = set(record.ids if isinstance(record, PlanPart) else record.keys)
        if not any(hit.item.id in other for other in shown):
            shown.append(ids)
    return shown[:DEPTH]


def row(library: Library, asked: Asked) -> dict[str, Any]:
    """
    Return one question's row: its outcome, what it found, and which measure it counts towards.
    """
    found = talk(library, asked)
    ranking = ranked_ids(library, asked, found)
    rank = next((place for place, ids in enumerate(ranking, 1) if ids & asked.expected), 0)
    named = [set(finding["entry"]["ids"]) for finding in found.findings] + [
        set(option["ids"]) for option in found.options
    ]
    good = any(ids & asked.expected for ids in named)
    if found.outcome == ANSWERED:
        kind = "answered"
    elif found.outcome == CLARIFY:
        kind = "asked_back"
    else:
        kind = "refused"
    if asked.inside:
        verdict = kind if kind == "refused" else f"{kind}_{'right' if good else 'wrong'}"
    else:
        verdict = f"oos_{kind}"
    return {
        "id": asked.id, "question": " || ".join(asked.turns), "expected": sorted(asked.expected) or ["OOS"], "aspect": asked.aspect, "style": asked.style,
        "ward": asked.ward, "outcome": found.outcome, "reason": found.reason, "verdict": verdict, "rank": rank, "found": found.ids[:6],
        "parts": found.findings[0]["parts"] if found.findings else [], "confidence": round(found.confidence, 3),
    }  # fmt: skip


def shares(rows: Sequence[dict[str, Any]]) -> dict[str, float]:
    """
    Return every measure between 0 and 1: of the questions in scope, or of those out of scope for `oos_…`.
    """
    inside = [each for each in rows if each["expected"] != ["OOS"]]
    outside = [each for each in rows if each["expected"] == ["OOS"]]

    def share(part: Iterable[bool], whole: Sequence[Any]) -> float:
        return round(sum(part) / len(whole), 4) if whole else 0.0

    out = {
        "hit@1": share((each["rank"] == 1 for each in inside), inside),
        "hit@5": share((0 < each["rank"] <= 5 for each in inside), inside),
        "mrr@10": round(sum(1 / each["rank"] for each in inside if each["rank"]) / len(inside), 4) if inside else 0.0,
    }
    for measure in MEASURES[3:]:
        out[measure] = share(
            (each["verdict"] == measure for each in rows), outside if measure.startswith("oos_") else inside
        )
    return out


def evaluate(library: Library, asked: Sequence[Asked]) -> dict[str, Any]:
    """
    Return {"overall": measures, "styles": {style: measures}, "questions": [one row each]}.
    """
    rows = [row(library, each) for each in asked]
    styles = sorted({each["style"] for each in rows})
    return {
        "overall": shares(rows),
        "styles": {style: shares([each for each in rows if each["style"] == style]) for style in styles},
        "questions": rows,
    }
