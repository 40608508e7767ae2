"""
What journeys of announcements need: many subscribers, two officers, an approved text, and what became of it.
"""

from __future__ import annotations

import secrets
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from bot.admin import officers
from bot.admin.officers import Officer
from bot.announcements.announcement import Announcement, Kind, Outlet
from bot.announcements.service import Announcements
from bot.announcements.store import Row
from bot.announcements.tables import recipient, subscription
from bot.database import Database, citizen

WARD = "hoa-binh"
TEXT = "Ngày 25/11, từ 8 giờ đến 11 giờ, tạm ngừng cung cấp điện để sửa đường dây."


def render(
    connection: sa.Connection, announcement: Announcement, ward: str, *, now: float
) -> dict[str, dict[str, Any]]:
    """
    The smallest renditions: the text as it is.
    """
    del connection, ward, now
    return {outlet: {"text": announcement.text, "title": announcement.title} for outlet in announcement.outlets}


def subscribe_many(
    connection: sa.Connection, channel: str, addresses: Sequence[str], *, ward: str = WARD, now: float | None = None
) -> None:
    """
    Add citizens who want everything of the ward, and who wrote a moment ago.
    """
    now = time.time() if now is None else now
    newest = connection.execute(sa.select(sa.func.coalesce(sa.func.max(citizen.c.id), 0))).scalar_one()
    for first in range(0, len(addresses), 5000):
        some = addresses[first : first + 5000]
        people = [
            {"id": newest + first + place, "ward": ward, "channel": channel, "address": one,
             "dialogue_id": secrets.token_hex(16), "interacted_at": now, "created_at": now, "seen_at": now}
            for place, one in enumerate(some, 1)
        ]  # fmt: skip
        connection.execute(sa.insert(citizen), people)
        wishes = [
            {"citizen_id": one["id"], "ward": ward, "kind": "all", "value": "", "consented_at": now, "how": "words"}
            for one in people
        ]
        connection.execute(sa.insert(subscription), wishes)
    if connection.dialect.name == "postgresql":
        # The ids were given, so the sequence must be told.
        connection.execute(sa.text("SELECT setval(pg_get_serial_sequence('citizen', 'id'), max(id)) FROM citizen"))


def hire(connection: sa.Connection, login: str, *roles: str, ward: str = WARD) -> Officer:
    officer_id = officers.create(
        connection, login=login, name=f"Cán bộ {login}", roles=[(ward, role) for role in roles], now=time.time()
    )
    assert officer_id is not None
    found = officers.get(connection, officer_id)
    assert found is not None
    return found


def draft(
    *,
    outlets: Iterable[Outlet] = ("messages",),
    kind: Kind = "normal",
    ward: str = WARD,
    text: str = TEXT,
    **fields: Any,
) -> Announcement:
    return Announcement(0, ward, (ward,), kind, "Tạm ngừng cung cấp điện", text, outlets=tuple(outlets), **fields)


async def approved(database: Database, announcement: Announcement | None = None) -> Row:
    """
    Write, submit and approve an announcement by two officers; whoever sends finds it.
    """
    facade = Announcements(database, {}, render=render)
    suffix = secrets.token_hex(4)
    author = await database.write(hire, f"soan-{suffix}", "editor")
    approver = await database.write(hire, f"duyet-{suffix}", "approver")
    row = await facade.save_draft(announcement or draft(), author)
    row = await facade.submit(row.id, author)
    return await facade.approve(row.id, approver, hash_seen=row.hash or "", approval_key=secrets.token_hex(16))


def states(connection: sa.Connection, announcement_id: int) -> dict[str, int]:
    query = sa.select(recipient.c.state, sa.func.count()).where(recipient.c.announcement_id == announcement_id)
    return {row[0]: row[1] for row in connection.execute(query.group_by(recipient.c.state))}


def addresses(connection: sa.Connection, announcement_id: int, *in_states: str) -> set[tuple[str, str]]:
    """
    Return (channel, user) of the recipients in these states.
    """
    query = sa.select(recipient.c.channel, recipient.c.address).where(
        recipient.c.announcement_id == announcement_id, recipient.c.state.in_(in_states)
    )
    return {(row.channel, row.address.partition("/")[2]) for row in connection.execute(query)}


def worst_second(times: Iterable[float]) -> int:
    """
    Return the most messages in any second, wherever it begins.
    """
    ordered, most, first = sorted(times), 0, 0
    for last, at in enumerate(ordered):
        while ordered[first] <= at - 1.0:
            first += 1
        most = max(most, last - first + 1)
    return most


def counted(sent: Iterable[Mapping[str, Any]], text: str) -> Counter[str]:
    return Counter(str(one["user"]) for one in sent if text in str(one["text"] or ""))
