"""
How many questions there were and how they ended: by day, hour, channel and entry. Counted in SQL.

Only what was meant as a question counts: not greetings, files, or what a person answered.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import sqlalchemy as sa

from bot.database import question, satisfaction, wrong_answer

Ending = Literal["answered", "asked_back", "refused"]
ENDINGS: tuple[Ending, ...] = ("answered", "asked_back", "refused")
UTC_OFFSET_SECONDS = 7 * 3600  # Vietnam has no summer time
DAY_SECONDS = 86_400


class Tally(NamedTuple):
    answered: int = 0
    asked_back: int = 0
    refused: int = 0

    @property
    def all(self) -> int:
        return self.answered + self.asked_back + self.refused

    def plus(self, ending: Ending, times: int) -> Tally:
        return self._replace(**{ending: getattr(self, ending) + times})


@dataclass(frozen=True)
class Statistics:
    """
    `days` are day numbers since 1970 in Vietnam, all of the period; `entries` are (id, times answered from it).
    `scores`: how often each of 1 … 5 was given.
    """

    total: Tally
    days: dict[int, Tally]
    hours: dict[int, Tally]
    channels: dict[str, Tally]
    entries: list[tuple[str, int]]
    reported: int
    scores: Counter[int] = field(default_factory=Counter)


def day_of(at: float) -> int:
    """
    Return the number of a day in Vietnam, counted from 1970-01-01.
    """
    return int(at + UTC_OFFSET_SECONDS) // DAY_SECONDS


def count(connection: sa.Connection, ward: str, *, days: int, now: float, top: int = 10) -> Statistics:
    """
    Count the last so many days of a ward, today included.
    """
    last = day_of(now)
    first = last - days + 1
    since = float(first * DAY_SECONDS - UTC_OFFSET_SECONDS)
    seconds = sa.cast(question.c.asked_at + UTC_OFFSET_SECONDS, sa.BigInteger)
    period = (question.c.ward == ward, question.c.asked_at >= since)
    day, hour = (seconds // DAY_SECONDS).label("day"), (seconds % DAY_SECONDS // 3600).label("hour")
    ended = (day, hour, question.c.channel, question.c.outcome)
    found = connection.execute(sa.select(*ended, sa.func.count()).where(*period).group_by(*ended))
    total = Tally()
    by_day = {one: Tally() for one in range(first, last + 1)}
    by_hour = {one: Tally() for one in range(24)}
    by_channel: dict[str, Tally] = defaultdict(Tally)
    for of_day, of_hour, channel, outcome, times in found:
        ending = ending_of(outcome)
        if ending is None:
            continue
        total = total.plus(ending, times)
        by_day[int(of_day)] = by_day.get(int(of_day), Tally()).plus(ending, times)
        by_hour[int(of_hour)] = by_hour[int(of_hour)].plus(ending, times)
        by_channel[channel] = by_channel[channel].plus(ending, times)
    reported = sa.select(sa.func.count()).where(wrong_answer.c.ward == ward, wrong_answer.c.opened_at >= since)
    scores = sa.select(satisfaction.c.score, sa.func.count()).where(
        satisfaction.c.ward == ward, satisfaction.c.at >= since
    )
    return Statistics(
        total,
        dict(sorted(by_day.items())),
        by_hour,
        dict(sorted(by_channel.items(), key=lambda one: (-one[1].all, one[0]))),
        _entries(connection, period, top),
        connection.execute(reported).scalar_one(),
        Counter({int(score): times for score, times in connection.execute(scores.group_by(satisfaction.c.score))}),
    )


def ending_of(outcome: str) -> Ending | None:
    """
    Return which of the three endings a stored outcome is; None for what is no question.
    """
    if outcome == "answered":
        return "answered"
    if outcome == "clarify":
        return "asked_back"
    return "refused" if outcome.startswith(("unanswerable", "error")) else None


def _entries(connection: sa.Connection, period: tuple[sa.ColumnElement[bool], ...], top: int) -> list[tuple[str, int]]:
    ids = sa.cast(question.c.entry_ids, sa.Text).label("ids")
    query = sa.select(ids, sa.func.count()).where(*period, question.c.outcome == "answered").group_by(ids)
    counted: Counter[str] = Counter()
    for stored, times in connection.execute(query):
        named = json.loads(stored)
        if named:
            counted[named[0]] += times  # the others are further names of the same entry
    return sorted(counted.items(), key=lambda one: (-one[1], one[0]))[:top]
