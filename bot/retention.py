"""
Deletes what is older than its term, once a day: words and rows of conversations, questions, tries to sign in, the audit.

What somebody still works on is never old: an unanswered message, an open ticket, a reply that is to be sent. A message
goes with everything that hangs on it; a citizen of whom nothing is left goes, too. Questions stay longer: they are
masked and say nothing of who asked.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from bot.attachments import attachment
from bot.database import (
    Database,
    admin_session,
    audit,
    citizen,
    delivery,
    grant,
    inbox,
    metadata,
    question,
    satisfaction,
    setup_link,
    sign_in,
    ticket,
    web_message,
    wrong_answer,
)  # fmt: skip
from bot.log import log

DAY_SECONDS = 86_400.0
FIRST_SECONDS = 600.0  # whoever restarts often deletes as well
AT_ONCE = 500  # rows in one transaction: citizens' messages are written in between
UNDER_WAY = ("due", "sending")


@dataclass(frozen=True)
class Terms:
    """
    How many days each kind is kept; None for ever.
    """

    messages: float | None
    questions: float | None
    sign_ins: float | None
    audit: float | None


@dataclass(frozen=True)
class Rule:
    """
    Rows of one table that are over.
    """

    table: sa.Table
    old: sa.ColumnElement[bool]


def rules(terms: Terms, *, now: float) -> Iterator[Rule]:
    """
    Yield what is over, in an order in which nothing that is deleted is still needed.
    """
    if terms.messages is not None:
        yield from _of_messages(now - terms.messages * DAY_SECONDS)
    if terms.questions is not None:
        since = now - terms.questions * DAY_SECONDS
        yield Rule(wrong_answer, (wrong_answer.c.state != "open") & (wrong_answer.c.opened_at < since))
        yield Rule(question, question.c.asked_at < since)
        yield Rule(satisfaction, satisfaction.c.at < since)
    if terms.sign_ins is not None:
        since = now - terms.sign_ins * DAY_SECONDS
        yield Rule(sign_in, sign_in.c.at < since)
        yield Rule(admin_session, admin_session.c.expires_at < since)
        yield Rule(setup_link, setup_link.c.expires_at < since)
        yield Rule(grant, grant.c.asked_at < since)
    if terms.audit is not None:
        yield Rule(audit, audit.c.at < now - terms.audit * DAY_SECONDS)


def _of_messages(since: float) -> Iterator[Rule]:
    yield Rule(
        ticket, (ticket.c.state == "closed") & (sa.func.coalesce(ticket.c.closed_at, ticket.c.opened_at) < since)
    )
    yield Rule(web_message, web_message.c.at < since)
    yield Rule(delivery, (delivery.c.created_at < since) & delivery.c.state.not_in(UNDER_WAY) & _unneeded(delivery))
    # A row whose file is still in the folder waits for the sweep that removes it.
    message = sa.select(inbox.c.id).where(inbox.c.received_at < since)
    swept = attachment.c.state.in_(("gone", "failed")) & attachment.c.due_at.is_(None)
    yield Rule(attachment, attachment.c.inbox_id.in_(message) & swept & _unneeded(attachment))
    yield Rule(inbox, (inbox.c.received_at < since) & (inbox.c.state == "answered") & _unneeded(inbox))
    free = citizen.c.desk_by.is_(None) & citizen.c.answering_by.is_(None)
    yield Rule(citizen, (citizen.c.seen_at < since) & free & _unneeded(citizen))


def _unneeded(table: sa.Table) -> sa.ColumnElement[bool]:
    """
    No row of any table points to this one; tables that are added later count, too.
    """
    pointing = [
        sa.exists().where(key.parent == key.column)
        for other in metadata.sorted_tables
        for key in other.foreign_keys
        if key.column.table is table
    ]
    return sa.and_(sa.true(), *(~one for one in pointing))


def sweep(connection: sa.Connection, rule: Rule) -> int:
    """
    Delete some rows of a rule; return how many there were, AT_ONCE when there may be more.
    """
    keys = list(rule.table.primary_key.columns)
    old = connection.execute(sa.select(*keys).where(rule.old).limit(AT_ONCE)).all()
    if not old:
        return 0
    # What came to need a row meanwhile keeps it: the rule is asked again.
    chosen = (
        keys[0].in_([row[0] for row in old]) if len(keys) == 1 else sa.tuple_(*keys).in_([tuple(row) for row in old])
    )
    connection.execute(sa.delete(rule.table).where(chosen, rule.old))
    return len(old)


async def clean(database: Database, terms: Terms, *, now: float) -> dict[str, int]:
    """
    Delete everything that is over; return how many rows of each table went.
    """
    found: dict[str, int] = {}
    for rule in rules(terms, now=now):
        while True:
            went = await database.write(sweep, rule)
            if went:
                found[rule.table.name] = found.get(rule.table.name, 0) + went
            if went < AT_ONCE:
                break
    return found


async def keep_clean(database: Database, terms: Terms, *, clock: Callable[[], float] = time.time) -> None:
    """
    Clean up every day, for ever.
    """
    await asyncio.sleep(FIRST_SECONDS)
    while True:
        try:
            found = await clean(database, terms, now=clock())
            if found:
                log.info("data.outlived", **found)
        except Exception:
            log.exception("data.not_cleaned")
        await asyncio.sleep(DAY_SECONDS)
