"""
getUpdates: long polling, with confirmation by offset. Not together with a webhook, nor with a second poller.
"""

from __future__ import annotations

import asyncio
import json

from emulators.telegram.courier import leave
from emulators.telegram.parameters import Given
from emulators.telegram.refusals import OTHER_POLLER, WEBHOOK_ACTIVE, Refused, bad
from emulators.telegram.world import Bot, Shape, Update

MAX_LIMIT, MAX_WAIT_SECONDS = 100, 50


async def get_updates(bot: Bot, given: Given) -> list[Shape]:
    """
    Raises:
        Refused: 409 when a webhook is set, or another call takes over while this one waits.
    """
    if bot.hook.url:
        raise Refused(*WEBHOOK_ACTIVE)
    offset, limit = given.number("offset", 0), given.number("limit", MAX_LIMIT)
    if not 1 <= limit <= MAX_LIMIT:
        limit = MAX_LIMIT
    set_allowed(bot, given)
    end_poll(bot, Refused(*OTHER_POLLER))
    _confirm(bot, offset)
    if not bot.pending and (wait := min(given.number("timeout", 0), MAX_WAIT_SECONDS)) > 0:
        waiting = bot.poller = asyncio.get_running_loop().create_future()
        await asyncio.wait((waiting,), timeout=wait)
        if waiting.done():
            waiting.result()
        else:
            bot.poller = None
    return [json.loads(one.body) for one in list(bot.pending.values())[:limit]]


def end_poll(bot: Bot, why: Refused | None = None) -> None:
    """
    End a call that waits: there is news, or somebody else takes over.
    """
    waiting, bot.poller = bot.poller, None
    if waiting is not None and not waiting.done():
        if why is None:
            waiting.set_result(None)
        else:
            waiting.set_exception(why)


def set_allowed(bot: Bot, given: Given) -> None:
    """
    Keep the kinds of updates that are asked for. Not given: as before. Empty: the default.
    """
    allowed = given.nested("allowed_updates")
    if allowed is None:
        return
    if not isinstance(allowed, list) or not all(isinstance(one, str) for one in allowed):
        raise bad("can't parse allowed updates JSON object")
    bot.allowed = tuple(allowed) or None


def _confirm(bot: Bot, offset: int) -> None:
    waiting: list[Update] = list(bot.pending.values())
    taken = waiting[:offset] if offset < 0 else [one for one in waiting if one.id < offset]
    for update in taken:
        leave(bot, update)
