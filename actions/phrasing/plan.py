"""
The ward's plan: one of its sections, tasks, figures or facts, under the plan's name, number and date.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from actions.phrasing.bubbles import Bubble, Line, line
from actions.phrasing.source import source

Content = Mapping[str, Any]

ITEMS_SHOWN = 10
WHOLE = "plan"  # the section that stands for the plan as a whole: only there is it said how an old plan is to be read
TASK_FIELDS = ("lead", "partners", "time", "product")


def plan(finding: Mapping[str, Any], ward: Content) -> Bubble:
    """
    Phrase one finding of kind plan; its content holds a text, items, a task or a figure.
    """
    content = finding["content"]
    name = content.get("plan_title") or finding["entry"]["title"]
    lines = [_heading(str(name), content)]
    items = content.get("items") or content.get("tasks")
    if content.get("text"):
        lines.append(line("utter_plan_text", text=str(content["text"])))
    if items:
        section = str(content.get("title") or "").removesuffix(f" – {name}").rstrip(":")
        if section and section != name:
            lines.append(line("utter_plan_section", section=section))
        lines += _items(items)
    elif content.get("task"):
        lines += _task(content["task"])
    elif content.get("kpi"):
        lines.append(_kpi(content["kpi"]))
    if content.get("section") == WHOLE and content.get("status"):
        lines.append(line("utter_plan_text", text=str(content["status"])))
    return Bubble((*lines, source(finding)))


def _heading(name: str, content: Content) -> Line:
    number, date = content.get("number"), content.get("date")
    if number and date:
        return line("utter_plan_number_date", plan=name, number=str(number), date=str(date))
    if number:
        return line("utter_plan_number", plan=name, number=str(number))
    return line("utter_plan_date", plan=name, date=str(date)) if date else line("utter_title", title=name)


def _items(items: Sequence[Any]) -> list[Line]:
    lines = [_item(item) for item in items[:ITEMS_SHOWN]]
    more = len(items) - ITEMS_SHOWN
    return lines + ([line("utter_plan_more", count=str(more))] if more > 0 else [])


def _item(item: Any) -> Line:
    """
    One line of a list: a text, a unit with its work, a task with its time, or a figure.
    """
    if not isinstance(item, Mapping):
        return line("utter_bullet", item=str(item))
    head = item.get("unit") if item.get("work") else item.get("task") or item.get("text") or item.get("name")
    detail = item.get("work") or item.get("time") or item.get("position") or _measure(item)
    if head and detail:
        return line("utter_bullet_pair", item=str(head), detail=str(detail))
    return line("utter_bullet", item=str(head or detail or ""))


def _task(task: Content) -> list[Line]:
    lines = [line("utter_plan_task", task=str(task["task"]))]
    return lines + [line(f"utter_plan_{name}", **{name: str(task[name])}) for name in TASK_FIELDS if task.get(name)]


def _kpi(kpi: Content) -> Line:
    measure = _measure(kpi)
    if not measure or measure in str(kpi["text"]):
        return line("utter_plan_text", text=str(kpi["text"]))
    return line("utter_plan_measure", text=str(kpi["text"]).rstrip("."), value=measure)


def _measure(kpi: Content) -> str:
    """
    Return value and unit as one reads them: "100%", "4 tin bài"; empty when there is no value.
    """
    value, unit = kpi.get("value"), str(kpi.get("unit") or "")
    if value in (None, ""):
        return ""
    return f"{value}%" if unit == "%" else f"{value} {unit}".strip()
