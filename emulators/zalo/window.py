"""
Who may be messaged, and on whose account: 48 hours free, 7 days against money, then nothing. Pure.
"""

from __future__ import annotations

from typing import NamedTuple

from emulators.zalo.refusals import Refused
from emulators.zalo.weather import Weather
from emulators.zalo.world import Account, User

HOUR = 3600
FREE_SECONDS = 48 * HOUR
OPEN_SECONDS = 7 * 24 * HOUR
INACTIVE_SECONDS = 45 * 24 * HOUR
VIETNAM_SECONDS = 7 * HOUR  # UTC+7, no summer time


class Frame(NamedTuple):
    """
    What one message is counted against. `remain` and `total` are None where nothing is counted.
    """

    quota_type: str
    remain: int | None
    total: int | None
    expires_at: float


def night(now: float) -> bool:
    """
    22:00-05:59 in Vietnam.
    """
    hour = (now + VIETNAM_SECONDS) % 86400 // HOUR
    return hour >= 22 or hour < 6


def free_left(user: User, weather: Weather, now: float) -> int | None:
    """
    Return how many free messages are left; None when they are not counted.
    """
    if user.interacted_at is None or now - user.interacted_at > FREE_SECONDS:
        return 0
    return max(0, weather.free_messages - user.used) if weather.free_messages else None


def frame(account: Account, user: User | None, weather: Weather, now: float) -> Frame:
    """
    Return what a consultation message to this citizen would be counted against now. `user` None: never seen.

    Raises:
        Refused: It is not taken.
    """
    if user is not None and user.trouble:
        raise Refused(user.trouble)
    if user is not None and user.blocked:
        raise Refused(-217)
    if user is not None and user.left:
        raise Refused(-213)
    if user is None or user.interacted_at is None:
        raise Refused(int(weather.stranger))
    if not weather.cs_at_night and night(now):
        raise Refused(-234)
    silent = now - user.interacted_at
    if silent > INACTIVE_SECONDS:
        raise Refused(-227)
    if silent > OPEN_SECONDS:
        raise Refused(int(weather.silent))
    ends = user.interacted_at + (FREE_SECONDS if silent <= FREE_SECONDS else OPEN_SECONDS)
    left = free_left(user, weather, now)
    if left is None:
        return Frame("reply", None, None, ends)
    if left > 0:
        return Frame("reply", left - 1, weather.free_messages, ends)
    if silent <= FREE_SECONDS and weather.over_free != "wallet":
        raise Refused(int(weather.over_free))
    if account.package_messages > 0:
        return Frame("sub_quota", account.package_messages - 1, None, ends)
    if account.wallet == "none":
        raise Refused(-320)
    if account.wallet == "empty":
        raise Refused(-321)
    return Frame("purchase_quota", None, None, ends)


def spend(account: Account, user: User, taken: Frame) -> None:
    """
    Count a message that was sent.
    """
    user.used += 1
    if taken.quota_type == "sub_quota":
        account.package_messages -= 1
