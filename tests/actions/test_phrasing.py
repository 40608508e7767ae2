"""
What is said for each kind of answer. The sentences are the real ones, the entries those of tests/fakes/entries.py.
"""

from collections.abc import Mapping
from typing import Any

import pytest

from actions.phrasing.answer import phrase
from actions.phrasing.bubbles import Phrased
from tests.actions.reading import buttons, text
from tests.fakes.entries import WARDS, finding
from tests.fakes.knowledge import PASSPORT, answered, clarify, refused

Texts = Mapping[str, str]


def said(answer: dict[str, Any], ward: str = "hoa-binh") -> Phrased:
    for one in answer["findings"]:
        if one["content"].get("ward_value"):
            one["content"]["ward"] = WARDS[ward]
    return phrase({**answer, "ward": WARDS[ward]})


def test_a_procedure_is_told_in_one_bubble(texts: Texts):
    phrased = said(answered(finding("khai-sinh")))

    assert text(phrased, texts) == (
        "Đăng ký khai sinh (mã thủ tục 1.001193)\n"
        "Làm giấy khai sinh lần đầu cho trẻ.\n"
        "Hồ sơ gồm:\n"
        "• Tờ khai đăng ký khai sinh\n"
        "• Giấy chứng sinh\n"
        "• và 1 giấy tờ khác tùy trường hợp\n"
        "Lệ phí: Đúng hạn: miễn lệ phí; quá hạn: theo nghị quyết của HĐND cấp tỉnh.\n"
        "Thời hạn: Trong ngày làm việc.\n"
        "Nơi nộp: Trung tâm Phục vụ hành chính công phường, xã\n"
        "Nộp trực tuyến: Nộp toàn trình trên Cổng Dịch vụ công quốc gia.\n"
        "Căn cứ: Luật Hộ tịch 60/2014/QH13; Nghị định 123/2015/NĐ-CP và 2 văn bản khác"
        " · Nguồn: Cổng Dịch vụ công quốc gia (bản chụp 06–07/2026) · Cập nhật: tháng 07/2026"
    )
    assert buttons(phrased, texts) == {
        "Hồ sơ": '/choose{"entry":"khai-sinh","part":"papers"}',
        "Lệ phí": '/choose{"entry":"khai-sinh","part":"fee"}',
        "Thời hạn": '/choose{"entry":"khai-sinh","part":"time"}',
        "Nơi nộp": '/choose{"entry":"khai-sinh","part":"place"}',
        "Làm online": '/choose{"entry":"khai-sinh","part":"online"}',
        "Mẫu đơn": '/choose{"entry":"khai-sinh","part":"form"}',
    }
    assert phrased.slots == {"entry": "khai-sinh", "part": "summary", "options": []}


@pytest.mark.parametrize(
    ("part", "told"),
    [
        ("papers", "• Tờ khai đăng ký khai sinh (mẫu theo Thông tư 04/2024/TT-BTP): 1 bản chính"),
        ("papers", "• Văn bản ủy quyền: chỉ khi nhờ người khác đi làm thay"),
        ("fee", "Được miễn: hộ nghèo; người khuyết tật"),
        ("time", "Thời hạn: Trong ngày làm việc."),
        ("place", "Cơ quan giải quyết: UBND cấp xã\nCó nhận hồ sơ gửi qua bưu chính."),
        ("online", "Nộp trực tuyến: Nộp toàn trình"),
        ("form", "Mẫu đơn, tờ khai:\n• Tờ khai đăng ký khai sinh: mẫu theo Thông tư 04/2024/TT-BTP"),
        ("conditions", "Điều kiện:\n• Trẻ sinh ra tại Việt Nam."),
        ("applicants", "Người làm thủ tục: Cha hoặc mẹ; ông, bà"),
        ("result", "Kết quả nhận được: Giấy khai sinh (bản chính)"),
        ("basis", "• Thông tư 85/2019/TT-BTC"),
        ("notes", "Cần lưu ý:\n• Cha, mẹ có trách nhiệm đăng ký trong 60 ngày."),
        ("case", "Trường hợp: Quá hạn 60 ngày mới đi khai sinh\nQuá hạn vẫn làm được"),
    ],
)
def test_a_part_is_answered_with_title_and_source(part: str, told: str, texts: Texts):
    shown = text(said(answered(finding("khai-sinh", part))), texts)

    assert shown.startswith("Đăng ký khai sinh\n")
    assert told in shown
    assert "Cập nhật: tháng 07/2026" in shown.splitlines()[-1]


def test_several_parts_are_answered_in_one_bubble(texts: Texts):
    phrased = said(answered(finding("khai-sinh", parts=["fee", "time"])))

    assert len(phrased.bubbles) == 1
    assert "Lệ phí:" in text(phrased, texts)
    assert "Thời hạn:" in text(phrased, texts)
    assert not {"Lệ phí", "Thời hạn"} & set(buttons(phrased, texts))


def test_the_place_names_the_wards_own_address_and_hours(texts: Texts):
    shown = text(said(answered(finding("khai-sinh", "place")), "phuong-mau"), texts)

    assert "Trung tâm Phục vụ hành chính công phường Mẫu: Số 1, đường Mẫu" in shown
    assert "Giờ làm việc của phường Mẫu: Thứ Hai đến thứ Sáu, 7 giờ 30 đến 17 giờ" in shown


def test_what_is_unverified_is_never_told(texts: Texts):
    summary = text(said(answered(finding("ket-hon"))), texts)
    part = text(said(answered(finding("ket-hon", "time"))), texts)

    for shown in (summary, part):
        assert "Trong ngày làm việc" not in shown
        assert "Về thời hạn giải quyết: thông tin còn phải kiểm tra lại" in shown
        assert "dichvucong.gov.vn" in shown
        assert "phường Hòa Bình chưa nhập vào hệ thống" in shown
    assert "Nguồn:" not in part
    assert "Thời hạn" not in buttons(said(answered(finding("ket-hon"))), texts)


def test_a_form_shares_the_doubt_about_the_papers(texts: Texts):
    shown = text(said(answered(finding("tro-cap", "form"))), texts)

    assert "TT-BTP" not in shown
    assert "Về mẫu đơn: thông tin còn phải kiểm tra lại" in shown


def test_a_ward_with_a_hotline_is_named_with_it(texts: Texts):
    shown = text(said(answered(finding("ket-hon", "time")), "phuong-mau"), texts)

    assert "Hỏi trực tiếp: Trực một cửa 0000 000 001 · Công an phường 0000 000 003" in shown


def test_an_empty_part_is_not_guessed(texts: Texts):
    phrased = said(answered(finding("ket-hon", "result")))

    assert "Tài liệu em có chưa nêu kết quả nhận được của việc này" in text(phrased, texts)
    assert buttons(phrased, texts)["Gặp cán bộ"] == "/ask_officer"


def test_a_service_is_told_with_its_steps(texts: Texts):
    assert text(said(answered(finding("nop-truc-tuyen"))), texts) == (
        "Các bước nộp hồ sơ trực tuyến\n"
        "Đăng nhập, điền biểu mẫu rồi nộp.\n"
        "• Kết quả nhận bản điện tử hoặc tại quầy.\n"
        "Các bước:\n1. Đăng nhập bằng VNeID.\n2. Chọn thủ tục và nơi nộp.\n"
        "Trang: https://dichvucong.gov.vn\n"
        "Căn cứ: Nghị định 118/2025/NĐ-CP · Nguồn: Nghị định 118/2025/NĐ-CP · Cập nhật: 20/11/2026"
    )


@pytest.mark.parametrize(
    ("id_", "own", "missing"),
    [
        ("hotline-xa", "• Trực một cửa: 0000 000 001", "phường Hòa Bình chưa nhập số điện thoại của mình"),
        ("gio-lam-viec", "Giờ làm việc của phường Mẫu: Thứ Hai", "phường Hòa Bình chưa nhập giờ làm việc của mình"),
        ("noi-nop", "Số 1, đường Mẫu\nBản đồ: https://example.org", "phường Hòa Bình chưa nhập địa chỉ"),
    ],
)
def test_a_wards_own_value_is_told_or_kindly_said_to_be_missing(id_: str, own: str, missing: str, texts: Texts):
    assert own in text(said(answered(finding(id_)), "phuong-mau"), texts)
    assert missing in text(said(answered(finding(id_)), "hoa-binh"), texts)


def test_the_national_line_is_named_only_when_the_ward_has_none(texts: Texts):
    assert "có thể gọi 1022" in text(said(answered(finding("hotline-xa"))), texts)
    assert "1022" not in text(said(answered(finding("hotline-xa")), "phuong-mau"), texts)


def test_a_faq_is_its_question_and_answer(texts: Texts):
    shown = text(said(answered(finding("faq-mau"))), texts)

    assert shown.startswith("Phường có làm việc trưa không?\nBuổi trưa nghỉ, có người trực tiếp nhận.\nNguồn:")


def test_the_plan_is_told_with_number_date_and_how_to_read_it(texts: Texts):
    assert text(said(answered(finding("plan-hoa-binh"))), texts) == (
        "Kế hoạch tuyên truyền năm 2025 (số 12/KH-UBND, ngày 20/07/2025)\n"
        "Nâng nhận thức của cán bộ và người dân.\n"
        "• Công khai đường dây nóng\n• Niêm yết thủ tục mới\n"
        "Kế hoạch ra sau ngày 01/7/2025.\n"
        "Nguồn: Bản kế hoạch của UBND phường · Cập nhật: 20/11/2026"
    )


def test_a_task_a_figure_and_a_long_table_of_the_plan(texts: Texts):
    task = text(said(answered(finding("plan-hoa-binh-nhiem-vu-4"))), texts)
    figure = text(said(answered(finding("plan-hoa-binh-kpi"))), texts)
    table = text(said(answered(finding("plan-hoa-binh--tasks"))), texts)

    assert "Chủ trì: Phòng Văn hóa - Xã hội\nThời gian: Cả năm 2025\nSản phẩm: Tin, bài" in task
    assert "Tỷ lệ số hóa hồ sơ: 100%" in figure
    assert "Bảng phân công nhiệm vụ:\n• Việc thứ 1: Cả năm 2025\n" in table
    assert "• và 3 mục khác" in table


def test_two_needs_give_two_bubbles_and_one_turn(texts: Texts):
    phrased = said(answered(finding("khai-sinh"), finding("ket-hon")))

    assert [text(bubble, texts).split("\n")[0] for bubble in phrased.bubbles] == [
        "Đăng ký khai sinh (mã thủ tục 1.001193)",
        "Đăng ký kết hôn",
    ]
    assert phrased.effects == (
        {"kind": "turn", "outcome": "answered", "entry_ids": ["khai-sinh", "1.001193", "ket-hon"],
         "sources": ["Cổng Dịch vụ công quốc gia (bản chụp 06–07/2026)"], "part": "summary"},
    )  # fmt: skip


def test_an_old_name_is_corrected_before_the_answer(texts: Texts):
    correction = {"kind": "district_level", "said": "huyện", "now": "UBND phường Hòa Bình"}

    shown = text(said(answered(finding("ket-hon"), corrections=[correction])), texts)

    assert shown.startswith(
        "Dạ, nay không còn cấp huyện nữa: việc trước đây hỏi ở “huyện”, anh/chị hỏi UBND phường Hòa Bình ạ.\nĐăng ký"
    )


def test_asking_back_offers_numbered_options_and_buttons(texts: Texts):
    phrased = said(clarify("ket-hon", "khai-sinh"))

    assert text(phrased, texts) == (
        "Dạ, anh/chị cần việc nào dưới đây ạ?\n1. Đăng ký kết hôn\n2. Đăng ký khai sinh\n"
        "Anh/chị bấm một nút hoặc nhắn số thứ tự ạ."
    )
    assert buttons(phrased, texts)["Đăng ký khai sinh"] == '/choose{"entry":"khai-sinh"}'
    assert [option["id"] for option in phrased.slots["options"]] == ["ket-hon", "khai-sinh"]
    assert phrased.slots["entry"] is None  # what is asked next is about the options


@pytest.mark.parametrize(
    ("difference", "question"),
    [
        ("đăng ký lần đầu hay đăng ký lại", "Dạ, anh/chị cần đăng ký lần đầu hay đăng ký lại ạ?"),
        ("Anh/chị đăng ký lần đầu hay đăng ký lại?", "Anh/chị đăng ký lần đầu hay đăng ký lại?"),
    ],
)
def test_near_twins_are_told_apart_by_their_difference(difference: str, question: str, texts: Texts):
    answer = clarify("khai-sinh", "dang-ky-lai-khai-sinh", difference=difference)

    assert text(said(answer), texts).startswith(question)


def test_a_long_difference_gives_way_to_the_options(texts: Texts):
    answer = clarify("khai-sinh", "ket-hon", difference="làm theo cách này " * 10)

    assert text(said(answer), texts).startswith("Dạ, anh/chị cần việc nào dưới đây ạ?")


def test_a_long_title_is_shortened_on_its_button(texts: Texts):
    answer = clarify("khai-sinh", "ket-hon")
    answer["options"][0]["title"] = "Kinh phí thực hiện kế hoạch – " + "Kế hoạch tuyên truyền cải cách hành chính " * 3

    first = next(iter(buttons(said(answer), texts)))

    assert len(first) <= 81
    assert first.endswith("…")


def test_asking_back_without_options_asks_for_the_name(texts: Texts):
    assert "đang hỏi về thủ tục hay việc nào" in text(said(clarify()), texts)


@pytest.mark.parametrize(
    ("answer", "expected", "button"),
    [
        (refused("no_passage"), "chưa tìm thấy điều này trong tài liệu của phường Hòa Bình", "Gặp cán bộ"),
        (refused("out_of_scope"), "nằm ngoài phần em trả lời được", "Việc nhiều người hỏi"),
        (refused("elsewhere", elsewhere=PASSPORT), "Nơi giải quyết: Phòng Quản lý xuất nhập cảnh, Công an cấp tỉnh.\nAnh/chị nộp", "Gặp cán bộ"),
        (refused("elsewhere", elsewhere=None), "chưa tìm thấy điều này", "Gặp cán bộ"),
        (refused("expired", elsewhere={"title": "Phí 0 đồng"}), "Dạ, thông tin về “Phí 0 đồng” đã hết hạn", "Gặp cán bộ"),
        (refused("expired"), "Dạ, thông tin này đã hết hạn", "Gặp cán bộ"),
    ],
)  # fmt: skip
def test_a_refusal_says_why_and_what_next(answer: dict[str, Any], expected: str, button: str, texts: Texts):
    phrased = said(answer)

    assert expected in text(phrased, texts)
    assert button in buttons(phrased, texts)
    assert phrased.slots == {"entry": None, "part": None}
    assert phrased.effects[-1]["outcome"] == answer["outcome"]
    assert phrased.effects[-1]["entry_ids"] == []


def test_who_asks_for_what_has_ended_hears_that_it_is_being_updated_and_whom_to_call(texts: Texts):
    told = text(said(refused("expired", elsewhere={"title": "Phí 0 đồng"}), "phuong-mau"), texts)

    assert "đã hết hạn và đang được cập nhật" in told
    assert "0000 000 001" in told
