"""
Ticket rows: what needs an officer.
"""

from __future__ import annotations

import sqlalchemy as sa

from bot.database import insert, ticket


def open_ticket(
    connection: sa.Connection, *, ward: str, channel: str, citizen_id: int, inbox_id: int, reason: str, now: float
) -> None:
    """
    Open a Ticket for a message; once per message and reason.
    """
    statement = (
        insert(ticket, connection.dialect.name)
        .values(
            ward=ward,
            channel=channel,
            citizen_id=citizen_id,
            inbox_id=inbox_id,
            reason=reason[:64],
            state="open",
            opened_at=now,
        )
        .on_conflict_do_nothing(index_elements=["inbox_id", "reason"])
    )
    connection.execute(statement)
