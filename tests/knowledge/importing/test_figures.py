"""
A fee or a time is the source's own figure, or it is left out and listed; nothing is composed.
"""

import re

import pytest

from knowledge.importing.cells import cut_methods
from knowledge.importing.figures import REASONS, fee_of, time_of, ways

HEAD = "Hình thức nộp. Thời gian. Phí, lệ phí. Mô tả. "


def rows(text: str):
    return ways(cut_methods(HEAD + text))


@pytest.mark.parametrize(
    ("table", "text", "days"),
    [
        ("Trực tiếp5 Ngày làm việcMiễn phí", "5 ngày làm việc", 5),
        ("Trực tiếp5 NgàyMiễn phí", "5 ngày", None),
        ("Trực tiếp5 Ngày làm việc. Miễn phí. Trực tuyến5 Ngày làm việc. Miễn phí", "5 ngày làm việc", 5),
        (
            "Trực tiếp5 Ngày làm việc. Miễn phí. Trực tuyến3 Ngày làm việc. Miễn phí",
            "Trực tiếp: 5 ngày làm việc; Trực tuyến: 3 ngày làm việc",
            None,
        ),
        ("Trực tiếp2 Ngày. Miễn phí. Trực tuyến. Không có thông tin. Miễn phí", "Trực tiếp: 2 ngày", None),
        ("Trực tiếp15 Ngày. Miễn phí. Trong 15 ngày kể từ ngày 05/02/2024, tháng 3 năm 2026.", "15 ngày", None),
    ],
)
def test_a_time_that_is_certain_is_told_with_its_unit(table, text, days):
    assert time_of(rows(table)) == ({"text": text, "working_days": days}, [])


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        ("Trực tuyến1Miễn phí", "thoi-han-thieu-don-vi"),
        ("Trực tuyến120,000 VNĐ", "thoi-han-dinh-le-phi"),
        ("Trực tiếp7 Ngày. Miễn phí. Trong 07 ngày làm việc kể từ ngày nhận hồ sơ.", "thoi-han-khac-trong-mo-ta"),
        ("Trực tiếp17 Ngày làm việc. Miễn phí- Trường hợp (8): 12 ngày làm việc.", "thoi-han-khac-trong-mo-ta"),
        ("Trực tiếp. Không có thông tin. Miễn phí. 15 ngày kể từ ngày nhận đủ hồ sơ.", "thoi-han-chi-o-mo-ta"),
    ],
)
def test_a_time_that_is_not_certain_is_left_out_and_listed_with_its_words(table, reason):
    time, doubts = time_of(rows(table))

    assert time is None
    assert [doubt.reason for doubt in doubts] == [reason]
    assert doubts[0].text in table


@pytest.mark.parametrize(
    ("table", "text", "dong"),
    [
        ("Trực tiếp5 NgàyMiễn phí", "Miễn phí", 0),
        ("Trực tiếp5 NgàyMiễn phí(Không thu lệ phí)", "Miễn phí", 0),
        ("Trực tiếp5 Ngày50,000 Việt Nam Đồng", "50.000 đồng", 50000),
        ("Trực tiếp5 Ngày50,000 VNĐ(50.000 đồng/lần)", "50.000 đồng (50.000 đồng/lần)", 50000),
        ("Trực tiếp5 Ngày10 USD(/lần)", "10 USD (/lần)", None),
        (
            "Trực tiếp5 Ngày50,000 VNĐ. Trực tuyến5 Ngày25,000 VNĐ",
            "Trực tiếp: 50.000 đồng; Trực tuyến: 25.000 đồng",
            None,
        ),
        (
            "Trực tiếp5 Ngày500,000 VNĐ(cấp mới)70,000 VNĐ(cấp lại)",
            "500.000 đồng (cấp mới); 70.000 đồng (cấp lại)",
            None,
        ),
        (
            "Trực tiếp5 Ngày50,000 VNĐ(giảm 50% đến hết ngày 31/12/2026)",
            "50.000 đồng (giảm 50% đến hết ngày 31/12/2026)",
            None,
        ),
    ],
)
def test_a_fee_that_is_certain_is_told_and_is_one_amount_only_when_it_holds_everywhere(table, text, dong):
    assert fee_of(rows(table)) == ({"text": text, "dong": dong}, [])


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        ("Trực tiếp5 NgàyMiễn phí(Lệ phí cấp mới 40.000 đồng/lần)", "mien-phi-nhung-co-muc-thu"),
        ("Trực tiếp5 NgàyMiễn phí(Không quy định)", "mien-phi-nhung-co-muc-thu"),
        ("Trực tiếp5 NgàyMiễn phí(Mức thu do Hội đồng nhân dân cấp tỉnh quyết định)", "mien-phi-nhung-co-muc-thu"),
        ("Trực tiếp5 Ngày155 VNĐ(Thẻ tạm trú: 155 USD/thẻ)", "le-phi-khac-trong-chu-thich"),
        ("Trực tiếp5 Ngày1,000,000 VNĐ(áp dụng mức phí 500.000 đồng)", "le-phi-khac-trong-chu-thich"),
        ("Trực tiếp5 Ngày1 Việt Nam Đồng", "le-phi-so-tien-la"),
        ("Trực tuyến120,000 VNĐ", "thoi-han-dinh-le-phi"),
        ("Trực tiếp5 Ngày1,500,000 VNĐ(1.500.000 đồng/lần(lệ phí đăng ký", "le-phi-chu-thich-do-dang"),
        ("Trực tiếp5 Ngày. Không có thông tin- Lệ phí: 20.000 Đồng/giấy", "le-phi-chi-o-mo-ta"),
    ],
)
def test_a_fee_that_is_not_certain_is_left_out_and_listed(table, reason):
    fee, doubts = fee_of(rows(table))

    assert fee is None
    assert [doubt.reason for doubt in doubts] == [reason]


def test_where_the_list_says_nothing_nothing_is_told_and_nothing_doubted():
    table = rows("Trực tiếp. Không có thông tin. Không có thông tin")

    assert time_of(table) == (None, [])
    assert fee_of(table) == (None, [])


def test_every_reason_is_a_sentence_for_staff():
    assert all(re.search(r"[ạảấầẩậắằẵặẹẻẽềểễệịọỏốồổỗộớờởỡợụủứừửữựỳỵđ]", reason) for reason in REASONS.values())
