"""
Which sheets a file has and what stands in their columns: a sheet per kind, one per table, all from the schema.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

from knowledge.content import INHERITED
from knowledge.office.schema import fields
from knowledge.text import fold, normalise

KINDS = ("faq", "procedure", "service")
MAIN_NAMES = {"faq": "Câu hỏi thường gặp", "procedure": "Thủ tục", "service": "Dịch vụ"}
TABLES = {"papers": "Thành phần hồ sơ", "cases": "Trường hợp riêng", "told_apart": "Phân biệt với mục khác"}
GUIDE, LISTS, MARKER = "Hướng dẫn", "Danh mục", "du-lieu"

# What a column is for: a field of an entry, or what holds the sheets together.
ID, TITLE, OWNER, ORDER, FIELD = "id", "title", "owner", "order", "field"
_ID_NOTE = "Hệ thống đặt mã. Mục đã có: giữ nguyên. Mục mới: để trống ô này."
_OWNER_NOTE = (
    "Chỉ để xem. “Chung” là nội dung dùng cho mọi phường, xã: sửa ở đây thì thành bản riêng, nơi khác không đổi."
)
_KEY_NOTE = "Mã của mục chứa dòng này, như ở trang tính của mục. Dòng của một mục mới: để trống và ghi đúng tên mục ở cột bên cạnh."
_NAME_NOTE = "Tên của mục chứa dòng này. Khi đã có mã thì cột này chỉ để xem."
_ORDER_NOTE = "Dòng của mục đứng thứ mấy: 1, 2, 3… Muốn chen vào giữa thì ghi 1,5. Để trống thì đứng cuối."
_ENTER = "Xuống dòng trong ô bằng Alt+Enter."
_FORMS = {
    "list": f"Mỗi dòng một ý. {_ENTER}",
    "lines": f"Mỗi dòng một ý. {_ENTER}",
    "date": "Ghi ngày/tháng/năm, ví dụ 20/11/2026, hoặc tháng/năm, ví dụ 11/2026.",
    "number": "Ghi bằng chữ số.",
}
WIDTHS = {"long": 55, "lines": 45, "list": 32, "date": 14, "number": 13, "choice": 18, "text": 24}
ROLE_WIDTHS = {ID: 22, TITLE: 38, OWNER: 10, ORDER: 8}


@dataclass(frozen=True)
class Column:
    """
    One column. `name` is the dotted field, inside a table that within a row; `form` is the type of the schema.
    """

    role: str
    name: str
    header: str
    form: str = "text"
    required: bool = False
    note: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    default: Any = None

    @property
    def width(self) -> int:
        return ROLE_WIDTHS.get(self.role) or WIDTHS[self.form]

    @property
    def group(self) -> str:
        """
        The field of the entry that it is part of: "fee" of "fee.dong".
        """
        return self.name.partition(".")[0]


@dataclass(frozen=True)
class Sheet:
    """
    A sheet: the entries of one kind, or the rows of one `table` of entries of these kinds.
    """

    name: str
    kinds: tuple[str, ...]
    table: str
    columns: tuple[Column, ...]

    def column(self, role: str) -> Column:
        return next(one for one in self.columns if one.role == role)

    def letter(self, name: str) -> int:
        """
        Return the number of a field's column in an exported file, from 1; 1 for what has no column.
        """
        return next((at for at, one in enumerate(self.columns, 1) if one.name == name), 1)


@cache
def sheets() -> tuple[Sheet, ...]:
    """
    Return all sheets in the order of the file.
    """
    return (*map(_main, KINDS), *map(_table, TABLES))


@cache
def main(kind: str) -> Sheet:
    return next(one for one in sheets() if not one.table and one.kinds == (kind,))


@cache
def tables(kind: str) -> tuple[Sheet, ...]:
    """
    Return the sheets with the tables that entries of a kind have.
    """
    return tuple(one for one in sheets() if one.table and kind in one.kinds)


def plain(text: str) -> str:
    """
    Return a name as it is compared: without marks, case, and what Excel or a person adds around it.
    """
    return " ".join(fold(normalise(text)).replace("*", " ").split())


def _main(kind: str) -> Sheet:
    found = [one for one in fields(kind) if one["type"] != "table"]
    by_name = {one["name"]: one for one in found}
    rest = [one for one in found if one["name"] not in ("id", "title")]
    for one in found:
        one["required"] |= one["name"] == INHERITED.get(kind)  # a file's head says it for its entries; a sheet has none
    rest.sort(key=lambda one: one["seldom"])  # stable: what is seldom needed stands at the right
    return Sheet(
        MAIN_NAMES[kind],
        (kind,),
        "",
        (
            Column(ID, "id", by_name["id"]["label"], note=_ID_NOTE),
            _column(by_name["title"], role=TITLE),
            Column(OWNER, "", "Thuộc", note=_OWNER_NOTE),
            *map(_column, rest),
        ),
    )


def _table(table: str) -> Sheet:
    having = [kind for kind in KINDS if any(one["name"] == table for one in fields(kind))]
    described = next(one for one in fields(having[0]) if one["name"] == table)
    return Sheet(
        TABLES[table],
        tuple(having),
        table,
        (
            Column(ID, "", "Mã mục", note=_KEY_NOTE),
            Column(TITLE, "", "Tên mục", note=_NAME_NOTE),
            Column(ORDER, "", "Thứ tự", "number", note=_ORDER_NOTE),
            *(_column(one, within=f"{table}.") for one in described["columns"]),
        ),
    )


def _column(field: dict[str, Any], role: str = FIELD, within: str = "") -> Column:
    choices = tuple((one["value"], one["label"]) for one in field.get("choices") or ())
    # What a date looks like in a file of content is not what staff write.
    hint = "" if field["type"] == "date" and "2026-11" in field["hint"] else field["hint"]
    form = _FORMS.get(field["type"], "")
    if field["type"] == "list" and choices:
        form = f"Mỗi dòng một giá trị trong các giá trị: {'; '.join(label for _, label in choices)}."
    elif choices:
        form = "Chọn trong danh sách."
    elif "Mỗi dòng" in hint:
        form = _ENTER
    needed = "Bắt buộc." if field["required"] else ""
    return Column(
        role,
        field["name"].removeprefix(within),
        field["label"],
        field["type"],
        field["required"],
        " ".join(filter(None, (needed, hint, form))),
        choices,
        field.get("default"),
    )
