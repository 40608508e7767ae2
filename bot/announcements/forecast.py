"""
Before approval: how many citizens an announcement will reach, who cannot be reached, and what would reach them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import sqlalchemy as sa

from bot.announcements import audience
from bot.announcements.announcement import PUBLISHED, Announcement
from bot.channels.base import Channel, Reach
from bot.database import citizen
from bot.delivery.pacing import PER_ACCOUNT, RESERVED_FOR_REPLIES, Pace


class ChannelForecast(NamedTuple):
    """
    `closed`: why the platform takes no message to them now ("window.closed", "quota.used_up" …) → citizens.
    """

    channel: str
    open: int
    closed: Mapping[str, int]
    left: int
    per_second: float | None  # the pace; None where there is no limit

    @property
    def people(self) -> int:
        return self.open + sum(self.closed.values()) + self.left


class Forecast(NamedTuple):
    """
    `seconds`: how long the messages take at the accounts' pace. `instead`: outlets that reach who gets no message.
    `starts_at`: when messages may begin, after quiet hours. `problems`: codes of what an officer should know.
    """

    channels: tuple[ChannelForecast, ...]
    outlets: tuple[str, ...]  # where it is published
    instead: tuple[str, ...]
    seconds: float
    starts_at: float
    problems: tuple[str, ...]

    @property
    def open(self) -> int:
        return sum(one.open for one in self.channels)

    @property
    def closed(self) -> int:
        return sum(sum(one.closed.values()) for one in self.channels)

    @property
    def left(self) -> int:
        return sum(one.left for one in self.channels)

    @property
    def people(self) -> int:
        return sum(one.people for one in self.channels)


# How long ago a citizen last acted, in steps that the platforms' windows know, each with a moment inside it.
_DAY = 86_400.0
_STEPS: tuple[tuple[float, float], ...] = ((_DAY, _DAY / 2), (2 * _DAY, 1.5 * _DAY), (7 * _DAY, 4 * _DAY))
_LONG_AGO = 30 * _DAY


def forecast(
    connection: sa.Connection,
    announcement: Announcement,
    channels: Mapping[str, Channel],
    *,
    starts_at: float,
    problems: Sequence[str] = (),
    pace: Mapping[str, Pace] = PER_ACCOUNT,
    now: float,
) -> Forecast:
    """
    Count the citizens whom the rule selects, in groups that one platform treats alike.
    """
    found: dict[str, ChannelForecast] = {}
    accounts: dict[str, set[str]] = {}
    if "messages" in announcement.outlets:
        for group in connection.execute(_groups(announcement, now=now)):
            channel = channels.get(group.channel)
            one = found.get(group.channel) or ChannelForecast(group.channel, 0, {}, 0, _pace(group.channel, pace))
            accounts.setdefault(group.channel, set()).add(group.address.partition("/")[0])
            if group.left:
                one = one._replace(left=one.left + group.people)
            else:
                acted = None if group.step is None else now - group.step
                why = "channel.unknown"
                if channel is not None:
                    why = channel.closed(group.address, Reach(acted, group.quota_left), now=now) or ""
                if why:
                    one = one._replace(closed={**one.closed, why: one.closed.get(why, 0) + group.people})
                else:
                    one = one._replace(open=one.open + group.people)
            found[group.channel] = one
    ordered = tuple(found[name] for name in sorted(found))
    seconds = max(
        (one.open / (one.per_second * max(1, len(accounts[one.channel]))) for one in ordered if one.per_second),
        default=0.0,
    )
    outlets = tuple(one for one in announcement.outlets if one in PUBLISHED)
    missed = any(one.closed or one.left for one in ordered)
    instead = tuple(one for one in (*PUBLISHED, "loudspeaker") if one not in announcement.outlets) if missed else ()
    return Forecast(ordered, outlets, instead, seconds, starts_at, tuple(problems))


def _pace(channel: str, pace: Mapping[str, Pace]) -> float | None:
    found = pace.get(channel)
    return None if found is None else found.per_second * (1 - RESERVED_FOR_REPLIES)


def _groups(announcement: Announcement, *, now: float) -> sa.Select[tuple[object, ...]]:
    ago = now - citizen.c.interacted_at
    whens = [
        (citizen.c.interacted_at.is_(None), sa.null()),
        *((ago <= until, sa.literal(inside)) for until, inside in _STEPS),
    ]
    step = sa.case(*whens, else_=sa.literal(_LONG_AGO)).label("step")
    left = citizen.c.left_at.is_not(None).label("left")
    keys = sa.select(citizen.c.channel, citizen.c.ward, citizen.c.address, citizen.c.quota_left, step, left).where(
        audience.selects(announcement.wards, announcement.audience, also_left=True)
    )
    one = keys.subquery()
    grouped = (one.c.channel, one.c.ward, one.c.step, one.c.quota_left, one.c.left)
    counted = sa.select(*grouped, sa.func.min(one.c.address).label("address"), sa.func.count().label("people"))
    return counted.group_by(*grouped)
