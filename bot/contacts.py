"""
Keeps the phone number that a citizen was just asked for: unmasked with the ticket, and nowhere else.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import sqlalchemy as sa

from bot import citizens
from bot.database import delivery, inbox, ticket
from bot.masking import mask, tidy
from bot.messages import InboundMessage

ASKED_WITHIN_SECONDS = 3600.0
# The question need not be the very last thing that was said.
ASKED_AMONG = 6
MAX_CHARS = 200
# Mobile numbers have ten digits, landlines eleven; an identity card that begins alike has twelve (read 2026-11-20).
PHONE = re.compile(
    r"(?<![\w.])\(?(?:\+?84|0)\)?[ .-]?(?:[35789](?:[ .-]?\d){8}|2(?:[ .()-]{0,2}\d){9})(?!\d)(?![ .-]?\d{3})"
)


class Offered(NamedTuple):
    ticket_id: int
    contact: str


def offered(connection: sa.Connection, message: InboundMessage, *, now: float) -> Offered | None:
    """
    Return the contact in a message as it was typed, and the ticket that it belongs to; None unless this citizen was just
    asked for one. Whoever is not asked has every number masked.
    """
    contact = contact_in(message.text) if message.kind == "text" else None
    if contact is None:
        return None
    citizen_id = citizens.find(connection, channel=message.channel, address=message.address)
    if citizen_id is None or not _is_owed(connection, citizen_id, now=now):
        return None
    query = sa.select(ticket.c.id, ticket.c.contact).where(ticket.c.citizen_id == citizen_id, ticket.c.state == "open")
    row = connection.execute(query.order_by(ticket.c.id.desc()).limit(1)).one_or_none()
    if row is None:
        return None
    return Offered(row.id, contact if row.contact is None else f"{row.contact}; {contact}"[-MAX_CHARS:])


def keep(connection: sa.Connection, given: Offered) -> None:
    connection.execute(sa.update(ticket).where(ticket.c.id == given.ticket_id).values(contact=given.contact))


def contact_in(text: str) -> str | None:
    """
    Return a text that holds a phone number, with that number legible and all others masked; None when it holds none.
    """
    plain = tidy(text[:8000])
    match = PHONE.search(plain)
    if match is None:
        return None
    before, after = mask(plain[: match.start()]), mask(plain[match.end() :])
    # Whatever the words around it, the number is what they are kept for.
    room = MAX_CHARS - len(match[0])
    before = before[-(room // 2) :]
    return f"{before}{match[0]}{after[: room - len(before)]}".strip()


def _is_owed(connection: sa.Connection, citizen_id: int, *, now: float) -> bool:
    """
    Say whether a contact was asked for just now, and none has been given since.
    """
    query = (
        sa.select(delivery.c.body, delivery.c.created_at)
        .where(
            delivery.c.citizen_id == citizen_id,
            delivery.c.state.in_(("sending", "sent", "uncertain")),
            delivery.c.created_at > now - ASKED_WITHIN_SECONDS,
        )
        .order_by(delivery.c.id.desc())
        .limit(ASKED_AMONG)
    )
    asked_at = next((row.created_at for row in connection.execute(query) if row.body.get("asks_contact")), None)
    if asked_at is None:
        return False
    given = sa.select(inbox.c.id).where(
        inbox.c.citizen_id == citizen_id, inbox.c.kind == "contact", inbox.c.received_at >= asked_at
    )
    return connection.execute(given.limit(1)).first() is None
