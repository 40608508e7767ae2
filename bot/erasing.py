"""
Erases what a citizen wrote and what was answered. The rows stay, without words, so that a repeated event is still known.
"""

from __future__ import annotations

import secrets

import sqlalchemy as sa

from bot import attachments
from bot.announcements import subscriptions
from bot.database import citizen, delivery, inbox, question, ticket, web_message, wrong_answer

ERASED = ""


def erase(connection: sa.Connection, citizen_id: int) -> None:
    """
    Erase everything that one Citizen said and was told, in all tables; messages that wait are not answered any more.
    """
    own = sa.select(inbox.c.id).where(inbox.c.citizen_id == citizen_id)
    connection.execute(sa.delete(question).where(question.c.inbox_id.in_(own)))
    connection.execute(sa.delete(wrong_answer).where(wrong_answer.c.inbox_id.in_(own)))
    connection.execute(
        sa.update(inbox)
        .where(inbox.c.citizen_id == citizen_id)
        .values(text=ERASED, payload=None, details=None, state="answered")
    )
    connection.execute(sa.update(delivery).where(delivery.c.citizen_id == citizen_id).values(body={"text": ERASED}))
    undone = delivery.c.state.in_(("due", "sending"))
    connection.execute(
        sa.update(delivery).where(delivery.c.citizen_id == citizen_id, undone).values(state="failed", problem="erased")
    )
    connection.execute(sa.update(ticket).where(ticket.c.citizen_id == citizen_id).values(contact=None))
    attachments.erase(connection, citizen_id)
    subscriptions.forget(connection, citizen_id)
    address = sa.select(citizen.c.address).where(citizen.c.id == citizen_id, citizen.c.channel == "web")
    connection.execute(sa.delete(web_message).where(web_message.c.conversation.in_(address)))
    # Another name for Rasa: what it remembers of the old one belongs to nobody.
    connection.execute(
        sa.update(citizen)
        .where(citizen.c.id == citizen_id)
        .values(answering_by=None, noticed_at=None, turns=0, dialogue_id=secrets.token_hex(16))
    )
