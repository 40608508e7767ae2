"""
What is wrong in a file is told by sheet and cell, with what to do; nothing of the file is taken then.
"""

from datetime import datetime
from pathlib import Path

import pytest

from knowledge.spreadsheet.columns import main
from tests.knowledge.spreadsheet.workbook import Counter, Excel, quiet, told


def test_an_excel_file_with_five_mistakes_has_five_cells_named(counter: Counter, excel: Excel):
    fee = excel.write("Thủ tục", "khai-sinh", "Số tiền (đồng)", "năm nghìn")
    title = excel.write("Thủ tục", "ket-hon", "Tiêu đề", None)
    level = excel.write("Thủ tục", "khai-sinh", "Nộp trực tuyến", "một nửa")
    day = excel.write("Câu hỏi thường gặp", "faq-gui-xe", "Xem lại trước ngày", "32/13/2026")
    paper = excel.write("Thành phần hồ sơ", "khai-sinh", "Giấy tờ", "=A1", nth=2)

    found = counter.attempt(excel.save())

    messages = told(found)
    assert set(messages) == {
        ("Thủ tục", fee), ("Thủ tục", title), ("Thủ tục", level), ("Câu hỏi thường gặp", day), ("Thành phần hồ sơ", paper),
    }  # fmt: skip
    assert messages["Thủ tục", fee] == (
        "“năm nghìn” không phải số. Cột “Số tiền (đồng)” chỉ ghi chữ số, ví dụ 10000; không có thì để trống."
    )
    assert messages["Thủ tục", title] == "Chưa điền “Tiêu đề”."
    assert "“Toàn trình”, “Một phần”" in messages["Thủ tục", level]
    assert "không phải ngày" in messages["Câu hỏi thường gặp", day]
    assert "công thức" in messages["Thành phần hồ sơ", paper]


@pytest.mark.parametrize(
    ("sheet", "id", "header", "value", "says"),
    [
        ("Thủ tục", "khai-sinh", "Số tiền (đồng)", -5, "không phải số"),
        ("Thủ tục", "tam-tru", "Số tiền (đồng)", 10, "10.000 đồng, anh/chị ghi 10000"),
        ("Thủ tục", "khai-sinh", "Số tiền (đồng)", 10.5, "số nguyên"),
        ("Thủ tục", "khai-sinh", "Số ngày làm việc", "ba", "không phải số"),
        ("Thủ tục", "khai-sinh", "Mã thủ tục quốc gia", "BTP-01", "dạng số như 1.001193"),
        ("Thủ tục", "khai-sinh", "Nhận qua bưu chính", "có lẽ", "“Có”, “Không”"),
        ("Thủ tục", "khai-sinh", "Phần chưa xác minh", "Lệ phí\nChữ ký", "không có trong danh sách"),
        ("Thủ tục", "khai-sinh", "Tóm tắt", "=SUM(A1:A3)", "công thức"),
        ("Thủ tục", "khai-sinh", "Tóm tắt", "#REF!", "báo lỗi #REF!"),
        ("Thủ tục", "khai-sinh", "Nơi nộp", datetime(2026, 3, 2), "ngày tháng (02/03/2026)"),
        ("Thủ tục", "khai-sinh", "Lĩnh vực", None, "Chưa điền “Lĩnh vực”"),
        ("Dịch vụ", "cong-mau", "Chủ đề", " ", "Chưa điền “Chủ đề”"),
        ("Thủ tục", "khai-sinh", "Phí, lệ phí", None, "Chưa điền “Phí, lệ phí”"),
        ("Thủ tục", "khai-sinh", "Đúng tại thời điểm", None, "Chưa điền “Đúng tại thời điểm”"),
        ("Thủ tục", "khai-sinh", "Đúng tại thời điểm", 46000, "không phải ngày"),
        ("Dịch vụ", "cong-mau", "Số điện thoại", 912345678, "mất số 0"),
        ("Thủ tục", "khai-sinh", "Mã", "khai-sanh", "để trống ô này"),
        ("Thủ tục", "khai-sinh", "Mã", "ket-hon", "đã có ở dòng"),
        ("Thủ tục", "khai-sinh", "Mã", "cong-mau", "trang tính “Dịch vụ”"),
        ("Thành phần hồ sơ", "ket-hon", "Giấy tờ", None, "Chưa điền “"),
        ("Thành phần hồ sơ", "ket-hon", "Mã mục", "khong-co", "Không có mục nào mang mã “khong-co”"),
        ("Thành phần hồ sơ", "ket-hon", "Mã mục", "cong-mau", "không phải của mục nào"),
        ("Thành phần hồ sơ", "ket-hon", "Tên mục", "Đăng ký khai sinh", "là của mục “Đăng ký kết hôn”"),
        ("Thành phần hồ sơ", "ket-hon", "Thứ tự", "đầu", "không phải số"),
        ("Trường hợp riêng", "khai-sinh", "Câu trả lời", None, "Chưa điền “"),
    ],
)
def test_a_wrong_cell_is_named_and_told_how_to_mend(
    counter: Counter, excel: Excel, sheet: str, id: str, header: str, value: object, says: str
):
    if value is None and sheet == "Thành phần hồ sơ":
        excel.write(sheet, id, "Mẫu đơn", "BM-09")  # the row still says something
    place = excel.write(sheet, id, header, value)
    if value == "#REF!":
        excel[sheet][place].data_type = "e"

    found = counter.attempt(excel.save())

    messages = told(found)
    assert says in messages[sheet, place], messages
    others = {cell for _, cell in messages if cell != place}
    assert not others or header in ("Mã", "Mã mục")


def test_a_mistake_in_a_new_row_is_named_too(counter: Counter, excel: Excel):
    row = excel.add("Thủ tục", Tiêu_đề="Cấp giấy mẫu", Tóm_tắt="", Lĩnh_vực="Mẫu", Nhận_qua_bưu_chính="chưa rõ")

    messages = told(counter.attempt(excel.save()))

    sheet = main("procedure")
    letters = {cell.rstrip("0123456789") for _, cell in messages}
    assert {cell for _, cell in messages} == {f"{letter}{row}" for letter in letters}
    assert len(messages) == 2
    assert excel.column("Thủ tục", "Tóm tắt") == sheet.letter("summary")


def test_a_row_that_has_lost_its_code_is_not_taken_for_a_new_entry(counter: Counter, excel: Excel):
    lost = excel.write("Thủ tục", "khai-sinh", "Mã", None)
    page = excel["Câu hỏi thường gặp"]
    page.cell(2, 1).value = "=A3"

    messages = told(counter.attempt(excel.save()))

    assert "mã là “khai-sinh”" in messages["Thủ tục", lost]
    assert "công thức" in messages["Câu hỏi thường gặp", "A2"]


def test_headers_that_are_unknown_twice_or_missing_are_named(counter: Counter, excel: Excel):
    page = excel["Thủ tục"]
    page.cell(1, excel.column("Thủ tục", "Nơi nộp")).value = "Nơi nộp hồ sơ"
    page.cell(1, excel.column("Thủ tục", "Kết quả nhận được")).value = "Lưu ý"
    excel["Thành phần hồ sơ"].delete_cols(excel.column("Thành phần hồ sơ", "Mẫu đơn"))
    excel["Trường hợp riêng"].cell(3, 12).value = "ghi thêm"

    messages = told(counter.attempt(excel.save()))

    assert "Có phải là “Nơi nộp”?" in messages["Thủ tục", "O1"]
    assert "có hai lần" in messages["Thủ tục", "V1"]
    assert messages["Thành phần hồ sơ", "A1"].startswith("Thiếu cột “Mẫu đơn”")
    assert messages["Trường hợp riêng", "L3"].startswith("Cột này không có tên")
    assert len(messages) == 4


def test_a_column_that_was_deleted_leaves_its_field_alone(counter: Counter, excel: Excel):
    for header in ("Nơi nộp", "Thuộc", "Câu hỏi của người dân"):
        excel["Thủ tục"].delete_cols(excel.column("Thủ tục", header))

    assert quiet(counter.attempt(excel.save()))


def test_merged_cells_are_named(counter: Counter, excel: Excel):
    excel["Thủ tục"].merge_cells("D3:D4")

    assert "Các ô D3:D4 đang gộp" in told(counter.attempt(excel.save()))["Thủ tục", "D3"]


def test_two_sheets_of_one_name_are_told_apart_by_nobody(counter: Counter, excel: Excel):
    copy = excel.book.copy_worksheet(excel["Thủ tục"])
    copy.title = "Thủ tục (2)"
    excel.book.copy_worksheet(excel["Dịch vụ"]).title = "Dịch vụ cũ"
    excel.book.create_sheet("Ghi chú của tôi")["A1"] = "hỏi lại anh Ba"

    messages = told(counter.attempt(excel.save()))

    assert "hai trang tính “Thủ tục” và “Thủ tục (2)”" in messages["Thủ tục (2)", "A1"]
    assert "giống “Dịch vụ”" in messages["Dịch vụ cũ", "A1"]
    assert len(messages) == 2


def test_names_of_sheets_and_headers_are_known_without_marks_and_case(counter: Counter, excel: Excel):
    excel["Thủ tục"].title = " THỦ TỤC"
    excel["Dịch vụ"].title = "dich vu"
    excel.book[" THỦ TỤC"]["B1"] = "tieu de"

    assert quiet(counter.attempt(excel.save()))


def test_a_title_above_the_header_is_overlooked_and_a_sheet_without_header_is_not(counter: Counter, excel: Excel):
    excel["Thủ tục"].insert_rows(1)
    excel["Thủ tục"]["A1"] = "DANH SÁCH THỦ TỤC"
    excel["Dịch vụ"].delete_rows(1)

    messages = told(counter.attempt(excel.save()))

    assert list(messages) == [("Dịch vụ", "A1")]
    assert "Không thấy dòng tên cột" in messages["Dịch vụ", "A1"]


def test_a_file_of_another_ward_is_refused(counter: Counter, library_folder: Path, tmp_path: Path):
    other = Counter(library_folder, tmp_path / "history", "tay-mau")

    messages = told(other.attempt(counter.export()))

    assert list(messages) == [("Hướng dẫn", "A2")]
    assert "Đông Mẫu" in messages["Hướng dẫn", "A2"]


def test_a_workbook_that_is_not_ours_is_told_so(counter: Counter):
    excel = Excel(counter.export())
    for name in excel.book.sheetnames[:-1]:
        del excel.book[name]
    excel.book["du-lieu"].title = "Sheet1"
    excel.book["Sheet1"].sheet_state = "visible"

    [message] = told(counter.attempt(excel.save())).values()

    assert "không có trang tính nào của hệ thống" in message


def test_a_formula_in_a_csv_file_is_refused_too(counter: Counter):
    text = "Mã,Câu hỏi,Câu trả lời\r\nfaq-gui-xe,=1+1,Bãi xe của trụ sở không thu tiền.\r\n"

    assert "công thức" in told(counter.attempt(text.encode()))["Câu hỏi thường gặp", "B2"]
