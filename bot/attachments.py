"""
Rows of the files that citizens sent: due → fetching → kept → gone, or failed. The platforms' addresses expire, so each file
is fetched into our own folder soon after it came; it is removed after 90 days, or when the citizen wants it erased.

The folder holds one file per row, named by its id. `fetching.py` does the wire.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, Index, Table, UniqueConstraint

from bot.database import inbox, metadata
from bot.messages import Attachment

KEEP_SECONDS = 90 * 86_400.0
# Until the next try. An address that Zalo or Meta no longer serves after a day will not come back.
RETRY_SECONDS = (10.0, 60.0, 600.0, 3600.0, 6 * 3600.0, 24 * 3600.0)
# A fetch that has not ended by then was killed.
LEASE_SECONDS = 300.0
# A card with a link is no file.
FETCHED_KINDS = frozenset({"image", "file", "audio", "video"})

_Id = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_Time = sa.Float(precision=53)
attachment = Table(
    "attachment",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("inbox_id", _Id, ForeignKey("inbox.id"), nullable=False),
    Column("place", sa.Integer, nullable=False),  # 0, 1, 2 … within the message
    Column("ward", sa.String(64), nullable=False),
    Column("channel", sa.String(16), nullable=False),
    Column("address", sa.String(128), nullable=False),
    Column("kind", sa.String(16), nullable=False),
    Column("source", sa.Text, nullable=False),  # the platform's address of it, or its file id
    Column("name", sa.String(200)),
    Column("size", sa.BigInteger),
    Column("media_type", sa.String(100)),  # as its bytes say
    Column("state", sa.String(16), nullable=False),
    Column("attempts", sa.Integer, nullable=False, server_default="0"),
    Column("due_at", _Time),  # of the next try; of `fetching`, when it counts as killed
    Column("kept_at", _Time),
    Column("problem", sa.String(64)),
    UniqueConstraint("inbox_id", "place"),
    Index(None, "state", "due_at"),
    sqlite_autoincrement=True,  # a file is named by this id, so none may come twice
)


class Due(NamedTuple):
    """
    One file to fetch.
    """

    id: int
    channel: str
    address: str
    source: str
    attempts: int


class File(NamedTuple):
    """
    One file as officers see it.
    """

    id: int
    inbox_id: int
    place: int
    kind: str
    name: str | None
    size: int | None
    media_type: str | None
    state: str
    problem: str | None


def note(
    connection: sa.Connection,
    inbox_id: int,
    sent: Sequence[Attachment],
    *,
    ward: str,
    channel: str,
    address: str,
    now: float,
) -> None:
    """
    Write down what a message brought along, to be fetched.
    """
    rows = [
        {
            "inbox_id": inbox_id, "place": place, "ward": ward, "channel": channel, "address": address,
            "kind": one.kind, "source": one.url, "name": one.name[:200] if one.name else None, "size": one.size,
            "state": "due", "due_at": now,
        }
        for place, one in enumerate(sent)
        if one.kind in FETCHED_KINDS and one.url
    ]  # fmt: skip
    if rows:
        connection.execute(sa.insert(attachment), rows)


def claim(connection: sa.Connection, *, now: float) -> Due | None:
    """
    due → fetching, for the one that has waited longest; None when nothing is due. One that was killed is due again.
    """
    waiting = attachment.c.state.in_(("due", "fetching")) & (attachment.c.due_at <= now)
    oldest = sa.select(attachment.c.id).where(waiting).order_by(attachment.c.due_at, attachment.c.id).limit(1)
    statement = (
        sa.update(attachment)
        .where(attachment.c.id == oldest.with_for_update(skip_locked=True).scalar_subquery())
        .values(state="fetching", attempts=attachment.c.attempts + 1, due_at=now + LEASE_SECONDS)
        .returning(*(attachment.c[name] for name in Due._fields))
    )
    row = connection.execute(statement).one_or_none()
    return None if row is None else Due(*row)


def keep(connection: sa.Connection, file_id: int, *, size: int, media_type: str, now: float) -> bool:
    """
    fetching → kept. False when nobody wants it any more: the citizen had it erased meanwhile.
    """
    values = {"state": "kept", "size": size, "media_type": media_type, "kept_at": now, "due_at": None, "problem": None}
    statement = sa.update(attachment).where(attachment.c.id == file_id, attachment.c.state == "fetching")
    return connection.execute(statement.values(**values)).rowcount == 1


def give_up_for_now(connection: sa.Connection, due: Due, problem: str, *, permanent: bool, now: float) -> None:
    """
    fetching → due, or failed when trying again makes no sense. `problem` is a code, and holds no address.
    """
    over = permanent or due.attempts > len(RETRY_SECONDS)
    values: dict[str, Any] = {"state": "failed", "due_at": None, "problem": problem[:64]}
    if not over:
        values |= {"state": "due", "due_at": now + RETRY_SECONDS[due.attempts - 1]}
    statement = sa.update(attachment).where(attachment.c.id == due.id, attachment.c.state == "fetching")
    connection.execute(statement.values(**values))


def ask_again(connection: sa.Connection, file_id: int, *, now: float) -> None:
    """
    failed → due: an officer wants it tried once more.
    """
    statement = sa.update(attachment).where(attachment.c.id == file_id, attachment.c.state == "failed")
    connection.execute(statement.values(state="due", attempts=0, due_at=now, problem=None))


def of_messages(connection: sa.Connection, inbox_ids: Collection[int]) -> dict[int, list[File]]:
    """
    Return the files of messages, by message, in their order.
    """
    found: dict[int, list[File]] = {}
    query = sa.select(*(attachment.c[name] for name in File._fields)).where(attachment.c.inbox_id.in_(inbox_ids))
    for row in connection.execute(query.order_by(attachment.c.inbox_id, attachment.c.place)):
        found.setdefault(row.inbox_id, []).append(File(*row))
    return found


def get(connection: sa.Connection, file_id: int, *, citizen_id: int) -> File | None:
    """
    Return a file of this citizen's; None for any other.
    """
    query = (
        sa.select(*(attachment.c[name] for name in File._fields))
        .join_from(attachment, inbox, attachment.c.inbox_id == inbox.c.id)
        .where(attachment.c.id == file_id, inbox.c.citizen_id == citizen_id)
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else File(*row)


def erase(connection: sa.Connection, citizen_id: int) -> None:
    """
    → gone, at once for everybody who looks; the files go with the next `outlived`.
    """
    own = sa.select(inbox.c.id).where(inbox.c.citizen_id == citizen_id)
    connection.execute(sa.update(attachment).where(attachment.c.inbox_id.in_(own)).values(**_GONE))


def outlived(connection: sa.Connection, *, now: float) -> list[int]:
    """
    kept → gone, for those whose days are over. Return the ids of all that are gone and may still have a file.
    """
    old = (attachment.c.state == "kept") & (attachment.c.kept_at < now - KEEP_SECONDS)
    connection.execute(sa.update(attachment).where(old).values(**_GONE))
    query = sa.select(attachment.c.id).where(attachment.c.state == "gone", attachment.c.due_at.is_not(None))
    return list(connection.execute(query).scalars())


def removed(connection: sa.Connection, file_ids: Collection[int]) -> None:
    """
    Note that the files of these are no longer in the folder.
    """
    connection.execute(sa.update(attachment).where(attachment.c.id.in_(file_ids)).values(due_at=None))


# A time that is always past: until the file is removed, the row stands in the way of nobody and is found again.
_GONE = {"state": "gone", "source": "", "name": None, "problem": None, "due_at": 0.0}
