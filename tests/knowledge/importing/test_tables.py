"""
Tables of tasks are read as they are, or put together again from flattened lines; what is not clear is told to be.
"""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.importing.paragraphs import Paragraph
from knowledge.importing.table_columns import header, named
from knowledge.importing.tables import find, split_who
from knowledge.sources import txt
from tests.knowledge.importing.conftest import SAMPLES

HEADER = "STT Nội dung công việc Đơn vị chủ trì Đơn vị phối hợp Thời gian thực hiện Sản phẩm"
CELLS = [
    ["Xây dựng chuyên mục hỏi đáp thủ tục trên trang thông tin của phường.", "Phòng Văn hóa - Xã hội", "Các khu phố", "Quý I/2026", "Chuyên mục"],
    ["Tổ chức buổi hướng dẫn nộp hồ sơ trực tuyến tại từng nơi ở.", "Trung tâm Phục vụ hành chính công", "Các khu phố", "Trong năm 2026", "Các buổi hướng dẫn"],
    ["Đối thoại với người dân về giải quyết thủ tục hành chính.", "Văn phòng UBND", "Các khu phố", "Tháng 9/2026", "Hội nghị đối thoại"],
]  # fmt: skip
KINDS = ["task", "lead", "partners", "time", "product"]


def tables(text: str):
    return find(txt.read(text.encode(), "x.txt"))


def shown(table) -> list[list[str]]:
    return [[row.of(kind).paragraph.text if row.of(kind) else "" for kind in KINDS] for row in table.rows]


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("STT", "number"), ("Nội dung công việc", "task"), ("CƠ QUAN CHỦ TRÌ", "lead"), ("Đơn vị, cá nhân thực hiện", "who"), ("Đơn vị phối hợp", "partners"),
        ("Thời gian hoàn thành", "time"), ("Thời gian |thục hiện", "time"), ("Sản phẩm đầu ra", "product"), ("Hình thức tuyên truyền", "forms"), ("Ghi chú", "note"),
        ("Họ và tên", None),
    ],
)  # fmt: skip
def test_a_column_is_known_by_its_name(text, column):
    assert named(text) == column


def test_a_header_run_together_is_parted():
    assert header(HEADER) == ["number", "task", "lead", "partners", "time", "product"]
    assert header("STT Nội dung nói về chủ trương") is None


def test_a_table_of_single_words_on_lines_is_put_together():
    table = tables((SAMPLES / "vo-bang.txt").read_text(encoding="utf-8"))[0]

    assert [(row.number, row.doubtful) for row in table.rows] == [(1, False), (2, False), (4, False)]
    assert shown(table)[0] == [
        "Xây dựng chuyên mục hỏi đáp thủ tục trên trang thông tin điện tử của phường.", "Phòng Văn hóa - Xã hội", "Các khu phố", "Quý I/2026", "Chuyên mục",
    ]  # fmt: skip
    assert (table.lost, table.flattened) == ((), True)


def test_a_table_with_bars_is_read_with_its_empty_cells():
    table = tables((SAMPLES / "bang-vach.md").read_text(encoding="utf-8"))[0]

    assert shown(table)[1] == ["Viết tin, bài", "Đài truyền thanh", "", "Trong năm 2026", "Tin, bài"]
    assert table.columns[-1] == "cost"


def test_a_header_repeated_on_the_next_page_is_no_row():
    first = HEADER + "\n\n1\n\n" + "\n\n".join(CELLS[0]) + "\n"
    second = HEADER + "\n\n2\n\n" + "\n\n".join(CELLS[1]) + "\n"

    table = tables(first + second)[0]

    assert [row.number for row in table.rows] == [1, 2]
    assert len(table.header) == 2


def test_what_stands_before_the_first_row_is_told_as_lost():
    table = tables(HEADER + "\n\nGhi thêm bằng tay\n\n1\n\n" + "\n\n".join(CELLS[0]))[0]

    assert [table.lost, table.rows[0].number] == [(3,), 1]


@settings(max_examples=50, deadline=None)
@given(
    st.integers(10, 34), st.sampled_from(["\n", "\n\n", " \n\n"]), st.lists(st.integers(0, 2), min_size=1, max_size=4)
)
def test_a_flattened_table_gives_back_its_cells_or_says_that_it_doubts(width, line_break, chosen):
    rows = [CELLS[number] for number in chosen]
    lines = [HEADER]
    for number, row in enumerate(rows, 1):
        lines.append(str(number))
        for cell in row:
            lines += re.findall(rf".{{1,{width}}}(?:\s|$)", cell)

    table = tables(line_break.join(lines))[0]

    words = [word for row in table.rows for cell in row.cells for word in cell.paragraph.text.split()]
    assert sorted(words) == sorted(word for row in rows for cell in row for word in cell.split())
    for found, row, expected in zip(shown(table), table.rows, rows, strict=True):
        assert found == expected or row.doubtful


@pytest.mark.parametrize(
    ("cell", "lead", "partners"),
    [
        (
            "- Cơ quan chủ trì: UBND phường - Cơ quan phối hợp: MTTQ và các đoàn thể",
            "UBND phường",
            "MTTQ và các đoàn thể",
        ),
        ("- Cơ quan chủ trì - Cơ quan phối hợp: Các đơn vị có liên quan", None, "Các đơn vị có liên quan"),
        ("Chủ trì: Công an phường", "Công an phường", None),
        ("Phòng Văn hóa - Xã hội", "Phòng Văn hóa - Xã hội", None),
    ],
)
def test_a_cell_that_names_both_is_parted(cell, lead, partners):
    found = split_who(Paragraph(cell, (1,) * len(cell), (1,)))

    assert [part and part.text for part in (found.lead, found.partners)] == [lead, partners]
