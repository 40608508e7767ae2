"""
Content → items: what of each entry is searched, and under which field.
"""

from collections.abc import Sequence

from knowledge.content import Content, Stored
from knowledge.faqs import Elsewhere, Faq
from knowledge.items import OUTSIDE, Item
from knowledge.plans import Plan, Section
from knowledge.procedures import Procedure
from knowledge.services import Service

SECTION_TITLES: dict[Section, str] = {
    "plan": "Kế hoạch cải cách hành chính", "audience": "Đối tượng tuyên truyền", "contents": "Nội dung tuyên truyền",
    "emphasis": "Lĩnh vực được nhấn mạnh", "forms": "Hình thức tuyên truyền", "channels": "Kênh tuyên truyền",
    "indices": "Các chỉ số cải cách hành chính", "promises": "Cam kết với người dân", "tasks": "Bảng phân công nhiệm vụ",
    "units": "Trách nhiệm của từng đơn vị", "kpis": "Chỉ tiêu", "basis": "Căn cứ ban hành kế hoạch", "signer": "Người ký kế hoạch",
    "budget": "Kinh phí thực hiện kế hoạch",
}  # fmt: skip
SEPARATOR = "--"


def section_id(plan: str, section: Section) -> str:
    """
    Return the id under which a section of a plan is found.
    """
    return plan if section == "plan" else f"{plan}{SEPARATOR}{section}"


def items(content: Content) -> list[Item]:
    """
    Return every item of the installation, all wards side by side.
    """
    replaced: dict[str, list[str]] = {}
    for stored in content.entries:
        if stored.ward is not None:
            replaced.setdefault(stored.record.id, []).append(stored.ward)
    out = [_of_entry(stored, content.wordings, tuple(replaced.get(stored.record.id, ()))) for stored in content.entries]
    for stored_plan in content.plans:
        out += _of_plan(stored_plan.record, stored_plan.ward, content.wordings)
    if content.outside:
        out.append(Item(OUTSIDE, OUTSIDE, (), tuple(content.outside)))
    return out


def _of_entry(stored: Stored, wordings: dict[str, list[str]], replaced_in: tuple[str, ...]) -> Item:  # type: ignore[type-arg]
    record = stored.record
    if isinstance(record, Elsewhere):
        return Item(
            record.id, "elsewhere", (record.title,), tuple(record.questions), (record.who,), record.id, stored.ward
        )
    # What is said of a service stays with the service: an FAQ that covers it has words of its own.
    spoken_keys = [record.id] if isinstance(record, Faq) else record.keys
    said = [*record.questions, *(phrase for key in spoken_keys for phrase in wordings.get(key, []))]
    for case in getattr(record, "cases", []):
        said += case.questions
    titles, texts = [record.title, *record.aliases], []
    codes: tuple[str, ...] = ()
    if isinstance(record, Procedure):
        titles += [record.official_title] if record.official_title else []
        codes = tuple(key for key in record.keys if key != record.id)
        papers = "; ".join(" ".join(filter(None, (paper.text, paper.form, paper.when))) for paper in record.papers)
        texts = [
            " ".join(filter(None, (record.title, record.summary, record.applicants, record.result))),
            f"{record.title}. {papers}",
        ]
        texts += [" ".join(record.conditions)] if record.conditions else []
        texts += record.notes
    elif isinstance(record, Service):
        texts = [f"{record.title}. {record.summary}", *record.details, *record.steps]
    elif isinstance(record, Faq):
        texts = [record.answer]
    texts += [f"{case.about}. {case.text}" for case in getattr(record, "cases", [])]
    return Item(
        record.id, stored.kind, tuple(dict.fromkeys(titles)), tuple(dict.fromkeys(said)), tuple(texts), record.family or record.id, stored.ward,
        replaced_in if stored.ward is None else (), codes, tuple(getattr(record, "covers", ())),
    )  # fmt: skip


def _of_plan(plan: Plan, ward: str | None, wordings: dict[str, list[str]]) -> list[Item]:
    def item(
        id: str, titles: Sequence[str], asked: Sequence[str], texts: Sequence[str], covers: Sequence[str] = ()
    ) -> Item:
        said = (*asked, *wordings.get(id, []))
        return Item(
            id, "plan", tuple(titles), tuple(dict.fromkeys(said)), tuple(texts), plan.id, ward, covers=tuple(covers)
        )

    sections: dict[Section, list[str]] = {
        "plan": [plan.summary, *filter(None, [plan.status])], "audience": plan.audience, "contents": plan.contents, "emphasis": plan.emphasis,
        "forms": plan.forms, "channels": plan.channels, "indices": plan.indices, "promises": plan.promises,
        "tasks": [task.task for task in plan.tasks], "units": [f"{work.unit}: {work.work}" for work in plan.units],
        "kpis": [kpi.text for kpi in plan.kpis], "basis": plan.legal_basis, "signer": [plan.signer.position or "người ký"] if plan.signer else [],
        "budget": [plan.budget] if plan.budget else [],
    }  # fmt: skip
    out = []
    for section, lines in sections.items():
        if lines:
            titles = [plan.title] if section == "plan" else [SECTION_TITLES[section]]
            covers = plan.covers.get(section, []) + ([kpi.id for kpi in plan.kpis] if section == "kpis" else [])
            asked = plan.questions.get(section, [])
            out.append(item(section_id(plan.id, section), titles, asked, ["; ".join(lines)], covers))
    out += [
        item(
            task.id,
            [task.task],
            task.questions,
            [". ".join(filter(None, (task.task, task.lead, task.partners, task.time, task.product)))],
            task.covers,
        )
        for task in plan.tasks
    ]
    out += [item(kpi.id, [kpi.text], kpi.questions, []) for kpi in plan.kpis]
    out += [item(fact.id, [fact.text], fact.questions, []) for fact in plan.facts]
    return out
