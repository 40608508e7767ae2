"""
The Page's Messenger profile: Get Started, greeting, ice breakers and the menu, all written in one call.

Ice breakers, where there are any, stand in place of the Get Started button; the menu needs that button all the same.
"""

from __future__ import annotations

from typing import Any

from bot.channels.menu import ASK, Menu
from bot.channels.messenger.account import MessengerAccount
from bot.channels.messenger.channel import MessengerChannel
from bot.channels.messenger.graph import GraphError
from bot.channels.messenger.payload import GET_STARTED, MAX_PAYLOAD_CHARS
from bot.channels.messenger.render import length

MAX_GREETING = 160
MAX_ICE_BREAKERS = 4
MAX_QUESTION = 80
MAX_ITEMS = 20
MAX_ITEM_TITLE = 30
CALLS, WITHIN_MINUTES = 10, 10  # of messenger_profile, per Page
_LIMIT_CODES = frozenset({4, 17, 32, 613})


def profile(menu: Menu) -> dict[str, Any]:
    """
    Return what is posted to messenger_profile. What does not fit is left out, so that the rest is taken.
    """
    questions = [one for one in menu.questions if one and length(one) <= MAX_QUESTION][:MAX_ICE_BREAKERS]
    items = [one for one in menu.items if 0 < length(one.title) <= MAX_ITEM_TITLE and len(one.payload) > 0]
    items = [one for one in items if length(one.payload) <= MAX_PAYLOAD_CHARS][:MAX_ITEMS]
    made: dict[str, Any] = {"get_started": {"payload": GET_STARTED}}
    if menu.greeting and length(menu.greeting) <= MAX_GREETING:
        made["greeting"] = [{"locale": "default", "text": menu.greeting}]
    if questions:
        asks = [{"question": one, "payload": ASK + one} for one in questions]
        made["ice_breakers"] = [{"locale": "default", "call_to_actions": asks}]
    if items:
        taps = [{"type": "postback", "title": one.title, "payload": one.payload} for one in items]
        made["persistent_menu"] = [{"locale": "default", "composer_input_disabled": False, "call_to_actions": taps}]
    return made


async def apply(channel: MessengerChannel, account: MessengerAccount, menu: Menu) -> list[str]:
    """
    Write the profile and return lines of what was done, or that Meta's limit was reached and when to come back.

    Raises:
        SendError: Meta refused for another reason, or was not reached.
    """
    wanted = profile(menu)
    try:
        await channel.graph.call(account, "POST", "/me/messenger_profile", body=wanted)
    except GraphError as error:
        if error.graph_code not in _LIMIT_CODES:
            raise
        return [
            f"page {account.id}: not written, Meta takes {CALLS} changes in {WITHIN_MINUTES} minutes; "
            f"run this again in {WITHIN_MINUTES} minutes"
        ]
    done = [f"page {account.id}: wrote {', '.join(wanted)}"]
    asked = sum(len(one["call_to_actions"]) for one in wanted.get("ice_breakers", ()))
    shown = sum(len(one["call_to_actions"]) for one in wanted.get("persistent_menu", ()))
    if asked < len(menu.questions) or shown < len(menu.items) or ("greeting" not in wanted and menu.greeting):
        done.append(f"page {account.id}: left out what is too long: {asked} questions and {shown} menu items are there")
    done.append("phones show a new menu only when the conversation is opened again")
    return done
