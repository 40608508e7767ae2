"""
Publication rows: one post to one account of one outlet in one ward, exactly once or uncertain.

due → sending → sent | failed | uncertain | cancelled. What a kill left in `sending` goes on at its step; the connector
knows what it may repeat (outlets/base.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

import sqlalchemy as sa

from bot.announcements.announcement import Outlet
from bot.announcements.outlets.base import Publication
from bot.announcements.tables import announcement, publication
from bot.database import insert

Ended = Literal["sent", "failed", "uncertain"]


def put(
    connection: sa.Connection,
    announcement_id: int,
    wanted: Iterable[tuple[Outlet, str, str, Mapping[str, Any], str | None]],
) -> None:
    """
    Write down (outlet, ward, account, fields, problem), each once; one with a problem has failed before it began.
    """
    for outlet, ward, account, fields, problem in wanted:
        values = {"announcement_id": announcement_id, "outlet": outlet, "ward": ward, "account": account,
                  "body": dict(fields), "state": "failed" if problem else "due", "problem": problem}  # fmt: skip
        statement = insert(publication, connection.dialect.name).values(**values)
        columns = ["announcement_id", "outlet", "ward", "account"]
        connection.execute(statement.on_conflict_do_nothing(index_elements=columns))


def open_ones(connection: sa.Connection, announcement_id: int) -> list[tuple[int, Outlet, str, str]]:
    """
    Return (id, outlet, ward, account) of what is not published yet.
    """
    columns = publication.c.id, publication.c.outlet, publication.c.ward, publication.c.account
    query = sa.select(*columns).where(
        publication.c.announcement_id == announcement_id, publication.c.state.in_(("due", "sending"))
    )
    return [(row.id, row.outlet, row.ward, row.account) for row in connection.execute(query.order_by(publication.c.id))]


def claim(connection: sa.Connection, publication_id: int, *, now: float) -> tuple[Publication, int] | None:
    """
    due → sending, with the number of the try; None when it is not to be published (now). The first claim's time stays.
    """
    going = sa.select(announcement.c.id).where(announcement.c.state == "sending")
    statement = (
        sa.update(publication)
        .where(
            publication.c.id == publication_id,
            publication.c.state.in_(("due", "sending")),
            publication.c.announcement_id.in_(going),
        )
        .values(
            state="sending",
            attempts=publication.c.attempts + 1,
            claimed_at=sa.func.coalesce(publication.c.claimed_at, now),
        )
        .returning(publication)
    )
    row = connection.execute(statement).one_or_none()
    return None if row is None else (_publication(row), row.attempts)


def get(connection: sa.Connection, publication_id: int) -> Publication | None:
    row = connection.execute(sa.select(publication).where(publication.c.id == publication_id)).one_or_none()
    return None if row is None else _publication(row)


def keep_step(connection: sa.Connection, publication_id: int, step: str | None, values: Mapping[str, Any]) -> None:
    update = sa.update(publication).where(publication.c.id == publication_id)
    connection.execute(update.values(step=step, step_values=dict(values)))


def put_back(connection: sa.Connection, publication_id: int, problem: str) -> None:
    """
    sending → due: nobody saw anything, and it is tried again.
    """
    update = sa.update(publication).where(publication.c.id == publication_id, publication.c.state == "sending")
    connection.execute(update.values(state="due", problem=problem[:300]))


def end(
    connection: sa.Connection,
    publication_id: int,
    state: Ended,
    *,
    platform_id: str | None = None,
    url: str | None = None,
    problem: str | None = None,
    doubted: bool = False,
    now: float,
) -> None:
    """
    `doubted`: only if nobody has settled it since; what a look finds must not undo what an officer decided.
    """
    values: dict[str, Any] = {"state": state, "url": url[:500] if url else None, "problem": problem and problem[:300]}
    if state == "sent":
        values |= {"sent_at": now, "platform_id": (platform_id or "")[:128] or None}
    update = sa.update(publication).where(publication.c.id == publication_id)
    if doubted:
        update = update.where(publication.c.state == "uncertain")
    connection.execute(update.values(**values))


def uncertain(connection: sa.Connection, *, since: float) -> list[tuple[int, Outlet, str, str]]:
    """
    Return (id, outlet, ward, account) of those begun since then of which nobody knows whether people see them.
    """
    columns = publication.c.id, publication.c.outlet, publication.c.ward, publication.c.account
    query = sa.select(*columns).where(publication.c.state == "uncertain", publication.c.claimed_at >= since)
    return [(row.id, row.outlet, row.ward, row.account) for row in connection.execute(query)]


def _publication(row: sa.Row[Any]) -> Publication:
    return Publication(
        row.announcement_id, row.outlet, row.ward, row.account, row.body, row.claimed_at or 0.0, row.step,
        row.step_values or {},
    )  # fmt: skip
