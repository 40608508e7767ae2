"""
The audit as a page: who changed what, when, and how it was before.
"""

from __future__ import annotations

import math
from urllib.parse import urlencode

from aiohttp import web

from bot.admin import audit, wording
from bot.admin.errors import not_allowed
from bot.admin.guard import officer_of
from bot.admin.office import Office

FOR_ALL = "-"  # in the address: what all wards share


def routes(office: Office) -> list[web.RouteDef]:
    async def page(request: web.Request) -> web.Response:
        return await _page(office, request)

    return [web.get("/admin/audit", page)]


async def _page(office: Office, request: web.Request) -> web.Response:
    officer = officer_of(request)
    mine = office.wards_of(officer, "manage")
    if not mine and not officer.may("manage", ""):
        raise not_allowed("manage")
    choices = [(one.slug, one.name) for one in mine]
    if officer.may("manage", ""):
        choices.insert(0, (FOR_ALL, office.ward_name("")))
    ward = request.query.get("ward", "")
    if ward and ward not in {slug for slug, _ in choices}:
        raise not_allowed("manage")
    # Who administers every ward sees what is left of wards that are gone, too.
    everything = None if officer.may("manage", "") else [slug for slug, _ in choices]
    wards = everything if not ward else [""] if ward == FOR_ALL else [ward]
    who, action = request.query.get("officer", ""), request.query.get("action", "")
    number = _number(request.query.get("page", ""))
    entries, total = await office.database.read(
        audit.search,
        wards=wards,
        officer_id=_number(who) if who else None,
        action=action if action in wording.ACTIONS or action in wording.ACTION_FAMILIES else "",
        page=number,
    )
    asked = {"ward": ward, "officer": who, "action": action}
    return office.render(
        request,
        "audit.html",
        entries=entries,
        total=total,
        choices=choices,
        people=await office.database.read(audit.people, wards=everything),
        asked=asked,
        ward_name=office.ward_name,
        page=number,
        pages=math.ceil(total / audit.PER_PAGE),
        url=f"/admin/audit?{urlencode({name: value for name, value in asked.items() if value} | {'page': ''})}",
    )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 and int(text) > 0 else 1
