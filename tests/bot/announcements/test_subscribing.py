from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from bot import erasing
from bot.announcements import subscriptions, wording
from bot.announcements.subscriptions import ALL, Choice
from bot.announcements.tables import announcement, recipient, subscription
from bot.announcements.topics import TOPICS
from bot.database import citizen, delivery, question
from tests.bot.desk import NOW, Desk

WARD = "phuong-mau"


async def say(desk: Desk, text: str, *, number: int, **more: Any) -> str:
    await desk.conversations.answer(desk.accept(text, number=number, ward=WARD, **more))
    return desk.texts()[-1]


async def tap(desk: Desk, title: str, *, number: int) -> str:
    button = next(one for one in desk.channel.sent[-1].buttons if one.title == title)
    return await say(desk, title, number=number, kind="button", payload=button.payload)


def held(desk: Desk) -> list[Any]:
    return [(one.kind, one.value, one.how) for one in desk.rows(subscription) if one.ended_at is None]


def announce(desk: Desk, *, sent_at: float) -> None:
    """
    Let the desk's citizen have got an announcement.
    """
    with desk.database.engine.begin() as connection:
        who = connection.execute(sa.select(citizen.c.id)).scalar_one()
        row = {"ward": WARD, "state": "finished", "kind": "normal", "title": "Cắt điện", "body": {}, "author_id": 1}
        made = sa.insert(announcement).values(**row, changed_by=1, created_at=NOW, changed_at=NOW)
        id = connection.execute(made.returning(announcement.c.id)).scalar_one()
        one = {"announcement_id": id, "citizen_id": who, "chunk": 0, "channel": "web", "address": "a/u"}
        connection.execute(sa.insert(recipient).values(**one, state="sent", sent_at=sent_at))


async def test_who_subscribes_is_written_down_with_date_and_way_and_told_how_to_stop(desk: Desk) -> None:
    answer = await say(desk, "đăng ký nhận tin khu phố 3", number=1)

    assert answer == "\n".join((wording.SUBSCRIBED.format(ward="phường Mẫu", what="Khu phố 3"), wording.HOW_TO_STOP))
    (row,) = desk.rows(subscription)
    assert (row.kind, row.value, row.how, row.ward, row.ended_at) == ("neighbourhood", "Khu phố 3", "words", WARD, None)
    assert row.consented_at == NOW
    assert desk.rasa.asked == []
    assert desk.rows(question) == []


async def test_subscribing_twice_is_once_and_keeps_the_first_date(desk: Desk) -> None:
    await say(desk, "đăng ký nhận tin khu phố 3", number=1)
    desk.waited = 60.0

    answer = await say(desk, "dk nhan tin kp3", number=2)

    assert answer.startswith(wording.THERE_ALREADY.format(what="Khu phố 3", ward="phường Mẫu"))
    assert [one.consented_at for one in desk.rows(subscription)] == [NOW]


async def test_an_unknown_neighbourhood_offers_the_wards_own_as_buttons(desk: Desk) -> None:
    answer = await say(desk, "đăng ký nhận tin khu phố 9", number=1)

    assert answer == wording.UNKNOWN.format(word="khu phố", ward="phường Mẫu")
    titles = [one.title for one in desk.channel.sent[-1].buttons]
    assert titles == [
        wording.BUTTON_ALL, "Khu phố 1", "Khu phố 2", "Khu phố 3", "Khu phố Chợ Mẫu", wording.BUTTON_TOPICS,
    ]  # fmt: skip
    assert held(desk) == []


async def test_a_ward_without_neighbourhoods_offers_everything_and_topics(desk: Desk) -> None:
    await desk.conversations.answer(desk.accept("đăng ký nhận tin khu phố 9", ward="hoa-binh"))

    assert [one.title for one in desk.channel.sent[-1].buttons] == [wording.BUTTON_ALL, wording.BUTTON_TOPICS]


async def test_everything_can_be_done_with_buttons(desk: Desk) -> None:
    await say(desk, "đăng ký nhận tin", number=1)
    await tap(desk, wording.BUTTON_TOPICS, number=2)
    await tap(desk, TOPICS["y-te"], number=3)
    assert held(desk) == [("topic", "y-te", "button")]

    answer = await say(desk, "tôi đang nhận tin gì", number=4)
    assert "• y tế, tiêm chủng (đồng ý ngày" in answer

    await tap(desk, wording.BUTTON_STOP, number=5)
    assert held(desk) == []


async def test_a_number_typed_back_means_the_button(desk: Desk) -> None:
    desk.channel.numbered = True
    await say(desk, "đăng ký nhận tin", number=1)

    await say(desk, "2", number=2)

    assert held(desk) == [("neighbourhood", "Khu phố 1", "button")]


async def test_stopping_ends_everything_and_keeps_the_row_as_proof(desk: Desk) -> None:
    await say(desk, "đăng ký nhận tin khu phố 3 và y tế", number=1)
    desk.waited = 60.0

    answer = await say(desk, "dừng nhận tin", number=2)

    assert answer == wording.STOPPED.format(ward="phường Mẫu")
    assert {one.ended_at for one in desk.rows(subscription)} == {NOW + 60}
    assert await say(desk, "dừng nhận tin", number=3) == wording.NOT_SUBSCRIBED.format(ward="phường Mẫu")


async def test_what_is_queued_for_who_stops_is_not_sent_any_more(desk: Desk) -> None:
    await say(desk, "đăng ký nhận tin khu phố 3 và y tế", number=1)
    announce(desk, sent_at=NOW)
    with desk.database.engine.begin() as connection:
        connection.execute(sa.update(recipient).values(state="due", sent_at=None))

    await say(desk, "thôi nhận tin y tế", number=2)
    assert [one.state for one in desk.rows(recipient)] == ["due"]
    await say(desk, "dừng nhận tin", number=3)

    assert [(one.state, one.problem) for one in desk.rows(recipient)] == [("cancelled", "citizen.unsubscribed")]


async def test_one_of_two_can_be_stopped(desk: Desk) -> None:
    await say(desk, "đăng ký nhận tin khu phố 3 và y tế", number=1)

    answer = await say(desk, "thôi nhận tin y tế", number=2)

    assert answer == wording.STOPPED_SOME.format(what="y tế, tiêm chủng", rest="Khu phố 3")
    assert held(desk) == [("neighbourhood", "Khu phố 3", "words")]


async def test_who_gets_everything_can_be_spared_one_topic(desk: Desk) -> None:
    await say(desk, "đăng ký nhận tất cả tin", number=1)

    await say(desk, "dừng nhận tin an ninh", number=2)

    assert {value for _, value, _ in held(desk)} == set(TOPICS) - {"an-ninh"}


async def test_who_comes_back_agrees_anew(desk: Desk) -> None:
    await say(desk, "đăng ký nhận tin khu phố 3", number=1)
    await say(desk, "dừng nhận tin", number=2)
    desk.waited = 3600.0

    await say(desk, "đăng ký nhận tin khu phố 3", number=3)

    (row,) = desk.rows(subscription)
    assert (row.consented_at, row.ended_at) == (NOW + 3600, None)


@pytest.mark.parametrize("word", ["DUNG", "dừng", "dung", "stop"])
async def test_the_word_of_the_announcement_stops_them_right_after_it(desk: Desk, word: str) -> None:
    await say(desk, "đăng ký nhận tất cả tin", number=1)
    announce(desk, sent_at=NOW + 10)
    desk.waited = 20.0

    await say(desk, word, number=2)

    assert held(desk) == []


async def test_yes_without_marks_is_no_way_out_when_the_assistant_spoke_last(desk: Desk) -> None:
    await say(desk, "đăng ký nhận tất cả tin", number=1)
    announce(desk, sent_at=NOW + 10)
    desk.waited = 20.0
    await say(desk, "lệ phí khai sinh", number=2)

    answer = await say(desk, "dung", number=3)

    assert answer == "Trả lời: dung"
    assert held(desk) == [("all", "", "words")]


async def test_the_word_as_it_was_told_still_stops_them_days_later(desk: Desk) -> None:
    await say(desk, "đăng ký nhận tất cả tin", number=1)
    announce(desk, sent_at=NOW + 10)
    desk.waited = 5 * 86_400.0
    await say(desk, "lệ phí khai sinh", number=2)

    await say(desk, "DUNG", number=3)

    assert held(desk) == []


async def test_who_never_got_an_announcement_talks_to_the_assistant(desk: Desk) -> None:
    assert await say(desk, "dừng", number=1) == "Trả lời: dừng"


async def test_stopping_works_while_an_officer_talks(desk: Desk) -> None:
    await say(desk, "đăng ký nhận tất cả tin", number=1)
    with desk.database.engine.begin() as connection:
        connection.execute(sa.update(citizen).values(desk_by=1, desk_at=NOW))

    await say(desk, "dừng nhận tin", number=2)

    assert held(desk) == []


async def test_a_platform_that_closes_its_window_is_named(platform_desk: Desk) -> None:
    answer = await say(platform_desk, "đăng ký nhận tin khu phố 3", number=1)

    assert answer.endswith(wording.MAY_FAIL.format(platform="Zalo"))


async def test_erasing_a_citizens_data_erases_the_subscriptions(desk: Desk) -> None:
    await say(desk, "đăng ký nhận tất cả tin", number=1)
    announce(desk, sent_at=NOW)

    who = desk.rows(delivery)[0].citizen_id
    with desk.database.engine.begin() as connection:
        connection.execute(sa.update(recipient).values(state="due", sent_at=None))
        erasing.erase(connection, who)

    assert desk.rows(subscription) == []
    assert [(one.state, one.problem) for one in desk.rows(recipient)] == [("cancelled", "citizen.erased")]


def test_choices_are_counted_by_ward(desk: Desk) -> None:
    desk.accept("chào", ward=WARD)
    with desk.database.engine.begin() as connection:
        who = connection.execute(sa.select(citizen.c.id)).scalar_one()
        subscriptions.subscribe(connection, who, WARD, [ALL, Choice("topic", "y-te")], how="officer", now=NOW)

        assert subscriptions.counted(connection, WARD) == {ALL: 1, Choice("topic", "y-te"): 1}
        assert subscriptions.counted(connection, "hoa-binh") == {}
