"""
A person's work on a draft: what is in doubt, the answers put into the plan beside what was typed, what is still missing.

A plan is answered and edited at the same time. What an answer changes and what a person typed are put together field by
field; where both changed the same, what was typed stays, and that becomes a doubt of its own.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from knowledge.importing import wound
from knowledge.importing.answering import answered
from knowledge.importing.draft import PlanDraft, Question, Spot, Unread

UNSURE = "nhận dạng chữ không chắc"
_GONE = object()
Answers = Mapping[str, int | str]


@dataclass(frozen=True)
class Doubt:
    """
    What a person must look at. `kind`: question, again (an answer and an edit are at odds), unread, repairs or notes.

    `says` are the choices of a question, `own` whether it takes words of one's own; or the lines of a list.
    """

    id: str
    kind: str
    text: str
    places: Sequence[Spot] = ()
    says: Sequence[str] = ()
    own: bool = False
    answer: int | str | None = None
    looked: bool = False
    spots: Sequence[Sequence[int]] = field(default_factory=tuple)

    @property
    def open(self) -> bool:
        return not self.looked or (self.kind == "question" and self.answer in (None, ""))


def doubts(draft: PlanDraft) -> list[Doubt]:
    """
    Return what is in doubt: what has to be decided first, then what could not be read, then what was repaired.
    """
    return [*_doubts(draft, frozenset(draft.looked))]


def _doubts(draft: PlanDraft, looked: frozenset[str]) -> Iterator[Doubt]:
    for question in draft.questions:
        id, says = f"q-{question.id}", [choice.say for choice in question.choices]
        yield Doubt(
            id, "question", question.question, question.places, says, bool(question.field or question.words),
            question.answer, id in looked,
        )  # fmt: skip
    for number, sentence in enumerate(draft.again):
        id = f"a-{number}"
        yield Doubt(id, "again", sentence, looked=id in looked)
    for id, text, several in _unread(draft):
        places = [Spot(lines=one.lines, where=one.where, text=one.text) for one in several]
        yield Doubt(id, "unread", text, places, [one.around for one in several], looked=id in looked)
    if draft.repairs:
        says = [f"“{one.was}” → “{one.put}” ({wound.WHY[one.why]})" for one in draft.repairs]
        spots = [one.lines for one in draft.repairs]
        yield Doubt("repairs", "repairs", "", says=says, looked="repairs" in looked, spots=spots)
    if draft.notes:
        yield Doubt("notes", "notes", "", says=draft.notes, looked="notes" in looked)


def _unread(draft: PlanDraft) -> Iterator[tuple[str, str, list[Unread]]]:
    """
    Yield (id, why, places): one for each place, but one for all the lines of a scanned page that were read with doubt.
    """
    page_of = {line.n: line.page for line in draft.lines}
    pages: dict[int, list[Unread]] = {}
    for number, one in enumerate(draft.unread):
        page = page_of.get(one.lines[0]) if one.lines else None
        if page is not None and one.why.startswith(UNSURE):
            pages.setdefault(page, []).append(one)
        else:
            yield f"u-{number}", one.why, [one]
    for page, several in pages.items():
        yield f"u-trang-{page}", f"trang {page}: {UNSURE}, đối chiếu {len(several)} dòng với bản quét", several


def result(draft: PlanDraft, answers: Answers | None = None) -> tuple[dict[str, Any], list[str]]:
    """
    Return the plan with all answers in it, and the paths where an answer and what was typed are at odds.

    Args:
        answers: By the question's id; those that the draft carries when none are given.
    """
    given = {one.id: one.answer for one in draft.questions if one.answer not in (None, "")}
    before, now = draft.applied, answers if answers is not None else given
    if draft.as_read is None and not before:
        return _named(_answered(draft, draft.plan, now)), []
    as_read = draft.as_read if draft.as_read is not None else draft.plan
    base, theirs = _answered(draft, as_read, before), _answered(draft, as_read, now)
    merged, at_odds = merge(_named(base), _named(draft.plan), _named(theirs))
    return _named(merged), at_odds


def worked_on(draft: PlanDraft, plan: Mapping[str, Any], answers: Answers, looked: Iterable[str]) -> PlanDraft:
    """
    Return the draft after a person has typed into the plan that was shown, answered, and ticked what was looked at.
    """
    as_read = draft.as_read if draft.as_read is not None else draft.plan
    given = {one.id: one.answer for one in draft.questions if one.answer not in (None, "")}
    typed = draft.model_copy(update={"as_read": as_read, "applied": given, "plan": dict(plan)})
    made, at_odds = result(typed, answers)
    questions = [one.model_copy(update={"answer": answers.get(one.id)}) for one in draft.questions]
    told = [AT_ODDS.format(field=path) for path in at_odds]
    return draft.model_copy(
        update={
            "as_read": as_read, "applied": dict(answers), "plan": made, "questions": questions,
            "again": [*draft.again, *(one for one in told if one not in draft.again)], "looked": sorted(set(looked)),
        }
    )  # fmt: skip


AT_ODDS = (
    "Ô “{field}” đã được sửa tay, và câu trả lời vừa đổi cũng động đến ô ấy: máy giữ chữ sửa tay, anh/chị xem lại."
)


def missing(draft: PlanDraft) -> list[tuple[str, str]]:
    """
    Return (id of the doubt, what has to be done about it) of everything that keeps the draft from becoming a plan.
    """
    told = []
    questions = {f"q-{one.id}": one for one in draft.questions}
    for doubt in doubts(draft):
        problem = _unanswered(questions[doubt.id]) if doubt.id in questions else ""
        if problem:
            told.append((doubt.id, problem))
        elif not doubt.looked:
            told.append((doubt.id, "chưa đánh dấu đã xem"))
    return told


def _unanswered(question: Question) -> str:
    answer = question.answer
    if answer in (None, ""):
        return "chưa trả lời"
    if isinstance(answer, int) and not 1 <= answer <= len(question.choices):
        return f"lựa chọn {answer} không có trong {len(question.choices)} lựa chọn"
    if isinstance(answer, str) and not (question.field or question.words):
        return "chỉ nhận một trong các lựa chọn"
    return ""


def merge(base: Any, mine: Any, theirs: Any, path: str = "") -> tuple[Any, list[str]]:
    """
    Put together what two have made of the same value; return it, and the paths where both changed it. There `mine` stays.
    """
    if _same(mine, base):
        return deepcopy(theirs), []
    if _same(theirs, base) or _same(theirs, mine):
        return mine, []
    if isinstance(base, dict) and isinstance(mine, dict) and isinstance(theirs, dict):
        made, at_odds = {}, []
        for name in dict.fromkeys([*mine, *theirs]):
            one, two, three = (side.get(name, _GONE) for side in (base, mine, theirs))
            value, found = merge(one, two, three, f"{path}.{name}".lstrip("."))
            at_odds += found
            if value is not _GONE:
                made[name] = value
        return made, at_odds
    if isinstance(base, list) and isinstance(mine, list) and isinstance(theirs, list):
        if len(base) == len(mine) == len(theirs):
            pairs = [merge(*sides, path) for sides in zip(base, mine, theirs, strict=True)]
            return [value for value, _ in pairs], list(dict.fromkeys(one for _, found in pairs for one in found))
        if len(base) == len(theirs):  # lines came or went by hand: change those that still stand
            swap = [(was, now) for was, now in zip(base, theirs, strict=True) if not _same(was, now)]
            if all(mine.count(was) == 1 for was, _ in swap):
                return [next((now for was, now in swap if _same(was, one)), one) for one in mine], []
    return mine, [path]


def _same(one: Any, other: Any) -> bool:
    """
    Tell whether two values say the same; a field that is empty and one that is not there do.
    """
    return one == other or (_empty(one) and _empty(other))


def _empty(value: Any) -> bool:
    return value is _GONE or value in (None, "", [], {})


def _answered(draft: PlanDraft, plan: dict[str, Any], answers: Answers) -> dict[str, Any]:
    """
    Return a plan with those answers in it that can be used.
    """
    questions = [one.model_copy(update={"answer": answers.get(one.id)}) for one in draft.questions]
    usable = [one for one in questions if not _unanswered(one)]
    return answered(draft.model_copy(update={"questions": usable, "plan": plan, "as_read": None, "applied": {}}))


def _named(plan: dict[str, Any]) -> dict[str, Any]:
    """
    Return a plan whose id has the year in it that was not known when it was read, and so its parts.
    """
    old, year = str(plan.get("id") or ""), plan.get("year")
    if not old.endswith("-nam") or not year:
        return plan
    new = re.sub(r"-nam$", f"-{year}", old)
    parts = {
        name: [{**one, "id": str(one["id"]).replace(old, new, 1)} for one in plan.get(name) or []]
        for name in ("tasks", "kpis", "facts")
        if plan.get(name)
    }
    return {**plan, **parts, "id": new}
