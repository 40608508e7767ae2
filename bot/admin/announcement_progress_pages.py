"""
How far an announcement has come, as it goes; stopping it, and letting it go on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from bot.admin import announcement_wording as say
from bot.admin.announcement_pages import ONE
from bot.admin.announcement_reading import Reading
from bot.admin.guard import officer_of
from bot.admin.office import Office
from bot.announcements.outlets.advice import advise
from bot.announcements.store import Row
from bot.errors import RequestError

LIVE = "announcement_progress_live.html"


def routes(office: Office) -> list[web.RouteDef]:
    pages = ProgressPages(office)
    return [
        web.get(f"{ONE}/progress", pages.page),
        web.get(f"{ONE}/progress/news", pages.news),
        web.post(f"{ONE}/send-now", pages.send_now),
        web.post(f"{ONE}/pause", pages.pause),
        web.post(f"{ONE}/resume", pages.resume),
        web.post(f"{ONE}/cancel", pages.cancel),
        web.post(f"{ONE}/resend", pages.resend),
        web.post(f"{ONE}/posts/{{post:[0-9]+}}", pages.settle),
    ]


class ProgressPages:
    def __init__(self, office: Office):
        self._office, self._reading = office, Reading(office)

    async def page(self, request: web.Request) -> web.Response:
        return await self._page(request, await self._reading.row(request))

    async def news(self, request: web.Request) -> web.Response:
        """
        Answer the part of the page that changes, or 204 when the page has it already.
        """
        values = await self._values(request, await self._reading.row(request))
        revision = self._revision(request, values)
        if request.query.get("seen") == revision:
            return web.Response(status=204)
        response = self._office.render(request, LIVE, **values)
        response.headers["X-Revision"] = revision
        return response

    async def send_now(self, request: web.Request) -> web.Response:
        return await self._act(
            request, lambda row: self._reading.work.send_now(row.id, officer_of(request)), "sent_now"
        )

    async def pause(self, request: web.Request) -> web.Response:
        return await self._act(request, lambda row: self._reading.work.pause(row.id, officer_of(request)), "paused")

    async def resume(self, request: web.Request) -> web.Response:
        return await self._act(request, lambda row: self._reading.work.resume(row.id, officer_of(request)), "resumed")

    async def resend(self, request: web.Request) -> web.Response:
        return await self._act(
            request, lambda row: self._reading.work.resend_uncertain(row.id, officer_of(request)), "resent"
        )

    async def settle(self, request: web.Request) -> web.Response:
        """
        Take an officer's word on an unclear post: it is there, or it must be made once more.
        """
        there = (await request.post()).get("there") == "yes"
        post = int(request.match_info["post"][:18])
        return await self._act(
            request,
            lambda row: self._reading.work.settle(row.id, post, officer_of(request), there=there),
            "post_seen" if there else "post_again",
        )

    async def cancel(self, request: web.Request) -> web.Response:
        """
        Stop it for ever. A draft that is given up goes the same way.
        """
        reason = " ".join(str((await request.post()).get("reason") or "").split())
        if not reason:
            row = await self._reading.row(request)
            return await self._page(request, row, status=422, problem=say.NO_REASON)
        return await self._act(
            request, lambda row: self._reading.work.cancel(row.id, officer_of(request), reason=reason), "cancelled"
        )

    async def _act(self, request: web.Request, act: Callable[[Row], Awaitable[Any]], done: str) -> web.Response:
        row = await self._reading.row(request)
        try:
            await act(row)
        except RequestError as error:
            fresh = await self._reading.work.get(row.id)
            return await self._page(request, fresh, status=error.status, problem=say.refused(error.code))
        where = f"/admin/announcements/{row.id}/progress?done=announcement_{done}"
        return web.Response(status=303, headers={"Location": where})

    async def _page(self, request: web.Request, row: Row, *, status: int = 200, problem: str = "") -> web.Response:
        values = await self._values(request, row)
        return self._office.render(
            request,
            "announcement_progress.html",
            status=status,
            problem=problem,
            revision=self._revision(request, values),
            **values,
        )

    async def _values(self, request: web.Request, row: Row) -> dict[str, Any]:
        who = officer_of(request)
        return {
            "row": row,
            "progress": await self._reading.work.progress(row.id),
            "names": await self._reading.names(),
            "may_stop": who.may("announce", row.ward) or who.may("approve", row.ward),
            "ward_name": self._office.ward_name,
            "may_hurry": all(who.may("approve", one) for one in row.wards_to_answer_for),
            "advise": advise,
            "say": say,
        }

    def _revision(self, request: web.Request, values: dict[str, Any]) -> str:
        text = self._office.render(request, LIVE, **values).text or ""
        return hashlib.sha256(text.encode()).hexdigest()[:16]
