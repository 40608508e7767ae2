"""
Gets Rasa's Turn for a message, however long that takes, and gives up with an officer told.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

from bot import citizens, inbox
from bot.database import Database
from bot.delivery import retry
from bot.dialogue import SESSION_START, Dialogue, command, parse, parse_texts
from bot.errors import DialogueBroken, DialogueError, DialogueUnreachable
from bot.inbox import Waiting
from bot.log import log
from bot.messages import Effect, Turn

# Of a message's tries those that are told: with hundreds waiting, every one would drown the log.
TOLD_AT = frozenset({1, 3, 10, 30, 100, 300})
# Rasa replays the whole conversation at every turn; a new session keeps that short (design.md 3).
TURNS_PER_SESSION = 50

Told = Callable[[Waiting], Awaitable[None]]


class Asking:
    """
    `outage` says whether a program that a turn needs is down right now; `delayed` is called for a message that has
    waited `delay_seconds`.
    """

    def __init__(
        self,
        database: Database,
        dialogue: Dialogue,
        *,
        patience_seconds: float,
        delay_seconds: float,
        outage: Callable[[], Awaitable[bool]],
        clock: Callable[[], float] = time.time,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ):
        self._database, self._dialogue, self._outage = database, dialogue, outage
        self._patience_seconds, self._delay_seconds = patience_seconds, delay_seconds
        self._clock, self._pause = clock, pause

    @staticmethod
    def new_session(message: Waiting) -> bool:
        return message.kind != "start" and message.turns >= TURNS_PER_SESSION

    async def turn(self, message: Waiting, *, delayed: Told) -> Turn:
        """
        Return the Turn, or after the last try one without replies whose outcome begins with "error".
        """
        failures, outages, told = message.failures, 0, False
        while True:
            try:
                return await self._once(message)
            except DialogueError as error:
                problem, texts_only = error, isinstance(error, DialogueBroken) and error.texts_only
            except Exception as error:  # a reply of a shape that nobody foresaw must not stop the conversation
                log.exception("dialogue.not_understood", inbox=message.id)
                problem, texts_only = DialogueBroken(type(error).__name__), False
            outage = isinstance(problem, DialogueUnreachable) or await self._outage()
            if outage:
                outages += 1
            else:
                failures += 1
                await self._database.write(inbox.note_failure, message.id)
            waited = self._clock() - message.received_at
            wait = retry.next_question(
                failures,
                outage=outage,
                outages=outages,
                waited_seconds=waited,
                patience_seconds=self._patience_seconds,
            )
            if wait is None and texts_only:
                return await self._texts(message)
            if wait is None:
                log.error("message.given_up", code=problem.code, problem=str(problem), inbox=message.id)
                return _no_answer(problem)
            if (failures + outages) in TOLD_AT:
                log.warning(
                    "message.waits", code=problem.code, problem=str(problem), inbox=message.id, wait_seconds=wait
                )
            if await self._database.read(citizens.at_desk, message.citizen_id):
                return Turn((), (), "at_desk")  # an officer has taken over, and need not wait for Rasa
            if not told and waited >= self._delay_seconds:
                told = True
                await delayed(message)
            await self._pause(wait)

    async def _once(self, message: Waiting) -> Turn:
        return parse(await self._say(message, new_session=self.new_session(message)))

    async def _texts(self, message: Waiting) -> Turn:
        try:
            return parse_texts(await self._say(message, new_session=False))
        except DialogueError as error:
            return _no_answer(error)

    async def _say(self, message: Waiting, *, new_session: bool) -> Any:
        metadata = {"ward": message.ward, "channel": message.channel, "message_id": str(message.id)}
        if new_session:
            await self._dialogue.say(message.dialogue_id, SESSION_START, metadata)
        words = command(message.kind, message.text, message.payload)
        return await self._dialogue.say(message.dialogue_id, words, metadata)


def _no_answer(problem: DialogueError) -> Turn:
    effect = Effect("open_ticket", {"reason": "not_answered"})
    return Turn((), (effect,), "error_" + problem.code.replace(".", "_"))
