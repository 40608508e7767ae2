"""
Our line to the Bot API: PTB's Bot without an Updater and without a rate limiter; the delivery engine paces.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from telegram import Bot
from telegram.request import HTTPXRequest

from bot.channels.account import reveal
from bot.channels.telegram.account import TelegramAccount

CONNECTIONS = 64
CONNECT_SECONDS, WRITE_SECONDS, READ_SECONDS, POOL_SECONDS = 5.0, 5.0, 10.0, 5.0
# Above all of them together: an answer that trickles in never ends otherwise.
TOTAL_SECONDS = 30.0


def open_bot(account: TelegramAccount, *, read_seconds: float = READ_SECONDS) -> Bot:
    """
    Return a Bot that has connected to nothing yet. `close_bot` when done.

    Not initialised: that would only ask getMe, and its failure quotes the token.
    """
    # PTB logs answers that are no JSON, calls with their parameters, and httpx every address, token included.
    logging.getLogger("telegram").setLevel(logging.CRITICAL)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    request = HTTPXRequest(
        connection_pool_size=CONNECTIONS,
        read_timeout=read_seconds,
        write_timeout=WRITE_SECONDS,
        connect_timeout=CONNECT_SECONDS,
        pool_timeout=POOL_SECONDS,
        proxy=reveal(account.proxy),
        # The account says which proxy; the environment is read in settings.py alone.
        httpx_kwargs={"trust_env": False},
    )
    base = account.api_url.rstrip("/")
    token = account.token.get_secret_value()
    # One pool for all: nothing polls.
    return Bot(token, f"{base}/bot", f"{base}/file/bot", request=request, get_updates_request=request)


async def close_bot(bot: Bot) -> None:
    await bot.request.shutdown()


@asynccontextmanager
async def bot_of(account: TelegramAccount) -> AsyncIterator[Bot]:
    """
    Lend a Bot for one command.
    """
    bot = open_bot(account)
    try:
        yield bot
    finally:
        await close_bot(bot)
