from datetime import date

import pytest
from pydantic import ValidationError

from knowledge.entries import Entry


def entry(**changed):
    return Entry.model_validate({"id": "a", "title": "A", "as_of": "2026-07", **changed})


@pytest.mark.parametrize(
    ("valid_until", "today", "expired"),
    [
        (None, date(2099, 1, 1), False),
        ("2026-08-31", date(2026, 8, 31), False),
        ("2026-08-31", date(2026, 9, 1), True),
        ("2026-08", date(2026, 8, 31), False),
        ("2026-08", date(2026, 9, 1), True),
        ("2027-03-01", date(2026, 11, 20), False),
    ],
)
def test_an_entry_is_valid_through_the_last_day_it_names(valid_until, today, expired):
    assert entry(valid_until=valid_until).expired(today) is expired


@pytest.mark.parametrize("value", ["2026-07", "2026-11-20", "2024-02-29"])
def test_a_date_is_a_day_or_a_month(value):
    assert entry(as_of=value).as_of == value


@pytest.mark.parametrize("value", ["2026", "20/11/2026", "2026-2-3", "2025-02-29", "2026-13", "hôm nay", ""])
def test_anything_else_is_no_date(value):
    with pytest.raises(ValidationError):
        entry(as_of=value)


@pytest.mark.parametrize("id", ["khai-sinh", "plan-hoa-binh", "112", "a"])
def test_an_id_is_a_slug(id):
    assert entry(id=id).id == id


@pytest.mark.parametrize("id", ["Khai-Sinh", "khai_sinh", "khai sinh", "khaí", "-a", "a-", "a--b", ""])
def test_anything_else_is_no_id(id):
    with pytest.raises(ValidationError):
        entry(id=id)


def test_space_around_a_text_is_not_part_of_it():
    assert entry(title="  Tên  ").title == "Tên"
