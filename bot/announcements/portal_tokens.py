"""
Tokens with which a ward's portal reads and drafts announcements. Only their digests are kept.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import NamedTuple

import sqlalchemy as sa

from bot.announcements.tables import portal_token

MARK = "motcua_"  # so that a token that leaks is recognised as one
USED_SECONDS = 60.0  # how exactly the last use is kept


class PortalToken(NamedTuple):
    id: int
    ward: str
    name: str
    may_write: bool
    made_at: float
    used_at: float | None
    revoked_at: float | None


def make(connection: sa.Connection, *, ward: str, name: str, may_write: bool, now: float) -> str:
    """
    Make a token and return it; it cannot be shown again.
    """
    token = MARK + secrets.token_urlsafe(32)
    values = {"ward": ward, "name": name[:120], "may_write": may_write, "made_at": now, "token_hash": _digest(token)}
    connection.execute(sa.insert(portal_token).values(**values))
    return token


def find(connection: sa.Connection, token: str) -> PortalToken | None:
    """
    Return what a token stands for; None when there is none such, or it was revoked.
    """
    query = sa.select(*_COLUMNS).where(portal_token.c.token_hash == _digest(token), portal_token.c.revoked_at.is_(None))
    row = connection.execute(query).one_or_none()
    return None if row is None else PortalToken(*row)


def note_use(connection: sa.Connection, token_id: int, *, now: float) -> None:
    connection.execute(sa.update(portal_token).where(portal_token.c.id == token_id).values(used_at=now))


def listed(connection: sa.Connection, ward: str | None = None) -> list[PortalToken]:
    query = sa.select(*_COLUMNS).order_by(portal_token.c.id)
    return [
        PortalToken(*row)
        for row in connection.execute(query if ward is None else query.where(portal_token.c.ward == ward))
    ]


def revoke(connection: sa.Connection, token_id: int, *, now: float) -> bool:
    """
    End a token for ever; False when there is no such one, or it has ended already.
    """
    statement = sa.update(portal_token).where(portal_token.c.id == token_id, portal_token.c.revoked_at.is_(None))
    return connection.execute(statement.values(revoked_at=now)).rowcount == 1


def _digest(token: str) -> str:
    # A random token of 256 bits needs no slow hash.
    return hashlib.sha256(token.encode()).hexdigest()


_COLUMNS = tuple(portal_token.c[name] for name in PortalToken._fields)
