"""
The emulated Zalo as a whole: what a test, a drill or `python -m emulators.zalo` makes, and reads afterwards.

    platform = ZaloPlatform()
    account = platform.add_account("2810000000000000001", webhook_url="http://127.0.0.1:8080/hook/zalo")
    grant = platform.grant(account.id)          # as the console's API Explorer mints it
    with Serving(platform.app) as serving:      # serving.url: base address of OAuth, OpenAPI and ZBS alike
        await platform.say(platform.add_user(), "Đăng ký khai sinh cần gì?")
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

import orjson
from aiohttp import web

from emulators.phone import add_phone
from emulators.zalo import events
from emulators.zalo.assets import Assets
from emulators.zalo.citizens import ACTIONS, Citizens, shown
from emulators.zalo.core import Core
from emulators.zalo.gate import Gate
from emulators.zalo.messages import Messages
from emulators.zalo.oauth import OAuth
from emulators.zalo.people import People
from emulators.zalo.publishing import Publishing
from emulators.zalo.weather import Weather, switches, turn
from emulators.zalo.world import Account, Delivery, Grant, User, Wallet, ZaloApp
from emulators.zalo.zbs import Zbs

APP_ID = "3600000000000000001"
HOSTS = ("oauth", "openapi", "zbs")
MAX_BYTES = 8 * 1024 * 1024
Result = TypeVar("Result")


class ZaloPlatform:
    """
    `clock`: seconds since 1970, for windows, tokens and nights. `speed`: how many times faster than the real platform it
    waits between redeliveries and before receipts; `deadline_seconds` of the webhook is not sped up.
    `sent` and `refused` are in order: {"id", "account", "user", "kind", "text", "buttons", "body", "at", "quota"} and
    {"path", "account", "user", "error", "message", "at"}. `lost`: ids of events that got no 200 and never will.

    Methods may be called from any thread while the app is served; the asynchronous ones from any loop.
    """

    kind = "zalo"

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.time,
        speed: float = 1.0,
        weather: Weather | None = None,
        deadline_seconds: float = 2.0,
        parallel: int = 100,
        seed: int | None = None,
    ):
        self.weather = weather or Weather()
        self.core = Core(
            clock=clock,
            speed=speed,
            weather=self.weather,
            deadline_seconds=deadline_seconds,
            parallel=parallel,
            seed=seed,
        )
        self.assets = Assets(self.core)
        self.messages = Messages(self.core, self.assets.find)
        self.publishing = Publishing(self.core, self.messages)
        self.oauth, self.zbs = OAuth(self.core), Zbs(self.core)
        self._citizens, self._people = Citizens(self.core), People(self.core)
        self.sent, self.refused = self.core.sent, self.core.refused
        self.deliveries, self.lost = self.core.sender.deliveries, self.core.sender.lost
        self.accounts, self.apps = self.core.accounts, self.core.apps

    def app(self, *hosts: str) -> web.Application:
        """
        Make the web app of the named hosts ("oauth", "openapi", "zbs"); of all of them when none is named.

        All apps of one platform must run in one loop.
        """
        wanted = hosts or HOSTS
        app = web.Application(client_max_size=MAX_BYTES)
        gate = Gate(self.core)
        if "oauth" in wanted:
            app.add_routes(self.oauth.routes())
        if "openapi" in wanted:
            for part in (self.messages, self._people, self.assets, self.publishing):
                app.add_routes(part.routes(gate))
            add_phone(app, self)
        if "zbs" in wanted:
            app.add_routes(self.zbs.routes(gate))
        app.router.add_route("*", "/{path:.*}", gate.unknown)
        app.cleanup_ctx.append(self._running)
        return app

    async def _running(self, _app: web.Application) -> Any:
        if self.core.loop is not None:  # another app of this platform has opened it
            yield
            return
        await self.core.sender.open()
        self.core.loop = asyncio.get_running_loop()
        yield
        self.core.loop = None
        await self.core.sender.close()

    # The console

    def add_account(
        self,
        id: str,
        *,
        name: str = "",
        app_id: str = APP_ID,
        app_secret: str | None = None,
        oa_secret: str | None = None,
        webhook_url: str | None = None,
        redirect_uri: str | None = None,
        code_challenge: str | None = None,
        wallet: Wallet = "none",
    ) -> Account:
        """
        Link an Official Account to an app, which is made when new; the webhook is the app's, and is not probed.
        """
        app = self.apps.get(app_id)
        if app is None:
            app = ZaloApp(app_id, app_secret or secrets.token_hex(16), oa_secret or secrets.token_hex(16))
            self.apps[app_id] = app
        app.webhook_url = webhook_url or app.webhook_url
        app.redirect_uri = redirect_uri or app.redirect_uri
        app.code_challenge = code_challenge or app.code_challenge
        account = self.accounts[id] = Account(id, name or f"OA {id[-4:]}", app_id, wallet)
        return account

    def grant(self, account: str, *, access_token: str | None = None, refresh_token: str | None = None) -> Grant:
        """
        Mint a pair by hand, as the console's API Explorer does; tokens may be given, for a drill.
        """
        return self.core.mint(self.accounts[account], access_token, refresh_token)

    def revoke(self, account: str) -> None:
        """
        The OA's admin takes the consent back: every pair is dead.
        """
        for grant in self.core.access.values():
            grant.revoked = grant.revoked or grant.account == account

    async def register_webhook(self, url: str, app_id: str | None = None) -> bool:
        """
        Save the address in the console: an unsigned `{}` must get 200, otherwise nothing is saved.
        """
        good = await self._here(self.core.sender.probe(url))
        if good:
            app = self.apps[app_id] if app_id else self._first_app()
            app.webhook_url, app.webhook_on = url, True
        return good

    def enable_webhook(self, app_id: str | None = None) -> None:
        (self.apps[app_id] if app_id else self._first_app()).webhook_on = True

    def advance(self, seconds: float) -> None:
        """
        Move the emulator's clock ahead.
        """
        self.core.travelled += seconds

    # Events

    async def post(self, event: events.Event | bytes) -> Delivery:
        """
        Deliver an event up to a 200 or the end of the ladder; return the last attempt.

        `app_id` and `timestamp` are added when missing; bytes go as they are, signed.
        """
        app, event = self._addressed(event)
        return await self._here(self.core.sender.deliver(app, event))

    def post_soon(self, event: events.Event | bytes) -> None:
        app, event = self._addressed(event)
        self._loop().call_soon_threadsafe(self.core.sender.start, app, event)

    @property
    def under_way(self) -> int:
        """
        Return how many events still wait for their 200.
        """
        return self.core.sender.under_way

    def _addressed(self, event: events.Event | bytes) -> tuple[ZaloApp, events.Event | bytes]:
        known: Any = event
        if isinstance(event, bytes):
            try:
                known = orjson.loads(event)
            except ValueError:
                known = None
        known = known if isinstance(known, dict) else {}
        app = self.apps.get(str(known.get("app_id")))
        if app is None:
            account = self.accounts.get(events.event_account(known))
            app = self.core.app_of(account) if account else self._first_app()
        if isinstance(event, dict):
            event = {"app_id": app.id, "timestamp": str(int(self.core.now() * 1000))} | event
        return app, event

    # The phone

    def account_labels(self) -> list[str]:
        return [account.name for account in self.accounts.values()]

    def users(self) -> list[str]:
        return list(self.core.users)

    def user(self, user: str) -> User:
        return self.core.users[user]

    def add_user(
        self,
        user: str | None = None,
        *,
        account: str | None = None,
        name: str = "",
        follows: bool = False,
        interacted: bool = False,
    ) -> str:
        """
        Make a citizen who has not written yet; `interacted`: but did something a moment ago. Returns the id.
        """
        found = self.core.add_user(user, self.core.account(account), name)
        found.follows = follows or found.follows
        if follows or interacted:
            self.core.interact(found)
        return found.id

    async def say(self, user: str, text: str, *, account: str | None = None) -> str:
        """
        The citizen writes, and is made when unknown. Returns the message id; the event is on its way by then.
        """

        def write() -> str:
            if user not in self.core.users:
                self.core.add_user(user, self.core.account(account))
            return self._citizens.say(user, text)

        return await self._here(_run(write))

    async def tap(self, user: str, bubble_id: str, button_index: int) -> str | None:
        return await self._here(_run(lambda: self._citizens.tap(user, bubble_id, button_index)))

    async def do(self, user: str, action: str, text: str | None = None) -> str | None:
        return await self._here(_run(lambda: self._citizens.do(user, action, text)))

    def wall(self) -> list[dict[str, Any]]:
        """
        Return the articles that everybody sees, newest first.
        """
        return self.publishing.wall()

    def bubbles(self, user: str) -> list[dict[str, Any]]:
        return [shown(bubble) for bubble in self.core.users[user].bubbles if not bubble.hidden]

    def actions(self) -> list[tuple[str, str]]:
        return ACTIONS

    def weather_switches(self) -> list[dict[str, Any]]:
        return switches(self.weather)

    def set_weather(self, name: str, value: Any) -> None:
        turn(self.weather, name, value)

    def _first_app(self) -> ZaloApp:
        return next(iter(self.apps.values()))

    def _loop(self) -> asyncio.AbstractEventLoop:
        if self.core.loop is None:
            raise RuntimeError("the emulator is not being served")
        return self.core.loop

    async def _here(self, work: Coroutine[Any, Any, Result]) -> Result:
        """
        Run something in the loop of the served app, whatever loop this is.
        """
        loop = self._loop()
        if loop is asyncio.get_running_loop():
            return await work
        waiting: Awaitable[Result] = asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, loop))
        return await waiting


async def _run(work: Callable[[], Result]) -> Result:
    return work()
