"""
What can be edited: the kinds, their models, and what an entry says, free of how it is written down.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from pydantic import BaseModel

from knowledge.content import INHERITED
from knowledge.entries import Entry
from knowledge.faqs import Faq
from knowledge.office.splice import GONE
from knowledge.plans import Plan
from knowledge.procedures import Procedure
from knowledge.services import Service
from knowledge.wards import Ward

MODELS: dict[str, type[BaseModel]] = {
    "faq": Faq,
    "procedure": Procedure,
    "service": Service,
    "plan": Plan,
    "ward": Ward,
}
ALONE = ("plan", "ward")  # a file of its own each, and always a ward's
# The order in which entries are written and shown: names first, then what is told, then what only staff care for.
_FIRST = ("id", "code", "old_codes", "field", "topic", "title", "official_title", "aliases", "family", "variant")
_LAST = (
    "questions",
    "unverified",
    "to_check",
    "legal_basis",
    "sources",
    "as_of",
    "confidence",
    "review_by",
    "valid_until",
)


@dataclass(frozen=True, order=True)
class Key:
    """
    One entry where it stands: `ward` is "" for the base that all wards share.
    """

    kind: str
    id: str
    ward: str

    @property
    def base(self) -> "Key":
        return Key(self.kind, self.id, "")

    def __str__(self) -> str:
        return f"{self.kind}/{self.id}"


def meaning(record: BaseModel) -> dict[str, Any]:
    """
    Return what a record says, in the order of its fields, without those that say nothing; JSON all through.

    Two texts of one meaning (`fee: null` or no fee, 3 or 3.0, whatever quotes) give the same.
    """
    out: dict[str, Any] = {}
    for name, default in _defaults(type(record)).items():
        value = getattr(record, name)
        if value not in (None, [], {}) and value != default:
            out[name] = _plain(value)
    return out


@cache
def _defaults(model: type[BaseModel]) -> dict[str, Any]:
    fields = model.model_fields
    return {
        name: None if fields[name].is_required() else fields[name].get_default(call_default_factory=True)
        for name in order(model)
    }


def order(model: type[BaseModel]) -> list[str]:
    """
    Return the names of a model's fields in the order in which they are written and shown.
    """
    names = list(model.model_fields)
    if not issubclass(model, Entry):
        return names
    first, last = ([name for name in some if name in names] for some in (_FIRST, _LAST))
    return [*first, *(name for name in names if name not in _FIRST + _LAST), *last]


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return meaning(value)
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Mapping):
        told = {key: _plain(one) for key, one in value.items()}
        return {key: one for key, one in told.items() if one not in (None, [], {})}
    return int(value) if isinstance(value, float) and value.is_integer() else value


def blanks(kind: str) -> dict[str, Any]:
    """
    Return what to write for each field that is emptied: null, [], {} or its default; GONE where none of them is allowed.
    """
    out: dict[str, Any] = {}
    for name, field in MODELS[kind].model_fields.items():
        if not field.is_required():
            default = field.get_default(call_default_factory=True)
            out[name] = GONE if name == INHERITED.get(kind) else default
    return out
