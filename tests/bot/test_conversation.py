from __future__ import annotations

import pytest

from bot import asking, inbox, wording
from bot.channels.base import SendError
from bot.database import citizen, delivery, question, ticket
from bot.database import inbox as inbox_table
from tests.bot.desk import Desk
from tests.fakes.rasa import turn


async def test_a_message_is_asked_answered_and_recorded(desk: Desk) -> None:
    following = await desk.conversations.answer(desk.accept("lệ phí khai sinh"))

    assert following is None
    assert desk.texts() == ["Trả lời: lệ phí khai sinh"]
    (asked,) = desk.rasa.asked
    assert asked["metadata"] == {"ward": "hoa-binh", "channel": "web", "message_id": "1"}
    (row,) = desk.rows(question)
    assert (row.text, row.outcome, row.entry_ids, row.ward) == (
        "lệ phí khai sinh",
        "answered",
        ["khai-sinh"],
        "hoa-binh",
    )
    assert {one.state for one in desk.rows(delivery)} == {"sent"}
    assert [one.state for one in desk.rows(inbox_table)] == ["answered"]
    assert desk.rows(ticket) == []


async def test_the_last_part_says_how_the_turn_ended(desk: Desk) -> None:
    desk.rasa.answer = lambda *_: turn("Một", "Hai", outcome="clarify", entry_ids=["a", "b"])

    await desk.conversations.answer(desk.accept())

    first, last = desk.channel.sent[-2:]
    assert first.turn is None
    assert last.turn is not None
    assert (last.turn["outcome"], last.turn["entry_ids"]) == ("clarify", ["a", "b"])
    assert {first.to, last.to} == {"a/1"}


async def test_the_notice_comes_once_before_the_first_answer(desk: Desk) -> None:
    await desk.conversations.answer(desk.accept(number=1))
    await desk.conversations.answer(desk.accept(number=2))

    assert [one.kind for one in desk.channel.sent] == ["notice", "reply", "reply"]
    assert desk.channel.sent[0].text == wording.notice("phường Hòa Bình")
    assert desk.rows(citizen)[0].noticed_at is not None


async def test_rasa_knows_the_citizen_by_a_random_name(desk: Desk) -> None:
    await desk.conversations.answer(desk.accept(number=1))
    await desk.conversations.answer(desk.accept(number=2))

    first, second = desk.rasa.asked
    assert first["sender"] == second["sender"]
    assert len(first["sender"]) == 32
    assert first["sender"] not in ("a", "1")


@pytest.mark.parametrize("bad_day", ["empty", "no_turn", "error_outcome", "http_500", "not_json", "hang"])
async def test_a_broken_turn_is_tried_again(desk: Desk, bad_day: str) -> None:
    desk.rasa.bad_days = [bad_day]

    await desk.conversations.answer(desk.accept())

    assert desk.texts() == ["Trả lời: lệ phí"]
    assert desk.rows(ticket) == []


@pytest.mark.parametrize("bad_day", ["empty", "error_outcome", "http_500"])
async def test_after_the_last_try_the_citizen_gets_an_apology_and_an_officer_a_ticket(desk: Desk, bad_day: str) -> None:
    desk.rasa.bad_days = [bad_day] * 20

    await desk.conversations.answer(desk.accept())

    assert desk.texts() == [wording.apology(None)]
    assert wording.NATIONAL_LINE in desk.texts()[0]
    assert desk.channel.sent[-1].kind == "apology"
    (row,) = desk.rows(ticket)
    assert (row.reason, row.state, row.ward) == ("not_answered", "open", "hoa-binh")
    assert [one.outcome for one in desk.rows(question)] == ["error_dialogue_broken"]
    assert [one.state for one in desk.rows(inbox_table)] == ["answered"]


async def test_the_apology_names_the_hotline_of_the_ward(desk: Desk) -> None:
    desk.rasa.bad_days = ["empty"] * 20

    await desk.conversations.answer(desk.accept(ward="phuong-mau"))

    assert "gọi 0000 000 000 trong giờ làm việc" in desk.texts()[0]


async def test_texts_that_never_get_a_closing_item_are_sent_in_the_end(desk: Desk) -> None:
    desk.rasa.bad_days = ["no_turn"] * 20

    await desk.conversations.answer(desk.accept())

    assert desk.texts() == ["nửa câu"]
    assert [one.outcome for one in desk.rows(question)] == ["unknown"]


async def test_failures_during_an_outage_are_not_counted_against_the_message(desk: Desk) -> None:
    desk.rasa.bad_days = ["empty"] * 30
    desk.down = True

    await desk.conversations.answer(desk.accept())

    assert desk.texts() == ["Trả lời: lệ phí"]
    assert [one.failures for one in desk.rows(inbox_table)] == [0]


async def test_an_outage_that_lasts_too_long_ends_in_an_apology(desk: Desk) -> None:
    desk.rasa.bad_days = ["empty"] * 10_000
    desk.down = True

    await desk.conversations.answer(desk.accept())

    assert desk.texts() == [wording.apology(None)]


async def test_an_effect_opens_a_ticket_and_an_unknown_one_is_passed_over(desk: Desk) -> None:
    effects = [{"custom": {"kind": "open_ticket", "reason": "ask_officer"}}, {"custom": {"kind": "dance"}}]
    desk.rasa.answer = lambda *_: [*effects, *turn("Đã chuyển cán bộ.")]

    await desk.conversations.answer(desk.accept())

    assert [one.reason for one in desk.rows(ticket)] == ["ask_officer"]


async def test_a_first_contact_greets_and_is_no_question(desk: Desk) -> None:
    await desk.conversations.answer(desk.accept("", kind="start"))

    assert [one["message"] for one in desk.rasa.asked] == ["/greet"]
    assert desk.rows(question) == []


async def test_a_button_sends_its_command_and_is_recorded_by_its_title(desk: Desk) -> None:
    payload = '/choose{"entry":"khai-sinh","part":"fee"}'

    await desk.conversations.answer(desk.accept("Lệ phí", kind="button", payload=payload))

    assert [one["message"] for one in desk.rasa.asked] == [payload]
    assert [one.text for one in desk.rows(question)] == ["Lệ phí"]


async def test_rasa_starts_a_new_session_after_many_turns(desk: Desk) -> None:
    for number in range(asking.TURNS_PER_SESSION + 2):
        await desk.conversations.answer(desk.accept("x", number=number))

    messages = [one["message"] for one in desk.rasa.asked]
    assert messages.count("/session_start") == 1
    assert messages.index("/session_start") == asking.TURNS_PER_SESSION


async def test_a_turn_that_runs_again_after_it_was_asked_only_sends_what_is_missing(desk: Desk) -> None:
    inbox_id = desk.accept()
    message = await desk.database.read(inbox.get, inbox_id)
    await desk.conversations._ask(message, [])
    claimed = [f"d{row.id}" for row in desk.rows(delivery)]

    await desk.conversations.answer(inbox_id)

    assert len(desk.rasa.asked) == 1
    assert desk.channel.keys == claimed
    assert len(desk.rows(question)) == 1


async def test_a_turn_that_runs_twice_to_the_end_says_nothing_new(desk: Desk) -> None:
    inbox_id = desk.accept()
    await desk.conversations.answer(inbox_id)

    await desk.conversations.answer(inbox_id)

    assert len(desk.rasa.asked) == 1
    assert desk.texts() == ["Trả lời: lệ phí"]


async def test_a_reply_is_sent_again_with_the_same_key(desk: Desk) -> None:
    desk.channel.errors = [SendError("busy"), SendError("busy")]

    await desk.conversations.answer(desk.accept())

    assert [one.state for one in desk.rows(delivery)] == ["sent", "sent"]
    assert desk.channel.keys == ["d1", "d1", "d1", "d2"]


async def test_a_reply_that_cannot_be_sent_is_failed_and_the_conversation_goes_on(desk: Desk) -> None:
    desk.channel.errors = [SendError("blocked by the user", trouble="officer")]
    inbox_id = desk.accept(number=1)
    desk.accept("tiếp", number=2)

    following = await desk.conversations.answer(inbox_id)

    assert [(one.state, one.problem) for one in desk.rows(delivery)] == [("failed", "blocked by the user")] * 2
    assert following is not None
    await desk.conversations.answer(following.inbox_id)
    assert desk.texts() == ["Trả lời: tiếp"]
