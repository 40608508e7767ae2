"""
When the tasks of real plans are due, and what counts as late.
"""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.admin import plan_periods, plan_tally
from bot.admin.announcement_reading import Plan, PlanTask
from bot.admin.plan_tally import Served

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("time", "expected"),
    [
        ("Hằng quý", ["quý I", "quý II", "quý III", "quý IV"]),
        ("Hằng quý, 6 tháng, năm", ["quý I", "quý II", "quý III", "quý IV"]),
        ("Hàng quý", ["quý I", "quý II", "quý III", "quý IV"]),
        ("Quý II và quý III/2026", ["quý II", "quý III"]),
        ("Quý II, III năm 2026", ["quý II", "quý III"]),
        ("Quý I - IV", ["quý I", "quý II", "quý III", "quý IV"]),
        ("Quý 4/2026", ["quý IV"]),
        ("Quý III/2026", ["quý III"]),
        ("Thường xuyên; cao điểm trong quý I/2026", ["quý I"]),
        ("Tháng 3, tháng 9", ["tháng 3", "tháng 9"]),
        ("Chậm nhất ngày 15/3/2026", ["đến 15/03/2026"]),
        ("Trước 30/6", ["đến 30/06/2026"]),
        ("Cả năm 2026", ["năm 2026"]),
        ("Thường xuyên", ["năm 2026"]),
        ("", ["năm 2026"]),
    ],
)
def test_a_time_is_read_as_a_person_reads_it(time: str, expected: list[str]):
    assert [one.label for one in plan_periods.due(time, 2026)] == expected


def test_every_month_is_twelve_times():
    found = plan_periods.due("Hằng tháng trong năm 2026", 2026)

    assert [one.label for one in found] == [f"tháng {number}" for number in range(1, 13)]
    assert [str(found[1].begins), str(found[1].ends), str(found[11].ends)] == ["2026-02-01", "2026-02-28", "2026-12-31"]


@given(st.text(max_size=40), st.integers(2000, 2100))
def test_any_words_give_periods_in_order(time: str, year: int):
    found = plan_periods.due(time, year)

    assert found
    assert all(one.begins <= one.ends for one in found)


def test_a_period_that_is_over_without_anything_done_is_late():
    task = PlanTask("p/a", "Hướng dẫn nộp hồ sơ", "", "Hằng quý", "")
    plan = Plan("p", "Kế hoạch", 2026, [task], [])
    served = [Served(1, "Buổi ở khu phố 1", date(2026, 2, 3), ("p/a",)), Served(2, "Khác", date(2026, 5, 3), ("p/b",))]

    (tally,) = plan_tally.tasks(plan, served, today=TODAY)

    assert [one.standing for one in tally.steps] == ["done", "late", "late", "now"]
    assert tally.late
    assert not tally.done


@pytest.mark.parametrize(
    ("text", "value", "unit", "expected"),
    [
        ("Mỗi năm phải đăng tối thiểu 12 tin, bài", "12", "tin, bài", [("now", 1, 12)]),
        ("Mỗi quý phải có ít nhất 01 tin, bài", "1", "tin, bài",
         [("done", 1, 1), ("late", 0, 1), ("late", 0, 1), ("now", 0, 1)]),
        ("100% thủ tục được niêm yết", "100", "%", []),
        ("Tổ chức 5 buổi hướng dẫn", 5, "buổi", []),
    ],
)  # fmt: skip
def test_figures_about_news_are_counted_and_others_are_left_to_people(
    text: str, value: object, unit: str, expected: list[tuple[str, int, int]]
):
    plan = Plan("p", "Kế hoạch", 2026, [], [{"id": "k", "text": text, "value": value, "unit": unit}])
    served = [Served(1, "Tin", date(2026, 2, 3), ("p/a",)), Served(2, "Của kế hoạch khác", TODAY, ("q/a",))]

    (tally,) = plan_tally.figures(plan, served, today=TODAY)

    assert [(one.standing, one.times, one.wanted) for one in tally.steps] == expected
