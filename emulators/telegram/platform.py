"""
The emulated Telegram as a whole: what a test, a drill or `python -m emulators.telegram` makes, and reads afterwards.

    platform = TelegramPlatform()
    bot = platform.add_account("7000000001:AAE…", webhook_url="http://…/hook/telegram/7000000001", secret_token="…")
    with Serving(platform.app) as server: …     # server.url: the account's api_url
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterable
from typing import Any, TypeVar

from aiohttp import web

from emulators.phone import add_phone
from emulators.telegram import people
from emulators.telegram.core import Core
from emulators.telegram.courier import Courier
from emulators.telegram.parameters import Given
from emulators.telegram.refusals import Refused
from emulators.telegram.server import MAX_BYTES, Server
from emulators.telegram.weather import switches, turn
from emulators.telegram.world import Bot, Chat, ChatType, Shape, Update, Webhook

T = TypeVar("T")
FIRST_USER = 5_000_000_001


class TelegramPlatform:
    """
    `clock` is Telegram's time (dates, floods, expiry); `speed` divides the waits of the retry ladder, the deadline of a
    webhook and the day for which updates are kept. `local`: webhooks may be http on any port, as with one's own server.
    `sent`, `refused`, `deliveries` and `lost` only grow; they may be read from any thread.
    """

    kind = "telegram"

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.time,
        speed: float = 1.0,
        seed: int | None = None,
        local: bool = False,
    ):
        self._core = Core(clock=clock, speed=speed, seed=seed, local=local)
        self.weather = self._core.weather
        self.bots = self._core.bots
        self.sent = self._core.sent  # id, bot, user, method, text, buttons, body, at
        self.refused = self._core.refused  # method, bot, user, error, description, body, at
        self.deliveries = self._core.deliveries
        self.lost = self._core.lost  # ids of updates given up after a day
        self._server = Server(self._core)
        self._loop: asyncio.AbstractEventLoop | None = None

    def app(self) -> web.Application:
        """
        Return a new aiohttp application over this platform's state; one at a time.
        """
        app = web.Application(client_max_size=MAX_BYTES)
        app.add_routes(self._server.routes())
        add_phone(app, self)
        app.cleanup_ctx.append(self._live)
        return app

    def add_account(
        self,
        token: str,
        *,
        username: str = "tro_ly_mot_cua_bot",
        name: str = "Trợ lý Một cửa",
        webhook_url: str = "",
        secret_token: str = "",
        max_connections: int = 40,
        allowed_updates: Iterable[str] | None = None,
    ) -> Bot:
        """
        Add a bot, as BotFather does. The webhook may also be set by setWebhook.
        """
        bot = Bot(token, username, name, next_update=100_000_000 + int(self._core.clock()) % 1_000_000_000)
        bot.hook = Webhook(webhook_url, secret_token, max_connections)
        bot.allowed = tuple(allowed_updates) if allowed_updates is not None else None
        self.bots[str(bot.id)] = bot
        return bot

    def add_user(self, user: str | None = None, *, started: bool = False) -> str:
        """
        Make a citizen known, who has not pressed Start yet unless `started`.
        """
        bot = self._core.bot()
        number = (
            int(user) if user is not None else FIRST_USER + sum(one.type == "private" for one in bot.chats.values())
        )
        self._core.person(bot, number).started |= started
        return str(number)

    def add_chat(self, chat: int, kind: ChatType, *, title: str = "", username: str = "", admin: bool = True) -> Chat:
        """
        Add a group, supergroup or channel that the first bot is in.
        """
        bot = self._core.bot()
        bot.chats[chat] = Chat(chat, kind, title or kind, username, started=True, admin=admin)
        return bot.chats[chat]

    # What tests and drills do; from any thread and any loop.

    async def post(self, event: Shape, *, bot: str | None = None) -> int:
        """
        Deliver an update and wait until it is taken, or given up; the status of the last attempt. {event: content}, with
        an update_id or without.
        """
        return await self._there(self._post(event, bot))

    def post_soon(self, event: Shape, *, bot: str | None = None) -> None:
        """
        Queue an update as it stands, whatever allowed_updates says.
        """
        loop = self._serving()
        loop.call_soon_threadsafe(self._queue, event, bot)

    async def settled(self) -> None:
        """
        Wait until nothing is on its way to a webhook, nor will be tried again.
        """
        if self._core.courier is not None:
            await self._there(self._core.courier.settled())

    async def migrate(self, group: int, to: int) -> None:
        """
        Turn a group into a supergroup: its old id answers migrate_to_chat_id from now on.
        """

        async def work() -> None:
            bot = self._core.bot()
            old = bot.chats[group]
            new = bot.chats[to] = Chat(to, "supergroup", old.title, old.username, started=True)
            old.migrated_to = to
            for chat, told in ((old, {"migrate_to_chat_id": to}), (new, {"migrate_from_chat_id": group})):
                self._core.put(bot, "message", people.stored(self._core, bot, chat, told, chat.shape()))

        await self._there(work())

    async def say(self, user: str, text: str) -> str:
        return await self._there(self._say(user, text))

    async def tap(self, user: str, bubble_id: str, button_index: int) -> None:
        await self._there(self._at(user, people.tap, bubble_id, button_index))

    async def do(self, user: str, action: str) -> None:
        if action not in dict(people.ACTIONS):
            raise KeyError(action)
        await self._there(self._at(user, people.do, action))

    def wall(self) -> list[dict[str, Any]]:
        """
        Return what stands in the channels, newest first.
        """
        posts = [
            (message, one)
            for bot in self.bots.values()
            for one in list(bot.chats.values())
            if one.type == "channel"
            for message in list(one.messages.values())
        ]
        posts.sort(key=lambda post: post[0]["date"], reverse=True)
        return [people.post(message, chat) for message, chat in posts]

    def bubbles(self, user: str) -> list[dict[str, Any]]:
        bot, chat = self._find(user, make=False)
        return people.bubbles(chat) if bot and chat else []

    def actions(self) -> list[tuple[str, str]]:
        return list(people.ACTIONS)

    def users(self) -> list[str]:
        """
        Return the citizens of the first bot; those of another are "bot/user".
        """
        found = []
        for place, bot in enumerate(list(self.bots.values())):
            people_here = [one.id for one in list(bot.chats.values()) if one.type == "private"]
            found += [str(one) if place == 0 else f"{bot.id}/{one}" for one in people_here]
        return found

    def account_labels(self) -> list[str]:
        return [f"{bot.name} (@{bot.username})" for bot in self.bots.values()]

    def weather_switches(self) -> list[dict[str, Any]]:
        return switches(self.weather)

    def set_weather(self, name: str, value: Any) -> None:
        turn(self.weather, name, value)
        if self._core.courier is not None and self._loop is not None:
            for bot in self.bots.values():
                self._loop.call_soon_threadsafe(self._core.courier.kick, bot)

    async def _live(self, _app: web.Application) -> Any:
        self._loop = asyncio.get_running_loop()
        courier = self._core.courier = Courier(
            self.weather,
            clock=self._core.clock,
            speed=self._core.speed,
            chance=self._core.chance,
            deliveries=self.deliveries,
            lost=self.lost,
            execute=self._execute,
        )
        for bot in self.bots.values():
            courier.start_over(bot)
        yield
        self._core.courier, self._loop = None, None
        await courier.close()

    async def _execute(self, bot: Bot, asked: Shape) -> None:
        given = Given(asked["method"], {name: value for name, value in asked.items() if name != "method"})
        try:
            await self._server.execute(bot, given)
        except Refused as refused:
            self._core.note_refused(bot, given, refused)

    async def _post(self, event: Shape, bot: str | None) -> int:
        update = self._queue(event, bot)
        while not update.gone:  # noqa: ASYNC110 (an Event would belong to one loop, and updates outlive apps)
            await asyncio.sleep(0.002)
        return update.status

    def _queue(self, event: Shape, bot: str | None) -> Update:
        [(name, content)] = [(name, content) for name, content in event.items() if name != "update_id"]
        to = self._core.bot(bot)
        update = self._core.put(to, name, content, update_id=event.get("update_id"), asked=False)
        assert update is not None
        return update

    async def _say(self, user: str, text: str) -> str:
        bot, chat = self._find(user)
        assert bot is not None
        assert chat is not None
        return str(people.write(self._core, bot, chat, {"text": text})["message_id"])

    async def _at(self, user: str, work: Callable[..., None], *more: Any) -> None:
        bot, chat = self._find(user)
        work(self._core, bot, chat, *more)

    def _find(self, user: str, *, make: bool = True) -> tuple[Bot | None, Chat | None]:
        to, _, number = user.rpartition("/")
        bot = self._core.bot(to or None)
        if not number.isdecimal():
            raise KeyError(user)
        return bot, self._core.person(bot, int(number)) if make else bot.chats.get(int(number))

    def _serving(self) -> asyncio.AbstractEventLoop:
        if self._loop is None:
            raise RuntimeError("the platform is not being served")
        return self._loop

    async def _there(self, work: Coroutine[Any, Any, T]) -> T:
        """
        Run in the loop of the app, from whichever loop.
        """
        try:
            loop = self._serving()
        except RuntimeError:
            work.close()
            raise
        if loop is asyncio.get_running_loop():
            return await work
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, loop))
