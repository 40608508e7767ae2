"""
A ward's life of many years, for tests of what is kept and for how long.
"""

from __future__ import annotations

import sqlalchemy as sa

from bot import attachments
from bot.admin import audit as audits
from bot.database import (
    Database,
    citizen,
    delivery,
    inbox,
    metadata,
    question,
    satisfaction,
    sign_in,
    ticket,
    web_message,
    wrong_answer,
)
from bot.messages import Attachment

NOW = 1_795_000_000.0
DAY = 86_400.0


def live(connection: sa.Connection, who: str, *, at: float, ticket_state: str = "closed", answered: bool = True) -> int:
    """
    Let a citizen of the web chat ask, be answered, send a file, get a ticket, and report a wrong answer.
    """
    person = _add(
        connection, citizen, ward="hoa-binh", channel="web", address=who, dialogue_id=who, created_at=at, seen_at=at
    )
    message = _add(
        connection, inbox, citizen_id=person, channel="web", message_id=who, ward="hoa-binh", kind="text",
        text=f"câu hỏi của {who}", state="answered" if answered else "waiting", work_id=who, received_at=at,
    )  # fmt: skip
    _add(
        connection, delivery, inbox_id=message, part=0, citizen_id=person, ward="hoa-binh", channel="web", address=who,
        kind="reply", body={"text": f"trả lời {who}"}, state="sent", created_at=at, sent_at=at,
    )  # fmt: skip
    _add(connection, web_message, conversation=who, position=1, key=who, side="citizen", body={"text": who}, at=at)
    _add(
        connection, question, inbox_id=message, ward="hoa-binh", channel="web", text="câu hỏi", outcome="answered",
        entry_ids=["x"], ms=5, asked_at=at,
    )  # fmt: skip
    _add(
        connection, ticket, ward="hoa-binh", channel="web", citizen_id=person, inbox_id=message, reason="asked",
        state=ticket_state, contact="0901 234 567", opened_at=at, closed_at=at if ticket_state == "closed" else None,
    )  # fmt: skip
    _add(
        connection, wrong_answer, inbox_id=message, ward="hoa-binh", channel="web", entry_ids=[], text="sai",
        state="mended", opened_at=at,
    )  # fmt: skip
    _add(connection, satisfaction, inbox_id=message, ward="hoa-binh", channel="web", score=4, at=at)
    sent = [Attachment("image", "https://x.zdn.vn/1")]
    attachments.note(connection, message, sent, ward="hoa-binh", channel="web", address=who, now=at)
    gone = {"state": "gone", "due_at": None}
    connection.execute(
        sa.update(attachments.attachment).where(attachments.attachment.c.inbox_id == message).values(gone)
    )
    return person


def office_life(connection: sa.Connection, *, at: float) -> None:
    _add(connection, sign_in, login="lan", address="::1", ok=True, at=at)
    audits.note(connection, None, ward="hoa-binh", action="content.saved", what="faq/x", now=at)


def left(database: Database) -> dict[str, int]:
    """
    Return how many rows each table has.
    """
    with database.engine.connect() as connection:
        found = {}
        for table in metadata.sorted_tables:
            count = connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            if count:
                found[table.name] = count
        return found


def _add(connection: sa.Connection, table: sa.Table, **values: object) -> int:
    return connection.execute(sa.insert(table).values(values)).inserted_primary_key[0]  # type: ignore[index]
