"""
Remembers each InboundMessage once, and hands out the oldest unanswered one of a conversation.

A conversation is answered by one executor at a time, named in citizen.answering_by: whoever stores the first unanswered
message takes it, and goes on until none is left. `accept` and `finish` both hold the Citizen's row, so that a message
that arrives while the last one ends is either taken by the one or seen by the other.
"""

from __future__ import annotations

import functools
import secrets
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, NamedTuple

import sqlalchemy as sa

from bot import attachments, citizens
from bot.database import citizen, inbox, insert
from bot.delivery import ledger
from bot.messages import Attachment, Happening, InboundMessage, Place


class Work(NamedTuple):
    """
    One message to answer, and the name under which DBOS remembers that it is being answered; or, with `words_to`, what
    officers wrote to a Citizen and is not sent yet: there is no message then, and DBOS does not know of it.
    """

    inbox_id: int
    work_id: str
    words_to: int | None = None


class Accepted(NamedTuple):
    fresh: bool  # False when the platform repeated a message that we have
    work: Work | None  # what the caller must start now


class Waiting(NamedTuple):
    """
    A message that is being answered, with what is needed of its Citizen.
    """

    id: int
    citizen_id: int
    dialogue_id: str
    channel: str
    address: str
    ward: str
    message_id: str
    kind: str
    text: str
    payload: str | None
    details: dict[str, Any] | None
    state: str
    failures: int
    received_at: float
    turns: int
    noticed_at: float | None
    interacted_at: float | None
    quota_left: int | None
    left_at: float | None
    silent_until: float | None
    delayed_at: float | None
    switched_off_at: float | None
    desk_by: int | None
    desk_at: float | None

    @property
    def attachments(self) -> tuple[Attachment, ...]:
        return tuple(Attachment(**one) for one in (self.details or {}).get("attachments", ()))

    @property
    def place(self) -> Place | None:
        found = (self.details or {}).get("place")
        return Place(**found) if found else None

    @property
    def contact(self) -> str | None:
        found: str | None = (self.details or {}).get("contact")
        return found


class Fragment(NamedTuple):
    """
    A text that waits, and when it was written: the pieces of a burst.
    """

    id: int
    message_id: str
    kind: str
    text: str
    received_at: float
    written_at: float


def accept(connection: sa.Connection, message: InboundMessage, *, executor: str, now: float) -> Accepted:
    """
    Store the message unless it is there already. The same for every repetition, in any order.
    """
    person = citizens.see(connection, ward=message.ward, channel=message.channel, address=message.address, now=now)
    work_id = secrets.token_hex(8)
    values = {
        "citizen_id": person.id,
        "channel": message.channel,
        "message_id": message.message_id,
        "ward": person.ward,
        "kind": message.kind,
        "text": message.text,
        "payload": message.payload,
        "sequence": message.sequence,
        "sent_at": message.sent_at,
        "details": _details(message),
        "state": "waiting",
        "work_id": work_id,
        "received_at": now,
    }
    inbox_id = connection.execute(_accept(connection.dialect.name), values).scalar_one_or_none()
    if inbox_id is None:
        return Accepted(False, None)
    if message.attachments:
        attachments.note(
            connection, inbox_id, message.attachments, ward=person.ward, channel=message.channel,
            address=message.address, now=now,
        )  # fmt: skip
    free = person.answering_by is None
    citizens.heard_from(
        connection, person.id, executor if free else person.answering_by, sequence=message.sequence, now=now
    )
    return Accepted(True, Work(inbox_id, work_id) if free else None)


def note(connection: sa.Connection, happening: Happening, *, now: float) -> int | None:
    """
    Store something that gets no answer; return its Citizen, or None when it was there already.
    """
    person = citizens.see(
        connection, ward=happening.ward, channel=happening.channel, address=happening.address, now=now
    )
    values = {
        "citizen_id": person.id,
        "channel": happening.channel,
        "message_id": happening.message_id,
        "ward": person.ward,
        "kind": happening.kind,
        "text": "",
        "payload": None,
        "sequence": happening.sequence,
        "sent_at": None,
        "details": None,
        "state": "answered",
        "work_id": secrets.token_hex(8),
        "received_at": now,
    }
    stored = connection.execute(_accept(connection.dialect.name), values).scalar_one_or_none()
    return None if stored is None else person.id


def _details(message: InboundMessage) -> dict[str, Any] | None:
    details: dict[str, Any] = {}
    if message.attachments:
        details["attachments"] = [asdict(one) for one in message.attachments]
    if message.place is not None:
        details["place"] = asdict(message.place)
    if message.contact is not None:
        details["contact"] = message.contact[:200]
    return details or None


@functools.cache
def _accept(dialect: str) -> Any:
    statement = insert(inbox, dialect).on_conflict_do_nothing(index_elements=["channel", "message_id"])
    return statement.returning(inbox.c.id)


_WAITING: sa.Select[Any] = sa.select(
    inbox.c.id,
    inbox.c.citizen_id,
    citizen.c.dialogue_id,
    inbox.c.channel,
    citizen.c.address,
    inbox.c.ward,
    inbox.c.message_id,
    inbox.c.kind,
    inbox.c.text,
    inbox.c.payload,
    inbox.c.details,
    inbox.c.state,
    inbox.c.failures,
    inbox.c.received_at,
    citizen.c.turns,
    citizen.c.noticed_at,
    citizen.c.interacted_at,
    citizen.c.quota_left,
    citizen.c.left_at,
    citizen.c.silent_until,
    citizen.c.delayed_at,
    citizen.c.switched_off_at,
    citizen.c.desk_by,
    citizen.c.desk_at,
)
_WAITING = _WAITING.join_from(inbox, citizen, inbox.c.citizen_id == citizen.c.id).where(
    inbox.c.id == sa.bindparam("which")
)


def get(connection: sa.Connection, inbox_id: int) -> Waiting:
    return Waiting(*connection.execute(_WAITING, {"which": inbox_id}).one())


def waiting_texts(connection: sa.Connection, citizen_id: int) -> list[Fragment]:
    """
    Return the texts that wait at the head of a conversation, in the order of the platform: up to what is no text.
    """
    found: list[Fragment] = []
    for row in connection.execute(_WAITING_TEXTS, {"citizen": citizen_id}):
        if row.kind != "text":
            break
        found.append(Fragment(*row))
    return found


_ORDER = (sa.func.coalesce(inbox.c.sequence, 0), inbox.c.id)
_WAITING_TEXTS = (
    sa.select(
        inbox.c.id,
        inbox.c.message_id,
        inbox.c.kind,
        inbox.c.text,
        inbox.c.received_at,
        sa.func.coalesce(inbox.c.sent_at, inbox.c.received_at).label("written_at"),
    )
    .where(inbox.c.citizen_id == sa.bindparam("citizen"), inbox.c.state == "waiting")
    .order_by(*_ORDER)
    .limit(12)
)


def give_way(connection: sa.Connection, inbox_id: int, *, joined: Sequence[int]) -> Work | None:
    """
    Return an earlier message of the conversation that came after this one and must be answered before it, or None.
    Those `joined` with this one do not count.

    This one then gets a new work id: the work under the old one ends without an answer.
    """
    citizen_id, work_id = connection.execute(
        sa.select(inbox.c.citizen_id, inbox.c.work_id).where(inbox.c.id == inbox_id)
    ).one()
    head = _oldest(connection, citizen_id)
    if head is None or head.inbox_id == inbox_id or head.inbox_id in joined:
        return None
    renew(connection, Work(inbox_id, work_id))
    return head


def join(connection: sa.Connection, fragments: Sequence[int], *, to: int, now: float) -> None:
    """
    Count messages as answered together with another one of the same burst.
    """
    if not fragments:
        return
    statement = sa.update(inbox).where(inbox.c.id.in_(fragments), inbox.c.state == "waiting")
    connection.execute(statement.values(state="answered", joined_to=to, answered_at=now))


def note_failure(connection: sa.Connection, inbox_id: int) -> None:
    connection.execute(sa.update(inbox).where(inbox.c.id == inbox_id).values(failures=inbox.c.failures + 1))


def mark_asked(connection: sa.Connection, inbox_id: int) -> bool:
    """
    waiting → asked: its replies stand in the ledger. False when they stood there before.
    """
    return connection.execute(_ASKED, {"which": inbox_id}).rowcount == 1


_ASKED = sa.update(inbox).where(inbox.c.id == sa.bindparam("which"), inbox.c.state == "waiting").values(state="asked")


def finish(connection: sa.Connection, inbox_id: int, *, executor: str, now: float) -> Work | None:
    """
    asked → answered. Return the next message of the conversation, or None, and then nobody holds it any more.
    """
    citizen_id = connection.execute(_ANSWERED, {"which": inbox_id, "now": now}).scalar_one()
    return go_on(connection, citizen_id, executor=executor)


def go_on(connection: sa.Connection, citizen_id: int, *, executor: str) -> Work | None:
    """
    Return what comes next in a conversation whose work has ended, or None, and then nobody holds it any more.
    """
    citizens.release(connection, citizen_id)
    following = _following(connection, citizen_id)
    if following is not None:
        citizens.hold(connection, citizen_id, executor)
    return following


def _following(connection: sa.Connection, citizen_id: int) -> Work | None:
    """
    Replies that stand in the ledger come first, then what officers wrote, then what is not answered yet.
    """
    row = connection.execute(_OLDEST, {"citizen": citizen_id}).one_or_none()
    if (row is None or row.state == "waiting") and ledger.words_wait(connection, citizen_id):
        return Work(0, "", citizen_id)
    return None if row is None else Work(row.id, row.work_id)


_ANSWERED = (
    sa.update(inbox)
    .where(inbox.c.id == sa.bindparam("which"))
    .values(state="answered", answered_at=sa.bindparam("now"))
    .returning(inbox.c.citizen_id)
)


def _oldest(connection: sa.Connection, citizen_id: int) -> Work | None:
    row = connection.execute(_OLDEST, {"citizen": citizen_id}).one_or_none()
    return None if row is None else Work(row.id, row.work_id)


_OLDEST = (
    sa.select(inbox.c.id, inbox.c.work_id, inbox.c.state)
    .where(inbox.c.citizen_id == sa.bindparam("citizen"), inbox.c.state.in_(("waiting", "asked")))
    .order_by(sa.case((inbox.c.state == "asked", 0), else_=1), *_ORDER)
    .limit(1)
)


def take_over(connection: sa.Connection, executor: str) -> None:
    """
    Answer from now on what any other name held. Only where one worker is all there is: on SQLite.
    """
    connection.execute(
        sa.update(citizen)
        .where(citizen.c.answering_by.is_not(None), citizen.c.answering_by != executor)
        .values(answering_by=executor)
    )


def left_over(connection: sa.Connection, executor: str) -> list[Work]:
    """
    The oldest unanswered message of every conversation that this executor holds, or what officers wrote there.

    After a kill this is what was being answered; DBOS runs what it had begun, the rest is started anew.
    """
    found: list[Work] = []
    for citizen_id in citizens.held_by(connection, executor):
        following = _following(connection, citizen_id)
        if following is None:
            citizens.release(connection, citizen_id)
        else:
            found.append(following)
    return found


def renew(connection: sa.Connection, work: Work) -> Work | None:
    """
    Give a message a new work id: DBOS counts the old work as ended. None when the message is answered by now.
    """
    work_id = secrets.token_hex(8)
    statement = (
        sa.update(inbox)
        .where(inbox.c.id == work.inbox_id, inbox.c.work_id == work.work_id, inbox.c.state != "answered")
        .values(work_id=work_id)
    )
    return Work(work.inbox_id, work_id) if connection.execute(statement).rowcount else None


def depth(connection: sa.Connection) -> tuple[int, float | None]:
    """
    Return how many messages are not answered yet, and when the oldest of them came.
    """
    query = sa.select(sa.func.count(), sa.func.min(inbox.c.received_at)).where(inbox.c.state != "answered")
    count, oldest = connection.execute(query).one()
    return count, oldest
