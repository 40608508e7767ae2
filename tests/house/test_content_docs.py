"""
docs/content.md names every field of every kind of record, and none that is gone.
"""

import re
from itertools import chain

import pytest
from pydantic import BaseModel

from knowledge import entries, faqs, plans, procedures, services, wards
from knowledge.content import KINDS
from tests.house.repository import ROOT

PAGE = (ROOT / "docs/content.md").read_text("utf-8")
SECTIONS = {
    title: text for title, text in re.findall(r"^## ([^\n]+)\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
}
EVERY = "Fields of every entry"
_NAME = re.compile(r"`([a-z][a-z_]+)`")

MODELS: dict[str, list[type[BaseModel]]] = {
    EVERY: [entries.Entry],
    "procedure": [
        procedures.Procedure,
        procedures.Paper,
        procedures.Fee,
        procedures.Time,
        procedures.Online,
        entries.Case,
    ],
    "service": [services.Service],
    "faq": [faqs.Faq],
    "elsewhere": [faqs.Elsewhere],
    "ward": [wards.Ward, wards.Hotline, wards.DeskHours],
    "plan": [plans.Plan, plans.Signer, plans.Task, plans.UnitWork, plans.Kpi, plans.PlanFact],
}


def fields(section: str) -> set[str]:
    names = set(chain.from_iterable(model.model_fields for model in MODELS[section]))
    return names if section in (EVERY, "elsewhere", "ward", "plan") else names - set(entries.Entry.model_fields)


@pytest.mark.parametrize("section", MODELS)
def test_every_field_of_a_kind_is_described(section: str):
    assert fields(section) - set(_NAME.findall(SECTIONS[section])) == set()


@pytest.mark.parametrize("section", MODELS)
def test_every_field_in_the_tables_exists(section: str):
    first_cells = "\n".join(re.findall(r"^\| (`[^|]+) \|", SECTIONS[section], re.MULTILINE))

    assert set(_NAME.findall(first_cells)) - fields(section) == set()


def test_every_kind_of_file_is_described():
    titles = set(chain.from_iterable(re.findall(r"\w+", title) for title in SECTIONS))

    assert set(KINDS) <= titles
