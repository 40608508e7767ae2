"""
The state of the emulated Telegram and the few ways in which it changes. Lives in the loop of the served app.
"""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Callable
from typing import Any

from emulators.telegram import people
from emulators.telegram.courier import Courier
from emulators.telegram.floods import Floods
from emulators.telegram.parameters import Given
from emulators.telegram.polling import end_poll
from emulators.telegram.refusals import Refused
from emulators.telegram.weather import Weather
from emulators.telegram.world import Bot, Chat, Delivery, File, Shape, Update

CITIZEN = "Người dân"


class Core:
    """
    `courier` is there while the app is served.
    """

    def __init__(self, *, clock: Callable[[], float], speed: float, seed: int | None, local: bool):
        self.clock, self.speed, self.local = clock, speed, local
        self.weather = Weather()
        self.floods = Floods(self.weather, clock)
        self.chance = random.Random(seed)
        self.bots: dict[str, Bot] = {}
        self.sent: list[dict[str, Any]] = []
        self.refused: list[dict[str, Any]] = []
        self.deliveries: list[Delivery] = []
        self.lost: list[int] = []
        self.courier: Courier | None = None
        self._numbers = itertools.count(int(clock() * 1000))

    def bot(self, id: str | None = None) -> Bot:
        return self.bots[id] if id is not None else next(iter(self.bots.values()))

    def person(self, bot: Bot, number: int) -> Chat:
        return bot.chats.setdefault(number, Chat(number, "private", CITIZEN))

    def put(
        self, bot: Bot, event: str, content: Shape, *, update_id: int | None = None, asked: bool = True
    ) -> Update | None:
        """
        Queue an update; None when the bot did not ask for this kind, unless it does not matter what it `asked` for.
        """
        if asked and not bot.takes(event):
            return None
        number = bot.next_update if update_id is None else update_id
        if update_id is None:
            bot.next_update += self.chance.randint(1, 5) if self.weather.gaps else 1
        bot.counted += 1
        body = json.dumps({"update_id": number, event: content}, ensure_ascii=False).encode()
        update = bot.pending[bot.counted] = Update(number, bot.counted, event, body, self.clock())
        end_poll(bot)
        if self.courier is not None:
            self.courier.put(bot, update)
        return update

    def keep(self, bot: Bot, given: Given, chat: Chat, content: Shape, markup: Shape) -> Shape:
        """
        Put what a bot sends into its chat; an inline keyboard stands with the message, other markup only on the phone.
        """
        sender = None if chat.type == "channel" else bot.user()
        stored = people.stored(self, bot, chat, {**content, **({"reply_markup": markup} if markup else {})}, sender)
        told = (
            stored
            if "inline_keyboard" in markup
            else {key: one for key, one in stored.items() if key != "reply_markup"}
        )
        self.sent.append(
            {
                "id": str(stored["message_id"]),
                "bot": str(bot.id),
                "user": str(chat.id),
                "method": given.method,
                "text": stored.get("text", stored.get("caption", "")),
                "buttons": people.bubble(chat, stored)["buttons"],
                "body": dict(given.values),
                "at": self.clock(),
            }
        )
        if chat.type == "channel":
            self.put(bot, "channel_post", told)
        return told

    def store(self, bot: Bot, name: str, content: bytes) -> File:
        number = self.new_id()
        file = File(f"AgACAgUAAx{number}", content, f"files/{number}/{name}", len(content))
        bot.files[file.id] = file
        return file

    def new_id(self) -> str:
        return str(next(self._numbers))

    def note_refused(self, bot: Bot | None, given: Given, refused: Refused) -> None:
        self.refused.append(
            {
                "method": given.method,
                "bot": str(bot.id) if bot else "",
                "user": given.text("chat_id"),
                "error": refused.status,
                "description": refused.description,
                "body": dict(given.values),
                "at": self.clock(),
            }
        )

    def start_over(self, bot: Bot) -> None:
        if self.courier is not None:
            self.courier.start_over(bot)

    def forget_old(self, bot: Bot) -> None:
        if self.courier is not None:
            self.courier.forget_old(bot)
