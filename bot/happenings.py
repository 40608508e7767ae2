"""
What platforms tell that gets no answer: unfollowed, taken over by a person, our own echo, data to be erased.
"""

from __future__ import annotations

import sqlalchemy as sa

from bot import alarms, citizens, erasing, inbox
from bot.database import Database
from bot.delivery import ledger
from bot.log import log
from bot.messages import Happening

# Kinds that change something, so that an old one that is repeated must not be done again.
STORED = frozenset({"left", "spoken_over", "handed_back", "withdrew"})


async def take(database: Database, happening: Happening, *, silence_seconds: float, now: float) -> None:
    """
    Do what a happening asks for. The same for every repetition.
    """
    if happening.kind == "own_echo":
        await _resolve_echo(database, happening, now=now)
    elif happening.kind == "account":
        await database.keep(_ring, happening, now=now)
    elif happening.kind in STORED and happening.address:
        await database.keep(_apply, happening, silence_seconds=silence_seconds, now=now)
    log.debug("event.noted", channel=happening.channel, happened=happening.event[:60])


def _ring(connection: sa.Connection, happening: Happening, *, now: float) -> None:
    values = happening.values
    named = {"ward": happening.ward, "channel": happening.channel, "account": happening.account}
    code = str(values.get("code") or happening.event)[:64]
    if values.get("over"):
        alarms.clear(connection, **named, code=code, now=now)
    else:
        alarms.ring(connection, **named, code=code, detail=str(values.get("detail") or ""), now=now)


def _apply(connection: sa.Connection, happening: Happening, *, silence_seconds: float, now: float) -> None:
    citizen_id = inbox.note(connection, happening, now=now)
    if citizen_id is None:
        return
    if happening.kind == "left":
        citizens.left(connection, citizen_id, sequence=happening.sequence, now=now)
    elif happening.kind == "spoken_over":
        citizens.silence(connection, citizen_id, until=now + silence_seconds)
    elif happening.kind == "handed_back":
        citizens.silence(connection, citizen_id, until=None)
    elif happening.kind == "withdrew":
        erasing.erase(connection, citizen_id)
    log.info("citizen.changed", channel=happening.channel, citizen=citizen_id, kind=happening.kind)


async def _resolve_echo(database: Database, happening: Happening, *, now: float) -> None:
    """
    Our own message came back: it was sent, even if the platform's answer to the sending got lost.
    """
    key, text = happening.values.get("key"), happening.values.get("text")
    platform_id = str(happening.values.get("platform_id") or "")
    under_way = await database.read(ledger.open_for, channel=happening.channel, address=happening.address)
    for delivery_id, said in under_way:
        if key == f"d{delivery_id}" or (key is None and text is not None and said == text):
            await database.write(ledger.mark_sent, [(delivery_id, platform_id)], now=now)
            return
