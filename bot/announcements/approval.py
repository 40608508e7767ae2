"""
What officers do with an announcement, each act one transaction, checked by states.py and noted in the audit.

Submitting freezes the text; approving names the hash of what the approver was shown, so that nothing else is approved.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import sqlalchemy as sa

from bot.admin import audit
from bot.admin.officers import Officer
from bot.announcements import states, store
from bot.announcements.announcement import Announcement
from bot.announcements.freezing import Renditions, digest, freeze, untouched
from bot.announcements.store import Row
from bot.announcements.tables import announcement as table
from bot.announcements.tables import publication, recipient
from bot.errors import RequestError
from bot.log import log

MAX_REASON = 500


class Reached(NamedTuple):
    """
    How far a cancelled announcement had come.
    """

    sent: int
    uncertain: int
    published: int


def save_draft(
    connection: sa.Connection,
    announcement: Announcement,
    officer: Officer,
    *,
    expected_version: int | None,
    now: float,
) -> Row:
    """
    Save a draft as `store.save_draft`, if the officer may write for its ward.

    Raises:
        RequestError: As there, and 403 "officer.not_allowed".
    """
    before = store.found(connection, announcement.id, hold=True) if announcement.id else None
    ward = before.ward if before is not None else announcement.ward
    if not officer.may("announce", ward):
        raise RequestError(403, "officer.not_allowed", "not allowed: announce")
    if before is not None:
        states.check("save", before, officer)
    wards = tuple(dict.fromkeys((ward, *announcement.wards)))
    row = store.save_draft(
        connection, replace(announcement, ward=ward, wards=wards), expected_version, officer.id, now=now
    )
    if before is None:
        _note(connection, row, officer, "announcement.created", now=now, after={"title": row.announcement.title})
    return row


def submit(
    connection: sa.Connection,
    announcement_id: int,
    officer: Officer,
    *,
    expected_version: int | None,
    renditions: Mapping[str, Renditions],
    now: float,
) -> Row:
    """
    Freeze a draft with its renditions (ward → outlet → fields) and hand it to the approvers.

    Raises:
        RequestError: 409 "announcement.changed", when the draft is no longer the version that the renditions show.
    """
    row = store.found(connection, announcement_id, hold=True)
    state = states.check("submit", row, officer)
    if expected_version is not None and expected_version != row.version:
        raise RequestError(
            409, "announcement.changed", "changed by somebody else", fields={"version": str(row.version)}
        )
    frozen = freeze(row, renditions)
    values = {"state": state, "frozen": frozen, "hash": digest(frozen), "submitted_at": now, "submitted_by": officer.id}
    store.change(connection, announcement_id, **values, reason=None)
    _note(connection, row, officer, "announcement.submitted", now=now, after={"hash": values["hash"]})
    return store.found(connection, announcement_id)


def take_back(connection: sa.Connection, announcement_id: int, officer: Officer, *, now: float) -> Row:
    """
    Make a draft again of what nobody has approved yet.
    """
    row = store.found(connection, announcement_id, hold=True)
    state = states.check("take_back", row, officer)
    store.change(connection, announcement_id, state=state, frozen=None, hash=None)
    _note(connection, row, officer, "announcement.taken_back", now=now)
    return store.found(connection, announcement_id)


def approve(
    connection: sa.Connection, announcement_id: int, officer: Officer, *, hash_seen: str, approval_key: str, now: float
) -> Row:
    """
    Approve exactly what the officer was shown. A form's `approval_key` counts once, whatever it is for.

    Raises:
        RequestError: 409 "announcement.replayed", "announcement.changed" or "announcement.state";
            403 "announcement.own" or "officer.not_allowed". Each is logged.
    """
    row = store.found(connection, announcement_id, hold=True)
    used = connection.execute(sa.select(table.c.id).where(table.c.approval_key == approval_key)).first()
    if not approval_key or used is not None:
        raise _logged(row, officer, RequestError(409, "announcement.replayed", "this form was used before"))
    state = states.check("approve", row, officer)
    if not untouched(row) or not hmac.compare_digest(row.hash or "", hash_seen):
        raise _logged(row, officer, RequestError(409, "announcement.changed", "this is not the text that was shown"))
    due = row.announcement.send_at
    values = {"state": state, "approved_at": now, "approved_by": officer.id, "approval_key": approval_key[:64],
              "send_at": now if due is None else max(now, due), "reason": None}  # fmt: skip
    store.change(connection, announcement_id, **values)
    _note(connection, row, officer, "announcement.approved", now=now, after={"hash": row.hash})
    return store.found(connection, announcement_id)


def send_now(connection: sa.Connection, announcement_id: int, officer: Officer, *, now: float) -> Row:
    """
    Send an approved one now instead of at its time.
    """
    row = store.found(connection, announcement_id, hold=True)
    state = states.check("send", row, officer)
    store.change(connection, announcement_id, state=state, send_at=now)
    _note(connection, row, officer, "announcement.hurried", now=now)
    return store.found(connection, announcement_id)


def reject(connection: sa.Connection, announcement_id: int, officer: Officer, *, reason: str, now: float) -> Row:
    """
    Give it back to its author with a reason; what was frozen melts.
    """
    row = store.found(connection, announcement_id, hold=True)
    state = states.check("reject", row, officer)
    reason = _reason(reason)
    values = {"state": state, "frozen": None, "hash": None, "rejected_at": now, "rejected_by": officer.id}
    store.change(connection, announcement_id, **values, reason=reason)
    _note(connection, row, officer, "announcement.rejected", now=now, after={"reason": reason, "hash": row.hash})
    return store.found(connection, announcement_id)


def cancel(connection: sa.Connection, announcement_id: int, officer: Officer, *, reason: str, now: float) -> Reached:
    """
    Stop it for ever, and say how far it had come. No message is begun after this transaction.
    """
    row = store.found(connection, announcement_id, hold=True)
    state = states.check("cancel", row, officer)
    reason = _reason(reason)
    store.change(connection, announcement_id, state=state, cancelled_by=officer.id, reason=reason, finished_at=now)
    unsent = sa.update(publication).where(
        publication.c.announcement_id == announcement_id, publication.c.state == "due"
    )
    connection.execute(unsent.values(state="cancelled"))
    # Its repetitions are the same text: whoever stops one means all that are still to come.
    family = row.repeats or row.id
    copies = sa.update(table).where((table.c.repeats == family) & (table.c.state == "approved"))
    later = connection.execute(
        copies.values(state="cancelled", cancelled_by=officer.id, reason=reason, finished_at=now)
    ).rowcount
    reached = how_far(connection, announcement_id)
    _note(connection, row, officer, "announcement.cancelled", now=now,
          after={"reason": reason, "from": row.state, "repetitions": later, **reached._asdict()})  # fmt: skip
    return reached


def pause(
    connection: sa.Connection, announcement_id: int, officer: Officer | None, *, reason: str | None = None, now: float
) -> Row:
    """
    Hold back what is not begun. Without an officer the program itself stops, with a reason.
    """
    row = store.found(connection, announcement_id, hold=True)
    state = states.check("pause", row, officer)
    store.change(connection, announcement_id, state=state, reason=reason[:MAX_REASON] if reason else None)
    _note(connection, row, officer, "announcement.paused", now=now, after={"reason": reason} if reason else None)
    return store.found(connection, announcement_id)


def resume(connection: sa.Connection, announcement_id: int, officer: Officer, *, now: float) -> Row:
    row = store.found(connection, announcement_id, hold=True)
    state = states.check("resume", row, officer)
    store.change(connection, announcement_id, state=state, reason=None)
    _note(connection, row, officer, "announcement.resumed", now=now)
    return store.found(connection, announcement_id)


def resend_uncertain(connection: sa.Connection, announcement_id: int, officer: Officer, *, now: float) -> int:
    """
    Let the messages go out again of which nobody knows whether they arrived; return how many. An officer takes the
    responsibility: some citizens may get them twice. Publications are never repeated so.
    """
    row = store.found(connection, announcement_id, hold=True)
    state = states.check("resend", row, officer)
    unsure = sa.update(recipient).where(
        recipient.c.announcement_id == announcement_id, recipient.c.state == "uncertain"
    )
    count: int = connection.execute(unsure.values(state="due", problem=None, claimed_at=None)).rowcount
    if not count:
        return 0
    changed: dict[str, Any] = {"state": state}
    if row.state == "finished":
        changed |= {"finished_at": None, "work_id": None}
    store.change(connection, announcement_id, **changed)
    _note(connection, row, officer, "announcement.resent", now=now, after={"messages": count})
    return count


def how_far(connection: sa.Connection, announcement_id: int) -> Reached:
    messages = _counts(connection, recipient, announcement_id)
    posts = _counts(connection, publication, announcement_id)
    return Reached(
        messages.get("sent", 0), messages.get("uncertain", 0) + messages.get("sending", 0), posts.get("sent", 0)
    )


def _counts(connection: sa.Connection, table_of: sa.Table, announcement_id: int) -> dict[str, int]:
    query = sa.select(table_of.c.state, sa.func.count()).where(table_of.c.announcement_id == announcement_id)
    return {row[0]: row[1] for row in connection.execute(query.group_by(table_of.c.state))}


def _reason(text: str) -> str:
    text = " ".join(text.split())[:MAX_REASON]
    if not text:
        raise RequestError(
            422, "announcement.incomplete", "a reason is needed", fields={"reason": "Anh/chị ghi lý do."}
        )
    return text


def _logged(row: Row, officer: Officer, error: RequestError) -> RequestError:
    log.warning("announcement.refused", announcement=row.id, act="approve", code=error.code, officer=officer.id)
    return error


def _note(
    connection: sa.Connection, row: Row, officer: Officer | None, action: str, *, now: float, after: Any = None
) -> None:
    audit.note(connection, officer, ward=row.ward, action=action, what=f"announcement/{row.id}", after=after, now=now)
    log.info(action, announcement=row.id, ward=row.ward, officer=officer.id if officer is not None else None)
