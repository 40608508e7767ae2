"""
How far a ward is with its plan: every task, what was done for it, and what is late.
"""

from __future__ import annotations

from datetime import datetime

from aiohttp import web

from bot.admin import plan_tally
from bot.admin.announcement_reading import Reading
from bot.admin.guard import officer_of, ward_of
from bot.admin.look import TIMEZONE
from bot.admin.office import Office
from bot.admin.plan_tally import Served, Standing

MOST_ANNOUNCEMENTS = 1_000
STANDINGS: dict[Standing, tuple[str, str]] = {
    "done": ("đã làm", "good"),
    "late": ("trễ", "bad"),
    "now": ("đang trong hạn", "warn"),
    "later": ("chưa đến hạn", "plain"),
}


def routes(office: Office) -> list[web.RouteDef]:
    reading = Reading(office)

    async def page(request: web.Request) -> web.Response:
        ward = ward_of(request, office)
        today = datetime.fromtimestamp(office.clock(), TIMEZONE).date()
        plans = await reading.plans(ward.slug)
        chosen = next((one for one in plans if one.id == request.query.get("plan")), plans[0] if plans else None)
        served = await _served(reading, ward.slug) if chosen is not None else []
        return office.render(
            request,
            "plan_progress.html",
            ward=ward,
            wards=office.wards_of(officer_of(request)),
            plans=plans,
            plan=chosen,
            tasks=plan_tally.tasks(chosen, served, today=today) if chosen else [],
            figures=plan_tally.figures(chosen, served, today=today) if chosen else [],
            standings=STANDINGS,
            may_write=officer_of(request).may("announce", ward.slug),
        )

    return [web.get("/admin/plan-progress", page)]


async def _served(reading: Reading, ward: str) -> list[Served]:
    """
    Return the ward's announcements that went out and serve a task, newest first.
    """
    rows = await reading.work.listed([ward], ["sending", "paused", "finished"], limit=MOST_ANNOUNCEMENTS)
    return [
        Served(
            row.id,
            row.announcement.title,
            datetime.fromtimestamp(row.started_at, TIMEZONE).date(),
            row.announcement.tasks,
        )
        for row in rows
        if row.started_at is not None and row.announcement.tasks
    ]
