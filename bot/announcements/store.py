"""
Announcement rows: save a draft, get one, list them. Changing the state is approval.py's.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, cast

import sqlalchemy as sa

from bot.announcements.announcement import Announcement, Audience, Link, State
from bot.announcements.tables import announcement as table
from bot.errors import RequestError

# Columns of their own; everything else of an Announcement stands in `body`.
_OWN_COLUMNS = ("id", "ward", "kind", "title")


@dataclass(frozen=True)
class Row:
    """
    An announcement and what was done with it. Times are seconds since 1970; ids are officers'.
    """

    announcement: Announcement
    state: State
    version: int
    author_id: int
    created_at: float
    changed_at: float
    changed_by: int
    submitted_at: float | None = None
    submitted_by: int | None = None
    rejected_at: float | None = None
    rejected_by: int | None = None
    reason: str | None = None  # of the rejection, the cancelling, or of a pause that the program itself made
    approved_at: float | None = None
    approved_by: int | None = None
    approval_key: str | None = None
    frozen: dict[str, Any] | None = None  # exactly what the approver sees, and what is sent
    hash: str | None = None
    send_at: float | None = None
    started_at: float | None = None
    queued_at: float | None = None
    finished_at: float | None = None
    cancelled_by: int | None = None
    repeats: int | None = None
    work_id: str | None = None

    @property
    def id(self) -> int:
        return self.announcement.id

    @property
    def ward(self) -> str:
        return self.announcement.ward

    @property
    def wards_to_answer_for(self) -> tuple[str, ...]:
        """Every ward where it appears, its own first."""
        others = [one for one in self.announcement.wards if one != self.announcement.ward]
        return (self.announcement.ward, *others)


def as_dict(announcement: Announcement) -> dict[str, Any]:
    """
    Return an Announcement as plain values: what JSON, a form or the frozen text holds.
    """
    found: dict[str, Any] = _plain(asdict(announcement))
    return found


def from_dict(values: dict[str, Any]) -> Announcement:
    """
    Make an Announcement of what `as_dict` returned; unknown names are left out.
    """
    known = {one.name for one in fields(Announcement)}
    taken = {name: value for name, value in values.items() if name in known}
    for name in ("wards", "outlets", "tasks"):
        if name in taken:
            taken[name] = tuple(taken[name] or ())
    for name in ("link", "button"):
        if taken.get(name):
            taken[name] = Link(taken[name]["title"], taken[name]["url"])
    audience = taken.get("audience") or {}
    taken["audience"] = Audience(**{name: tuple(audience.get(name) or ()) for name in _AUDIENCE})
    return Announcement(**taken)


_AUDIENCE = ("neighbourhoods", "topics", "channels")


def get(connection: sa.Connection, announcement_id: int, *, hold: bool = False) -> Row | None:
    """
    Return one; `hold` keeps others from changing it until the transaction ends.
    """
    query = sa.select(table).where(table.c.id == announcement_id)
    row = connection.execute(query.with_for_update() if hold else query).one_or_none()
    return None if row is None else _row(row)


def found(connection: sa.Connection, announcement_id: int, *, hold: bool = False) -> Row:
    """
    As `get`.

    Raises:
        RequestError: 404 "announcement.unknown".
    """
    row = get(connection, announcement_id, hold=hold)
    if row is None:
        raise RequestError(404, "announcement.unknown", "no such announcement")
    return row


def listed(
    connection: sa.Connection,
    wards: Collection[str] | None,
    states: Collection[State] | None = None,
    *,
    limit: int = 100,
    before_id: int | None = None,
) -> list[Row]:
    """
    Return the newest ones whose own ward is among `wards`; None is all wards, None for `states` all states.

    One that another ward's officers must approve too is among that ward's as well.
    """
    query = sa.select(table).order_by(table.c.id.desc())
    if states is not None:
        query = query.where(table.c.state.in_(states))
    if before_id is not None:
        query = query.where(table.c.id < before_id)
    if wards is None:
        return [_row(row) for row in connection.execute(query.limit(limit))]
    kept: list[Row] = []
    for row in connection.execute(query):
        one = _row(row)
        if set(one.wards_to_answer_for) & set(wards):
            kept.append(one)
        if len(kept) >= limit:
            break
    return kept


def save_draft(
    connection: sa.Connection,
    announcement: Announcement,
    expected_version: int | None,
    officer_id: int,
    *,
    now: float,
) -> Row:
    """
    Add a draft (id 0) or change one, whose version then grows by one. Saving the same again changes nothing.

    Raises:
        RequestError: 404 "announcement.unknown"; 409 "announcement.changed", somebody else saved meanwhile;
            409 "announcement.state", it is no draft any more.
    """
    values = _columns(announcement)
    stamps = {"changed_at": now, "changed_by": officer_id}
    if not announcement.id:
        born = {"ward": announcement.ward, "state": "draft", "version": 1, "author_id": officer_id, "created_at": now}
        statement = sa.insert(table).values(**values, **born, **stamps).returning(table.c.id)
        return found(connection, connection.execute(statement).scalar_one())
    there = found(connection, announcement.id, hold=True)
    if there.state != "draft":
        raise RequestError(409, "announcement.state", f"it is {there.state}", fields={"state": there.state})
    if as_dict(there.announcement) == as_dict(replace(announcement, ward=there.ward)):
        return there
    if expected_version != there.version:
        raise RequestError(
            409, "announcement.changed", "changed by somebody else", fields={"version": str(there.version)}
        )
    update = sa.update(table).where(table.c.id == announcement.id)
    connection.execute(update.values(**values, **stamps, version=there.version + 1))
    return found(connection, announcement.id)


def change(connection: sa.Connection, announcement_id: int, /, **values: Any) -> None:
    """
    Set columns of one row; for approval.py and sending, which have checked that they may.
    """
    connection.execute(sa.update(table).where(table.c.id == announcement_id).values(**values))


def _columns(announcement: Announcement) -> dict[str, Any]:
    body = {name: value for name, value in as_dict(announcement).items() if name not in _OWN_COLUMNS}
    return {"kind": announcement.kind, "title": announcement.title, "body": body}


def _row(row: sa.Row[Any]) -> Row:
    found = row._mapping
    body = dict(found["body"])
    announcement = from_dict(
        {**body, "id": found["id"], "ward": found["ward"], "kind": found["kind"], "title": found["title"]}
    )
    rest = {one.name: found[one.name] for one in fields(Row) if one.name not in ("announcement", "state")}
    return Row(announcement, cast(State, found["state"]), **rest)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value
