"""
Pure: one webhook event of a Zalo OA → what a citizen sent, or what happened. No JSON makes it raise.

Answered: what a citizen sends, a first contact, a contact handed over. Told to the core: unfollowed, withdrawn, our own
messages and those of the office's people, receipts. Knowingly ignored (noted): reactions, anonymous visitors of a web
page, groups, calls, tags, shops, ZBS templates and quotas, journeys, widgets, and every event that is new.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any

from bot.channels.menu import ASK, Menu
from bot.channels.zalo import content
from bot.channels.zalo.account import ZaloAccount
from bot.messages import Attachment, Happening, HappeningKind, InboundKind, InboundMessage

KIND = "zalo"
# Before the payload of every button: a tap comes back as if the citizen had typed it.
MARK = "#"

_SENT_BY_CITIZEN = re.compile(r"user_send_(text|image|gif|link|audio|video|sticker|location|file|business_card)")
_SENT_BY_OA = re.compile(r"oa_send_(text|image|gif|list|file|sticker|template)")
# Where the other events name the citizen. In user_seen_message the sources differ.
_WHOSE = {
    "follow": ("follower",), "unfollow": ("follower",), "user_click_chatnow": ("user_id",), "user_withdraw": ("user_id",),
    "user_submit_info": ("sender",), "user_received_message": ("recipient",),
    "user_seen_message": ("recipient", "sender"),
}  # fmt: skip
_NAME = re.compile(r"[a-z0-9_]{1,64}", re.ASCII)
_PLAIN = re.compile(r"/show_menu|/ask_officer|@d\d{1,18}\.\d{1,3}", re.ASCII)
_CHOOSE = re.compile(r"/choose(\{.{1,400}\})", re.DOTALL)


def parse(event: Any, account: ZaloAccount, menu: Menu | None = None) -> list[InboundMessage | Happening]:
    """
    Return what an event says: one thing, or nothing when it is no event, or one between others.
    """
    name = event.get("event_name") if isinstance(event, dict) else None
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        return []
    seen = _Seen(account, name, event, menu)
    if not seen.is_ours():
        return []
    return [seen.read()]


def oa_ids(event: Any) -> set[str]:
    """
    Return the ids in an event that may be an OA's.
    """
    if not isinstance(event, dict):
        return set()
    sides = (content.mapping(event.get(side)).get("id") for side in ("sender", "recipient"))
    return {one for one in map(content.identity, (event.get("oa_id"), *sides)) if one}


@dataclass(frozen=True)
class _Seen:
    """
    One event and the account that it came to.
    """

    account: ZaloAccount
    name: str
    event: dict[str, Any]
    menu: Menu | None

    def is_ours(self) -> bool:
        """
        Say whether it concerns this account: an OA that writes to another of our OAs is not its citizen's message.
        """
        if _SENT_BY_CITIZEN.fullmatch(self.name):
            return self._id("recipient") in (self.account.id, "")
        if _SENT_BY_OA.fullmatch(self.name):
            return self._id("sender") in (self.account.id, "")
        return self._id("oa_id") in (self.account.id, "")

    def read(self) -> InboundMessage | Happening:
        if match := _SENT_BY_CITIZEN.fullmatch(self.name):
            user = self._user("sender")
            return self._sent(user, match[1]) if user else self.noted()
        if _SENT_BY_OA.fullmatch(self.name):
            user = self._user("recipient")
            return self._echo(user) if user else self.noted()
        user = self._user(*_WHOSE.get(self.name, ()))
        return (self._act(user) if user else None) or self.noted()

    def noted(self) -> Happening:
        return self._happening("noted", "")

    def _act(self, user: str) -> InboundMessage | Happening | None:
        if self.name in ("follow", "user_click_chatnow"):
            return self._inbound(user, "start", "")
        if self.name == "user_submit_info":
            told = content.contact(content.mapping(self.event.get("info")))
            return self._inbound(user, "contact", "", contact=told) if told else None
        if self.name == "unfollow":
            return self._happening("left", user)
        if self.name == "user_withdraw":
            return self._happening("withdrew", user)
        if self.name == "user_received_message":
            return self._happening("delivered", user, platform_id=self._platform_id())
        # Older accounts of user_seen_message name one message, newer ones a list.
        listed = self._message.get("msg_ids")
        ids = listed if isinstance(listed, list) else [self._message.get("msg_id")]
        return self._happening("seen", user, platform_ids=list(filter(None, map(content.platform_id, ids))))

    def _sent(self, user: str, what: str) -> InboundMessage | Happening:
        text, given = self._text(), content.mappings(self._message.get("attachments"))
        files = tuple(filter(None, map(content.attachment, given)))
        payloads = [content.mapping(one.get("payload")) for one in given]
        if what == "text" and text.strip():
            return self._words(user, text, files)
        if what == "text" and not files:
            return self.noted()
        if what == "sticker":
            return self._inbound(user, "sticker", "")
        if what == "location":
            places = map(content.place, [*payloads, content.mapping(self._message.get("location"))])
            return self._inbound(user, "place", text, place=next(filter(None, places), None))
        if what == "business_card" and (card := next(filter(None, map(content.card, payloads)), "")):
            return self._inbound(user, "contact", text, contact=card)
        return self._inbound(user, "attachment", text, attachments=files)

    def _words(self, user: str, text: str, files: tuple[Attachment, ...]) -> InboundMessage:
        """
        Tell typed words from a tap. Anybody may type what a button says, so a payload gives no rights.
        """
        typed = text.strip()
        payload, title = (typed.removeprefix(MARK), "") if typed.startswith(MARK) else ("", "")
        for item in self.menu.items if self.menu and payload else ():
            if payload == item.payload or payload.casefold() == item.command:
                payload, title = item.payload, item.title
                break
        if payload.startswith(ASK) and (question := payload.removeprefix(ASK).strip()):
            return self._inbound(user, "text", question)
        if _is_payload(payload):
            return self._inbound(user, "button", title, payload=payload)
        return self._inbound(user, "text", text, attachments=files)

    def _echo(self, user: str) -> Happening:
        # Only there when a person typed it in OA Manager; what we send ourselves comes back without.
        if content.mapping(self.event.get("sender")).get("admin_id") not in (None, "", 0, "0"):
            return self._happening("spoken_over", user)
        return self._happening("own_echo", user, platform_id=self._platform_id(), text=self._text())

    def _inbound(self, user: str, kind: InboundKind, text: str, **more: Any) -> InboundMessage:
        moment = self._moment()
        return InboundMessage(
            KIND,
            self.account.ward,
            f"{self.account.id}/{user}",
            self._message_id(user),
            kind,
            text,
            sequence=moment,
            sent_at=moment / 1000 if moment is not None else None,
            **more,
        )

    def _happening(self, kind: HappeningKind, user: str, **values: Any) -> Happening:
        message_id, address = self._message_id(user), f"{self.account.id}/{user}" if user else ""
        ward, account = self.account.ward, self.account.id
        return Happening(KIND, ward, account, message_id, kind, self.name, address, self._moment(), values)

    def _message_id(self, user: str) -> str:
        """
        Zalo has no event ids: the message's id with the event's name, else name, user and time, else a digest.
        """
        begin, moment = f"{self.account.id}/{self.name}:", self._moment()
        if platform_id := self._platform_id():
            return begin + platform_id
        if user and moment is not None:
            return f"{begin}{user}:{moment:.0f}"
        return begin + _digest(self.event)

    @property
    def _message(self) -> dict[str, Any]:
        return content.mapping(self.event.get("message"))

    def _platform_id(self) -> str:
        return content.platform_id(self._message.get("msg_id"))

    def _text(self) -> str:
        text = self._message.get("text")
        return text.replace("\0", "") if isinstance(text, str) else ""

    def _moment(self) -> float | None:
        """
        Return the event's time in milliseconds since 1970.
        """
        given = content.number(self.event.get("timestamp"))
        return given if given is not None and 0 < given < 1e14 else None

    def _id(self, side: str) -> str:
        value = self.event.get(side)
        return content.identity(value.get("id") if isinstance(value, dict) else value)

    def _user(self, *sides: str) -> str:
        """
        Return the first of these that is a citizen: has an id, and is not this OA.
        """
        return next((one for one in map(self._id, sides) if one and one != self.account.id), "")


def _is_payload(text: str) -> bool:
    """
    Say whether this is what one of our buttons carries; the core looks at it again before it obeys.
    """
    if _PLAIN.fullmatch(text):
        return True
    match = _CHOOSE.fullmatch(text)
    if match is None:
        return False
    try:
        values = json.loads(match[1])
    except (ValueError, RecursionError):
        return False
    return isinstance(values, dict) and bool(values) and values.keys() <= {"entry", "part"}


def _digest(event: dict[str, Any]) -> str:
    try:
        whole = json.dumps(event, sort_keys=True, default=str)
    except (TypeError, ValueError, RecursionError):
        whole = ",".join(sorted(map(str, event)))
    return hashlib.sha256(whole.encode("utf-8", "replace")).hexdigest()[:32]
