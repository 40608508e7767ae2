"""
Turns on getting announcements: what a citizen wishes (wishes.py) → what is said, and the effect that writes it down.

The effect is carried out with the turn, in one transaction and once (conversation.py).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.announcements import subscriptions, wishes, wording
from bot.announcements.subscriptions import ALL, SUBSCRIBE, UNSUBSCRIBE, Choice, Held
from bot.announcements.topics import TOPICS
from bot.announcements.wishes import Wish
from bot.database import Database
from bot.inbox import Waiting
from bot.messages import Button, Effect, Reply, Turn
from bot.wards import Ward

OUTCOME = "subscription"  # no question, and not counted among them
MOST_BUTTONS = 9
TIMEZONE = ZoneInfo("Asia/Ho_Chi_Minh")


class Subscribing:
    """
    Answers what a citizen says about subscriptions. Reads the database only for what may be one.
    """

    def __init__(self, database: Database, clock: Callable[[], float] = time.time):
        self._database, self._clock = database, clock

    async def stop(self, message: Waiting, ward: Ward | None) -> Turn | None:
        """
        Return the turn for who wants no more announcements: a right, whoever talks to them and whatever is switched off.
        """
        wish = await self._wish(message, ward)
        return await self._turn(message, ward, wish) if wish is not None and wish.act == "unsubscribe" else None

    async def turn(self, message: Waiting, ward: Ward | None) -> Turn | None:
        """
        Return the turn, or None for what is no matter of subscriptions.
        """
        wish = await self._wish(message, ward)
        return None if wish is None else await self._turn(message, ward, wish)

    async def _wish(self, message: Waiting, ward: Ward | None) -> Wish | None:
        neighbourhoods = ward.neighbourhoods if ward else ()
        if message.kind == "button":
            return wishes.tapped(message.payload or "", neighbourhoods)
        if message.kind != "text":
            return None
        if wishes.says_stop(message.text):
            last = not wishes.surely_stop(message.text)
            told = await self._database.read(subscriptions.just_told, message.citizen_id, now=self._clock(), last=last)
            return Wish("unsubscribe") if told else None
        return wishes.said(message.text, neighbourhoods)

    async def _turn(self, message: Waiting, ward: Ward | None, wish: Wish) -> Turn:
        held = await self._database.read(subscriptions.current, message.citizen_id)
        name = ward.name if ward else message.ward
        if wish.act == "list":
            return _list(held, name)
        if wish.act == "choose_topic":
            return _said(wording.CHOOSE_TOPIC, topics())
        if wish.act == "choose" or (wish.unknown and not wish.choices):
            return _offer(wish, ward, name)
        if wish.act == "subscribe":
            return _subscribe(message, wish, held, name)
        return _unsubscribe(wish, held, name)


def topics() -> tuple[Button, ...]:
    return tuple(Button(title, wishes.payload(SUBSCRIBE, Choice("topic", slug))) for slug, title in TOPICS.items())


def named(choices: Sequence[Choice]) -> str:
    """
    Return what choices mean, as it stands within a sentence.
    """
    if ALL in choices:
        return wording.EVERYTHING
    # Topics are common words, neighbourhoods are names.
    names = [_lower(TOPICS.get(value, value)) if kind == "topic" else value for kind, value in choices]
    return wording.joined(names)


def _lower(title: str) -> str:
    return title[:1].lower() + title[1:]


def _subscribe(message: Waiting, wish: Wish, held: Sequence[Held], ward: str) -> Turn:
    there = {one.choice for one in held}
    fresh = [one for one in wish.choices if one not in there]
    if not fresh:
        text = wording.THERE_ALREADY.format(what=named(wish.choices), ward=ward)
        return _said(f"{text}\n{wording.HOW_TO_STOP}")
    lines = [wording.SUBSCRIBED.format(ward=ward, what=named(wish.choices)), wording.HOW_TO_STOP]
    if message.channel in wording.PLATFORMS:
        lines.append(wording.MAY_FAIL.format(platform=wording.PLATFORMS[message.channel]))
    return _said("\n".join(lines), effect=_effect(SUBSCRIBE, fresh, wish))


def _unsubscribe(wish: Wish, held: Sequence[Held], ward: str) -> Turn:
    choices = wish.choices or (ALL,)
    there = [one.choice for one in held]
    if not there:
        return _said(wording.NOT_SUBSCRIBED.format(ward=ward))
    if ALL in choices:
        return _said(wording.STOPPED.format(ward=ward), effect=_effect(UNSUBSCRIBE, choices, wish))
    spared = [one for one in choices if one in there or (ALL in there and one.kind == "topic")]
    if not spared:
        return _said(wording.NOT_THIS.format(what=named(there)), _stop_button())
    if ALL in there:
        rest = [Choice("topic", slug) for slug in TOPICS if Choice("topic", slug) not in spared]
    else:
        rest = [one for one in there if one not in spared]
    effect = _effect(UNSUBSCRIBE, spared, wish)
    if not rest:
        return _said(wording.STOPPED.format(ward=ward), effect=effect)
    return _said(wording.STOPPED_SOME.format(what=named(spared), rest=named(rest)), _stop_button(), effect=effect)


def _list(held: Sequence[Held], ward: str) -> Turn:
    if not held:
        return _said(
            wording.HELD_NONE.format(ward=ward),
            (Button(wording.BUTTON_CHOOSE, wishes.payload("subscriptions:choose")),),
        )
    rows = [
        wording.HELD_ROW.format(
            what=named([one.choice]), date=f"{datetime.fromtimestamp(one.consented_at, TIMEZONE):%d/%m/%Y}"
        )
        for one in held
    ]
    return _said("\n".join([wording.HELD.format(ward=ward), *rows, wording.HOW_TO_STOP]), _stop_button())


def _offer(wish: Wish, ward: Ward | None, name: str) -> Turn:
    neighbourhoods = ward.neighbourhoods if ward else ()
    word = ward.neighbourhood_word if ward else "khu phố"
    text = wording.CHOOSE.format(ward=name)
    if wish.unknown:
        text = (wording.UNKNOWN if neighbourhoods else wording.UNKNOWN_NO_LIST).format(word=word, ward=name)
    shown = neighbourhoods if len(neighbourhoods) <= MOST_BUTTONS - 2 else ()
    buttons = [Button(wording.BUTTON_ALL, wishes.payload(SUBSCRIBE, ALL))]
    buttons += [Button(one, wishes.payload(SUBSCRIBE, Choice("neighbourhood", one))) for one in shown]
    buttons.append(Button(wording.BUTTON_TOPICS, wishes.payload("subscriptions:topics")))
    if neighbourhoods and not shown:
        # Too many for buttons: named, to be typed.
        text += "\n" + wording.joined(neighbourhoods) + ".\n" + wording.TYPE_IT.format(example=neighbourhoods[0])
    return _said(text, tuple(buttons))


def _stop_button() -> tuple[Button, ...]:
    return (Button(wording.BUTTON_STOP, wishes.payload(UNSUBSCRIBE, ALL)),)


def _effect(kind: str, choices: Sequence[Choice], wish: Wish) -> Effect:
    return Effect(kind, {"choices": [list(one) for one in choices], "how": wish.how})


def _said(text: str, buttons: tuple[Button, ...] = (), *, effect: Effect | None = None) -> Turn:
    return Turn((Reply(text, buttons),), (effect,) if effect else (), OUTCOME)
