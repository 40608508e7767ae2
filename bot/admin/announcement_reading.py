"""
What the announcement pages look up: the row that a page is about, names, neighbourhoods, the plan's tasks, renditions.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import sqlalchemy as sa
from aiohttp import web

from bot.admin import announcement_view
from bot.admin import announcement_wording as say
from bot.admin.announcement_view import Shown
from bot.admin.errors import Refused, not_allowed
from bot.admin.guard import officer_of
from bot.admin.office import Office
from bot.admin.officers import Permission
from bot.announcements.announcement import Announcement
from bot.announcements.portal_api import PORTAL
from bot.announcements.service import Announcements
from bot.announcements.store import Row
from bot.database import officer, ward
from bot.errors import KnowledgeUnreachable, RequestError
from bot.log import log
from bot.office_api import OfficeApi
from bot.wards import Ward

MOST_PLANS = 20
NOT_ALLOWED = "officer.not_allowed"


class PlanTask(NamedTuple):
    """
    `key` is what an announcement keeps: "plan id/task id".
    """

    key: str
    text: str
    lead: str
    time: str
    product: str


class Plan(NamedTuple):
    id: str
    title: str
    year: int
    tasks: list[PlanTask]
    kpis: list[dict[str, Any]]


class Reading:
    def __init__(self, office: Office):
        self._office, self._content = office, OfficeApi(office.knowledge)

    @property
    def work(self) -> Announcements:
        """
        Raises:
            Refused: 503 in an office that has none.
        """
        if self._office.announcements is None:
            raise Refused(503, "request.unavailable", "this office has no announcements")
        return self._office.announcements

    async def row(self, request: web.Request, permission: Permission = "see") -> Row:
        """
        Return the announcement that a page is about.

        Raises:
            Refused: 403, the same for another ward's and for one that does not exist.
        """
        who = officer_of(request)
        try:
            row = await self.work.get(int(request.match_info["id"]))
        except RequestError as error:
            raise not_allowed(permission) from error
        places = row.wards_to_answer_for if permission in ("see", "approve") else (row.ward,)
        if not any(who.may(permission, one) for one in places):
            log.warning("announcement.refused", announcement=row.id, act=permission, code=NOT_ALLOWED, officer=who.id)
            raise not_allowed(permission)
        return row

    async def names(self) -> dict[int, str]:
        def work(connection: sa.Connection) -> dict[int, str]:
            return {row.id: row.name for row in connection.execute(sa.select(officer.c.id, officer.c.name))}

        return {PORTAL: say.PORTAL, **await self._office.database.read(work)}

    async def neighbourhoods(self, slug: str) -> tuple[str, list[str]]:
        """
        Return what the ward calls its parts ("khu phố"), and their names.
        """

        def work(connection: sa.Connection) -> Any:
            return connection.execute(sa.select(ward.c.body).where(ward.c.slug == slug)).scalar_one_or_none()

        body = await self._office.database.read(work) or {}
        found = body.get("neighbourhoods")
        word = str(body.get("neighbourhood_word") or "khu phố")
        return word, [str(one) for one in found] if isinstance(found, list) else []

    async def shown(self, announcement: Announcement) -> list[Shown]:
        place = self.place(announcement.ward)
        return announcement_view.shown(announcement, place, public_url=self._office.public_url)

    def place(self, slug: str) -> Ward:
        """
        Return a ward; one that is gone still has its slug.
        """
        return self._office.wards.get(slug) or Ward(slug, slug, "", None)

    async def tasks(self, slug: str, year: int) -> list[Plan]:
        """
        Return the ward's plans of this year and later, newest first; nothing while knowledge is away.
        """
        try:
            return [one for one in await self.plans(slug) if one.year >= year]
        except (KnowledgeUnreachable, RequestError):
            return []

    async def plans(self, slug: str) -> list[Plan]:
        """
        Return the ward's own plans, newest first.

        Raises:
            KnowledgeUnreachable: There is nobody to ask.
        """
        listed = await self._content.entries(slug, kind="plan", size=MOST_PLANS)
        found = [await self._content.entry("plan", str(one["id"]), slug) for one in listed.entries]
        plans = [_plan(one.entry) for one in found if one.ward == slug]
        return sorted(plans, key=lambda one: (-one.year, one.title))


def _plan(entry: dict[str, Any]) -> Plan:
    tasks = [
        PlanTask(
            f"{entry['id']}/{one['id']}",
            str(one.get("task") or ""),
            str(one.get("lead") or ""),
            str(one.get("time") or ""),
            str(one.get("product") or ""),
        )
        for one in entry.get("tasks") or []
    ]
    return Plan(
        str(entry["id"]), str(entry.get("title") or ""), int(entry.get("year") or 0), tasks, entry.get("kpis") or []
    )
