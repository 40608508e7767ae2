"""
Brings updates to the webhooks: with the secret, up to max_connections at once, again and again until they are taken.

With one connection an update that is not taken holds up the others; with more there is no order across them.
"""

from __future__ import annotations

import asyncio
import heapq
import json
import random
from collections import deque
from collections.abc import Callable, Coroutine
from typing import Any

import aiohttp

from emulators.telegram.weather import Weather
from emulators.telegram.world import Bot, Delivery, Shape, Update

# "A reasonable number of attempts" is all that is published; updates are kept for a day.
FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS = 1.0, 60.0
KEPT_SECONDS = 24 * 3600.0
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 (its name)
Execute = Callable[[Bot, Shape], Coroutine[Any, Any, None]]


class Lane:
    """
    What waits for the webhook of one bot. `later` holds (loop time, number, update).
    """

    def __init__(self) -> None:
        self.ready: deque[Update] = deque()
        self.later: list[tuple[float, int, Update]] = []
        self.flying: set[int] = set()  # numbers of updates
        self.paused_until = 0.0
        self.timer: asyncio.TimerHandle | None = None


class Courier:
    """
    Lives in the loop of the served app. `clock` is the platform's time, `speed` divides all waits.
    `execute` runs a method that a webhook's answer asks for.
    """

    def __init__(
        self,
        weather: Weather,
        *,
        clock: Callable[[], float],
        speed: float,
        chance: random.Random,
        deliveries: list[Delivery],
        lost: list[int],
        execute: Execute,
    ):
        self._weather, self._clock, self._speed, self._chance = weather, clock, speed, chance
        self._deliveries, self._lost, self._execute = deliveries, lost, execute
        self._lanes: dict[int, Lane] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop = asyncio.get_running_loop()
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0), cookie_jar=aiohttp.DummyCookieJar()
        )

    async def close(self) -> None:
        for lane in self._lanes.values():
            if lane.timer is not None:
                lane.timer.cancel()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._session.close()

    def put(self, bot: Bot, update: Update) -> None:
        lane = self._lane(bot)
        if not bot.hook.url:
            return
        if self._weather.shuffle_seconds > 0:
            self._postpone(lane, update, self._chance.random() * self._weather.shuffle_seconds)
        else:
            lane.ready.append(update)
        self.kick(bot)

    def start_over(self, bot: Bot) -> None:
        """
        Take up everything that waits, oldest first: after a start, or when a webhook was set.
        """
        lane = self._lane(bot)
        lane.ready = deque(one for one in bot.pending.values() if one.number not in lane.flying)
        lane.later, lane.paused_until = [], 0.0
        self.kick(bot)

    def kick(self, bot: Bot) -> None:
        """
        Start what can start now, and come back when more can.
        """
        lane, now = self._lane(bot), self._loop.time()
        self.forget_old(bot)
        if not bot.hook.url or self._weather.deaf:
            return
        while lane.later and lane.later[0][0] <= now:
            lane.ready.append(heapq.heappop(lane.later)[2])
        while lane.ready and len(lane.flying) < bot.hook.max_connections and lane.paused_until <= now:
            update = lane.ready.popleft()
            if not update.gone:
                lane.flying.add(update.number)
                self._spawn(self._fly(bot, lane, update))
        waits = [lane.paused_until] if lane.ready and lane.paused_until > now else []
        waits += [lane.later[0][0]] if lane.later else []
        if lane.timer is not None:
            lane.timer.cancel()
        lane.timer = self._loop.call_at(min(waits), self.kick, bot) if waits else None

    def forget_old(self, bot: Bot) -> None:
        """
        Drop updates that nobody took for a day.
        """
        horizon = self._clock() - KEPT_SECONDS / self._speed
        while bot.pending:
            oldest = next(iter(bot.pending.values()))
            if oldest.created_at >= horizon:
                return
            self._lost.append(oldest.id)
            leave(bot, oldest)

    async def settled(self) -> None:
        """
        Wait until nothing is on its way to a webhook, nor waits to be tried again.
        """
        while any(lane.flying or lane.ready or lane.later for lane in self._lanes.values()) or self._tasks:  # noqa: ASYNC110
            await asyncio.sleep(0.005)

    def _lane(self, bot: Bot) -> Lane:
        return self._lanes.setdefault(bot.id, Lane())

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _postpone(self, lane: Lane, update: Update, seconds: float) -> None:
        heapq.heappush(lane.later, (self._loop.time() + seconds / self._speed, update.number, update))

    async def _fly(self, bot: Bot, lane: Lane, update: Update) -> None:
        update.attempts += 1
        answer, problem = await self._attempt(bot, update)
        if self._weather.lose_acks > 0 and not problem:
            self._weather.lose_acks -= 1
            problem = "Read timeout expired"
        lane.flying.discard(update.number)
        if not problem:
            leave(bot, update)
            for _ in range(self._chance.randint(0, self._weather.duplicates) if self._weather.duplicates else 0):
                self._spawn(self._repeat(bot, update))
            if answer:
                self._spawn(self._execute(bot, answer))
        elif not update.gone:
            bot.hook.last_error_date, bot.hook.last_error_message = int(self._clock()), problem
            wait = min(FIRST_WAIT_SECONDS * 2 ** (update.attempts - 1), LONGEST_WAIT_SECONDS)
            if bot.hook.max_connections == 1 and self._weather.shuffle_seconds == 0:
                lane.ready.appendleft(update)
                lane.paused_until = self._loop.time() + wait / self._speed
            else:
                self._postpone(lane, update, wait)
        self.kick(bot)

    async def _repeat(self, bot: Bot, update: Update) -> None:
        await asyncio.sleep(self._chance.random() * self._weather.shuffle_seconds / self._speed)
        update.attempts += 1
        await self._attempt(bot, update)

    async def _attempt(self, bot: Bot, update: Update) -> tuple[Shape | None, str]:
        """
        Post once. Returns the method that the answer asks for, and what was wrong; "" when the update was taken.
        """
        headers = {"Content-Type": "application/json"}
        if bot.hook.secret and self._weather.signature != "missing":
            headers[SECRET_HEADER] = bot.hook.secret if self._weather.signature == "right" else "wrong"
        timeout = aiohttp.ClientTimeout(total=self._weather.ack_seconds / self._speed)
        attempt, began, status, asked, problem = update.attempts, self._loop.time(), 0, None, ""
        try:
            async with self._session.post(
                bot.hook.url, data=update.body, headers=headers, timeout=timeout, allow_redirects=False
            ) as answer:
                status, asked = answer.status, _method(await answer.read())
                problem = "" if status // 100 == 2 else f"Wrong response from the webhook: {status} {answer.reason}"
        except TimeoutError:
            status, problem = 0, "Read timeout expired"
        except aiohttp.ClientConnectorError:
            problem = "Connection refused"
        except aiohttp.ClientError:
            status, problem = 0, "Connection reset by peer"
        update.status = status
        seconds = self._loop.time() - began
        self._deliveries.append(Delivery(update.id, update.event, attempt, status, seconds, self._clock()))
        return asked, problem


def leave(bot: Bot, update: Update) -> None:
    """
    The update was taken, confirmed or given up.
    """
    update.gone = True
    bot.pending.pop(update.number, None)


def _method(raw: bytes) -> Shape | None:
    try:
        asked = json.loads(raw)
    except ValueError:
        return None
    return asked if isinstance(asked, dict) and isinstance(asked.get("method"), str) else None
