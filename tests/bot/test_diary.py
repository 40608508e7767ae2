from __future__ import annotations

import sqlalchemy as sa

from bot import diary
from bot.database import Database, question, wrong_answer
from tests.bot.admin.building import NOW
from tests.bot.admin.diary import DAY, ask
from tests.bot.desk import Desk
from tests.fakes.rasa import turn

ENDED = [{"custom": {"kind": "open_ticket", "reason": "wrong_answer", "entry": "khai-sinh"}}]


def groups(database: Database, **asked: object) -> list[diary.Group]:
    with database.engine.begin() as connection:
        return diary.groups(
            connection,
            "hoa-binh",
            **{"state": "open", "since": NOW - 30 * DAY, "now": NOW, **asked},  # type: ignore[arg-type]
        )


def test_a_group_says_how_often_where_and_when_it_was_asked(database: Database) -> None:
    ask(database, ["nuôi chó có phải đăng ký không", "đăng ký nuôi chó ở đâu"], channel="zalo")
    ask(database, ["nuôi chó có phải đăng ký không"], at=NOW - 9 * DAY, who="v")
    ask(database, ["giờ mở cửa thư viện"], ward="phuong-mau", who="w")
    ask(database, ["lệ phí khai sinh"], outcome="answered", who="x")
    ask(database, ["chào em"], outcome="social", who="x")

    (one,) = groups(database)

    assert one.text == "nuôi chó có phải đăng ký không"
    assert (one.times, one.others, one.channels) == (3, ["đăng ký nuôi chó ở đâu"], [("zalo", 2), ("web", 1)])
    assert (one.this_week, one.last_week) == (2, 1)
    assert (one.first_at, one.last_at) == (NOW - 9 * DAY, NOW - 3540)


def test_only_the_period_is_counted_but_both_weeks_are_compared(database: Database) -> None:
    ask(database, ["đăng ký nuôi chó"])
    ask(database, ["đăng ký nuôi chó"] * 2, at=NOW - 10 * DAY)
    ask(database, ["giờ mở cửa thư viện"], at=NOW - 10 * DAY)

    (one,) = groups(database, since=NOW - 7 * DAY)

    assert (one.times, one.this_week, one.last_week) == (1, 1, 2)


def test_asked_back_counts_only_when_no_answer_came_of_it(database: Database) -> None:
    ask(database, ["làm giấy tờ nhà"], outcome="clarify", who="helped", at=NOW - 5000)
    ask(database, ["sang tên sổ đỏ"], outcome="answered", who="helped", at=NOW - 4900)
    ask(database, ["xin giấy xác nhận"], outcome="clarify", who="lost", at=NOW - 5000)
    ask(database, ["giấy xác nhận ấy"], outcome="answered", who="other", at=NOW - 4900)
    ask(database, ["hồ sơ vay vốn"], outcome="error_rasa", who="lost", at=NOW - 4000)

    assert sorted((one.text, one.outcomes) for one in groups(database)) == [
        ("hồ sơ vay vốn", [("error", 1)]),
        ("xin giấy xác nhận", [("clarify", 1)]),
    ]


def test_what_was_handled_leaves_the_list_and_another_ward_cannot_do_it(database: Database) -> None:
    ids = ask(database, ["đăng ký nuôi chó", "nuôi chó đăng ký"])
    with database.engine.begin() as connection:
        foreign = diary.handle(connection, "phuong-mau", ids, handled="dismissed", officer_id=1, now=NOW)
        mine = diary.handle(connection, "hoa-binh", ids, handled="answered", officer_id=1, entry="faq/cho", now=NOW)

    assert (foreign, mine) == (0, 2)
    assert groups(database) == []
    assert [(one.handled, one.entry) for one in groups(database, state="done")] == [("answered", "faq/cho")]


async def test_a_report_of_a_wrong_answer_is_kept_with_the_question_and_its_entry(desk: Desk) -> None:
    await desk.conversations.answer(desk.accept("lệ phí khai sinh cho 001099001234", number=1))
    desk.rasa.answer = lambda *_: [*ENDED, *turn("Em xin lỗi.", outcome="social", entry_ids=[])]
    report = desk.accept("câu trả lời chưa đúng", number=2)

    await desk.conversations.answer(report)

    (row,) = desk.rows(wrong_answer)
    asked = next(one for one in desk.rows(question) if one.outcome == "answered")
    assert (row.inbox_id, row.question_id, row.entry_ids, row.state) == (report, asked.id, ["khai-sinh"], "open")
    assert (row.ward, row.channel) == ("hoa-binh", "web")
    assert row.text == "lệ phí khai sinh cho •••"


async def test_a_report_out_of_the_blue_keeps_its_own_words(desk: Desk) -> None:
    desk.rasa.answer = lambda *_: [*ENDED, *turn("Em xin lỗi.", outcome="social", entry_ids=[])]

    await desk.conversations.answer(desk.accept("sai rồi, gọi 0912345678"))

    (row,) = desk.rows(wrong_answer)
    assert (row.question_id, row.entry_ids, row.text) == (None, ["khai-sinh"], "sai rồi, gọi •••")


async def test_who_has_everything_erased_leaves_no_report(desk: Desk) -> None:
    desk.rasa.answer = lambda *_: [*ENDED, *turn("Em xin lỗi.", outcome="social", entry_ids=[])]
    await desk.conversations.answer(desk.accept("sai rồi", number=1))
    await desk.conversations.answer(desk.accept("xóa dữ liệu của tôi", number=2))
    await desk.conversations.answer(desk.accept("đồng ý xóa", number=3))

    with desk.database.engine.connect() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(wrong_answer)).scalar() == 0
