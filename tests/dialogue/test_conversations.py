"""
Conversations with the trained Rasa over its REST channel, as the gateway has them.
"""

import pytest

from tests.dialogue.road import Road

pytestmark = pytest.mark.rasa


def test_nothing_is_said_before_the_citizen_speaks(road: Road):
    assert road.conversation().say("/session_start").items == []


def test_a_first_contact_is_greeted_by_the_wards_automatic_assistant(road: Road):
    heard = road.conversation("phuong-mau").say("/greet")

    assert "trợ lý tự động của UBND phường Mẫu" in heard.text
    assert heard.buttons == {"Việc nhiều người hỏi": "/show_menu"}
    assert heard.outcome == "social"


def test_a_first_question_is_answered_without_a_greeting(road: Road):
    heard = road.conversation().say("lam giay khai sinh cho con can gi — Khai Sinh")

    assert heard.text.startswith("Đăng ký khai sinh (mã thủ tục 1.001193)\n")
    assert len([item for item in heard.items if "text" in item]) == 1
    assert heard.outcome == "answered"
    assert heard.effects[-1]["entry_ids"] == ["khai-sinh", "1.001193"]
    assert heard.effects[-1]["sources"] == ["Cổng Dịch vụ công quốc gia (bản chụp 06–07/2026)"]


def test_an_everyday_conversation(road: Road):
    citizen = road.conversation()

    assert "phường Hòa Bình" in citizen.say("chào em").text
    summary = citizen.say("vợ mới sinh, làm khai sinh cho bé cần mang gì")
    assert "Giấy chứng sinh" in summary.text
    assert "Lệ phí: Đúng hạn: miễn lệ phí" in citizen.say("thế còn lệ phí?").text
    assert "Thời hạn: Trong ngày làm việc." in citizen.say("mấy ngày có").text
    assert "Trường hợp: Quá hạn 60 ngày" in citizen.say("còn nếu quá hạn thì sao?").text
    assert "Mẫu đơn, tờ khai:" in citizen.say(summary.buttons["Mẫu đơn"]).text
    assert citizen.say("hay quá").outcome == "social"
    assert "không có gì ạ" in citizen.say("cảm ơn em nhiều nha").text
    assert "em chào anh/chị" in citizen.say("tạm biệt em nhé").text


def test_asking_back_and_choosing_by_number_words_and_button(road: Road):
    citizen = road.conversation()

    asked_back = citizen.say("em muốn làm khai sinh lại")
    assert asked_back.outcome == "clarify"
    assert asked_back.text.startswith("Dạ, anh/chị cần đăng ký lần đầu hay đăng ký lại ạ?\n1. Đăng ký khai sinh")
    assert citizen.say("2").text.startswith("Đăng ký lại khai sinh")
    assert citizen.say("à không, số 1 cơ").text.startswith("Đăng ký khai sinh (mã")
    assert citizen.say("cái đầu tiên").text.startswith("Đăng ký khai sinh (mã")
    assert citizen.say("Đăng ký lại khai sinh").text.startswith("Đăng ký lại khai sinh")
    assert citizen.say(asked_back.buttons["Đăng ký khai sinh"]).text.startswith("Đăng ký khai sinh (mã")
    assert "danh sách chỉ có 2 mục" in citizen.say("số 9").text
    assert "chưa đưa ra danh sách nào" in road.conversation().say("số 9").text


def test_the_menu_by_button_and_by_word(road: Road):
    citizen = road.conversation()

    menu = citizen.say("/show_menu")
    assert 4 <= len(menu.buttons) <= 6
    assert citizen.say("menu").buttons == menu.buttons
    assert citizen.say("số 1").text.startswith("Đăng ký khai sinh")


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("em là ai vậy", "không phải người thật"),
        ("em giúp được những việc gì", "Em trả lời được về"),
        ("giúp tôi với", "anh/chị làm như sau"),
        ("đồ ngu", "em xin lỗi vì đã làm anh/chị không vừa lòng"),
        ("giỏi quá", "em cảm ơn anh/chị"),
        ("em ăn cơm chưa", "em không rành"),
        ("asdfgh", "em chưa hiểu ý"),
        ("vâng", "Dạ vâng"),
        ("không phải", "nói rõ hơn việc cần làm"),
    ],
)
def test_turns_that_ask_for_nothing(said: str, expected: str, road: Road):
    heard = road.conversation().say(said)

    assert expected in heard.text
    assert heard.outcome == "social"


def test_a_question_behind_a_greeting_or_thanks_is_answered(road: Road):
    assert road.conversation().say("chào em, cho hỏi làm khai sinh cần gì").outcome == "answered"
    assert road.conversation().say("cảm ơn em, thế đăng ký kết hôn thì sao").outcome == "answered"


def test_refusals_say_why_and_what_next(road: Road):
    assert "Phòng Quản lý xuất nhập cảnh" in road.conversation().say("làm hộ chiếu ở đâu").text
    assert road.conversation().say("dự báo thời tiết ngày mai").outcome == "unanswerable_out_of_scope"
    unknown = road.conversation().say("xin giấy phép nuôi đà điểu ở đâu")
    assert unknown.outcome == "unanswerable_no_passage"
    assert unknown.buttons["Gặp cán bộ"] == "/ask_officer"


def test_after_a_refusal_a_follow_up_is_not_answered_for_the_old_entry(road: Road):
    citizen = road.conversation()

    citizen.say("làm khai sinh cần gì")
    citizen.say("làm hộ chiếu ở đâu")

    assert citizen.say("lệ phí bao nhiêu").outcome == "unanswerable_no_passage"


def test_a_person_is_wanted_and_the_gateway_is_told(road: Road):
    citizen = road.conversation("phuong-mau")

    by_words = citizen.say("cho tôi gặp cán bộ")
    by_button = citizen.say("/ask_officer")
    wrong = citizen.say("câu trả lời chưa đúng")

    for heard, reason in ((by_words, "ask_officer"), (by_button, "ask_officer"), (wrong, "wrong_answer")):
        assert heard.effects[0]["kind"] == "open_ticket"
        assert heard.effects[0]["reason"] == reason
        assert "0000 000 001" in heard.text


def test_two_wards_have_their_own_answers(road: Road):
    assert "0000 000 001" in road.conversation("phuong-mau").say("số điện thoại của phường").text
    assert "chưa nhập số điện thoại" in road.conversation("hoa-binh").say("số điện thoại của phường").text


def test_the_wards_plan(road: Road):
    citizen = road.conversation()

    assert "số 12/KH-UBND, ngày 20/07/2025" in citizen.say("kế hoạch CCHC năm nay của phường có gì").text
    assert "Chủ trì: Phòng Văn hóa - Xã hội" in citizen.say("ai chủ trì việc tuyên truyền trên zalo").text


def test_two_needs_are_two_bubbles_and_one_button_for_each(road: Road):
    heard = road.conversation().say("làm khai sinh và đăng ký kết hôn cần gì")

    bubbles = [item for item in heard.items if "text" in item]
    assert [item["text"].split("\n")[0] for item in bubbles] == [
        "Đăng ký khai sinh (mã thủ tục 1.001193)",
        "Đăng ký kết hôn",
    ]
    assert "buttons" not in bubbles[0]
    assert [button["title"] for button in bubbles[1]["buttons"]] == ["Đăng ký khai sinh", "Đăng ký kết hôn"]


def test_with_knowledge_down_rasa_answers_nothing_and_recovers(road: Road):
    citizen = road.conversation()
    citizen.say("làm khai sinh cần gì")

    road.knowledge.down = True
    assert citizen.say("thế còn lệ phí?").items == []
    assert citizen.say("chào em").items == []

    road.knowledge.down = False
    assert "Lệ phí: Đúng hạn" in citizen.say("thế còn lệ phí?").text


def test_memory_outlives_a_new_session_and_a_restart_of_rasa(road: Road):
    citizen = road.conversation()
    citizen.say("làm khai sinh cần gì")

    assert citizen.say("/session_start").items == []
    assert "Lệ phí: Đúng hạn" in citizen.say("thế còn lệ phí?").text

    road.rasa.stop()
    road.rasa.start()
    assert "Thời hạn: Trong ngày" in citizen.say("mấy ngày có").text


def test_what_citizens_write_stands_in_no_log(road: Road):
    secret = "tôi tên Xuân Thử Nghiệm hỏi khai sinh"
    citizen = road.conversation()

    citizen.say(secret)
    road.knowledge.down = True
    citizen.say(secret)
    citizen.say("cán bộ Xuân Thử Nghiệm quát tôi")

    for log in (road.rasa.log, road.actions.log):
        assert "Thử Nghiệm" not in log.read_text("utf-8")
        assert "Th\\u1eed Nghi\\u1ec7m" not in log.read_text("utf-8")
    assert '"code": "knowledge.broken"' in road.actions.log.read_text("utf-8")
