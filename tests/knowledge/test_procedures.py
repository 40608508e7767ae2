"""
The procedures we ship, against the facts they were written from; and what a procedure's file may hold.
"""

import re

import pytest
from pydantic import ValidationError

from knowledge.procedures import Procedure
from tests.knowledge.conftest import numbers

PART_OF_FACT = {"channels": "online", "dossier": "papers", "receiving_body": "place", "law": "basis"}
LEVELS = {"toan_trinh": "full", "mot_phan": "partial", "co": "yes", "khong": "no"}
ALL_PARTS = {
    "fee",
    "time",
    "papers",
    "place",
    "online",
    "conditions",
    "notes",
    "result",
    "applicants",
    "authority",
    "basis",
}
# What is told to a citizen: no dates of our own, no names and questions that only serve to be found.
UNTOLD = {"fallback", "as_of", "review_by", "valid_until", "questions", "aliases", "to_check"}


@pytest.fixture(scope="session")
def procedures(shipped_content):
    return {
        stored.record.id: stored.record
        for stored in shipped_content.entries
        if stored.kind == "procedure" and stored.ward is None
    }


def told(record):
    value = record.model_dump(exclude=UNTOLD)
    value["cases"] = [case.text for case in record.cases]
    return value


def test_every_procedure_names_its_date_its_sources_and_its_basis_and_when_to_look_again(procedures):
    lacking = [
        (id, field)
        for id, record in procedures.items()
        for field in ("as_of", "sources", "legal_basis", "review_by", "summary", "field", "family")
        if not getattr(record, field) and not (field == "legal_basis" and "basis" in record.unverified)
    ]

    assert lacking == []


def test_every_procedure_can_be_found_by_names_and_questions_of_its_own(procedures, shipped_content):
    poor = [
        (id, len(record.aliases), len(record.questions), len(shipped_content.wordings.get(id, [])))
        for id, record in procedures.items()
        if len(record.aliases) < 4 or len(record.questions) < 4 or len(shipped_content.wordings.get(id, [])) < 10
    ]

    assert poor == []


def test_near_twins_of_one_family_say_how_they_differ(procedures):
    families: dict[str, list[Procedure]] = {}
    for record in procedures.values():
        families.setdefault(record.family, []).append(record)

    silent = [
        record.id for members in families.values() if len(members) > 1 for record in members if not record.variant
    ]
    alike = [
        name
        for name, members in families.items()
        if len({record.variant for record in members}) < len(members) and len(members) > 1
    ]
    assert silent == []
    assert alike == []


def test_no_two_procedures_share_a_code_or_a_title(procedures):
    codes = [key for record in procedures.values() for key in record.keys]
    titles = [record.title for record in procedures.values()]

    assert len(set(codes)) == len(codes)
    assert len(set(titles)) == len(titles)


def test_no_word_of_the_research_reaches_a_citizen(procedures):
    words = ("unverified", "likely", "todo", "facts", "chưa xác minh", "toan_trinh", "null")
    texts = {
        id: str([value for field, value in told(record).items() if field not in ("unverified", "confidence")]).lower()
        for id, record in procedures.items()
    }

    assert [(id, word) for id, text in texts.items() for word in words if word in text] == []


@pytest.mark.shared
def test_all_procedures_of_the_facts_are_there_and_no_others(procedures, facts):
    assert len(procedures) == 139
    assert set(procedures) == set(facts.procedures)


@pytest.mark.shared
def test_codes_are_those_of_the_facts_and_null_where_they_are_not_sure(procedures, facts):
    for id, record in procedures.items():
        fact = facts.procedures[id]
        known = (
            fact["code_confidence"] not in ("none", "unverified")
            and fact["field_confidence"].get("code") != "unverified"
        )
        assert (id, record.code) == (id, fact["code"] if known else None)
        assert (id, record.old_codes) == (id, fact.get("old_codes") or [])


@pytest.mark.shared
def test_fees_days_and_levels_are_those_of_the_facts(procedures, facts):
    for id, record in procedures.items():
        fact = facts.procedures[id]
        assert (id, record.fee.dong) == (id, fact["fee"]["vnd"])
        assert (id, record.time.working_days) == (id, fact["time"]["working_days"])
        assert (id, record.online.level) == (id, LEVELS[fact["channels"]["truc_tuyen"]])
        assert (id, record.post) == (id, fact["channels"]["buu_chinh"])
        assert (id, len(record.papers)) == (id, len(fact["dossier"]))
        assert (id, record.as_of, record.confidence) == (id, str(fact["as_of"]), fact["confidence"])


@pytest.mark.shared
def test_every_number_that_is_told_stands_in_the_same_facts(procedures, facts):
    # "1" also counts copies and persons.
    strange = {id: numbers(told(record)) - numbers(facts.procedures[id]) - {"1"} for id, record in procedures.items()}

    assert {id: found for id, found in strange.items() if found} == {}


@pytest.mark.shared
def test_every_amount_of_money_is_one_of_the_same_facts(procedures, facts):
    for id, record in procedures.items():
        amounts = set(re.findall(r"\d[\d.]*\d(?= (?:đồng|triệu|nghìn))", str(told(record))))
        assert (id, [amount for amount in amounts if amount not in str(facts.procedures[id])]) == (id, [])


@pytest.mark.shared
def test_what_the_facts_call_unverified_is_listed_and_so_never_told_as_fact(procedures, facts):
    for id, record in procedures.items():
        fact = facts.procedures[id]
        levels = {
            PART_OF_FACT.get(field, field): level
            for field, level in fact["field_confidence"].items()
            if field != "code"
        }
        must = {part for part, level in levels.items() if level == "unverified"}
        if fact["confidence"] == "unverified":
            must |= ALL_PARTS - {part for part, level in levels.items() if level != "unverified"}
        assert (id, must - set(record.unverified)) == (id, set())


@pytest.mark.shared
def test_every_legal_basis_has_its_number_from_the_facts(procedures, facts):
    for id, record in procedures.items():
        assert (id, numbers(record.legal_basis) - numbers(facts.procedures[id])) == (id, set())


def minimal(**changed):
    return Procedure.model_validate({"id": "a", "title": "A", "summary": "S", "as_of": "2026-07", **changed})


@pytest.mark.parametrize("code", ["1.001193", "2.000815", "1.001193.000.00.00.H01"])
def test_a_national_code_has_its_form(code):
    assert minimal(code=code).keys == ["a", code]


@pytest.mark.parametrize("code", ["1001193", "1.1193", "abc", "", "1.001193 "])
def test_anything_else_is_no_national_code(code):
    with pytest.raises(ValidationError):
        minimal(code=code)


def test_a_procedure_answers_to_its_slug_first_then_to_all_its_codes():
    assert minimal(code="1.000001", old_codes=["2.000002"]).keys == ["a", "1.000001", "2.000002"]


@pytest.mark.parametrize("field", ["unverified", "papers", "fee", "online"])
def test_a_procedure_does_not_change_once_read(field):
    with pytest.raises(ValidationError):
        setattr(minimal(), field, None)
