"""
The announcements of this program, as pages, the API and the command line use them: every act checks who may, and is one
transaction. Sending runs beside it (sending.py).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping
from typing import Protocol

import sqlalchemy as sa

from bot.admin.officers import Officer
from bot.announcements import approval, settling, states, store
from bot.announcements import forecast as forecasts
from bot.announcements import progress as counting
from bot.announcements import report as reports
from bot.announcements.announcement import PUBLISHED, Announcement, State
from bot.announcements.approval import Reached
from bot.announcements.forecast import Forecast
from bot.announcements.freezing import Renditions
from bot.announcements.progress import Progress
from bot.announcements.publishing import UNCONNECTED, Outlets
from bot.announcements.quiet_hours import QuietHours
from bot.announcements.report import Report
from bot.announcements.store import Row
from bot.announcements.submitting import check_complete
from bot.channels.base import Channel
from bot.database import Database


class Render(Protocol):
    def __call__(self, connection: sa.Connection, announcement: Announcement, ward: str, *, now: float) -> Renditions:
        """
        Return outlet → fields in this ward.

        Raises:
            RequestError: 422 "announcement.incomplete", for what cannot be sent so.
        """


# A count of a million rows is not made anew for every page that looks.
COUNTED_FOR_SECONDS = 1.0


class Announcements:
    """
    `poke` wakes what sends, so that an approved text does not wait for the next look. `clock` is seconds since 1970.
    """

    def __init__(
        self,
        database: Database,
        channels: Mapping[str, Channel],
        *,
        render: Render,
        outlets: Outlets | None = None,
        public_url: str | None = None,
        quiet_hours: QuietHours | None = None,
        poke: Callable[[], None] = lambda: None,
        clock: Callable[[], float] = time.time,
    ):
        self._database, self._channels, self._render, self._outlets = database, channels, render, outlets
        self._public_url, self._quiet_hours = public_url, quiet_hours or QuietHours()
        self._poke, self._clock = poke, clock
        self._counted: dict[int, tuple[float, Progress]] = {}

    async def get(self, announcement_id: int) -> Row:
        """
        Raises:
            RequestError: 404 "announcement.unknown".
        """
        return await self._database.read(store.found, announcement_id)

    async def listed(
        self, wards: Collection[str] | None, states: Collection[State] | None = None, *, limit: int = 100
    ) -> list[Row]:
        """
        Return the newest ones of these wards (None: all wards).
        """
        return await self._database.read(store.listed, wards, states, limit=limit)

    async def save_draft(
        self, announcement: Announcement, officer: Officer, *, expected_version: int | None = None
    ) -> Row:
        """
        Add a draft (id 0), or change one that still has the expected version. Saving the same again changes nothing.

        Raises:
            RequestError: 403 "officer.not_allowed", 404 "announcement.unknown", 409 "announcement.changed" or
                "announcement.state".
        """
        return await self._database.write(
            approval.save_draft, announcement, officer, expected_version=expected_version, now=self._clock()
        )

    async def submit(self, announcement_id: int, officer: Officer, *, expected_version: int | None = None) -> Row:
        """
        Freeze the draft with its renditions, and hand it to the approvers.

        Raises:
            RequestError: 422 "announcement.incomplete" with the fields that are not ready; 409 and 403 as `save_draft`.
        """
        return await self._database.write(
            self._submit, announcement_id, officer, expected_version=expected_version, now=self._clock()
        )

    async def take_back(self, announcement_id: int, officer: Officer) -> Row:
        """
        Make a draft again of what nobody has approved yet.
        """
        return await self._database.write(approval.take_back, announcement_id, officer, now=self._clock())

    async def approve(self, announcement_id: int, officer: Officer, *, hash_seen: str, approval_key: str) -> Row:
        """
        Approve what the officer was shown. `hash_seen` is Row.hash of the page; `approval_key` is random, one per form.

        Raises:
            RequestError: 403 "announcement.own" or "officer.not_allowed"; 409 "announcement.changed",
                "announcement.replayed" or "announcement.state". Each is logged.
        """
        row = await self._database.write(
            approval.approve,
            announcement_id,
            officer,
            hash_seen=hash_seen,
            approval_key=approval_key,
            now=self._clock(),
        )
        self._poke()
        return row

    async def send_now(self, announcement_id: int, officer: Officer) -> Row:
        """
        Send an approved one now instead of at its time; an approver may.
        """
        row = await self._database.write(approval.send_now, announcement_id, officer, now=self._clock())
        self._poke()
        return row

    async def reject(self, announcement_id: int, officer: Officer, *, reason: str) -> Row:
        """
        Give it back to its author, as a draft. A reason is needed.
        """
        return await self._database.write(approval.reject, announcement_id, officer, reason=reason, now=self._clock())

    async def cancel(self, announcement_id: int, officer: Officer, *, reason: str) -> Reached:
        """
        Stop it for ever, at whatever state, and say how many were already reached. A reason is needed.
        """
        reached = await self._database.write(
            approval.cancel, announcement_id, officer, reason=reason, now=self._clock()
        )
        self._counted.pop(announcement_id, None)
        self._poke()
        return reached

    async def pause(self, announcement_id: int, officer: Officer) -> Row:
        return await self._database.write(approval.pause, announcement_id, officer, now=self._clock())

    async def resume(self, announcement_id: int, officer: Officer) -> Row:
        row = await self._database.write(approval.resume, announcement_id, officer, now=self._clock())
        self._poke()
        return row

    async def resend_uncertain(self, announcement_id: int, officer: Officer) -> int:
        """
        Send the messages again of which nobody knows whether they arrived; return how many.
        """
        count = await self._database.write(approval.resend_uncertain, announcement_id, officer, now=self._clock())
        self._counted.pop(announcement_id, None)
        self._poke()
        return count

    async def settle(self, announcement_id: int, publication_id: int, officer: Officer, *, there: bool) -> None:
        """
        Say of an uncertain post that it is there, or that it is not and shall be made once more.

        Raises:
            RequestError: As `settling.settle`.
        """
        await self._database.write(
            settling.settle, announcement_id, publication_id, officer, there=there, now=self._clock()
        )
        self._counted.pop(announcement_id, None)
        self._poke()

    async def forecast(self, announcement: Announcement) -> Forecast:
        """
        Count whom it would reach if it were approved now; for a draft that need not be saved.
        """
        now = self._clock()
        due = max(now, announcement.send_at or now)
        starts_at = self._quiet_hours.next_allowed(due, kind=announcement.kind)
        problems = [] if self._public_url else ["public_url.missing"]
        problems += await self._unconnected(announcement)
        return await self._database.read(
            forecasts.forecast, announcement, self._channels, starts_at=starts_at, problems=problems, now=now
        )

    async def progress(self, announcement_id: int) -> Progress:
        """
        Count how far it has come, at most once a second.
        """
        now = self._clock()
        at, known = self._counted.get(announcement_id, (0.0, None))
        if known is None or not 0 <= now - at < COUNTED_FOR_SECONDS:
            known = await self._database.read(counting.progress, announcement_id, now=now)
            if len(self._counted) > 100:
                self._counted.clear()
            self._counted[announcement_id] = (now, known)
        return known

    async def report(self, announcement_id: int) -> Report:
        """
        Count what it did: reached by outlet, clicks, replies, questions that it caused.
        """
        return await self._database.read(reports.of, announcement_id)

    async def _unconnected(self, announcement: Announcement) -> list[str]:
        """
        Return "account.missing:facebook_post", … for outlets that no account of the wards serves.
        """
        if self._outlets is None:
            return []
        wanted = [one for one in PUBLISHED if one in announcement.outlets]
        found = {outlet: [await self._outlets.find(outlet, ward) for ward in announcement.wards] for outlet in wanted}
        return [f"{UNCONNECTED}:{outlet}" for outlet, of_wards in found.items() if not any(of_wards)]

    def _submit(
        self,
        connection: sa.Connection,
        announcement_id: int,
        officer: Officer,
        *,
        expected_version: int | None,
        now: float,
    ) -> Row:
        row = store.found(connection, announcement_id, hold=True)
        states.check("submit", row, officer)
        check_complete(row.announcement, now=now)
        renditions = {
            ward: self._render(connection, row.announcement, ward, now=now) for ward in row.wards_to_answer_for
        }
        return approval.submit(
            connection, announcement_id, officer, expected_version=expected_version, renditions=renditions, now=now
        )

    async def close(self) -> None:
        self._counted.clear()
