"""
Paragraphs of a body → its sections, and what each of them is about.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from knowledge.importing.paragraphs import LEVELS, Paragraph
from knowledge.text import fold, normalise

Role = Literal["purpose", "audience", "contents", "forms", "budget", "units", "tasks", "kpis", "time", ""]
# In this order: "Đối tượng, nội dung" is about both, and its own sections say which is which.
_ROLES: tuple[tuple[Role, str], ...] = (
    ("tasks", r"nhiem vu cu the|bang phan cong|phu luc"),
    ("kpis", r"chi tieu"),
    ("audience", r"doi tuong"),
    ("purpose", r"muc dich|yeu cau|muc tieu|quan diem"),
    ("budget", r"kinh phi"),
    ("units", r"to chuc thuc hien|phan cong|trach nhiem"),
    ("contents", r"noi dung"),
    ("forms", r"hinh thuc|bien phap|phuong thuc|kenh"),
    ("contents", r"nhiem vu|giai phap"),
    ("time", r"thoi gian"),
)
_INLINE = re.compile(r"^([^:.;]{3,60}):\s+(?=\S)")
INTRODUCES = re.compile(r"\b(?:sau|sau đây|như|gồm|bao gồm|cụ thể|cơ bản|trọng tâm)\s*:\s*$")
_LONGEST_HEADING = 140


@dataclass
class Node:
    """
    A section or an item. `id` is its path by markers ("II.1.a"); `role` its own, or that of what it stands in.

    `text` is the heading, or the item; of "Đối tượng: cán bộ …" the heading is the first part, the rest a child.
    """

    paragraph: Paragraph
    id: str
    heading: bool = False
    role: Role = ""
    own_role: Role = ""
    children: list["Node"] = field(default_factory=list)

    @property
    def text(self) -> str:
        return self.paragraph.text

    def walk(self) -> Iterator["Node"]:
        yield self
        for child in self.children:
            yield from child.walk()


def build(body: Sequence[Paragraph]) -> list[Node]:
    """
    Return the uppermost sections of a body, in order.
    """
    roots: list[Node] = []
    open_nodes: list[Node] = []
    for place, paragraph in enumerate(body):
        following = body[place + 1] if place + 1 < len(body) else None
        while open_nodes and open_nodes[-1].paragraph.level >= paragraph.level:
            open_nodes.pop()
        parent = open_nodes[-1] if open_nodes else None
        siblings = parent.children if parent else roots
        node = Node(paragraph, _id(parent, paragraph, siblings), *_heading(paragraph, following, parent))
        siblings.append(node)
        open_nodes.append(node)
        inline = _INLINE.match(paragraph.text) if node.heading and node.own_role else None
        if inline:
            node.paragraph, rest = _parted(paragraph, inline.end(1), inline.end())
            node.children.append(Node(rest, f"{node.id}.0", False, node.role))
    return roots


def _heading(paragraph: Paragraph, following: Paragraph | None, parent: Node | None) -> tuple[bool, Role, Role]:
    inline = _INLINE.match(paragraph.text)
    inherited: Role = parent.role if parent else ""
    if paragraph.kind == "number" and inline and _role(inline[1]):
        own = _role(inline[1])
        return True, own, own
    short = len(paragraph.text) <= _LONGEST_HEADING
    deeper = following is not None and following.level > paragraph.level
    heading = paragraph.kind == "roman" or (
        short and (paragraph.strong or paragraph.capitals or (paragraph.kind == "number" and deeper))
    )
    # Below "Tổ chức thực hiện" headings are names of offices: "Bộ phận Nội dung" is none about contents.
    # Nor does a part of a section about forms become one about contents: "2.2. Tuyên truyền trực quan các nội dung …".
    settled = inherited == "units" or (paragraph.level > LEVELS["number"] and inherited)
    own = _role(paragraph.text) if heading and not settled else ""
    return heading, own or inherited, own


def _role(title: str) -> Role:
    plain = fold(normalise(title))
    return next((role for role, pattern in _ROLES if re.search(rf"\b(?:{pattern})\b", plain)), "")


def _id(parent: Node | None, paragraph: Paragraph, siblings: Sequence[Node]) -> str:
    marker = paragraph.marker.strip(" .):/").replace("Phần ", "").replace("Mục ", "")
    if paragraph.kind in ("bullet", "") or not marker:
        marker = str(sum(one.paragraph.kind == paragraph.kind for one in siblings) + 1)
        marker = f"{'-' if paragraph.kind == 'bullet' else 'đ'}{marker}"
    if parent is None:
        return marker
    tail = marker.rpartition(".")[2] if paragraph.kind == "number" and "." in marker else marker
    return f"{parent.id}.{tail}"


def _parted(paragraph: Paragraph, end: int, start: int) -> tuple[Paragraph, Paragraph]:
    head = Paragraph(
        paragraph.text[:end], paragraph.origin[:end], paragraph.lines_of(0, end), paragraph.kind, paragraph.marker, True
    )
    rest = Paragraph(paragraph.text[start:], paragraph.origin[start:], paragraph.lines_of(start, len(paragraph.text)))
    return head, rest


def of_role(roots: Sequence[Node], role: Role) -> list[Node]:
    """
    Return the sections that are about something themselves, not because of what they stand in, innermost ones only.
    """
    found = [node for root in roots for node in root.walk() if node.heading and node.own_role == role]
    return [node for node in found if not any(other is not node and other in list(node.walk()) for other in found)]


def items(section: Node) -> Iterator[Node]:
    """
    Yield the items of a section at its first level of items. A heading without a role of its own counts as an item; of
    what only introduces others ("… các nội dung sau đây:") the others are the items.
    """
    marked = [child for child in section.children if child.paragraph.kind or len(section.children) == 1]
    for child in marked or section.children:
        if child.heading and child.own_role and child.own_role != section.own_role:
            continue
        if INTRODUCES.search(child.text):
            yield from items(child)
        elif child.children or not child.text.rstrip().endswith(":"):
            yield child
