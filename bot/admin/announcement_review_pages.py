"""
Approving: an officer sees what is frozen, word for word, and says yes or no. Nobody approves their own.
"""

from __future__ import annotations

import secrets

from aiohttp import web

from bot.admin import announcement_view, wording
from bot.admin import announcement_wording as say
from bot.admin.announcement_pages import ONE
from bot.admin.announcement_reading import Reading
from bot.admin.guard import officer_of
from bot.admin.office import Office
from bot.announcements.announcement import Announcement
from bot.announcements.freezing import untouched
from bot.announcements.store import Row
from bot.announcements.topics import TOPICS
from bot.errors import RequestError


def routes(office: Office) -> list[web.RouteDef]:
    pages = ReviewPages(office)
    return [
        web.get(f"{ONE}/review", pages.page),
        web.get(f"{ONE}/read", pages.page),
        web.post(f"{ONE}/approve", pages.approve),
        web.post(f"{ONE}/reject", pages.reject),
        web.post(f"{ONE}/take-back", pages.take_back),
    ]


class ReviewPages:
    def __init__(self, office: Office):
        self._office, self._reading = office, Reading(office)

    async def page(self, request: web.Request) -> web.Response:
        return await self._page(request, await self._reading.row(request))

    async def approve(self, request: web.Request) -> web.Response:
        """
        Approve what the form showed: it names the hash of that, and counts once.
        """
        row, form = await self._reading.row(request), await request.post()
        try:
            await self._reading.work.approve(
                row.id,
                officer_of(request),
                hash_seen=str(form.get("hash") or ""),
                approval_key=str(form.get("key") or "")[:64],
            )
        except RequestError as error:
            return await self._again(request, row, error)
        return _go(row.id, "progress", "announcement_approved")

    async def reject(self, request: web.Request) -> web.Response:
        row, form = await self._reading.row(request), await request.post()
        reason = " ".join(str(form.get("reason") or "").split())
        if not reason:
            return await self._page(request, row, status=422, wrong_reason=say.NO_REASON)
        try:
            await self._reading.work.reject(row.id, officer_of(request), reason=reason)
        except RequestError as error:
            return await self._again(request, row, error)
        where = f"/admin/announcements?ward={row.ward}&done=announcement_rejected"
        return web.Response(status=303, headers={"Location": where})

    async def take_back(self, request: web.Request) -> web.Response:
        row = await self._reading.row(request)
        try:
            await self._reading.work.take_back(row.id, officer_of(request))
        except RequestError as error:
            return await self._again(request, row, error)
        return _go(row.id, "", "announcement_taken_back")

    async def _again(self, request: web.Request, row: Row, error: RequestError) -> web.Response:
        """
        Say on the page as it stands now why nothing was done.
        """
        fresh = await self._reading.work.get(row.id)
        return await self._page(request, fresh, status=error.status, problem=say.refused(error.code))

    async def _page(
        self, request: web.Request, row: Row, *, status: int = 200, problem: str = "", wrong_reason: str = ""
    ) -> web.Response:
        who = officer_of(request)
        approver = all(who.may("approve", one) for one in row.wards_to_answer_for)
        own = who.id in (row.author_id, row.changed_by, row.submitted_by)
        waits = row.state == "submitted"
        frozen = row.frozen or {}
        if row.frozen is not None:
            renditions = [(row.ward, announcement_view.frozen(row.announcement, frozen["renditions"]))]
            renditions += [
                (ward, announcement_view.frozen(row.announcement, fields))
                for ward, fields in (frozen.get("by_ward") or {}).items()
            ]
        else:
            shown = await self._reading.shown(row.announcement)
            renditions = [(row.ward, [one for one in shown if one.chosen])]
        return self._office.render(
            request,
            "announcement_review.html",
            status=status,
            row=row,
            renditions=renditions,
            forecast=await self._reading.work.forecast(row.announcement) if waits else None,
            audience=_audience(row.announcement),
            untouched=row.frozen is None or untouched(row),
            may_decide=waits and approver and not own and untouched(row),
            own=waits and approver and own,
            waits=waits,
            may_take_back=waits and who.may("announce", row.ward),
            key=secrets.token_urlsafe(24),
            names=await self._reading.names(),
            problem=problem,
            wrong_reason=wrong_reason,
            ward_name=self._office.ward_name,
            say=say,
        )


def _audience(announcement: Announcement) -> list[str]:
    rule = announcement.audience
    groups = (
        list(rule.neighbourhoods),
        [TOPICS.get(one, one) for one in rule.topics],
        [wording.channel(one) for one in rule.channels],
    )
    return [", ".join(group) for group in groups if group]


def _go(id: int, page: str, done: str) -> web.Response:
    path = f"/admin/announcements/{id}/{page}".rstrip("/")
    return web.Response(status=303, headers={"Location": f"{path}?done={done}"})
