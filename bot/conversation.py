"""
One turn: InboundMessage → Rasa → Replies and Effects → sent → the next message of the conversation.

After a kill a turn runs again, and then does only what is missing: what Rasa answered stands in the ledger, and what
was sent is marked there.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from bot import citizens, inbox, questions, tickets, wording
from bot.database import Database
from bot.delivery import ledger, retry, worker
from bot.dialogue import SESSION_START, Dialogue, command, parse, parse_texts
from bot.errors import DialogueBroken, DialogueError, DialogueUnreachable
from bot.inbox import Waiting, Work
from bot.log import log
from bot.messages import Effect, Reply, Turn
from bot.wards import Wards

# Of a message's tries those that are told: with hundreds waiting, every one would drown the log.
TOLD_AT = frozenset({1, 3, 10, 30, 100, 300})
# Rasa replays the whole conversation at every turn; a new session keeps that short (design.md 3).
TURNS_PER_SESSION = 50
KEPT_SOURCES = 12


class Conversations:
    """
    Answers messages. `outage` says whether a program that a turn needs is down right now.
    """

    def __init__(
        self,
        database: Database,
        dialogue: Dialogue,
        wards: Wards,
        sender: worker.Sender,
        *,
        executor: str,
        patience_seconds: float,
        outage: Callable[[], Awaitable[bool]],
        clock: Callable[[], float] = time.time,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ):
        self._database, self._dialogue, self._wards, self._sender = database, dialogue, wards, sender
        self._executor, self._pause = executor, pause
        self._patience_seconds, self._outage, self._clock = patience_seconds, outage, clock

    async def answer(self, inbox_id: int) -> Work | None:
        """
        Answer one message, and return the next one of the conversation if there is one.
        """
        message = await self._database.read(inbox.get, inbox_id)
        if message.state == "answered":
            return None
        if message.state == "waiting":
            parts = await self._ask(message)
        else:
            parts = await self._database.write(ledger.claim, inbox_id, now=self._clock())
        outcome = await self._sender.send_all(parts)
        return await self._database.write(_close, inbox_id, outcome, self._executor, now=self._clock())

    async def _ask(self, message: Waiting) -> list[ledger.Delivery]:
        """
        Get Rasa's Turn for a message, or after the last try an apology, write it into the ledger and claim it.
        """
        started = self._clock()
        new_session = message.kind != "start" and message.turns >= TURNS_PER_SESSION
        turn = await self._turn(message, new_session=new_session)
        now = self._clock()
        ms = round((now - started) * 1000)
        log.info(
            "message.answered",
            channel=message.channel,
            ward=message.ward,
            citizen=message.citizen_id,
            inbox=message.id,
            outcome=turn.outcome,
            entries=list(turn.entry_ids),
            replies=len(turn.replies),
            took_ms=ms,
            waited_ms=round((started - message.received_at) * 1000),
        )
        replies = self._replies(message, turn, ms)
        return await self._database.write(_write_down, message, turn, replies, ms, new_session, now=now)

    async def _turn(self, message: Waiting, *, new_session: bool) -> Turn:
        failures, outages = message.failures, 0
        while True:
            try:
                return await self._ask_once(message, new_session=new_session)
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
            wait = retry.next_question(
                failures,
                outage=outage,
                outages=outages,
                waited_seconds=self._clock() - message.received_at,
                patience_seconds=self._patience_seconds,
            )
            if wait is None and texts_only:
                return await self._ask_for_texts(message)
            if wait is None:
                log.error("message.given_up", code=problem.code, problem=str(problem), inbox=message.id)
                return _no_answer(problem)
            if (failures + outages) in TOLD_AT:
                log.warning(
                    "message.waits", code=problem.code, problem=str(problem), inbox=message.id, wait_seconds=wait
                )
            await self._pause(wait)

    async def _ask_once(self, message: Waiting, *, new_session: bool) -> Turn:
        return parse(await self._say(message, new_session=new_session))

    async def _ask_for_texts(self, message: Waiting) -> Turn:
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

    def _replies(self, message: Waiting, turn: Turn, ms: int) -> list[Reply]:
        ward = self._wards.get(message.ward)
        replies = list(turn.replies)
        if not replies:
            replies = [Reply(wording.apology(ward.hotline if ward else None), kind="apology")]
        ending = {
            "outcome": turn.outcome,
            "entry_ids": list(turn.entry_ids),
            "sources": list(turn.sources)[:KEPT_SOURCES],
            "part": turn.part,
            "ms": ms,
        }
        replies = [replace(one, to=message.message_id) for one in replies]
        replies[-1] = replace(replies[-1], turn=ending)
        if message.noticed_at is None:
            name = ward.name if ward else message.ward
            replies.insert(0, Reply(wording.notice(name), kind="notice", to=message.message_id))
        return replies


def _no_answer(problem: DialogueError) -> Turn:
    effect = Effect("open_ticket", {"reason": "not_answered"})
    return Turn((), (effect,), "error_" + problem.code.replace(".", "_"))


def _write_down(
    connection: sa.Connection,
    message: Waiting,
    turn: Turn,
    replies: list[Reply],
    ms: int,
    new_session: bool,
    *,
    now: float,
) -> list[ledger.Delivery]:
    """
    Store everything that follows from a turn, all of it or nothing, and once; claim what is to be sent.
    """
    if not inbox.mark_asked(connection, message.id):
        return ledger.claim(connection, message.id, now=now)
    turns = 1 if new_session else message.turns + 1
    citizens.count_turn(connection, message.citizen_id, turns=turns, noticed_at=now)
    row = {"ward": message.ward, "channel": message.channel, "inbox_id": message.id, "now": now}
    if message.kind != "start":
        questions.record(
            connection, text=message.text, outcome=turn.outcome, entry_ids=turn.entry_ids, part=turn.part, ms=ms,
            **row,  # type: ignore[arg-type]
        )  # fmt: skip
    for effect in turn.effects:
        if effect.kind == "open_ticket":
            reason = str(effect.values.get("reason") or "asked")
            tickets.open_ticket(connection, citizen_id=message.citizen_id, reason=reason, **row)  # type: ignore[arg-type]
        else:
            log.warning("effect.unknown", kind=effect.kind[:40], inbox=message.id)
    return ledger.put(connection, replies, citizen_id=message.citizen_id, address=message.address, **row)  # type: ignore[arg-type]


def _close(connection: sa.Connection, inbox_id: int, outcome: worker.Sent, executor: str, *, now: float) -> Work | None:
    worker.mark(connection, outcome, now=now)
    return inbox.finish(connection, inbox_id, executor=executor, now=now)
