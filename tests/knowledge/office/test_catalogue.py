"""
The list of entries at the size of a province.
"""

import random
import time
from datetime import date
from pathlib import Path

import pytest

from knowledge.content import Content, Stored
from knowledge.faqs import Faq
from knowledge.office.catalogue import Catalogue, fold

TODAY = date(2026, 11, 20)
SECONDS = 0.05
WORDS = "đăng ký khai sinh kết hôn tạm trú lệ phí hồ sơ giấy chứng nhận đất đai xây dựng hộ nghèo trợ cấp bảo hiểm căn cước thời hạn".split()


def stored(number: int, ward: str | None = None) -> Stored:
    chance = random.Random(number)
    said = [" ".join(chance.sample(WORDS, 6)) for _ in range(8)]
    record = Faq(
        id=f"cau-{number}", title=said[0], answer="A", aliases=said[1:3], questions=said[3:], as_of="2026-07",
        review_by=chance.choice([None, "2026-12-01", "2027-12-01"]), valid_until=chance.choice([None, None, "2026-01"]),
    )  # fmt: skip
    return Stored(record, "faq", ward, Path("x.yml"), 1)


@pytest.fixture(scope="module")
def large() -> Catalogue:
    own = [stored(number, f"phuong-{number % 100}") for number in range(0, 20_000, 40)]
    return Catalogue(Content(entries=[*map(stored, range(20_000)), *own]))


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"text": "khai sinh"},
        {"text": "le phi ket hon"},
        {"state": "expired"},
        {"state": "due"},
        {"text": "cau-1234", "kind": "faq"},
    ],
)
def test_twenty_thousand_entries_are_searched_at_once(large, query):
    took = []
    for _ in range(5):
        began = time.thread_time()
        found = large.search("phuong-40", TODAY, **query)
        took.append(time.thread_time() - began)

    assert found
    assert min(took) < SECONDS, f"{min(took) * 1000:.0f} ms"


def test_what_was_not_read_anew_is_not_listed_anew(large):
    began = time.thread_time()
    again = Catalogue(large.content, large)

    assert time.thread_time() - began < 1
    assert all(row is large.by_key[key] for key, row in again.by_key.items())


def test_a_ward_sees_one_entry_for_each_id(large):
    seen = [row.key.id for row in large.seen("phuong-40")]

    assert len(seen) == len(set(seen)) == 20_000
    assert sum(row.key.ward == "phuong-40" for row in large.seen("phuong-40")) == 100


@pytest.mark.parametrize(
    ("typed", "found"),
    [("Kỹ", "ki"), ("kĩ", "ki"), ("ĐĂNG KÝ", "dang ki"), ("Đăng ký", "dang ki"), ("1.001193", "1.001193")],
)
def test_marks_case_and_the_two_ways_of_i_do_not_matter(typed, found):
    assert fold(typed) == found
