"""
An imported plan beside the same plan entered by hand: field by field, agrees or not.

By hand, sentences were put in plain words, so lists are compared by the words they share and by how many items there are;
numbers, dates, names and figures have to be equal.
"""

import re
from collections.abc import Iterable
from typing import Any

from knowledge.importing.draft import PlanDraft
from knowledge.plans import Plan
from knowledge.text import fold, normalise

SAME, PARTLY, ASKED, EMPTY, OTHER = "same", "partly", "asked", "empty", "other"
_EMPTY_WORDS = frozenset(
    "cac cua va ve cho cac tren tai trong theo den nam phuong xa cai cach hanh chinh tuyen truyen cong tac tiep tuc thong tin duoc voi mot".split()
)
_SHORT = {
    "cchc": "cai cach hanh chinh",
    "tthc": "thu tuc hanh chinh",
    "bp": "bo phan",
    "cc": "cong chuc",
    "mttq": "mat tran to quoc",
    "xh": "xa hoi",
    "ub": "uy ban",
    "ubnd": "uy ban nhan dan",
}


def agreement(draft: PlanDraft, hand: Plan) -> dict[str, str]:
    """
    Return for each field: same, partly (n/m), asked (the right value is among the answers offered), empty or other.
    """
    plan = draft.plan
    found = {
        "title": SAME if share(hand.title, plan["title"]) > 0.9 else OTHER,
        "year": equal(hand.year, plan["year"]),
        "number": own(draft, "number", hand.number),
        "date": own(draft, "date", hand.date),
        "signer": equal(hand.signer.name if hand.signer else None, (plan["signer"] or {}).get("name")),
        "position": equal(hand.signer.position if hand.signer else None, (plan["signer"] or {}).get("position")),
        "basis": parts(numbers(hand.legal_basis), numbers(plan["legal_basis"])),
        "publicised": parts(numbers(hand.publicised), numbers(plan["publicised"])),
        "emphasis": parts({key(one) for one in hand.emphasis}, {key(one) for one in plan["emphasis"]}),
        "indices": parts(indices(hand.indices), indices(plan["indices"])),
        "kpis": parts(
            {(one.value, one.unit and "") for one in hand.kpis},
            {(one["value"], one["unit"] and "") for one in plan["kpis"]},
            len(hand.kpis),
            len(plan["kpis"]),
        ),
        "tasks": equal(len(hand.tasks), len(plan["tasks"])),
        "budget": words_of(hand.budget, plan["budget"]),
    }
    for name in ("audience", "contents", "forms", "channels"):
        found[name] = lists(getattr(hand, name), plan[name])
    found["units"] = lists([one.unit for one in hand.units], [one["unit"] for one in plan["units"]])
    for name in ("lead", "partners", "time", "product"):
        found[f"task {name}"] = in_tasks(hand, plan, name)
    return found


def key(text: str) -> str:
    return fold(normalise(text))


def meaning(text: str | None) -> set[str]:
    plain = " ".join(_SHORT.get(word, word) for word in re.findall(r"\w+", key(text or "")))
    return {word for word in plain.split() if word not in _EMPTY_WORDS}


def share(wanted: str | None, told: str | None) -> float:
    words = meaning(wanted)
    return len(words & meaning(told)) / len(words) if words else 1.0


def equal(hand: Any, ours: Any) -> str:
    return SAME if hand == ours else EMPTY if ours in (None, "", []) else OTHER


def own(draft: PlanDraft, name: str, hand: str | None) -> str:
    offered = [
        choice.set.get(name) for question in draft.questions if question.about == name for choice in question.choices
    ]
    return ASKED if hand in offered and hand else equal(hand, draft.plan[name])


def numbers(texts: Iterable[str]) -> set[str]:
    found = (re.search(r"\d+(?:/\d{4})?[-/][A-ZĐ][\w/-]*|Đề án \d+", text) for text in texts)
    return {re.sub(r"[-/]", "/", match[0].upper()) for match in found if match}


def indices(texts: Iterable[str]) -> set[str]:
    return {(re.search(r"\(([A-Z ]{3,})\)", text) or re.search(r"(.{18})", key(text)))[1] for text in texts}  # type: ignore[index]


def parts(hand: set[Any], ours: set[Any], hand_count: int = 0, our_count: int = 0) -> str:
    if hand == ours and hand_count == our_count:
        return SAME
    return (
        EMPTY
        if not ours
        else f"{PARTLY} {len(hand & ours)}/{len(hand)}" + (f" +{len(ours - hand)}" if ours - hand else "")
    )


def lists(hand: list[str], ours: list[str]) -> str:
    if not hand and not ours:
        return SAME
    if not ours:
        return EMPTY
    told = sum(max(share(one, other) for other in ours) >= 0.5 for one in hand)
    return SAME if told == len(hand) and len(ours) == len(hand) else f"{PARTLY} {told}/{len(hand)} ({len(ours)})"


def words_of(hand: str | None, ours: str | None) -> str:
    if not hand or not ours:
        return equal(hand, ours)
    return SAME if share(hand, ours) >= 0.4 else OTHER


def in_tasks(hand: Plan, plan: dict[str, Any], name: str) -> str:
    """
    Compare one column of the tasks that bear the same number, or where there is no table, that are most alike.
    """
    pairs = []
    for task in hand.tasks:
        number = task.id.rpartition("-")[2]
        same = (
            [one for one in plan["tasks"] if one["id"].rpartition("-")[2] == number]
            if len(hand.tasks) == len(plan["tasks"])
            else []
        )
        best = (
            same[0]
            if same
            else max(
                plan["tasks"],
                key=lambda one: share(task.task, one["task"]) + (share(task.lead, one["lead"]) if task.lead else 0),
                default=None,
            )
        )
        if best is not None:
            pairs.append((getattr(task, name), best[name]))
    good = sum(
        (not one and not other) or (bool(one) and bool(other) and share(one, other) >= 0.5) for one, other in pairs
    )
    return SAME if good == len(hand.tasks) else f"{PARTLY} {good}/{len(hand.tasks)}"
