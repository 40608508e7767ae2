"""
A report of a wrong answer stands in two places: in the diary, and as a ticket at the desk. Who ends one ends the other.
"""

from __future__ import annotations

import sqlalchemy as sa

from bot import desk, tickets, wrong_answers
from bot.database import Database, ticket, wrong_answer
from tests.bot.keeping import NOW, live

OFFICER = 7


def reported(connection: sa.Connection) -> tuple[int, int]:
    """
    Let a citizen report a wrong answer; return the citizen and the report.
    """
    person = live(connection, "mot", at=NOW)
    message = connection.execute(sa.select(wrong_answer.c.inbox_id)).scalar_one()
    connection.execute(sa.update(wrong_answer).values(state="open"))
    tickets.open_ticket(
        connection, ward="hoa-binh", channel="web", citizen_id=person, inbox_id=message, reason="wrong_answer", now=NOW
    )
    return person, connection.execute(sa.select(wrong_answer.c.id)).scalar_one()


def states(connection: sa.Connection) -> tuple[str, str, int | None]:
    row = connection.execute(sa.select(ticket).where(ticket.c.reason == "wrong_answer")).one()
    return connection.execute(sa.select(wrong_answer.c.state)).scalar_one(), row.state, row.closed_by


def test_a_report_that_is_ended_in_the_diary_ends_its_ticket(database: Database):
    with database.engine.begin() as connection:
        _, report = reported(connection)
        assert states(connection) == ("open", "open", None)

        wrong_answers.close(connection, "phuong-mau", report, state="mended", now=NOW, officer_id=OFFICER)
        assert states(connection) == ("open", "open", None), "of another ward"
        wrong_answers.close(connection, "hoa-binh", report, state="mended", now=NOW, officer_id=OFFICER)

        assert states(connection) == ("mended", "closed", OFFICER)


def test_a_conversation_that_is_closed_at_the_desk_ends_its_reports(database: Database):
    with database.engine.begin() as connection:
        person, report = reported(connection)

        act, _ = desk.close(connection, person, OFFICER, note="", now=NOW)

        assert act == "done"
        assert states(connection) == ("answered", "closed", OFFICER)
        assert wrong_answers.close(connection, "hoa-binh", report, state="open", now=NOW)
        assert states(connection)[:2] == ("open", "closed"), "the entry can still be mended"


def test_a_conversation_handed_back_unfinished_keeps_its_report(database: Database):
    with database.engine.begin() as connection:
        person, _ = reported(connection)
        desk.take(connection, person, OFFICER, instead_of=None, reply=None, now=NOW)

        desk.hand_back(connection, person, OFFICER, finished=False, parts=[], note="", now=NOW)

        assert states(connection)[:2] == ("open", "open")
