"""
One changed entry tried against the live index, without saving anything: what would be found, what would be answered.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from knowledge import answer as answers
from knowledge import findings, updating
from knowledge.content import Content, Stored
from knowledge.embed import Embedder
from knowledge.errors import RequestError
from knowledge.index import Index
from knowledge.items import Item
from knowledge.library import Library
from knowledge.office.catalogue import questions
from knowledge.office.places import part_ids
from knowledge.office.records import Key
from knowledge.outcomes import ANSWERED, Answer
from knowledge.passages import items
from knowledge.retrieve import Hit

MOST_QUESTIONS = 40  # ranked in one trial; a few milliseconds each


@dataclass(frozen=True)
class Trial:
    """
    The library as it is and as it would be, seen from a ward; `old` is what the entry says now.
    """

    key: Key
    ward: str
    record: Any
    old: Any | None
    before: Library
    after: Library
    _found: dict[tuple[str, str], list[Hit]] = field(default_factory=dict)

    @property
    def ids(self) -> set[str]:
        """
        Return the ids under which the entry is found: a plan's parts have ids of their own.
        """
        if self.key.kind != "plan":
            return {self.key.id}
        plans = filter(None, (self.old, self.record))
        return {id for plan in plans for id in (*part_ids(plan), *_sections(self.after, self.ward, self.key.id))}

    def hits(self, library: Library, question: str) -> list[Hit]:
        """
        Return what a question finds in one of the two libraries; asked again, it is not ranked again.
        """
        retriever = library.retriever
        name = (retriever.index.version, question)
        if name not in self._found:
            self._found[name] = retriever.rank(question, self.ward).hits
        return self._found[name]


def attempt(library: Library, key: Key, record: BaseModel) -> Trial:
    """
    Raises:
        RequestError: when no ward would see the entry.
    """
    content = library.content
    overriding = {stored.ward for stored in content.entries if stored.record.id == key.id and stored.ward}
    ward = key.ward or next((slug for slug in sorted(content.wards) if slug not in overriding), "")
    if ward not in content.wards and key.kind != "ward":
        raise RequestError("no ward sees this entry: every one has its own", {"ward": key.ward})
    old = _now(content, key)
    return Trial(key, ward, record, old.record if old else None, library, _with(library, key, record))


def ranks(trial: Trial) -> list[dict[str, Any]]:
    """
    Return for the entry's questions, old and new, at which place it is found before and after; None for not at all.
    """
    wordings = trial.after.content.wordings
    asked = [*test_questions(trial.record, wordings), *(test_questions(trial.old, wordings) if trial.old else [])]
    return [
        {"question": question, "before": _rank(trial.before, trial, question) if trial.old else None,
         "after": _rank(trial.after, trial, question)}
        for question in list(dict.fromkeys(asked))[:MOST_QUESTIONS]
    ]  # fmt: skip


def test_questions(record: Any, wordings: dict[str, list[str]]) -> list[str]:
    """
    Return what must find an entry: its own questions, its other names, and how citizens say it.
    """
    keys = getattr(record, "keys", None) or ([record.id] if hasattr(record, "id") else [])
    said = [phrase for key in keys for phrase in wordings.get(key, ())]
    return list(dict.fromkeys([*questions(record), *(getattr(record, "aliases", None) or ()), *said]))


def preview(trial: Trial) -> list[dict[str, Any]]:
    """
    Return what citizens would be told, as /answer gives it: the whole, then each part and special situation that it has.
    """
    library, ward, record = trial.after, trial.ward, trial.record
    place = library.ward(ward)
    if trial.key.kind == "ward":
        shown = [
            stored.record.id for stored in library.entries(ward).values() if getattr(stored.record, "ward_value", None)
        ]
        found = [answers.choose(library, ward, id, None) for id in sorted(shown)]
    elif trial.key.kind == "plan":
        found = [
            answers.choose(library, ward, part.id, None) for part in library.parts(ward).values() if part.plan is record
        ]
    else:
        parts = [None, *findings.held_parts(record)]
        found = [answers.choose(library, ward, record.id, part) for part in parts]
        if found[0].outcome == ANSWERED:
            cases = [findings.finding(record, place, [], case) for case in getattr(record, "cases", ())]
            found += [Answer(ANSWERED, [case], confidence=1.0, reason="chosen") for case in cases]
    shown_place = place.model_dump(mode="json")
    return [{**asdict(each), "took_ms": 0.0, "ward": shown_place} for each in found]


def _rank(library: Library, trial: Trial, question: str) -> int | None:
    ids = trial.ids
    return next((place for place, hit in enumerate(trial.hits(library, question), 1) if hit.item.id in ids), None)


def _sections(library: Library, ward: str, plan: str) -> Iterable[str]:
    return [part.id for part in library.parts(ward).values() if part.plan.id == plan]


def _now(content: Content, key: Key) -> Stored[Any] | None:
    """
    Return the entry that stands there now, the base's when the ward has none of its own.
    """
    if key.kind == "ward":
        return content.wards.get(key.id)
    among: list[Stored[Any]] = content.plans if key.kind == "plan" else content.entries
    same = {stored.ward or "": stored for stored in among if stored.record.id == key.id}
    return same.get(key.ward) or same.get("")


def _with(library: Library, key: Key, record: BaseModel) -> Library:
    """
    Return the library with an entry in its place; the index is built anew only when something that is searched changed.
    """
    stored: Stored[Any] = Stored(record, key.kind, key.ward or None, Path(), 1)
    content = library.content

    def put(among: list[Stored[Any]]) -> list[Stored[Any]]:
        there = [(each.ward or "", each.record.id) == (key.ward, key.id) for each in among]
        return [stored if here else each for here, each in zip(there, among, strict=True)] + (
            [] if any(there) else [stored]
        )

    if key.kind == "ward":
        changed = replace(content, wards={**content.wards, key.id: stored})
        return Library(changed, library.retriever, library.confidence, library.today)
    if key.kind == "plan":
        changed = replace(content, plans=put(content.plans))
        part = Content(plans=[stored], wordings=content.wordings)
    else:
        changed = replace(content, entries=put(content.entries))
        part = Content(
            entries=[each for each in changed.entries if each.record.id == key.id],
            wordings=content.wordings,
            ward_wordings=content.ward_wordings,
        )
    index = _index_with(library.retriever.index, items(part), key, library.retriever.embedder)
    return Library(changed, replace(library.retriever, index=index), library.confidence, library.today)


def _index_with(index: Index, made: list[Item], key: Key, embedder: Embedder) -> Index:
    """
    Return the index with an entry's items in place of those that it has; in well under a second, as for a small change.
    """

    def is_its(item: Item) -> bool:
        return item.family == key.id and item.ward == key.ward if key.kind == "plan" else item.id == key.id

    places = [number for number, item in enumerate(index.items) if is_its(item)]
    if [index.items[number] for number in places] == made:
        return index
    first = places[0] if places else len(index.items)
    others = [item for item in index.items if not is_its(item)]
    wanted = [*others[:first], *made, *others[first:]]
    return updating.update(index, wanted, index.lexicon, embedder)[0]
