"""
The five actions against the fake knowledge on a real socket.
"""

from collections.abc import Mapping
from typing import Any

import pytest

from actions.answer_question import answer_question
from actions.choose import choose
from actions.errors import KnowledgeBroken
from actions.knowledge_api import Knowledge
from actions.open_ticket import open_ticket
from actions.phrasing.bubbles import Phrased
from actions.social import show_menu, social
from actions.turn import Turn
from tests.actions.reading import buttons, text
from tests.fakes.knowledge import FakeKnowledge

Texts = Mapping[str, str]
OPTIONS: tuple[dict[str, Any], ...] = (
    {"id": "khai-sinh", "title": "Đăng ký khai sinh", "part": None},
    {"id": "ket-hon", "title": "Đăng ký kết hôn", "part": "fee"},
)


def turn(said: str, intent: str = "ask", **memory: Any) -> Turn:
    return Turn(ward=memory.pop("ward", "hoa-binh"), text=said, intent=intent, **memory)


def outcome(phrased: Phrased) -> str:
    return str(phrased.effects[-1]["outcome"])


async def test_a_question_is_answered(knowledge: Knowledge, texts: Texts):
    phrased = await answer_question(turn("làm giấy khai sinh cần gì"), knowledge, texts)

    assert outcome(phrased) == "answered"
    assert "Giấy chứng sinh" in text(phrased, texts)


async def test_a_follow_up_uses_what_was_talked_about(knowledge: Knowledge, texts: Texts):
    phrased = await answer_question(turn("thế còn lệ phí?", entry="khai-sinh"), knowledge, texts)

    assert text(phrased, texts).startswith("Đăng ký khai sinh\nLệ phí:")


@pytest.mark.parametrize("intent", ["ask", "choose", "greet", "nonsense"])
async def test_a_number_picks_an_option_whatever_intent_rasa_heard(intent: str, knowledge: Knowledge, texts: Texts):
    action = {"ask": answer_question, "choose": choose}.get(intent, social)

    phrased = await action(turn("số 2 nhé", intent, options=OPTIONS), knowledge, texts)

    assert text(phrased, texts).startswith("Đăng ký kết hôn\nLệ phí: Miễn lệ phí.")
    assert phrased.slots["entry"] == "ket-hon"
    assert phrased.slots["options"] == list(OPTIONS)


async def test_a_number_beyond_the_list_shows_the_list_again(knowledge: Knowledge, texts: Texts):
    phrased = await choose(turn("7", "choose", options=OPTIONS), knowledge, texts)

    assert "danh sách chỉ có 2 mục" in text(phrased, texts)
    assert list(buttons(phrased, texts)) == ["Đăng ký khai sinh", "Đăng ký kết hôn"]


async def test_a_number_without_a_list_may_be_a_hotline(knowledge: Knowledge, texts: Texts):
    hotline = await choose(turn("113", "choose"), knowledge, texts)
    nothing = await choose(turn("2", "choose"), knowledge, texts)

    assert text(hotline, texts).startswith("Công an 113")
    assert "chưa đưa ra danh sách nào" in text(nothing, texts)


async def test_a_button_fetches_its_entry_and_part(knowledge: Knowledge, fake: FakeKnowledge, texts: Texts):
    command = turn(
        '/choose{"entry":"khai-sinh","part":"time"}', "choose", chosen={"entry": "khai-sinh", "part": "time"}
    )

    phrased = await choose(command, knowledge, texts)

    assert "Thời hạn: Trong ngày làm việc." in text(phrased, texts)
    assert fake.asked[0]["choose"] == {"entry": "khai-sinh", "part": "time"}
    assert fake.asked[0]["question"] == ""


async def test_a_button_whose_entry_is_gone_says_so(knowledge: Knowledge, texts: Texts):
    command = turn('/choose{"entry":"da-bo"}', "choose", chosen={"entry": "da-bo", "part": None})

    phrased = await choose(command, knowledge, texts)

    assert "không còn trong tài liệu của phường Hòa Bình" in text(phrased, texts)
    assert outcome(phrased) == "unanswerable_no_passage"


async def test_the_greeting_says_what_it_is_and_whose(knowledge: Knowledge, fake: FakeKnowledge, texts: Texts):
    phrased = await social(turn("xin chào", "greet"), knowledge, texts)

    assert "trợ lý tự động của UBND phường Hòa Bình" in text(phrased, texts)
    assert buttons(phrased, texts) == {"Việc nhiều người hỏi": "/show_menu"}
    assert outcome(phrased) == "social"
    assert fake.asked == []


@pytest.mark.parametrize(
    ("said", "intent", "answer"),
    [
        ("chào em, khai sinh cần gì", "greet", "Đăng ký khai sinh"),
        ("cảm ơn, còn lệ phí thì sao", "thank", "Lệ phí:"),
        ("hộ chiếu", "nonsense", "Phòng Quản lý xuất nhập cảnh"),
        ("trợ cấp", "chitchat", "1. Đăng ký kết hôn"),
    ],
)
async def test_a_question_is_not_lost_to_a_wrong_intent(
    said: str, intent: str, answer: str, knowledge: Knowledge, texts: Texts
):
    phrased = await social(turn(said, intent, entry="khai-sinh"), knowledge, texts)

    assert answer in text(phrased, texts)
    assert outcome(phrased) != "social"


async def test_a_faq_does_not_outweigh_small_talk_that_rasa_is_sure_of(knowledge: Knowledge, texts: Texts):
    sure = await social(turn("ai cho gặp cán bộ vậy", "bot_identity", intent_confidence=0.9), knowledge, texts)
    unsure = await social(turn("ai cho gặp cán bộ vậy", "bot_identity", intent_confidence=0.4), knowledge, texts)

    assert (outcome(sure), outcome(unsure)) == ("social", "answered")
    assert unsure.slots["entry"] is None


async def test_being_asked_back_does_not_outweigh_small_talk_that_rasa_is_sure_of(knowledge: Knowledge, texts: Texts):
    phrased = await social(turn("trợ cấp", "chitchat", intent_confidence=0.9), knowledge, texts)

    assert outcome(phrased) == "social"


@pytest.mark.parametrize(
    ("said", "intent"),
    [("hay quá", "praise"), ("tuyệt vời", "praise"), ("em giỏi ghê", "praise"), ("đồ ngu", "insult")],
)
async def test_praise_after_an_answer_does_not_repeat_it(said: str, intent: str, knowledge: Knowledge, texts: Texts):
    phrased = await social(turn(said, intent, entry="khai-sinh"), knowledge, texts)

    assert outcome(phrased) == "social"


async def test_yes_while_a_choice_is_open_repeats_the_choice(knowledge: Knowledge, texts: Texts):
    phrased = await social(turn("đúng rồi", "affirm", options=OPTIONS), knowledge, texts)

    assert text(phrased, texts).startswith("Dạ, anh/chị chọn giúp em một việc ạ:\n1. Đăng ký khai sinh")


async def test_the_menu_can_be_answered_by_number(knowledge: Knowledge, texts: Texts):
    menu = await show_menu(turn("/show_menu", "show_menu"), knowledge, texts)

    assert 4 <= len(buttons(menu, texts)) <= 6
    chosen = await choose(turn("1", "choose", options=tuple(menu.slots["options"])), knowledge, texts)
    assert "Đăng ký khai sinh" in text(chosen, texts)


@pytest.mark.parametrize(
    ("said", "intent", "reason", "sentence"),
    [
        ("cho tôi gặp cán bộ", "ask_officer", "ask_officer", "chuyển cán bộ phường Hòa Bình"),
        ("/ask_officer", "ask_officer", "ask_officer", "chuyển cán bộ phường Hòa Bình"),
        ("sai rồi", "wrong_answer", "wrong_answer", "em xin lỗi vì câu trả lời chưa đúng"),
    ],
)
async def test_a_ticket_is_asked_of_the_gateway(
    said: str, intent: str, reason: str, sentence: str, knowledge: Knowledge, texts: Texts
):
    phrased = await open_ticket(turn(said, intent, entry="khai-sinh"), knowledge, texts)

    assert phrased.effects[0] == {"kind": "open_ticket", "reason": reason, "entry": "khai-sinh"}
    assert phrased.effects[-1]["kind"] == "turn"
    assert sentence in text(phrased, texts)


async def test_a_correction_that_is_a_question_is_answered_instead(knowledge: Knowledge, texts: Texts):
    phrased = await open_ticket(
        turn("sai rồi, tôi hỏi kết hôn cơ", "wrong_answer", entry="khai-sinh"), knowledge, texts
    )

    assert [effect["kind"] for effect in phrased.effects] == ["turn"]
    assert text(phrased, texts).startswith("Đăng ký kết hôn")
    assert next(iter(buttons(phrased, texts))) == "Gặp cán bộ"


@pytest.mark.parametrize(
    ("action", "said", "intent"),
    [
        (answer_question, "khai sinh", "ask"),
        (social, "xin chào", "greet"),
        (show_menu, "/show_menu", "show_menu"),
        (open_ticket, "gặp cán bộ", "ask_officer"),
        (choose, "1", "choose"),
    ],
)
async def test_with_knowledge_down_the_turn_fails_as_a_whole(
    action: Any, said: str, intent: str, knowledge: Knowledge, fake: FakeKnowledge, texts: Texts
):
    fake.down = True

    with pytest.raises(KnowledgeBroken):
        await action(turn(said, intent), knowledge, texts)
