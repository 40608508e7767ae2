"""
A ward's plan: what it will do for administrative reform, when, and who is in charge.
"""

import datetime
from typing import Literal

from pydantic import Field

from knowledge.entries import Confidence, IsoDate, Record, Slug, Text, past

Section = Literal[
    "plan", "audience", "contents", "emphasis", "forms", "channels", "indices", "promises", "tasks", "units", "kpis", "basis",
    "signer", "budget",
]  # fmt: skip


class Signer(Record):
    name: Text
    position: Text | None = None


class Task(Record):
    """
    One line of the plan's table. What the source leaves empty is null. `covers` names facts that say the same.
    """

    id: Slug
    task: Text
    lead: Text | None = None
    partners: Text | None = None
    time: Text | None = None
    product: Text | None = None
    covers: list[Slug] = Field(default_factory=list)
    questions: list[Text] = Field(default_factory=list)


class UnitWork(Record):
    unit: Text
    work: Text


class Kpi(Record):
    id: Slug
    text: Text
    value: Text | None = None
    unit: Text | None = None
    questions: list[Text] = Field(default_factory=list)


class PlanFact(Record):
    id: Slug
    text: Text
    questions: list[Text] = Field(default_factory=list)


class Plan(Record):
    """
    A whole plan. Facts, KPIs and tasks have ids of their own; every part also answers to the plan's id.
    """

    id: Slug
    title: Text
    year: int
    number: Text | None = None
    date: Text | None = None
    signer: Signer | None = None
    status: Text | None = None
    summary: Text
    budget: Text | None = None
    audience: list[Text] = Field(default_factory=list)
    contents: list[Text] = Field(default_factory=list)
    emphasis: list[Text] = Field(default_factory=list)
    forms: list[Text] = Field(default_factory=list)
    channels: list[Text] = Field(default_factory=list)
    indices: list[Text] = Field(default_factory=list)
    promises: list[Text] = Field(default_factory=list)
    tasks: list[Task] = Field(default_factory=list)
    units: list[UnitWork] = Field(default_factory=list)
    kpis: list[Kpi] = Field(default_factory=list)
    facts: list[PlanFact] = Field(default_factory=list)
    legal_basis: list[Text] = Field(default_factory=list)
    publicised: list[Text] = Field(default_factory=list)
    covers: dict[Section, list[Slug]] = Field(default_factory=dict)
    questions: dict[Section, list[Text]] = Field(default_factory=dict)
    to_check: list[Text] = Field(default_factory=list)
    sources: list[Text] = Field(default_factory=list)
    as_of: IsoDate
    confidence: Confidence = "likely"
    review_by: IsoDate | None = None
    valid_until: IsoDate | None = None

    def expired(self, today: datetime.date) -> bool:
        """
        Tell whether the plan may no longer be answered from.
        """
        return past(self.valid_until, today)
