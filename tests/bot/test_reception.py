"""
What a citizen who asks for a person is told, and the phone number that is left out of hours.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa

from bot import citizens, reception, tickets, wording
from bot.contacts import contact_in
from bot.database import delivery, question, ticket
from bot.database import inbox as inbox_table
from bot.desk_hours import TIMEZONE, DeskHours
from bot.messages import InboundMessage
from bot.wards import Ward
from bot.webhook import Webhook
from tests.bot.desk import NOW, Desk
from tests.fakes.rasa import turn

DAYS = ("thứ hai", "thứ ba", "thứ tư", "thứ năm", "thứ sáu", "thứ bảy", "chủ nhật")
ALWAYS = DeskHours.read([{"day": day, "opens": "00:00", "closes": "23:59"} for day in DAYS], None)
OPEN = Ward("hoa-binh", "phường Hòa Bình", "", None, desk_hours=ALWAYS)
# NOW is the evening of 18 November 2026, a Wednesday.
MORNINGS = DeskHours.read([{"day": "thứ năm", "opens": "07:30", "closes": "11:30"}], None)
CLOSED = Ward("hoa-binh", "phường Hòa Bình", "", None, desk_hours=MORNINGS)
NO_HOURS = Ward("hoa-binh", "phường Hòa Bình", "", None)


class OneWard:
    def __init__(self, ward: Ward):
        self.ward = ward

    def get(self, slug: str) -> Ward | None:
        return self.ward if slug == self.ward.slug else None


def asks_for_a_person(desk: Desk, ward: Ward) -> None:
    desk.rasa.answer = lambda *_: [
        {"recipient_id": "x", "text": "Dạ, em đã chuyển cán bộ."},
        {"recipient_id": "x", "custom": {"kind": "open_ticket", "reason": "ask_officer"}},
        *turn(outcome="social")[-1:],
    ]
    desk.conversations._reception = reception.Reception(desk.database, OneWard(ward), clock=desk.clock)


def answered_before(desk: Desk, *minutes: float) -> None:
    """
    Let earlier citizens have waited so long each for an officer's first words.
    """
    with desk.database.engine.begin() as connection:
        for number, one in enumerate(minutes):
            citizen_id = waits(connection, f"old{number}", since=NOW - 7200, state="closed", taken_at=NOW - 7000)
            row = {"inbox_id": None, "part": 0, "citizen_id": citizen_id, "ward": "hoa-binh", "channel": "web",
                   "address": f"old{number}", "kind": "officer", "body": {"text": "x"}, "state": "sent",
                   "created_at": NOW - 7200 + 60 * one}  # fmt: skip
            connection.execute(sa.insert(delivery).values(row))


def waits(connection: sa.Connection, address: str, *, since: float, **values: Any) -> int:
    person = citizens.see(connection, ward="hoa-binh", channel="web", address=address, now=since)
    row = {"citizen_id": person.id, "channel": "web", "message_id": address, "ward": "hoa-binh", "kind": "text",
           "text": "x", "state": "answered", "work_id": address, "received_at": since}  # fmt: skip
    inbox_id = connection.execute(sa.insert(inbox_table).values(row).returning(inbox_table.c.id)).scalar_one()
    tickets.open_ticket(connection, ward="hoa-binh", channel="web", citizen_id=person.id, inbox_id=inbox_id,
                        reason="ask_officer", now=since)  # fmt: skip
    if values:
        connection.execute(sa.update(ticket).where(ticket.c.inbox_id == inbox_id).values(**values))
    return person.id


async def told(desk: Desk, number: int = 90) -> str:
    await desk.conversations.answer(desk.accept("gặp cán bộ", number=number))
    return desk.texts()[-1]


# ------------------------------------------------------------------ the queue


async def test_who_asks_for_a_person_hears_how_many_wait_and_for_how_long(desk: Desk) -> None:
    asks_for_a_person(desk, OPEN)
    answered_before(desk, 2, 8, 9, 30, 120)
    with desk.database.engine.begin() as connection:
        for number in range(2):
            waits(connection, f"new{number}", since=NOW - 60)

    assert await told(desk) == (
        "Dạ, em đã chuyển cán bộ.\nĐang có 2 người chờ trước anh/chị; khoảng 10 phút nữa cán bộ sẽ trả lời tại đây ạ."
    )


async def test_without_enough_answered_before_no_figure_is_told(desk: Desk) -> None:
    asks_for_a_person(desk, OPEN)
    answered_before(desk, 2, 8, 9, 30)

    assert await told(desk) == "Dạ, em đã chuyển cán bộ."


async def test_the_next_in_line_is_told_so(desk: Desk) -> None:
    asks_for_a_person(desk, NO_HOURS)
    answered_before(desk, 3, 3, 3, 3, 3)

    assert "Anh/chị là người tiếp theo; khoảng 5 phút nữa" in await told(desk)


async def test_conversations_that_are_taken_or_old_do_not_stand_in_line(desk: Desk) -> None:
    asks_for_a_person(desk, NO_HOURS)
    answered_before(desk, 3, 3, 3, 3, 3)
    with desk.database.engine.begin() as connection:
        citizens.give_to_desk(connection, waits(connection, "taken", since=NOW - 60), 11, now=NOW)
        waits(connection, "backlog", since=NOW - 3 * 86_400)

    assert "người tiếp theo" in await told(desk)


@pytest.mark.parametrize(("seconds", "said"), [(10, "5 phút"), (301, "10 phút"), (3600, "60 phút"), (3700, "2 giờ")])
def test_waits_are_rounded_up(seconds: float, said: str) -> None:
    assert wording.span(seconds) == said


async def test_other_answers_are_left_as_they_are(desk: Desk) -> None:
    asks_for_a_person(desk, CLOSED)
    desk.rasa.answer = lambda *_: turn("Lệ phí: không")

    assert await told(desk) == "Lệ phí: không"


# ------------------------------------------------------------------ out of hours, and the contact


async def test_out_of_hours_the_opening_is_told_and_a_phone_number_may_be_left(desk: Desk) -> None:
    asks_for_a_person(desk, CLOSED)

    said = await told(desk)

    assert "bàn trực mở lại lúc 7 giờ 30 ngày mai, thứ Năm 19/11" in said
    assert wording.LEAVE_CONTACT.format(ward="phường Hòa Bình") in said
    assert datetime.fromtimestamp(NOW, TIMEZONE).weekday() == 2


def webhook(desk: Desk) -> Webhook:
    return Webhook(desk.database, {}, begin=lambda _work: None, on_accept={}, executor="bot-1", clock=desk.clock)


async def write_back(desk: Desk, text: str, number: int = 91) -> int:
    message = InboundMessage(desk.channel.kind, "hoa-binh", "a/u", f"a/{number}", "text", text)
    await webhook(desk).accept([message])
    return int(desk.rows(inbox_table)[-1].id)


async def test_the_number_that_was_asked_for_is_kept_with_the_ticket_and_nowhere_else(desk: Desk) -> None:
    asks_for_a_person(desk, CLOSED)
    await told(desk)
    asked = len(desk.rasa.asked)

    inbox_id = await write_back(desk, "chị Mẫu, 0912 345 678 nhé, cccd 001099012345")
    await desk.conversations.answer(inbox_id)

    assert desk.rows(ticket)[-1].contact == "chị Mẫu, 0912 345 678 nhé, cccd •••"
    assert desk.rows(inbox_table)[-1].text == "chị Mẫu, ••• nhé, cccd •••"
    assert desk.texts()[-1] == wording.RECEIVED_CONTACT
    assert len(desk.rasa.asked) == asked
    assert "345" not in str([tuple(one) for table in (inbox_table, delivery, question) for one in desk.rows(table)])
    assert len(desk.rows(ticket)) == 1


async def test_only_the_next_number_is_kept(desk: Desk) -> None:
    asks_for_a_person(desk, CLOSED)
    await told(desk)
    desk.rasa.answer = lambda *_: turn("Vâng ạ.")
    await desk.conversations.answer(await write_back(desk, "chờ em tìm số", number=91))
    await desk.conversations.answer(await write_back(desk, "0912345678", number=92))

    await desk.conversations.answer(await write_back(desk, "à 0987654321", number=93))

    assert desk.rows(ticket)[0].contact == "0912345678"
    assert desk.rows(inbox_table)[-1].text == "à •••"


async def test_who_was_not_asked_has_every_number_masked(desk: Desk) -> None:
    await desk.conversations.answer(desk.accept("lệ phí"))

    await desk.conversations.answer(await write_back(desk, "gọi em 0912345678"))

    assert desk.rows(inbox_table)[-1].text == "gọi em •••"
    assert desk.rows(inbox_table)[-1].kind == "text"
    assert desk.rows(ticket) == []


async def test_a_question_that_was_asked_long_ago_counts_no_more(desk: Desk) -> None:
    asks_for_a_person(desk, CLOSED)
    await told(desk)
    desk.waited += 3601

    await write_back(desk, "0912345678")

    assert desk.rows(ticket)[0].contact is None


async def test_a_message_that_the_platform_repeats_is_kept_once(desk: Desk) -> None:
    asks_for_a_person(desk, CLOSED)
    await told(desk)

    await write_back(desk, "0912345678")
    await write_back(desk, "0912345678")

    assert [one.kind for one in desk.rows(inbox_table)] == ["text", "contact"]
    assert desk.rows(ticket)[0].contact == "0912345678"


async def test_who_has_left_a_number_is_not_asked_again(desk: Desk) -> None:
    asks_for_a_person(desk, CLOSED)
    await told(desk)
    await desk.conversations.answer(await write_back(desk, "0912345678"))

    assert "số điện thoại" not in await told(desk, number=95)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("0912345678", "0912345678"),
        ("+84 912.345.678", "+84 912.345.678"),
        ("máy bàn (024) 38251234", "máy bàn (024) 38251234"),
        ("001099012345", None),  # identity cards
        ("031 234 567 890", None),
        ("1.001193", None),
        ("18001096", None),
        ("mã hồ sơ H24.15-240101-0001", None),
    ],
)
def test_a_phone_number_is_told_from_other_numbers(text: str, kept: str | None) -> None:
    assert contact_in(text) == kept


def test_a_contact_never_outgrows_its_column() -> None:
    found = contact_in("x" * 7000 + " 0912345678 " + "y" * 900)

    assert found is not None
    assert "0912345678" in found
    assert len(found) <= 200
