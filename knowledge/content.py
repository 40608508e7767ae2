"""
Reads all of content/: one base for everybody, one overlay per ward, every mistake with file and line.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from knowledge import located, wording_of_mistakes
from knowledge.content_checks import mistakes_between, shared_questions
from knowledge.entries import Entry
from knowledge.errors import ContentError, Mistake
from knowledge.faqs import Elsewhere, Faq
from knowledge.plans import Plan
from knowledge.procedures import Procedure
from knowledge.services import Service
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
    Everything that was read, or what one file says. `entries` and `plans` keep base and overlays side by side;
    `for_ward` resolves them.
    """

    entries: list[Stored[Any]] = field(default_factory=list)
    plans: list[Stored[Plan]] = field(default_factory=list)
    wards: dict[str, Stored[Ward]] = field(default_factory=dict)
    wordings: dict[str, list[str]] = field(default_factory=dict)
    ward_wordings: dict[str, dict[str, list[str]]] = field(default_factory=dict)  # ward → id → how its citizens say it
    outside: list[str] = field(default_factory=list)
    abbreviations: dict[str, list[str]] = field(default_factory=dict)
    sayings: dict[str, list[str]] = field(default_factory=dict)

    def for_ward(self, ward: str) -> dict[str, Stored[Any]]:
        """
        Return the entries of one ward by id: the base, with the ward's own entries in place of those with the same id.
        """
        base, own = self.by_ward.get(None, {}), self.by_ward.get(ward)
        return {**base, **own} if own else base

    # Looked up again and again. `join` makes these of what was found for each file before, in a fraction of the time.

    @cached_property
    def parts(self) -> "Sequence[Content]":
        """
        What it was put together from: what each file says, or all of it.
        """
        return (self,)

    @cached_property
    def by_ward(self) -> dict[str | None, dict[str, Stored[Any]]]:
        """
        The entries of the base (None) and of each ward by id; of two with the same id the last.
        """
        found: dict[str | None, dict[str, Stored[Any]]] = {}
        for stored in self.entries:
            found.setdefault(stored.ward, {})[stored.record.id] = stored
        return found

    @cached_property
    def coded(self) -> list[str]:
        """
        The ids of entries that have other keys too, in the order of the entries.
        """
        return list(dict.fromkeys(stored.record.id for stored in self.entries if other_keys(stored.record)))

    @cached_property
    def told_apart(self) -> list[Stored[Any]]:
        """
        The entries that name others they must be told apart from.
        """
        return [stored for stored in self.entries if getattr(stored.record, "told_apart", ())]

    @cached_property
    def warnings(self) -> list[Mistake]:
        """
        What staff should look at though it can be used. Takes seconds for 20,000 entries: only for those who ask.
        """
        return shared_questions(self)


@dataclass(frozen=True)
class Piece:
    """
    What one file says, and the mistakes in it.
    """

    content: Content
    mistakes: tuple[Mistake, ...] = ()


def other_keys(record: Any) -> list[str]:
    """
    Return the keys of a record beside its id: national codes, present and former.
    """
    keys: list[str] = getattr(record, "keys", [])[1:]
    return keys


def read(root: Path, instead: Mapping[Path, Path | None] = MappingProxyType({})) -> Content:
    """
    Read every file below a content folder.

    Args:
        instead: Files that are not to be read, or are gone, with what is read in the place of each; None for nothing.

    Raises:
        ContentError: with all mistakes of all files, when there is any.
    """
    chosen = [(path, instead.get(path, path)) for path in files(root, instead)]
    return join([read_file(path, source, ward_of(path, root)) for path, source in chosen if source])


def files(root: Path, also: Collection[Path] = ()) -> list[Path]:
    """
    Return the files of a content folder, in the order in which they are read.

    Args:
        also: Files that count even when they are gone.

    Raises:
        ContentError: when there is none.
    """
    there = root.rglob("*.yml")
    found = sorted(path for path in ({*there, *also} if also else there) if not path.name.startswith("."))
    if not found:
        raise ContentError([Mistake(root, 1, "không thấy tệp nội dung .yml nào trong thư mục này")])
    return found


def ward_of(path: Path, root: Path) -> str | None:
    """
    Return the ward in whose folder a file lies, or None for the shared base.
    """
    parts = path.relative_to(root).parts
    return parts[1] if parts[0] == "wards" and len(parts) > 2 else None


def join(pieces: Sequence[Piece]) -> Content:
    """
    Put together what files say, and check them against each other.

    Raises:
        ContentError: with all mistakes of all files, when there is any.
    """
    content, mistakes = Content(), [mistake for piece in pieces for mistake in piece.mistakes]
    content.parts = [piece.content for piece in pieces]
    content.by_ward = {}
    for said in content.parts:
        content.entries += said.entries
        content.plans += said.plans
        content.outside += said.outside
        for ward, entries in said.by_ward.items():
            content.by_ward.setdefault(ward, {}).update(entries)
        for slug, stored in said.wards.items():
            other = content.wards.setdefault(slug, stored)
            if other is not stored:
                mistakes.append(Mistake(stored.path, 1, f"“{slug}” đã khai ở {other.path}; giữ lại một tệp"))
        own = [(content.ward_wordings.setdefault(ward, {}), its) for ward, its in said.ward_wordings.items()]
        for mine, its in [*zip(_said(content), _said(said), strict=True), *own]:
            for key, phrases in its.items():
                mine.setdefault(key, []).extend(phrases)
    content.coded = list(dict.fromkeys(chain.from_iterable(said.coded for said in content.parts)))
    content.told_apart = [stored for said in content.parts for stored in said.told_apart]
    mistakes += mistakes_between(content)
    if mistakes:
        raise ContentError(sorted(set(mistakes)))
    return content


def _said(content: Content) -> tuple[dict[str, list[str]], ...]:
    return content.wordings, content.abbreviations, content.sayings


def read_file(path: Path, source: Path, ward: str | None) -> Piece:
    """
    Read a file of the shared base, or of a ward; what it says stands in `source`.
    """
    value, lines, mistakes = located.load(source)
    return Piece(Content(), tuple(mistakes)) if mistakes else understand(path, ward, value, lines)


def understand(path: Path, ward: str | None, value: Any, lines: dict[located.Place, int]) -> Piece:
    """
    Check what stands in a file, once its YAML has been read.
    """
    content = Content()
    return Piece(content, tuple(_read_file(path, ward, value, lines, content)))


def _read_file(
    path: Path, ward: str | None, value: Any, lines: dict[located.Place, int], content: Content
) -> Iterator[Mistake]:
    kind = value.get("kind") if isinstance(value, dict) else None
    if kind not in KINDS:
        yield Mistake(path, 1, f"thiếu hoặc sai “kind:”; phải là một trong: {', '.join(KINDS)}")
        return
    shape = list(_shape(path, value, lines, kind))
    if shape:
        yield from shape
    elif kind == "wording":
        said = content.wordings if ward is None else content.ward_wordings.setdefault(ward, {})
        yield from _read_wordings(path, value, lines, said)
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
            content.wards[stored.record.slug] = stored
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
    path: Path, value: dict[str, Any], lines: dict[located.Place, int], said: dict[str, list[str]]
) -> Iterator[Mistake]:
    for key, phrases in (value.get("wordings") or {}).items():
        if not isinstance(phrases, list) or not all(isinstance(phrase, str) and phrase.strip() for phrase in phrases):
            yield Mistake(path, located.line_of(lines, ("wordings", key)), f"“{key}” phải là danh sách các câu")
            continue
        said.setdefault(str(key), []).extend(phrases)


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


def is_entry(record: object) -> bool:
    """
    Tell whether a record can itself be an answer, rather than point to another office.
    """
    return isinstance(record, Entry)
