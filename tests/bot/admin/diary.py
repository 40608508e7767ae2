"""
Questions and reports for tests of the diary and of the statistics.
"""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from bot.database import Database, citizen, inbox, question, wrong_answer
from tests.bot.admin.building import NOW

DAY = 86_400.0


def ask(
    database: Database,
    texts: Iterable[str],
    *,
    outcome: str = "unanswerable_no_passage",
    ward: str = "hoa-binh",
    channel: str = "web",
    at: float = NOW - 3600,
    entry_ids: Iterable[str] = (),
    who: str = "u",
) -> list[int]:
    """
    Let a citizen ask, a minute after each other, and return the questions' ids.
    """
    with database.engine.begin() as connection:
        found = connection.execute(sa.select(citizen.c.id).where(citizen.c.address == who)).scalar()
        if found is None:
            row = {
                "ward": ward,
                "channel": channel,
                "address": who,
                "dialogue_id": who,
                "created_at": at,
                "seen_at": at,
            }
            found = connection.execute(sa.insert(citizen).values(row)).inserted_primary_key[0]  # type: ignore[index]
        ids = []
        for number, text in enumerate(texts):
            last = connection.execute(sa.select(sa.func.max(inbox.c.id))).scalar() or 0
            message = connection.execute(
                sa.insert(inbox).values(
                    citizen_id=found, channel=channel, message_id=f"m{last + 1}", ward=ward, kind="text", text=text,
                    state="answered", work_id=f"w{last}", received_at=at,
                )
            ).inserted_primary_key[0]  # type: ignore[index]  # fmt: skip
            values = {
                "inbox_id": message, "ward": ward, "channel": channel, "text": text, "outcome": outcome,
                "entry_ids": list(entry_ids), "ms": 5, "asked_at": at + 60 * number,
            }  # fmt: skip
            ids.append(connection.execute(sa.insert(question).values(values)).inserted_primary_key[0])  # type: ignore[index]
    return ids


def report(database: Database, text: str, entry_ids: list[str], *, ward: str = "hoa-binh", number: int = 900) -> None:
    values = {
        "inbox_id": number, "ward": ward, "channel": "zalo", "entry_ids": entry_ids, "text": text, "state": "open",
        "opened_at": NOW - 7200,
    }  # fmt: skip
    with database.engine.begin() as connection:
        connection.execute(sa.insert(wrong_answer).values(values))
