"""
What travels between the parts of the gateway, free of the shapes of any platform.

An address is "account/user" where the channel has accounts (a Zalo user id means nothing without its OA), and the
conversation's own name on the web. Message ids begin with the account too: they are unique within the channel.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

InboundKind = Literal["text", "button", "start", "attachment", "place", "contact", "sticker"]
HappeningKind = Literal[
    "left", "spoken_over", "handed_back", "own_echo", "delivered", "seen", "withdrew", "account", "noted"
]
# officer: a person's words. taken, handed_back: the conversation went to a person, or back to the assistant.
ReplyKind = Literal[
    "reply", "notice", "apology", "delay", "switched_off", "received", "officer", "taken", "handed_back"
]
AttachmentKind = Literal["image", "file", "audio", "video", "link"]


@dataclass(frozen=True)
class Attachment:
    """
    What a citizen sent besides words. `url` is the platform's and may expire; for Telegram it is a file id.
    """

    kind: AttachmentKind
    url: str
    name: str | None = None
    size: int | None = None  # bytes, as the platform says


@dataclass(frozen=True)
class Place:
    latitude: float
    longitude: float


@dataclass(frozen=True)
class InboundMessage:
    """
    What a Citizen sent, and what gets an answer.

    `message_id` is unique within the channel and the same whenever the platform repeats the message.
    `address` is where the reply goes. `text` is what the citizen typed, a caption or the title of the button;
    `payload` only means something when `kind` is "button"; "start" is a first contact without words.
    `sequence` orders the messages of one conversation as the platform has them (milliseconds, or an update id);
    None is the time at which we received it.
    """

    channel: str
    ward: str
    address: str
    message_id: str
    kind: InboundKind
    text: str
    payload: str | None = None
    sequence: float | None = None
    sent_at: float | None = None  # seconds since 1970, as the platform says
    attachments: tuple[Attachment, ...] = ()
    place: Place | None = None
    contact: str | None = None  # "Name, phone": what a citizen handed over on purpose, for a call back


@dataclass(frozen=True)
class Happening:
    """
    What a platform tells that gets no answer. `address` is empty when it is about the account.

    left: the citizen unfollowed or blocked us. spoken_over: a person of the office wrote to the citizen.
    handed_back: the conversation is the bot's again. own_echo: one of our own messages, with `values` "key" (what
    `send` was given) or "text", and "platform_id". withdrew: the citizen wants the data deleted.
    account: something an officer must know, with `values` "code" and "detail", and "over" when it has passed. noted: kept, nothing to do.
    """

    channel: str
    ward: str
    account: str
    message_id: str
    kind: HappeningKind
    event: str  # the platform's own name of it
    address: str = ""
    sequence: float | None = None
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Button:
    title: str
    payload: str


@dataclass(frozen=True)
class Reply:
    """
    One bubble. `turn` is set on the last one of a turn only: how the turn ended, in Rasa's words.
    `to` is the message_id of the InboundMessage that is answered.
    `numbered`: its text lists its buttons as "1. …", so that a number typed back means one of them.
    `asks_contact`: it asks for a phone number, so that the next one is kept for a call back.
    """

    text: str
    buttons: tuple[Button, ...] = ()
    kind: ReplyKind = "reply"
    to: str | None = None
    turn: dict[str, Any] | None = None
    numbered: bool = False
    asks_contact: bool = False


@dataclass(frozen=True)
class Effect:
    """
    What Rasa asks the gateway to do besides replying, e.g. kind "open_ticket" with a reason.
    """

    kind: str
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Turn:
    """
    Everything Rasa answered to one message. `outcome` is "unknown" when Rasa named none.
    """

    replies: tuple[Reply, ...]
    effects: tuple[Effect, ...] = ()
    outcome: str = "unknown"
    entry_ids: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    part: str | None = None
