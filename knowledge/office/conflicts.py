"""
What an entry would be at odds with: another that claims its question, another figure for the same matter, a basis that
has been replaced. Warnings for whoever saves it, never a refusal.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from knowledge.items import OUTSIDE
from knowledge.library import PlanPart
from knowledge.office import figures, schema
from knowledge.office.basis import Document
from knowledge.office.catalogue import Catalogue, questions
from knowledge.office.catalogue import fold as plain
from knowledge.office.freshness import outdated
from knowledge.office.records import Key
from knowledge.office.trial import Trial
from knowledge.text import fold, tokenise

CLAIMED, DIFFERS, BASIS = "question_claimed", "figure_differs", "basis_expired"
LOOKED_AT = 15  # hits among which whoever else claims a question must be: it has the very words
NAMES = {figures.FEE: "phí, lệ phí", figures.TIME: "thời hạn"}
Conflict = dict[str, str]


def conflicts(
    trial: Trial, catalogue: Catalogue, replaced: list[tuple[Document, Document]], today: date
) -> list[Conflict]:
    """
    Return {kind, message, with} of everything that the entry would be at odds with; `with` is kind/id, its own for itself.
    """
    claims = list(_claims(trial))
    found = [
        _conflict(CLAIMED, f"Câu “{phrase}” cũng là của mục {_named(other, trial)}.", other) for phrase, other in claims
    ]
    found += _at_odds(trial, catalogue, [other for _, other in claims])
    for each in outdated(getattr(trial.record, "legal_basis", None) or (), replaced, today):
        why = f"đã được thay bằng {each.by}" if each.by else "đã hết hiệu lực"
        found.append(_conflict(BASIS, f"Căn cứ “{each.line}” {why}.", trial.key))
    return [dict(one) for one in dict.fromkeys(tuple(each.items()) for each in found)]


def _conflict(kind: str, message: str, other: Key) -> Conflict:
    return {"kind": kind, "message": message, "with": str(other)}


def _claims(trial: Trial) -> Iterator[tuple[str, Key]]:
    """
    Yield (question, who else claims it): an entry that has the same words among its names or questions.
    """
    ids = trial.ids
    for phrase in dict.fromkeys([*questions(trial.record), *(getattr(trial.record, "aliases", None) or ())]):
        said = _words(phrase)
        if not said:
            continue
        for hit in trial.hits(trial.after, phrase)[:LOOKED_AT]:
            item = hit.item
            if item.id in ids or trial.key.id in item.covers or item.id in getattr(trial.record, "covers", ()):
                continue
            if any(_words(text) == said for text in (*item.titles, *item.wordings)):
                yield phrase, _key(trial, item.kind, item.id)


def _words(text: str) -> str:
    return " ".join(map(fold, tokenise(text)))


def _key(trial: Trial, kind: str, id: str) -> Key:
    found = trial.after.find(trial.ward, id)
    return Key("plan", found.plan.id, trial.ward) if isinstance(found, PlanPart) else Key(kind, id, "")


def _named(other: Key, trial: Trial) -> str:
    if other.kind == OUTSIDE:
        return "“ngoài phạm vi trả lời”"
    record = trial.after.find(trial.ward, other.id)
    title = record.plan.title if isinstance(record, PlanPart) else getattr(record, "title", other.id)
    return f"“{title}”"


def _at_odds(trial: Trial, catalogue: Catalogue, claiming: Sequence[Key]) -> Iterator[Conflict]:
    record = trial.record
    if trial.key.kind in ("plan", "ward"):
        return
    place = figures.at_odds_with_itself(record)
    if place is not None:
        group, _, field = place.partition(".")
        number, told = getattr(getattr(record, group), field), getattr(record, group).text
        label = schema.label(trial.key.kind, (group, field))
        yield _conflict(DIFFERS, f"“{label}” ghi {number:g} nhưng câu bên trên viết “{told}”.", trial.key)
    own = figures.of_record(record)
    for other, twin in _same_matter(trial, catalogue, claiming):
        its = figures.of_record(twin)
        loose = "procedure" in (trial.key.kind, other.kind) and trial.key.kind != other.kind
        for about, mine in own.items():
            if mine and its[about] and (mine.isdisjoint(its[about]) if loose else mine != its[about]):
                where = f"mục “{twin.title}”" + _standing(trial.key, other, catalogue)
                message = f"Khác nhau về {NAMES[about]}: mục này nói {_told(mine)}, {where} nói {_told(its[about])}."
                yield _conflict(DIFFERS, message, other)


def _standing(key: Key, other: Key, catalogue: Catalogue) -> str:
    if other.ward == key.ward:
        return ""
    ward = catalogue.content.wards.get(other.ward)
    return f" của {ward.record.name}" if ward else " (bản chung)"


def _told(values: set[str]) -> str:
    def one(value: str) -> str:
        if value.isdigit():
            return "miễn phí" if value == "0" else f"{int(value):,} đồng".replace(",", ".")
        number, _, unit = value.partition(" ")
        return f"{number} {({'ngay': 'ngày', 'gio': 'giờ', 'thang': 'tháng', 'tuan': 'tuần', 'phut': 'phút'})[unit]}"

    return ", ".join(one(value) for value in sorted(values, key=lambda value: int(value.partition(" ")[0])))


def _same_matter(trial: Trial, catalogue: Catalogue, claiming: Sequence[Key]) -> Iterator[tuple[Key, Any]]:
    """
    Yield the entries about the same matter: what it overrides or what overrides it, those with its national code or title,
    those that it covers or that cover it, those that claim one of its questions.
    """
    key, record = trial.key, trial.record
    keys = {code for code in getattr(record, "keys", ()) if code != key.id}
    title = plain(record.title)
    claimed = {other.id for other in claiming}
    for row in catalogue.rows:
        other = row.record
        if row.key == key or row.key.kind in ("plan", "ward"):
            continue
        visible = row.key.ward in ("", key.ward)
        if (row.key.id == key.id and "" in (row.key.ward, key.ward)) or (visible and row.key.id != key.id and (
            row.key.id in claimed or row.key.id in keys or not keys.isdisjoint(getattr(other, "keys", ())[1:])
            or key.id in getattr(other, "covers", ()) or row.plain == title
        )):  # fmt: skip
            yield row.key, other
