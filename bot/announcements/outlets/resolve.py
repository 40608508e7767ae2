"""
What to make of a publication of which nobody knows whether people see it: look, and never publish a second time.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from bot.announcements.outlets.base import OutletConnector, Publication
from bot.channels.base import SendError

# After an unclear answer, seconds until each look: a post may take a while to stand in the feed.
LOOK_AFTER_SECONDS = (5.0, 60.0, 600.0)


class Finding(NamedTuple):
    """
    `url` is the publication's for "sent", else where an officer can look.
    """

    state: Literal["sent", "uncertain"]
    platform_id: str | None
    url: str | None
    problem: str | None


async def resolve(connector: OutletConnector, publication: Publication) -> Finding:
    """
    Look once. Not found proves nothing: the row stays uncertain until a later look finds it, or an officer decides.
    """
    try:
        found = await connector.look(publication)
    except SendError as error:
        return Finding("uncertain", None, connector.where(publication), str(error)[:300])
    if found is not None:
        return Finding("sent", found.platform_id, found.url, None)
    return Finding("uncertain", None, connector.where(publication), "not found among the newest posts")


def next_look(looks: int) -> float | None:
    """
    Return the seconds until the next look, None after the last one. Pure.
    """
    return LOOK_AFTER_SECONDS[looks] if looks < len(LOOK_AFTER_SECONDS) else None
