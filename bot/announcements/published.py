"""
What stands on a ward's public page: announcements whose web page was published, as they were approved.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from bot.announcements.tables import announcement, publication

LISTED = 50


@dataclass(frozen=True)
class Published:
    """
    One page. Times are seconds since 1970. `fields` are those of the rendition "web".
    """

    id: int
    ward: str
    urgent: bool
    published_at: float
    withdrawn_at: float | None
    fields: Mapping[str, str] = field(repr=False)

    @property
    def title(self) -> str:
        return self.fields.get("title", "")

    def time(self, name: str) -> float | None:
        """
        Return "happens_at" or "valid_until".
        """
        try:
            return float(self.fields.get(name) or "")
        except ValueError:
            return None


def listed(connection: sa.Connection, ward: str, *, limit: int = LISTED) -> list[Published]:
    """
    Return the newest ones; those that were withdrawn are not among them.
    """
    query = _query(ward).where(announcement.c.state != "cancelled")
    rows = connection.execute(query.order_by(publication.c.sent_at.desc(), announcement.c.id.desc()).limit(limit))
    return [_published(row) for row in rows]


def one(connection: sa.Connection, ward: str, announcement_id: int) -> Published | None:
    """
    Return one, withdrawn or not; None when it never was published here.
    """
    row = connection.execute(_query(ward).where(announcement.c.id == announcement_id)).one_or_none()
    return None if row is None else _published(row)


def upload(connection: sa.Connection, ward: str, announcement_id: int, what: str) -> str | None:
    """
    Return the name of the picture or the file of an announcement that is being published or was; platforms fetch the
    picture before anything of it can be seen.
    """
    query = sa.select(announcement.c.frozen).where(
        announcement.c.id == announcement_id, announcement.c.state.in_(("sending", "paused", "finished"))
    )
    frozen = connection.execute(query).scalar_one_or_none()
    if not isinstance(frozen, dict) or ward not in (frozen.get("wards") or ()):
        return None
    name = (frozen.get("announcement") or {}).get(what)
    return name if isinstance(name, str) else None


def _query(ward: str) -> sa.Select[Any]:
    columns = (
        announcement.c.id,
        announcement.c.kind,
        announcement.c.state,
        announcement.c.finished_at,
        publication.c.ward,
        publication.c.sent_at,
        publication.c.body,
    )
    joined = announcement.join(publication, publication.c.announcement_id == announcement.c.id)
    return (
        sa.select(*columns)
        .select_from(joined)
        .where(publication.c.outlet == "web", publication.c.ward == ward, publication.c.state == "sent")
    )


def _published(row: sa.Row[Any]) -> Published:
    fields = {name: str(value) for name, value in dict(row.body or {}).items() if isinstance(value, str)}
    withdrawn = (row.finished_at or row.sent_at) if row.state == "cancelled" else None
    return Published(row.id, row.ward, row.kind == "emergency", row.sent_at or 0.0, withdrawn, fields)
