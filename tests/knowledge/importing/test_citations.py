"""
Documents that a plan names are found however they are written, and what about them does not agree is asked.
"""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.importing.citations import disagreements, find, parse_date, unique
from knowledge.importing.paragraphs import Paragraph


def cited(*texts: str):
    paragraphs = [Paragraph(text, (line,) * len(text), (line,)) for line, text in enumerate(texts, 1)]
    return [citation for paragraph in paragraphs for citation in find(paragraph)]


def problems(*texts: str, issued=None, registry=None):
    return list(disagreements(cited(*texts), year=2026, issued=issued, registry=registry or {}))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Kế hoạch số 47/KH-UBND ngày 06/02/2026 của UBND tỉnh Mẫu về việc", "Kế hoạch 47/KH-UBND ngày 06/02/2026 của UBND tỉnh Mẫu"),
        ("Nghị định số 107/2021/NĐ - CP ngày 06/12/2021 của Chính phủ, Kế hoạch", "Nghị định 107/2021/NĐ-CP ngày 06/12/2021 của Chính phủ"),
        ("Kế hoạch số: 140/KH - UBND ngày 29/7/2021 của UBND tỉnh", "Kế hoạch 140/KH-UBND ngày 29/7/2021 của UBND tỉnh"),
        ("Nghị quyết số 18-NQ/TW, ngày 25/10/2017 của Ban Chấp hành Trung ương khoá XII", "Nghị quyết 18-NQ/TW ngày 25/10/2017 của Ban Chấp hành Trung ương"),
        ("Kế hoạch số 339- KH/TU ngày 23/02/2024 của Ban Thường vụ Thành ủy thực hiện", "Kế hoạch 339-KH/TU ngày 23/02/2024 của Ban Thường vụ Thành ủy"),
        ("Quyết định số 3396/QĐ – UBND ngày 15 tháng 12 năm 2025 của UBND tỉnh", "Quyết định 3396/QĐ-UBND ngày 15/12/2025 của UBND tỉnh"),
        ("triển khai Đề án số 06; phổ biến", "Đề án 06"),
        ("theo NQ 76/NQ-CP của Chính phủ và", "Nghị quyết 76/NQ-CP của Chính phủ"),
    ],
)  # fmt: skip
def test_a_document_is_found_however_it_is_written(text, shown):
    assert [citation.shown() for citation in cited(text)] == [shown]


def test_one_document_written_in_two_ways_is_one_and_takes_the_commoner_spelling():
    found = unique(
        cited("Nghị quyết số 05/NQ/TU ngày 09/4/2021", "Nghị quyết 05-NQ/TU của Tỉnh ủy", "Nghị quyết 05-NQ/TU")
    )

    assert [citation.number for citation in found] == ["05-NQ/TU"]


def test_two_dates_of_one_document_are_told_with_both_places():
    found = problems(
        "Quyết định số 83/QĐ-UBND ngày 15/7/2026 của UBND phường",
        "x",
        "Quyết định số 83/QĐ-UBND ngày 15/8/2026 của UBND phường",
    )

    assert [(one.kind, [citation.lines for citation in one.citations]) for one in found] == [("date", [(1,), (3,)])]


@pytest.mark.parametrize(
    ("text", "kind", "word"),
    [
        ("Quyết định số 3396/QĐ-UBND ngày 15 tháng 12 của UBND tỉnh", "date", "thiếu năm"),
        ("Quyết định số 33/QĐ-UBND ngày 31/02/2026 của UBND tỉnh", "date", "không có ngày này"),
        ("Nghị định số 61/2026/NĐ-CP ngày 16/8/2026 của Chính phủ", "date", "sau ngày của chính kế hoạch"),
        ("Kế hoạch số 47/KH-UBND ngày 06/02/2024 của UBND tỉnh về tuyên truyền năm 2026", "date", "nói về năm 2026"),
        ("Chỉ thị số 23/CT-UBND ngày 02/9/2021 của Thủ tướng Chính phủ", "number", "không hợp với nơi ban hành"),
        ("Chương trình số 22-CTTr/TU ngày 19/8/2021 của Tỉnh ủy", "number", "Ký hiệu lạ"),
    ],
)
def test_what_cannot_be_is_asked(text, kind, word):
    found = problems(text, issued=date(2026, 1, 12))

    assert [(one.kind, word in one.problem) for one in found] == [(kind, True)]


def test_two_offices_for_one_document_are_asked():
    found = problems("Quyết định số 83/QĐ-UBND của UBND phường Mẫu", "Quyết định số 83/QĐ-UBND của UBND thành phố Mẫu")

    assert [one.kind for one in found] == ["issuer"]


def test_a_date_that_differs_from_the_content_in_use_is_asked_with_the_other_date():
    found = problems("Quyết định số 468/QĐ-TTg ngày 27/2/2021", registry={"468/QĐ/TTG": {"27/03/2021"}})

    assert [(one.kind, one.offered) for one in found] == [("date", ("27/03/2021",))]
    assert problems("Quyết định số 468/QĐ-TTg ngày 27/3/2021", registry={"468/QĐ/TTG": {"27/03/2021"}}) == []


def test_what_agrees_is_not_asked():
    texts = (
        "Nghị quyết số 76/NQ-CP ngày 15/7/2021 của Chính phủ",
        "Nghị quyết 76/NQ-CP của Chính phủ",
        "Chỉ thị số 23/CT-TTg ngày 02/9/2021 của Thủ tướng",
    )

    assert problems(*texts, issued=date(2026, 1, 12)) == []


@given(st.integers(1, 31), st.integers(1, 12), st.integers(2000, 2030), st.booleans())
def test_a_date_in_figures_or_words_is_the_same_day(day, month, year, words):
    text = f"ngày {day:02d} tháng {month} năm {year}" if words else f"ngày {day}/{month:02d}/{year}"

    found = cited(f"Kế hoạch số 7/KH-UBND {text} của UBND tỉnh")[0]

    assert parse_date(found.date) == parse_date(f"{day}/{month}/{year}")
