from __future__ import annotations

import sqlalchemy as sa

from bot import inbox
from bot.database import citizen
from bot.database import inbox as table
from bot.messages import InboundMessage

NOW = 1_795_000_000.0


def message(number: int, address: str = "a", ward: str = "hoa-binh") -> InboundMessage:
    return InboundMessage("web", ward, address, f"{address}/{number}", "text", f"câu {number}")


def accept(connection: sa.Connection, one: InboundMessage, executor: str = "bot-1") -> inbox.Accepted:
    return inbox.accept(connection, one, executor=executor, now=NOW)


def test_a_repeated_message_is_stored_once(connection: sa.Connection) -> None:
    first = accept(connection, message(1))

    again = [accept(connection, message(1)) for _ in range(4)]

    assert first.fresh
    assert not any(one.fresh or one.work for one in again)
    assert connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one() == 1


def test_only_the_first_message_of_a_conversation_is_work_to_start(connection: sa.Connection) -> None:
    results = [accept(connection, message(number)) for number in range(3)]

    assert [one.fresh for one in results] == [True, True, True]
    assert [one.work is not None for one in results] == [True, False, False]


def test_conversations_do_not_wait_for_each_other(connection: sa.Connection) -> None:
    assert accept(connection, message(1, "a")).work
    assert accept(connection, message(1, "b")).work


def test_finishing_hands_out_the_next_message_in_the_order_of_arrival(connection: sa.Connection) -> None:
    work = accept(connection, message(1)).work
    for number in (2, 3):
        accept(connection, message(number))

    seen = []
    while work is not None:
        seen.append(inbox.get(connection, work.inbox_id).text)
        work = inbox.finish(connection, work.inbox_id, executor="bot-1", now=NOW)

    assert seen == ["câu 1", "câu 2", "câu 3"]
    assert connection.execute(sa.select(citizen.c.answering_by)).scalar_one() is None
    assert accept(connection, message(4)).work is not None


def test_a_message_that_arrives_on_another_worker_is_left_to_the_one_that_answers(connection: sa.Connection) -> None:
    work = accept(connection, message(1), "bot-1").work
    assert work is not None

    other = accept(connection, message(2), "bot-2")
    following = inbox.finish(connection, work.inbox_id, executor="bot-1", now=NOW)

    assert other.fresh
    assert other.work is None
    assert following is not None
    assert inbox.get(connection, following.inbox_id).text == "câu 2"


def test_what_a_kill_left_over_is_the_oldest_message_of_each_conversation(connection: sa.Connection) -> None:
    for address in ("a", "b"):
        for number in (1, 2):
            accept(connection, message(number, address))
    accept(connection, message(1, "c"), "bot-2")

    left = inbox.left_over(connection, "bot-1")

    assert [inbox.get(connection, one.inbox_id).message_id for one in left] == ["a/1", "b/1"]


def test_a_renamed_worker_takes_over_what_the_old_name_held(connection: sa.Connection) -> None:
    accept(connection, message(1), "old-name")

    inbox.take_over(connection, "bot-1")

    assert len(inbox.left_over(connection, "bot-1")) == 1


def test_a_conversation_that_is_held_for_nothing_is_released(connection: sa.Connection) -> None:
    work = accept(connection, message(1)).work
    assert work is not None
    connection.execute(sa.update(table).values(state="answered"))

    assert inbox.left_over(connection, "bot-1") == []
    assert connection.execute(sa.select(citizen.c.answering_by)).scalar_one() is None


def test_an_address_stays_in_the_ward_of_its_first_message(connection: sa.Connection) -> None:
    accept(connection, message(1, ward="hoa-binh"))
    accept(connection, message(2, ward="long-anh"))

    assert set(connection.execute(sa.select(table.c.ward)).scalars()) == {"hoa-binh"}


def test_the_depth_counts_what_is_not_answered(connection: sa.Connection) -> None:
    work = accept(connection, message(1)).work
    assert work is not None
    accept(connection, message(2))

    assert inbox.depth(connection) == (2, NOW)
    inbox.finish(connection, work.inbox_id, executor="bot-1", now=NOW)
    assert inbox.depth(connection) == (1, NOW)


def test_asked_is_marked_once(connection: sa.Connection) -> None:
    work = accept(connection, message(1)).work
    assert work is not None

    assert inbox.mark_asked(connection, work.inbox_id)
    assert not inbox.mark_asked(connection, work.inbox_id)


def test_a_renewed_message_has_another_work_id(connection: sa.Connection) -> None:
    work = accept(connection, message(1)).work
    assert work is not None

    renewed = inbox.renew(connection, work)

    assert renewed is not None
    assert renewed.inbox_id == work.inbox_id
    assert renewed.work_id != work.work_id
    assert inbox.left_over(connection, "bot-1") == [renewed]
    assert inbox.renew(connection, work) is None


def test_an_answered_message_is_not_renewed(connection: sa.Connection) -> None:
    work = accept(connection, message(1)).work
    assert work is not None
    inbox.finish(connection, work.inbox_id, executor="bot-1", now=NOW)

    assert inbox.renew(connection, work) is None
