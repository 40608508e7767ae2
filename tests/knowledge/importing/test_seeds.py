"""
The five real plans of the project's shared folder: everything accounted for, beside the same plans entered by hand.
"""

import re

import pytest

from knowledge.importing import report
from tests.knowledge.conftest import FACTS
from tests.knowledge.importing.agreement import ASKED, SAME, agreement
from tests.knowledge.importing.test_plan import check_account

SEEDS = FACTS.parent / "seeds"
WARDS = ("hai-hoa", "thinh-liet", "hoa-binh", "tien-tien", "long-anh")
pytestmark = pytest.mark.shared
EXACT = ("title", "year", "number", "date", "signer", "position", "basis", "emphasis", "indices", "kpis")
# By hand the index was named by its abbreviation, which this plan nowhere writes.
APART = {("long-anh", "indices")}


@pytest.fixture(scope="module")
def drafts(imported, shipped_content):
    if not SEEDS.is_dir():
        pytest.skip("the project's shared folder is not here, so there are no real plans to read")
    files = sorted(SEEDS.glob("*.txt"))
    return {ward: imported(file, shipped_content.wards[ward].record) for ward, file in zip(WARDS, files, strict=True)}


@pytest.fixture(scope="module")
def by_hand(shipped_content):
    return {stored.ward: stored.record for stored in shipped_content.plans}


@pytest.mark.parametrize("ward", WARDS)
def test_every_line_is_accounted_for_and_none_is_unread(drafts, ward):
    check_account(drafts[ward])
    assert drafts[ward].unread == []


@pytest.mark.parametrize("ward", WARDS)
def test_what_has_to_be_equal_is_equal_to_what_was_entered_by_hand_or_asked(drafts, by_hand, ward):
    found = agreement(drafts[ward], by_hand[ward])

    assert {
        name: state
        for name, state in found.items()
        if name in EXACT and state not in (SAME, ASKED) and (ward, name) not in APART
    } == {}


@pytest.mark.parametrize("ward", [ward for ward in WARDS if ward not in ("thinh-liet", "long-anh")])
def test_the_table_of_tasks_is_the_one_entered_by_hand(drafts, by_hand, ward):
    found = agreement(drafts[ward], by_hand[ward])

    assert [found[name] for name in ("tasks", "task lead", "task partners", "task time")] == [SAME] * 4


@pytest.mark.parametrize("ward", WARDS)
def test_no_find_and_replace_wound_is_left(drafts, ward):
    told = str({key: value for key, value in drafts[ward].plan.items() if key != "to_check"})

    assert not re.search(r"khu phố (?:tin|qua)|liên khu phố|truyền khu phố|tuyên tuyền|Công thông tin|[а-я]|;;", told)


@pytest.mark.parametrize(
    ("ward", "words"),
    [
        ("hai-hoa", ["47/KH-UBND", "23/CT-UBND", "468/QĐ-TTg", "từ 4 sang 7", "20230", "Hải Hòa Cái"]),
        ("thinh-liet", ["không có bảng nhiệm vụ"]),
        ("hoa-binh", ["15/7/2025 và ngày 15/8/2025", "nơi nào ban hành"]),
        (
            "tien-tien",
            [
                "02/KH-UBND và 01/KH-UBND",
                "02/01/2024 và 01/01/2024",
                "61/2024/NĐ-CP",
                "thiếu năm",
                "22-CTTr/TU",
                "xã, xã",
                "Nam Đồng",
            ],
        ),
        ("long-anh", ["không có bảng nhiệm vụ", "thủ tịch"]),
    ],
)
def test_the_oddities_that_the_researchers_listed_are_asked(drafts, ward, words):
    asked = " ".join(question.question for question in drafts[ward].questions)

    assert [word for word in words if word not in asked] == []


def test_the_table_for_the_record(drafts, by_hand):
    """
    Prints what docs/decisions quotes: `pytest tests/knowledge/importing/test_seeds.py -k record -s`.
    """
    found = {ward: agreement(drafts[ward], by_hand[ward]) for ward in WARDS}
    for use in report.USES:
        print(f"| {use} | " + " | ".join(str(report.account(drafts[ward])[use]) for ward in WARDS) + " |")
    for name in found[WARDS[0]]:
        print(f"| {name} | " + " | ".join(found[ward][name] for ward in WARDS) + " |")

    assert sum(state in (SAME, ASKED) for ward in WARDS for state in found[ward].values()) >= 60
