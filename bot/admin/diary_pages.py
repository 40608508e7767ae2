"""
The diary as a page: what the assistant could not answer, grouped by meaning, and reports of wrong answers.
"""

from __future__ import annotations

import math
from typing import Any, Literal, cast
from urllib.parse import urlencode

import sqlalchemy as sa
from aiohttp import web

from bot import diary, wrong_answers
from bot.admin import audit, diary_wording
from bot.admin.diary_answers import AnswersNow
from bot.admin.diary_forms import asked_of, back, ids_in
from bot.admin.diary_wordings import DiaryWordings
from bot.admin.errors import not_found
from bot.admin.guard import officer_of, require, ward_of
from bot.admin.office import Office
from bot.wards import Ward

DAY_SECONDS = 86_400.0
PER_PAGE = 20
MOST_ENTRIES = 3
DONE = {"drafted": "drafted", "answered": "diary_answered", "dismissed": "diary_dismissed", "open": "diary_reopened"}
Handled = Literal["drafted", "answered", "dismissed", "open"]


def routes(office: Office) -> list[web.RouteDef]:
    answers = AnswersNow(office.knowledge, office.clock)
    pages, wordings = DiaryPages(office, answers), DiaryWordings(office, answers)
    return [
        web.get("/admin/questions", pages.page),
        web.post("/admin/questions", pages.handle),
        web.post("/admin/questions/wrong", pages.close_report),
        web.post("/admin/questions/add", wordings.page),
        web.post("/admin/questions/add/save", wordings.save),
    ]


class DiaryPages:
    def __init__(self, office: Office, answers: AnswersNow):
        self._office, self._answers = office, answers

    async def page(self, request: web.Request) -> web.Response:
        ward = ward_of(request, self._office)
        asked = asked_of(request)
        if asked["state"] == "wrong":
            return await self._wrong(request, ward, asked)
        state = cast(diary.State, asked["state"])
        now = self._office.clock()

        def look(connection: sa.Connection) -> tuple[list[diary.Group], int]:
            found = diary.groups(connection, ward.slug, state=state, since=now - asked["days"] * DAY_SECONDS, now=now)
            return found, wrong_answers.reports(connection, ward.slug, open_ones=True)[1]

        found, wrong = await self._office.database.read(look)
        page = _number(request.query.get("page", ""))
        shown = found[PER_PAGE * (page - 1) : PER_PAGE * page]
        answered = await self._answers.to(ward.slug, [one.text for one in shown]) if state == "open" else {}
        return self._office.render(
            request,
            "diary.html",
            groups=shown,
            total=len(found),
            times=sum(one.times for one in found),
            limited=sum(len(one.ids) for one in found) >= diary.MOST_QUESTIONS,
            answered=answered,
            wrong=wrong,
            page=page,
            pages=math.ceil(len(found) / PER_PAGE),
            **self._frame(request, ward, asked),
        )

    async def handle(self, request: web.Request) -> web.Response:
        """
        Say what becomes of a group; a draft goes on to the form of a new FAQ.
        """
        ward = ward_of(request, self._office)
        officer, form, asked = require(request, "edit", ward.slug), await request.post(), asked_of(request)
        ids, do = ids_in(form), str(form.get("do") or "")
        if do not in DONE or not ids:
            raise not_found("group of questions")
        text, entry = str(form.get("text") or "")[:300], str(form.get("entry") or "")[:128]
        handled, now = cast(Handled, do), self._office.clock()

        def change(connection: sa.Connection) -> None:
            changed = diary.handle(
                connection, ward.slug, ids, handled=handled, officer_id=officer.id,
                entry=entry if handled == "answered" and entry else None, now=now,
            )  # fmt: skip
            if changed:
                audit.note(
                    connection, officer, ward=ward.slug, action=f"question.{handled}", what=f"question/{min(ids)}",
                    after={"question": text, "times": changed}, now=now,
                )  # fmt: skip

        await self._office.database.write(change)
        if handled == "drafted":
            query = urlencode({"ward": ward.slug, "title": text})
            return web.Response(status=303, headers={"Location": f"/admin/content/new/faq?{query}"})
        return back(ward, asked, DONE[do])

    async def close_report(self, request: web.Request) -> web.Response:
        ward = ward_of(request, self._office)
        officer, form, asked = require(request, "edit", ward.slug), await request.post(), asked_of(request)
        number, do = str(form.get("report") or ""), str(form.get("do") or "")
        if do not in ("mended", "dismissed", "open") or not number.isascii() or not number.isdigit():
            raise not_found("report")
        now = self._office.clock()

        def change(connection: sa.Connection) -> bool:
            state = cast(Literal["mended", "dismissed", "open"], do)
            if not wrong_answers.close(
                connection, ward.slug, int(number[:18]), state=state, now=now, officer_id=officer.id
            ):
                return False
            audit.note(
                connection, officer, ward=ward.slug, action=f"question.report_{do}", what=f"report/{number}", now=now
            )
            return True

        if not await self._office.database.write(change):
            raise not_found("report")
        return back(ward, asked, f"report_{do}")

    async def _wrong(self, request: web.Request, ward: Ward, asked: dict[str, Any]) -> web.Response:
        page, closed = _number(request.query.get("page", "")), request.query.get("closed") == "1"
        found, total = await self._office.database.read(
            wrong_answers.reports, ward.slug, open_ones=not closed, page=page
        )
        ids = [id for one in found for id in one.entry_ids[:MOST_ENTRIES]]
        named = await self._answers.entries(ward.slug, ids)
        return self._office.render(
            request,
            "diary_wrong.html",
            reports=found,
            total=total,
            # One entry goes by several names: its id, national codes.
            entries={one.id: dict.fromkeys(named[id] for id in one.entry_ids[:MOST_ENTRIES] if id in named) for one in found},
            closed=closed,
            page=page,
            pages=math.ceil(total / wrong_answers.PER_PAGE),
            **self._frame(request, ward, asked),
        )  # fmt: skip

    def _frame(self, request: web.Request, ward: Ward, asked: dict[str, Any]) -> dict[str, Any]:
        return {
            "ward": ward,
            "wards": self._office.wards_of(officer_of(request)),
            "asked": asked,
            "here": urlencode({"ward": ward.slug, **asked}),
            "edits": officer_of(request).may("edit", ward.slug),
            "say": diary_wording,
        }


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 and int(text) > 0 else 1
