"""
Pure: the body of a webhook request → InboundMessages and Happenings. No JSON raises: what is unknown is noted, what has
no shape at all is passed over.

    {"object": "page", "entry": [{"id": PAGE, "messaging": [{"sender", "recipient", "timestamp", KIND: {…}}]}]}

Events stand in `standby` instead of `messaging` while another app (an officer's inbox) holds the conversation. They are
not ours to answer; what a person of the office wrote there still counts.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson

from bot.channels.menu import ASK
from bot.channels.messenger.account import MessengerAccount
from bot.channels.messenger.content import attachments, finite, items, mapping, place, sticker, words
from bot.messages import Happening, HappeningKind, InboundKind, InboundMessage

CHANNEL = "messenger"
GET_STARTED = "GET_STARTED"
MAX_PAYLOAD_CHARS = 1000

Found = InboundMessage | Happening

_ID = re.compile(r"[A-Za-z0-9_.:$-]{1,64}", re.ASCII)
_MID = re.compile(r"[\x21-\x7e]{1,200}", re.ASCII)
# What comes back when somebody taps to hand over the number of the profile.
_PHONE = re.compile(r"\+?[0-9]{8,15}", re.ASCII)
_NAME = re.compile(r"[a-z_]{1,40}", re.ASCII)
_FRAME = frozenset({"sender", "recipient", "timestamp"})


def load(raw: bytes) -> Any:
    """
    Read a request's body. Half an emoji, cut by Meta, must not cost the other events of the batch.

    Raises:
        ValueError: It is no JSON.
    """
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError:
        pass
    try:
        return json.loads(raw.decode("utf-8", "replace"))
    except RecursionError:
        raise ValueError("nested too deeply") from None


def entries(body: Any) -> list[tuple[str, dict[str, Any]]]:
    """
    Return (Page id, entry) for each entry of a body about Pages.
    """
    if not isinstance(body, dict) or body.get("object") != "page":
        return []
    found = [entry for entry in items(body.get("entry")) if isinstance(entry, dict)]
    return [(_id(entry.get("id")), entry) for entry in found]


def parse(entry: Any, account: MessengerAccount) -> list[Found]:
    """
    Return what an entry of this account's Page tells, in its order.
    """
    entry = mapping(entry)
    found: list[Found] = []
    for array in ("messaging", "standby"):
        for element in items(entry.get(array)):
            if isinstance(element, dict):
                found += _read(_Element(element, account, standby=array == "standby"))
    for change in items(entry.get("changes")):
        if isinstance(change, dict):
            found.append(_Element(change, account, standby=False).noted(f"changes.{_name(change.get('field'))}"))
    return found


@dataclass(frozen=True)
class _Element:
    """
    One event, and how to name it.
    """

    body: dict[str, Any]
    account: MessengerAccount
    standby: bool

    @property
    def citizen(self) -> str:
        """
        The person's id, whichever side it stands on; empty when the event is about the Page.
        """
        sides = (_id(mapping(self.body.get(side)).get("id")) for side in ("sender", "recipient"))
        return next((one for one in sides if one and one != self.account.id), "")

    @property
    def from_page(self) -> bool:
        return _id(mapping(self.body.get("sender")).get("id")) == self.account.id

    @property
    def timestamp(self) -> float | None:
        return finite(self.body.get("timestamp"))

    def id(self, event: str, mid: Any = None) -> str:
        """
        The same for every repetition: by Meta's id where there is one, else by the content.
        """
        own = mid if isinstance(mid, str) and _MID.fullmatch(mid) else None
        return f"{self.account.id}/{event}:{own or _digest(self.body)}"

    def message(self, event: str, mid: Any, kind: InboundKind, text: str, **more: Any) -> InboundMessage:
        written = self.timestamp
        return InboundMessage(
            CHANNEL,
            self.account.ward,
            f"{self.account.id}/{self.citizen}",
            self.id(event, mid),
            kind,
            text,
            sequence=written,
            sent_at=None if written is None else written / 1000,
            **more,
        )

    def happening(self, kind: HappeningKind, event: str, mid: Any = None, **values: Any) -> Happening:
        return Happening(
            CHANNEL,
            self.account.ward,
            self.account.id,
            self.id(event, mid),
            kind,
            f"standby.{event}" if self.standby else event,
            f"{self.account.id}/{self.citizen}" if self.citizen else "",
            self.timestamp,
            {name: value for name, value in values.items() if value is not None},
        )

    def noted(self, event: str, **values: Any) -> Happening:
        return self.happening("noted", event, **values)


def _read(element: _Element) -> list[Found]:
    kinds = [name for name in READERS if isinstance(element.body.get(name), dict)]
    if kinds:
        return [READERS[kinds[0]](element, element.body[kinds[0]])]
    unknown = sorted(str(name) for name in element.body.keys() - _FRAME)
    return [element.noted(_name(unknown[0]))] if unknown else []


def _message(element: _Element, message: dict[str, Any]) -> Found:
    mid = message.get("mid")
    if message.get("is_echo") is True or element.from_page:
        return _echo(element, message)
    if element.standby or not element.citizen or message.get("is_deleted") is True:
        return element.happening("noted", "message", mid)
    text, files = words(message.get("text")), attachments(message)
    payload = words(mapping(message.get("quick_reply")).get("payload"))
    if _PHONE.fullmatch(payload):
        return element.message("message", mid, "contact", "", contact=payload)
    if payload:
        return _tap(element, "message", mid, text, payload)
    where = place(message)
    if where is not None:
        return element.message("message", mid, "place", "", place=where)
    if sticker(message) and not text.strip():
        return element.message("message", mid, "sticker", "")
    # The preview of an address inside a typed text is no attachment of its own.
    if files and not (text.strip() and all(one.kind == "link" for one in files)):
        return element.message("message", mid, "attachment", text, attachments=files)
    if text.strip():
        return element.message("message", mid, "text", text, attachments=files)
    return element.happening("noted", "message", mid)


def _echo(element: _Element, message: dict[str, Any]) -> Found:
    """
    Tell our own message from one of an officer, who writes in the Page's inbox: another app, or none.
    """
    mid, app = message.get("mid"), _id(message.get("app_id"))
    if not element.citizen:
        return element.happening("noted", "echo", mid)
    platform_id = mid if isinstance(mid, str) and _MID.fullmatch(mid) else None
    if app == element.account.app_id:
        key, text = words(message.get("metadata")), words(message.get("text"))
        return element.happening(
            "own_echo", "echo", mid, platform_id=platform_id, key=key[:1000] or None, text=text or None
        )
    return element.happening("spoken_over", "echo", mid, platform_id=platform_id)


def _postback(element: _Element, postback: dict[str, Any]) -> Found:
    mid, title = postback.get("mid"), words(postback.get("title"))
    if element.standby or not element.citizen or element.from_page:
        return element.happening("noted", "postback", mid)
    payload = words(postback.get("payload"))
    if payload:
        return _tap(element, "postback", mid, title, payload)
    return element.message("postback", mid, "text", title) if title.strip() else element.noted("postback")


def _tap(element: _Element, event: str, mid: Any, title: str, payload: str) -> InboundMessage:
    if payload == GET_STARTED:
        return element.message(event, mid, "start", "")
    question = payload.removeprefix(ASK).strip() if payload.startswith(ASK) else ""
    if question:
        return element.message(event, mid, "text", question)
    if len(payload) > MAX_PAYLOAD_CHARS:
        return element.message(event, mid, "text", title)
    return element.message(event, mid, "button", title, payload=payload)


def _delivery(element: _Element, delivery: dict[str, Any]) -> Found:
    mids = [one for one in items(delivery.get("mids")) if isinstance(one, str) and _MID.fullmatch(one)]
    kind: HappeningKind = "noted" if element.standby or not element.citizen else "delivered"
    return element.happening(
        kind, "delivery", platform_ids=mids[:100] or None, watermark=finite(delivery.get("watermark"))
    )


def _seen(element: _Element, seen: dict[str, Any]) -> Found:
    kind: HappeningKind = "noted" if element.standby or not element.citizen else "seen"
    return element.happening(kind, "read", watermark=finite(seen.get("watermark")))


def _reaction(element: _Element, reaction: dict[str, Any]) -> Found:
    return element.noted("reaction", action=_name(reaction.get("action")), reaction=_name(reaction.get("reaction")))


def _passed(element: _Element, control: dict[str, Any]) -> Found:
    return _control(element, "pass_thread_control", control)


def _taken(element: _Element, control: dict[str, Any]) -> Found:
    return _control(element, "take_thread_control", control)


def _control(element: _Element, event: str, control: dict[str, Any]) -> Found:
    """
    Say whose the conversation is now. Older events of a taken conversation name no new owner: it is not ours then.
    """
    owner = _id(control.get("new_owner_app_id"))
    if not element.citizen or (not owner and event == "pass_thread_control"):
        return element.noted(event)
    kind: HappeningKind = "handed_back" if owner == element.account.app_id else "spoken_over"
    return element.happening(kind, event, inbox=owner == element.account.inbox_app_id)


def _policy(element: _Element, policy: dict[str, Any]) -> Found:
    detail = f"{_name(policy.get('action'))}: {words(policy.get('reason'))}".rstrip(": ")
    over = {"over": True} if policy.get("action") == "unblock" else {}
    return element.happening("account", "policy_enforcement", code="messenger.policy", detail=detail[:300], **over)


# The first of these that an event has is what it is. What is not here (referral, optin, message_edit, app_roles,
# request_thread_control, account_linking, feedback, …) is noted under its own name.
READERS: dict[str, Callable[[_Element, dict[str, Any]], Found]] = {
    "message": _message,
    "postback": _postback,
    "delivery": _delivery,
    "read": _seen,
    "reaction": _reaction,
    "pass_thread_control": _passed,
    "take_thread_control": _taken,
    "policy_enforcement": _policy,
    "policy-enforcement": _policy,  # as older pages of Meta's spell it
}


def _id(value: Any) -> str:
    """
    Return an id of Meta's, which is a text, and a number in some old events.
    """
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**30:
        return str(value)
    return value if isinstance(value, str) and _ID.fullmatch(value) else ""


def _name(value: Any) -> str:
    return value if isinstance(value, str) and _NAME.fullmatch(value) else "unknown"


def _digest(body: dict[str, Any]) -> str:
    try:
        canonical = json.dumps(body, sort_keys=True)
    except (RecursionError, TypeError, ValueError):
        canonical = repr(sorted(map(str, body))) + str(finite(body.get("timestamp")))
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()[:24]
