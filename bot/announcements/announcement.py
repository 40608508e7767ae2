"""
What an announcement is: its text, who gets it, through which outlets, and when. Free of databases and platforms.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, get_args

# draft → submitted → approved → sending ⇄ paused → finished; cancelled from any of them, rejected back to draft.
State = Literal["draft", "submitted", "approved", "sending", "paused", "finished", "cancelled"]
Kind = Literal["normal", "emergency"]
Outlet = Literal[
    "zalo_article",  # an OA article, and a broadcast of it to all who follow
    "facebook_post",
    "telegram_post",  # to the ward's public channel
    "web",  # the ward's public page, its Atom feed and the HTML snippet for the portal
    "messages",  # to every citizen who may be reached: Zalo, Messenger, Telegram, web chat
    "loudspeaker",  # a script to read aloud; nothing is sent
    "notice",  # A4 with a QR code, for the notice board; nothing is sent
]
Repeat = Literal["daily", "weekly", "monthly"]

OUTLETS: tuple[Outlet, ...] = get_args(Outlet)
# What is published once; of the others, "messages" go to people and the rest is printed or read aloud.
PUBLISHED: tuple[Outlet, ...] = ("zalo_article", "facebook_post", "telegram_post", "web")


@dataclass(frozen=True)
class Audience:
    """
    Who gets the messages. Empty means all: all neighbourhoods, all topics, all channels.
    """

    neighbourhoods: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Link:
    title: str
    url: str


@dataclass(frozen=True)
class Announcement:
    """
    Times are seconds since 1970. `by_hand` holds what an officer changed in a rendition: outlet → its fields.
    `picture` and `file` name uploads (bot/announcements/uploads.py). `tasks` are "plan id/task id" that it serves.
    """

    id: int
    ward: str  # whose announcement it is: its officers write and approve it
    wards: tuple[str, ...]  # where it is published, the own one among them
    kind: Kind
    title: str
    text: str
    key_line: str = ""  # what matters most, said twice by the loudspeaker
    link: Link | None = None
    button: Link | None = None
    picture: str | None = None
    file: str | None = None
    topic: str | None = None
    outlets: tuple[Outlet, ...] = ()
    audience: Audience = field(default_factory=Audience)
    by_hand: dict[str, dict[str, Any]] = field(default_factory=dict)
    tasks: tuple[str, ...] = ()
    send_at: float | None = None  # None: as soon as it is approved
    repeat: Repeat | None = None
    repeat_until: float | None = None
    valid_until: float | None = None  # until then the assistant answers questions from it
    happens_at: float | None = None  # when what it tells of begins
