"""
Content → items: what of each entry is searched, and under which field.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

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
NAME_WORDS = 6  # up to so many words it is a name, as in an entry's aliases, else a question
Added = dict[str, tuple[str, ...]]  # ward → what its citizens say


def section_id(plan: str, section: Section) -> str:
    """
    Return the id under which a section of a plan is found.
    """
    return plan if section == "plan" else f"{plan}{SEPARATOR}{section}"


def items(content: Content) -> list[Item]:
    """
    Return every item of the installation, all wards side by side.
    """
    return ItemMaker().items(content)


@dataclass(frozen=True)
class _Made:
    """
    The items of what one file says, and the keys whose wordings and replacements they depend on.
    """

    said: Content
    keys: frozenset[str]
    of_entries: list[Item]
    of_plans: list[Item]


class ItemMaker:
    """
    Makes the items of one reading of the content after another; a file that says the same keeps its items.
    """

    def __init__(self) -> None:
        self._made: dict[int, _Made] = {}
        self._wordings: dict[str, list[str]] = {}
        self._replaced: dict[str, list[str]] = {}
        self._added: dict[str, Added] = {}
        self._outside: Item | None = None

    def items(self, content: Content) -> list[Item]:
        """
        Return every item of the installation, all wards side by side.
        """
        replaced: dict[str, list[str]] = {}
        for ward, own in content.by_ward.items():
            for name in own if ward is not None else ():
                replaced.setdefault(name, []).append(ward or "")
        added: dict[str, Added] = {}
        for slug, phrases_of in content.ward_wordings.items():
            for key, phrases in phrases_of.items():
                if phrases:
                    added.setdefault(key, {})[slug] = tuple(phrases)
        changed = _differing(self._wordings, content.wordings) | _differing(self._replaced, replaced)
        changed |= _differing(self._added, added)
        made: dict[int, _Made] = {}
        for said in content.parts:
            known = self._made.get(id(said))
            made[id(said)] = (
                known if known and known.keys.isdisjoint(changed) else _make(said, content.wordings, replaced, added)
            )
        self._made, self._wordings, self._replaced, self._added = made, content.wordings, replaced, added
        out = [item for each in made.values() for item in each.of_entries]
        out += [item for each in made.values() for item in each.of_plans]
        if content.outside:
            if self._outside is None or self._outside.wordings != tuple(content.outside):
                self._outside = Item(OUTSIDE, OUTSIDE, (), tuple(content.outside))
            out.append(self._outside)
        return out


def _differing(before: Mapping[str, Any], now: Mapping[str, Any]) -> set[str]:
    return {key for key in before.keys() | now.keys() if before.get(key) != now.get(key)}


def _make(
    said: Content, wordings: dict[str, list[str]], replaced: dict[str, list[str]], added: dict[str, Added]
) -> _Made:
    of_entries = [
        item
        for stored in said.entries
        for item in _in_wards(
            _of_entry(stored, wordings, tuple(replaced.get(stored.record.id, ()))), added.get(stored.record.id, {})
        )
    ]
    of_plans = [item for stored in said.plans for item in _of_plan(stored.record, stored.ward, wordings)]
    keys = {item.id for item in (*of_entries, *of_plans)}
    for stored in said.entries:
        keys.update(_spoken_keys(stored.record))
    return _Made(said, frozenset(keys), of_entries, of_plans)


def _in_wards(item: Item, added: Added) -> list[Item]:
    """
    Return an item with what wards add to how it is asked for: one of the base gets a twin in each of them that has none of its own.
    """
    if item.ward is not None:
        return [_asked_for(item, added.get(item.ward, ()))]
    wards = [ward for ward in sorted(added) if ward not in item.replaced_in]
    if not wards:
        return [item]
    shared = dataclasses.replace(item, replaced_in=(*item.replaced_in, *wards))
    return [shared, *(_asked_for(dataclasses.replace(item, ward=ward, replaced_in=()), added[ward]) for ward in wards)]


def _asked_for(item: Item, phrases: tuple[str, ...]) -> Item:
    if not phrases:
        return item
    short = [phrase for phrase in phrases if len(phrase.split()) <= NAME_WORDS]
    titles, wordings = (*item.titles, *short), (*item.wordings, *(one for one in phrases if one not in short))
    return dataclasses.replace(item, titles=tuple(dict.fromkeys(titles)), wordings=tuple(dict.fromkeys(wordings)))


def _spoken_keys(record: Any) -> list[str]:
    """
    Return the keys under which wordings of an entry are kept.

    What is said of a service stays with the service: an FAQ that covers it has words of its own.
    """
    if isinstance(record, Elsewhere):
        return []
    return [record.id] if isinstance(record, Faq) else list(record.keys)


def _of_entry(stored: Stored, wordings: dict[str, list[str]], replaced_in: tuple[str, ...]) -> Item:  # type: ignore[type-arg]
    record = stored.record
    if isinstance(record, Elsewhere):
        return Item(
            record.id, "elsewhere", (record.title,), tuple(record.questions), (record.who,), record.id, stored.ward
        )
    said = [*record.questions, *(phrase for key in _spoken_keys(record) for phrase in wordings.get(key, []))]
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
