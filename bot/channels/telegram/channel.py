"""
Telegram on the wire: the secret checked, updates in; one message out per call.
"""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Sequence
from typing import Any

import orjson
from aiohttp import web
from telegram import Bot, InlineKeyboardMarkup, LinkPreviewOptions
from telegram.error import TelegramError

from bot.channels.base import Reach, Receipt, SendError, read_body, split_address
from bot.channels.menu import Menu
from bot.channels.telegram import payload, render
from bot.channels.telegram.account import TelegramAccount
from bot.channels.telegram.api import READ_SECONDS, TOTAL_SECONDS, close_bot, open_bot
from bot.channels.telegram.trouble import UNKNOWN, judge
from bot.errors import RequestError
from bot.log import log
from bot.messages import Happening, InboundMessage, Reply

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 (its name)
MAX_BYTES = 2**20
MAX_DIGITS = 16  # of a user id: 52 bits
# Taps are answered beside the work; a line that is down must not gather them without end.
MAX_TAPS_ANSWERED = 200
TAP_SECONDS = 5.0
FILE_SECONDS = 120.0


class TelegramChannel:
    """
    `close` when done.
    """

    kind = payload.KIND
    idempotent = False

    def __init__(
        self,
        accounts: Sequence[TelegramAccount],
        menu: Menu | None = None,
        *,
        read_seconds: float = READ_SECONDS,
        total_seconds: float = TOTAL_SECONDS,
    ):
        self._accounts = {one.id: one for one in accounts if one.enabled}
        self._menu = menu
        self._read_seconds, self._total_seconds = read_seconds, total_seconds
        self._bots: dict[str, Bot] = {}
        self._taps: set[asyncio.Task[None]] = set()

    async def close(self) -> None:
        for task in tuple(self._taps):
            task.cancel()
        await asyncio.gather(*self._taps, return_exceptions=True)
        while self._bots:
            await close_bot(self._bots.popitem()[1])

    async def receive(self, request: web.Request) -> Sequence[InboundMessage | Happening]:
        account = self._genuine(request)
        raw = await read_body(request, MAX_BYTES)
        try:
            update = orjson.loads(raw)
        except orjson.JSONDecodeError:
            log.warning("telegram.unreadable", account=account.id, bytes=len(raw))
            return []
        found = payload.parse(update, account, self._menu)
        if not found:
            log.warning("telegram.unreadable", account=account.id, bytes=len(raw))
        self._answer_tap(account, update)
        return found

    def parts(self, reply: Reply) -> list[Reply]:
        return render.parts(reply)

    def closed(self, address: str, reach: Reach, *, now: float) -> str | None:
        # No window and no quota: a citizen who pressed Start may be written to until the bot is blocked.
        return None

    async def send(self, address: str, reply: Reply, *, key: str) -> Receipt:
        account_id, user = split_address(address)
        account = self._accounts.get(account_id)
        if account is None:
            raise SendError("account.unknown: no enabled bot of this id in the accounts file", trouble="officer")
        if not (user.isascii() and user.isdecimal() and len(user) <= MAX_DIGITS):
            raise SendError("address.invalid: a Telegram user id is a number", trouble="recipient")
        told = render.body(int(user), reply, key)
        keyboard, bot = told.get("reply_markup"), self.bot(account)
        try:
            async with asyncio.timeout(self._total_seconds):
                message = await bot.send_message(
                    told["chat_id"],
                    told["text"],
                    reply_markup=InlineKeyboardMarkup.de_json(keyboard, bot) if keyboard else None,
                    link_preview_options=LinkPreviewOptions.de_json(told["link_preview_options"], bot),
                )
                return Receipt(str(message.message_id))
        # Not chained: PTB quotes what it could not read, which may be the message itself.
        except (TelegramError, TimeoutError) as error:
            raise judge(error) from None
        except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
            # An answer with status 200 that is no message: PTB looks for `result` without asking.
            raise SendError(f"{UNKNOWN.code}: {UNKNOWN.text} ({type(error).__name__})", uncertain=True) from None

    async def fetch(self, address: str, source: str, *, max_bytes: int) -> bytes:
        """
        Return the file that a citizen sent, by its file id; Telegram hands out 20 MB at most.

        Raises:
            SendError: It cannot be had, for ever or for now.
        """
        account = self._accounts.get(split_address(address)[0])
        if account is None:
            raise SendError("account.unknown: no enabled bot of this id in the accounts file", trouble="officer")
        try:
            async with asyncio.timeout(FILE_SECONDS):
                file = await self.bot(account).get_file(source)
                if (file.file_size or 0) > max_bytes:
                    raise SendError("file.too_large", trouble="recipient")
                return bytes(await file.download_as_bytearray())
        # Not chained: its address holds the token.
        except (TelegramError, TimeoutError) as error:
            raise judge(error) from None
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise SendError(f"{UNKNOWN.code}: {UNKNOWN.text} ({type(error).__name__})") from None

    def bot(self, account: TelegramAccount) -> Bot:
        """
        Return the one Bot of an account, opened at its first use.
        """
        if account.id not in self._bots:
            self._bots[account.id] = open_bot(account, read_seconds=self._read_seconds)
        return self._bots[account.id]

    def _genuine(self, request: web.Request) -> TelegramAccount:
        """
        Return the account whose secret came with the request; updates do not say which bot they are for.
        """
        name = request.match_info.get("account")
        given = request.headers.get(SECRET_HEADER)
        if given is None:
            raise RequestError(403, "signature.missing", f"no {SECRET_HEADER}")
        asked = given.encode("utf-8", "surrogateescape")
        # All are compared, so that the time tells nothing.
        genuine = [
            one
            for one in self._accounts.values()
            if hmac.compare_digest(asked, one.secret_token.get_secret_value().encode()) and name in (None, one.id)
        ]
        if len(genuine) != 1:
            raise RequestError(403, "signature.wrong", f"{SECRET_HEADER} is not that of one bot here")
        return genuine[0]

    def _answer_tap(self, account: TelegramAccount, update: Any) -> None:
        query = update.get("callback_query") if isinstance(update, dict) else None
        tap = query.get("id") if isinstance(query, dict) else None
        if isinstance(tap, str) and tap and len(self._taps) < MAX_TAPS_ANSWERED:
            task = asyncio.create_task(self._stop_spinning(account, tap))
            self._taps.add(task)
            task.add_done_callback(self._taps.discard)

    async def _stop_spinning(self, account: TelegramAccount, tap: str) -> None:
        """
        Tell the citizen's phone that the tap arrived. Best effort: queries age out, repeated ones are refused.
        """
        try:
            async with asyncio.timeout(TAP_SECONDS):
                await self.bot(account).answer_callback_query(tap)
        except (TelegramError, TimeoutError, KeyError, TypeError) as error:
            log.debug("telegram.tap_unanswered", account=account.id, problem=type(error).__name__)
