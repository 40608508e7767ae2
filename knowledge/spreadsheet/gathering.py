"""
Rows of a file → entries: which rows belong to which, and which belong to none.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from knowledge.spreadsheet import cells
from knowledge.spreadsheet.cells import CellMistake, Raw
from knowledge.spreadsheet.columns import ID, KINDS, ORDER, OWNER, TITLE, Column, main, plain, sheets
from knowledge.spreadsheet.filling import Standing
from knowledge.spreadsheet.marker import Marker
from knowledge.spreadsheet.matching import CellTold, Found


@dataclass(frozen=True)
class Line:
    """
    One row of a sheet.
    """

    found: Found
    number: int
    raws: list[Raw]

    def raw(self, column: Column) -> Raw:
        at = self.found.at.get(column)
        return self.raws[at] if at is not None and at < len(self.raws) else None

    def told(self, column: Column, message: str) -> CellTold:
        return CellTold(self.found.name, self.found.cell(self.number, column), message)

    def text(self, role: str) -> str:
        """
        Raises:
            CellMistake: see cells.said.
        """
        return cells.said(column := self.found.sheet.column(role), self.raw(column))


@dataclass
class Filled:
    """
    An entry as the file has it; `id` is "" for a new one, `line` None when only rows of its tables are there.
    """

    kind: str
    id: str
    title: str
    line: Line | None
    tables: dict[str, list[Line]] = field(default_factory=dict)


class Gathering:
    """
    `entries` are in the order of the file. `known` are the ids that were named, rightly or wrongly: none of them was taken out.
    """

    def __init__(self, found: Mapping[str, Found], standing: Mapping[str, Standing], marker: Marker | None):
        self._standing, self._marker = standing, marker
        self.entries: list[Filled] = []
        self.told: list[CellTold] = []
        self.known: set[str] = set()
        self._by_id: dict[str, Filled] = {}
        self._by_title: dict[str, list[Filled]] = {}
        self._titles: dict[str, dict[str, list[str]]] = {}
        for kind in KINDS:
            if sheet := found.get(main(kind).name):
                self._entries(kind, sheet)
        for one in self.entries:
            self._by_title.setdefault(plain(one.title), []).append(one)
        for sheet in (found[one.name] for one in sheets() if one.table and one.name in found):
            self._rows(sheet)

    def _entries(self, kind: str, found: Found) -> None:
        for number, raws in found.rows:
            line = Line(found, number, raws)
            if _is_blank(line):
                continue
            title = self._said(line, TITLE)  # what is wrong with it is told where its cell is read
            try:
                id = line.text(ID)
            except CellMistake as mistake:
                self.told.append(line.told(found.sheet.column(ID), str(mistake)))
                continue
            if not id and (taken := self._titled_so(kind, title)):
                self.told.append(line.told(found.sheet.column(ID), taken))
            elif id and (wrong := self._not_this(kind, id)):
                self.told.append(line.told(found.sheet.column(ID), wrong))
                self.known.add(id)
            elif id in self._by_id:
                first = self._by_id[id].line
                assert first is not None
                message = (
                    f"Mã “{id}” đã có ở dòng {first.number}. Mỗi mục chỉ một dòng; nếu là mục mới thì để trống mã."
                )
                self.told.append(line.told(found.sheet.column(ID), message))
            else:
                filled = Filled(kind, id, title, line)
                self.entries.append(filled)
                if id:
                    self._by_id[id] = filled
                    self.known.add(id)

    def _titled_so(self, kind: str, title: str) -> str:
        """
        Return what is wrong with a new entry that is called like another one: most likely it has lost its code.
        """
        for one in self._titles.setdefault(kind, self._titled_of(kind)).get(plain(title), ()) if title else ():
            return f"Đã có mục “{title[:80]}”, mã là “{one}”. Nếu anh/chị sửa mục đó thì ghi lại mã vào ô này; nếu là mục khác thì đặt tên khác."
        return ""

    def _titled_of(self, kind: str) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for id, one in self._standing.items():
            if one.key.kind == kind:
                found.setdefault(plain(one.title), []).append(id)
        return found

    def _said(self, line: Line, role: str) -> str:
        try:
            return line.text(role)
        except CellMistake:
            return ""

    def _not_this(self, kind: str, id: str) -> str:
        """
        Return what is wrong with an id in the sheet of a kind.
        """
        there = self._standing.get(id)
        if there is not None:
            other = main(there.key.kind).name
            return (
                ""
                if there.key.kind == kind
                else f"Mã “{id}” là của một mục ở trang tính “{other}”. Anh/chị chuyển dòng này về đó."
            )
        if self._marker is not None and id in self._marker.entries:
            return (
                f"Mục “{id}” đã được bỏ trên trang Nội dung sau khi anh/chị tải tệp. Anh/chị xóa dòng này; "
                "muốn thêm lại thì để trống mã."
            )
        return f"Không có mục nào mang mã “{id[:60]}”. Nếu là mục mới, anh/chị để trống ô này: hệ thống tự đặt mã."

    def _rows(self, found: Found) -> None:
        table = found.sheet.table
        for one in self.entries:
            if one.kind in found.sheet.kinds:
                one.tables.setdefault(table, [])
        ordered: list[tuple[float, int, Line, Filled]] = []
        for number, raws in found.rows:
            line = Line(found, number, raws)
            if _is_blank(line):
                continue
            try:
                owner = self._owner(line)
                order = self._order(line)
            except Misplaced as misplaced:
                self.told.append(line.told(misplaced.column, str(misplaced)))
                continue
            ordered.append((order, number, line, owner))
        for _, _, line, owner in sorted(ordered, key=lambda one: one[:2]):
            owner.tables.setdefault(table, []).append(line)

    def _owner(self, line: Line) -> Filled:
        sheet = line.found.sheet
        by_id, by_title = sheet.column(ID), sheet.column(TITLE)
        try:
            id = line.text(ID)
        except CellMistake as mistake:
            raise Misplaced(by_id, str(mistake)) from mistake
        title = self._said(line, TITLE)
        if not id:
            return self._titled(line, title)
        there = self._standing.get(id)
        if there is None:
            raise Misplaced(
                by_id, f"Không có mục nào mang mã “{id[:60]}”. Dòng của một mục mới thì để trống mã, ghi đúng tên mục."
            )
        if there.key.kind not in sheet.kinds:
            names = " hoặc ".join(f"“{main(kind).name}”" for kind in sheet.kinds)
            raise Misplaced(by_id, f"Mã “{id}” không phải của mục nào ở trang tính {names}.")
        filled = self._by_id.get(id)
        titles = {plain(there.title), plain(filled.title) if filled else ""}
        if self._marker is not None and id in self._marker.entries:
            titles.add(plain(self._marker.entries[id].title))
        if title and plain(title) not in titles:
            raise Misplaced(
                by_title,
                f"Mã ở dòng này là của mục “{there.title}”, không phải “{title[:80]}”. Anh/chị sửa lại mã, hoặc để trống ô tên.",
            )
        if filled is None:
            filled = self._by_id[id] = Filled(there.key.kind, id, there.title, None)
            self.entries.append(filled)
        return filled

    def _titled(self, line: Line, title: str) -> Filled:
        sheet = line.found.sheet
        if not title:
            raise Misplaced(sheet.column(ID), "Dòng này chưa cho biết thuộc mục nào. Anh/chị ghi mã hoặc tên mục.")
        fitting = [one for one in self._by_title.get(plain(title), []) if one.kind in sheet.kinds]
        if len(fitting) == 1:
            return fitting[0]
        if fitting:
            raise Misplaced(
                sheet.column(TITLE),
                f"Có {len(fitting)} mục cùng tên “{title[:80]}”. Anh/chị ghi mã của mục ở cột “Mã mục”.",
            )
        raise Misplaced(
            sheet.column(TITLE),
            f"Không có mục nào tên “{title[:80]}”. Anh/chị ghi đúng tên như ở trang tính của mục, hoặc ghi mã.",
        )

    def _order(self, line: Line) -> float:
        column = line.found.sheet.column(ORDER)
        try:
            text = cells.said(column, line.raw(column))
            return float(cells.number(column.header, text)) if text else float("inf")
        except CellMistake as mistake:
            raise Misplaced(column, str(mistake)) from mistake


class Misplaced(CellMistake):
    """
    A row of a table belongs nowhere; `column` is where that is to be mended.
    """

    def __init__(self, column: Column, message: str):
        super().__init__(message)
        self.column = column


def _is_blank(line: Line) -> bool:
    """
    Tell whether a row says nothing: of a table, nothing beside whose it is.
    """
    apart = (ID, TITLE, ORDER, OWNER) if line.found.sheet.table else (OWNER,)
    for column, at in line.found.at.items():
        if column.role not in apart and at < len(line.raws):
            raw = line.raws[at]
            if raw is not None and (not isinstance(raw, str) or raw.strip()):
                return False
    return True
