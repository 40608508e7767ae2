"""
A post in the ward's Telegram channel, by the ward's bot.

A bot cannot read what stands in a channel: a post of which nobody knows stays unclear until an officer has looked.
"""

from __future__ import annotations

import asyncio

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Message
from telegram.error import TelegramError

from bot.announcements.announcement import Outlet
from bot.announcements.outlets.base import Keep, Pictures, Publication, Published, complete, of_a_post, unclear
from bot.channels.base import SendError
from bot.channels.telegram.account import TelegramAccount
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.trouble import judge

POSTING = "posting"
TOTAL_SECONDS = 45.0  # a picture of a megabyte goes with it


class TelegramPost:
    outlet: Outlet = "telegram_post"

    def __init__(self, account: TelegramAccount, channel: TelegramChannel, pictures: Pictures):
        self._account, self._channel, self._pictures = account, channel, pictures
        self._chat = account.public_channel or ""

    async def publish(self, publication: Publication, keep: Keep) -> Published:
        if publication.step == POSTING:
            raise unclear("telegram")
        complete(publication, "text")
        picture = await self._pictures(publication)
        await keep(POSTING, {})
        try:
            async with asyncio.timeout(TOTAL_SECONDS):
                message = await self._post(publication, picture.content if picture else None)
        # Not chained: PTB quotes what it could not read.
        except (TelegramError, TimeoutError) as error:
            told = judge(error)
        except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
            told = SendError(f"telegram took a post without naming it ({type(error).__name__})", uncertain=True)
        else:
            return Published(str(message.message_id), f"{self.where(publication)}/{message.message_id}")
        if not told.uncertain:
            await keep(None, {})
        raise of_a_post("telegram", told, uncertain=told.uncertain)

    async def look(self, publication: Publication) -> Published | None:
        return None

    def where(self, publication: Publication) -> str:
        name = self._chat.removeprefix("@")
        return f"https://t.me/{name}" if name != self._chat else f"https://t.me/c/{self._chat.removeprefix('-100')}"

    async def _post(self, publication: Publication, picture: bytes | None) -> Message:
        bot, fields = self._channel.bot(self._account), publication.fields
        title, url = fields.get("button_title"), fields.get("button_url")
        keyboard = InlineKeyboardMarkup([[InlineKeyboardButton(title, url=url)]]) if title and url else None
        if picture is not None:
            return await bot.send_photo(self._chat, picture, caption=fields["text"], reply_markup=keyboard)
        return await bot.send_message(self._chat, fields["text"], reply_markup=keyboard)
