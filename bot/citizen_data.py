"""
Everything that is kept of one Citizen, as one object for JSON: theirs to see (Law 91/2025/QH15), and to be erased.

Tables are found in the database by their keys, so that none is forgotten, whichever part of the program it belongs to.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from bot import contacts
from bot.database import citizen, inbox, ticket, web_message

# How we work, which says nothing of the person.
OURS = frozenset({
    "dialogue_id", "answering_by", "work_id", "failures", "attempts", "uncertain", "claimed_at", "cursor", "sequence", "turns", "ms", "desk_by",
    "taken_by", "closed_by", "officer_id", "handled_by", "joined_to", "source", "due_at",
})  # fmt: skip
TIMES = ("_at", "_until")


def export(connection: sa.Connection, citizen_id: int) -> dict[str, Any] | None:
    """
    Return table → rows, oldest first, times as ISO 8601; None when there is no such citizen.
    """
    person = connection.execute(sa.select(citizen).where(citizen.c.id == citizen_id)).one_or_none()
    if person is None:
        return None
    found: dict[str, Any] = {"citizen": _shown(person._mapping)}
    messages = sa.select(inbox.c.id).where(inbox.c.citizen_id == citizen_id)
    there = sa.MetaData()
    there.reflect(connection)
    for table in there.sorted_tables:
        told = _of(table, citizen_id, messages)
        if table.name == citizen.name or told is None:
            continue
        rows = connection.execute(sa.select(table).where(told).order_by(*table.primary_key.columns))
        if shown := [_shown(row._mapping) for row in rows]:
            found[str(table.name)] = shown
    if person.channel == "web":
        rows = connection.execute(
            sa.select(web_message).where(web_message.c.conversation == person.address).order_by(web_message.c.position)
        )
        if shown := [_shown(row._mapping) for row in rows]:
            found["web_message"] = shown
    return found


def _of(table: sa.Table, citizen_id: int, messages: sa.Select[Any]) -> sa.ColumnElement[bool] | None:
    """
    Return which rows of a table belong to a citizen, by themselves or by a message; None for a table that has none.
    """
    told = [key.parent == citizen_id for key in table.foreign_keys if key.column.table.name == citizen.name]
    if "inbox_id" in table.c:
        told.append(table.c.inbox_id.in_(messages))
    return sa.or_(*told) if told else None


def find(
    connection: sa.Connection, *, channel: str | None = None, address: str | None = None, phone: str | None = None
) -> list[int]:
    """
    Return the citizens with an address on a channel, or with a ticket for which they left this telephone number.
    """
    if address is not None:
        query = sa.select(citizen.c.id).where(citizen.c.address == address).order_by(citizen.c.id)
        return list(
            connection.execute(query if channel is None else query.where(citizen.c.channel == channel)).scalars()
        )
    wanted = _number(phone or "")
    if not wanted:
        return []
    left = connection.execute(
        sa.select(ticket.c.citizen_id, ticket.c.contact).where(ticket.c.contact.is_not(None)).order_by(ticket.c.id)
    )
    return list(dict.fromkeys(row.citizen_id for row in left if wanted in _numbers(row.contact)))


def _numbers(contact: str) -> set[str]:
    return {_number(found[0]) for found in contacts.PHONE.finditer(contact)}


def _number(text: str) -> str:
    """
    "+84 (0)90 1.234" → "090…": digits alone, the country's code as 0.
    """
    digits = "".join(one for one in text if one.isdigit())
    return "0" + digits[2:].lstrip("0") if digits.startswith("84") and len(digits) > 10 else digits


def _shown(row: Any) -> dict[str, Any]:
    return {str(name): _value(name, value) for name, value in row.items() if name not in OURS and value is not None}


def _value(name: str, value: Any) -> Any:
    if isinstance(value, float) and (name == "at" or name.endswith(TIMES)):
        return datetime.fromtimestamp(value, UTC).isoformat(timespec="seconds")
    return value


def counts(found: dict[str, Any], tables: Iterable[str]) -> dict[str, int]:
    """
    Return how many rows an export has of each table.
    """
    return {name: len(found.get(name, [])) for name in tables}
