"""
Sums and times, as sentences tell them.
"""

import pytest

from knowledge.office.figures import FEE, TIME, of_text


@pytest.mark.parametrize(
    ("text", "sums"),
    [
        ("8.000 đồng mỗi bản", {"8000"}),
        ("50 nghìn đồng; quá 10 trang thêm 2.000đ", {"50000", "2000"}),
        ("1,5 triệu đồng", {"1500000"}),
        ("Miễn phí", {"0"}),
        ("Không thu.", {"0"}),
        ("Không mất phí", {"0"}),
        ("Miễn lệ phí cho hộ nghèo, còn lại 5.000 đồng", {"0", "5000"}),
        ("0 đồng", {"0"}),
        ("Thu theo nghị quyết 85/2019", set()),
        ("gọi 0225.3842.112", set()),
    ],
)
def test_sums_of_money(text, sums):
    assert of_text(text)[FEE] == sums


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("3 ngày làm việc", {"3 ngay"}),
        ("03 ngày", {"3 ngay"}),
        ("1 đến 5 ngày làm việc", {"1 ngay", "5 ngay"}),
        ("Trong ngày; hồ sơ nhận sau 15 giờ thì hôm sau", {"1 ngay", "15 gio"}),
        ("12 giờ", {"12 gio"}),
        ("từ ngày 01/7/2026", set()),
        ("ngày 3 tháng 5", set()),
    ],
)
def test_lengths_of_time(text, times):
    assert of_text(text)[TIME] == times
