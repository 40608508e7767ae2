"""
Who may be messaged, when, and by whom. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulators.messenger.errors import GraphError, bad
from emulators.messenger.pages import Thread
from emulators.messenger.weather import Weather

WINDOW_SECONDS, HUMAN_AGENT_SECONDS = 24 * 3600, 7 * 24 * 3600
TYPES = ("RESPONSE", "UPDATE", "MESSAGE_TAG", "UTILITY")
# Refused with code 100 since 2026-04-27.
RETIRED_TAGS = ("CONFIRMED_EVENT_UPDATE", "ACCOUNT_UPDATE", "POST_PURCHASE_UPDATE")


def find_thread(threads: Mapping[str, Thread], recipient: Any) -> Thread:
    """
    Return the thread that a `recipient` names.

    Raises:
        GraphError: 100/2018001 when this Page does not know the person.
    """
    if not isinstance(recipient, dict):
        raise bad("The parameter recipient is required")
    named = [key for key in ("id", "user_ref", "comment_id", "post_id") if recipient.get(key) is not None]
    if len(named) != 1:
        raise bad("param recipient must have exactly one of id, user_ref, comment_id, post_id.")
    if named[0] != "id":
        raise GraphError("100/33")
    person = recipient["id"]
    thread = threads.get(person) if isinstance(person, str) else None
    if thread is None:
        raise GraphError("100/2018001")
    return thread


def check_person(thread: Thread, weather: Weather) -> None:
    """
    Raises:
        GraphError: The person blocked the Page or opted out, the app is not approved, or another app is speaking.
    """
    if thread.blocked:
        raise GraphError(weather.blocked_as)
    if thread.opted_out:
        raise GraphError("10/1893015")
    if not weather.review:
        raise GraphError("200/2018028")
    if thread.owner != thread.page.app.id:
        raise GraphError(weather.not_owner_as)


def check_window(thread: Thread, how: Any, tag: Any, weather: Weather, *, now: float) -> None:
    """
    `how` is the messaging_type; None for a sender action, which needs the window as well.

    Raises:
        GraphError: 100 for types and tags that do not exist (any more), 10 for a window that is closed.
    """
    if how is not None and how not in TYPES:
        raise bad(f"param messaging_type must be one of {{{', '.join(TYPES)}}}.")
    seconds = WINDOW_SECONDS
    if how == "UTILITY":
        return
    if how == "MESSAGE_TAG":
        if not tag:
            raise bad("The parameter tag is required for the messaging_type MESSAGE_TAG.")
        if tag in RETIRED_TAGS:
            raise bad(f"The message tag {tag} is no longer supported.")
        if tag != "HUMAN_AGENT":
            raise bad("param tag must be one of {HUMAN_AGENT}.")
        if not weather.human_agent:
            raise GraphError("10")
        seconds = HUMAN_AGENT_SECONDS
    if thread.acted_at is None or now - thread.acted_at > seconds:
        raise GraphError(weather.window_as)
