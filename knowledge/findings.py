"""
Entry + asked part → finding: what the answer is made of, quoted from the entry's own fields.
"""

from typing import Any

from knowledge.entries import Case
from knowledge.faqs import Faq
from knowledge.library import PlanPart
from knowledge.passages import SECTION_TITLES
from knowledge.procedures import Procedure
from knowledge.services import Service
from knowledge.wards import Ward

STAFF_ONLY = {"to_check", "questions", "aliases", "told_apart"}
SUMMARY = "summary"


def held_parts(record: Any) -> list[str]:
    """
    Return the parts of a procedure that say something, in the order of the buttons.
    """
    if not isinstance(record, Procedure):
        return []
    has_form = any(paper.form for paper in record.papers)
    present = {
        "papers": record.papers, "fee": record.fee, "time": record.time, "place": record.place, "online": record.online, "form": has_form,
        "conditions": record.conditions, "applicants": record.applicants, "result": record.result, "notes": record.notes,
        "basis": record.legal_basis,
    }  # fmt: skip
    return [part for part, value in present.items() if value]


def finding(
    record: Any, ward: Ward, parts: list[str], case: Case | None = None, fallback: Any = None
) -> dict[str, Any]:
    """
    Return the JSON of one finding (see docs/api.md). Without parts or case it is the summary.
    """
    if isinstance(record, PlanPart):
        return _of_plan_part(record)
    content = record.model_dump(mode="json", exclude=STAFF_ONLY)
    # "Lên phường làm được không?" is seldom about conditions: where the entry has none, the whole is the better answer.
    if parts == ["conditions"] and isinstance(record, Procedure) and not record.conditions:
        parts = []
    for number, each in enumerate(content.get("cases", [])):
        content["cases"][number] = {"about": each["about"], "text": each["text"]}
    if isinstance(record, Procedure):
        content["held"] = held_parts(record)
        kind = "procedure"
    else:
        kind = "service" if isinstance(record, Service) else "faq"
        parts = []
    if isinstance(record, Service) and record.ward_value:
        content["ward"] = ward.model_dump(mode="json")
        content["phone"] = record.phone or getattr(fallback, "phone", None)
    return {
        "entry": {
            "id": record.id,
            "ids": record.keys,
            "kind": kind,
            "title": record.title,
            "code": getattr(record, "code", None),
        },
        "part": "case" if case else parts[0] if parts else SUMMARY,
        "parts": parts,
        "case": {"about": case.about, "text": case.text} if case else None,
        "content": content,
        "unverified": list(record.unverified),
        "source": {
            "legal_basis": record.legal_basis,
            "sources": record.sources,
            "as_of": record.as_of,
            "confidence": record.confidence,
        },
    }


def _of_plan_part(part: PlanPart) -> dict[str, Any]:
    plan = part.plan
    return {
        "entry": {"id": part.id, "ids": part.ids, "kind": "plan", "title": part.title, "code": None},
        "part": SUMMARY, "parts": [], "case": None, "content": {"title": _shown_title(part), **part.content}, "unverified": [],
        "source": {"legal_basis": [], "sources": plan.sources, "as_of": plan.as_of, "confidence": plan.confidence},
    }  # fmt: skip


def _shown_title(part: PlanPart) -> str:
    return next((title for section, title in SECTION_TITLES.items() if section == part.section), part.title)


def title_of(record: Any) -> str:
    """
    Return the name under which an entry is offered as a choice.
    """
    if isinstance(record, Faq | Service | Procedure | PlanPart):
        return record.title
    return str(getattr(record, "title", ""))
