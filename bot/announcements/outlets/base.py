"""
What every outlet is: it publishes one rendition in steps that survive a kill, and looks whether an unclear one is there.

No platform has a key of ours that would make a second call harmless. So before the one call that people see, its step is
kept; whoever finds that step afterwards knows that the call may have been made, and does not make it again.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from bot.announcements.announcement import Outlet
from bot.channels.base import SendError

# Keeps how far a publication has come: its step and what the next call needs. Durable when it returns.
Keep = Callable[[str | None, Mapping[str, Any]], Awaitable[None]]


@dataclass(frozen=True)
class Publication:
    """
    One rendition for one account of one ward. `fields` as they were approved:

    zalo_article: title, description, author, body (paragraphs with an empty line between), picture. facebook_post:
    text, link, picture. telegram_post: text, picture, button_title, button_url. web: none is needed.
    `picture` names an upload. `begun_at`: when it was first tried, seconds since 1970; nothing older can be ours.

    After an officer said "again": `step` is None, and `values` are still there, so that what is done is not done twice.
    """

    announcement_id: int
    outlet: Outlet
    ward: str
    account: str
    fields: Mapping[str, str]
    begun_at: float
    step: str | None = None
    values: Mapping[str, Any] = field(default_factory=dict)


class Published(NamedTuple):
    """
    `url` is where people see it, None when the platform gives none.
    """

    platform_id: str
    url: str | None


class Picture(NamedTuple):
    """
    `url` is where the platform can fetch it; None without a public address.
    """

    content: bytes
    content_type: str  # image/jpeg or image/png
    url: str | None


# Finds a publication's picture, None when it has none. SendError when it names one that is not there any more.
Pictures = Callable[[Publication], Awaitable[Picture | None]]


class OutletConnector(Protocol):
    outlet: Outlet

    async def publish(self, publication: Publication, keep: Keep) -> Published:
        """
        Publish, or go on where `step` says that it stopped. Call it again after a kill and after a passing trouble; it
        knows what it may repeat.

        Raises:
            SendError: With `trouble` and `retry_after`: nobody saw anything, and it may be called again ("retry"), or
                somebody must act first ("officer"). `uncertain`: people may see it; only `look` and an officer help.
        """

    async def look(self, publication: Publication) -> Published | None:
        """
        Find an unclear publication among the newest of the platform. None: not seen, which proves nothing.

        Raises:
            SendError: The platform could not be asked.
        """

    def where(self, publication: Publication) -> str | None:
        """
        Return where an officer can see with their own eyes whether it is there. Pure.
        """


def complete(publication: Publication, *names: str) -> None:
    """
    Raises:
        SendError: A field that the outlet needs is missing or empty; nothing was called yet.
    """
    missing = [one for one in names if not str(publication.fields.get(one) or "").strip()]
    if missing:
        raise SendError(f"rendition.incomplete: without {', '.join(missing)}", trouble="officer")


def unclear(platform: str) -> SendError:
    """
    Return the error for a call that may or may not have been made before we were stopped.
    """
    return SendError(f"{platform} unclear: stopped in the middle, it may be there", trouble="officer", uncertain=True)


def of_a_post(platform: str, error: SendError, *, uncertain: bool) -> SendError:
    """
    Return a channel's error as one of a post: it begins with the platform and the code, and no citizen is to blame.
    """
    words = str(error)
    words = words if words.startswith(platform) else f"{platform} {words.removeprefix('messenger ')}"
    trouble = "officer" if error.trouble == "recipient" else error.trouble
    return SendError(words, trouble=trouble, retry_after=error.retry_after, uncertain=uncertain)
