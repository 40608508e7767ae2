"""
The state behind all hosts of the emulated Zalo, and the few moves that several of them make.
"""

from __future__ import annotations

import asyncio
import random
import secrets
from collections.abc import Callable
from typing import Any

from emulators.zalo import events
from emulators.zalo.refusals import Refused
from emulators.zalo.weather import Weather
from emulators.zalo.webhook import Sender
from emulators.zalo.world import Account, Bubble, Grant, User, ZaloApp

ACCESS_SECONDS = 25 * 3600
REFRESH_SECONDS = 90 * 24 * 3600
RECEIVED_SECONDS, SEEN_SECONDS = 0.3, 2.0


class Core:
    """
    `now` is the injected clock plus what was travelled; citizens are found by their id alone, as it is scoped per OA.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], float],
        speed: float,
        weather: Weather,
        deadline_seconds: float,
        parallel: int,
        seed: int | None,
    ):
        self.weather, self.speed, self._clock, self.travelled = weather, speed, clock, 0.0
        self.apps: dict[str, ZaloApp] = {}
        self.accounts: dict[str, Account] = {}
        self.users: dict[str, User] = {}
        self.access: dict[str, Grant] = {}
        self.refresh: dict[str, Grant] = {}
        self.sent: list[dict[str, Any]] = []
        self.refused: list[dict[str, Any]] = []
        chance = random.Random(seed)
        self._last_id = chance.randrange(4 * 10**18, 8 * 10**18)
        self.sender = Sender(
            weather,
            now=self.now,
            speed=speed,
            deadline_seconds=deadline_seconds,
            parallel=parallel,
            chance=chance,
        )
        self.loop: asyncio.AbstractEventLoop | None = None

    def now(self) -> float:
        return self._clock() + self.travelled + self.weather.hours_ahead * 3600

    def new_id(self) -> str:
        """
        Return an id of 19 digits, larger than a double holds.
        """
        self._last_id += 1
        return str(self._last_id)

    def stamp(self, user: User) -> int:
        """
        Return the time in ms; a citizen's events never share one.
        """
        user.stamp = max(int(self.now() * 1000), user.stamp + 1)
        return user.stamp

    def app_of(self, account: Account) -> ZaloApp:
        return self.apps[account.app_id]

    def account(self, id: str | None = None) -> Account:
        """
        Return an account; the first one when none is named.

        Raises:
            KeyError: There is none.
        """
        return self.accounts[id if id is not None else next(iter(self.accounts), "")]

    def add_user(self, id: str | None, account: Account, name: str = "") -> User:
        """
        Return the citizen, made when new.

        Raises:
            ValueError: The id belongs to another Official Account.
        """
        known = self.users.get(id) if id is not None else None
        if known is not None:
            if known.account != account.id:
                raise ValueError(f"user {id} belongs to another account")
            return known
        user = User(id or self.new_id(), account.id, self.new_id(), name or f"Người dân {len(account.users) + 1}")
        self.users[user.id] = account.users[user.id] = user
        return user

    def interact(self, user: User) -> None:
        """
        The citizen did something that opens the 48 hours.
        """
        user.interacted_at, user.used, user.left = self.now(), 0, False

    def show(self, user: User, bubble: Bubble) -> None:
        user.bubbles.append(bubble)
        self.accounts[user.account].chat.append(bubble)

    def mint(self, account: Account, access_token: str | None = None, refresh_token: str | None = None) -> Grant:
        now = self.now()
        grant = Grant(
            account.id,
            access_token or secrets.token_urlsafe(48),
            refresh_token or secrets.token_urlsafe(48),
            now + ACCESS_SECONDS,
            now + REFRESH_SECONDS,
        )
        self.access[grant.access_token] = self.refresh[grant.refresh_token] = grant
        return grant

    def note_sent(
        self,
        account: Account,
        id: str,
        user: str,
        kind: str,
        text: str,
        body: dict[str, Any],
        *,
        buttons: list[dict[str, Any]] | None = None,
        quota: dict[str, str] | None = None,
        users: list[str] | None = None,
    ) -> None:
        """
        Remember a send that was taken. `users`: whom a broadcast reached.
        """
        told: dict[str, Any] = {"id": id, "account": account.id, "user": user, "kind": kind, "text": text, "body": body}
        told |= {"buttons": buttons or [], "quota": quota, "at": self.now()}
        self.sent.append(told if users is None else told | {"users": users})

    def note_refused(self, path: str, refused: Refused, *, account: str = "", user: str = "") -> None:
        told = {"error": refused.code, "message": refused.message}
        self.refused.append({"path": path, "account": account, "user": user, **told, "at": self.now()})

    def tell(self, account: Account, event: events.Event) -> asyncio.Task[Any] | None:
        """
        Send an event when the app has subscribed to it. Only in the app's own loop.
        """
        app = self.app_of(account)
        return self.sender.start(app, event) if self.sender.wants(app, event["event_name"]) else None

    async def tell_first(self, account: Account, event: events.Event) -> None:
        """
        As `tell`, but return only when the first attempt is over, answered or not.
        """
        app = self.app_of(account)
        if self.sender.wants(app, event["event_name"]):
            await self.sender.deliver_first(app, event)

    def echo(self, user: User, bubble: Bubble, admin_id: str | None = None) -> events.Event:
        """
        Return the oa_send_* of a message that the Official Account, or a person of it, has sent.
        """
        app_id, name = self.accounts[user.account].app_id, events.echo_name(bubble.kind, self.weather.buttons_echo)
        message = events.echo_message(bubble)
        return events.from_oa(user, app_id, name, message, at_ms=self.stamp(user), admin_id=admin_id)

    def tell_receipts(self, user: User, bubble: Bubble) -> None:
        """
        Tell, a little later, that the phone has got a message and that the citizen has seen it.
        """
        account = self.accounts[user.account]
        app, loop = self.app_of(account), asyncio.get_running_loop()
        seen = {"msg_ids": [bubble.id]} if self.weather.seen_field == "msg_ids" else {"msg_id": bubble.id}
        for wanted, name, message, wait in (
            (self.weather.receipts, "user_received_message", {"msg_id": bubble.id}, RECEIVED_SECONDS),
            (self.weather.reads, "user_seen_message", seen, SEEN_SECONDS),
        ):
            if wanted and self.sender.wants(app, name):
                loop.call_later(wait / self.speed, self._tell_receipt, user, bubble, name, message)

    def _tell_receipt(self, user: User, bubble: Bubble, name: str, message: events.Event) -> None:
        account = self.accounts[user.account]
        bubble.note = "Đã xem" if name == "user_seen_message" else "Đã nhận"
        self.tell(account, events.from_oa(user, account.app_id, name, message, at_ms=self.stamp(user)))
