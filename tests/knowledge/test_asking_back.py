from collections import defaultdict
from itertools import permutations

import pytest

from actions.phrasing.refusal import DIFFERENCE_CHARS
from knowledge import answer as answers
from knowledge import content as contents
from knowledge.errors import ContentError
from knowledge.outcomes import CLARIFY
from tests.knowledge.conftest import shelve

LONGEST_VARIANT = 66  # two of them and the word between are short enough to be asked


@pytest.fixture(scope="module")
def families(shipped_content):
    """
    The variants of every family of the shared base that has near twins.
    """
    found = defaultdict(list)
    for stored in shipped_content.entries:
        if stored.ward is None and getattr(stored.record, "family", None):
            found[stored.record.family].append((stored.record.id, stored.record.variant))
    return {family: members for family, members in found.items() if len(members) > 1}


def test_every_near_twin_has_a_phrase_that_ends_the_question_what_is_needed(families):
    variants = [(id, variant) for members in families.values() for id, variant in members]

    assert len(families) >= 30
    assert [id for id, variant in variants if not variant] == []
    assert [id for id, variant in variants if len(variant) > LONGEST_VARIANT] == []
    # "Anh/chị cần … hay … ạ?"
    assert [
        id for id, variant in variants if " hay " in variant or variant[-1] in ".?!,;:" or variant[0].isupper()
    ] == []


def test_the_question_about_the_difference_of_any_two_twins_is_short_enough_to_be_asked(families):
    for members in families.values():
        for (_, one), (_, other) in permutations(members, 2):
            assert one != other
            assert len(f"{one} hay {other}") <= DIFFERENCE_CHARS


def test_a_question_that_tells_two_entries_apart_is_one_and_is_short_enough(shipped_content):
    apart = [each for stored in shipped_content.entries for each in getattr(stored.record, "told_apart", [])]

    assert len(apart) >= 3
    assert [
        each.question for each in apart if not each.question.endswith("?") or len(each.question) > DIFFERENCE_CHARS
    ] == []
    assert [each.other for each in apart if not each.this_when or not each.other_when] == []


def twins(folder, *variants: str | None) -> None:
    """
    Write entries of one family, each with its variant or none.
    """
    lines = ["kind: procedure", "field: Thử", "entries:"]
    for number, variant in enumerate(variants):
        told = f", variant: {variant}" if variant else ""
        lines.append(
            f"- {{id: cay-{number}, title: Chặt cây bàng {number}, summary: Cây bàng., family: cay, as_of: '2026-07', sources: [Thử]{told}}}"
        )
    (folder / "common/procedures/cay.yml").write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("variants", "difference"),
    [
        (("cây lớn", "cây nhỏ", "cây chết"), "cây lớn hay cây nhỏ"),
        (("cây lớn", "cây nhỏ", None), "cây lớn hay cây nhỏ"),
        (("cây lớn", None, "cây chết"), None),
        ((None, None), None),
    ],
)
def test_the_two_likeliest_twins_are_named_whatever_a_third_is_called(library_folder, variants, difference):
    twins(library_folder, *variants)
    found = answers.answer(shelve(library_folder, right=0.999), "tay-mau", "chặt cây bàng")

    assert found.outcome == CLARIFY
    assert found.difference == difference
    assert [option["id"] for option in found.options[: len(variants)]] == [
        f"cay-{number}" for number in range(len(variants))
    ]


def test_an_entry_that_is_to_be_told_apart_from_none_is_a_mistake_in_its_file(library_folder):
    apart = "told_apart: [{other: khong-co, question: A hay B?, words: [a]}]"
    path = library_folder / "common/procedures/x.yml"
    path.write_text(
        f"kind: procedure\nfield: Thử\nentries:\n- {{id: x, title: X, summary: X., as_of: '2026-07', {apart}}}\n",
        encoding="utf-8",
    )

    with pytest.raises(ContentError, match=r"x\.yml:4: mục “x”: “told_apart” nhắc đến “khong-co”"):
        contents.read(library_folder)


def test_what_another_ward_has_is_no_entry_to_be_told_apart_from(library_folder):
    apart = "told_apart: [{other: rieng, question: A hay B?, words: [a]}]"
    head = "kind: faq\nentries:\n"
    (library_folder / "wards/dong-mau/faqs").mkdir(exist_ok=True)
    (library_folder / "wards/tay-mau/faqs").mkdir(exist_ok=True)
    (library_folder / "wards/dong-mau/faqs/a.yml").write_text(
        head + "- {id: rieng, title: Riêng, answer: R., as_of: '2026-07'}\n", encoding="utf-8"
    )
    (library_folder / "wards/tay-mau/faqs/b.yml").write_text(
        head + f"- {{id: kia, title: Kia, answer: K., as_of: '2026-07', {apart}}}\n", encoding="utf-8"
    )

    with pytest.raises(ContentError, match="“told_apart” nhắc đến “rieng”"):
        contents.read(library_folder)
