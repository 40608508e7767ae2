"""
A citizen asks in the web chat and gets the ward's answer, with its source: real programs, real content.
"""

from __future__ import annotations

import pytest

from tests.journeys.conftest import Meet

pytestmark = [pytest.mark.rasa, pytest.mark.services]


async def test_a_question_about_birth_registration_is_answered_with_papers_legal_basis_source_and_date(meet: Meet):
    async with meet("hoa-binh") as citizen:
        answer = await citizen.ask("làm giấy khai sinh cho con cần gì")

    assert answer.outcome == "answered"
    assert {"khai-sinh", "1.001193"} <= set(answer.entry_ids)
    assert "Tờ khai đăng ký khai sinh" in answer.text
    assert "Căn cứ: Luật Hộ tịch 60/2014/QH13" in answer.text
    assert "Nguồn: Cổng Dịch vụ công quốc gia" in answer.text
    assert "Cập nhật: tháng 07/2026" in answer.text
    assert any("Cổng Dịch vụ công quốc gia" in source for source in answer.turn["sources"])


async def test_the_same_question_without_marks_in_phone_spelling_finds_the_same_entry(meet: Meet):
    async with meet("hoa-binh") as citizen:
        answer = await citizen.ask("lam giay khai sinh cho con can j vay")

    assert "khai-sinh" in answer.entry_ids


async def test_a_part_asked_for_directly_is_answered_with_that_part(meet: Meet):
    async with meet("thinh-liet") as citizen:
        answer = await citizen.ask("đăng ký kết hôn lệ phí bao nhiêu")

    assert "ket-hon" in answer.entry_ids
    assert answer.turn["part"] == "fee"
    assert "Miễn lệ phí" in answer.text
    assert "Tờ khai" not in answer.text


async def test_a_follow_up_is_about_what_was_talked_about(meet: Meet):
    async with meet("hoa-binh") as citizen:
        await citizen.ask("làm giấy khai sinh cho con cần gì")

        fee = await citizen.ask("thế còn lệ phí?")
        late = await citizen.ask("còn nếu quá hạn thì sao?")

    assert "khai-sinh" in fee.entry_ids
    assert fee.turn["part"] == "fee"
    assert "khai-sinh" in late.entry_ids
    assert "60 ngày" in late.text


async def test_a_button_of_the_answer_leads_to_that_part(meet: Meet):
    async with meet("hai-hoa") as citizen:
        papers = await citizen.ask("làm giấy khai sinh cho con cần gì")

        place = await citizen.press("Nơi nộp", papers)

    assert "khai-sinh" in place.entry_ids
    assert place.turn["part"] == "place"
    assert "Trung tâm Phục vụ hành chính công" in place.text


async def test_the_same_question_about_the_plan_is_answered_differently_in_two_wards(meet: Meet):
    question = "đối tượng tuyên truyền của kế hoạch là ai"
    async with meet("hoa-binh") as here, meet("phuong-mau") as there:
        answer, other = await here.ask(question), await there.ask(question)

    assert "plan-hoa-binh" in answer.entry_ids
    assert "plan-phuong-mau" in other.entry_ids
    assert "phường Hòa Bình" in " ".join(answer.turn["sources"])
    assert not set(answer.entry_ids) & set(other.entry_ids)


async def test_the_hotline_is_that_of_the_ward(meet: Meet):
    async with meet("phuong-mau") as citizen:
        answer = await citizen.ask("đường dây nóng của phường số mấy")

    assert "hotline-xa" in answer.entry_ids
    assert "0000 000 001" in answer.text


async def test_a_ward_that_has_entered_no_hotline_says_so_and_invents_none(meet: Meet):
    async with meet("hoa-binh") as citizen:
        answer = await citizen.ask("đường dây nóng của phường số mấy")

    assert "hotline-xa" in answer.entry_ids
    assert "chưa nhập" in answer.text
    assert "0000 000" not in answer.text


async def test_words_that_fit_several_entries_are_asked_back_and_a_number_typed_back_chooses(meet: Meet):
    async with meet("hoa-binh") as citizen:
        question = await citizen.ask("giấy xác nhận")

        chosen = await citizen.ask("2")

    assert question.outcome == "clarify"
    assert 2 <= len(question.buttons) <= 5
    assert chosen.outcome == "answered"
    assert chosen.texts[0].startswith(question.buttons[1]["title"])


async def test_what_is_no_business_of_an_office_is_refused_with_what_the_assistant_can_do(meet: Meet):
    async with meet("hoa-binh") as citizen:
        answer = await citizen.ask("kết quả xổ số hôm nay")

    assert answer.outcome == "unanswerable_out_of_scope"
    assert "thủ tục hành chính" in answer.text
    assert answer.turn["sources"] == []
