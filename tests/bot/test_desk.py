"""
A person answers: the assistant is silent, words go out in order, once, also after a kill.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import aiohttp
import pytest
import sqlalchemy as sa

from bot import citizens, desk, desk_cases, desk_talk, inbox, tickets, wording
from bot.channels.base import SendError
from bot.database import Database, alarm, citizen, delivery, question, ticket
from bot.database import inbox as inbox_table
from bot.delivery import ledger
from bot.inbox import Work
from bot.messages import Reply
from tests.bot.desk import NOW, Desk
from tests.bot.gateway import Citizen, Road
from tests.fakes.rasa import turn

ANNA, BINH = 11, 12  # officers


def write(made: Desk, work: Any, /, *args: Any, **named: Any) -> Any:
    with made.database.engine.begin() as connection:
        return work(connection, *args, now=NOW + made.waited, **named)


def take(made: Desk, officer: int = ANNA, *, instead_of: int | None = None, reply: Reply | None = None) -> str:
    act: str = write(made, desk.take, 1, officer, instead_of=instead_of, reply=reply)[0]
    return act


def say(made: Desk, *texts: str, officer: int = ANNA) -> Work | None:
    """
    Write down what an officer says, and return what must be begun, as the page does.
    """

    def work(connection: sa.Connection, *, now: float) -> Work | None:
        act, held = desk.say(connection, 1, officer, [Reply(one, kind="officer") for one in texts], now=now)
        assert act == "done"
        assert held is not None
        return desk.work(connection, 1, held, executor="bot-1")

    found: Work | None = write(made, work)
    return found


def hand_back(made: Desk, *, finished: bool = True) -> Any:
    reply = [Reply("xong", kind="handed_back")]
    return write(made, desk.hand_back, 1, ANNA, finished=finished, parts=reply, note="")[0]


def spoken(made: Desk) -> list[str]:
    return [one.text for one in made.channel.sent]


def states(made: Desk) -> list[tuple[str, str]]:
    return [(one.body["text"], one.state) for one in made.rows(delivery) if one.inbox_id is None]


# ------------------------------------------------------------------ the assistant is silent


async def test_the_assistant_says_nothing_in_a_conversation_that_is_taken(desk: Desk) -> None:
    await desk.conversations.answer(desk.accept("một", number=1))
    asked = len(desk.rasa.asked)
    take(desk)

    following = await desk.conversations.answer(desk.accept("hai", number=2))

    assert following is None
    assert len(desk.rasa.asked) == asked
    assert desk.texts() == ["Trả lời: một"]
    assert [one.text for one in desk.rows(question)] == ["một"]


async def test_what_the_assistant_was_about_to_say_is_dropped_when_an_officer_takes_over(desk: Desk) -> None:
    first = desk.accept("lệ phí")

    def take_meanwhile(*_asked: Any) -> list[dict[str, Any]]:
        take(desk)
        return turn("Trả lời muộn")

    desk.rasa.answer = take_meanwhile

    await desk.conversations.answer(first)

    assert spoken(desk) == []
    assert [one.state for one in desk.rows(inbox_table)] == ["answered"]


async def test_a_message_that_waits_for_rasa_waits_no_more_when_an_officer_takes_over(desk: Desk) -> None:
    first = desk.accept("lệ phí")
    desk.down = True
    desk.rasa.bad_days = ["http_500"] * 50
    pause = desk.pause

    async def take_while_waiting(seconds: float) -> None:
        await pause(seconds)
        if desk.waited > 5:
            take(desk)

    desk.conversations._asking._pause = take_while_waiting

    await desk.conversations.answer(first)

    assert desk.waited < 20
    assert spoken(desk) == []
    assert desk.rows(ticket)[0].reason == "taken_over"


async def test_a_conversation_that_its_officer_has_forgotten_is_answered_again(desk: Desk) -> None:
    await desk.conversations.answer(desk.accept("một", number=1))
    take(desk)
    desk.waited = 4 * 3600 + 1

    await desk.conversations.answer(desk.accept("hai", number=2))

    assert desk.texts() == ["Trả lời: một", "Trả lời: hai"]
    assert desk.rows(citizen)[0].desk_by is None
    assert [one.state for one in desk.rows(ticket)] == ["open"]


async def test_every_word_of_the_officer_keeps_the_conversation_taken(desk: Desk) -> None:
    await desk.conversations.answer(desk.accept("một", number=1))
    take(desk)
    desk.waited = 4 * 3600 - 10
    say(desk, "Chờ tôi chút")
    desk.waited += 3600

    await desk.conversations.answer(desk.accept("hai", number=2))

    assert desk.texts() == ["Trả lời: một"]


async def test_data_can_be_erased_while_an_officer_talks(desk: Desk) -> None:
    await desk.conversations.answer(desk.accept("chuyện riêng", number=1))
    take(desk)

    await desk.conversations.answer(desk.accept("xóa dữ liệu của tôi", number=2))
    await desk.conversations.answer(desk.accept("đồng ý xóa", number=3))

    assert desk.texts()[-2:] == [wording.ERASE_SURE, wording.DATA_ERASED]
    assert {one.text for one in desk.rows(inbox_table)} == {""}


async def test_a_contact_that_is_handed_over_while_an_officer_talks_is_kept(platform_desk: Desk) -> None:
    await platform_desk.conversations.answer(platform_desk.accept("một", number=1))
    take(platform_desk)

    await platform_desk.conversations.answer(
        platform_desk.accept("", kind="contact", number=2, contact="Chị A, 0900000000")
    )

    assert [one.contact for one in platform_desk.rows(ticket) if one.reason == "contact"] == ["Chị A, 0900000000"]
    assert platform_desk.texts() == ["Trả lời: một"]


async def test_after_handing_back_the_assistant_answers_again(desk: Desk) -> None:
    await desk.conversations.answer(desk.accept("một", number=1))
    take(desk)
    say(desk, "Chào anh/chị")
    await desk.speaking.speak(1)

    assert hand_back(desk) == "done"
    await desk.speaking.speak(1)
    await desk.conversations.answer(desk.accept("hai", number=2))

    assert desk.texts() == ["Trả lời: một", "Chào anh/chị", "xong", "Trả lời: hai"]
    assert {one.state for one in desk.rows(ticket)} == {"closed"}


async def test_handing_back_ends_the_silence_after_words_on_the_platform_itself(platform_desk: Desk) -> None:
    await platform_desk.conversations.answer(platform_desk.accept("một", number=1))
    with platform_desk.database.engine.begin() as connection:
        citizens.silence(connection, 1, until=NOW + 9999)
    take(platform_desk)

    hand_back(platform_desk, finished=False)
    await platform_desk.conversations.answer(platform_desk.accept("hai", number=2))

    assert platform_desk.texts()[-1] == "Trả lời: hai"
    assert [one.state for one in platform_desk.rows(ticket)] == ["open"]


# ------------------------------------------------------------------ who holds it


async def test_only_one_of_two_officers_gets_a_conversation(desk: Desk) -> None:
    await desk.conversations.answer(desk.accept())

    assert take(desk, ANNA) == "done"
    assert take(desk, ANNA) == "repeated"
    assert take(desk, BINH) == "elsewhere"
    assert take(desk, BINH, instead_of=ANNA) == "done"
    assert take(desk, ANNA, instead_of=None) == "elsewhere"
    assert desk.rows(citizen)[0].desk_by == BINH


async def test_nobody_speaks_where_somebody_else_has_taken_over(desk: Desk) -> None:
    await desk.conversations.answer(desk.accept())

    assert write(desk, desk_say, "ai đó")[0] == "not_taken"
    take(desk, BINH)
    assert write(desk, desk_say, "ai đó")[0] == "elsewhere"
    assert states(desk) == []


def desk_say(connection: sa.Connection, text: str, *, now: float) -> Any:
    return desk.say(connection, 1, ANNA, [Reply(text, kind="officer")], now=now)


async def test_a_form_that_is_sent_twice_says_it_once(desk: Desk) -> None:
    await desk.conversations.answer(desk.accept())
    take(desk)

    assert write(desk, desk_say, "Chào")[0] == "done"
    assert write(desk, desk_say, "Chào")[0] == "repeated"
    desk.waited += 61
    assert write(desk, desk_say, "Chào")[0] == "done"


async def test_taking_marks_the_tickets_and_opens_one_where_there_is_none(desk: Desk) -> None:
    await desk.conversations.answer(desk.accept())
    take(desk)

    [opened] = desk.rows(ticket)
    assert (opened.reason, opened.state, opened.taken_by, opened.taken_at) == ("taken_over", "open", ANNA, NOW)
    hand_back(desk)
    assert desk.rows(ticket)[0].closed_by == ANNA
    take(desk, BINH)
    assert [(one.state, one.taken_by) for one in desk.rows(ticket)] == [("open", BINH)]


# ------------------------------------------------------------------ order


async def test_words_wait_for_the_turn_in_work_and_the_next_message_waits_for_them(desk: Desk) -> None:
    first = desk.accept("một", number=1)
    order: list[Work | None] = []

    def write_meanwhile(*_asked: Any) -> list[dict[str, Any]]:
        # The page comes while Rasa thinks: the turn holds the conversation, so nothing is begun.
        if not order:
            desk.accept("hai", number=2)
            take(desk)
            order.append(say(desk, "lời cán bộ"))
        return turn("không nói nữa")

    desk.rasa.answer = write_meanwhile

    following = await desk.conversations.answer(first)
    assert order == [None]
    assert following == Work(0, "", 1)
    following = await desk.speaking.speak(1)
    assert following is not None
    assert following.inbox_id == 2
    assert await desk.conversations.answer(2) is None

    assert desk.texts() == ["lời cán bộ"]
    assert desk.rows(citizen)[0].answering_by is None


async def test_words_in_a_conversation_at_rest_are_begun_at_once(desk: Desk) -> None:
    await desk.conversations.answer(desk.accept())
    take(desk)

    assert say(desk, "một") == Work(0, "", 1)
    assert say(desk, "hai") is None  # whoever sends the first finds the second
    assert await desk.speaking.speak(1) == Work(0, "", 1)
    assert await desk.speaking.speak(1) is None

    assert desk.texts()[-2:] == ["một", "hai"]


async def test_a_message_that_comes_while_words_are_sent_is_found_by_who_sends_them(desk: Desk) -> None:
    await desk.conversations.answer(desk.accept(number=1))
    take(desk)
    say(desk, "một")
    second = desk.accept("hai", number=2)

    following = await desk.speaking.speak(1)

    assert following is not None
    assert following.inbox_id == second


async def test_the_parts_of_one_text_are_sent_before_the_next_text(platform_desk: Desk) -> None:
    await platform_desk.conversations.answer(platform_desk.accept())
    take(platform_desk)
    say(platform_desk, "a1", "a2", "a3")
    say(platform_desk, "b1")

    await platform_desk.speaking.speak(1)
    assert platform_desk.texts()[-3:] == ["a1", "a2", "a3"]
    await platform_desk.speaking.speak(1)
    assert platform_desk.texts()[-1] == "b1"


# ------------------------------------------------------------------ sends that go wrong


async def test_words_are_sent_again_while_the_platform_is_down(platform_desk: Desk) -> None:
    await platform_desk.conversations.answer(platform_desk.accept())
    take(platform_desk)
    say(platform_desk, "kiên trì")
    platform_desk.channel.errors = [SendError("down")] * 3

    await platform_desk.speaking.speak(1)

    assert states(platform_desk) == [("kiên trì", "sent")]
    assert platform_desk.waited > 5


async def test_words_whose_answer_got_lost_are_sent_again_and_marked(platform_desk: Desk) -> None:
    await platform_desk.conversations.answer(platform_desk.accept())
    take(platform_desk)
    say(platform_desk, "có nhận được không")
    platform_desk.channel.errors = [SendError("timeout", uncertain=True)]

    await platform_desk.speaking.speak(1)

    row = platform_desk.rows(delivery)[-1]
    assert (row.state, row.uncertain) == ("sent", 1)


@pytest.mark.parametrize("platform_desk", ["hold"], indirect=True)
async def test_words_in_doubt_are_held_where_the_setting_says_so(platform_desk: Desk) -> None:
    await platform_desk.conversations.answer(platform_desk.accept())
    take(platform_desk)
    say(platform_desk, "có nhận được không")
    platform_desk.channel.errors = [SendError("timeout", uncertain=True)]

    await platform_desk.speaking.speak(1)

    assert states(platform_desk) == [("có nhận được không", "uncertain")]


async def test_words_into_a_closed_window_fail_and_say_why_and_the_next_ones_still_go(platform_desk: Desk) -> None:
    await platform_desk.conversations.answer(platform_desk.accept())
    take(platform_desk)
    say(platform_desk, "quá muộn")
    platform_desk.channel.closed_because = "window.closed"
    await platform_desk.speaking.speak(1)
    platform_desk.channel.closed_because = None
    say(platform_desk, "kịp")

    await platform_desk.speaking.speak(1)

    assert states(platform_desk) == [("quá muộn", "failed"), ("kịp", "sent")]
    assert platform_desk.rows(delivery)[-2].problem == "window.closed"


async def test_words_that_fail_after_the_officer_has_gone_on_list_the_conversation_again(platform_desk: Desk) -> None:
    await platform_desk.conversations.answer(platform_desk.accept())
    take(platform_desk)
    say(platform_desk, "lời cuối")
    hand_back(platform_desk)
    platform_desk.channel.errors = [SendError("zalo -248", trouble="officer")]

    await platform_desk.speaking.speak(1)
    await platform_desk.speaking.speak(1)

    assert [(one.reason, one.state) for one in platform_desk.rows(ticket)] == [
        ("taken_over", "closed"),
        ("not_delivered", "open"),
    ]
    assert [one.code for one in platform_desk.rows(alarm)] == ["send.refused"]


async def test_a_citizen_who_has_left_gets_no_words(platform_desk: Desk) -> None:
    await platform_desk.conversations.answer(platform_desk.accept())
    take(platform_desk)
    say(platform_desk, "còn đó không")
    platform_desk.channel.errors = [SendError("blocked", trouble="recipient")]
    await platform_desk.speaking.speak(1)
    say(platform_desk, "một lần nữa")

    await platform_desk.speaking.speak(1)

    assert [one.problem for one in platform_desk.rows(delivery)[-2:]] == ["blocked", "citizen.left"]
    assert platform_desk.rows(citizen)[0].left_at is not None


# ------------------------------------------------------------------ kills


async def test_words_that_a_kill_left_under_way_are_sent_again_and_marked(platform_desk: Desk) -> None:
    await platform_desk.conversations.answer(platform_desk.accept())
    take(platform_desk)
    say(platform_desk, "giữa chừng")
    await platform_desk.database.write(ledger.take, platform_desk.rows(delivery)[-1].id, now=NOW)

    left_over = await platform_desk.database.write(inbox.left_over, "bot-1")
    assert left_over == [Work(0, "", 1)]
    await platform_desk.speaking.speak(1)

    row = platform_desk.rows(delivery)[-1]
    assert (row.state, row.uncertain) == ("sent", 1)
    assert platform_desk.texts()[-1] == "giữa chừng"


async def test_after_a_kill_the_assistants_unsent_answer_comes_before_the_officers_words(platform_desk: Desk) -> None:
    first = platform_desk.accept("một")
    message = await platform_desk.database.read(inbox.get, first)
    await platform_desk.conversations._ask(message, [])
    take(platform_desk)
    say(platform_desk, "cán bộ")

    [work] = await platform_desk.database.write(inbox.left_over, "bot-1")
    assert work.inbox_id == first
    assert await platform_desk.conversations.answer(first) == Work(0, "", 1)
    await platform_desk.speaking.speak(1)

    assert platform_desk.texts() == ["Trả lời: một", "cán bộ"]


@pytest.mark.services
async def test_a_reply_that_was_queued_when_the_program_was_killed_is_sent_after_the_restart(
    tmp_path: Path, session: aiohttp.ClientSession
) -> None:
    with Road(tmp_path) as road:
        citizen_there = Citizen(session, road.gateway.url)
        await citizen_there.ask("gặp cán bộ")
        road.gateway.kill()
        database = Database(road.gateway.environment["BOT_DATABASE"])

        def write_as_the_page_does(connection: sa.Connection) -> None:
            desk.take(connection, 1, ANNA, instead_of=None, reply=Reply("đã nhận", kind="taken"), now=NOW)
            _, held = desk.say(connection, 1, ANNA, [Reply("Chào anh/chị", kind="officer")], now=NOW)
            assert held is not None
            desk.work(connection, 1, held, executor="bot-1")  # None if the kill came before the turn had quite ended

        await database.keep(write_as_the_page_does)
        database.close()
        road.gateway.start()

        async for message in citizen_there.events():
            if message["side"] == "officer":
                break
        kinds = [one["kind"] for one in await citizen_there.history() if one["side"] != "citizen"]

    assert message["text"] == "Chào anh/chị"
    assert kinds == ["notice", "reply", "taken", "officer"]


# ------------------------------------------------------------------ what officers see


async def test_the_list_has_one_line_per_citizen_with_every_reason_and_the_longest_wait_first(desk: Desk) -> None:
    for number, (address, reason) in enumerate([("u1", "ask_officer"), ("u2", "not_answered"), ("u1", "attachment")]):
        with desk.database.engine.begin() as connection:
            seen = citizens.see(connection, ward="hoa-binh", channel="web", address=address, now=NOW)
            row = {"citizen_id": seen.id, "channel": "web", "message_id": f"{number}", "ward": "hoa-binh", "kind": "text",
                   "text": f"câu {number}", "state": "answered", "work_id": str(number), "received_at": NOW + number}  # fmt: skip
            inbox_id = connection.execute(sa.insert(inbox_table).values(row).returning(inbox_table.c.id)).scalar_one()
            tickets.open_ticket(connection, ward="hoa-binh", channel="web", citizen_id=seen.id, inbox_id=inbox_id,
                                reason=reason, now=NOW + number)  # fmt: skip

    cases, total = write(desk, desk_cases.cases, ["hoa-binh"], view="open", officer_id=ANNA)

    assert total == 2
    assert [(one.citizen_id, one.reasons, one.waiting_since) for one in cases] == [
        (1, ("ask_officer", "attachment"), NOW),
        (2, ("not_answered",), NOW + 1),
    ]
    assert cases[0].last_words == "câu 2"
    assert write(desk, desk_cases.cases, ["phuong-mau"], view="open", officer_id=ANNA) == ([], 0)


async def test_a_taken_conversation_waits_from_the_first_words_that_nobody_has_answered(desk: Desk) -> None:
    await desk.conversations.answer(desk.accept("một", number=1))
    take(desk)
    desk.waited = 100
    say(desk, "Chào anh/chị")
    await desk.speaking.speak(1)
    [answered], _ = write(desk, desk_cases.cases, ["hoa-binh"], view="mine", officer_id=ANNA)
    desk.waited = 200
    await desk.conversations.answer(desk.accept("hai", number=2))
    desk.waited = 300
    await desk.conversations.answer(desk.accept("ba", number=3))

    [waiting], _ = write(desk, desk_cases.cases, ["hoa-binh"], view="mine", officer_id=ANNA)

    assert answered.waiting_since is None
    assert (waiting.waiting_since, waiting.unread, waiting.last_words) == (NOW + 200, 2, "ba")
    with desk.database.engine.connect() as connection:
        assert desk_cases.case(connection, 1) == waiting
        assert desk_cases.counts(connection, ["hoa-binh"], officer_id=ANNA) == {"untaken": 0, "mine": 1}


async def test_both_sides_stand_in_the_order_in_which_they_were_said(desk: Desk) -> None:
    await desk.conversations.answer(desk.accept("một", number=1))
    desk.waited = 10
    take(desk, reply=Reply("đã nhận", kind="taken"))
    desk.waited = 20
    say(desk, "Chào")
    with desk.database.engine.connect() as connection:
        lines = desk_talk.read(connection, 1).lines

    assert [(one.side, one.text) for one in lines if one.kind != "notice"] == [
        ("citizen", "một"),
        ("bot", "Trả lời: một"),
        ("event", "đã nhận"),
        ("officer", "Chào"),
    ]
    assert lines[-1].state == "due"
    assert lines[-1].officer_id == ANNA


async def test_a_long_conversation_is_read_page_by_page(desk: Desk) -> None:
    for number in range(80):
        desk.waited = number
        await desk.conversations.answer(desk.accept(f"câu {number}", number=number))

    with desk.database.engine.connect() as connection:
        newest = desk_talk.read(connection, 1)
        earlier = desk_talk.read(connection, 1, before=newest.earlier)

    assert len(newest.lines) == desk_talk.PER_PAGE
    assert newest.lines[-1].text == "Trả lời: câu 79"
    assert earlier.lines[-1].at < newest.lines[0].at
    assert {one.key for one in earlier.lines}.isdisjoint(one.key for one in newest.lines)
