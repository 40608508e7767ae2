"""
The whole platform as one object: tests, drills and `python -m emulators.messenger` use this class.
"""

from __future__ import annotations

import asyncio
import random
import secrets
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable
from typing import Any, TypeVar

from aiohttp import web

from emulators.messenger import feed, media, parcels, phone, posts
from emulators.messenger.courier import Courier, Delivery, Load
from emulators.messenger.graph import MAX_BODY_BYTES, Graph
from emulators.messenger.pages import ALL_FIELDS, App, Page, Thread
from emulators.messenger.weather import Weather
from emulators.phone import add_phone

Event = dict[str, Any] | list[dict[str, Any]] | bytes
T = TypeVar("T")


class MessengerPlatform:
    """
    Messenger as one Page's bot sees it: `with Serving(platform.app) as url` and give `url` to the bot as Graph's base.

    `clock` is the platform's time (windows, timestamps, quotas); `speed` divides the waits of the retry ladder, the
    15 minutes and the hour after which webhooks are warned and disabled, and the time until a message is read.
    `sent`, `refused`, `gestures`, `deliveries` and `alerts` only grow; they may be read from any thread.

    Meta's limits hold from the start. For a load test set `weather.per_second` and `weather.quota_per_person` to 0, and
    subscribe to no `message_deliveries` and `message_reads`, which cost two more requests for each send.
    """

    kind = "messenger"

    def __init__(self, *, clock: Callable[[], float] = time.time, speed: float = 1.0, seed: int = 0):
        self.clock, self.speed = clock, speed
        self.weather = Weather()
        self.sent: list[dict[str, Any]] = []  # id, page, user, text, buttons, metadata, body, at
        self.refused: list[dict[str, Any]] = []  # method, path, code, subcode, message, page, user, body, at
        self.gestures: list[dict[str, Any]] = []  # accepted sender actions: page, user, action, at
        self.deliveries: list[Delivery] = []
        self.alerts: list[dict[str, Any]] = []  # kind "warning" or "disabled", page, app, at
        self.pages: dict[str, Page] = {}
        self.tokens: dict[str, Page] = {}
        self.origin = ""  # where this emulator is reached; known after the first call, unless set
        self._threads: dict[str, Thread] = {}
        self._chance = random.Random(seed)
        self._mids, self._last_mid, self._last_stamp = secrets.token_urlsafe(12), 0, 0
        self._home: asyncio.AbstractEventLoop | None = None
        self._courier: Courier | None = None

    # Set up

    def add_account(
        self,
        page_id: str,
        *,
        token: str,
        app_secret: str,
        webhook_url: str,
        verify_token: str = "verify",  # noqa: S107 (invented)
        app_id: str = "1000000000000001",
        name: str = "",
        fields: Iterable[str] = ALL_FIELDS,
    ) -> Page:
        """
        Add a Page, subscribed to `fields`. Pages with one app_id share the app, its secret and its webhook.

        Raises:
            ValueError: The app is known with another secret.
        """
        app = next((page.app for page in self.pages.values() if page.app.id == app_id), None)
        app = app or App(app_id, app_secret, verify_token, webhook_url)
        if app.secret != app_secret:
            raise ValueError(f"app {app_id} has another secret already")
        page = Page(page_id, token, app, name or f"Page {page_id}", tuple(fields), business_id=f"9{page_id}")
        self.pages[page_id] = self.tokens[token] = page
        return page

    def add_person(self, user: str, *, page: str | None = None) -> Thread:
        """
        Make a person known who has not written yet. `page`: the first one, unless said.
        """
        owner = self.pages[page] if page else next(iter(self.pages.values()))
        number = len(self._threads) + 1
        thread = owner.threads.setdefault(user, Thread(owner, user, owner.app.id, number=number))
        self._threads.setdefault(user, thread)
        return thread

    def add_user(self, *, page: str | None = None) -> str:
        return self.add_person(str(7 * 10**15 + len(self._threads) + 1), page=page).person

    def thread(self, user: str) -> Thread:
        """
        Return the thread of "psid" or "page/psid"; an unknown person becomes known.
        """
        page, _, person = user.rpartition("/")
        known = self.pages[page].threads.get(person) if page else self._threads.get(person)
        return known or self.add_person(person, page=page or None)

    def app(self) -> web.Application:
        """
        Return a new aiohttp application over this platform's state.
        """
        app = web.Application(client_max_size=MAX_BODY_BYTES)
        add_phone(app, self)
        app.router.add_get("/_media/{kind}/{name}", self._media)
        app.router.add_route("*", "/{path:.*}", Graph(self).answer)
        app.on_response_prepare.append(self._learn_origin)
        app.cleanup_ctx.append(self._live)
        return app

    async def _live(self, app: web.Application) -> AsyncIterator[None]:
        self._home = asyncio.get_running_loop()
        self._courier = Courier(
            self.weather,
            clock=self.clock,
            speed=self.speed,
            chance=self._chance,
            deliveries=self.deliveries,
            alerts=self.alerts,
        )
        yield
        self._home, courier, self._courier = None, self._courier, None
        await courier.close()

    async def _learn_origin(self, request: web.Request, _response: web.StreamResponse) -> None:
        if not self.origin:
            self.origin = str(request.url.origin())

    async def _media(self, request: web.Request) -> web.Response:
        return media.download(request.match_info["kind"], request.query.get("oe", ""), now=self.clock())

    # Events to the webhook

    async def verify(self, page_id: str | None = None, *, token: str | None = None) -> int:
        """
        Ask the webhook to repeat a challenge; the HTTP status, or 0 when the answer is not the challenge.
        """
        page = self.pages[page_id] if page_id else next(iter(self.pages.values()))
        return await self._at_home(lambda: self.courier.challenge(page.app, token or page.app.verify_token))

    async def post(self, event: Event) -> int:
        """
        Deliver an event and return the status of the last of the immediate attempts; later ones go on by themselves.

        A messaging element (its Page is the recipient, or the sender of an echo), a list of them as one batch,
        a whole body (has "object"; sent as it is), or raw bytes (signed as they are, for the first app).
        Elements of fields that the Page is not subscribed to are not sent: 0.
        """
        return await self._at_home(lambda: self._post(event))

    def post_soon(self, event: Event) -> None:
        """
        Deliver later, in order for each person as long as nothing fails; callable from any thread.
        """
        if self._home is None:
            raise RuntimeError("the platform is not being served")
        try:
            here: asyncio.AbstractEventLoop | None = asyncio.get_running_loop()
        except RuntimeError:
            here = None
        if here is self._home:
            self._put(event)
        else:
            self._home.call_soon_threadsafe(self._put, event)

    async def settled(self) -> None:
        """
        Wait until nothing is on its way to a webhook, nor will be tried again.
        """
        await self._at_home(lambda: self.courier.settled())

    async def _post(self, event: Event) -> int:
        load = self._load(event)
        return await self.courier.carry(load) if load else 0

    def _put(self, event: Event) -> None:
        if isinstance(event, dict) and "object" not in event:
            for item in parcels.items_of(self.pages, [event]):
                self.courier.put(item, self._lane(event))
        elif (load := self._load(event)) is not None:
            self.courier.put(
                load, self._lane(event[0]) if isinstance(event, list) else f"{load.app.id}/{load.names[0]}"
            )

    def _load(self, event: Event) -> Load | None:
        if isinstance(event, bytes):
            return parcels.raw(self.pages, event)
        if isinstance(event, dict) and "object" in event:
            return parcels.whole(self.pages, event)
        items = parcels.items_of(self.pages, [event] if isinstance(event, dict) else event)
        return self.courier.load(items) if items else None

    def _lane(self, element: dict[str, Any]) -> str:
        page, person = parcels.ends_of(self.pages, element)
        return f"{page.id}/{person}"

    # For the parts of this package

    @property
    def courier(self) -> Courier:
        if self._courier is None:
            raise RuntimeError("the platform is not being served")
        return self._courier

    def emit(self, thread: Thread, element: dict[str, Any]) -> None:
        """
        Queue an event of this thread, if the Page is subscribed to it.
        """
        item = parcels.item_of(thread.page, element, standby=thread.owner != thread.page.app.id)
        if item is not None and self._courier is not None:
            self._courier.put(item, f"{thread.page.id}/{thread.person}")

    def change(self, page: Page, value: dict[str, Any]) -> None:
        """
        Queue what happened on a Page's feed. Its entry counts seconds, where those of messages count milliseconds.
        """
        if self._courier is not None and "feed" in page.fields and "feed" in page.app.fields:
            changes = [{"field": "feed", "value": value}]
            body = {"object": "page", "entry": [{"id": page.id, "time": int(self.clock()), "changes": changes}]}
            self._courier.put(parcels.whole(self.pages, body), f"{page.id}/feed")

    def load_of(self, thread: Thread, element: dict[str, Any]) -> Load | None:
        item = parcels.item_of(thread.page, element, standby=thread.owner != thread.page.app.id)
        return self.courier.load([item]) if item else None

    def new_mid(self) -> str:
        self._last_mid += 1
        return f"m_{self._mids}{self._last_mid:08d}"

    def stamp(self) -> int:
        """
        Return now in milliseconds, later than every stamp before.
        """
        self._last_stamp = max(self._last_stamp + 1, int(self.clock() * 1000))
        return self._last_stamp

    def told(self, stamp: int) -> int:
        """
        Return the timestamp that an event of a citizen is told with, on a day when they are wrong.
        """
        jitter = self.weather.timestamp_jitter_ms
        return stamp - self._chance.randint(0, jitter) if jitter else stamp

    def happens(self, rate: float) -> bool:
        return rate > 0 and self._chance.random() < rate

    async def _at_home(self, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """
        Run work in the loop that serves `app()`, from whichever loop this is called.
        """
        if self._home is None:
            raise RuntimeError("the platform is not being served")
        if asyncio.get_running_loop() is self._home:
            return await work()
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work(), self._home))

    # The phone

    async def say(self, user: str, text: str) -> str:
        """
        Let a person write; returns the mid. An unknown person becomes known. `user` may be "page/psid".
        """

        async def write() -> str:
            return phone.write(self, self.thread(user), text)

        return await self._at_home(write)

    async def tap(self, user: str, bubble_id: str, button_index: int) -> str | None:
        """
        Press a button of `bubbles(user)`; the mid, or None for links and phone numbers.
        """

        async def press() -> str | None:
            return phone.tap(self, self.thread(user), bubble_id, button_index)

        return await self._at_home(press)

    async def do(self, user: str, action: str) -> None:
        """
        One of `actions()`.
        """

        async def act() -> None:
            phone.do(self, self.thread(user), action)

        await self._at_home(act)

    async def officer_says(self, user: str, text: str) -> str:
        """
        Let an officer write from the Page's inbox; returns the mid.
        """

        async def speak() -> str:
            return phone.speak_as_officer(self, self.thread(user), text)

        return await self._at_home(speak)

    async def comment(self, post_id: str, user: str, text: str) -> str:
        """
        Let a person comment on a post; returns the comment's id.
        """

        async def write() -> str:
            return feed.comment(self, self.thread(user), post_id, text)

        return await self._at_home(write)

    def posts(self, page_id: str | None = None) -> list[dict[str, Any]]:
        """
        Return what everybody sees on a Page, newest first: id, text, link, photos, at.
        """
        page = self.pages[page_id] if page_id else next(iter(self.pages.values()))
        return posts.seen(page, now=self.clock())

    def wall(self) -> list[dict[str, Any]]:
        """
        Return the posts of all Pages as everybody sees them, newest first.
        """
        found = [one for page in self.pages.values() for one in posts.seen(page, now=self.clock())]
        found.sort(key=lambda one: one["at"], reverse=True)
        return [
            {"text": one["text"], "pictures": len(one["photos"]), "link": one["link"], "at": one["at"]} for one in found
        ]

    def bubbles(self, user: str) -> list[dict[str, Any]]:
        """
        Return what the phone shows, in order: id, side, text, buttons [{title, kind, url?}], at, note?
        """
        return phone.shown(self.thread(user), now=self.clock()) if user.rpartition("/")[2] in self._threads else []

    def actions(self) -> list[tuple[str, str]]:
        return phone.actions(next(iter(self.pages.values()), None))

    def weather_switches(self) -> list[dict[str, Any]]:
        return self.weather.switches()

    def set_weather(self, name: str, value: Any) -> None:
        self.weather.set(name, value)

    def users(self) -> list[str]:
        return list(self._threads)

    def account_labels(self) -> list[str]:
        return [page.name for page in self.pages.values()]
