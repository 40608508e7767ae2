"""
The tasks of a plan: from its table, or where it has none, from what each office is given to do.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from knowledge.importing.fields import office
from knowledge.importing.outline import Node, of_role
from knowledge.importing.paragraphs import UPPER, Paragraph
from knowledge.importing.quoting import first_capital, gist
from knowledge.importing.tables import split_who
from knowledge.importing.task_table import Row, TaskTable

_BULLET = re.compile(r"[-–+•*]\s*(?=\S)")
_OFFICE = r"(?:các\s+)?(?:Bộ phận|BP|Phòng|Công chức|Ban|Trung tâm|đơn vị|cơ quan|Văn phòng|Đài|Hội|Công an|Mặt trận|ngành|đoàn thể|tổ chức|Sở|UBND)"
_WITH = re.compile(
    rf"phối hợp(?: với| cùng)?\s+(?P<who>{_OFFICE}[^.;]*?)(?=\s+(?:xây dựng|triển khai|tổ chức|thực hiện|hướng dẫn|cập nhật|kịp thời|tham mưu|lập|phê duyệt|để|trong|đẩy mạnh|tuyên truyền|phát động|công khai|niêm yết|tập huấn|rà soát|cung cấp|làm)\b|,\s*(?:hằng|hàng|xây|triển)|[.;]|$)",
    re.IGNORECASE,
)
_WHEN = re.compile(
    r"(?:chậm nhất|trước|xong trước|muộn nhất)(?: là)?(?: vào)? ngày \d{1,2}/\d{1,2}(?:/\d{4})?|(?:định kỳ )?(?:hằng|hàng) (?:quý|tháng|năm|tuần)(?:, 6 tháng)?(?:,? (?:và )?năm(?! \d))?|(?:cả|trong) năm(?: \d{4})?|thường xuyên|(?:quý|tháng) [IVX\d]+(?:/\d{4})?|năm \d{4}\b(?! của| - )",
    re.IGNORECASE,
)
_WHAT = re.compile(
    r"(?:tối thiểu|ít nhất|không dưới)\s+\d{1,4}\s+(?:tin\s*/\s*bài|tin,? bài|bài|buổi|hội nghị|cuộc|lớp|phóng sự)[^.;,]{0,30}",
    re.IGNORECASE,
)


@dataclass
class Part:
    """
    One value of a task with the lines it was read from.
    """

    text: str
    lines: tuple[int, ...]


@dataclass
class Task:
    """
    A task with where each of its values stands. `empty` are columns that the source has and leaves empty.
    """

    number: int
    parts: dict[str, Part] = field(default_factory=dict)
    lines: tuple[int, ...] = ()
    doubtful: bool = False
    empty: list[str] = field(default_factory=list)
    unused: list[Part] = field(default_factory=list)


def from_tables(tables: Sequence[TaskTable]) -> Iterator[Task]:
    """
    Yield the tasks of all tables; the numbers of a second table go on where the first one ends when they clash.
    """
    used: set[int] = set()
    for table in tables:
        for row in table.rows:
            number = row.number if row.number is not None and row.number not in used else max(used, default=0) + 1
            used.add(number)
            yield _of_row(row, table, number)


def _of_row(row: Row, table: TaskTable, number: int) -> Task:
    task = Task(number, lines=row.lines, doubtful=row.doubtful)
    for cell in row.cells:
        part = _part(cell.paragraph)
        if cell.column == "who":
            split = split_who(cell.paragraph)
            for name, found in (("lead", split.lead), ("partners", split.partners)):
                if found is not None:
                    task.parts[name] = _part(found)
                elif split.lead is not cell.paragraph:
                    task.empty.append(name)
        elif cell.column == "forms":
            task.parts.setdefault("product", part)
        elif cell.column == "product":
            if "product" in task.parts:
                task.unused.append(task.parts["product"])
            task.parts["product"] = part
        elif cell.column in ("task", "lead", "partners", "time"):
            task.parts[cell.column] = part
        elif cell.column != "number":
            task.unused.append(part)
    filled = {cell.column for cell in row.cells}
    task.empty += [
        column for column in table.columns if column in ("lead", "partners", "time", "product") and column not in filled
    ]
    if "task" not in task.parts:
        task.doubtful = True
    return task


def _part(paragraph: Paragraph) -> Part:
    """
    Return a cell's text; lines of it that begin with a dash are told apart by semicolons.
    """
    starts = [0]
    for match in _BULLET.finditer(paragraph.text):
        at = match.start()
        if at == 0 or (
            paragraph.text[at - 1].isspace() and at > 1 and paragraph.origin[at] != paragraph.origin[at - 2]
        ):
            starts.append(at)
    parts = [_BULLET.sub("", paragraph.text[start:end].strip(), count=1) if start in starts[1:] else paragraph.text[start:end]
             for start, end in zip(starts, [*starts[1:], len(paragraph.text)], strict=True)]  # fmt: skip
    text = "; ".join(part.strip(" .;…-–") for part in parts if part.strip(" .;…-–"))
    return Part(first_capital(text or paragraph.text.strip()), paragraph.lines)


def from_units(roots: Sequence[Node]) -> Iterator[Task]:
    """
    Yield a task per thing that an office is given to do, with what its sentence says about partners, time and product.
    """
    number = 0
    for section in of_role(roots, "units"):
        for node in section.children:
            for child in node.children:
                if re.match(r"Kinh phí\b", child.text):
                    continue
                number += 1
                yield _of_item(number, node, child)


def _of_item(number: int, unit: Node, item: Node) -> Task:
    paragraph = item.paragraph
    quote = gist(paragraph)
    task = Task(
        number,
        {"task": Part(quote.text, quote.lines), "lead": Part(office(unit.text), unit.paragraph.lines)},
        paragraph.lines,
    )
    for name, pattern, group in (("partners", _WITH, "who"), ("time", _WHEN, 0), ("product", _WHAT, 0)):
        match = pattern.search(paragraph.text)
        if match:
            start, end = match.span(group)
            said = re.sub(r"\s+", " ", paragraph.text[start:end]).strip(" ,;.")
            if name != "partners" or re.match(rf"(?i:{_OFFICE})|[{UPPER}]", said):
                task.parts[name] = Part(first_capital(said), paragraph.lines_of(start, end))
    return task


def jumps(tasks: Sequence[Task]) -> list[tuple[int, int]]:
    """
    Return where the source's own numbering leaves numbers out, as (last before, first after).
    """
    numbers = [task.number for task in tasks]
    return [(one, other) for one, other in pairwise(numbers) if other > one + 1]
