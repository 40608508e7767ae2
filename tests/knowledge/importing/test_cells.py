"""
Glued cells come apart, and joined again they are what they were; torn letters are mended only where that is certain.
"""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.importing.cells import METHODS, Piece, cut_methods, cut_papers, cut_results, joined
from knowledge.importing.letters import mend, tear

HEAD = "Hình thức nộp. Thời gian. Phí, lệ phí. Mô tả. "
PAPERS_HEAD = "Tên giấy tờ. Mẫu đơn, tờ khai. Số lượng. "


def cells(text: str, *kinds: str) -> list[tuple[str, str]]:
    return [(piece.kind, piece.text) for piece in cut_methods(HEAD + text) if piece.kind in kinds]


def test_three_cells_run_together_are_three():
    assert cells("Trực tiếp5 Ngày làm việcMiễn phí", "method", "time", "free") == [
        ("method", "Trực tiếp"), ("time", "5 Ngày làm việc"), ("free", "Miễn phí"),
    ]  # fmt: skip


def test_a_fee_keeps_what_it_is_about_and_the_note_stays_apart():
    found = cells(
        "Trực tuyến7 Ngày50,000 Việt Nam Đồng(cấp lại (lần 2): 50.000 đồng)Nộp trên Cổng.", "amount", "about", "note"
    )

    assert found == [
        ("amount", "50,000 Việt Nam Đồng"), ("about", "(cấp lại (lần 2): 50.000 đồng)"), ("note", "Nộp trên Cổng."),
    ]  # fmt: skip


def test_several_fees_of_one_method_are_several():
    found = cells("Trực tiếp7 Ngày500,000 VNĐ(cấp mới)70,000 VNĐ(cấp lại)", "amount", "about")

    assert [text for _, text in found] == ["500,000 VNĐ", "(cấp mới)", "70,000 VNĐ", "(cấp lại)"]


def test_the_rows_of_three_methods_come_apart():
    found = cells(
        "Trực tiếp3 Ngày. Miễn phí. Trực tuyến2 Ngày. Miễn phínộp qua Cổng; Dịch vụ bưu chính3 Ngày. Miễn phí",
        "method",
        "time",
    )

    assert [text for _, text in found] == ["Trực tiếp", "3 Ngày", "Trực tuyến", "2 Ngày", "Dịch vụ bưu chính", "3 Ngày"]


def test_a_method_named_in_a_sentence_begins_no_row():
    assert cells("Trực tiếp3 Ngày. Miễn phíNộp Trực tiếp: tại trụ sở, hoặc Trực tuyến qua Cổng.", "method") == [
        ("method", "Trực tiếp")
    ]


def test_a_number_without_its_unit_is_bare():
    assert cells("Trực tuyến1Miễn phí. Trực tiếp15Miễn phí(Không)", "bare") == [("bare", "1"), ("bare", "15")]


def test_what_is_no_table_is_kept_whole():
    assert cut_methods("Nộp tại Bộ phận Một cửa.") == [Piece("other", "Nộp tại Bộ phận Một cửa.")]


def test_papers_come_apart_with_form_and_copies():
    text = (
        PAPERS_HEAD + "Tờ khai (mẫu TK).Mau TK.docx1 bản chính. Thẻ căn cước0 bản chính,1 bản sao- Ảnh 4x6;2 bản chính"
    )

    found = [(piece.kind, piece.text) for piece in cut_papers(text) if piece.kind in ("name", "form", "copies")]

    assert found == [
        ("name", "Tờ khai (mẫu TK)."), ("form", "Mau TK.docx"), ("copies", "1 bản chính"), ("name", "Thẻ căn cước"),
        ("copies", "0 bản chính,1 bản sao"), ("name", "- Ảnh 4x6;"), ("copies", "2 bản chính"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("Đơn theo Nghị định số 32/2026/NĐ-CP;", "Mẫu số 10.QLT. buôn bán.docx"),
        ("Danh sách thuyền viên.", "Mau. Danhsach (2).docx"),
        ("Đơn đề nghị theo mẫu quy định", "1.4. Don de nghi.docx"),
        ("Bản kê khai (nếu có)", "Mau 01-Phu luc I_37.2025. TT-BNNMT_02.7.2025.doc"),
        ("Văn bản đề nghị theo Phụ lục XI Thông tư số 54/2025/TT-NHNN.", "Phụ lục. XI- TT54.docx"),
    ],
)
def test_a_file_name_is_whole_though_it_has_a_full_stop_inside(name, form):
    found = {piece.kind: piece.text for piece in cut_papers(f"{PAPERS_HEAD}{name}{form}1 bản chính")}

    assert (found["name"], found["form"]) == (name, form)


def test_copies_that_a_sentence_speaks_of_end_no_row():
    text = PAPERS_HEAD + "Hợp đồng (01 bản chính hoặc 01 bản sao có chứng thực) và nộp 02 bản chính phụ lục;1 bản chính"

    assert [piece.text for piece in cut_papers(text) if piece.kind == "copies"] == ["1 bản chính"]


def test_results_come_apart_at_their_codes():
    found = cut_results("Giấy phépMã: KQ.G01.000020Văn bản từ chối.Mã: 000.00.00.G04-KQ0355")

    assert [piece.text for piece in found if piece.kind == "result"] == ["Giấy phép", "Văn bản từ chối."]


methods = st.sampled_from(METHODS)
times = st.builds("{} {}".format, st.integers(1, 90), st.sampled_from(["Ngày làm việc", "Ngày", "Giờ", "Tháng"]))
amounts = st.builds("{:,} {}".format, st.integers(1000, 9_000_000), st.sampled_from(["Việt Nam Đồng", "VNĐ", "USD"]))
abouts = st.sampled_from(["", "(cấp mới)", "(mỗi tờ khai (bản giấy))", "(theo Thông tư số 64/2025/TT-BTC)"])
fees = st.one_of(st.just("Miễn phí"), st.builds("{}{}".format, amounts, abouts))
notes = st.sampled_from(["", "Nộp tại trụ sở.", "- Nộp hồ sơ qua mạng;", "nộp trong giờ hành chính"])
rows = st.lists(st.tuples(methods, times, fees, notes), min_size=1, max_size=5)


@given(rows)
def test_cutting_what_was_glued_gives_back_every_cell(table):
    glued = HEAD + "".join(method + time + fee + note for method, time, fee, note in table)

    pieces = cut_methods(glued)

    assert joined(pieces) == glued
    assert [piece.text for piece in pieces if piece.kind in ("method", "time")] == [
        cell for row in table for cell in row[:2]
    ]
    shown = "".join(piece.text for piece in pieces if piece.kind in ("free", "amount", "about"))
    assert shown == "".join(row[2] for row in table)
    assert [piece.text for piece in pieces if piece.kind == "note"] == [row[3] for row in table if row[3]]


@given(st.text(alphabet="Trựctiếp5 NgàylàmviệcMnphíDịchvụbưu().,0123456789VNĐ\n", max_size=120))
def test_whatever_the_text_no_letter_of_it_is_lost(text):
    assert joined(cut_methods(text)) == text
    assert joined(cut_methods(HEAD + text)) == HEAD + text
    assert joined(cut_papers(text)) == text
    assert joined(cut_papers(PAPERS_HEAD + text)) == PAPERS_HEAD + text
    assert joined(cut_results(text)) == text


# Letters


@pytest.mark.parametrize(
    ("torn", "whole"),
    [
        ("Th. ời gian gi. ải quy. ết", "Thời gian giải quyết"),
        ("Tr. ực ti. ếp5 Ng. ày l. àm vi. ệc. Mi. ễn ph. í", "Trực tiếp5 Ngày làm việc. Miễn phí"),
        ("đ. ư. ợc c. ấp qua VNe. ID", "được cấp qua VNeID"),
        ("m. ẫu 03/BĐ. S-TNCN", "mẫu 03/BĐS-TNCN"),
    ],
)
def test_torn_words_are_mended(torn, whole):
    assert mend(torn) == whole


def test_a_text_that_was_not_torn_by_that_rule_is_left_alone():
    assert mend("Nộp tại xã. ở đó có người tiếp nhận") is None


vietnamese = st.text(alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxyàáảãạầấểễộớợừựỷý ,;0123456789", max_size=80)


@given(vietnamese)
def test_mending_undoes_tearing(text):
    whole = re.sub(r"\s+", " ", text)

    assert mend(tear(whole)) == whole
