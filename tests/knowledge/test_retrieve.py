"""
What we ship must find its own entries; the floors stand in floors.yml.
"""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge import answer as answers
from knowledge import questions
from knowledge.evaluate import evaluate
from knowledge.passages import section_id
from knowledge.text import fold, normalise
from tests.knowledge.conftest import HERE

SOME_WARD = "hoa-binh"  # any ward sees the shared base


def own_questions(library):
    """
    Return (ward, id, question) of every question that an entry or a part of a plan brings itself.
    """
    found = []
    findable = {item.id for item in library.retriever.index.items}
    for stored in library.content.entries:
        asked = [
            *stored.record.questions,
            *(question for case in getattr(stored.record, "cases", []) for question in case.questions),
        ]
        found += [(stored.ward or SOME_WARD, stored.record.id, question) for question in asked]
    for stored in library.content.plans:
        plan = stored.record
        for part in [*plan.tasks, *plan.kpis, *plan.facts]:
            found += [(stored.ward, part.id, question) for question in part.questions]
        for section, asked in plan.questions.items():
            # A section without content has no item, so its questions have nothing to find.
            if section_id(plan.id, section) in findable:
                found += [(stored.ward, section_id(plan.id, section), question) for question in asked]
    return found


def share_found(library, asked):
    """
    Return the share found first, the share among the first five, and those that were not among them.
    """
    first, five, lost = 0, 0, []
    for ward, id, question in asked:
        hits = [hit.item.id for hit in library.retriever.rank(question, ward).hits[:5]]
        first += hits[:1] == [id]
        five += id in hits
        lost += [] if id in hits else [(id, question, hits)]
    return first / len(asked), five / len(asked), lost


def test_every_tenth_own_question_finds_its_entry(shipped, floors):
    first, five, lost = share_found(shipped, own_questions(shipped)[::10])

    assert five >= floors["own_among_five"], lost
    assert first >= floors["own_first"]


def test_every_tenth_own_question_finds_its_entry_without_marks(shipped, floors):
    asked = [(ward, id, fold(normalise(question))) for ward, id, question in own_questions(shipped)[5::10]]

    first, five, lost = share_found(shipped, asked)

    assert five >= floors["own_among_five_unmarked"], lost
    assert first >= floors["own_first_unmarked"]


@pytest.mark.services
def test_every_own_question_finds_its_entry(shipped, floors):
    first, five, lost = share_found(shipped, own_questions(shipped))

    assert five >= floors["own_among_five"], lost
    assert first >= floors["own_first"]


@pytest.fixture(scope="module")
def by_other_hands(shipped):
    """
    What comes of the repository's questions as they stand; asked once, since it takes most of a minute.
    """
    return evaluate(shipped, questions.read(HERE / "questions.tsv", "phuong-mau"))["overall"]


@pytest.mark.services
def test_the_repositorys_questions_are_answered_as_well_as_before(by_other_hands, floors):
    overall = by_other_hands

    assert overall["answered_right"] + overall["asked_back_right"] >= floors["answered_or_offered"]
    assert overall["answered_right"] >= floors["answered_right"]
    assert overall["answered_wrong"] <= floors["answered_wrong_at_most"]
    assert overall["oos_answered"] <= floors["oos_answered_at_most"]


@pytest.mark.services
def test_the_same_questions_without_marks_lose_hardly_anything(shipped, by_other_hands, floors):
    asked = questions.read(HERE / "questions.tsv", "phuong-mau")
    unmarked = [replace(each, turns=tuple(fold(normalise(turn)) for turn in each.turns)) for each in asked]
    plain = evaluate(shipped, unmarked)["overall"]["answered_right"]

    assert by_other_hands["answered_right"] - plain <= floors["loss_without_marks_at_most"]


@pytest.mark.parametrize("question", ["{code}", "thủ tục {code}", "ma {code} can giay to gi"])
def test_every_procedure_answers_to_its_code(shipped, question):
    lost = []
    for stored in shipped.content.entries:
        if stored.kind == "procedure" and stored.ward is None and stored.record.code:
            found = answers.answer(shipped, SOME_WARD, question.format(code=stored.record.code))
            lost += (
                []
                if found.findings and found.findings[0]["entry"]["id"] == stored.record.id
                else [(stored.record.id, found.ids[:1])]
            )

    assert lost == []


words = st.lists(
    st.sampled_from("đăng ký khai sinh kết hôn lệ phí loa zalo tạm trú hộ chiếu xổ số 1.000004 đk ks zzz".split()),
    max_size=8,
)


@given(words.map(" ".join), st.sampled_from(["dong-mau", "tay-mau", None]))
def test_hits_come_best_first_each_once_and_their_shares_add_up_to_one(small, question, ward):
    hits = small.retriever.rank(question, ward).hits

    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    assert len({(hit.item.id, hit.item.ward) for hit in hits}) == len(hits)
    assert not hits or sum(hit.share for hit in hits) == pytest.approx(1, abs=1e-4)


@given(words.map(" ".join))
def test_the_same_question_is_always_ranked_the_same(small, question):
    once, again = (small.retriever.rank(question, "dong-mau") for _ in range(2))

    assert [(hit.item.id, hit.score) for hit in once.hits] == [(hit.item.id, hit.score) for hit in again.hits]
    assert once.unseen == again.unseen


def test_marks_make_no_difference_where_the_encoder_sees_none(small):
    marked = small.retriever.rank("đăng ký tạm trú nộp ở đâu", "tay-mau")
    plain = small.retriever.rank("dang ky tam tru nop o dau", "tay-mau")

    assert [hit.item.id for hit in marked.hits] == [hit.item.id for hit in plain.hits]
