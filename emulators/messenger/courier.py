"""
Brings events to the webhooks: signed, in time, again and again when they are not taken, until Meta gives up.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import deque
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, NamedTuple

import aiohttp

from emulators.messenger import events, signing
from emulators.messenger.pages import App, Page
from emulators.messenger.weather import Weather

# "At once a few times, then with falling frequency": the sheet's source publishes no more; these end after an hour.
IMMEDIATE_ATTEMPTS = 3
RETRY_SECONDS = (5, 15, 30, 60, 120, 240, 480, 900, 1800)
WARN_SECONDS, DISABLE_SECONDS = 15 * 60, 60 * 60
PARALLEL = 64
AGENT = "Webhooks/1.0 (https://fb.me/webhooks)"


class Delivery(NamedTuple):
    """
    One attempt to hand one event to a webhook. `status` 0: no answer in time, or no connection.
    """

    event_id: str
    attempt: int
    status: int
    seconds: float
    at: float


class Load(NamedTuple):
    """
    One request as it will be sent each time, byte for byte.
    """

    app: App
    pages: tuple[Page, ...]
    names: tuple[str, ...]
    raw: bytes


class Courier:
    """
    Events of one person wait for each other; those that are tried again later no longer do, so they get overtaken.
    Lives in the loop of the served app.
    """

    def __init__(
        self,
        weather: Weather,
        *,
        clock: Callable[[], float],
        speed: float,
        chance: random.Random,
        deliveries: list[Delivery],
        alerts: list[dict[str, Any]],
    ):
        self._weather, self._clock, self._speed, self._chance = weather, clock, speed, chance
        self._deliveries, self._alerts = deliveries, alerts
        self._lanes: dict[str, deque[events.Item | Load]] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        self._watches: set[asyncio.Task[Any]] = set()  # nobody waits for these to end
        self._places = asyncio.Semaphore(PARALLEL)
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": AGENT, "Content-Type": "application/json"},
        )

    async def close(self) -> None:
        tasks = [*self._tasks, *self._watches]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._session.close()

    def put(self, parcel: events.Item | Load, lane: str) -> None:
        """
        Queue an event behind the others of its lane.
        """
        if self._weather.batch > 1:
            lane = parcel.page.app.id if isinstance(parcel, events.Item) else parcel.app.id
        waiting = self._lanes.get(lane)
        if waiting is None:
            self._lanes[lane] = deque((parcel,))
            self.spawn(self._work_off(lane))
        else:
            waiting.append(parcel)

    def load(self, items: Sequence[events.Item]) -> Load:
        """
        Make one request of events of one app.
        """
        raw = signing.encode(events.body(items, how=self._weather.batch_as, timestamp=int(self._clock() * 1000)))
        pages = tuple({item.page.id: item.page for item in items}.values())
        return Load(items[0].page.app, pages, tuple(events.name_of(item.element) for item in items), raw)

    async def carry(self, load: Load) -> int:
        """
        Try at once, a few times; leave the rest to the ladder. Returns the last status, or 0.
        """
        for _ in range(self._chance.randint(0, self._weather.duplicates) if self._weather.duplicates else 0):
            self.spawn(self._copy(load))
        await self._dawdle()
        status = 0
        for attempt in range(1, IMMEDIATE_ATTEMPTS + 1):
            if not self._wanted(load):
                return status
            status = await self._attempt(load, attempt)
            if status == 200:
                return status
        self.spawn(self._climb(load))
        return status

    def spawn(self, work: Coroutine[Any, Any, Any], among: set[asyncio.Task[Any]] | None = None) -> asyncio.Task[Any]:
        """
        Start work that ends with this courier, and that `settled` waits for.
        """
        among = self._tasks if among is None else among
        task = asyncio.get_running_loop().create_task(work)
        among.add(task)
        task.add_done_callback(among.discard)
        return task

    async def settled(self) -> None:
        """
        Wait until nothing is on its way and nothing will be tried again.
        """
        own = asyncio.current_task()
        while waiting := [task for task in self._tasks if task is not own]:
            await asyncio.wait(waiting)

    async def challenge(self, app: App, token: str) -> int:
        """
        Send the verification request; its status, or 0 when the answer is not the challenge or does not come.
        """
        challenge = str(self._chance.randint(10**8, 10**9))
        query = {"hub.mode": "subscribe", "hub.challenge": challenge, "hub.verify_token": token}
        timeout = aiohttp.ClientTimeout(total=self._weather.deadline_seconds)
        try:
            async with self._session.get(app.webhook_url, params=query, timeout=timeout) as answer:
                text = await answer.text()
                return answer.status if answer.status != 200 or text == challenge else 0
        except (aiohttp.ClientError, TimeoutError):
            return 0

    async def _work_off(self, lane: str) -> None:
        waiting = self._lanes[lane]
        try:
            while waiting:
                first = waiting.popleft()
                if isinstance(first, events.Item):
                    items = [first]
                    while len(items) < self._weather.batch and waiting and isinstance(waiting[0], events.Item):
                        items.append(waiting.popleft())  # type: ignore[arg-type]
                    first = self.load(items)
                await self.carry(first)
        finally:
            del self._lanes[lane]

    async def _copy(self, load: Load) -> None:
        await self._dawdle()
        if self._wanted(load):
            await self._attempt(load, 1)

    async def _dawdle(self) -> None:
        if self._weather.shuffle_seconds > 0:
            await asyncio.sleep(self._chance.uniform(0, self._weather.shuffle_seconds))

    async def _climb(self, load: Load) -> None:
        for attempt, seconds in enumerate(RETRY_SECONDS, IMMEDIATE_ATTEMPTS + 1):
            await asyncio.sleep(seconds / self._speed)
            if not self._wanted(load) or await self._attempt(load, attempt) == 200:
                return

    def _wanted(self, load: Load) -> bool:
        return not self._weather.silent and any(page.fields for page in load.pages)

    async def _attempt(self, load: Load, attempt: int) -> int:
        headers = signing.signatures(load.app.secret, load.raw, self._weather.signature)
        timeout = aiohttp.ClientTimeout(total=self._weather.deadline_seconds)
        async with self._places:
            began = time.monotonic()
            try:
                async with self._session.post(
                    load.app.webhook_url, data=load.raw, headers=headers, timeout=timeout, allow_redirects=False
                ) as answer:
                    await answer.read()
                    status = answer.status
            except (aiohttp.ClientError, TimeoutError):
                status = 0
            took = time.monotonic() - began
        now = self._clock()
        self._deliveries.extend(Delivery(name, attempt, status, took, now) for name in load.names)
        for page in load.pages:
            if status == 200:
                page.failing_since, page.warned = None, False
            else:
                self._failed(page)
        return status

    def _failed(self, page: Page) -> None:
        if page.failing_since is None:
            page.failing_since = (self._clock(), time.monotonic())
            self.spawn(self._watch(page, page.failing_since), self._watches)
        self._judge(page)

    async def _watch(self, page: Page, since: tuple[float, float]) -> None:
        """
        Warn and disable in time, even while no attempt is due.
        """
        for seconds in (WARN_SECONDS, DISABLE_SECONDS - WARN_SECONDS):
            await asyncio.sleep(seconds / self._speed + 0.001)
            if page.failing_since != since:
                return
            self._judge(page)

    def _judge(self, page: Page) -> None:
        if page.failing_since is None or not page.fields:
            return
        clock, monotonic = page.failing_since
        failing = max(self._clock() - clock, (time.monotonic() - monotonic) * self._speed)
        if failing >= WARN_SECONDS and not page.warned:
            page.warned = True
            self._alert("warning", page)
        if failing >= DISABLE_SECONDS:
            page.fields, page.failing_since, page.warned = (), None, False
            self._alert("disabled", page)

    def _alert(self, kind: str, page: Page) -> None:
        self._alerts.append({"kind": kind, "page": page.id, "app": page.app.id, "at": self._clock()})
