"""
A ward's plan as a Document → a draft to review: every field with its place, every line with its use.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from knowledge.importing import asking, citations, fields, letterhead, measures, outline, repairs, tables, tasks
from knowledge.importing.citations import Citation
from knowledge.importing.collocations import Collocations, learn
from knowledge.importing.draft import Mended, PlanDraft, Question, Section, Source, SourceLine
from knowledge.importing.letterhead import Letterhead
from knowledge.importing.making import Making
from knowledge.importing.outline import Node
from knowledge.importing.paragraphs import Joined, Paragraph, join
from knowledge.importing.plan_file import ordered
from knowledge.importing.quoting import gist
from knowledge.importing.task_table import TaskTable
from knowledge.sources.document import Document
from knowledge.wards import Ward

UNSURE_BELOW = 0.6  # of OCR's confidence in the weakest word of a line
USES = {
    "title": "title", "number and date": "field", "basis": "opening", "opening": "opening", "closing": "closing", "recipients": "recipients",
    "signature": "signature", "letterhead": "letterhead", "appendix": "appendix", "attached": "appendix", "unread": "unread",
}  # fmt: skip


@dataclass(frozen=True)
class Knowledge:
    """
    What the importer knows before it opens a plan: words that go together, documents that the content cites with a date.
    """

    words: Collocations
    registry: dict[str, set[str]]


def know(content: Path) -> Knowledge:
    return Knowledge(learn(content), citations.registry_of(content))


def make(document: Document, ward: Ward, knowledge: Knowledge, *, today: date, digest: str) -> PlanDraft:
    """
    Make the draft of a plan.

    Args:
        ward: Whose plan it is.
        digest: Of the source's bytes, so that a draft can be told from one of another version.
    """
    found = tables.find(document)
    joined = join(document, {line for table in found for line in table.lines})
    mended, suspicions, done = _repaired(joined, found, knowledge.words, ward)
    head = letterhead.read(mended, ward)
    roots = outline.build(head.body)
    making = Making(document)
    making.mark("empty", joined.empty)
    making.mark("page number", joined.page_numbers)
    making.mark("rule", joined.rules)
    questions = [*_own(making, head, ward)]
    cells = [cell.paragraph for table in found for row in table.rows for cell in row.cells]
    told = [*(node.paragraph for root in roots for node in root.walk()), *cells]
    _lists(making, roots, told, cells)
    questions += _cited(making, head, told, knowledge)
    questions += _tasks(making, roots, found)
    _more(making, roots, told[: len(told) - len(cells)], ward)
    questions += asking.about_years([*head.basis, *told], document)
    questions += asking.about_wounds(suspicions, document)
    sections = list(_sections(roots, making))
    _account(making, head, found)
    return PlanDraft(
        ward=ward.slug,
        target=f"wards/{ward.slug}/plans/{making.plan.get('year') or 'nam'}.yml",
        source=Source(file=document.name, form=document.form, digest=digest, notices=list(document.notices)),
        made_on=today.isoformat(),
        questions=_numbered(questions),
        unread=making.unread,
        repairs=[
            Mended(was=one.was, put=one.put, why=one.why, around=one.around, lines=list(one.lines)) for one in done
        ],
        notes=making.to_check,
        plan=ordered(making, ward, today),
        places=making.places,
        sections=sections,
        lines=[
            SourceLine(n=line.number, text=line.text, use=making.uses.get(line.number, ["unread"]), page=line.page)
            for line in document.lines
        ],
    )


def _repaired(
    joined: Joined, found: Sequence[TaskTable], words: Collocations, ward: Ward
) -> tuple[list[Paragraph], list[repairs.Suspicion], list[repairs.Repair]]:
    """
    Repair paragraphs and cells together, since a blind replacement shows in both; cells are changed where they stand.
    """
    rows = [row for table in found for row in table.rows]
    cells = [cell.paragraph for row in rows for cell in row.cells]
    mended, done, suspicions = repairs.repair([*joined.paragraphs, *cells], words, ward)
    left = iter(mended[len(joined.paragraphs) :])
    for row in rows:
        row.cells = [replace(cell, paragraph=next(left)) for cell in row.cells]
    return mended[: len(joined.paragraphs)], suspicions, done


def _own(making: Making, head: Letterhead, ward: Ward) -> list[Question]:
    """
    Put title, year, number, date and signer; return what has to be asked about them.
    """
    document = making.document
    questions: list[Question] = []
    if head.title:
        making.put("title", head.title.value, head.title.lines)
    for name, label, values in (("number", "số", head.numbers), ("date", "ngày", head.dates)):
        for one in values:
            making.used(name, one.lines)
        questions += asking.about_own(name, label, values, document)
        making.plan[name] = values[0].value if len({one.value for one in values}) == 1 else None
        if values and all(one.around.startswith("(") for one in values):
            making.to_check.append(
                f"{label.capitalize()} của kế hoạch chỉ thấy ở dòng kèm theo của phụ lục ({values[0].value}); phần thân không ghi."
            )
    for blank, label in ((head.blank_number, "Số"), (head.blank_date, "Ngày")):
        if blank:
            making.used("number" if label == "Số" else "date", blank.lines)
            making.to_check.append(f"{label} của kế hoạch để trống trong bản gốc (“{blank.around}”).")
    if not head.numbers and not head.blank_number:
        making.to_check.append(
            "Văn bản không ghi số và ký hiệu của kế hoạch." if not head.dates else "Văn bản không ghi số của kế hoạch."
        )
    year = _year(head)
    making.plan["year"] = year
    if head.title:
        making.used("year", head.title.lines)
    questions += asking.about_year_of_plan(year, document, head.title.lines if head.title else ())
    making.plan["signer"] = None
    if head.signer:
        making.plan["signer"] = {"name": head.signer.value, "position": head.position.value if head.position else None}
        making.used("signer.name", head.signer.lines)
        if head.position:
            making.used("signer.position", head.position.lines)
    else:
        making.to_check.append("Không thấy tên người ký.")
    return questions


def _year(head: Letterhead) -> int | None:
    years = re.findall(r"năm (20\d\d)\b", head.title.value if head.title else "", re.IGNORECASE)
    if years:
        return int(years[0]) if len(set(years)) == 1 else None
    dates = {day.year for one in head.dates if (day := citations.parse_date(one.value))}
    return dates.pop() if len(dates) == 1 else None


def _lists(making: Making, roots: Sequence[Node], told: Sequence[Paragraph], cells: Sequence[Paragraph]) -> None:
    making.put_list("audience", fields.audience(roots))
    making.put_list("contents", fields.contents(roots))
    making.put_list("emphasis", fields.emphasis(told))
    making.put_list("forms", fields.forms(roots))
    in_forms = [node.paragraph for root in roots for node in root.walk() if node.role in ("forms", "contents")]
    making.put_list("channels", fields.channels([*in_forms, *cells]))
    making.put_list("indices", fields.indices(told))
    for name, label in (("audience", "đối tượng"), ("contents", "nội dung"), ("forms", "hình thức")):
        if not making.plan[name]:
            making.to_check.append(
                f"Văn bản không có mục riêng về {label}; ô ấy để trống, cần người nhập nếu phần khác có nói."
            )


def _cited(making: Making, head: Letterhead, told: Sequence[Paragraph], knowledge: Knowledge) -> list[Question]:
    """
    Put the documents that the plan is based on and those it publicises; return what about them does not agree.
    """
    basis = [citation for paragraph in head.basis for citation in citations.find(paragraph)]
    spread = [citation for paragraph in told for citation in citations.find(paragraph)]
    own = {re.sub(r"[-/]", "/", one.value.upper()) for one in head.numbers}
    issued = citations.parse_date(making.plan["date"]) or max(
        (day for one in head.dates if (day := citations.parse_date(one.value))), default=None
    )
    problems = list(
        citations.disagreements([*basis, *spread], year=making.plan["year"], issued=issued, registry=knowledge.registry)
    )
    undated = {one.key for one in problems if one.kind == "date"}
    paths: dict[str, str] = {}
    for name, found in (("legal_basis", basis), ("publicised", spread)):
        making.plan[name] = []
        for citation in citations.unique(found):
            if citation.key in paths or re.sub(r"[-/]", "/", citation.number.upper()) in own:
                continue
            paths[citation.key] = f"{name}.{len(making.plan[name])}"
            dated = citation.key not in undated
            about = _about(citation) if name == "legal_basis" else ""
            making.plan[name].append(citation.shown(dated=dated) + about)
            making.used(paths[citation.key], [line for one in found if one.key == citation.key for line in one.lines])
    texts = {path: making.plan[path.partition(".")[0]][int(path.partition(".")[2])] for path in paths.values()}
    return list(asking.about_citations(problems, paths, texts, making.document))


def _about(citation: Citation) -> str:
    subject = re.split(r", (?:UBND|Ủy ban|Uỷ ban)|, cụ thể", citation.subject or "")[0].strip(" ,.")
    return f" {subject}" if 8 < len(subject) < 220 else ""


def _tasks(making: Making, roots: Sequence[Node], found: Sequence[TaskTable]) -> list[Question]:
    listed = list(tasks.from_tables(found))
    inferred = not listed
    if inferred:
        listed = list(tasks.from_units(roots))
    making.plan["tasks"] = []
    for place, task in enumerate(listed):
        value: dict[str, Any] = {"id": f"{{plan}}-nhiem-vu-{task.number}"}
        for name in ("task", "lead", "partners", "time", "product"):
            part = task.parts.get(name)
            value[name] = part.text if part else None
            if part:
                making.used(f"tasks.{place}.{name}", part.lines)
        value["task"] = value["task"] or "(chưa đọc được)"
        making.plan["tasks"].append(value)
        making.mark(f"tasks.{place}", task.lines)
        if task.empty and not inferred:
            names = {"lead": "chủ trì", "partners": "phối hợp", "time": "thời gian", "product": "sản phẩm"}
            shown = ", ".join(names[one] for one in dict.fromkeys(task.empty) if one in names and one not in task.parts)
            if shown:
                making.to_check.append(f"Nhiệm vụ {task.number}: bản gốc bỏ trống {shown}.")
        for part in task.unused:
            making.not_read(part.lines, "ô của bảng không có trường tương ứng", part.text)
    return list(
        asking.about_tasks(listed, [] if inferred else tasks.jumps(listed), inferred=inferred, document=making.document)
    )


def _more(making: Making, roots: Sequence[Node], told: Sequence[Paragraph], ward: Ward) -> None:
    """
    Put units, measures, money, promises, facts and the summary.
    """
    making.plan["units"] = []
    for place, (unit, work) in enumerate(fields.units(roots)):
        making.plan["units"].append({"unit": unit.text, "work": work.text})
        making.used(f"units.{place}.unit", unit.lines)
        making.used(f"units.{place}.work", work.lines)
    making.plan["kpis"] = []
    for place, measure in enumerate(measures.find(told)):
        making.plan["kpis"].append(
            {"id": f"{{plan}}-chi-tieu-{place + 1}", "text": measure.text, "value": measure.value, "unit": measure.unit}
        )
        making.used(f"kpis.{place}", [*measure.lines, *measure.told_again])
        if measure.told_again:
            making.to_check.append(
                f"Chỉ tiêu “{measure.text[:80]}” được ghi hai lần, lời hơi khác nhau (dòng {measure.lines[0]} và {measure.told_again[0]}); lấy chỗ ghi dài hơn."
            )
    money = fields.budget(roots)
    making.plan["budget"] = money.text if money else None
    if money:
        making.used("budget", money.lines)
    else:
        making.to_check.append("Kế hoạch không có phần kinh phí.")
    beyond = [node.paragraph for root in roots for node in root.walk() if node.role != "purpose"]
    making.put_list("promises", fields.promises(beyond))
    if making.plan["promises"]:
        making.to_check.append(
            "“Cam kết với người dân” do máy gợi ý theo từ khóa; đọc lại, bỏ câu không phải lời hứa với người dân."
        )
    making.plan["facts"] = []
    for place, one in enumerate(fields.facts(told, beyond)):
        making.plan["facts"].append({"id": f"{{plan}}-chi-tiet-{place + 1}", "text": one.text})
        making.used(f"facts.{place}", one.lines)
    purposes = [node for root in roots for node in root.walk() if node.role == "purpose" and not node.heading]
    first = gist(purposes[0].paragraph) if purposes else None
    title = making.plan.get("title") or f"Kế hoạch của UBND {ward.name}"
    purpose = (
        f" Mục đích: {first.text[:1].lower() + first.text[1:]}{'' if first.text.endswith('…') else '.'}"
        if first
        else ""
    )
    making.plan["summary"] = f"{title}.{purpose}"
    if first:
        making.used("summary", first.lines)
    if any(re.search(r"mức độ [234]", paragraph.text) for paragraph in told):
        making.to_check.append("Văn bản còn dùng cách gọi “mức độ 2, 3, 4” đã bỏ; nay là một phần, toàn trình.")


def _sections(roots: Sequence[Node], making: Making) -> Iterable[Section]:
    """
    Yield every section with its items, so that nothing is left only in the source.
    """
    for root in roots:
        for node in root.walk():
            making.mark(f"section {node.id}", node.paragraph.lines)
            if node.heading or node in roots:
                below = [child for child in node.walk() if child is not node and not _in_lower(child, node)]
                yield Section(
                    id=node.id, title=node.text, role=node.role, lines=list(node.paragraph.lines),
                    items=[f"{child.paragraph.marker} {child.text}".strip() for child in below],
                )  # fmt: skip


def _in_lower(child: Node, node: Node) -> bool:
    return child.heading or any(
        lower.heading and child in list(lower.walk()) for lower in node.walk() if lower is not node
    )


def _account(making: Making, head: Letterhead, found: Sequence[TaskTable]) -> None:
    """
    Give every line that feeds no field its use, and list those that have none.
    """
    for use, paragraph in head.use:
        if use == "unread":
            making.not_read(paragraph.lines, "không rõ thuộc phần nào của kế hoạch")
        making.mark(USES[use], paragraph.lines)
    for table in found:
        making.mark("table header", table.header)
        making.mark("unread", table.lost)
        making.not_read(table.lost, "nằm trong bảng nhưng không thuộc dòng nào")
    for line in making.document.lines:
        if line.number not in making.uses:
            if line.text.strip():
                making.not_read([line.number], "không đọc được")
            else:
                making.mark("empty", [line.number])
        if line.sure < UNSURE_BELOW and line.text.strip():
            making.not_read([line.number], f"nhận dạng chữ không chắc ({line.sure:.0%}), đối chiếu với bản quét")


def _numbered(questions: Sequence[Question]) -> list[Question]:
    """
    Return the questions with ids of which none is there twice.
    """
    seen: dict[str, int] = {}
    out = []
    for question in questions:
        seen[question.id] = seen.get(question.id, 0) + 1
        out.append(
            question
            if seen[question.id] == 1
            else question.model_copy(update={"id": f"{question.id}-{seen[question.id]}"})
        )
    return out
