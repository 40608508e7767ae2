"""
What is wrong with an entry before it is written: a sentence for each field, in the words of the pages.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from knowledge.errors import ContentError
from knowledge.office import labels, schema
from knowledge.office.places import Places
from knowledge.office.records import ALONE, MODELS, Key
from knowledge.plans import Plan

SENTENCES = {
    "missing": "Chưa điền “{label}”.",
    "extra_forbidden": "Không có ô nào tên “{field}”.",
    "string_type": "“{label}” phải là chữ.",
    "string_too_short": "“{label}” đang để trống.",
    "string_pattern_mismatch": "“{label}” chỉ gồm chữ thường không dấu và số, nối bằng gạch ngang, ví dụ gio-lam-viec.",
    "list_type": "“{label}” phải là danh sách, mỗi dòng một ý.",
    "dict_type": "“{label}” không đúng dạng.",
    "model_type": "“{label}” không đúng dạng.",
    "model_attributes_type": "“{label}” không đúng dạng.",
    "literal_error": "“{label}” chỉ nhận một trong các giá trị: {choices}.",
    "int_parsing": "“{label}” phải là số nguyên, không có dấu chấm, ví dụ 50000.",
    "int_type": "“{label}” phải là số nguyên, không có dấu chấm, ví dụ 50000.",
    "int_from_float": "“{label}” phải là số nguyên, không có dấu chấm, ví dụ 50000.",
    "float_parsing": "“{label}” phải là số.",
    "float_type": "“{label}” phải là số.",
    "finite_number": "“{label}” phải là số.",
    "bool_parsing": "“{label}” chỉ nhận có hoặc không.",
    "bool_type": "“{label}” chỉ nhận có hoặc không.",
    "greater_than_equal": "“{label}” không được âm.",
    "too_short": "“{label}” cần ít nhất một dòng.",
    "time_of_day": "“{label}” phải là giờ, ví dụ 07:30.",
    "slug_reserved": "“{label}” trùng với địa chỉ riêng của hệ thống; hãy chọn mã khác, ví dụ phuong-mau.",
    "closes_too_early": "“{label}”: giờ kết thúc phải sau giờ bắt đầu.",
    "value_error": "“{label}” phải là ngày hoặc tháng, ví dụ 2026-11-20 hoặc 2026-11.",
}
CODE = "“{label}” có dạng số như 1.001193."
OTHERWISE = "“{label}” không hợp lệ."


@dataclass(frozen=True)
class FieldMistake:
    """
    `field` is dotted, lines of a list or table counted from 1: `papers.2.text`.
    """

    field: str
    message: str


class EntryRefused(ContentError):
    """
    An entry would make the content invalid. Carries every mistake, by field.
    """

    def __init__(self, mistakes: list[FieldMistake]):
        super().__init__([])
        self.of_fields = mistakes


def record_of(kind: str, entry: Any) -> tuple[BaseModel | None, list[FieldMistake]]:
    """
    Return the record that an entry makes, or what is wrong with it.
    """
    try:
        return MODELS[kind].model_validate(entry), []
    except ValidationError as error:
        return None, [_told(kind, detail) for detail in error.errors()]


def unsaid(kind: str, field: str) -> FieldMistake:
    return FieldMistake(field, SENTENCES["missing"].format(label=schema.label(kind, (field,))))


def _told(kind: str, detail: Mapping[str, Any]) -> FieldMistake:
    path = tuple(part for part in detail["loc"] if part != "[key]")
    name = ".".join(str(part) for part in path if not isinstance(part, int))
    sentence = SENTENCES.get(detail["type"], OTHERWISE)
    if detail["type"] == "string_pattern_mismatch" and name in ("code", "old_codes"):
        sentence = CODE
    choices = ", ".join((labels.CHOICES.get(name) or {}).values())
    message = sentence.format(label=schema.label(kind, path), field=name, choices=choices)
    return FieldMistake(".".join(str(part + 1) if isinstance(part, int) else part for part in path), message)


def misplaced(key: Key, record: BaseModel, places: Places, *, is_new: bool = False) -> list[FieldMistake]:
    """
    Return what is wrong with a valid record where it is to stand: another id, an id that something else has.

    Args:
        is_new: Whether nothing may have the id yet, an entry of the same kind neither here nor in the base.
    """
    name = "slug" if key.kind == "ward" else "id"
    if getattr(record, name) != key.id:
        return [FieldMistake(name, f"Mã của mục đã có không đổi được: giữ “{key.id}”.")]
    if key.kind == "ward":
        wrong = key.ward != key.id
        return [FieldMistake(name, f"Mã phường, xã phải trùng tên thư mục: “{key.ward}”.")] if wrong else []
    if key.kind in ALONE and not key.ward:
        return [FieldMistake(name, "Kế hoạch phải thuộc về một phường, xã.")]
    parts = [(name, key.id)]
    if isinstance(record, Plan):
        for table in ("tasks", "kpis", "facts"):
            parts += [(f"{table}.{number}.id", part.id) for number, part in enumerate(getattr(record, table), 1)]
    counts = Counter(id for _, id in parts)
    found = [
        FieldMistake(place, f"Mã “{id}” dùng hai lần trong kế hoạch này.") for place, id in parts[1:] if counts[id] > 1
    ]
    for number, apart in enumerate(getattr(record, "told_apart", ()), 1):
        if not {("", apart.other), (key.ward, apart.other)} & places.owners.keys():
            found.append(FieldMistake(f"told_apart.{number}.other", f"Không có mục nào mang mã “{apart.other}”."))
    for place, id in parts:
        owner, title = places.owners.get((key.ward, id), (key, ""))
        if is_new and id == key.id and not title:
            owner, title = places.owners.get(("", id), (key, ""))
        if owner != key or (is_new and title):
            found.append(FieldMistake(place, f"Mã “{id}” đã dùng cho mục “{title}”; hãy chọn mã khác."))
    return found
