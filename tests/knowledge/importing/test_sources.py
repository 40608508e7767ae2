"""
Text, Word, PDF and scans become located lines; what cannot be read says so in Vietnamese, with what to do.
"""

import zipfile

import pytest

from knowledge import sources
from knowledge.errors import OcrMissing, SourceError
from knowledge.sources import txt
from knowledge.sources.words import Word, in_rows, line_texts
from tests.knowledge.importing import word_documents
from tests.knowledge.importing.conftest import SAMPLES, needs_tesseract


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_text_is_read_in_the_encodings_of_windows(encoding):
    document = txt.read("KẾ HOẠCH\r\n\r\nMục đích".encode(encoding), "x.txt")

    assert [(line.number, line.text) for line in document.lines] == [(1, "KẾ HOẠCH"), (2, ""), (3, "Mục đích")]


def test_letters_come_in_one_form():
    assert txt.read("Ðăng ky\u0301\u00a0hộ\u200b tịch".encode(), "x.txt").lines[0].text == "Đăng ký hộ tịch"


@pytest.mark.parametrize(
    ("name", "data", "word"),
    [
        ("cu.doc", b"x", "Lưu thành"),
        ("anh.jpg", b"x", "pdf"),
        ("bang.xlsx", b"x", "chưa đọc được loại tệp này"),
        ("rong.txt", b"", "tệp rỗng"),
        ("la.txt", b"K\xe9 ho\xd2ch \xff", "UTF-8"),
        ("hong.docx", b"PK\x03\x04 hong", "không mở được tệp Word"),
        ("hong.pdf", b"%PDF-1.4 hong", "không mở được tệp PDF"),
    ],
)
def test_what_cannot_be_read_is_told_with_what_to_do(tmp_path, name, data, word):
    (tmp_path / name).write_bytes(data)

    with pytest.raises(SourceError, match=word):
        sources.read(tmp_path / name)


def test_a_font_of_the_nineties_is_told(tmp_path):
    (tmp_path / "cu.txt").write_text(
        "KÕ ho¹ch c¶i c¸ch hµnh chÝnh cña ph­êng; thñ tôc hµnh chÝnh n¨m " * 20, encoding="utf-8"
    )

    with pytest.raises(SourceError, match="UniKey"):
        sources.read(tmp_path / "cu.txt")


def test_a_package_that_unpacks_without_end_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("knowledge.sources.docx.MOST_UNPACKED_BYTES", 1000)
    with zipfile.ZipFile(tmp_path / "to.docx", "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", "0" * 5000)

    with pytest.raises(SourceError, match="quá lớn"):
        sources.read(tmp_path / "to.docx")


def test_word_shows_its_numbers_its_cells_and_its_changes(tmp_path):
    document = sources.read(word_documents.plan(tmp_path / "kh.docx"))

    texts = [line.text for line in document.lines]
    assert "1. Để người dân biết cách nộp hồ sơ qua mạng" in texts
    assert "2. Để cán bộ phục vụ tận tụy hơn." in texts
    assert "- Tuyên truyền về dịch vụ công trực tuyến" in texts
    assert "Chủ đề năm 2026: “Phục vụ nhân dân tốt hơn”" in texts
    assert not any("chữ đã xóa" in text for text in texts)
    assert "chữ đã xóa" in document.notices[0]
    table = document.tables[1]
    assert [row[3].text for row in table.rows[1:]] == ["Các khu phố\nTrung tâm Phục vụ hành chính công"] * 2
    assert document.line(table.rows[1][1].lines[0]).where == "bảng 2, hàng 2, cột 2"


def test_a_printed_page_keeps_what_stands_side_by_side_apart():
    document = sources.read(SAMPLES / "in-ra.pdf")

    texts = [line.text for line in document.lines]
    assert "Số: 17/KH-UBND" in texts
    assert "TM. ỦY BAN NHÂN DÂN" in texts
    assert "- Sở Nội vụ;" in texts
    assert [cell.text for cell in document.tables[0].rows[3]][3] == ""
    assert document.line(1).where == "trang 1, dòng 1"


@needs_tesseract
def test_a_scan_laid_askew_is_read_with_its_table():
    document = sources.read(SAMPLES / "ban-quet.pdf")

    assert "máy nhận dạng" in document.notices[0]
    assert any(line.text == "Số: 17/KH-UBND" for line in document.lines)
    assert [row[0].text.split("\n")[0] for row in document.tables[0].rows] == ["STT", "1", "2", "3"]
    assert all(0 <= line.sure <= 1 for line in document.lines)


@pytest.mark.parametrize(
    ("program", "word"),
    [(None, "chưa cài phần mềm nhận dạng chữ tesseract"), ("#!/bin/sh\necho eng\n", "thiếu gói tiếng Việt")],
)
def test_a_scan_without_tesseract_or_its_vietnamese_says_what_to_install(tmp_path, monkeypatch, program, word):
    if program:
        (tmp_path / "tesseract").write_text(program, encoding="utf-8")
        (tmp_path / "tesseract").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(OcrMissing, match=word) as told:
        sources.read(SAMPLES / "ban-quet.pdf")

    assert "apt-get install tesseract-ocr tesseract-ocr-vie" in str(told.value)


def test_a_program_that_fails_on_a_page_is_told_with_the_page(tmp_path, monkeypatch):
    (tmp_path / "tesseract").write_text(
        '#!/bin/sh\ncase "$*" in *--list-langs*) echo vie;; *) echo "het bo nho" >&2; exit 1;; esac\n', encoding="utf-8"
    )
    (tmp_path / "tesseract").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")

    with pytest.raises(SourceError, match=r"trang 1.*het bo nho"):
        sources.read(SAMPLES / "ban-quet.pdf")


def test_words_on_one_line_are_read_from_left_to_right_and_wide_gaps_part_them():
    words = [
        Word("phải", 300, 11, 340, 23),
        Word("trái", 10, 10, 50, 22),
        Word("dưới", 10, 40, 50, 52),
        Word("-", 55, 15, 59, 17),
    ]

    rows = in_rows(words)

    assert [[text for text, _ in line_texts(row)] for row in rows] == [["trái -", "phải"], ["dưới"]]
