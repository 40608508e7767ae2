"""
The diary: questions that the assistant refused, asked back about in vain, or gave up on, and what officers did with them.

What is stored is masked already (questions.py); nothing here leads back to a citizen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Literal, NamedTuple

import sqlalchemy as sa

from bot import question_groups
from bot.database import inbox, question

State = Literal["open", "done"]
HANDLED: dict[State, tuple[str, ...]] = {"open": ("open", "drafted"), "done": ("answered", "dismissed")}
WEEK_SECONDS = 7 * 86_400.0
# Who got no answer within this time after being asked back got none.
IN_VAIN_SECONDS = 1_800.0
# Newest first; more in one period is grouped from these.
MOST_QUESTIONS = 5_000
_EXAMPLES = 6


class Asked(NamedTuple):
    """
    One question. `outcome` as stored: "clarify", "unanswerable_…" or "error_…".
    """

    id: int
    channel: str
    text: str
    outcome: str
    asked_at: float
    handled: str
    entry: str | None


class Group(NamedTuple):
    """
    Questions that mean the same. `text` is the most typical, `others` some different ways to ask it.
    `handled`: how all of them ended, "drafted" when an officer is at it; `entry`: what answers it now (kind/id).
    """

    ids: list[int]
    text: str
    others: list[str]
    times: int
    channels: list[tuple[str, int]]
    outcomes: list[tuple[str, int]]
    first_at: float
    last_at: float
    this_week: int
    last_week: int
    handled: str
    entry: str | None


def groups(connection: sa.Connection, ward: str, *, state: State, since: float, now: float) -> list[Group]:
    """
    Return the groups that were asked since then, the most asked first. Weeks are the last seven days and those before.
    """
    found = _asked(connection, ward, state=state, since=min(since, now - 2 * WEEK_SECONDS))
    made = []
    for members in question_groups.group([one.text for one in found]):
        everyone = [found[position] for position in members]
        if any(one.asked_at >= since for one in everyone):
            made.append(_group(everyone, since=since, now=now))
    return sorted(made, key=lambda one: (-one.times, -one.last_at))


def handle(
    connection: sa.Connection,
    ward: str,
    ids: Collection[int],
    *,
    handled: Literal["open", "drafted", "answered", "dismissed"],
    officer_id: int,
    entry: str | None = None,
    now: float,
) -> int:
    """
    Say what became of questions of one ward; return of how many. Ids of other wards change nothing.
    """
    values = {"handled": handled, "handled_by": officer_id, "handled_at": now, "entry": entry}
    changed = 0
    some = sorted(ids)
    for begin in range(0, len(some), 500):
        these = question.c.id.in_(some[begin : begin + 500])
        changed += connection.execute(sa.update(question).where(question.c.ward == ward, these).values(values)).rowcount
    return changed


def _asked(connection: sa.Connection, ward: str, *, state: State, since: float) -> list[Asked]:
    failed = question.c.outcome.startswith("unanswerable", autoescape=True) | question.c.outcome.startswith("error")
    query = (
        sa.select(
            question.c.id, question.c.channel, question.c.text, question.c.outcome, question.c.asked_at,
            question.c.handled, question.c.entry,
        )
        .where(question.c.ward == ward, question.c.asked_at >= since, question.c.handled.in_(HANDLED[state]))
        .where(failed | ((question.c.outcome == "clarify") & _in_vain()))
        .order_by(question.c.asked_at.desc(), question.c.id.desc())
        .limit(MOST_QUESTIONS)
    )  # fmt: skip
    return [Asked(*row) for row in connection.execute(query)]


def _in_vain() -> sa.ColumnElement[bool]:
    """
    Nothing was answered to the same citizen soon after.
    """
    mine, later, theirs = inbox.alias("mine"), question.alias("later"), inbox.alias("theirs")
    answered = (
        sa.select(sa.literal(1))
        .select_from(mine)
        .join(theirs, theirs.c.citizen_id == mine.c.citizen_id)
        .join(later, later.c.inbox_id == theirs.c.id)
        .where(
            mine.c.id == question.c.inbox_id,
            theirs.c.id > mine.c.id,
            later.c.outcome == "answered",
            later.c.asked_at <= question.c.asked_at + IN_VAIN_SECONDS,
        )
    )
    return ~sa.exists(answered.correlate(question))


def _group(everyone: Sequence[Asked], *, since: float, now: float) -> Group:
    shown = [one for one in everyone if one.asked_at >= since]
    texts = Counter(one.text for one in shown)
    typical = _typical(texts)
    ended = {one.handled for one in everyone}
    return Group(
        ids=[one.id for one in everyone],
        text=typical,
        others=[text for text, _ in texts.most_common(_EXAMPLES + 1) if text != typical][:_EXAMPLES],
        times=len(shown),
        channels=Counter(one.channel for one in shown).most_common(),
        outcomes=Counter(_outcome(one.outcome) for one in shown).most_common(),
        first_at=min(one.asked_at for one in shown),
        last_at=max(one.asked_at for one in shown),
        this_week=sum(one.asked_at >= now - WEEK_SECONDS for one in everyone),
        last_week=sum(now - 2 * WEEK_SECONDS <= one.asked_at < now - WEEK_SECONDS for one in everyone),
        handled="drafted" if "drafted" in ended else next((one.handled for one in everyone), "open"),
        entry=next((one.entry for one in everyone if one.entry), None),
    )


def _typical(texts: Counter[str]) -> str:
    """
    Return what is asked most; among equals one with marks, and of middling length.
    """
    lengths = sorted(len(one) for one in texts)
    middle = lengths[len(lengths) // 2]
    return min(
        texts, key=lambda one: (-texts[one], question_groups.folded(one) == one.lower(), abs(len(one) - middle), one)
    )


def _outcome(stored: str) -> str:
    return "error" if stored.startswith("error") else stored
