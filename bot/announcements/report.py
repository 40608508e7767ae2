"""
What an announcement did: whom it reached where, clicks, replies, and the questions that were answered from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import sqlalchemy as sa

from bot.announcements import progress, store
from bot.announcements.progress import PublicationState
from bot.announcements.store import Row
from bot.announcements.tables import recipient, short_link, subscription
from bot.database import inbox, question

# A message within so long after the announcement counts as a reply to it.
REPLY_SECONDS = 86_400.0


class Report(NamedTuple):
    """
    `messages` is channel → state → messages, `failed` problem code → messages, `clicks` outlet → clicks on short links.
    `replies` are messages of recipients within a day, `repliers` those citizens; `left` stopped receiving within a day.
    """

    publications: tuple[PublicationState, ...]
    messages: Mapping[str, Mapping[str, int]]
    failed: Mapping[str, int]
    clicks: Mapping[str, int]
    replies: int
    repliers: int
    left: int
    questions: int

    @property
    def sent(self) -> int:
        return sum(one.get("sent", 0) for one in self.messages.values())

    @property
    def total(self) -> int:
        return sum(sum(one.values()) for one in self.messages.values())

    @property
    def clicked(self) -> int:
        return sum(self.clicks.values())


def of(connection: sa.Connection, announcement_id: int) -> Report:
    """
    Raises:
        RequestError: 404 "announcement.unknown".
    """
    row = store.found(connection, announcement_id)
    counted = progress.progress(connection, announcement_id, now=0.0)
    clicks = sa.select(short_link.c.outlet, sa.func.sum(short_link.c.clicks))
    clicks = clicks.where(short_link.c.announcement_id == announcement_id).group_by(short_link.c.outlet)
    replies, repliers = _replies(connection, announcement_id)
    return Report(
        counted.publications,
        counted.by_channel,
        counted.failed,
        {outlet: int(times) for outlet, times in connection.execute(clicks)},
        replies,
        repliers,
        _left(connection, announcement_id),
        _questions(connection, row),
    )


def _questions(connection: sa.Connection, row: Row) -> int:
    """
    Return how many questions were answered from it: their entry ids name it.
    """
    # As JSON the id stands in quotes, so that 1 is not found in 12.
    named = sa.cast(question.c.entry_ids, sa.Text).contains(f'"announcement/{row.id}"', autoescape=True)
    since = question.c.ward.in_(row.wards_to_answer_for) & (question.c.asked_at >= row.created_at)
    query = sa.select(sa.func.count()).select_from(question).where(since, named)
    found: int = connection.execute(query).scalar_one()
    return found


def _replies(connection: sa.Connection, announcement_id: int) -> tuple[int, int]:
    soon = (inbox.c.received_at >= recipient.c.sent_at) & (inbox.c.received_at < recipient.c.sent_at + REPLY_SECONDS)
    joined = recipient.join(inbox, (inbox.c.citizen_id == recipient.c.citizen_id) & soon)
    query = sa.select(sa.func.count(), sa.func.count(inbox.c.citizen_id.distinct())).select_from(joined)
    found = connection.execute(query.where(recipient.c.announcement_id == announcement_id)).one()
    return int(found[0]), int(found[1])


def _left(connection: sa.Connection, announcement_id: int) -> int:
    ended = subscription.c.ended_at
    soon = (ended >= recipient.c.sent_at) & (ended < recipient.c.sent_at + REPLY_SECONDS)
    joined = recipient.join(subscription, (subscription.c.citizen_id == recipient.c.citizen_id) & soon)
    query = sa.select(sa.func.count(recipient.c.citizen_id.distinct())).select_from(joined)
    found: int = connection.execute(query.where(recipient.c.announcement_id == announcement_id)).scalar_one()
    return found
