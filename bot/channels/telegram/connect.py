"""
Tell Telegram where we listen. Everything is set explicitly: what setWebhook is not told stays as an earlier call left it.
"""

from __future__ import annotations

from telegram.error import TelegramError

from bot.channels.findings import Finding
from bot.channels.telegram.account import TelegramAccount
from bot.channels.telegram.api import bot_of
from bot.channels.telegram.payload import WANTED
from bot.channels.telegram.trouble import find


async def connect(account: TelegramAccount, url: str) -> Finding:
    """
    Register `url` (https, port 443, 80, 88 or 8443) as this bot's webhook. Updates that wait go to the new address.
    """
    try:
        async with bot_of(account) as bot:
            await bot.set_webhook(
                url,
                max_connections=account.max_connections,
                allowed_updates=WANTED,
                drop_pending_updates=False,
                secret_token=account.secret_token.get_secret_value(),
            )
    except TelegramError as error:
        if "webhook" in error.message.lower():
            return Finding(False, "webhook", f"refused: {error.message}", "use https, on port 443, 80, 88 or 8443")
        row = find(error)
        return Finding(False, "webhook", f"not registered: {row.code}", row.text)
    updates = ", ".join(WANTED)
    return Finding(True, "webhook", f"updates go to {url}: {updates}; connections: {account.max_connections}")
