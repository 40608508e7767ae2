"""
The parts that a command needs, put together as app.py does, without serving.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot import accounts, registry
from bot.accounts import Accounts
from bot.channels.account import ChannelAccount
from bot.database import Database
from bot.errors import AccountUnknown
from bot.knowledge_api import KnowledgeApi
from bot.migrate import migrate
from bot.registry import Connected
from bot.settings import Settings
from bot.wards import Wards


@dataclass
class Parts:
    database: Database
    accounts: Accounts
    connected: Connected
    wards: Wards

    def named(self, channel: str, account: str | None) -> ChannelAccount:
        """
        Return an account; without an id the only one of its channel.

        Raises:
            AccountUnknown: No such account, or several to choose from.
        """
        there = [one for kind, one in self.accounts.all() if kind == channel]
        found = [one for one in there if account in (None, one.id)]
        if len(found) == 1:
            return found[0]
        known = ", ".join(one.id for one in there) or "none; see BOT_ACCOUNTS_FILE"
        what = f"no {channel} account {account}" if account else f"name one of the {channel} accounts"
        raise AccountUnknown(f"{what}; the accounts file has: {known}")


@asynccontextmanager
async def opened(found: Settings) -> AsyncIterator[Parts]:
    """
    Open the database and the channels for one command.
    """
    known = accounts.load(found.accounts_file)
    database = Database(found.database)
    knowledge = KnowledgeApi(found.knowledge_url)
    wards = Wards(database, knowledge)
    migrate(database)
    await wards.load()
    connected = registry.connect(known, database, worker=f"{found.executor}-command")
    await connected.seed()
    try:
        yield Parts(database, known, connected, wards)
    finally:
        await connected.close()
        await knowledge.close()
        database.close()
