"""
python -m bot connect zalo|messenger|telegram [ACCOUNT]: let a platform's account and this gateway find each other.

zalo: prints the page where the OA's admin consents, and waits for the code to come back.
messenger: subscribes the Page to the app's webhook. telegram: tells Telegram where the webhook is.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from urllib.parse import parse_qs, urlsplit

from bot import granting
from bot.channels.base import SendError
from bot.channels.messenger import connect as messenger
from bot.channels.messenger.account import MessengerAccount
from bot.channels.messenger.channel import MessengerChannel
from bot.channels.telegram import connect as telegram
from bot.channels.telegram.account import TelegramAccount
from bot.channels.zalo.account import ZaloAccount
from bot.commands.parts import Parts, opened
from bot.errors import BotError, RequestError
from bot.settings import Settings

LOOK_SECONDS = 1.0


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("channel", choices=("zalo", "messenger", "telegram"))
    parser.add_argument("account", nargs="?", help="id of the account; not needed when there is one only")
    parser.add_argument(
        "--paste",
        action="store_true",
        help="zalo: read the address that the browser ended at from the keyboard, for a gateway without public address",
    )
    parser.add_argument("--callback", help="zalo: callback as it stands in the console, if it is not BOT_PUBLIC_URL's")


def run(options: argparse.Namespace, found: Settings) -> int:
    return asyncio.run(_run(options, found))


async def _run(options: argparse.Namespace, found: Settings) -> int:
    async with opened(found) as parts:
        account = parts.named(options.channel, options.account)
        try:
            if isinstance(account, ZaloAccount):
                return await _zalo(parts, account, options, found)
            if isinstance(account, MessengerAccount):
                channel = parts.connected.channels["messenger"]
                assert isinstance(channel, MessengerChannel)
                for line in await messenger.subscribe(channel, account):
                    print(line)
                return 0
            assert isinstance(account, TelegramAccount)
            address = f"{_public(found)}/hook/telegram/{account.id}"
            finding = await telegram.connect(account, address)
            print(f"{'ok  ' if finding.ok else 'FAIL'} {finding.name}: {finding.detail} {finding.advice}".rstrip())
            return 0 if finding.ok else 1
        except (SendError, RequestError) as error:
            print(f"FAIL {error.code}: {error}", file=sys.stderr)
            return 1


async def _zalo(parts: Parts, account: ZaloAccount, options: argparse.Namespace, found: Settings) -> int:
    callback = options.callback or granting.redirect_uri(found.public_url)
    consent = await granting.ask(parts.database, account, callback, now=time.time())
    print(
        f"Open this page as an admin of the OA {account.id} ({account.ward}), within 15 minutes:\n\n  {consent.url}\n"
    )
    if options.paste:
        return await _paste(parts, account)
    print("waiting for Zalo to call back; the gateway must run (or use --paste) …", flush=True)
    while True:
        asked = await parts.database.read(granting.find, consent.state)
        if asked is None or asked.ended_at is not None:
            break
        if time.time() - asked.asked_at > granting.LASTS_SECONDS:
            print("nobody consented in time; run the command again", file=sys.stderr)
            return 1
        await asyncio.sleep(LOOK_SECONDS)
    problem = asked.problem if asked is not None else "gone"
    print(f"FAIL {problem}" if problem else f"connected: zalo {account.id}")
    return 1 if problem else 0


async def _paste(parts: Parts, account: ZaloAccount) -> int:
    print("Paste the address at which the browser ended (it holds code=…): ", end="", flush=True)
    query = parse_qs(urlsplit((await asyncio.to_thread(sys.stdin.readline)).strip()).query)
    first = {name: values[0] for name, values in query.items()}
    store = parts.connected.zalo_tokens
    assert store is not None
    try:
        await granting.use(
            parts.database, store, account, state=first.get("state", ""), code=first.get("code", ""),
            oa_id=first.get("oa_id", ""),
        )  # fmt: skip
    except BotError as error:
        print(f"FAIL {error.code}: {error}", file=sys.stderr)
        return 1
    print(f"connected: zalo {account.id}")
    return 0


def _public(found: Settings) -> str:
    if not found.public_url:
        raise RequestError(409, "public_url.missing", "set BOT_PUBLIC_URL to the https address of this gateway")
    return found.public_url
