"""
Officer rows, and what an officer may do in which ward.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import sqlalchemy as sa

from bot.admin import sessions
from bot.database import officer, officer_role, setup_link

Role = Literal["admin", "editor", "approver", "agent"]
Permission = Literal["see", "edit", "restore", "answer", "manage", "announce", "approve"]

ROLES: tuple[Role, ...] = ("admin", "editor", "approver", "agent")
ALL_WARDS = "*"
PERMITTED: dict[Permission, frozenset[str]] = {
    "see": frozenset(ROLES),
    "edit": frozenset({"editor", "admin"}),
    "restore": frozenset({"approver", "admin"}),
    "answer": frozenset({"agent", "admin"}),
    "manage": frozenset({"admin"}),
    "announce": frozenset({"editor", "admin"}),
    "approve": frozenset({"approver", "admin"}),
}


@dataclass(frozen=True)
class Officer:
    """
    Who is signed in. `roles`: ward → roles; "*" counts for every ward, and for what all wards share (ward "").
    """

    id: int
    login: str
    name: str
    roles: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def may(self, permission: Permission, ward: str) -> bool:
        own = self.roles.get(ward, frozenset()) if ward else frozenset()
        return bool((own | self.roles.get(ALL_WARDS, frozenset())) & PERMITTED[permission])

    def may_anywhere(self, permission: Permission) -> bool:
        return any(roles & PERMITTED[permission] for roles in self.roles.values())


class Account(NamedTuple):
    """
    An officer as colleagues see the account.
    """

    officer: Officer
    has_password: bool
    disabled_at: float | None
    seen_at: float | None


def get(connection: sa.Connection, officer_id: int) -> Officer | None:
    """
    Return an officer who may sign in; None for one who is disabled or unknown.
    """
    query = sa.select(officer.c.id, officer.c.login, officer.c.name)
    row = connection.execute(query.where(officer.c.id == officer_id, officer.c.disabled_at.is_(None))).one_or_none()
    return None if row is None else Officer(row.id, row.login, row.name, _roles(connection, [row.id]).get(row.id, {}))


def _roles(connection: sa.Connection, ids: Collection[int]) -> dict[int, dict[str, frozenset[str]]]:
    query = sa.select(officer_role).where(officer_role.c.officer_id.in_(ids))
    found: dict[int, dict[str, frozenset[str]]] = {}
    for row in connection.execute(query):
        wards = found.setdefault(row.officer_id, {})
        wards[row.ward] = wards.get(row.ward, frozenset()) | {row.role}
    return found


def any_there(connection: sa.Connection) -> bool:
    return connection.execute(sa.select(officer.c.id).limit(1)).first() is not None


def password_hash(connection: sa.Connection, login: str) -> tuple[int, str] | None:
    """
    Return (id, hash) of an officer who may sign in with a password.
    """
    query = sa.select(officer.c.id, officer.c.password_hash)
    query = query.where(officer.c.login == login, officer.c.disabled_at.is_(None), officer.c.password_hash.is_not(None))
    row = connection.execute(query).one_or_none()
    return None if row is None else (row.id, row.password_hash)


def accounts(connection: sa.Connection) -> list[Account]:
    """
    Return every account by name, disabled ones last.
    """
    rows = connection.execute(sa.select(officer).order_by(officer.c.disabled_at.is_not(None), officer.c.name)).all()
    roles = _roles(connection, [row.id for row in rows])
    seen = sessions.last_seen(connection)
    return [
        Account(
            Officer(row.id, row.login, row.name, roles.get(row.id, {})),
            row.password_hash is not None,
            row.disabled_at,
            seen.get(row.id),
        )
        for row in rows
    ]


def create(
    connection: sa.Connection, *, login: str, name: str, roles: Iterable[tuple[str, str]], now: float
) -> int | None:
    """
    Add an officer, without password. None when the login is taken.
    """
    if connection.execute(sa.select(officer.c.id).where(officer.c.login == login)).first() is not None:
        return None
    statement = sa.insert(officer).values(login=login, name=name, created_at=now).returning(officer.c.id)
    officer_id: int = connection.execute(statement).scalar_one()
    set_roles(connection, officer_id, roles)
    return officer_id


def set_roles(connection: sa.Connection, officer_id: int, roles: Iterable[tuple[str, str]]) -> None:
    """
    Give an officer exactly these (ward, role) pairs.
    """
    connection.execute(sa.delete(officer_role).where(officer_role.c.officer_id == officer_id))
    rows = [{"officer_id": officer_id, "ward": ward, "role": role} for ward, role in sorted(set(roles))]
    if rows:
        connection.execute(sa.insert(officer_role), rows)


def rename(connection: sa.Connection, officer_id: int, name: str) -> None:
    connection.execute(sa.update(officer).where(officer.c.id == officer_id).values(name=name))


def set_password(connection: sa.Connection, officer_id: int, hashed: str) -> None:
    """
    Store a new password, and sign the officer out everywhere.
    """
    connection.execute(sa.update(officer).where(officer.c.id == officer_id).values(password_hash=hashed))
    connection.execute(sa.delete(setup_link).where(setup_link.c.officer_id == officer_id))
    sessions.end_all(connection, officer_id)


def keep_hash(connection: sa.Connection, officer_id: int, hashed: str) -> None:
    """
    Store the same password hashed with newer parameters.
    """
    connection.execute(sa.update(officer).where(officer.c.id == officer_id).values(password_hash=hashed))


def disable(connection: sa.Connection, officer_id: int, *, now: float) -> None:
    connection.execute(sa.update(officer).where(officer.c.id == officer_id).values(disabled_at=now))
    connection.execute(sa.delete(setup_link).where(setup_link.c.officer_id == officer_id))
    sessions.end_all(connection, officer_id)


def enable(connection: sa.Connection, officer_id: int) -> None:
    connection.execute(sa.update(officer).where(officer.c.id == officer_id).values(disabled_at=None))
