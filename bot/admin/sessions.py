"""
Sessions of officers: a random token in the browser's cookie, its hash in the table. 12 hours idle, 7 days at most.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import NamedTuple

import sqlalchemy as sa

from bot.database import admin_session

IDLE_SECONDS = 12 * 3600.0
LASTS_SECONDS = 7 * 86_400.0
# `seen_at` is written at most this often: a page costs no write.
SEEN_EVERY_SECONDS = 60.0


class Session(NamedTuple):
    officer_id: int
    csrf: str


def begin(connection: sa.Connection, officer_id: int, *, user_agent: str, now: float) -> str:
    """
    Open a session and return its token, which nobody but the browser keeps.
    """
    connection.execute(sa.delete(admin_session).where(_over(now)))
    token = secrets.token_urlsafe(32)
    values = {
        "token_hash": digest(token),
        "officer_id": officer_id,
        "csrf": secrets.token_urlsafe(32),
        "created_at": now,
        "seen_at": now,
        "expires_at": now + LASTS_SECONDS,
        "user_agent": user_agent[:200],
    }
    connection.execute(sa.insert(admin_session).values(values))
    return token


def find(connection: sa.Connection, token: str, *, now: float) -> tuple[Session, bool] | None:
    """
    Return a live session, and whether `saw` is due; None when there is none.
    """
    columns = (admin_session.c.officer_id, admin_session.c.csrf, admin_session.c.seen_at)
    query = sa.select(*columns).where(admin_session.c.token_hash == digest(token), sa.not_(_over(now)))
    row = connection.execute(query).one_or_none()
    return None if row is None else (Session(row.officer_id, row.csrf), now - row.seen_at >= SEEN_EVERY_SECONDS)


def saw(connection: sa.Connection, token: str, *, now: float) -> None:
    statement = sa.update(admin_session).where(admin_session.c.token_hash == digest(token))
    connection.execute(statement.values(seen_at=now))


def end(connection: sa.Connection, token: str) -> None:
    connection.execute(sa.delete(admin_session).where(admin_session.c.token_hash == digest(token)))


def end_all(connection: sa.Connection, officer_id: int) -> None:
    connection.execute(sa.delete(admin_session).where(admin_session.c.officer_id == officer_id))


def last_seen(connection: sa.Connection) -> dict[int, float]:
    """
    Return officer id → when a session of theirs that still stands was last used.
    """
    query = sa.select(admin_session.c.officer_id, sa.func.max(admin_session.c.seen_at))
    return {
        officer_id: seen_at for officer_id, seen_at in connection.execute(query.group_by(admin_session.c.officer_id))
    }


def digest(token: str) -> str:
    # 256 random bits need no salt and no slow hash.
    return hashlib.sha256(token.encode()).hexdigest()


def _over(now: float) -> sa.ColumnElement[bool]:
    return (admin_session.c.expires_at <= now) | (admin_session.c.seen_at <= now - IDLE_SECONDS)
