"""
The fields of each kind as pages and Excel show them, derived from the models that validate the files.

A dot leads into a group: `fee.dong` is the field `dong` of `fee`, and `questions.plan` a plan's questions about the whole.
"""

import types
from collections.abc import Iterator
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from knowledge.office.labels import CHOICES, LABELS, SELDOM, Label
from knowledge.office.records import MODELS, order
from knowledge.passages import SECTION_TITLES

DATES = {"as_of", "review_by", "valid_until"}


def fields(kind: str) -> list[dict[str, Any]]:
    """
    Return the fields of a kind in order: {name, label, hint, type, required, seldom, default?, choices?, columns?}.

    `type` is text, long, number, date, choice, list (short texts), lines (a sentence to a line) or table.
    """
    return list(_of_model(MODELS[kind], kind, ""))


def label(kind: str, path: tuple[str | int, ...]) -> str:
    """
    Return the name by which staff know a place in an entry, with the number of the line in a list or table.
    """
    names = [str(part) for part in path if not isinstance(part, int)]
    rows = [part + 1 for part in path if isinstance(part, int)]
    shown = [_label(kind, ".".join(names[: depth + 1])) for depth in range(len(names)) if ".".join(names[: depth + 1])]
    known = [one.label for one in shown if one]
    told = known[-1] if known else "mục này"
    if len(known) > 1 and rows and known[0] != told:
        told = f"{known[0]}: {told}"
    return f"{told}, dòng {rows[0]}" if rows else told


def _label(kind: str, name: str) -> Label | None:
    last = name.rpartition(".")[2]
    return LABELS.get(f"{kind}.{name}") or LABELS.get(name) or (LABELS.get(last) if "." in name else None)


def _of_model(model: type[BaseModel], kind: str, prefix: str) -> Iterator[dict[str, Any]]:
    for name in order(model):
        yield from _of_field(kind, f"{prefix}{name}", model.model_fields[name])


def _of_field(kind: str, name: str, info: FieldInfo) -> Iterator[dict[str, Any]]:
    inner = _bare(info.annotation)
    if isinstance(inner, type) and issubclass(inner, BaseModel):
        for one in _of_model(inner, kind, f"{name}."):
            yield one if info.is_required() else {**one, "required": False}
        return
    if get_origin(inner) is dict:
        for section in get_args(get_args(inner)[0]):
            yield _sectioned(name, section)
        return
    known = _label(kind, name)
    assert known is not None, f"{kind}.{name} has no label"
    described: dict[str, Any] = {
        "name": name, "label": known.label, "hint": known.hint, "type": _type(name, inner, known), "required": info.is_required(),
        "seldom": name in SELDOM or ("." in name and name.rpartition(".")[2] in SELDOM),
    }  # fmt: skip
    default = info.get_default(call_default_factory=True)
    if not info.is_required() and default not in (None, [], {}, ""):
        described["default"] = default
    choices = _choices(name, inner)
    if choices:
        described["choices"] = choices
    if described["type"] == "table":
        described["columns"] = list(_of_model(get_args(inner)[0], kind, f"{name}."))
    yield described


def _sectioned(name: str, section: str) -> dict[str, Any]:
    title = SECTION_TITLES[section]  # type: ignore[index]
    known = LABELS[name]
    return {
        "name": f"{name}.{section}", "label": f"{known.label}: {title}", "hint": known.hint,
        "type": "lines" if name == "questions" else "list", "required": False, "seldom": True,
    }  # fmt: skip


def _bare(annotation: Any) -> Any:
    """
    Return a type without `| None` and without pydantic's annotations.
    """
    while True:
        if get_origin(annotation) is Annotated:
            annotation = get_args(annotation)[0]
        elif get_origin(annotation) in (Union, types.UnionType):
            annotation = next(one for one in get_args(annotation) if one is not type(None))
        else:
            return annotation


def _type(name: str, inner: Any, known: Label) -> str:
    if name in DATES:
        return "date"
    if known.form:
        return known.form
    if get_origin(inner) is Literal or inner is bool:
        return "choice"
    if inner in (int, float):
        return "number"
    if get_origin(inner) is list:
        item = _bare(get_args(inner)[0])
        return "table" if isinstance(item, type) and issubclass(item, BaseModel) else "list"
    return "text"


def _choices(name: str, inner: Any) -> list[dict[str, str]]:
    """
    Return what may be chosen, of one choice or of each item of a list, each with its label.
    """
    values = ["true", "false"] if inner is bool else []
    item = _bare(get_args(inner)[0]) if get_origin(inner) is list else inner
    if get_origin(item) is Literal:
        values = list(get_args(item))
    told = CHOICES.get(name) or {}
    return [{"value": value, "label": told[value]} for value in values]
