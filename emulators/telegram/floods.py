"""
Telegram's published pace, as token buckets: about 30 messages a second, one a second per chat, 20 a minute per group.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from emulators.telegram.refusals import too_many
from emulators.telegram.weather import Weather

# (per second, burst). "Short bursts are tolerated": how short is not published.
OVERALL, PER_CHAT, PER_GROUP = (30.0, 30.0), (1.0, 5.0), (20 / 60, 20.0)


class Floods:
    """
    `clock` is the platform's. A call that is refused takes nothing.
    """

    def __init__(self, weather: Weather, clock: Callable[[], float]):
        self._weather, self._clock = weather, clock
        self._buckets: dict[object, tuple[float, float]] = {}
        self._until: dict[int, float] = {}

    def check(self, bot: int, chat: int) -> None:
        """
        Raises:
            Refused: 429 with the seconds to wait.
        """
        now = self._clock()
        if self._weather.flood_seconds > 0:
            self._until[bot] = now + self._weather.flood_seconds
            self._weather.flood_seconds = 0.0
        if self._until.get(bot, 0.0) > now:
            raise too_many(math.ceil(self._until[bot] - now))
        if not self._weather.limits:
            return
        paces = [((bot,), OVERALL), ((bot, chat), PER_CHAT if chat > 0 else PER_GROUP)]
        tokens = [self._tokens(key, pace, now) for key, pace in paces]
        waits = [(1 - have) / pace[0] for have, (_, pace) in zip(tokens, paces, strict=True) if have < 1]
        if waits:
            raise too_many(math.ceil(max(waits)))
        for (key, _), have in zip(paces, tokens, strict=True):
            self._buckets[key] = (have - 1, now)

    def _tokens(self, key: object, pace: tuple[float, float], now: float) -> float:
        have, at = self._buckets.get(key, (pace[1], now))
        return min(pace[1], have + (now - at) * pace[0])
