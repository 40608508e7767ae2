"""
What the emulated Telegram knows: bots, chats, updates that wait, taps, files. Plain values, hardly any behaviour.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

Shape = dict[str, Any]
ChatType = Literal["private", "group", "supergroup", "channel"]
# What arrives when allowed_updates was never given: all but these.
NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


@dataclass
class Bot:
    """
    `allowed` None: Telegram's default. `pending`: updates that nobody took yet, oldest first, by a running number.
    """

    token: str = field(repr=False)
    username: str
    name: str
    next_update: int
    next_message: int = 1
    hook: Webhook = field(default_factory=lambda: Webhook())
    allowed: tuple[str, ...] | None = None
    pending: dict[int, Update] = field(default_factory=dict)
    counted: int = 0
    chats: dict[int, Chat] = field(default_factory=dict)
    queries: dict[str, Query] = field(default_factory=dict)
    files: dict[str, File] = field(default_factory=dict)
    commands: dict[str, list[Shape]] = field(default_factory=dict)  # by scope and language
    about: dict[str, str] = field(default_factory=dict)  # description, short_description, by language
    poller: asyncio.Future[None] | None = field(default=None, repr=False)  # a getUpdates that waits

    @property
    def id(self) -> int:
        return int(self.token.partition(":")[0])

    def user(self) -> Shape:
        return {"id": self.id, "is_bot": True, "first_name": self.name, "username": self.username}

    def takes(self, event: str) -> bool:
        return event not in NOT_BY_DEFAULT if self.allowed is None else event in self.allowed


@dataclass
class Webhook:
    url: str = ""
    secret: str = field(default="", repr=False)
    max_connections: int = 40
    ip_address: str = ""
    has_certificate: bool = False
    last_error_date: int = 0
    last_error_message: str = ""


@dataclass
class Update:
    """
    `body`: as it is posted, byte for byte each time. `gone`: taken, confirmed, or given up. `status`: of the last attempt.
    """

    id: int
    number: int
    event: str
    body: bytes
    created_at: float
    attempts: int = 0
    status: int = 0
    gone: bool = False


@dataclass
class Chat:
    """
    A chat as one bot knows it. Private ones have the citizen's id.
    """

    id: int
    type: ChatType
    title: str = ""
    username: str = ""
    started: bool = False
    blocked: bool = False
    deactivated: bool = False
    kicked: bool = False
    admin: bool = True  # in a channel
    migrated_to: int | None = None
    messages: dict[int, Shape] = field(default_factory=dict)  # by message_id, oldest first
    notes: dict[int, str] = field(default_factory=dict)  # a word under a bubble
    pinned: int | None = None
    doing: tuple[str, float] = ("", 0.0)  # the last chat action, and when

    def shape(self) -> Shape:
        if self.type == "private":
            return {"id": self.id, "type": "private", "first_name": self.title}
        named = {"username": self.username} if self.username else {}
        return {"id": self.id, "type": self.type, "title": self.title, **named}

    def person(self) -> Shape:
        return {"id": self.id, "is_bot": False, "first_name": self.title, "language_code": "vi"}


@dataclass
class Query:
    chat: int
    message_id: int
    at: float
    answered: bool = False


@dataclass
class File:
    id: str
    content: bytes
    path: str
    size: int
    link_until: float = 0.0


class Delivery(NamedTuple):
    """
    One attempt to hand one update to a webhook. `status` 0: no answer in time, or no connection.
    """

    update_id: int
    event: str
    attempt: int
    status: int
    seconds: float
    at: float
