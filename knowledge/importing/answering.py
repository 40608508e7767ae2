"""
The answers to a draft's questions, put into its plan. Pure.
"""

import re
from copy import deepcopy
from typing import Any

from knowledge.importing.draft import Choice, PlanDraft, Question


def answered(draft: PlanDraft) -> dict[str, Any]:
    """
    Return the plan with the answers to its questions put in: values first, then words, then what is taken out.
    """
    plan = deepcopy(draft.plan)
    chosen = [(question, _choice(question)) for question in draft.questions if question.answer not in (None, "")]
    for _, choice in chosen:
        for path, value in choice.set.items():
            _put(plan, path, value)
    for _, choice in chosen:
        if len(choice.replace) == 2 and choice.replace[0]:
            plan = _everywhere(plan, choice.replace[0], choice.replace[1], choice.only)
    for path in sorted(
        {path for _, choice in chosen for path in choice.drop},
        key=lambda path: (path.partition(".")[0], -int(path.rpartition(".")[2])),
    ):
        _take_out(plan, path)
    return plan


def _choice(question: Question) -> Choice:
    if isinstance(question.answer, int):
        return question.choices[question.answer - 1]
    said = str(question.answer).strip()
    if question.words:
        return Choice(say=said, replace=[question.words, said])
    value: Any = int(said) if question.field == "year" and said.isdigit() else said
    return Choice(say=said, set={question.field: value} if question.field else {})


def _put(plan: dict[str, Any], path: str, value: Any) -> None:
    *parents, last = path.split(".")
    place: Any = plan
    for name in parents:
        place = place[int(name)] if isinstance(place, list) else place[name]
    if isinstance(place, list):
        place[int(last)] = value
    else:
        place[last] = value


def _everywhere(value: Any, was: str, put: str, only: str | None, path: str = "") -> Any:
    if isinstance(value, str):
        return value.replace(was, put) if only is None or path == only or path.startswith(f"{only}.") else value
    if isinstance(value, list):
        return [_everywhere(one, was, put, only, f"{path}.{place}".lstrip(".")) for place, one in enumerate(value)]
    if isinstance(value, dict):
        return {
            key: one if key in ("id", "questions") else _everywhere(one, was, put, only, f"{path}.{key}".lstrip("."))
            for key, one in value.items()
        }
    return value


def _take_out(plan: dict[str, Any], path: str) -> None:
    name, _, place = path.partition(".")
    if re.fullmatch(r"\d+", place) and isinstance(plan.get(name), list) and int(place) < len(plan[name]):
        del plan[name][int(place)]
