"""
The conversations that an officer must see: those with an open ticket, one line per citizen, and since when they wait.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal, NamedTuple

import sqlalchemy as sa

from bot.database import citizen, delivery, inbox, ticket

View = Literal["open", "mine", "closed"]

PER_PAGE = 50
CLOSED_SHOWN_SECONDS = 14 * 86_400.0
# What a citizen sends; the other kinds in the inbox are told by platforms.
SAID = ("text", "button", "attachment", "place", "contact", "sticker")


class Case(NamedTuple):
    """
    One conversation in the list.

    `waiting_since`: when the citizen first wrote something that no officer has answered; None when nothing waits.
    """

    citizen_id: int
    ward: str
    channel: str
    desk_by: int | None
    left_at: float | None
    reasons: tuple[str, ...]
    opened_at: float
    waiting_since: float | None
    closed_at: float | None
    contact: str | None
    note: str | None
    last_words: str
    unread: int


def cases(
    connection: sa.Connection, wards: Collection[str], *, view: View, officer_id: int, page: int = 1, now: float
) -> tuple[list[Case], int]:
    """
    Return one page of conversations by ward, and how many there are: open ones with those first that nobody has taken and
    that have waited longest; closed ones with the newest first.
    """
    state = "closed" if view == "closed" else "open"
    opened, closed = sa.func.min(ticket.c.opened_at).label("opened"), sa.func.max(ticket.c.closed_at).label("closed")
    query = (
        sa.select(ticket.c.citizen_id, opened, closed, citizen.c.ward, citizen.c.channel, citizen.c.desk_by, citizen.c.left_at)
        .join_from(ticket, citizen, ticket.c.citizen_id == citizen.c.id)
        .where(ticket.c.ward.in_(wards), ticket.c.state == state)
        .group_by(ticket.c.citizen_id, citizen.c.ward, citizen.c.channel, citizen.c.desk_by, citizen.c.left_at)
    )  # fmt: skip
    if view == "mine":
        query = query.where(citizen.c.desk_by == officer_id)
    if view == "closed":
        query = query.where(ticket.c.closed_at > now - CLOSED_SHOWN_SECONDS)
    total: int = connection.execute(sa.select(sa.func.count()).select_from(query.subquery())).scalar_one()
    order = [closed.desc()] if view == "closed" else [citizen.c.desk_by.is_not(None), opened]
    rows = connection.execute(query.order_by(*order).limit(PER_PAGE).offset((page - 1) * PER_PAGE)).all()
    ids = [row.citizen_id for row in rows]
    reasons, contacts, notes = _of_tickets(connection, ids, state)
    spoken, since, unread, words = _talk(connection, ids)
    found = []
    for row in rows:
        waiting: float | None = (
            row.opened if spoken.get(row.citizen_id, 0.0) < row.opened else since.get(row.citizen_id)
        )
        found.append(
            Case(
                row.citizen_id, row.ward, row.channel, row.desk_by, row.left_at, reasons.get(row.citizen_id, ()),
                row.opened, waiting if state == "open" else None, row.closed, contacts.get(row.citizen_id),
                notes.get(row.citizen_id), words.get(row.citizen_id, ""), unread.get(row.citizen_id, 0),
            )
        )  # fmt: skip
    return found, total


def counts(connection: sa.Connection, wards: Collection[str], *, officer_id: int) -> dict[str, int]:
    """
    Return how many conversations nobody has taken ("untaken"), and how many this officer holds ("mine").
    """
    people = sa.func.count(sa.distinct(ticket.c.citizen_id))
    query = sa.select(people).join_from(ticket, citizen, ticket.c.citizen_id == citizen.c.id)
    query = query.where(ticket.c.ward.in_(wards), ticket.c.state == "open")
    untaken: int = connection.execute(query.where(citizen.c.desk_by.is_(None))).scalar_one()
    mine: int = connection.execute(query.where(citizen.c.desk_by == officer_id)).scalar_one()
    return {"untaken": untaken, "mine": mine}


def case(connection: sa.Connection, citizen_id: int) -> Case | None:
    """
    Return one conversation, whether or not it has an open ticket; None when there is none of this number.
    """
    columns = (
        citizen.c.id,
        citizen.c.ward,
        citizen.c.channel,
        citizen.c.desk_by,
        citizen.c.left_at,
        citizen.c.created_at,
    )
    row = connection.execute(sa.select(*columns).where(citizen.c.id == citizen_id)).one_or_none()
    if row is None:
        return None
    open_one = sa.select(sa.func.min(ticket.c.opened_at)).where(
        ticket.c.citizen_id == citizen_id, ticket.c.state == "open"
    )
    opened = connection.execute(open_one).scalar_one()
    ended = sa.select(sa.func.max(ticket.c.closed_at)).where(ticket.c.citizen_id == citizen_id)
    closed = connection.execute(ended).scalar_one()
    reasons, contacts, notes = _of_tickets(connection, [citizen_id], "open" if opened is not None else "closed")
    spoken, since, unread, words = _talk(connection, [citizen_id])
    waiting = None
    if opened is not None:
        waiting = opened if spoken.get(citizen_id, 0.0) < opened else since.get(citizen_id)
    return Case(
        citizen_id, row.ward, row.channel, row.desk_by, row.left_at, reasons.get(citizen_id, ()),
        opened if opened is not None else row.created_at, waiting, closed if opened is None else None,
        contacts.get(citizen_id), notes.get(citizen_id), words.get(citizen_id, ""), unread.get(citizen_id, 0),
    )  # fmt: skip


def _of_tickets(
    connection: sa.Connection, ids: Collection[int], state: str
) -> tuple[dict[int, tuple[str, ...]], dict[int, str], dict[int, str]]:
    """
    Return the reasons, the contact and the note of each citizen's tickets.
    """
    query = sa.select(ticket.c.citizen_id, ticket.c.reason, ticket.c.contact, ticket.c.note)
    query = query.where(ticket.c.citizen_id.in_(ids), ticket.c.state == state).order_by(ticket.c.id)
    reasons: dict[int, dict[str, None]] = {}
    contacts: dict[int, str] = {}
    notes: dict[int, str] = {}
    for row in connection.execute(query):
        reasons.setdefault(row.citizen_id, {})[row.reason] = None
        if row.contact:
            contacts[row.citizen_id] = row.contact
        if row.note:
            notes[row.citizen_id] = row.note
    return {key: tuple(value) for key, value in reasons.items()}, contacts, notes


def _talk(
    connection: sa.Connection, ids: Collection[int]
) -> tuple[dict[int, float], dict[int, float], dict[int, int], dict[int, str]]:
    """
    Return, by citizen: when an officer last spoke; since when the citizen has words after that, and how many; and the last
    words.
    """
    last = sa.func.max(delivery.c.created_at)
    query = sa.select(delivery.c.citizen_id, last).where(delivery.c.citizen_id.in_(ids), delivery.c.kind == "officer")
    spoken: dict[int, float] = {row[0]: row[1] for row in connection.execute(query.group_by(delivery.c.citizen_id))}
    since: dict[int, float] = {}
    unread: dict[int, int] = {}
    words: dict[int, str] = {}
    for one in ids:
        said = (inbox.c.citizen_id == one) & inbox.c.kind.in_(SAID)
        after = said & (inbox.c.received_at > spoken.get(one, 0.0))
        first, number = connection.execute(
            sa.select(sa.func.min(inbox.c.received_at), sa.func.count()).where(after)
        ).one()
        if first is not None:
            since[one], unread[one] = first, number
        newest = sa.select(inbox.c.text).where(said, inbox.c.text != "").order_by(inbox.c.id.desc()).limit(1)
        words[one] = connection.execute(newest).scalar_one_or_none() or ""
    return spoken, since, unread, words
