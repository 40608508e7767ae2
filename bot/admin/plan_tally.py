"""
Pure: what was done for each task and figure of a plan, counted from the announcements that serve it, and what is late.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any, Literal, NamedTuple

from bot.admin import plan_periods
from bot.admin.announcement_reading import Plan, PlanTask
from bot.admin.plan_periods import Period

# done; late: it is over and not enough was done; now: it runs; later: it has not begun.
Standing = Literal["done", "late", "now", "later"]
_NEWS = re.compile(r"\b(?:tin|bài)\b", re.IGNORECASE)
_NUMBER = re.compile(r"\d{1,4}")


class Served(NamedTuple):
    """
    An announcement that went out, and on what day.
    """

    id: int
    title: str
    day: date
    tasks: tuple[str, ...]


class Step(NamedTuple):
    period: Period
    times: int
    wanted: int
    standing: Standing


class TaskTally(NamedTuple):
    task: PlanTask
    steps: list[Step]
    served: list[Served]

    @property
    def late(self) -> bool:
        return any(one.standing == "late" for one in self.steps)

    @property
    def done(self) -> bool:
        return all(one.standing == "done" for one in self.steps)


class FigureTally(NamedTuple):
    """
    `steps` is empty for a figure that no announcement can be counted for.
    """

    text: str
    steps: list[Step]

    @property
    def late(self) -> bool:
        return any(one.standing == "late" for one in self.steps)


def tasks(plan: Plan, served: Sequence[Served], *, today: date) -> list[TaskTally]:
    """
    Return the plan's tasks in its order.
    """
    found: list[TaskTally] = []
    for task in plan.tasks:
        mine = [one for one in served if task.key in one.tasks]
        periods = plan_periods.due(task.time, plan.year)
        found.append(TaskTally(task, [_step(one, mine, 1, today) for one in periods], mine))
    return found


def figures(plan: Plan, served: Sequence[Served], *, today: date) -> list[FigureTally]:
    """
    Return the plan's figures; news items are counted from announcements that serve any task of this plan.
    """
    mine = [one for one in served if any(key.startswith(f"{plan.id}/") for key in one.tasks)]
    found: list[FigureTally] = []
    for kpi in plan.kpis:
        text = str(kpi.get("text") or "")
        wanted = _wanted(kpi)
        periods = _periods(text, plan.year) if wanted else []
        found.append(FigureTally(text, [_step(one, mine, wanted or 0, today) for one in periods]))
    return found


def _wanted(kpi: dict[str, Any]) -> int | None:
    """
    Return how many items a figure asks for; None when it is about something else.
    """
    unit = str(kpi.get("unit") or "")
    number = _NUMBER.fullmatch(str(kpi.get("value") or "").strip())
    return int(number[0]) if number and _NEWS.search(unit) else None


def _periods(text: str, year: int) -> list[Period]:
    lower = text.casefold()
    if re.search(r"(?:mỗi|hằng|hàng|một) quý", lower):
        return plan_periods.quarters(year)
    if re.search(r"(?:mỗi|hằng|hàng|một) tháng", lower):
        return plan_periods.months(year)
    return [plan_periods.whole(year)]


def _step(period: Period, served: Sequence[Served], wanted: int, today: date) -> Step:
    times = sum(period.begins <= one.day <= period.ends for one in served)
    standing: Standing = "now"
    if times >= wanted:
        standing = "done"
    elif period.ends < today:
        standing = "late"
    elif period.begins > today:
        standing = "later"
    return Step(period, times, wanted, standing)
