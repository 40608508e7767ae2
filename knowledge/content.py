"""
Reads all of content/: one base for everybody, one overlay per ward, every mistake with file and line.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from knowledge import located, wording_of_mistakes
from knowledge.entries import Entry
from knowledge.errors import ContentError, Mistake
from knowledge.faqs import Elsewhere, Faq
from knowledge.plans import Plan
from knowledge.procedures import Procedure
from knowledge.services import Service
from knowledge.text import fold, tokenise
from knowledge.wards import Ward

Answerable = Procedure | Service | Faq
ENTRY_KINDS: dict[str, type[Answerable | Elsewhere]] = {
    "procedure": Procedure, "service": Service, "faq": Faq, "elsewhere": Elsewhere,
}  # fmt: skip
Model = TypeVar("Model", bound=BaseModel)
INHERITED = {"procedure": "field", "service": "topic"}
KINDS = (*ENTRY_KINDS, "outside", "wording", "lexicon", "ward", "plan")
# What stands at the top of a file beside `kind`; a ward and a plan are one record each and check themselves.
LISTS = {
    "procedure": ("entries",),
    "service": ("entries",),
    "faq": ("entries",),
    "elsewhere": ("entries",),
    "outside": ("questions",),
}
GROUPS = {"wording": ("wordings",), "lexicon": ("abbreviations", "sayings")}


@dataclass(frozen=True)
class Stored(Generic[Model]):
    """
    A record with the file and line it came from; `ward` is None for the shared base.
    """

    record: Model
    kind: str
    ward: str | None
    path: Path
    line: int


@dataclass
class Content:
    """
    Everything that was read. `entries` and `plans` keep base and overlays side by side; `for_ward` resolves them.
    """

    entries: list[Stored[Any]] = field(default_factory=list)
    plans: list[Stored[Plan]] = field(default_factory=list)
    wards: dict[str, Stored[Ward]] = field(default_factory=dict)
    wordings: dict[str, list[str]] = field(default_factory=dict)
    outside: list[str] = field(default_factory=list)
    abbreviations: dict[str, list[str]] = field(default_factory=dict)
    sayings: dict[str, list[str]] = field(default_factory=dict)
    warnings: list[Mistake] = field(default_factory=list)

    def for_ward(self, ward: str) -> dict[str, Stored[Any]]:
        """
        Return the entries of one ward by id: the base, with the ward's own entries in place of those with the same id.
        """
        chosen = {stored.record.id: stored for stored in self.entries if stored.ward is None}
        chosen.update({stored.record.id: stored for stored in self.entries if stored.ward == ward})
        return chosen


def read(root: Path) -> Content:
    """
    Read every file below a content folder.

    Raises:
        ContentError: with all mistakes of all files, when there is any.
    """
    content, mistakes = _gather(root)
    mistakes += _cross_check(content)
    if mistakes:
        raise ContentError(sorted(set(mistakes)))
    content.warnings = _shared_questions(content)
    return content


def _gather(root: Path) -> tuple[Content, list[Mistake]]:
    content, mistakes = Content(), []
    files = sorted(path for path in root.rglob("*.yml") if not path.name.startswith("."))
    if not files:
        return content, [Mistake(root, 1, "không thấy tệp nội dung .yml nào trong thư mục này")]
    for path in files:
        parts = path.relative_to(root).parts
        ward = parts[1] if parts[0] == "wards" and len(parts) > 2 else None
        mistakes += list(_read_file(path, ward, content))
    return content, mistakes


def _read_file(path: Path, ward: str | None, content: Content) -> Iterator[Mistake]:
    value, lines, mistakes = located.load(path)
    if mistakes:
        yield from mistakes
        return
    kind = value.get("kind") if isinstance(value, dict) else None
    if kind not in KINDS:
        yield Mistake(path, 1, f"thiếu hoặc sai “kind:”; phải là một trong: {', '.join(KINDS)}")
        return
    shape = list(_shape(path, value, lines, kind))
    if shape:
        yield from shape
    elif kind == "wording":
        yield from _read_wordings(path, value, lines, content)
    elif kind == "outside":
        for number, question in enumerate(value.get("questions") or []):
            if isinstance(question, str) and question.strip():
                content.outside.append(question)
            else:
                yield Mistake(
                    path, located.line_of(lines, ("questions", number)), "mỗi dòng của “questions” phải là một câu hỏi"
                )
    elif kind == "lexicon":
        yield from _read_lexicon(path, value, lines, content)
    elif kind in ("ward", "plan") and ward is None:
        yield Mistake(path, 1, f"tệp “kind: {kind}” phải đặt trong thư mục của một phường, xã: wards/<tên>/")
    elif kind in ("ward", "plan"):
        record = {key: item for key, item in value.items() if key != "kind"}
        model: type[BaseModel] = Ward if kind == "ward" else Plan
        stored, mistakes = _validate(model, record, (), path, lines, kind, ward)
        yield from mistakes
        if stored is not None and kind == "ward":
            other = content.wards.setdefault(stored.record.slug, stored)
            if other is not stored:
                yield Mistake(path, 1, f"“{stored.record.slug}” đã khai ở {other.path}; giữ lại một tệp")
            if stored.record.slug != ward:
                yield Mistake(path, located.line_of(lines, ("slug",)), f"“slug” phải trùng tên thư mục: {ward}")
        elif stored is not None:
            content.plans.append(stored)
    else:
        yield from _read_entries(path, value, lines, kind, ward, content)


def _shape(path: Path, value: dict[str, Any], lines: dict[located.Place, int], kind: str) -> Iterator[Mistake]:
    """
    Yield what is wrong with the top of a file, before anything in it is looked at.
    """
    if kind in ("ward", "plan"):
        return
    fields = (*LISTS.get(kind, ()), *GROUPS.get(kind, ()))
    known = {"kind", *fields, *filter(None, [INHERITED.get(kind)])}
    for name in value:
        if name not in known:
            yield Mistake(
                path,
                located.line_of(lines, (str(name),)),
                f"không có trường nào tên “{name}” ở đầu tệp; chỉ có {', '.join(sorted(known))}",
            )
    if not any(name in value for name in fields):
        yield Mistake(path, 1, f"thiếu trường “{fields[0]}”; thêm vào")
    for name in fields:
        if value.get(name) is not None and not isinstance(value[name], list if kind in LISTS else dict):
            wanted = "danh sách, mỗi dòng bắt đầu bằng “- ”" if kind in LISTS else "nhóm trường thụt vào bên dưới"
            yield Mistake(path, located.line_of(lines, (name,)), f"“{name}” phải là {wanted}")


def _read_entries(
    path: Path, value: dict[str, Any], lines: dict[located.Place, int], kind: str, ward: str | None, content: Content
) -> Iterator[Mistake]:
    inherited = INHERITED.get(kind)
    for number, entry in enumerate(value.get("entries") or []):
        if inherited and isinstance(entry, dict):
            entry = {inherited: value.get(inherited) or "", **entry}
        stored, mistakes = _validate(ENTRY_KINDS[kind], entry, ("entries", number), path, lines, kind, ward)
        yield from mistakes
        if stored is not None:
            content.entries.append(stored)


def _read_wordings(
    path: Path, value: dict[str, Any], lines: dict[located.Place, int], content: Content
) -> Iterator[Mistake]:
    for key, phrases in (value.get("wordings") or {}).items():
        if not isinstance(phrases, list) or not all(isinstance(phrase, str) and phrase.strip() for phrase in phrases):
            yield Mistake(path, located.line_of(lines, ("wordings", key)), f"“{key}” phải là danh sách các câu")
            continue
        content.wordings.setdefault(str(key), []).extend(phrases)


def _read_lexicon(
    path: Path, value: dict[str, Any], lines: dict[located.Place, int], content: Content
) -> Iterator[Mistake]:
    for section, known in (("abbreviations", content.abbreviations), ("sayings", content.sayings)):
        for said, meanings in (value.get(section) or {}).items():
            if (
                not isinstance(said, str)
                or not isinstance(meanings, list)
                or not all(isinstance(meaning, str) for meaning in meanings)
            ):
                yield Mistake(
                    path,
                    located.line_of(lines, (section, str(said))),
                    f"“{said}” phải có danh sách nghĩa, ví dụ [không]; chữ như “no”, “on” thì đặt trong nháy",
                )
                continue
            known.setdefault(said, []).extend(meanings)


def _validate(
    model: type[BaseModel],
    value: Any,
    place: located.Place,
    path: Path,
    lines: dict[located.Place, int],
    kind: str,
    ward: str | None,
) -> tuple[Stored[Any] | None, list[Mistake]]:
    try:
        record = model.model_validate(value)
    except ValidationError as error:
        name = value.get("id") or value.get("slug") if isinstance(value, dict) else None
        return None, [
            Mistake(path, located.line_of(lines, (*place, *detail["loc"])), wording_of_mistakes.sentence(detail, name))
            for detail in error.errors()
        ]
    return Stored(record, kind, ward, path, located.line_of(lines, place)), []


def _cross_check(content: Content) -> list[Mistake]:
    mistakes: list[Mistake] = []
    seen: dict[tuple[str | None, str], Stored[Any]] = {}
    for stored in [*content.entries, *content.plans]:
        key = (stored.ward, stored.record.id)
        if key in seen:
            mistakes.append(
                Mistake(
                    stored.path,
                    stored.line,
                    f"mã “{stored.record.id}” đã dùng ở {seen[key].path}:{seen[key].line}; đổi một trong hai",
                )
            )
        seen[key] = stored
    for stored_plan in content.plans:
        plan = stored_plan.record
        plan_parts: list[Any] = [*plan.tasks, *plan.kpis, *plan.facts]
        for part in plan_parts:
            key = (stored_plan.ward, part.id)
            if key in seen:
                mistakes.append(
                    Mistake(
                        stored_plan.path,
                        stored_plan.line,
                        f"mã “{part.id}” đã dùng ở {seen[key].path}:{seen[key].line}; đổi một trong hai",
                    )
                )
            seen[key] = stored_plan
    for stored in [*content.entries, *content.plans]:
        if stored.ward is not None and stored.ward not in content.wards:
            mistakes.append(Mistake(stored.path, 1, f"thư mục wards/{stored.ward} chưa có ward.yml"))
    return mistakes


def _shared_questions(content: Content) -> list[Mistake]:
    """
    Report questions that two entries claim: a reader cannot tell which answer is meant, nor can the index.
    """
    claims: dict[str, tuple[str, str | None]] = {}
    warnings: list[Mistake] = []
    for stored in content.entries:
        record = stored.record
        phrases = [
            *getattr(record, "questions", []),
            *getattr(record, "aliases", []),
            *content.wordings.get(record.id, []),
        ]
        for phrase in dict.fromkeys(phrases):
            key = " ".join(map(fold, tokenise(phrase)))
            owner, ward = claims.setdefault(key, (record.id, stored.ward))
            if owner != record.id and ward in (None, stored.ward):
                warnings.append(
                    Mistake(
                        stored.path,
                        stored.line,
                        f"“{record.id}” và “{owner}” cùng nhận câu “{phrase}”; sửa một bên cho khác đi",
                    )
                )
    return warnings


def is_entry(record: object) -> bool:
    """
    Tell whether a record can itself be an answer, rather than point to another office.
    """
    return isinstance(record, Entry)
