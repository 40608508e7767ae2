"""
The many names of one document.
"""

from datetime import date
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.office.basis import Document, citation, documents

DECREE = Document("nd", "20", 2021, "cp")


@pytest.mark.parametrize(
    "written",
    ["NĐ 20/2021", "Nghị định 20/2021/NĐ-CP", "nghị định số 20/2021/NĐ-CP", "NGHỊ ĐỊNH 20/2021/NĐ-CP", "nd 20/2021", "20/2021/NĐ-CP", "ND-CP 20/2021",
     "Nghị định số: 20/2021/NĐ-CP ngày 15/3/2021 của Chính phủ", "nghi dinh 20/2021", "Nghị định 020/2021/NÐ-CP", normalize("NFD", "Nghị định 20/2021/NĐ-CP")],
)  # fmt: skip
def test_one_decree_has_many_spellings(written):
    (found,) = documents(written)

    assert found.same_as(DECREE)
    assert DECREE.same_as(found)


@pytest.mark.parametrize(
    "written",
    ["Nghị định 20/2008/NĐ-CP", "Nghị định 120/2021/NĐ-CP", "Thông tư 20/2021/TT-BTC", "Quyết định 20/2021/QĐ-TTg", "Nghị quyết 20/2021/NQ-CP", "Luật 20/2021/QH15",
     "Nghị định 2/2021/NĐ-CP", "NĐ 20.1/2021"],
)  # fmt: skip
def test_another_document_is_another(written):
    (found,) = documents(written)

    assert not found.same_as(DECREE)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ngày 20/2021",
        "20/02/2021",
        "TCVN ISO 9001:2015",
        "Quy chế tuyển sinh",
        "1.001193",
        "trang 3/2021 trang",
        "mẫu CT07",
    ],
)
def test_what_names_no_document(text):
    assert documents(text) == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("TT 01/2020/TT-BTP", ["Thông tư 01/2020/TT-BTP"]),
        ("Luật Hộ tịch 60/2014/QH13", ["Luật 60/2014/QH13"]),
        ("Bộ luật Dân sự số 91/2015/QH13 (24/11/2015)", ["Luật 91/2015/QH13"]),
        ("Quyết định 06/QĐ-TTg (06/01/2022)", ["Quyết định 06/2022/QĐ-TTg"]),
        ("NQ 66.7/2025/NQ-CP", ["Nghị quyết 66.7/2025/NQ-CP"]),
        ("Nghị quyết 23/2026/NQ-HĐND của Hải Phòng", ["Nghị quyết 23/2026/NQ-HĐND"]),
        ("Pháp lệnh 02/2020/UBTVQH14", ["Pháp lệnh 02/2020/UBTVQH14"]),
        ("Nghị định 128/2025/NĐ-CP (11/6/2025) và NĐ 129/2025 về phân quyền", ["Nghị định 128/2025/NĐ-CP", "Nghị định 129/2025/NĐ-CP"]),
    ],
)  # fmt: skip
def test_a_document_is_shown_as_it_is_usually_cited(text, shown):
    assert [str(one) for one in documents(text)] == shown


def test_circulars_of_two_ministries_with_one_number_are_two():
    one, other = documents("Thông tư 04/2020/TT-BTP và Thông tư 04/2020/TT-BGDĐT")

    assert not one.same_as(other)
    assert one.same_as(documents("TT 04/2020")[0])
    assert other.same_as(documents("TT 04/2020")[0])


@pytest.mark.parametrize(
    ("line", "cited", "replaced"),
    [
        ("Nghị định 217/2026/NĐ-CP (19/06/2026, thay Nghị định 175/2024)", ["Nghị định 217/2026/NĐ-CP"], [("175", "217")]),
        ("Nghị định 335/2026/NĐ-CP thay thế Nghị định số 20/2021/NĐ-CP; mức tính từ 01/7/2026", ["Nghị định 335/2026/NĐ-CP"], [("20", "335")]),
        ("NĐ 20/2021 (đã được thay bằng NĐ 335/2026)", ["Nghị định 20/2021/NĐ-CP", "Nghị định 335/2026/NĐ-CP"], [("20", "335")]),
        ("Nghị định 20/2021/NĐ-CP bị bãi bỏ bởi Nghị định 335/2026/NĐ-CP", ["Nghị định 20/2021/NĐ-CP", "Nghị định 335/2026/NĐ-CP"], [("20", "335")]),
        ("Quyết định 49/2015/QĐ-TTg và văn bản thay thế", ["Quyết định 49/2015/QĐ-TTg"], []),
        ("Luật 136/2025/QH15 (sửa Luật Tiếp công dân 42/2013/QH13)", ["Luật 136/2025/QH15", "Luật 42/2013/QH13"], []),
    ],
)  # fmt: skip
def test_a_citation_says_what_replaced_what(line, cited, replaced):
    read = citation(line)

    assert [str(one) for one in read.documents] == cited
    assert [(old.number, new.number) for old, new in read.replaced] == replaced


def test_a_citation_says_from_when_and_until_when():
    assert citation("Nghị định 335/2026/NĐ-CP (21/8/2026, hiệu lực từ 05/10/2026)").in_force == date(2026, 10, 5)
    assert citation("Thông tư 64/2025/TT-BTC (áp dụng đến hết 31/12/2026)").ends == date(2026, 12, 31)
    assert citation("Thông tư 64/2025/TT-BTC, hết hiệu lực ngày 31/12/2026").ends == date(2026, 12, 31)
    assert citation("Thông tư 64/2025/TT-BTC, hết hiệu lực ngày 31/12/2026").in_force is None
    assert citation("Thông tư 64/2025/TT-BTC (hiệu lực 99/99/2026)").in_force is None


@given(st.text(alphabet="NĐđnd luật qTthày thế bằng 0123456789/.-()\n", max_size=80))
def test_any_line_can_be_read(line):
    read = citation(line)

    assert all(one.same_as(one) and str(one) for one in read.documents)
