"""
Publishes what is published once: each post beside the others, each in the steps of its outlet, never twice by itself.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any, Protocol

from bot.announcements import publications
from bot.announcements.announcement import PUBLISHED, Outlet
from bot.announcements.freezing import rendition
from bot.announcements.outlets.base import OutletConnector, Publication
from bot.announcements.outlets.resolve import next_look, resolve
from bot.announcements.quiet_hours import QuietHours
from bot.announcements.work import Work
from bot.channels.base import SendError
from bot.database import Database
from bot.delivery import retry
from bot.log import log

UNCONNECTED = "account.missing"
LOOK_BACK_SECONDS = 3600.0


class Outlets(Protocol):
    async def find(self, outlet: Outlet, ward: str) -> list[tuple[str, OutletConnector]]:
        """
        Return (account, connector) for every account of the ward at this outlet.
        """


class Publishing:
    def __init__(
        self,
        database: Database,
        outlets: Outlets,
        quiet_hours: QuietHours,
        *,
        patience_seconds: float = 21_600.0,
        clock: Callable[[], float] = time.time,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ):
        self._database, self._outlets, self._quiet = database, outlets, quiet_hours
        self._patience_seconds, self._clock, self._pause = patience_seconds, clock, pause
        self._looks: set[asyncio.Task[None]] = set()

    async def put(self, work: Work) -> None:
        """
        Write down every post of the announcement, before the first is made.
        """
        wanted: list[tuple[Outlet, str, str, Mapping[str, Any], str | None]] = []
        for outlet in (one for one in PUBLISHED if one in work.announcement.outlets):
            for ward in work.announcement.wards:
                fields = rendition(work.frozen, ward, outlet)
                found = await self._outlets.find(outlet, ward)
                wanted += [(outlet, ward, account, fields, None) for account, _ in found]
                if not found:
                    wanted.append((outlet, ward, "", fields, UNCONNECTED))
        await self._database.write(publications.put, work.id, wanted)

    async def publish(self, work: Work, tried: asyncio.Event) -> None:
        """
        Publish all; `tried` is set as soon as each was tried once or must wait, so that messages need not wait for it.
        """
        there = await self._database.read(publications.open_ones, work.id)
        waiting = {one[0] for one in there}

        def noted(publication_id: int) -> None:
            waiting.discard(publication_id)
            if not waiting:
                tried.set()

        if not there:
            tried.set()
        await asyncio.gather(*(self._one(work, *one, partial(noted, one[0])) for one in there))
        tried.set()

    async def look_back(self) -> None:
        """
        After a start: look once more for what was unclear when the program stopped.
        """
        since = self._clock() - LOOK_BACK_SECONDS
        for publication_id, outlet, ward, account in await self._database.read(publications.uncertain, since=since):
            connector = await self._connector(outlet, ward, account)
            publication = await self._database.read(publications.get, publication_id)
            if connector is not None and publication is not None:
                self._look_later(publication_id, connector, publication)

    async def close(self) -> None:
        for task in self._looks:
            task.cancel()
        await asyncio.gather(*self._looks, return_exceptions=True)

    async def _one(
        self, work: Work, publication_id: int, outlet: Outlet, ward: str, account: str, noted: Callable[[], None]
    ) -> None:
        connector = await self._connector(outlet, ward, account)
        if connector is None:
            await self._end(publication_id, "failed", problem=UNCONNECTED)
            noted()
            return
        began = self._clock()
        while await self._allowed(work, outlet, noted):
            claimed = await self._database.keep(publications.claim, publication_id, now=self._clock())
            if claimed is None:
                if work.ended:
                    break
                work.look_again()
                await self._pause(0.25)
                continue
            publication, attempts = claimed
            wait = await self._try(publication_id, connector, publication, attempts, self._clock() - began)
            noted()
            if wait is None:
                return
            await self._sleep(work, wait)
        noted()

    async def _try(
        self, publication_id: int, connector: OutletConnector, publication: Publication, attempts: int, waited: float
    ) -> float | None:
        """
        Publish once. Return the seconds until it may be tried again, None when that is over.
        """

        async def keep(step: str | None, values: Mapping[str, Any]) -> None:
            await self._database.keep(publications.keep_step, publication_id, step, values)

        try:
            published = await connector.publish(publication, keep)
        except Exception as error:
            found = (
                error if isinstance(error, SendError) else SendError(f"broken: {type(error).__name__}", uncertain=True)
            )
            if found is not error:
                log.exception("publication.broke", publication=publication_id, outlet=publication.outlet)
            if found.uncertain:
                await self._end(publication_id, "uncertain", url=connector.where(publication), problem=str(found))
                current = await self._database.read(publications.get, publication_id)
                self._look_later(publication_id, connector, current or publication)
                return None
            wait = retry.next_send(
                attempts, permanent=found.permanent, retry_after=found.retry_after, waited_seconds=waited,
                patience_seconds=self._patience_seconds,
            )  # fmt: skip
            if wait is None:
                await self._end(publication_id, "failed", problem=str(found))
            else:
                await self._database.write(publications.put_back, publication_id, str(found))
            return wait
        await self._end(publication_id, "sent", platform_id=published.platform_id, url=published.url)
        return None

    def _look_later(self, publication_id: int, connector: OutletConnector, publication: Publication) -> None:
        task = asyncio.get_running_loop().create_task(self._keep_looking(publication_id, connector, publication))
        self._looks.add(task)
        task.add_done_callback(self._looks.discard)

    async def _keep_looking(self, publication_id: int, connector: OutletConnector, publication: Publication) -> None:
        looks = 0
        while (seconds := next_look(looks)) is not None:
            await self._pause(seconds)
            looks += 1
            try:
                found = await resolve(connector, publication)
                await self._end(
                    publication_id, found.state, platform_id=found.platform_id, url=found.url, problem=found.problem,
                    doubted=True,
                )  # fmt: skip
            except Exception:
                log.exception("publication.not_looked_for", publication=publication_id)
                continue
            if found.state == "sent":
                return

    async def _allowed(self, work: Work, outlet: Outlet, noted: Callable[[], None]) -> bool:
        """
        Wait through the outlet's night and while it is paused. False when the work has ended.
        """
        while not work.ended:
            now = self._clock()
            allowed = self._quiet.next_allowed(now, kind=work.announcement.kind, outlet=outlet)
            if allowed <= now and not work.held:
                return True
            noted()
            await self._pause(0.25 if work.held else min(1.0, allowed - now))
        return False

    async def _sleep(self, work: Work, seconds: float) -> None:
        until = self._clock() + seconds
        while not work.ended and (left := until - self._clock()) > 0:
            await self._pause(min(left, 1.0))

    async def _connector(self, outlet: Outlet, ward: str, account: str) -> OutletConnector | None:
        return next((one for name, one in await self._outlets.find(outlet, ward) if name == account), None)

    async def _end(self, publication_id: int, state: publications.Ended, **values: Any) -> None:
        await self._database.keep(publications.end, publication_id, state, **values, now=self._clock())
        level = log.info if state == "sent" else log.warning
        level(f"publication.{state}", publication=publication_id, problem=(values.get("problem") or "")[:200])
