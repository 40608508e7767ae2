"""
Both sides of a conversation as officers see them: what the citizen wrote, what the assistant and colleagues answered,
what became of each answer, and the files.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa

from bot import attachments
from bot.attachments import File
from bot.database import delivery, inbox
from bot.desk_cases import SAID

Side = Literal["citizen", "bot", "officer", "event"]

PER_PAGE = 60


@dataclass(frozen=True)
class Line:
    """
    One message. `state` is the delivery's, "" for what the citizen sent; `doubts`: tries of which nobody knows how they
    ended. `event` of what is no message: "left", "spoken_over", "taken", …
    """

    key: str
    side: Side
    at: float
    kind: str
    text: str = ""
    state: str = ""
    problem: str = ""
    doubts: int = 0
    officer_id: int | None = None
    choices: tuple[str, ...] = ()
    files: tuple[File, ...] = ()
    links: tuple[str, ...] = ()
    place: tuple[float, float] | None = None
    contact: str | None = None


@dataclass(frozen=True)
class Talk:
    lines: tuple[Line, ...]
    earlier: float | None  # give it as `before` to read on; None: this is all


def read(connection: sa.Connection, citizen_id: int, *, before: float | None = None) -> Talk:
    """
    Return the newest lines of a conversation, or those before a time; oldest first.
    """
    came = _received(connection, citizen_id, before) + _sent(connection, citizen_id, before)
    # At the same moment the question stands before the answer.
    came.sort(key=lambda one: (one.at, one.side != "citizen", int(one.key[1:])))
    shown = came[-PER_PAGE:]
    return Talk(tuple(shown), shown[0].at if len(came) > PER_PAGE else None)


def _received(connection: sa.Connection, citizen_id: int, before: float | None) -> list[Line]:
    columns = (inbox.c.id, inbox.c.kind, inbox.c.text, inbox.c.details, inbox.c.received_at)
    query = sa.select(*columns).where(inbox.c.citizen_id == citizen_id)
    if before is not None:
        query = query.where(inbox.c.received_at < before)
    rows = connection.execute(query.order_by(inbox.c.received_at.desc(), inbox.c.id.desc()).limit(PER_PAGE + 1)).all()
    files = attachments.of_messages(connection, [row.id for row in rows])
    lines = []
    for row in rows:
        said, details = row.kind in SAID, row.details or {}
        lines.append(
            Line(
                f"i{row.id}",
                "citizen" if said else "event",
                row.received_at,
                row.kind,
                row.text,
                files=tuple(files.get(row.id, ())),
                links=tuple(_links(details)),
                place=_place(details),
                contact=details.get("contact"),
            )
        )
    return lines


def _sent(connection: sa.Connection, citizen_id: int, before: float | None) -> list[Line]:
    columns = (
        delivery.c.id, delivery.c.kind, delivery.c.body, delivery.c.state, delivery.c.problem, delivery.c.uncertain,
        delivery.c.officer_id, delivery.c.created_at,
    )  # fmt: skip
    query = sa.select(*columns).where(delivery.c.citizen_id == citizen_id)
    if before is not None:
        query = query.where(delivery.c.created_at < before)
    rows = connection.execute(query.order_by(delivery.c.created_at.desc(), delivery.c.id.desc()).limit(PER_PAGE + 1))
    sides: dict[str, Side] = {"officer": "officer", "taken": "event", "handed_back": "event"}
    return [
        Line(
            f"d{row.id}",
            sides.get(row.kind, "bot"),
            row.created_at,
            row.kind,
            row.body["text"],
            row.state,
            row.problem or "",
            row.uncertain,
            row.officer_id,
            tuple(one["title"] for one in row.body.get("buttons", ())),
        )
        for row in rows
    ]


def _links(details: dict[str, Any]) -> list[str]:
    """
    Return the addresses of cards; an officer sees them as text and opens none by accident.
    """
    return [str(one.get("url") or "") for one in details.get("attachments", ()) if one.get("kind") == "link"]


def _place(details: dict[str, Any]) -> tuple[float, float] | None:
    found = details.get("place")
    return (found["latitude"], found["longitude"]) if found else None
