"""
Reports of citizens that an answer was wrong: which question, and which entries it was answered from.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import sqlalchemy as sa

from bot.database import inbox, insert, question, ticket, wrong_answer
from bot.masking import mask

# A report is about what was said last; not about yesterday.
ABOUT_SECONDS = 6 * 3600.0
PER_PAGE = 25
REASON = "wrong_answer"  # of the ticket that a report opens


class Report(NamedTuple):
    """
    `text` is the question that was answered wrongly, masked; of the report itself when nothing was asked before it.
    """

    id: int
    channel: str
    text: str
    entry_ids: list[str]
    state: str
    opened_at: float
    closed_at: float | None


def report(
    connection: sa.Connection,
    *,
    inbox_id: int,
    citizen_id: int,
    ward: str,
    channel: str,
    text: str,
    entry: str | None,
    now: float,
) -> None:
    """
    Remember a report, once per message. `entry` is what the dialogue last talked about.
    """
    wrong = connection.execute(
        sa.select(question.c.id, question.c.text, question.c.entry_ids)
        .join(inbox, inbox.c.id == question.c.inbox_id)
        .where(
            inbox.c.citizen_id == citizen_id,
            question.c.inbox_id < inbox_id,
            question.c.asked_at >= now - ABOUT_SECONDS,
            question.c.outcome.not_in(("social", "unknown")),
        )
        .order_by(question.c.inbox_id.desc())
        .limit(1)
    ).first()
    named = [entry[:128]] if entry else []
    values = {
        "question_id": wrong.id if wrong is not None else None,
        "inbox_id": inbox_id,
        "ward": ward,
        "channel": channel,
        "entry_ids": (wrong.entry_ids if wrong is not None else None) or named,
        "text": wrong.text if wrong is not None else mask(text),
        "state": "open",
        "opened_at": now,
    }
    statement = insert(wrong_answer, connection.dialect.name).values(values)
    connection.execute(statement.on_conflict_do_nothing(index_elements=["inbox_id"]))


def reports(connection: sa.Connection, ward: str, *, open_ones: bool, page: int = 1) -> tuple[list[Report], int]:
    """
    Return a page of a ward's reports, newest first, and how many there are.
    """
    where = (wrong_answer.c.ward == ward, (wrong_answer.c.state == "open") == open_ones)
    total = connection.execute(sa.select(sa.func.count()).select_from(wrong_answer).where(*where)).scalar_one()
    query = (
        sa.select(
            wrong_answer.c.id, wrong_answer.c.channel, wrong_answer.c.text, wrong_answer.c.entry_ids,
            wrong_answer.c.state, wrong_answer.c.opened_at, wrong_answer.c.closed_at,
        )
        .where(*where)
        .order_by(wrong_answer.c.opened_at.desc(), wrong_answer.c.id.desc())
        .limit(PER_PAGE)
        .offset(PER_PAGE * (page - 1))
    )  # fmt: skip
    return [Report(*row) for row in connection.execute(query)], total


def close(
    connection: sa.Connection,
    ward: str,
    report_id: int,
    *,
    state: Literal["open", "mended", "dismissed"],
    now: float,
    officer_id: int | None = None,
) -> bool:
    """
    Say what became of a report, or open it again; False when the ward has no such report. The ticket that it opened at
    the desk is closed with it.
    """
    done = connection.execute(
        sa.update(wrong_answer)
        .where(wrong_answer.c.ward == ward, wrong_answer.c.id == report_id)
        .values(state=state, closed_at=None if state == "open" else now)
    )
    if done.rowcount and state != "open":
        message = sa.select(wrong_answer.c.inbox_id).where(wrong_answer.c.id == report_id).scalar_subquery()
        own = (ticket.c.inbox_id == message) & (ticket.c.reason == REASON) & (ticket.c.state == "open")
        connection.execute(sa.update(ticket).where(own).values(state="closed", closed_at=now, closed_by=officer_id))
    return done.rowcount > 0


def answered_at_desk(connection: sa.Connection, citizen_id: int, *, now: float) -> None:
    """
    Close a citizen's reports: an officer has finished with the conversation. Of those that stay in the diary as closed, anybody
    can open one again, when the entry must still be mended.
    """
    own = sa.select(inbox.c.id).where(inbox.c.citizen_id == citizen_id)
    statement = sa.update(wrong_answer).where(wrong_answer.c.inbox_id.in_(own), wrong_answer.c.state == "open")
    connection.execute(statement.values(state="answered", closed_at=now))
