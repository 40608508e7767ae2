"""
What a page and a form of the diary are about: period, state, a group of questions.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from bot import diary
from bot.admin import diary_wording
from bot.wards import Ward

DAYS = 30


def asked_of(request: web.Request) -> dict[str, Any]:
    """
    Return the period in days and the state that a page is about.
    """
    days, state = request.query.get("days", ""), request.query.get("state", "")
    return {
        "days": next((one for one in diary_wording.PERIODS if str(one) == days), DAYS),
        "state": state if state in diary_wording.STATES else "open",
    }


def ids_in(form: Any) -> list[int]:
    """
    Return the ids of a group as a form carries them: "3,4,17".
    """
    given = str(form.get("ids") or "").split(",")
    return [int(one) for one in given[: diary.MOST_QUESTIONS] if one.isascii() and one.isdigit() and len(one) < 19]


def back(ward: Ward, asked: dict[str, Any], done: str) -> web.Response:
    query = urlencode({"ward": ward.slug, **asked, "done": done})
    return web.Response(status=303, headers={"Location": f"/admin/questions?{query}"})
