"""
One announcement that is being sent: its frozen text, and whether it may go on right now.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import sqlalchemy as sa

from bot.announcements.announcement import Announcement, State
from bot.announcements.freezing import rendition
from bot.announcements.quiet_hours import QuietHours
from bot.announcements.store import from_dict
from bot.announcements.tables import announcement
from bot.channels.base import Channel
from bot.database import Database
from bot.messages import Reply

# A pause or the end is seen after so many seconds at the latest; claims see it at once.
LOOK_SECONDS = 0.5


class Work:
    """
    `watch` runs beside the sending and follows the state.
    """

    def __init__(
        self,
        announcement_id: int,
        frozen: Mapping[str, Any],
        database: Database,
        quiet_hours: QuietHours,
        *,
        clock: Callable[[], float],
        pause: Callable[[float], Awaitable[None]],
    ):
        self.id, self.frozen = announcement_id, frozen
        self.announcement: Announcement = from_dict(frozen["announcement"])
        self._database, self._quiet, self._clock, self._pause = database, quiet_hours, clock, pause
        self._state: State = "sending"
        self._look = asyncio.Event()
        self._loud_until = 0.0
        self._parts: dict[tuple[str, str], list[Reply]] = {}

    @property
    def ended(self) -> bool:
        return self._state not in ("sending", "paused")

    @property
    def held(self) -> bool:
        return self._state != "sending"

    def parts(self, ward: str, channel: Channel) -> list[Reply]:
        """
        Return the message as it was approved for a ward, in as many parts as the channel needs.
        """
        found = self._parts.get((ward, channel.kind))
        if found is None:
            text = str(rendition(self.frozen, ward, "messages")["text"])
            found = self._parts[ward, channel.kind] = channel.parts(Reply(text))
        return found

    def look_again(self) -> None:
        """
        Something says that it was stopped: wait for the next look at the state.
        """
        if self._state == "sending":
            self._state = "paused"
        self._look.set()

    def poke(self) -> None:
        self._look.set()

    async def watch(self) -> None:
        while True:
            self._look.clear()
            found = await self._database.read(_state, self.id)
            self._state = found or "cancelled"
            if self.ended:
                return
            try:
                async with asyncio.timeout(LOOK_SECONDS):
                    await self._look.wait()
            except TimeoutError:
                pass
            else:
                await self._pause(0.05)  # whoever stopped it is about to commit

    async def may_go(self) -> bool:
        """
        Wait while it is paused, and through quiet hours. False when the work has ended.
        """
        while not self.ended:
            if not self.held and not self.quiet_seconds():
                return True
            await self._pause(0.25)
        return False

    def quiet_seconds(self) -> float:
        """
        Return the seconds until messages may go out, 0 when they may now.
        """
        now = self._clock()
        if now < self._loud_until:
            return 0.0
        allowed = self._quiet.next_allowed(now, kind=self.announcement.kind)
        if allowed <= now:
            self._loud_until = now + 1.0
            return 0.0
        return allowed - now


def _state(connection: sa.Connection, announcement_id: int) -> State | None:
    query = sa.select(announcement.c.state).where(announcement.c.id == announcement_id)
    found: State | None = connection.execute(query).scalar_one_or_none()
    return found
