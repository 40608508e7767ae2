"""
One value as the text of a cell and back, with all that Excel and people do to it.
"""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from knowledge.spreadsheet import cells
from knowledge.spreadsheet.cells import Broken, CellMistake, Formula, Month
from knowledge.spreadsheet.columns import FIELD, Column, main


def column(name: str, kind: str = "procedure") -> Column:
    return next(one for one in main(kind).columns if one.name == name)


@pytest.mark.parametrize(
    ("name", "raw", "was", "said"),
    [
        ("summary", "Một  câu \r\ncuối ", "", "Một  câu\ncuối"),
        ("summary", "Mô\u0323t\u00a0ca\u0302u\u200b", "", "Một câu"),
        ("summary", 2026, "", "2026"),
        ("summary", 3.0, "", "3"),
        ("summary", True, "", "Có"),
        ("code", 1.00119, "", "1.001190"),
        ("code", "1.00119", "", "1.001190"),
        ("old_codes", "2.00001\n1.001193", "", "2.000010\n1.001193"),
        ("fee.dong", 10000.0, "", "10000"),
        ("time.working_days", 1.5, "", "1,5"),
        ("as_of", datetime(2026, 11, 1), "11/2026", "11/2026"),
        ("as_of", datetime(2026, 11, 1), "10/2026", "01/11/2026"),
        ("as_of", date(2026, 11, 20), "", "20/11/2026"),
        ("as_of", Month(2026, 11), "", "11/2026"),
        ("post", False, "", "Không"),
    ],
)
def test_a_cell_says(name: str, raw: Any, was: str, said: str):
    assert cells.said(column(name), raw, was) == said


@pytest.mark.parametrize("raw", [912345678, 912345678.0, "912345678"])
def test_a_telephone_number_gets_its_nought_back_when_it_was_there(raw: Any):
    phone = column("phone", "service")

    assert cells.said(phone, raw, "0912 345 678") == "0912 345 678"
    assert cells.said(phone, 1022, "") == "1022"


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("summary", Formula("=1+1")), ("summary", Broken("#N/A")), ("place", datetime(2026, 3, 2)), ("place", Month(2026, 3)),
        ("hours", time(7, 30)), ("place", timedelta(hours=30)), ("fee.dong", 10),
    ],
)  # fmt: skip
def test_what_excel_has_made_something_else_of_is_told(name: str, raw: Any):
    chosen = column(name) if name != "hours" else Column(FIELD, "hours", "Giờ")

    with pytest.raises(CellMistake):
        cells.said(chosen, raw)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("fee.dong", "10.000", 10_000),
        ("fee.dong", "10,000 đồng", 10_000),
        ("fee.dong", "1 234 567đ", 1_234_567),
        ("fee.dong", "0", 0),
        ("time.working_days", "1,5", 1.5),
        ("time.working_days", "3 ngày làm việc", 3),
        ("as_of", "5/7/2026", "2026-07-05"),
        ("as_of", "ngày 05-07-2026", "2026-07-05"),
        ("as_of", "tháng 7/2026", "2026-07"),
        ("as_of", "2026-07", "2026-07"),
        ("as_of", "Nov-26", "2026-11"),
        ("as_of", "Thg7-26", "2026-07"),
        ("post", "có", True),
        ("post", "FALSE", False),
        ("confidence", "CHẮC CHẮN", "sure"),
        ("online.level", "toan trinh", "full"),
        ("unverified", "Phí, lệ phí\nLưu ý", ["fee", "notes"]),
        ("notes", "một\n\n hai ", ["một", "hai"]),
        ("title", "một\nhai", "một hai"),
        ("summary", "một\nhai", "một\nhai"),
        ("summary", "", None),
    ],
)
def test_a_text_stands_for(name: str, text: str, value: Any):
    assert cells.parse(column(name), text) == value


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("fee.dong", "10.000.00"), ("fee.dong", "-5"), ("fee.dong", "1e5"), ("fee.dong", "mười"), ("as_of", "31/2/2026"), ("as_of", "2026"),
        ("as_of", "hôm nay"), ("as_of", "1/1/0026"), ("post", "đôi khi"), ("unverified", "Lệ phí khác"),
    ],
)  # fmt: skip
def test_a_text_that_stands_for_nothing_is_told(name: str, text: str):
    with pytest.raises(CellMistake, match=r"Anh/chị|Cột"):
        cells.parse(column(name), text)
