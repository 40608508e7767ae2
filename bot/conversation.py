"""
One turn: InboundMessage → Rasa → Replies and Effects → sent → the next message of the conversation.

After a kill a turn runs again, and then does only what is missing: what Rasa answered stands in the ledger, and what
was sent is marked there.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

import sqlalchemy as sa

from bot import alarms, bursts, citizens, erasing, inbox, own_turns, questions, tickets, watch, wording, wrong_answers
from bot.announcements import subscribing, subscriptions
from bot.announcements.subscribing import Subscribing
from bot.asking import Asking
from bot.channels.base import Channel, Reach, split_address
from bot.database import Database
from bot.delivery import ledger, worker
from bot.inbox import Waiting, Work
from bot.log import log
from bot.messages import Effect, Reply, Turn
from bot.reception import Reception
from bot.switches import Switches
from bot.wards import Wards

KEPT_SOURCES = 12
# Turns that may end without a word.
QUIET = frozenset({"spoken_over", "at_desk", "switched_off", "no_words"})
NOT_QUESTIONS = QUIET | {"erase_asked", "erased", subscribing.OUTCOME}
AT_DESK = Turn((), (), "at_desk")
TOLD_AGAIN_SECONDS = 3600.0
WRITTEN_WORDS = frozenset({"text", "button"})


class Conversations:
    """
    Answers messages. `burst_seconds` says how long an account waits for the rest of a question typed in pieces;
    `desk_seconds` how long an officer who has taken a conversation may leave it alone.
    """

    def __init__(
        self,
        database: Database,
        asking: Asking,
        wards: Wards,
        sender: worker.Sender,
        channels: Mapping[str, Channel],
        switches: Switches,
        *,
        executor: str,
        burst_seconds: Callable[[str, str], float] = lambda _channel, _account: 0.0,
        reception: Reception | None = None,
        desk_seconds: float = 4 * 3600.0,
        clock: Callable[[], float] = time.time,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ):
        self._database, self._asking, self._wards, self._sender = database, asking, wards, sender
        self._reception, self._desk_seconds = reception, desk_seconds
        self._subscribing = Subscribing(database, clock)
        self._channels, self._switches = channels, switches
        self._executor, self._burst_seconds, self._clock, self._pause = executor, burst_seconds, clock, pause

    async def answer(self, inbox_id: int) -> Work | None:
        """
        Answer one message, and return the next one of the conversation if there is one.
        """
        message = await self._database.read(inbox.get, inbox_id)
        if message.state == "answered":
            return None
        if message.state == "waiting":
            message, others = await self._gather(message)
            # The web chat posts one message after the other; platforms deliver in parallel.
            if not self._idempotent(message):
                earlier = await self._database.write(inbox.give_way, message.id, joined=others)
                if earlier is not None:
                    return earlier
            parts = await self._ask(message, others)
        else:
            parts = await self._database.write(
                ledger.resume, inbox_id, idempotent=self._idempotent(message), now=self._clock()
            )
        outcome = await self._send(message, parts)
        return await self._database.write(_close, message, outcome, self._executor, now=self._clock())

    async def _gather(self, message: Waiting) -> tuple[Waiting, list[int]]:
        """
        Wait for the rest of a question that is typed in pieces; return it whole, and the ids of the other pieces.
        """
        quiet = self._burst_seconds(message.channel, split_address(message.address)[0])
        if message.kind != "text" or quiet <= 0 or own_turns.number_typed(message.text) is not None:
            return message, []
        while True:
            texts = await self._database.read(inbox.waiting_texts, message.citizen_id)
            burst = bursts.burst_of(texts, message.id, quiet_seconds=quiet)
            wait = bursts.seconds_to_wait(burst, quiet_seconds=quiet, now=self._clock()) if burst else 0.0
            if wait <= 0:
                break
            await self._pause(wait)
        if len(burst) < 2:
            return message, []
        others = [one.id for one in burst if one.id != message.id]
        return message._replace(text=bursts.joined_text(burst), message_id=burst[-1].message_id), others

    def _idempotent(self, message: Waiting) -> bool:
        channel = self._channels.get(message.channel)
        return channel is None or channel.idempotent

    async def _ask(self, message: Waiting, others: list[int]) -> list[ledger.Delivery]:
        """
        Get the Turn for a message, or after the last try an apology, write it into the ledger.
        """
        started = self._clock()
        message, turn = await self._turn(message)
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
            joined=len(others),
            took_ms=ms,
            waited_ms=round((started - message.received_at) * 1000),
        )
        replies = self._replies(message, turn, ms)
        return await self._database.write(
            _write_down, message, others, turn, replies, ms, claimed=self._idempotent(message),
            new_session=self._asking.new_session(message), now=now,
        )  # fmt: skip

    async def _turn(self, message: Waiting) -> tuple[Waiting, Turn]:
        """
        Return the message as it was meant, and its Turn.
        """
        ward = self._wards.get(message.ward)
        if (stop := await self._subscribing.stop(message, ward)) is not None:
            return message, stop
        if message.desk_by is not None and not await self._left_alone(message):
            own = own_turns.answer(message, ward)
            # To have one's data erased is a right, whoever is talking; a contact is kept where officers look for it.
            if own is not None and own_turns.is_about_erasing(message):
                return message, own
            return message, replace(AT_DESK, effects=own.effects if own and message.kind == "contact" else ())
        if message.silent_until is not None and message.silent_until > self._clock():
            return message, await self._while_silent(message)
        off = await self._switches.off(message.ward, message.channel)
        if off is not None:
            return message, self._while_off(message, off.reason)
        message = await self._meant(message)
        own = own_turns.answer(message, ward) or await self._subscribing.turn(message, ward)
        if own is None:
            turn = await self._asking.turn(message, delayed=self._tell_delay)
            return message, await self._reception.told(message, turn) if self._reception else turn
        if message.kind == "attachment" and message.text:
            asked = await self._asking.turn(message._replace(kind="text"), delayed=self._tell_delay)
            own = replace(asked, replies=(*own.replies, *asked.replies), effects=(*own.effects, *asked.effects))
        return message, own

    async def _left_alone(self, message: Waiting) -> bool:
        """
        End a taking whose officer has forgotten the conversation: a citizen who writes must not wait for nobody.
        """
        if message.desk_at is not None and self._clock() - message.desk_at < self._desk_seconds:
            return False
        await self._database.write(citizens.give_to_desk, message.citizen_id, None, now=self._clock())
        return True

    async def _while_silent(self, message: Waiting) -> Turn:
        if message.kind == "text" and own_turns.calls_the_assistant(message.text):
            await self._database.write(citizens.silence, message.citizen_id, until=None)
            return Turn((Reply(wording.BACK_AGAIN),), (), "answered")
        return Turn((), (), "spoken_over")

    def _while_off(self, message: Waiting, reason: str) -> Turn:
        effect = Effect("open_ticket", {"reason": "switched_off"})
        if message.switched_off_at is not None and self._clock() - message.switched_off_at < TOLD_AGAIN_SECONDS:
            return Turn((), (effect,), "switched_off")
        ward = self._wards.get(message.ward)
        text = wording.switched_off(ward.name if ward else message.ward, reason, ward.hotline if ward else None)
        return Turn((Reply(text, kind="switched_off"),), (effect,), "switched_off")

    async def _meant(self, message: Waiting) -> Waiting:
        """
        Return the message with what it stands for: a number typed for a button, a button by its place in a message.
        """
        if message.kind == "sticker" and message.noticed_at is None:
            return message._replace(kind="start")
        if message.kind == "text" and (number := own_turns.number_typed(message.text)) is not None:
            buttons = await self._database.read(ledger.buttons_meant, message.citizen_id)
            if 1 <= number <= len(buttons):
                return own_turns.as_sent(message, buttons[number - 1])
        if message.kind == "button" and (stored := own_turns.stored_button(message.payload or "")) is not None:
            delivery_id, place = stored
            buttons = await self._database.read(ledger.buttons_of, delivery_id, citizen_id=message.citizen_id)
            if place < len(buttons):
                return own_turns.as_sent(message, buttons[place])
        return message

    async def _tell_delay(self, message: Waiting) -> None:
        """
        Tell a citizen once that the answer takes longer. The web chat's page says so by itself.
        """
        told = message.delayed_at
        if self._idempotent(message) or (told is not None and self._clock() - told < TOLD_AGAIN_SECONDS):
            return
        ward = self._wards.get(message.ward)
        reply = Reply(wording.delay(ward.hotline if ward else None), kind="delay", to=message.message_id)
        parts = await self._database.write(_put_delay, message, reply, now=self._clock())
        outcome = await self._sender.send_all(parts, _reach(message), once=True)
        await self._database.write(worker.mark, outcome, now=self._clock())

    async def _send(self, message: Waiting, parts: list[ledger.Delivery]) -> worker.Sent:
        if message.left_at is not None:
            return worker.Sent(failed=[one.id for one in parts], problem="citizen.left")
        return await self._sender.send_all(parts, _reach(message))

    def _replies(self, message: Waiting, turn: Turn, ms: int) -> list[Reply]:
        ward = self._wards.get(message.ward)
        replies = list(turn.replies)
        if not replies and turn.outcome in QUIET:
            return []
        if not replies:
            replies = [Reply(wording.apology(ward.hotline if ward else None), kind="apology")]
        if message.noticed_at is None:
            replies.insert(0, Reply(wording.notice(ward.name if ward else message.ward), kind="notice"))
        channel = self._channels.get(message.channel)
        if channel is not None:
            replies = [part for reply in replies for part in channel.parts(reply)]
        ending = {
            "outcome": turn.outcome,
            "entry_ids": list(turn.entry_ids),
            "sources": list(turn.sources)[:KEPT_SOURCES],
            "part": turn.part,
            "ms": ms,
        }
        replies = [replace(one, to=message.message_id, turn=None) for one in replies]
        replies[-1] = replace(replies[-1], turn=ending)
        return replies


def _reach(message: Waiting) -> Reach:
    return Reach(message.interacted_at, message.quota_left)


def _put_delay(connection: sa.Connection, message: Waiting, reply: Reply, *, now: float) -> list[ledger.Delivery]:
    citizens.note_delayed(connection, message.citizen_id, now=now)
    return ledger.put_once(
        connection, reply, part=ledger.DELAY_PART, inbox_id=message.id, citizen_id=message.citizen_id,
        ward=message.ward, channel=message.channel, address=message.address, claimed=False, now=now,
    )  # fmt: skip


def _write_down(
    connection: sa.Connection,
    message: Waiting,
    others: list[int],
    turn: Turn,
    replies: list[Reply],
    ms: int,
    *,
    claimed: bool,
    new_session: bool,
    now: float,
) -> list[ledger.Delivery]:
    """
    Store everything that follows from a turn, all of it or nothing, and once; claim what is to be sent.
    """
    if not inbox.mark_asked(connection, message.id):
        return ledger.resume(connection, message.id, idempotent=claimed, now=now)
    if message.desk_by is None and citizens.at_desk(connection, message.citizen_id):
        # Taken while the answer was being found: from now on a person talks.
        # Who wants no more announcements gets none, even so.
        kept = tuple(one for one in turn.effects if one.kind == subscriptions.UNSUBSCRIBE)
        turn, replies = replace(AT_DESK, effects=kept), []
    inbox.join(connection, others, to=message.id, now=now)
    if replies:
        turns = 1 if new_session else message.turns + 1
        citizens.count_turn(connection, message.citizen_id, turns=turns, noticed_at=now)
    if any(one.kind == "switched_off" for one in replies):
        citizens.note_switched_off(connection, message.citizen_id, now=now)
    row = {"ward": message.ward, "channel": message.channel, "inbox_id": message.id, "now": now}
    if message.kind in WRITTEN_WORDS and turn.outcome not in NOT_QUESTIONS:
        questions.record(
            connection, text=message.text, outcome=turn.outcome, entry_ids=turn.entry_ids, part=turn.part, ms=ms,
            **row,  # type: ignore[arg-type]
        )  # fmt: skip
    for effect in turn.effects:
        if effect.kind == "open_ticket":
            reason, contact = str(effect.values.get("reason") or "asked"), effect.values.get("contact")
            tickets.open_ticket(connection, citizen_id=message.citizen_id, reason=reason, contact=contact, **row)  # type: ignore[arg-type]
            if reason == "wrong_answer":
                named = effect.values.get("entry")
                wrong_answers.report(
                    connection, citizen_id=message.citizen_id, text=message.text,
                    entry=named if isinstance(named, str) else None, **row,  # type: ignore[arg-type]
                )  # fmt: skip
        elif effect.kind in (subscriptions.SUBSCRIBE, subscriptions.UNSUBSCRIBE):
            subscriptions.apply(connection, effect, citizen_id=message.citizen_id, ward=message.ward, now=now)
        else:
            log.warning("effect.unknown", kind=effect.kind[:40], inbox=message.id)
    return ledger.put(
        connection, replies, citizen_id=message.citizen_id, address=message.address, claimed=claimed, **row  # type: ignore[arg-type]
    )  # fmt: skip


def _close(
    connection: sa.Connection, message: Waiting, outcome: worker.Sent, executor: str, *, now: float
) -> Work | None:
    worker.mark(connection, outcome, now=now)
    if outcome.unreachable:
        citizens.left(connection, message.citizen_id, sequence=None, now=now)
    elif outcome.held or (outcome.problem and outcome.problem != "citizen.left"):
        reason = "perhaps_not_delivered" if outcome.held else "not_delivered"
        tickets.open_ticket(
            connection, ward=message.ward, channel=message.channel, citizen_id=message.citizen_id,
            inbox_id=message.id, reason=reason, now=now,
        )  # fmt: skip
    if outcome.needs_officer:
        account = split_address(message.address)[0]
        alarms.ring(
            connection, ward=message.ward, channel=message.channel, account=account, code=watch.SEND_REFUSED,
            detail=outcome.problem, now=now,
        )  # fmt: skip
    following = inbox.finish(connection, message.id, executor=executor, now=now)
    if message.kind == "text" and own_turns.confirms_erasing(message.text):
        # Last, and again after a kill: what says that it is done must go out first.
        erasing.erase(connection, message.citizen_id)
        return None
    return following
