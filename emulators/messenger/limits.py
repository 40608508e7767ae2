"""
How often a Page may call, and the headers that say how much of it is used.
"""

from __future__ import annotations

import json
from collections import deque

from emulators.messenger.errors import GraphError
from emulators.messenger.pages import Page, Thread
from emulators.messenger.weather import Weather

DAY_SECONDS = 24 * 3600
PROFILE_CALLS, PROFILE_SECONDS = 10, 600


def full(times: deque[float], most: int, seconds: float, now: float) -> bool:
    """
    Forget what is older than `seconds`, and say whether `most` are left.
    """
    while times and times[0] <= now - seconds:
        times.popleft()
    return len(times) >= most


def count_send(thread: Thread, weather: Weather, *, media: bool, monotonic: float, now: float) -> None:
    """
    Count one call of the Send API against the limits of a day, a second and a thread.

    Raises:
        GraphError: `weather.burst_as`; the call is then not counted.
    """
    page = thread.page
    if weather.quota_per_person and full(page.calls, quota(page, weather), DAY_SECONDS, now):
        raise GraphError(weather.burst_as)
    seconds: list[tuple[deque[float], int]] = [(page.recent_sends, weather.per_second)]
    if media:
        seconds.append((page.recent_media, weather.media_per_second))
    if weather.thread_per_second:
        seconds.append((thread.recent_sends, weather.thread_per_second))
    if any(most and full(times, most, 1.0, monotonic) for times, most in seconds):
        raise GraphError(weather.burst_as)
    for times, most in seconds:
        if most:
            times.append(monotonic)
    if weather.quota_per_person:
        page.calls.append(now)


def count_profile_call(page: Page, *, now: float) -> None:
    if full(page.profile_calls, PROFILE_CALLS, PROFILE_SECONDS, now):
        raise GraphError("613")
    page.profile_calls.append(now)


def quota(page: Page, weather: Weather) -> int:
    return weather.quota_per_person * max(1, page.engaged)


def usage_headers(page: Page, weather: Weather, *, now: float) -> dict[str, str]:
    """
    X-App-Usage and X-Business-Use-Case-Usage, in percent; minutes until access is regained when nothing is left.
    """
    percent = weather.usage_percent
    minutes = 0
    if weather.quota_per_person and page.calls:
        percent = max(percent, len(page.calls) * 100 // quota(page, weather))
        if percent >= 100:
            minutes = max(1, int((page.calls[0] + DAY_SECONDS - now) // 60) + 1)
    usage = {"call_count": percent, "total_cputime": percent // 4, "total_time": percent // 4}
    case = {"type": "messenger", **usage, "estimated_time_to_regain_access": minutes}
    return {
        "X-App-Usage": json.dumps(usage),
        "X-Business-Use-Case-Usage": json.dumps({page.business_id: [case]}),
    }
