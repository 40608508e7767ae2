"""
One-time links: the first administrator's, and those with which officers set their password. 24 hours, used once.
"""

from __future__ import annotations

import secrets
from typing import NamedTuple

import sqlalchemy as sa

from bot.admin import officers
from bot.admin.sessions import digest
from bot.database import setup_link

LASTS_SECONDS = 24 * 3600.0
PATH = "/admin/setup/"


class Link(NamedTuple):
    """
    `purpose`: "first", then there is no officer yet, or "password".
    """

    purpose: str
    officer_id: int | None


def make_first(connection: sa.Connection, *, now: float) -> str | None:
    """
    Return the token of a link for the first administrator; None when there are officers. Earlier ones stop working.
    """
    if officers.any_there(connection):
        return None
    return _make(connection, Link("first", None), now=now)


def make_password(connection: sa.Connection, officer_id: int, *, now: float) -> str:
    """
    Return the token of a link with which an officer sets a password. Earlier ones of the officer stop working.
    """
    return _make(connection, Link("password", officer_id), now=now)


def _make(connection: sa.Connection, link: Link, *, now: float) -> str:
    earlier = setup_link.c.officer_id == link.officer_id if link.officer_id else setup_link.c.purpose == link.purpose
    connection.execute(sa.delete(setup_link).where(earlier | (setup_link.c.expires_at <= now)))
    token = secrets.token_urlsafe(32)
    values = {"token_hash": digest(token), "made_at": now, "expires_at": now + LASTS_SECONDS, **link._asdict()}
    connection.execute(sa.insert(setup_link).values(values))
    return token


def find(connection: sa.Connection, token: str, *, now: float) -> Link | None:
    """
    Return what a link is for, or None when it is unknown, used, too old, or no longer needed.
    """
    query = sa.select(setup_link.c.purpose, setup_link.c.officer_id)
    row = connection.execute(query.where(_usable(token, now))).one_or_none()
    if row is None or (row.purpose == "first" and officers.any_there(connection)):
        return None
    return Link(row.purpose, row.officer_id)


def use(connection: sa.Connection, token: str, *, now: float) -> Link | None:
    """
    As `find`, and nobody can use it again. In the transaction that does what the link is for.
    """
    link = find(connection, token, now=now)
    statement = sa.update(setup_link).where(_usable(token, now)).values(used_at=now)
    return link if link is not None and connection.execute(statement).rowcount == 1 else None


def _usable(token: str, now: float) -> sa.ColumnElement[bool]:
    mine = setup_link.c.token_hash == digest(token)
    return mine & setup_link.c.used_at.is_(None) & (setup_link.c.expires_at > now)
