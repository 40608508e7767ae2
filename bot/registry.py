"""
Builds the channels that have accounts, and keeps what must run beside them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot import menus
from bot.accounts import Accounts
from bot.channels.base import Channel
from bot.channels.messenger.channel import MessengerChannel
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.zalo.account import ZaloAccount
from bot.channels.zalo.channel import ZaloChannel
from bot.credentials import Credentials
from bot.database import Database


@dataclass
class Connected:
    """
    The channels by name. `start` once the database is there, `close` when done.
    """

    channels: dict[str, Channel]
    zalo: dict[str, ZaloAccount] = field(default_factory=dict)
    zalo_tokens: Credentials | None = None
    _tasks: list[asyncio.Task[Any]] = field(default_factory=list)

    async def start(self) -> None:
        """
        Take the tokens of the accounts file where none are stored, and keep tokens fresh.
        """
        await self.seed()
        channel = self.channels.get("zalo")
        if isinstance(channel, ZaloChannel):
            self._tasks.append(asyncio.create_task(channel.keep_fresh()))

    async def seed(self) -> None:
        for account in self.zalo.values():
            pair = account.seed()
            if pair is not None and self.zalo_tokens is not None:
                await self.zalo_tokens.seed(account.id, pair)

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for channel in self.channels.values():
            close = getattr(channel, "close", None)
            if close is not None:
                await close()


def connect(accounts: Accounts, database: Database, *, worker: str) -> Connected:
    """
    Make a channel for every kind that has an enabled account.
    """
    connected = Connected({})
    zalo = [one for one in accounts.zalo if one.enabled]
    if zalo:
        named = {one.id: one.ward for one in zalo}
        connected.zalo = {one.id: one for one in zalo}
        connected.zalo_tokens = Credentials(database, "zalo", wards=named, worker=worker)
        connected.channels["zalo"] = ZaloChannel(zalo, connected.zalo_tokens, menus.menu(""))
    messenger = [one for one in accounts.messenger if one.enabled]
    if messenger:
        connected.channels["messenger"] = MessengerChannel(messenger)
    telegram = [one for one in accounts.telegram if one.enabled]
    if telegram:
        # Commands mean the same in every ward; only the greeting names it.
        connected.channels["telegram"] = TelegramChannel(telegram, menus.menu(""))
    return connected


def burst_seconds(accounts: Accounts, default: float) -> Callable[[str, str], float]:
    """
    Return what says for (channel, account) how long the rest of a question is waited for. Not at all on the web.
    """
    own = {(kind, one.id): one.burst_seconds for kind, one in accounts.all() if one.burst_seconds is not None}

    def seconds(channel: str, account: str) -> float:
        return 0.0 if channel == "web" else own.get((channel, account), default)

    return seconds
