"""
The services, the common questions and what belongs elsewhere, as we ship them.
"""

import re

import pytest

from knowledge.text import fold, tokenise
from tests.knowledge.conftest import numbers
from tests.knowledge.test_procedures import UNTOLD, told

# Hotlines (113, 1022, 19001009 …) and numbers of subscribers; dates, decrees and codes are written with separators.
PHONE = re.compile(r"(?<![\d./-])(?:0\d[\d .]{6,12}\d|1[89]00[\d .]{2,8}\d|11[1-9]|10\d\d)(?![\d./])")


@pytest.fixture(scope="session")
def services(shipped_content):
    return {stored.record.id: stored.record for stored in shipped_content.entries if stored.kind == "service"}


def test_every_service_names_its_date_and_its_sources_and_answers_the_plain_question(services):
    lacking = [
        (id, field)
        for id, record in services.items()
        for field in ("as_of", "sources", "summary", "topic", "review_by", "questions")
        if not getattr(record, field)
    ]

    assert lacking == [("ddci", "sources")]  # the one item for which the facts name no source


def test_the_wards_own_values_are_asked_of_the_ward_and_hold_no_number_of_their_own(services):
    own = {record.ward_value: id for id, record in services.items() if record.ward_value}

    assert {"hotline", "hours", "address"} <= set(own)
    assert [id for id in own.values() if services[id].phone] == []


def test_links_are_whole_addresses_over_tls(services):
    assert [
        record.link
        for record in services.values()
        if record.link and not re.fullmatch(r"https://[a-z0-9.-]+(?:/\S*)?", record.link)
    ] == []


@pytest.mark.shared
def test_all_services_of_the_facts_are_there_and_no_others(services, facts):
    assert len(services) == 59
    assert set(services) == set(facts.services)


@pytest.mark.shared
def test_every_number_that_is_told_stands_in_the_same_facts(services, facts):
    strange = {id: numbers(told(record)) - numbers(facts.services[id]) - {"1"} for id, record in services.items()}

    assert {id: found for id, found in strange.items() if found} == {}


@pytest.mark.shared
def test_a_service_is_as_sure_as_its_facts(services, facts):
    assert {id: record.confidence for id, record in services.items()} == {
        id: fact["confidence"] for id, fact in facts.services.items()
    }


@pytest.mark.shared
def test_a_number_that_the_facts_doubt_is_not_told(services, facts):
    for id, fact in facts.services.items():
        if (fact.get("field_confidence") or {}).get("so") == "unverified" or fact["confidence"] == "unverified":
            assert (id, services[id].phone is None or "phone" in services[id].unverified) == (id, True)


@pytest.mark.shared
def test_no_phone_number_stands_anywhere_that_is_not_in_the_facts(shipped_content, facts):
    known = re.sub(r"\D", " ", facts.everything).split() + re.findall(
        r"\d+", re.sub(r"(?<=\d)[ .](?=\d)", "", facts.everything)
    )
    strange = []
    for stored in [*shipped_content.entries, *shipped_content.plans]:
        if stored.ward == "phuong-mau":
            continue
        for number in PHONE.findall(str(stored.record.model_dump(exclude=UNTOLD))):
            if re.sub(r"\D", "", number) not in known:
                strange.append((stored.record.id, number))

    assert strange == []


def test_the_example_wards_hold_no_phone_address_or_hours_and_the_fictional_one_only_noughts(shipped_content):
    wards = {slug: stored.record for slug, stored in shipped_content.wards.items()}

    assert set(wards) == {"hai-hoa", "thinh-liet", "hoa-binh", "tien-tien", "long-anh", "phuong-mau"}
    model = wards.pop("phuong-mau")
    assert [
        slug for slug, ward in wards.items() if ward.hotlines or ward.address or ward.hours or ward.website or ward.zalo
    ] == []
    assert model.hotlines
    assert model.address
    assert model.hours
    assert all(re.fullmatch(r"0000 000 \d{3}", hotline.number) for hotline in model.hotlines)


@pytest.mark.shared
def test_faqs_and_other_offices_hold_no_number_that_no_fact_holds(shipped_content, facts):
    known = numbers(facts.everything)
    strange = {
        stored.record.id: numbers(stored.record.model_dump(exclude=UNTOLD)) - known
        for stored in shipped_content.entries
        if stored.kind in ("faq", "elsewhere") and stored.ward is None
    }

    assert {id: found for id, found in strange.items() if found} == {}


def test_what_belongs_elsewhere_says_who_does_it_and_what_to_do_next(shipped_content):
    away = [stored.record for stored in shipped_content.entries if stored.kind == "elsewhere"]

    assert sum(len(record.questions) for record in away) >= 200
    assert [
        record.id for record in away if len(record.questions) < 3 or not record.next_step.endswith((".", "!"))
    ] == []


def test_what_no_office_answers_is_many_and_claimed_by_no_entry(shipped_content):
    def key(text):
        return " ".join(map(fold, tokenise(text)))

    outside = {key(question) for question in shipped_content.outside}
    claimed = {key(question) for stored in shipped_content.entries for question in stored.record.questions}
    claimed |= {key(question) for said in shipped_content.wordings.values() for question in said}

    assert len(outside) >= 300
    assert sorted(outside & claimed) == []


def test_the_bank_of_wordings_is_large_and_every_key_is_an_entry_or_a_national_code(shipped_content):
    known = {key for stored in shipped_content.entries if hasattr(stored.record, "keys") for key in stored.record.keys}
    known |= {
        part.id
        for stored in shipped_content.plans
        for part in [*stored.record.tasks, *stored.record.kpis, *stored.record.facts]
    }

    assert sum(map(len, shipped_content.wordings.values())) >= 4000
    assert [key for key in shipped_content.wordings if key not in known and not re.fullmatch(r"\d\.\d{6}", key)] == []


def test_no_wording_is_said_of_two_entries(shipped_content):
    owners: dict[str, set[str]] = {}
    for key, said in shipped_content.wordings.items():
        for phrase in said:
            owners.setdefault(" ".join(map(fold, tokenise(phrase))), set()).add(key)

    assert {phrase: keys for phrase, keys in owners.items() if len(keys) > 1} == {}


def test_no_entry_of_the_shared_base_claims_a_question_of_another(shipped_content, floors):
    assert len(shipped_content.warnings) <= floors["claimed_twice_at_most"], [
        str(warning) for warning in shipped_content.warnings
    ]


def test_short_forms_and_sayings_are_many_and_mean_something_else(shipped_content):
    lexicon = {**shipped_content.abbreviations, **shipped_content.sayings}

    assert len(lexicon) >= 300
    assert [said for said, meanings in lexicon.items() if not meanings or said in meanings] == []
