"""
What travels between the parts of the gateway, free of the shapes of any platform.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

InboundKind = Literal["text", "button", "start"]
ReplyKind = Literal["reply", "notice", "apology"]


@dataclass(frozen=True)
class InboundMessage:
    """
    What a Citizen sent.

    `message_id` is unique within the channel and the same whenever the platform repeats the message.
    `address` is where the reply goes. `text` is what the citizen typed or the title of the button;
    `payload` only means something when `kind` is "button"; "start" is a first contact without words.
    """

    channel: str
    ward: str
    address: str
    message_id: str
    kind: InboundKind
    text: str
    payload: str | None = None


@dataclass(frozen=True)
class Button:
    title: str
    payload: str


@dataclass(frozen=True)
class Reply:
    """
    One bubble. `turn` is set on the last one of a turn only: how the turn ended, in Rasa's words.
    `to` is the message_id of the InboundMessage that is answered.
    """

    text: str
    buttons: tuple[Button, ...] = ()
    kind: ReplyKind = "reply"
    to: str | None = None
    turn: dict[str, Any] | None = None


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
