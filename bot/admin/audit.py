"""
The audit: who changed what, when, and how it was before. Rows are only ever added, and go when their years are over
(retention.py).
"""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

import sqlalchemy as sa

from bot.admin.officers import Officer
from bot.database import audit

CONSOLE = "Máy chủ"
PER_PAGE = 50
_NOTHING = object()


class Entry(NamedTuple):
    id: int
    at: float
    officer_name: str
    ward: str
    action: str
    what: str
    changes: list[Change]


class Change(NamedTuple):
    """
    One field that differs; None where it was not there.
    """

    field: str
    before: str | None
    after: str | None


def note(
    connection: sa.Connection,
    officer: Officer | None,
    *,
    ward: str,
    action: str,
    what: str,
    before: Any = None,
    after: Any = None,
    now: float | None = None,
) -> None:
    """
    Remember a change, in the transaction that makes it.

    Args:
        officer: None for a command on the console.
        ward: Slug; "" for what all wards share.
        action: "content.saved", … with a sentence in wording.ACTIONS.
        what: "faq/gio-lam-viec", "officer/3", …
        before: A dict of fields as a rule; None when there was nothing.
        after: The same; None when it is gone.
        now: Seconds since 1970; None for this moment.
    """
    values = {
        "at": time.time() if now is None else now,
        "officer_id": officer.id if officer is not None else None,
        "officer_name": (officer.name if officer is not None else CONSOLE)[:120],
        "ward": ward[:64],
        "action": action[:64],
        "what": what[:200],
        "before": before,
        "after": after,
    }
    connection.execute(sa.insert(audit).values(values))


def search(
    connection: sa.Connection,
    *,
    wards: Collection[str] | None,
    officer_id: int | None = None,
    action: str = "",
    page: int = 1,
) -> tuple[list[Entry], int]:
    """
    Return one page, newest first, and how many entries there are.

    Args:
        wards: Slugs to show; None for all, what all wards share among them.
        action: "content.saved", or "content." for all that begin so.
    """
    where: list[sa.ColumnElement[bool]] = []
    if wards is not None:
        where.append(audit.c.ward.in_(wards))
    if officer_id is not None:
        where.append(audit.c.officer_id == officer_id)
    if action.endswith("."):
        where.append(audit.c.action.startswith(action, autoescape=True))
    elif action:
        where.append(audit.c.action == action)
    total: int = connection.execute(sa.select(sa.func.count()).select_from(audit).where(*where)).scalar_one()
    query = sa.select(audit).where(*where).order_by(audit.c.at.desc(), audit.c.id.desc())
    rows = connection.execute(query.limit(PER_PAGE).offset((page - 1) * PER_PAGE))
    return [
        Entry(row.id, row.at, row.officer_name, row.ward, row.action, row.what, differences(row.before, row.after))
        for row in rows
    ], total


def people(connection: sa.Connection, *, wards: Collection[str] | None) -> list[tuple[int, str]]:
    """
    Return (id, name) of the officers who changed something there, by name.
    """
    query = sa.select(audit.c.officer_id, sa.func.max(audit.c.officer_name)).where(audit.c.officer_id.is_not(None))
    if wards is not None:
        query = query.where(audit.c.ward.in_(wards))
    rows = connection.execute(query.group_by(audit.c.officer_id)).all()
    return sorted(((row[0], row[1]) for row in rows), key=lambda one: one[1])


def differences(before: Any, after: Any) -> list[Change]:
    """
    Return what differs, field by field, fields within fields as "a › b"; lists of words as lines.
    """
    old, new = _flat(before), _flat(after)
    names = list(new) + [name for name in old if name not in new]
    return [
        Change(name, old.get(name), new.get(name))
        for name in names
        if old.get(name, _NOTHING) != new.get(name, _NOTHING)
    ]


def _flat(value: Any, name: str = "") -> dict[str, str]:
    """
    {"fee": {"dong": 8000}, "papers": ["a", "b"]} → {"fee › dong": "8000", "papers": "a\\nb"}
    """
    if value is None:
        return {}
    if isinstance(value, Mapping):
        found: dict[str, str] = {}
        for key, one in value.items():
            found |= _flat(one, f"{name} › {key}" if name else str(key))
        return found
    if isinstance(value, list) and any(isinstance(one, Mapping | list) for one in value):
        found = {}
        for place, one in enumerate(value, 1):
            found |= _flat(one, f"{name} › {place}" if name else str(place))
        return found
    return {name: "\n".join(_word(one) for one in value) if isinstance(value, list) else _word(value)}


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "có" if value else "không"
    return "" if value is None else str(value)
