"""
The file is one that people can edit: names in Vietnamese, notes, drop-downs, texts that stay texts, and what Excel allows.
"""

import pytest

from knowledge.spreadsheet.columns import GUIDE, LISTS, MARKER, plain, sheets
from tests.knowledge.spreadsheet.workbook import Counter, Excel

NAMES = [sheet.name for sheet in sheets()]


@pytest.mark.parametrize("name", NAMES)
def test_a_sheet_has_a_frozen_header_with_notes_a_filter_and_room_to_read(excel: Excel, name: str):
    page = excel[name]

    assert page.freeze_panes == "C2"
    assert page.auto_filter.ref.startswith("A1:")
    for cell in page[1]:
        width = page.column_dimensions[cell.column_letter].width
        assert 8 <= width <= 60, cell.value
        assert cell.comment is None or 8 < len(cell.comment.text) < 400
        assert page.column_dimensions[cell.column_letter].alignment.wrap_text
    assert {cell.value for cell in page[1] if cell.comment is None} <= {"Đường dẫn", "Cơ quan giải quyết", "Ghi chú về nộp trực tuyến",
        "Kết quả nhận được", "Ai được làm, ai phải làm", "Tên đầy đủ theo quyết định công bố"}  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_every_cell_but_the_order_is_a_text_also_in_rows_that_are_still_empty(excel: Excel, name: str):
    page = excel[name]
    order = [cell.column_letter for cell in page[1] if cell.value == "Thứ tự"]

    for row in page.iter_rows(min_row=2):
        for cell in row:
            if cell.value is not None and cell.column_letter not in order:
                assert isinstance(cell.value, str)
                assert (cell.data_type, cell.number_format) == ("s", "@")
    for cell in page[1]:
        wanted = "General" if cell.column_letter in order else "@"
        assert page.column_dimensions[cell.column_letter].number_format == wanted


def test_choices_are_drop_downs_whose_values_may_have_commas(excel: Excel):
    page = excel["Thủ tục"]
    rules = {str(rule.sqref).split(":")[0]: rule for rule in page.data_validations.dataValidation}
    level = excel.column("Thủ tục", "Nộp trực tuyến")

    rule = rules[f"{page.cell(1, level).column_letter}2"]
    sheet, _, area = rule.formula1.replace("$", "").partition("!")
    values = [row[0].value for row in excel[sheet.strip("'")][area]]

    assert values == ["Toàn trình", "Một phần", "Có nhận, chưa rõ mức", "Không nhận trực tuyến"]
    assert rule.showErrorMessage
    assert all(len(one.errorTitle or "") <= 32 and len(one.error or "") <= 255 for one in rules.values())
    assert rules["A2"].formula1 == "LEN(A2)=0"


def test_the_guide_comes_first_and_what_only_the_service_needs_is_hidden(counter: Counter, excel: Excel):
    names = excel.book.sheetnames

    assert names == [GUIDE, *NAMES, LISTS, MARKER]
    assert [excel[name].sheet_state for name in names] == [*["visible"] * 7, "hidden", "veryHidden"]
    said = "\n".join(str(row[0].value) for row in excel[GUIDE].iter_rows())
    assert "để trống cột “Mã”" in said
    assert "thành bản riêng của phường, xã mình" in said


def test_the_guide_of_the_base_says_that_an_edit_is_for_all(library_folder, tmp_path):
    base = Excel(Counter(library_folder, tmp_path / "history", "").export())

    said = "\n".join(str(row[0].value) for row in base[GUIDE].iter_rows())

    assert "đổi cho mọi phường, xã" in said
    assert "bản riêng của phường, xã mình" not in said


@pytest.mark.parametrize("sheet", sheets(), ids=lambda one: one.name)
def test_headers_of_a_sheet_are_told_apart_without_marks(sheet):
    headers = [plain(column.header) for column in sheet.columns]

    assert len(headers) == len(set(headers))
    assert len(sheet.name) <= 31
