"""
What was asked and how it ended, for writing new FAQs. Long numbers never get this far.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from bot.database import insert, question
from bot.masking import mask


def record(
    connection: sa.Connection,
    *,
    inbox_id: int,
    ward: str,
    channel: str,
    text: str,
    outcome: str,
    entry_ids: Sequence[str],
    part: str | None,
    ms: int,
    now: float,
) -> None:
    """
    Remember one question; once per message.
    """
    values = {
        "inbox_id": inbox_id,
        "ward": ward,
        "channel": channel,
        "text": mask(text),
        "outcome": outcome[:64],
        "entry_ids": list(entry_ids),
        "part": part[:64] if part else None,
        "ms": ms,
        "asked_at": now,
    }
    connection.execute(_record(connection.dialect.name), values)


@functools.cache
def _record(dialect: str) -> Any:
    return insert(question, dialect).on_conflict_do_nothing(index_elements=["inbox_id"])
