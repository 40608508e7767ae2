"""
How far an announcement has come: counted from its rows, whoever sends it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import sqlalchemy as sa

from bot.announcements import store
from bot.announcements.announcement import State
from bot.announcements.tables import publication, recipient

# The rate is that of the last so many seconds.
RECENT_SECONDS = 30.0


class PublicationState(NamedTuple):
    id: int
    outlet: str
    ward: str
    account: str
    state: str
    url: str | None
    problem: str | None
    sent_at: float | None


class Progress(NamedTuple):
    """
    `failed` is problem code → messages. `per_second` and `ends_at` are None while nothing moves.
    `listing`: the list of citizens is still being written, so that `total` grows.
    """

    state: State
    total: int
    sent: int
    uncertain: int
    sending: int
    due: int
    cancelled: int
    failed: Mapping[str, int]
    by_channel: Mapping[str, Mapping[str, int]]  # channel → state → messages
    publications: tuple[PublicationState, ...]
    per_second: float | None
    ends_at: float | None
    listing: bool
    started_at: float | None
    finished_at: float | None
    reason: str | None  # why it is paused or cancelled

    @property
    def failed_total(self) -> int:
        return sum(self.failed.values())

    @property
    def remaining(self) -> int:
        return self.due + self.sending


def progress(connection: sa.Connection, announcement_id: int, *, now: float) -> Progress:
    """
    Count the rows of one announcement.

    Raises:
        RequestError: 404 "announcement.unknown".
    """
    row = store.found(connection, announcement_id)
    columns = recipient.c.channel, recipient.c.state, recipient.c.problem
    query = sa.select(*columns, sa.func.count().label("messages"))
    query = query.where(recipient.c.announcement_id == announcement_id).group_by(*columns)
    states: dict[str, int] = {}
    failed: dict[str, int] = {}
    channels: dict[str, dict[str, int]] = {}
    for one in connection.execute(query):
        states[one.state] = states.get(one.state, 0) + one.messages
        of_channel = channels.setdefault(one.channel, {})
        of_channel[one.state] = of_channel.get(one.state, 0) + one.messages
        if one.state == "failed":
            failed[one.problem or "unknown"] = failed.get(one.problem or "unknown", 0) + one.messages
    rate = _rate(connection, announcement_id, row.started_at, now=now) if row.state == "sending" else None
    left = states.get("due", 0) + states.get("sending", 0)
    return Progress(
        row.state,
        sum(states.values()),
        states.get("sent", 0),
        states.get("uncertain", 0),
        states.get("sending", 0),
        states.get("due", 0),
        states.get("cancelled", 0),
        dict(sorted(failed.items(), key=lambda item: -item[1])),
        channels,
        publications(connection, announcement_id),
        rate,
        now + left / rate if rate else None,
        row.state in ("sending", "paused") and row.queued_at is None,
        row.started_at,
        row.finished_at,
        row.reason,
    )


def publications(connection: sa.Connection, announcement_id: int) -> tuple[PublicationState, ...]:
    columns = [publication.c[name] for name in PublicationState._fields]
    query = sa.select(*columns).where(publication.c.announcement_id == announcement_id).order_by(publication.c.id)
    return tuple(PublicationState(*one) for one in connection.execute(query))


def _rate(connection: sa.Connection, announcement_id: int, started_at: float | None, *, now: float) -> float | None:
    since = max(now - RECENT_SECONDS, started_at or 0.0)
    query = sa.select(sa.func.count()).where(
        recipient.c.announcement_id == announcement_id, recipient.c.sent_at >= since
    )
    sent: int = connection.execute(query).scalar_one()
    return sent / max(now - since, 1.0) if sent else None
