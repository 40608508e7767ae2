"""
Content and index of one moment, held together: what one request is answered from.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from knowledge.confidence import Confidence
from knowledge.content import Content, Stored, other_keys
from knowledge.errors import UnknownEntry, UnknownWard
from knowledge.faqs import Elsewhere
from knowledge.passages import SECTION_TITLES, section_id
from knowledge.plans import Plan, Section
from knowledge.retrieve import Retriever
from knowledge.wards import Ward

if TYPE_CHECKING:
    from knowledge.outcomes import Verdict

KPI_SECTIONS = ("tasks", "kpis")


@dataclass(frozen=True)
class PlanPart:
    """
    A plan's section, task, KPI or fact, addressable by an id of its own.
    """

    id: str
    plan: Plan
    section: str
    title: str
    content: dict[str, Any]
    covers: tuple[str, ...] = ()

    @property
    def ids(self) -> list[str]:
        return list(dict.fromkeys([self.id, *self.covers, self.plan.id]))

    def expired(self, today: date) -> bool:
        return self.plan.expired(today)


@dataclass
class Library:
    content: Content
    retriever: Retriever
    confidence: Confidence
    today: date
    judged: dict[tuple[str, str], "Verdict"] = field(default_factory=dict, repr=False)
    _wards: dict[str, dict[str, Stored[Any]]] = field(default_factory=dict)
    _parts: dict[str, dict[str, PlanPart]] = field(default_factory=dict)
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def ward(self, slug: str) -> Ward:
        """
        Raises:
            UnknownWard: when the installation has no such ward.
        """
        if slug not in self.content.wards:
            raise UnknownWard(f"no ward {slug!r}; known: {', '.join(sorted(self.content.wards))}")
        return self.content.wards[slug].record

    def entries(self, ward: str) -> dict[str, Stored[Any]]:
        """
        Return the entries of one ward by id.
        """
        if ward not in self._wards:
            self._wards[ward] = self.content.for_ward(ward)
        return self._wards[ward]

    def by_code(self, ward: str, code: str) -> str | None:
        """
        Return the id of the entry with this national code, present or former, or None.
        """
        if ward not in self._codes:
            entries = self.entries(ward)
            coded = [id for id in self.content.coded if id in entries]
            self._codes[ward] = {key: id for id in coded for key in other_keys(entries[id].record)}
        return self._codes[ward].get(code)

    def parts(self, ward: str) -> dict[str, PlanPart]:
        """
        Return the parts of the ward's plans by id.
        """
        if ward not in self._parts:
            plans = [stored.record for stored in self.content.plans if stored.ward == ward]
            self._parts[ward] = {part.id: part for plan in plans for part in _parts_of(plan)}
        return self._parts[ward]

    def find(self, ward: str, id: str) -> Any | None:
        """
        Return the entry or plan part with this id, or None.
        """
        stored = self.entries(ward).get(id)
        return stored.record if stored else self.parts(ward).get(id)

    def entry(self, ward: str, id: str) -> Any:
        """
        Return the entry or plan part with this id.

        Raises:
            UnknownEntry: when the ward has none.
        """
        found = self.find(ward, id)
        if found is None:
            raise UnknownEntry(f"no entry {id!r} in ward {ward!r}")
        return found

    def elsewhere(self, ward: str, id: str) -> Elsewhere:
        record = self.entry(ward, id)
        if not isinstance(record, Elsewhere):
            raise UnknownEntry(f"{id!r} is not handled elsewhere")
        return record


def _parts_of(plan: Plan) -> Iterator[PlanPart]:
    common = {
        "plan_title": plan.title,
        "year": plan.year,
        "number": plan.number,
        "date": plan.date,
        "status": plan.status,
    }
    tasks = [task.model_dump(exclude={"questions", "covers"}) for task in plan.tasks]
    sections: dict[Section, dict[str, Any]] = {
        "plan": {"text": plan.summary, "items": [kpi.text for kpi in plan.kpis] or plan.contents[:4]},
        "audience": {"items": plan.audience}, "contents": {"items": plan.contents}, "emphasis": {"items": plan.emphasis}, "forms": {"items": plan.forms},
        "channels": {"items": plan.channels}, "indices": {"items": plan.indices}, "promises": {"items": plan.promises},
        "tasks": {"tasks": tasks}, "units": {"items": [f"{work.unit}: {work.work}" for work in plan.units]},
        "kpis": {"items": [kpi.text for kpi in plan.kpis]}, "basis": {"items": plan.legal_basis},
        "signer": {"text": f"{plan.signer.name}, {plan.signer.position}" if plan.signer and plan.signer.position else plan.signer.name if plan.signer else None},
        "budget": {"text": plan.budget},
    }  # fmt: skip
    for section, content in sections.items():
        if any(content.values()):
            title = plan.title if section == "plan" else f"{SECTION_TITLES[section]} (kế hoạch năm {plan.year})"
            covered = [
                item.id for item in (plan.tasks if section == "tasks" else plan.kpis if section == "kpis" else [])
            ]
            yield PlanPart(
                section_id(plan.id, section),
                plan,
                section,
                title,
                {"section": section, **content, **common},
                (*covered, *plan.covers.get(section, [])),
            )
    for task, shown in zip(plan.tasks, tasks, strict=True):
        yield PlanPart(
            task.id, plan, "task", task.task, {"section": "task", "task": shown, **common}, tuple(task.covers)
        )
    for kpi in plan.kpis:
        yield PlanPart(
            kpi.id, plan, "kpi", kpi.text, {"section": "kpi", "kpi": kpi.model_dump(exclude={"questions"}), **common}
        )
    for fact in plan.facts:
        yield PlanPart(fact.id, plan, "fact", fact.text, {"section": "fact", "text": fact.text, **common})
