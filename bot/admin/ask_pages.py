"""
Trying out a question: what the assistant would say, the ten entries nearest to it, and why it decides as it does.
"""

from __future__ import annotations

from typing import Any

from aiohttp import web

from bot.admin import content_preview, content_wording
from bot.admin.content_places import KINDS, address, frame
from bot.admin.guard import officer_of, ward_of
from bot.admin.office import Office
from bot.office_api import OfficeApi

MAX_QUESTION = 1000


def routes(office: Office) -> list[web.RouteDef]:
    api = OfficeApi(office.knowledge)

    async def page(request: web.Request) -> web.Response:
        return await _page(office, api, request)

    return [web.get("/admin/content/ask", page)]


async def _page(office: Office, api: OfficeApi, request: web.Request) -> web.Response:
    ward = ward_of(request, office)
    question = " ".join(request.query.get("q", "").split())[:MAX_QUESTION]
    values: dict[str, Any] = {"question": question, "found": None, "hits": [], "messages": [], "phrased": True}
    if question:
        found = await api.explain(ward.slug, question)
        replies = None
        if office.phrasing is not None:
            replies = await office.phrasing.phrase([await api.answer(ward.slug, question)])
        values |= {
            "found": found,
            "hits": [_hit(one) for one in found.get("hits") or []],
            "messages": content_preview.messages(replies[0]) if replies else [],
            "phrased": bool(replies),
        }
    return office.render(
        request,
        "content_ask.html",
        say=content_wording,
        address=address,
        **values,
        **{**frame(request, office, ward), "places": office.wards_of(officer_of(request))},
    )


def _hit(one: dict[str, Any]) -> dict[str, Any]:
    """
    Return a hit as the page shows it; only what can be edited here has an address.
    """
    kind = str(one.get("kind") or "")
    return {
        "kind": kind,
        "id": str(one.get("id") or ""),
        "title": str(one.get("title") or one.get("id") or ""),
        "share": max(0.0, min(1.0, float(one.get("share") or 0.0))),
        "why": content_wording.why(one.get("signals") or {}),
        "editable": kind in KINDS and kind != "plan",
    }
