"""
What an answer changes and what a person typed, put together; and what keeps a draft from becoming a plan.
"""

import pytest

from knowledge.importing import review
from knowledge.importing.draft import Unread


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "made", "at_odds"),
    [
        ("a", "a", "b", "b", []),
        ("a", "b", "a", "b", []),
        ("a", "b", "b", "b", []),
        ("a", "b", "c", "b", ["x"]),
        (None, "", "b", "b", []),
        ({"p": "1", "q": "2"}, {"p": "1", "q": "9"}, {"p": "7", "q": "2"}, {"p": "7", "q": "9"}, []),
        ({"p": "1"}, {}, {"p": "2"}, {}, ["x.p"]),
        ([1, 2], [1, 5], [4, 2], [4, 5], []),
        ([1, 2], [1, 2, 3], [1, 4], [1, 4, 3], []),
        ([1, 2], [1, 2, 3], [1], [1, 2, 3], ["x"]),
        ([1, 2], [9, 3, 4], [1, 5], [9, 3, 4], ["x"]),
    ],
)
def test_two_hands_on_one_value_are_put_together_or_the_typed_one_stays_and_it_is_said(
    base, mine, theirs, made, at_odds
):
    assert review.merge(base, mine, theirs, "x") == (made, at_odds)


def test_a_year_that_was_asked_for_names_the_plan_and_its_parts(messy):
    plan = {**messy.plan, "id": "plan-dong-mau-nam", "year": None}
    plan["tasks"] = [{**plan["tasks"][0], "id": "plan-dong-mau-nam-nhiem-vu-1"}]
    year = messy.questions[0].model_copy(
        update={"id": "nam-ke-hoach", "field": "year", "choices": [], "words": None, "answer": None}
    )
    draft = messy.model_copy(update={"plan": plan, "questions": [year]})

    worked = review.worked_on(draft, plan, {"nam-ke-hoach": "2027"}, [])

    assert (worked.plan["id"], worked.plan["year"]) == ("plan-dong-mau-2027", 2027)
    assert worked.plan["tasks"][0]["id"] == "plan-dong-mau-2027-nhiem-vu-1"
    assert review.result(worked)[0]["id"] == "plan-dong-mau-2027", "once more changes nothing"


def test_everything_is_missing_until_it_is_answered_and_looked_at(messy):
    ids = [one.id for one in review.doubts(messy)]
    assert [id for id, _ in review.missing(messy)] == ids
    answers = {question.id: 1 for question in messy.questions}
    worked = review.worked_on(messy, messy.plan, answers, ids)
    assert review.missing(worked) == []
    wrong = review.worked_on(worked, worked.plan, {**answers, "van-ban-1": 99}, ids)
    assert [id for id, _ in review.missing(wrong)] == ["q-van-ban-1"]


def test_doubtful_lines_of_a_scanned_page_are_one_thing_to_look_at(messy):
    lines = [line.model_copy(update={"page": 1 if line.n < 20 else 2}) for line in messy.lines]
    unread = [
        Unread(lines=[n], where=f"dòng {n}", text="x", around="", why=f"{review.UNSURE} (40%), đối chiếu")
        for n in (1, 3, 25)
    ] + [Unread(lines=[5], where="dòng 5", text="y", around="", why="không đọc được")]
    draft = messy.model_copy(update={"lines": lines, "unread": unread})

    found = [one for one in review.doubts(draft) if one.kind == "unread"]

    assert [(one.id, len(one.places)) for one in found] == [("u-3", 1), ("u-trang-1", 2), ("u-trang-2", 1)]
