"""
Pure: which act leads from which state to which, and who may do it.

draft → submitted → approved → sending ⇄ paused → finished; rejected back to draft, cancelled from every state that has
not ended. The two-person rule holds for every kind: nobody approves what they wrote or changed last.
"""

from __future__ import annotations

from typing import Literal

from bot.admin.officers import Officer, Permission
from bot.announcements.announcement import State
from bot.announcements.store import Row
from bot.errors import RequestError
from bot.log import log

Act = Literal[
    "save", "submit", "take_back", "approve", "reject", "start", "pause", "resume", "cancel", "resend", "send", "settle"
]

ARROWS: dict[Act, dict[State, State]] = {
    "save": {"draft": "draft"},
    "submit": {"draft": "submitted"},
    "take_back": {"submitted": "draft"},
    "approve": {"submitted": "approved"},
    "reject": {"submitted": "draft"},
    "send": {"approved": "approved"},  # now, instead of at its time
    "start": {"approved": "sending"},
    "pause": {"sending": "paused"},
    "resume": {"paused": "sending"},
    "cancel": {
        "draft": "cancelled",
        "submitted": "cancelled",
        "approved": "cancelled",
        "sending": "cancelled",
        "paused": "cancelled",
    },
    # What is uncertain goes out again because an officer says so; a finished one then works once more.
    "resend": {"sending": "sending", "paused": "paused", "finished": "sending"},
    "settle": {"sending": "sending", "paused": "paused", "finished": "finished", "cancelled": "cancelled"},
}
NEEDS: dict[Act, Permission] = {
    "save": "announce",
    "submit": "announce",
    "take_back": "announce",
    "approve": "approve",
    "reject": "approve",
    "send": "approve",
}


def after(act: Act, state: State) -> State:
    """
    Return the state that an act leads to.

    Raises:
        RequestError: 409 "announcement.state", when the act means nothing in this state.
    """
    following = ARROWS[act].get(state)
    if following is None:
        raise RequestError(409, "announcement.state", f"cannot {act} what is {state}", fields={"state": state})
    return following


def check(act: Act, row: Row, officer: Officer | None) -> State:
    """
    Return the state that the officer's act leads to. No officer is the program itself, which neither writes nor approves.

    Raises:
        RequestError: 403 "officer.not_allowed" or "announcement.own", 409 "announcement.state". Each is logged.
    """
    try:
        _check_officer(act, row, officer)
        return after(act, row.state)
    except RequestError as error:
        who = officer.id if officer is not None else None
        log.warning("announcement.refused", announcement=row.id, act=act, code=error.code, officer=who)
        raise


def _check_officer(act: Act, row: Row, officer: Officer | None) -> None:
    wards = row.wards_to_answer_for
    if officer is None:
        if act in NEEDS:
            raise RequestError(403, "officer.not_allowed", f"only an officer may {act}")
        return
    if NEEDS.get(act) == "approve":
        # An approver answers for every ward where the text appears.
        allowed = all(officer.may("approve", ward) for ward in wards)
    elif act in NEEDS:
        allowed = officer.may(NEEDS[act], row.announcement.ward)
    else:
        # Stopping what does harm must be possible for whoever is there.
        allowed = officer.may("announce", row.announcement.ward) or officer.may("approve", row.announcement.ward)
    if not allowed:
        raise RequestError(403, "officer.not_allowed", f"not allowed: {act}")
    if act == "approve" and officer.id in (row.author_id, row.changed_by, row.submitted_by):
        raise RequestError(403, "announcement.own", "another officer must approve what you wrote")
