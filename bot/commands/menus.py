"""
python -m bot menus: show what the menus of every account will be; --apply writes them.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from typing import Any

from bot import menus as ours
from bot.channels.base import SendError
from bot.channels.messenger import menus as messenger
from bot.channels.messenger.channel import MessengerChannel
from bot.channels.telegram import menus as telegram
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.zalo import menus as zalo
from bot.channels.zalo.channel import ZaloChannel
from bot.commands.parts import Parts, opened
from bot.settings import Settings


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--apply", action="store_true", help="write them to the platforms")
    parser.add_argument("--channel", choices=("zalo", "messenger", "telegram"), help="only this one")


def run(options: argparse.Namespace, found: Settings) -> int:
    return asyncio.run(_run(options, found))


async def _run(options: argparse.Namespace, found: Settings) -> int:
    problems = 0
    async with opened(found) as parts:
        chosen = [(kind, one) for kind, one in parts.accounts.all() if options.channel in (None, kind) and one.enabled]
        if not chosen:
            print("no accounts; see BOT_ACCOUNTS_FILE")
        for kind, account in chosen:
            ward = parts.wards.get(account.ward)
            print(f"{kind} {account.id} ({account.ward})")
            if ward is None:
                problems += 1
                print("  FAIL the ward's name is not known: start the gateway with knowledge once, or correct `ward`")
                continue
            menu = ours.menu(ward.name)
            try:
                for line in await _apply(parts, kind, account, menu) if options.apply else _show(kind, menu):
                    print(f"  {line}")
            except SendError as error:
                problems += 1
                print(f"  FAIL {error.code}: {error}")
    return 1 if problems else 0


def _show(kind: str, menu: Any) -> list[str]:
    profile = {"zalo": zalo.profile, "messenger": messenger.profile, "telegram": telegram.profile}[kind](menu)
    return json.dumps(profile, ensure_ascii=False, indent=2).splitlines()


async def _apply(parts: Parts, kind: str, account: Any, menu: Any) -> list[str]:
    channel = parts.connected.channels[kind]
    if isinstance(channel, MessengerChannel):
        return await messenger.apply(channel, account, menu)
    if isinstance(channel, TelegramChannel):
        return await telegram.apply(channel, account, menu)
    assert isinstance(channel, ZaloChannel)
    return await zalo.apply(channel, account, menu)
