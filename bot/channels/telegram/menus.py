"""
What stands in a bot's menu: its commands, and the words on an empty conversation.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from telegram.error import TelegramError

from bot.channels.menu import Menu
from bot.channels.telegram.account import TelegramAccount
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.trouble import find

# Limits of the Bot API (PTB's constants, read 2026-11-20).
MAX_COMMANDS, MAX_COMMAND_DESCRIPTION = 100, 256
MAX_DESCRIPTION, MAX_SHORT_DESCRIPTION = 512, 120


def profile(menu: Menu) -> dict[str, Any]:
    """
    Return what the Bot API is told: `commands` in the menu's order, `description` on an empty conversation,
    `short_description` on the bot's profile. Suggested questions have no place on Telegram; the greeting's menu has them.
    """
    return {
        "commands": [
            {"command": item.command, "description": (item.description or item.title)[:MAX_COMMAND_DESCRIPTION]}
            for item in menu.items[:MAX_COMMANDS]
        ],
        "description": menu.greeting[:MAX_DESCRIPTION],
        "short_description": menu.greeting[:MAX_SHORT_DESCRIPTION],
    }


async def apply(channel: TelegramChannel, account: TelegramAccount, menu: Menu) -> list[str]:
    """
    Write the menu into the bot's profile, for all languages. Returns one line per thing done or refused.
    """
    told, bot = profile(menu), channel.bot(account)
    commands = [(one["command"], one["description"]) for one in told["commands"]]
    named = ", ".join(f"/{name}" for name, _ in commands)
    steps: tuple[tuple[str, Callable[..., Awaitable[bool]], Any], ...] = (
        (f"commands: {named}", bot.set_my_commands, commands),
        ("description: the greeting", bot.set_my_description, told["description"]),
        ("short description: the greeting", bot.set_my_short_description, told["short_description"]),
    )
    lines = []
    for what, write, value in steps:
        try:
            await write(value)
            lines.append(f"written: {what}")
        except TelegramError as error:
            row = find(error)
            lines.append(f"NOT written: {what} — {row.code}: {row.text}")
    return lines
