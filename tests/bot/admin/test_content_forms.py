from __future__ import annotations

from pathlib import Path
from typing import Any

import jinja2
import pytest

from bot.admin import content_forms
from bot.admin.content_diff import choices, compared, differences, merged
from bot.admin.content_fields import Field, fields_of, iso_date, number_of, said_dates
from bot.admin.content_forms import Pairs, boxes, posted, read
from bot.admin.look import FOLDER, capital, time_of
from bot.office_api import Mistake
from knowledge import content as contents
from knowledge.office import schema
from knowledge.office.records import MODELS, meaning
from tests.bot.admin.forms import untouched
from tests.fakes.office import FEE

ROOT = Path(__file__).parents[3]
FIELDS = {kind: fields_of(schema.fields(kind)) for kind in MODELS}


def shipped() -> list[tuple[str, dict[str, Any]]]:
    content = contents.read(ROOT / "knowledge/content")
    stored = [*content.entries, *content.plans, *content.wards.values()]
    return [(one.kind, meaning(one.record)) for one in stored if one.kind in MODELS]


SHIPPED = shipped()


def page() -> jinja2.Template:
    templates = jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER / "templates"), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    templates.filters |= {"capital": capital, "time": time_of}
    return templates.from_string(
        '{% import "content_parts.html" as content %}<form id="entry-form">'
        '{% for one in boxes %}{{ content.box(one, "", "/x") }}{% endfor %}</form>'
    )


PAGE = page()


def shown(kind: str, entry: dict[str, Any]) -> str:
    """
    The boxes of an entry through the real template.
    """
    return PAGE.render(boxes=boxes(FIELDS[kind], entry))


def in_order(entry: dict[str, Any]) -> dict[str, Any]:
    return {**entry, "unverified": sorted(entry.get("unverified", []))}


def test_all_that_is_shipped_is_looked_at():
    assert len(SHIPPED) >= 229
    assert {kind for kind, _ in SHIPPED} == set(MODELS)


@pytest.mark.parametrize(
    ("kind", "entry"), SHIPPED, ids=[f"{kind}-{one.get('id', one.get('slug'))}" for kind, one in SHIPPED]
)
def test_an_entry_comes_through_its_form_unchanged(kind: str, entry: dict[str, Any]):
    pairs = untouched(shown(kind, entry))

    assert read(FIELDS[kind], Pairs(pairs), entry) == entry
    # Not because the form was compared with what it was made of: from nothing it says the same, but for the order of ticks.
    assert in_order(read(FIELDS[kind], Pairs(pairs), {})) == in_order(entry)
    assert sorted(pairs) == sorted(posted(boxes(FIELDS[kind], entry)))


def test_what_a_form_did_not_carry_stays_as_it_was():
    pairs = Pairs([("e.fee.text", "5.000 đồng mỗi trang.")])

    entry = read(FIELDS["procedure"], pairs, FEE)

    assert entry["fee"] == {"text": "5.000 đồng mỗi trang.", "exemptions": ["Hộ nghèo"]}
    assert {**entry, "fee": 0} == {**FEE, "fee": 0}


def test_texts_that_no_box_can_hold_stay_as_long_as_nobody_touches_them():
    entry = {**FEE, "notes": ["Hai\ndòng một ý", " thụt vào"], "summary": "Một câu.\n\n\nCâu nữa.  "}

    assert read(FIELDS["procedure"], Pairs(untouched(shown("procedure", entry))), entry) == entry


def test_numbers_and_days_are_taken_as_people_write_them():
    assert [number_of(text) for text in ("50000", "50.000", "50.000 đồng", "1,5", "1.5", "-3", "hai", "5.0000")] == [
        50000, 50000, 50000, 1.5, 1.5, -3, "hai", 5.0,
    ]  # fmt: skip
    said = ("20/11/2026", "1/2/2026", "ngày 3-4-2026", "11/2026", "tháng 1/2026", "2026-11-20", "2026-11", "mai")
    assert [iso_date(text) for text in said] == [
        "2026-11-20", "2026-02-01", "2026-04-03", "2026-11", "2026-01", "2026-11-20", "2026-11", "mai",
    ]  # fmt: skip
    assert said_dates("ví dụ 2026-11-20 hoặc 2026-11.") == "ví dụ 20/11/2026 hoặc 11/2026."


def test_an_emptied_box_says_nothing_and_takes_its_group_along():
    fields = FIELDS["procedure"]
    pairs = [(name, "" if name.startswith("e.fee") else value) for name, value in posted(boxes(fields, FEE))]

    assert "fee" not in read(fields, Pairs(pairs), FEE)


def test_lines_of_a_table_are_added_and_left_out():
    pairs = posted(boxes(FIELDS["procedure"], FEE))
    pairs = [(name, "" if name.startswith("e.papers.1.") else value) for name, value in pairs]
    pairs += [("e.papers.7.text", "Tờ khai"), ("e.papers.7.form", "Mẫu 01")]

    entry = read(FIELDS["procedure"], Pairs(pairs), FEE)

    assert entry["papers"] == [FEE["papers"][1], {"text": "Tờ khai", "form": "Mẫu 01"}]


def test_a_new_line_of_a_plan_gets_an_id_of_its_own():
    plan = next(entry for kind, entry in SHIPPED if kind == "plan")
    pairs = [
        *posted(boxes(FIELDS["plan"], plan)),
        ("e.facts.900.text", "Năm nay có hai đợt."),
        ("e.facts.901.text", "Và một đợt nữa."),
    ]

    facts = read(FIELDS["plan"], Pairs(pairs), plan)["facts"]

    assert facts[:-2] == plan["facts"]
    assert len({one["id"] for one in facts}) == len(facts)
    assert facts[-1]["id"].startswith(plan["id"])


def test_a_mistake_finds_its_box_and_one_without_a_box_the_form():
    made = boxes(FIELDS["procedure"], FEE)
    mistakes = [Mistake("papers.2.text", "A"), Mistake("questions.3", "B"), Mistake("cases.1.questions.1", "C"),
                Mistake("fee", "D"), Mistake("nonsense", "E 2026-11-20")]  # fmt: skip

    found = content_forms.place(mistakes, made)

    assert found == [("f-papers-2-text", "A"), ("f-questions", "B"), ("f-cases-1-questions", "C"), ("f-fee-text", "D"),
                     ("entry-form", "E 20/11/2026")]  # fmt: skip
    assert {box.path: box.problem for one in made for box in one.inside() if box.problem} == {
        "papers.2.text": "A", "questions": "B", "cases.1.questions": "C", "fee.text": "D",
    }  # fmt: skip


def test_the_id_of_a_new_entry_is_made_of_its_title():
    assert content_forms.slug_of("Đến phường gửi xe ở đâu?") == "den-phuong-gui-xe-o-dau"
    assert content_forms.slug_of("???") == ""
    assert len(content_forms.slug_of("một câu rất dài " * 20)) <= content_forms.MAX_ID


def test_what_two_editors_changed_is_told_apart():
    fields = FIELDS["procedure"]
    mine = {**FEE, "title": "Sao y", "summary": "Của tôi."}
    theirs = {**FEE, "summary": "Của họ.", "place": "Tầng 2"}

    found = {one.field.name: one.by for one in choices(fields, FEE, mine, theirs)}

    assert found == {"title": "mine", "summary": "both", "place": "theirs"}
    both = merged(fields, mine, theirs, {"title": "mine", "summary": "mine", "place": "theirs"})
    assert both == {**FEE, "title": "Sao y", "summary": "Của tôi.", "place": "Tầng 2"}
    assert merged(fields, {**FEE, "fee": {"text": "x"}}, FEE, {"fee.exemptions": "mine"})["fee"] == {
        "text": FEE["fee"]["text"]
    }


def test_a_difference_is_shown_word_by_word_or_line_by_line():
    before, after = compared(["Lệ phí là 2.000 đồng", "giữ"], ["Lệ phí là 5.000 đồng", "giữ", "mới"])

    assert [[(one.text, one.changed) for one in line] for line in before] == [
        [("Lệ phí là ", False), ("2.000 ", True), ("đồng", False)],
        [("giữ", False)],
    ]
    assert [one.text for line in after for one in line if one.changed] == ["5.000 ", "mới"]
    one = differences(FIELDS["procedure"], FEE, {**FEE, "papers": FEE["papers"][:1]})
    assert [each.field.label for each in one] == ["Thành phần hồ sơ"]
    assert one[0].before[1][0].text == "Bản sao cần chứng thực; Số lượng: Theo nhu cầu"


def test_values_read_as_staff_say_them():
    by_name: dict[str, Field] = {one.name: one for one in FIELDS["procedure"]}

    assert by_name["post"].said(True) == ["Có"]
    assert by_name["online.level"].said("full") == ["Toàn trình"]
    assert by_name["fee.dong"].said(150000) == ["150.000"]
    assert by_name["as_of"].said("2026-11") == ["11/2026"]
    assert by_name["unverified"].said(["fee"]) == ["Phí, lệ phí"]
