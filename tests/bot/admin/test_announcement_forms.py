"""
What was sent with the form of an announcement, and what keeps it from being submitted.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import MultiDict

from bot.admin import announcement_forms
from bot.admin.announcement_templates import EMPTY, TEMPLATES
from bot.admin.errors import Refused
from bot.admin.look import TIMEZONE
from bot.announcements import submitting
from bot.announcements.announcement import Announcement, Link
from bot.announcements.store import as_dict, from_dict
from bot.announcements.topics import TOPICS
from tests.bot.admin.building import NOW

DRAFT = Announcement(7, "hoa-binh", ("hoa-binh",), "normal", "Tiêm chủng", "Tiêm ngày 25/11.", outlets=("web",))
NAMES = [
    "title", "text", "key_line", "link_title", "link_url", "button_title", "button_url", "topic", "tasks", "kind", "when",
    "send_at", "repeat", "repeat_until", "valid_until", "happens_at", "neighbourhoods", "topics", "channels",
    "hand.messages.text", "made.messages.text", "hand.web", "hand.none.text",
]  # fmt: skip


def read(**fields: Any) -> announcement_forms.Sent:
    pairs = [(name, one) for name, some in fields.items() for one in (some if isinstance(some, list) else [some])]
    return announcement_forms.read(MultiDict(pairs), DRAFT, wards=["hoa-binh", "phuong-mau"])


@given(st.lists(st.tuples(st.sampled_from(NAMES), st.text(max_size=60)), max_size=20))
def test_whatever_is_typed_becomes_an_announcement_that_can_be_kept(pairs: list[tuple[str, str]]):
    sent = announcement_forms.read(MultiDict(pairs), DRAFT, wards=["hoa-binh"])

    made = sent.announcement
    assert from_dict(as_dict(made)) == made
    assert (made.id, made.ward, made.wards) == (DRAFT.id, DRAFT.ward, DRAFT.wards)
    announcement_forms.missing(made, now=NOW)


def test_times_are_those_of_the_ward():
    sent = read(when="time", send_at="2026-11-25T08:30", repeat="weekly", repeat_until="2026-12-31")

    assert sent.problems == []
    assert datetime.fromtimestamp(sent.announcement.send_at or 0, TIMEZONE).isoformat() == "2026-11-25T08:30:00+07:00"
    assert announcement_forms.local(sent.announcement.repeat_until) == "2026-12-31T23:59"


@pytest.mark.parametrize("given", ["25/11", "mai", "2026-13-01T00:00"])
def test_a_time_that_is_none_is_told_and_what_was_there_stays(given: str):
    before = replace(DRAFT, valid_until=5.0)

    sent = announcement_forms.read(MultiDict({"valid_until": given}), before, wards=[])

    assert [one.field for one in sent.problems] == ["valid_until"]
    assert sent.announcement.valid_until == 5.0


def test_the_own_ward_cannot_be_left_out_and_foreign_ones_are_refused():
    assert read(wards=["phuong-mau"]).announcement.wards == ("hoa-binh", "phuong-mau")
    with pytest.raises(Refused) as refused:
        read(wards=["hoa-binh", "hai-hoa"])
    assert refused.value.status == 403
    with pytest.raises(Refused):
        read(outlets=["web", "fax"])


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": ""}, "title"),
        ({"text": "Từ [giờ bắt đầu]."}, "text"),
        ({"outlets": ()}, "outlets"),
        ({"send_at": NOW - 1}, "send_at"),
        ({"link": Link("Xem", "javascript:alert(1)")}, "link_url"),
        ({"link": Link("", "https://example.org")}, "link_url"),
        ({"button": Link("Xem", "https://")}, "button_url"),
        ({"repeat": "daily"}, "repeat_until"),
    ],
)
def test_what_is_missing_is_told_at_its_box(change: dict[str, Any], field: str):
    assert announcement_forms.missing(DRAFT, now=NOW) == []
    assert [one.field for one in announcement_forms.missing(replace(DRAFT, **change), now=NOW)] == [field]


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_invents_no_fact(name: str):
    template = TEMPLATES[name]
    draft = announcement_forms.begin(template, "hoa-binh")

    assert draft.topic is None or draft.topic in TOPICS
    # 112 is the number of help for the whole country.
    words = " ".join((template.title, template.text, template.key_line)).replace("112", "")
    assert not any(one.isdigit() for one in words)
    if name != EMPTY:
        assert submitting.blanks(template.text)
