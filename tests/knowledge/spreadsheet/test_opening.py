"""
What is no file of ours, or a dangerous one, is told what to do about it and never read further.
"""

import io
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from knowledge.errors import ImportTooLarge, ImportUnreadable
from knowledge.spreadsheet import opening
from tests.knowledge.spreadsheet.workbook import Counter, Excel, quiet

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def archive(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name.replace("__", "/").replace("_", "."), content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "trống"),
        (b"\r\n\r\n", "trống"),
        (OLE + b"\0" * 600, "Excel đời cũ (.xls)"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "mật khẩu"),
        (b"%PDF-1.7 ...", "không phải Excel hay CSV"),
        (b"<html><table>", "không phải Excel hay CSV"),
        (b"PK\x03\x04 cut short", "không mở được"),
        (archive(word__document_xml=b"<w/>"), "không phải Excel hay CSV"),
        (archive(xl__workbook_bin=b"x"), ".xlsb"),
        (archive(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"), ".ods"),
        (archive(xl__workbook_xml=b"<broken"), "không mở được"),
        (archive(xl__workbook_xml=b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'), "không mở được"),
        (archive(anh_png=b"x"), "không phải Excel hay CSV"),
        ("Mã,Tiêu đề,Tóm tắt\r\nx,Cấp lại\r\n".encode("cp1258", "replace"), "CSV UTF-8"),
        ("Mã;Câu hỏi;Câu trả lời\r\n".encode("ascii", "replace"), "dấu hỏi"),
        (b"a,b,c\r\n1,2,3\r\n", "tên cột"),
        (b"nothing at all", "tên cột"),
    ],
)
def test_what_cannot_be_read_is_told_what_to_do(content: bytes, says: str):
    with pytest.raises(ImportUnreadable, match=says.replace("(", r"\(").replace(")", r"\)").replace(".", r"\.")):
        opening.open_book(content)


def test_a_file_that_is_too_large_or_unfolds_without_end_is_not_unfolded():
    bomb = archive(xl__workbook_xml=b"<x/>", xl__worksheets__sheet1_xml=b"\0" * (opening.MOST_EXPANDED + 1))
    assert len(bomb) < 1_000_000
    tracemalloc.start()

    with pytest.raises(ImportTooLarge, match="lớn bất thường"):
        opening.open_book(bomb)
    with pytest.raises(ImportTooLarge, match="20 MB"):
        opening.open_book(b"PK" + b"\0" * opening.MOST_BYTES)

    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < opening.MOST_EXPANDED / 4


def test_a_sheet_that_claims_to_be_huge_is_read_as_far_as_it_is_filled(counter: Counter):
    excel = Excel(counter.export())
    excel["Thủ tục"].cell(1_000_000, 3).value = None
    excel["Thủ tục"].row_dimensions[900_000].height = 20
    content = excel.save()
    with zipfile.ZipFile(io.BytesIO(content)) as made:
        files = {name: made.read(name) for name in made.namelist()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, text in files.items():
            made.writestr(name, text.replace(b'<dimension ref="A1:AI6"', b'<dimension ref="A1:XFD1048576"'))

    assert quiet(counter.attempt(out.getvalue()))


def test_an_empty_workbook_is_told_so(counter: Counter, tmp_path: Path):
    out = io.BytesIO()
    Workbook().save(out)

    [mistake] = counter.attempt(out.getvalue()).mistakes

    assert "không có trang tính nào của hệ thống" in mistake.message
