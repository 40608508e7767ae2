"""
The webhook's sender: signature, 2 s deadline, retry ladder with num_retry, switching off, duplicates, disorder.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import random
import time
from collections.abc import Callable, Coroutine
from typing import Any

import aiohttp

from emulators.zalo import events
from emulators.zalo.weather import Weather
from emulators.zalo.world import Delivery, ZaloApp

LADDER_SECONDS = (30, 300, 900, 1800, 3600)
WEBHOOK_OFF = "webhook is off"


def sign(app_id: str, raw: bytes, timestamp: str, secret: str) -> str:
    """
    Return the hex digest of a webhook: plain SHA-256, no HMAC.

    Source: Zalo's pages on OA events, channels sheet 7.1, read 2026-11-20.
    """
    return hashlib.sha256(app_id.encode() + raw + timestamp.encode() + secret.encode()).hexdigest()


def headers(app: ZaloApp, raw: bytes, timestamp: str, weather: Weather, *, account: str = "") -> dict[str, str]:
    """
    Return the headers of one delivery, as today's weather writes them.
    """
    found = {"Content-Type": "application/json"}
    if weather.timestamp_header == "signed" and timestamp.isdecimal():
        timestamp = str(int(timestamp) + 7)
    if weather.timestamp_header != "absent":
        found["X-ZEvent-Timestamp"] = timestamp
    secret = app.secret if weather.signature == "app_secret" else app.oa_secret
    first = account if weather.signature == "oa_id_first" else app.id
    mac = sign(first, raw, timestamp, secret)
    if weather.signature == "hmac":
        mac = hmac.new(secret.encode(), first.encode() + raw + timestamp.encode(), hashlib.sha256).hexdigest()
    if weather.signature == "wrong":
        mac = mac[::-1]
    if weather.signature != "missing":
        found["X-ZEvent-Signature"] = f"mac = {mac}" if weather.signature_spaces else f"mac={mac}"
    return found


class Sender:
    """
    Lives in the loop of the emulator's app. `lost` are events that nobody will ever see.
    """

    def __init__(
        self,
        weather: Weather,
        *,
        now: Callable[[], float],
        speed: float,
        deadline_seconds: float,
        parallel: int,
        chance: random.Random,
    ):
        self.deliveries: list[Delivery] = []
        self.lost: list[str] = []
        self._weather, self._now, self._speed, self._chance = weather, now, speed, chance
        self._deadline = aiohttp.ClientTimeout(total=deadline_seconds)
        self._parallel = parallel
        self._tasks: set[asyncio.Task[Any]] = set()

    async def open(self) -> None:
        self._places = asyncio.Semaphore(self._parallel)
        self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), timeout=self._deadline)

    async def close(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._session.close()

    @property
    def under_way(self) -> int:
        """Return how many events still wait for a 200."""
        return len(self._tasks)

    def wants(self, app: ZaloApp, name: str) -> bool:
        subscribed = app.subscribed is None or name in app.subscribed
        return app.webhook_url is not None and app.webhook_on and subscribed

    def start(self, app: ZaloApp, event: events.Event | bytes) -> asyncio.Task[Delivery]:
        """
        Begin to deliver. Only in the app's own loop.
        """
        return self._keep(self.deliver(app, event))

    async def deliver_first(self, app: ZaloApp, event: events.Event | bytes) -> None:
        """
        Wait for the first attempt only; what may follow goes on in the background.
        """
        parcel = _Parcel.of(app, event, self._weather)
        delivery = await self.attempt(app, parcel)
        self._keep(self.see_through(app, parcel, delivery))

    def _keep(self, work: Coroutine[Any, Any, Delivery]) -> asyncio.Task[Delivery]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def deliver(self, app: ZaloApp, event: events.Event | bytes) -> Delivery:
        """
        Deliver an event until it gets a 200 or the ladder ends. Bytes are sent as they are, signed.

        Returns:
            The last attempt.
        """
        parcel = _Parcel.of(app, event, self._weather)
        if self._weather.shuffle_seconds:
            await asyncio.sleep(self._chance.uniform(0, self._weather.shuffle_seconds) / self._speed)
        delivery = await self.attempt(app, parcel)
        return await self.see_through(app, parcel, delivery)

    async def see_through(self, app: ZaloApp, parcel: _Parcel, delivery: Delivery) -> Delivery:
        """
        Climb the ladder after a failed first attempt; send duplicates after a good one.
        """
        for attempt, wait in enumerate(LADDER_SECONDS, start=1):
            if delivery.good or not self._again(delivery):
                break
            await asyncio.sleep(wait / self._speed)
            if not app.webhook_on:
                break
            delivery = await self.attempt(app, parcel, attempt=attempt)
        if not delivery.good:
            self.lost.append(parcel.id)
            if delivery.attempt == len(LADDER_SECONDS):
                app.webhook_on = False
            return delivery
        for copy in range(1, self._chance.randint(1, max(1, self._weather.copies))):
            await asyncio.sleep(self._chance.uniform(0, self._weather.shuffle_seconds) / self._speed)
            await self.attempt(app, parcel, copy=copy)
        return delivery

    def _again(self, delivery: Delivery) -> bool:
        """
        A connection that fails is always tried again; a bad or slow answer as the weather says.
        """
        if delivery.error == WEBHOOK_OFF:
            return False
        return delivery.error == "no connection" or self._weather.failure_policy == "redeliver"

    async def attempt(self, app: ZaloApp, parcel: _Parcel, *, attempt: int = 0, copy: int = 0) -> Delivery:
        sent = parcel.headers | {"num_retry": str(attempt)} if attempt else parcel.headers
        status, error, seconds = None, "", 0.0
        if app.webhook_url is None or not app.webhook_on:
            error = WEBHOOK_OFF
        else:
            status, error, seconds = await self._knock(app.webhook_url, parcel.raw, sent)
        delivery = Delivery(
            parcel.id, parcel.name, parcel.user, attempt, status, seconds, self._now(), copy=copy, error=error
        )
        self.deliveries.append(delivery)
        return delivery

    async def _knock(self, url: str, raw: bytes, sent: dict[str, str]) -> tuple[int | None, str, float]:
        async with self._places:
            started = time.perf_counter()
            try:
                async with self._session.post(url, data=raw, headers=sent, allow_redirects=False) as response:
                    await response.read()
                    return response.status, "", time.perf_counter() - started
            except TimeoutError:
                error = "too slow"
            except (aiohttp.ClientError, OSError):
                error = "no connection"
            return None, error, time.perf_counter() - started

    async def probe(self, url: str) -> bool:
        """
        Ask, as the console does before it saves the address: an unsigned `{}` must get 200.
        """
        status, _error, _seconds = await self._knock(url, b"{}", {"Content-Type": "application/json"})
        return status == 200


class _Parcel:
    """
    An event as it goes over the wire: the same bytes and the same signature at every attempt.
    """

    __slots__ = ("headers", "id", "name", "raw", "user")

    def __init__(self, app: ZaloApp, event: events.Event, raw: bytes, weather: Weather):
        self.raw = raw
        self.id, self.user = events.event_id(event), events.event_user(event)
        self.name = str(event.get("event_name", ""))
        account = events.event_account(event)
        self.headers = headers(app, raw, str(event.get("timestamp", "")), weather, account=account)

    @classmethod
    def of(cls, app: ZaloApp, event: events.Event | bytes, weather: Weather) -> _Parcel:
        if isinstance(event, bytes):
            try:
                known = json.loads(event)
            except (ValueError, RecursionError):
                known = {}
            return cls(app, known if isinstance(known, dict) else {}, event, weather)
        separators = None if weather.json_spaces else (",", ":")
        raw = json.dumps(event, ensure_ascii=weather.json_escaped, separators=separators).encode(errors="replace")
        return cls(app, event, raw, weather)
