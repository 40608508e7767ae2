"""
What a rendition is: the fields that an outlet gets, how long they are, and what is wrong with them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from bot.announcements.announcement import Outlet

# What officers may change by hand, outlet by outlet; everything else follows from the announcement.
EDITABLE: Mapping[Outlet, tuple[str, ...]] = {
    "zalo_article": ("title", "description", "author", "body"),
    "facebook_post": ("text",),
    "telegram_post": ("text",),
    "web": ("title", "text"),
    "messages": ("text",),
    "loudspeaker": ("script",),
    "notice": ("title", "text", "place", "signer"),
}


class Ward(Protocol):
    """
    What a rendition says of a ward; bot.wards.Ward has it.
    """

    @property
    def slug(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def province(self) -> str: ...
    @property
    def hotline(self) -> str | None: ...


class Count(NamedTuple):
    """
    How long a field is, as its platform counts, and how long it may be; None: as long as wanted.
    """

    length: int
    limit: int | None


@dataclass(frozen=True)
class Problem:
    """
    Something in a field that an officer should see. A blocking one must be mended before the announcement is submitted.
    """

    field: str
    message_vi: str
    blocking: bool


@dataclass(frozen=True)
class Rendition:
    outlet: Outlet
    fields: dict[str, str]
    problems: tuple[Problem, ...] = ()
    counts: dict[str, Count] = field(default_factory=dict)  # of the fields that officers may change

    @property
    def blocked(self) -> bool:
        return any(one.blocking for one in self.problems)
