"""
The plans we ship, against the facts they were written from; and a plan's parts, each with an id of its own.
"""

from typing import get_args

import pytest

from knowledge.library import PlanPart
from knowledge.passages import SECTION_TITLES, section_id
from knowledge.plans import Plan, Section
from tests.knowledge.conftest import numbers

UNSEARCHED = {"questions", "id", "covers", "as_of", "review_by", "valid_until", "to_check"}


@pytest.fixture(scope="session")
def plans(shipped_content):
    return {stored.record.id: stored for stored in shipped_content.plans}


def parts_of(plan: Plan):
    return [*plan.tasks, *plan.kpis, *plan.facts]


def without(value, names):
    if isinstance(value, dict):
        return {key: without(inner, names) for key, inner in value.items() if key not in names}
    return [without(inner, names) for inner in value] if isinstance(value, list) else value


def test_every_ward_has_its_plan(plans, shipped_content):
    assert {stored.ward for stored in plans.values()} == set(shipped_content.wards)


def test_every_plan_names_its_date_its_source_and_what_to_make_of_its_age(plans):
    lacking = [
        (id, field)
        for id, stored in plans.items()
        for field in ("as_of", "sources", "summary", "status")
        if not getattr(stored.record, field)
    ]

    assert lacking == []


def test_every_task_says_what_and_who_or_when(plans):
    bare = [
        task.id
        for stored in plans.values()
        for task in stored.record.tasks
        if not (task.lead or task.partners or task.time or task.product)
    ]

    assert bare == []


def test_every_section_with_content_and_every_part_can_be_asked_for(plans):
    silent = []
    for id, stored in plans.items():
        plan = stored.record
        silent += [part.id for part in parts_of(plan) if not part.questions]
        for section in ("audience", "contents", "forms", "channels", "indices", "promises", "tasks", "kpis"):
            if getattr(plan, section) and len(plan.questions.get(section, [])) < 3:
                silent.append(section_id(id, section))

    assert silent == []


@pytest.mark.shared
def test_the_five_plans_of_the_facts_are_there_each_in_its_ward(plans, facts):
    for id, fact in facts.plans.items():
        stored = plans[id]
        assert id == f"plan-{stored.ward}"
        assert stored.record.year == fact["year"]
        assert len(stored.record.tasks) == len(fact["tasks"])


@pytest.mark.shared
def test_every_fact_and_kpi_is_findable_under_its_own_slug(plans, facts):
    for id, fact in facts.plans.items():
        plan = plans[id].record
        known = {part.id for part in parts_of(plan)} | {slug for task in plan.tasks for slug in task.covers}
        known |= {slug for covered in plan.covers.values() for slug in covered}
        assert (id, {each["slug"] for each in fact["facts"] + fact["kpi"]} - known) == (id, set())


@pytest.mark.shared
def test_every_kpi_has_the_value_of_the_facts(plans, facts):
    for id, fact in facts.plans.items():
        kpis = {kpi.id: kpi for kpi in plans[id].record.kpis}
        for each in fact["kpi"]:
            if each["slug"] in kpis:
                assert (each["slug"], kpis[each["slug"]].value) == (
                    each["slug"],
                    None if each["gia_tri"] is None else str(each["gia_tri"]),
                )


@pytest.mark.shared
def test_every_number_that_is_told_stands_in_the_same_facts(plans, facts):
    for id, fact in facts.plans.items():
        assert (id, numbers(without(plans[id].record.model_dump(), UNSEARCHED)) - numbers(fact)) == (id, set())


@pytest.mark.shared
def test_what_the_source_leaves_empty_is_left_empty(plans, facts):
    for id, fact in facts.plans.items():
        for task, source in zip(plans[id].record.tasks, fact["tasks"], strict=True):
            for ours, theirs in (
                ("lead", "chu_tri"),
                ("partners", "phoi_hop"),
                ("time", "thoi_gian"),
                ("product", "san_pham"),
            ):
                if not source.get(theirs) or "bỏ trống" in str(source[theirs]):
                    assert (task.id, ours, getattr(task, ours)) == (task.id, ours, None)


def test_the_plan_of_the_fictional_ward_signs_with_no_real_name(plans):
    assert "Mẫu" in plans["plan-phuong-mau"].record.title


# A plan's parts


def test_a_plan_falls_into_parts_that_answer_to_the_plan_and_to_what_they_cover(small):
    parts = small.parts("dong-mau")

    assert parts["plan-dong-mau"].ids == ["plan-dong-mau"]
    assert parts["plan-dong-mau-loa"].ids == ["plan-dong-mau-loa", "plan-dong-mau-phat-thanh", "plan-dong-mau"]
    assert parts["plan-dong-mau--channels"].ids == ["plan-dong-mau--channels", "plan-dong-mau-kenh", "plan-dong-mau"]
    assert "plan-dong-mau-loa" in parts["plan-dong-mau--tasks"].ids
    assert parts["plan-dong-mau-loa"].content["task"] == {
        "id": "plan-dong-mau-loa", "task": "Phát thanh trên loa mỗi tuần", "lead": "Phòng Văn hóa", "partners": None, "time": "Thứ Hai", "product": "Bản tin",
    }  # fmt: skip


def test_a_section_without_content_is_no_part(small):
    assert "plan-dong-mau--budget" not in small.parts("dong-mau")
    assert "plan-dong-mau--emphasis" not in small.parts("dong-mau")


def test_every_part_that_can_be_found_can_be_answered_from(shipped):
    for item in shipped.retriever.index.items:
        if item.kind == "plan":
            assert isinstance(shipped.entry(item.ward, item.id), PlanPart)


def test_a_ward_without_a_plan_has_no_parts(small):
    assert small.parts("tay-mau") == {}


def test_every_section_has_a_title():
    assert set(SECTION_TITLES) == set(get_args(Section))
