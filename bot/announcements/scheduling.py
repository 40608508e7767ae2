"""
Which announcements are due, whose work they are, and the repetition of one: the same frozen text, approved once.
"""

from __future__ import annotations

import calendar
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.admin import audit
from bot.announcements import approval, store
from bot.announcements.announcement import Repeat
from bot.announcements.quiet_hours import TIMEZONE
from bot.announcements.store import Row
from bot.announcements.tables import announcement as table
from bot.log import log

EXPIRED = "Đã hết hạn hiệu lực trước khi gửi, nên không gửi nữa."
AT_ONCE = 20


def take_due(connection: sa.Connection, executor: str, *, now: float) -> list[int]:
    """
    approved → sending, for what is due; this executor sends it from now on. One that repeats leaves its next copy.
    """
    due = sa.select(table.c.id).where(table.c.state == "approved", table.c.send_at <= now)
    taken = []
    for announcement_id in connection.execute(due.order_by(table.c.send_at).limit(AT_ONCE)).scalars().all():
        row = store.found(connection, announcement_id, hold=True)
        if row.state != "approved":
            continue
        if row.announcement.valid_until is not None and row.announcement.valid_until <= now:
            store.change(connection, announcement_id, state="cancelled", reason=EXPIRED, finished_at=now)
            _note(connection, row, "announcement.expired", now)
            continue
        store.change(connection, announcement_id, state="sending", started_at=now, work_id=executor)
        _note(connection, row, "announcement.begun", now)
        repeat(connection, row, now=now)
        taken.append(announcement_id)
    return taken


def mine(connection: sa.Connection, executor: str) -> list[int]:
    """
    Return what this executor sends or has to clear up, the cancelled among it; and what nobody sends yet.
    """
    nobodys = sa.update(table).where(table.c.work_id.is_(None), table.c.state.in_(("sending", "paused")))
    connection.execute(nobodys.values(work_id=executor))
    query = sa.select(table.c.id).where(
        table.c.work_id == executor, table.c.state.in_(("sending", "paused", "cancelled"))
    )
    return list(connection.execute(query.order_by(table.c.id)).scalars())


def take_over(connection: sa.Connection, executor: str) -> None:
    """
    Take everybody's work: on SQLite there is one program, whatever it was called before.
    """
    connection.execute(sa.update(table).where(table.c.work_id.is_not(None)).values(work_id=executor))


def let_go(connection: sa.Connection, announcement_id: int) -> None:
    connection.execute(sa.update(table).where(table.c.id == announcement_id).values(work_id=None))


def repeat(connection: sa.Connection, row: Row, *, now: float) -> int | None:
    """
    Add the next copy of one that repeats: the same text, approved by the same officer; None after the last one.
    """
    announcement = row.announcement
    if announcement.repeat is None or announcement.repeat_until is None:
        return None
    following = next_time(row.send_at or now, announcement.repeat, now=now)
    if following > announcement.repeat_until:
        return None
    body = connection.execute(sa.select(table.c.body).where(table.c.id == row.id)).scalar_one()
    values = {
        "ward": row.ward, "state": "approved", "version": row.version, "kind": announcement.kind,
        "title": announcement.title, "body": body, "author_id": row.author_id, "created_at": now,
        "changed_at": row.changed_at, "changed_by": row.changed_by, "submitted_at": row.submitted_at,
        "submitted_by": row.submitted_by, "approved_at": row.approved_at, "approved_by": row.approved_by,
        "frozen": row.frozen, "hash": row.hash, "send_at": following, "repeats": row.repeats or row.id,
    }  # fmt: skip
    added: int = connection.execute(sa.insert(table).values(**values).returning(table.c.id)).scalar_one()
    return added


def next_time(last: float, every: Repeat, *, now: float) -> float:
    """
    Return the first repetition after `now`, at the same hour of the ward's clock; the 31st is a short month's last day.
    """
    first = datetime.fromtimestamp(last, TIMEZONE)
    steps = 0
    while True:
        steps += 1
        if every == "monthly":
            month = first.month - 1 + steps
            year, month = first.year + month // 12, month % 12 + 1
            day = min(first.day, calendar.monthrange(year, month)[1])
            found = first.replace(year=year, month=month, day=day)
        else:
            found = first + timedelta(days=steps * (7 if every == "weekly" else 1))
        if found.timestamp() > now:
            return found.timestamp()


def _note(connection: sa.Connection, row: Row, action: str, now: float) -> None:
    audit.note(connection, None, ward=row.ward, action=action, what=f"announcement/{row.id}", now=now)
    log.info(action, announcement=row.id, ward=row.ward)


def finish(connection: sa.Connection, announcement_id: int, *, now: float) -> bool:
    """
    sending → finished, unless something is due again. True when it is over.
    """
    row = store.found(connection, announcement_id, hold=True)
    if row.state != "sending":
        return row.state not in ("paused",)
    store.change(connection, announcement_id, state="finished", finished_at=now, work_id=None)
    _note(connection, row, "announcement.finished", now)
    log.info(
        "announcement.reached", announcement=announcement_id, **approval.how_far(connection, announcement_id)._asdict()
    )
    return True
