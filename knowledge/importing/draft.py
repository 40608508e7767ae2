"""
A draft of a plan, as a file that a person reviews: questions first, then the plan, then where everything stands.

`plan` has the fields of a plan file. `lines` holds every line of the source with its use, so that a page can show source
and result side by side without the source's own file.
"""

from hashlib import blake2b
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from knowledge import located, wording_of_mistakes
from knowledge.entries import IsoDate, Record, Slug, Text
from knowledge.errors import DraftError
from knowledge.importing import yaml_text

KIND = "plan-draft"
Use = Literal[
    "field", "section", "title", "closing", "recipients", "signature", "letterhead", "opening", "appendix", "table header", "page number", "rule", "empty", "unread",
]  # fmt: skip
NOTE = """\
Bản nháp kế hoạch. Trợ lý KHÔNG trả lời từ tệp này. Việc cần làm (hướng dẫn: docs/vi/nhap-ke-hoach.md):
1. Trả lời từng câu trong “questions”: ghi vào “answer” số thứ tự của lựa chọn, hoặc ghi thẳng câu chữ đúng.
2. Đọc “unread” (chỗ máy không đọc được) và “repairs” (chỗ máy đã sửa); sửa “plan” nếu cần.
3. Ghi tên người duyệt vào “confirmed_by”, ngày vào “confirmed_on”, rồi chạy: python -m knowledge import-plan --accept TỆP-NÀY"""


class Spot(Record):
    """
    A place in the source: the numbers of its lines, as a person finds it, and the words there.
    """

    lines: list[int]
    where: str
    text: str


class Choice(Record):
    """
    One answer that a question offers, and what it does to the plan.

    `set` puts values at paths ("legal_basis.0"), `replace` writes words otherwise wherever they stand, or in the paths
    that begin with `only`; `drop` takes items out.
    """

    say: Text
    set: dict[str, Any] = Field(default_factory=dict)
    replace: list[str] = Field(default_factory=list)
    only: str | None = None
    drop: list[str] = Field(default_factory=list)


class Question(Record):
    """
    What only a person can decide. `answer` is the number of a choice, or words: these go to `field`, or in place of `words`.
    """

    id: Slug
    about: str
    question: Text
    places: list[Spot]
    choices: list[Choice]
    field: str | None = None
    words: str | None = None
    answer: int | str | None = None


class Mended(Record):
    was: str
    put: str
    why: str
    around: str
    lines: list[int]


class Unread(Record):
    """
    A line that found no place, with the lines around it.
    """

    lines: list[int]
    where: str
    text: str
    around: str
    why: str


class Section(Record):
    id: str
    title: str
    role: str = ""
    lines: list[int]
    items: list[str] = Field(default_factory=list)


class SourceLine(Record):
    """
    `n` is its number, `use` its fields, or how it was accounted for when it feeds none.
    """

    n: int
    text: str
    use: list[str]
    page: int | None = None


class Source(Record):
    file: str
    form: str
    digest: str
    notices: list[str] = Field(default_factory=list)


class PlanDraft(Record):
    """
    `plan` is what will be used, with the answers of `applied` already in it; `as_read` how it was before any answer, None
    while that is the same. `looked` are the doubts that a person has seen, `again` what two edits were at odds about
    (review.py). `accepted_on`: it has become content.
    """

    kind: Literal["plan-draft"] = "plan-draft"
    ward: Slug
    target: str
    source: Source
    made_on: IsoDate
    confirmed_by: str | None = None
    confirmed_on: IsoDate | None = None
    accepted_on: IsoDate | None = None
    looked: list[str] = Field(default_factory=list)
    again: list[str] = Field(default_factory=list)
    applied: dict[str, int | str] = Field(default_factory=dict)
    as_read: dict[str, Any] | None = None
    questions: list[Question] = Field(default_factory=list)
    unread: list[Unread] = Field(default_factory=list)
    repairs: list[Mended] = Field(default_factory=list)
    notes: list[str] = Field(default_factory=list)
    plan: dict[str, Any]
    places: dict[str, list[int]] = Field(default_factory=dict)
    sections: list[Section] = Field(default_factory=list)
    lines: list[SourceLine] = Field(default_factory=list)

    @property
    def open(self) -> list[Question]:
        return [question for question in self.questions if question.answer in (None, "")]


def write(draft: PlanDraft, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.tmp")
    beside.write_text(dump(draft), encoding="utf-8")
    beside.replace(path)


def dump(draft: PlanDraft) -> str:
    value = draft.model_dump(mode="json", exclude_defaults=False)
    for question in value["questions"]:
        question["choices"] = [{key: one for key, one in choice.items() if one} for choice in question["choices"]]
        question |= {}
    lines = value.pop("lines")
    text = yaml_text.dump(value, NOTE)
    rows = "".join(f"- {yaml_text.row({key: one for key, one in line.items() if one is not None})}\n" for line in lines)
    return f"{text}lines:\n{rows}" if rows else f"{text}lines: []\n"


def version(path: Path) -> str:
    """
    Return a digest of a draft's file: who saves must have seen the one that is there.
    """
    return blake2b(path.read_bytes(), digest_size=8).hexdigest()


def read(path: Path) -> PlanDraft:
    """
    Raises:
        DraftError: naming every mistake with its line, when the file is no draft or was broken while it was edited.
    """
    value, lines, mistakes = located.load(path)
    if mistakes:
        raise DraftError([str(mistake) for mistake in mistakes])
    if not isinstance(value, dict) or value.get("kind") != KIND:
        raise DraftError([f"{path}: không phải bản nháp kế hoạch (thiếu “kind: {KIND}”)"])
    try:
        return PlanDraft.model_validate(value)
    except ValidationError as error:
        raise DraftError(
            [
                f"{path}:{located.line_of(lines, detail['loc'])}: {wording_of_mistakes.sentence(detail, None)}"
                for detail in error.errors()
            ]
        ) from error
