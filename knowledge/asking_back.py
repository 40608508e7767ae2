"""
Asking back: which entries are offered, and what tells near twins apart.
"""

from typing import Any

from knowledge import findings
from knowledge.confidence import family_shares
from knowledge.entries import Apart
from knowledge.library import Library, PlanPart
from knowledge.outcomes import CLARIFY, Answer, Verdict
from knowledge.retrieve import Hit

MOST_OPTIONS, FEWEST_OPTIONS = 5, 3
NAMED = 2  # twins named in the question itself; three make a sentence that nobody reads to the end
TWIN_SHARE = 0.05  # a twin less likely than this is not worth a question
OPTION_SHARE = 0.01  # an option less likely than this is not worth a citizen's reading


def ask_back(library: Library, ward: str, ours: list[Hit], asked: list[str], verdict: Verdict) -> Answer:
    shares = family_shares(ours)
    family, share = next(iter(shares.items()))
    twins = [hit for hit in ours if (hit.item.family or hit.item.id) == family][:MOST_OPTIONS]
    difference = None
    chosen = _distinct(library, ward, ours)
    if share >= library.confidence.thresholds.alone and len(twins) > 1 and twins[1].share > TWIN_SHARE:
        named = [getattr(library.entry(ward, hit.item.id), "variant", None) for hit in twins[:NAMED]]
        if all(named):
            difference = " hay ".join(map(str, named))
            chosen = twins[:3] + [hit for hit in ours if hit not in twins][: MOST_OPTIONS - len(twins[:3])]
    part = asked[0] if asked else None
    options = [option(library, ward, hit.item.id, part) for hit in chosen]
    return Answer(CLARIFY, options=options, difference=difference, confidence=verdict.right, reason="several_fit")


def between(library: Library, ward: str, id: str, apart: Apart, asked: list[str], confidence: float) -> Answer:
    """
    Ask which of two entries is meant that the same words fit, by the question that their file has for it.
    """
    part = asked[0] if asked else None
    options = [option(library, ward, each, part) for each in (apart.other, id)]
    return Answer(CLARIFY, options=options, difference=apart.question, confidence=confidence, reason="several_fit")


def _distinct(library: Library, ward: str, ours: list[Hit]) -> list[Hit]:
    """
    Return three to five hits whose titles really differ.
    """
    chosen: list[Hit] = []
    seen: set[str] = set()
    for hit in ours:
        title = findings.title_of(library.entry(ward, hit.item.id)).casefold()
        if title in seen or (len(chosen) >= FEWEST_OPTIONS and hit.share < OPTION_SHARE):
            continue
        seen.add(title)
        chosen.append(hit)
        if len(chosen) == MOST_OPTIONS:
            break
    return chosen


def option(library: Library, ward: str, id: str, part: str | None) -> dict[str, Any]:
    record = library.entry(ward, id)
    ids = record.ids if isinstance(record, PlanPart) else record.keys
    return {"id": id, "ids": ids, "title": findings.title_of(record), "part": part}
