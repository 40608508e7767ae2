"""
The elements of `messaging` and `standby`, and the body that carries them. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from emulators.messenger.pages import Page

Element = dict[str, Any]

# key inside an element → the subscribed field that brings it
FIELDS = {
    "postback": "messaging_postbacks",
    "delivery": "message_deliveries",
    "read": "message_reads",
    "reaction": "message_reactions",
    "message_edit": "message_edits",
    "optin": "messaging_optins",
    "referral": "messaging_referrals",
    "pass_thread_control": "messaging_handovers",
    "take_thread_control": "messaging_handovers",
    "request_thread_control": "messaging_handovers",
    "app_roles": "messaging_handovers",
    "policy_enforcement": "messaging_policy_enforcement",
    "policy-enforcement": "messaging_policy_enforcement",
    "account_linking": "messaging_account_linking",
    "messaging_feedback": "messaging_feedback",
    "response_feedback": "response_feedback",
}


class Item(NamedTuple):
    """
    One element on its way to the webhook of a Page's app.
    """

    page: Page
    element: Element
    standby: bool = False


def from_person(page: str, person: str, timestamp: int, **what: Any) -> Element:
    return {"sender": {"id": person}, "recipient": {"id": page}, "timestamp": timestamp, **what}


def echo(
    page: str, person: str, timestamp: int, message: dict[str, Any], *, app_id: str, metadata: str | None
) -> Element:
    """
    Our own word, or an officer's: sender and recipient are turned round.
    """
    marks: dict[str, Any] = {"is_echo": True, "app_id": int(app_id) if app_id.isdigit() else app_id}
    if metadata is not None:
        marks["metadata"] = metadata
    return {
        "sender": {"id": page},
        "recipient": {"id": person},
        "timestamp": timestamp,
        "message": {"mid": message["mid"], **marks, **message},
    }


def field_of(element: Element) -> str | None:
    """
    Return the subscription that brings this element, or None when it is of no known kind.
    """
    message = element.get("message")
    if isinstance(message, dict):
        return "message_echoes" if message.get("is_echo") else "messages"
    return next((field for key, field in FIELDS.items() if key in element), None)


def name_of(element: Element) -> str:
    """
    Return what `deliveries` calls this element: the mid, "echo:mid", or kind, person and time.
    """
    for key in ("message", "postback"):
        inside = element.get(key)
        if isinstance(inside, dict) and "mid" in inside:
            return f"echo:{inside['mid']}" if inside.get("is_echo") else str(inside["mid"])
    kind = next((key for key in FIELDS if key in element), "unknown")
    sender = element.get("sender")
    person = sender.get("id", "") if isinstance(sender, dict) else ""
    return f"{kind}:{person}:{element.get('timestamp', '')}"


def body(items: Sequence[Item], *, how: str, timestamp: int) -> dict[str, Any]:
    """
    Put elements into one request, in order. `how`: one of weather.BATCHES; "mixed" takes turns.
    """
    entries: list[dict[str, Any]] = []
    for index, item in enumerate(items):
        key = "standby" if item.standby else "messaging"
        together = how == "elements" or (how == "mixed" and index % 3 != 0)
        last = entries[-1] if entries else None
        if together and last is not None and last["id"] == item.page.id and key in last:
            last[key].append(item.element)
        else:
            entries.append({"id": item.page.id, "time": timestamp, key: [item.element]})
    return {"object": "page", "entry": entries}
