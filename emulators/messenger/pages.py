"""
What the platform keeps: apps, Pages, and the threads between a Page and a person.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Any

PAGE_INBOX = "263902037430900"  # the app id of Meta's own Page inbox

# Every field of a Page that this emulator can send, and those that are only registered.
SENT_FIELDS = (
    "messages",
    "messaging_postbacks",
    "message_echoes",
    "message_deliveries",
    "message_reads",
    "message_reactions",
    "message_edits",
    "messaging_referrals",
    "messaging_optins",
    "messaging_handovers",
    "messaging_policy_enforcement",
    "standby",
)
ALL_FIELDS = (
    *SENT_FIELDS,
    "messenger_template_status_update",
    "messaging_account_linking",
    "messaging_feedback",
    "response_feedback",
    "send_cart",
    "feed",
)


@dataclass
class App:
    """
    An app at Meta: whose secret signs, and where its webhook is.
    """

    id: str
    secret: str = field(repr=False)
    verify_token: str = field(repr=False)
    webhook_url: str
    fields: tuple[str, ...] = ALL_FIELDS


@dataclass
class Page:
    """
    A Page and its one app. `fields` are what the app is subscribed to; empty: no event arrives.

    `failing_since`: (clock, monotonic) of the first failure after which nothing succeeded.
    """

    id: str
    token: str = field(repr=False)
    app: App
    name: str = ""
    fields: tuple[str, ...] = ()
    business_id: str = ""
    threads: dict[str, Thread] = field(default_factory=dict, repr=False)
    profile: dict[str, Any] = field(default_factory=dict)
    profile_calls: deque[float] = field(default_factory=deque, repr=False)
    calls: deque[float] = field(default_factory=deque, repr=False)  # sends of the last 24 hours, by the clock
    recent_sends: deque[float] = field(default_factory=deque, repr=False)  # of the last second, monotonic
    recent_media: deque[float] = field(default_factory=deque, repr=False)
    engaged: int = 0  # people who ever wrote
    attachments: dict[str, Attachment] = field(default_factory=dict, repr=False)
    templates: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict, repr=False)  # by "<page>_<post>", oldest first
    photos: dict[str, Photo] = field(default_factory=dict, repr=False)
    failing_since: tuple[float, float] | None = None
    warned: bool = False


@dataclass
class Attachment:
    kind: str
    url: str
    uploaded_at: float


@dataclass
class Photo:
    """
    `published`: it stands on the Page by itself; else it waits to be attached to a post.
    """

    id: str
    name: str
    size: int
    uploaded_at: float
    published: bool


@dataclass
class Post:
    """
    `due_at`: when a scheduled one is published. `staff_only`: made while the app was in development mode.
    """

    id: str
    message: str
    link: str
    photos: list[str]
    created_at: float
    hidden: bool = False  # neither published nor scheduled
    due_at: float | None = None
    staff_only: bool = False
    comments: list[dict[str, Any]] = field(default_factory=list)

    def published(self, now: float) -> bool:
        return not self.hidden if self.due_at is None else now >= self.due_at


@dataclass
class Bubble:
    """
    One message on the phone. `side` is "citizen", "oa" (the bot) or "officer".
    Buttons have title, kind ("quick", "postback", "url", "phone"), and url or payload.
    """

    id: str
    side: str
    text: str
    at: float
    buttons: list[dict[str, Any]] = field(default_factory=list)
    note: str = ""


@dataclass
class Thread:
    """
    One person at one Page. `acted_at`: when the person last did something that opens the 24 h window; None is never.
    `owner`: the app that may speak.
    """

    page: Page = field(repr=False)
    person: str
    owner: str
    acted_at: float | None = None
    blocked: bool = False
    opted_out: bool = False
    bubbles: list[Bubble] = field(default_factory=list, repr=False)
    mids: set[str] = field(default_factory=set, repr=False)
    typing_until: float = 0.0
    recent_sends: deque[float] = field(default_factory=deque, repr=False)
    undelivered: list[str] = field(default_factory=list, repr=False)  # mids that the phone has not confirmed yet
    number: int = 0  # how many-th person of this emulator
