"""
The list of announcements, and writing one: it saves itself, and shows what every outlet will get.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from aiohttp import web
from aiohttp.web_request import FileField

from bot.admin import announcement_forms, announcement_view
from bot.admin import announcement_wording as say
from bot.admin.announcement_forms import Problem
from bot.admin.announcement_reading import Reading
from bot.admin.announcement_templates import TEMPLATES
from bot.admin.errors import Refused, not_found
from bot.admin.guard import officer_of, ward_of
from bot.admin.look import TIMEZONE
from bot.admin.office import Office
from bot.announcements import uploads
from bot.announcements.announcement import Announcement
from bot.announcements.publishing import UNCONNECTED
from bot.announcements.store import Row
from bot.announcements.topics import TOPICS
from bot.errors import RequestError
from bot.log import log

MOST_LISTED = 200
ONE = "/admin/announcements/{id:[0-9]{1,18}}"


def routes(office: Office) -> list[web.RouteDef]:
    pages = AnnouncementPages(office)
    return [
        web.get("/admin/announcements", pages.listed),
        web.get("/admin/announcements/new", pages.choose),
        web.post("/admin/announcements/new", pages.create),
        web.get(ONE, pages.form),
        web.post(f"{ONE}/copy", pages.copy),
        web.post(ONE, pages.save),
    ]


class AnnouncementPages:
    def __init__(self, office: Office):
        self._office, self._reading = office, Reading(office)

    async def listed(self, request: web.Request) -> web.Response:
        ward, officer = ward_of(request, self._office), officer_of(request)
        view = asked if (asked := request.query.get("view", "")) in say.TABS else "doing"
        work = self._reading.work
        rows = await work.listed([ward.slug], say.TABS[view][1], limit=MOST_LISTED)
        waiting = rows if view == "waiting" else await work.listed([ward.slug], ["submitted"])
        return self._office.render(
            request,
            "announcements.html",
            ward=ward,
            wards=self._office.wards_of(officer),
            rows=rows,
            view=view,
            waiting=len(waiting),
            full=len(rows) == MOST_LISTED,
            names=await self._reading.names(),
            may_write=officer.may("announce", ward.slug),
            say=say,
        )

    async def choose(self, request: web.Request) -> web.Response:
        ward = ward_of(request, self._office, "announce")
        wards = self._office.wards_of(officer_of(request), "announce")
        return self._office.render(
            request, "announcement_new.html", ward=ward, wards=wards, templates=TEMPLATES, say=say
        )

    async def create(self, request: web.Request) -> web.Response:
        ward = ward_of(request, self._office, "announce")
        template = TEMPLATES.get(str((await request.post()).get("template")))
        if template is None:
            raise not_found("template")
        draft = announcement_forms.begin(template, ward.slug)
        # What has no account yet would only fail; who connects one ticks it.
        told = (one.partition(":") for one in (await self._reading.work.forecast(draft)).problems)
        unconnected = {outlet for code, _, outlet in told if code == UNCONNECTED}
        draft = replace(draft, outlets=tuple(one for one in draft.outlets if one not in unconnected))
        row = await self._reading.work.save_draft(draft, officer_of(request))
        return web.Response(status=303, headers={"Location": f"/admin/announcements/{row.id}"})

    async def copy(self, request: web.Request) -> web.Response:
        """
        Begin a new one with the words of an earlier one; its times are left open, for they are over.
        """
        row, officer = await self._reading.row(request, "announce"), officer_of(request)
        allowed = [one.slug for one in self._office.wards_of(officer, "announce")]
        draft = announcement_forms.anew(row.announcement, wards=allowed)
        made = await self._reading.work.save_draft(draft, officer)
        return web.Response(
            status=303, headers={"Location": f"/admin/announcements/{made.id}?done=announcement_copied"}
        )

    async def form(self, request: web.Request) -> web.Response:
        """
        Show where an announcement stands: the form of a draft to those who write, the review or the progress else.
        """
        row = await self._reading.row(request)
        if row.state == "draft" and officer_of(request).may("announce", row.ward):
            return await self._form(request, row)
        step = {"draft": "read", "submitted": "review"}.get(row.state, "progress")
        return web.Response(status=303, headers={"Location": f"/admin/announcements/{row.id}/{step}"})

    async def save(self, request: web.Request) -> web.Response:
        """
        Save a draft; with `do=auto` for the page's script, with `do=submit` it goes on to the approvers.
        """
        row, officer, form = await self._reading.row(request, "announce"), officer_of(request), await request.post()
        do, version = str(form.get("do")), str(form.get("version") or "")
        offered = [one.slug for one in self._office.wards_of(officer, "announce")]
        try:
            sent = announcement_forms.read(form, row.announcement, wards=offered)
        except Refused as error:
            log.warning("announcement.refused", announcement=row.id, act="save", code=error.code, officer=officer.id)
            raise
        made, problems = self._uploaded(form, sent.announcement, list(sent.problems))
        try:
            expected = int(version) if version.isascii() and version.isdigit() and len(version) < 10 else None
            saved = await self._reading.work.save_draft(made, officer, expected_version=expected)
        except RequestError as error:
            return await self._unsaved(request, row, made, error, auto=do == "auto")
        if do == "auto":
            return await self._parts(request, saved, problems, forecast="with_forecast" in form)
        if do == "submit" and not problems:
            problems = await self._submit(request, saved)
            if not problems:
                where = f"/admin/announcements/{saved.id}/review?done=announcement_submitted"
                return web.Response(status=303, headers={"Location": where})
        if problems:
            return await self._form(request, saved, problems=problems, asked=do == "submit", status=422)
        return web.Response(status=303, headers={"Location": f"/admin/announcements/{saved.id}?done=saved"})

    async def _submit(self, request: web.Request, row: Row) -> list[Problem]:
        """
        Hand it to the approvers, or return what is in the way.
        """
        problems = announcement_forms.missing(row.announcement, now=self._office.clock())
        shown = await self._reading.shown(row.announcement)
        # What the announcement's own boxes lack would be said again of every rendition.
        if not problems:
            problems += [Problem(f"r-{one}", sentence) for one, sentence in announcement_view.blocking(shown)]
        if problems:
            return problems
        try:
            await self._reading.work.submit(row.id, officer_of(request), expected_version=row.version)
        except RequestError as error:
            if error.code != "announcement.incomplete":
                return [Problem("", say.refused(error.code))]
            # Of a rendition it is "outlet.field".
            return [
                Problem(f"r-{name.partition('.')[0]}" if "." in name else name, str(sentence))
                for name, sentence in error.fields.items()
            ]
        return []

    async def _unsaved(
        self, request: web.Request, row: Row, made: Announcement, error: RequestError, *, auto: bool
    ) -> web.Response:
        if error.code == "announcement.changed":
            names = await self._reading.names()
            at = datetime.fromtimestamp(row.changed_at, TIMEZONE).strftime("%H:%M")
            sentence = say.CHANGED_MEANWHILE.format(by=names.get(row.changed_by, "Đồng nghiệp"), at=at)
        elif error.code == "announcement.state":
            sentence = say.refused(error.code)
        else:
            raise error
        if auto:
            return web.Response(status=409, text=sentence, content_type="text/plain", charset="utf-8")
        return await self._form(request, replace(row, announcement=made), conflict=sentence, status=409)

    async def _parts(
        self, request: web.Request, row: Row, problems: Sequence[Problem], *, forecast: bool
    ) -> web.Response:
        counted = await self._reading.work.forecast(row.announcement) if forecast else None
        values: dict[str, Any] = {
            "row": row,
            "blanks": announcement_view.left_blank(row.announcement),
            "renditions": await self._reading.shown(row.announcement),
            "forecast": counted,
            "problems": problems,
            "say": say,
        }
        response = self._office.render(request, "announcement_parts.html", **values)
        response.headers["X-Version"] = str(row.version)
        response.headers["X-Saved"] = datetime.fromtimestamp(self._office.clock(), TIMEZONE).strftime("%H:%M:%S")
        return response

    async def _form(
        self,
        request: web.Request,
        row: Row,
        *,
        problems: Sequence[Problem] = (),
        asked: bool = False,
        conflict: str = "",
        status: int = 200,
    ) -> web.Response:
        officer = officer_of(request)
        wrong = {one.field: one.sentence for one in reversed(problems)}
        word, neighbourhoods = await self._reading.neighbourhoods(row.ward)
        return self._office.render(
            request,
            "announcement.html",
            status=status,
            row=row,
            problems=problems,
            problem_of=lambda name: wrong.get(name, ""),
            asked=asked,
            conflict=conflict,
            blanks=announcement_view.left_blank(row.announcement),
            renditions=await self._reading.shown(row.announcement),
            forecast=await self._reading.work.forecast(row.announcement),
            wards_offered=self._office.wards_of(officer, "announce"),
            neighbourhood_word=word,
            neighbourhoods=neighbourhoods,
            topics=TOPICS,
            tasks=await self._reading.tasks(row.ward, datetime.fromtimestamp(self._office.clock(), TIMEZONE).year),
            local=announcement_forms.local,
            ward_name=self._office.ward_name,
            say=say,
        )

    def _uploaded(
        self, form: Mapping[str, Any], made: Announcement, problems: list[Problem]
    ) -> tuple[Announcement, list[Problem]]:
        """
        Return the announcement with the picture and the file that came along, or without those that were dropped.
        """
        given: dict[str, str | None] = {}
        whats: tuple[uploads.What, ...] = ("picture", "file")
        for what in whats:
            chosen = form.get(what)
            if form.get(f"drop_{what}"):
                given[what] = None
            if not isinstance(chosen, FileField) or not chosen.filename:
                continue
            if self._office.files is None:
                problems.append(Problem(what, say.NO_STORE))
                continue
            try:
                content = chosen.file.read(uploads.MOST_BYTES[what] + 1)
                given[what] = uploads.keep(self._office.files.folder, what, content)
            except uploads.Unfit as error:
                problems.append(Problem(what, say.UPLOADS[what][error.why]))
        return replace(made, **given), problems  # type: ignore[arg-type]
