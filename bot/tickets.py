"""
Ticket rows: what needs an officer.
"""

from __future__ import annotations

import sqlalchemy as sa

from bot.database import insert, ticket


def open_ticket(
    connection: sa.Connection,
    *,
    ward: str,
    channel: str,
    citizen_id: int,
    inbox_id: int,
    reason: str,
    now: float,
    contact: str | None = None,
    again: bool = False,
) -> None:
    """
    Open a Ticket for a message; once per message and reason. `again`: even if it was closed before.
    """
    statement = insert(ticket, connection.dialect.name).values(
        ward=ward,
        channel=channel,
        citizen_id=citizen_id,
        inbox_id=inbox_id,
        reason=reason[:64],
        state="open",
        contact=contact,
        opened_at=now,
    )
    key = ["inbox_id", "reason"]
    reopened = {"state": "open", "opened_at": now, "closed_at": None, "closed_by": None}
    if again:
        statement = statement.on_conflict_do_update(index_elements=key, set_=reopened, where=ticket.c.state == "closed")
    else:
        statement = statement.on_conflict_do_nothing(index_elements=key)
    connection.execute(statement)
