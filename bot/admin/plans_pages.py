"""
A ward's plan from a file: sent, read by the machine, and put into use by a person who has seen source and result.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from aiohttp import web
from aiohttp.web_request import FileField

from bot.admin import content_forms, content_posted, content_wording, plans_view, plans_wording
from bot.admin.content_diff import changed_fields
from bot.admin.content_fields import Field, fields_of
from bot.admin.content_posted import Posted
from bot.admin.content_saving import Saving, Target
from bot.admin.errors import not_found
from bot.admin.guard import officer_of, ward_of
from bot.admin.look import TIMEZONE
from bot.admin.office import Office
from bot.office_api import EntryChanged, EntryInvalid, Mistake, OfficeApi, OfficeRefused
from bot.plan_drafts_api import Draft, DraftChanged, DraftNotReady, FileRefused, PlanDraftsApi
from bot.wards import Ward

MAX_BYTES = 20 * 1024 * 1024
DRAFT = "/admin/plans/{id}"


def routes(office: Office) -> list[web.RouteDef]:
    pages = PlansPages(office)
    return [
        web.get("/admin/plans", pages.page),
        web.post("/admin/plans", pages.send),
        web.get(DRAFT, pages.draft),
        web.post(DRAFT, pages.work),
        web.post(f"{DRAFT}/again", pages.again),
        web.post(f"{DRAFT}/discard", pages.discard),
    ]


class PlansPages:
    def __init__(self, office: Office):
        self._office, self._drafts = office, PlanDraftsApi(office.knowledge)
        self._content = OfficeApi(office.knowledge)
        self._saving = Saving(office, self._content)

    async def page(self, request: web.Request) -> web.Response:
        return await self._page(request, ward_of(request, self._office, "edit"))

    async def send(self, request: web.Request) -> web.Response:
        """
        Hand a file over. It is read beside, for a scan takes a minute; the page shows how far it is.
        """
        ward, officer = ward_of(request, self._office, "edit"), officer_of(request)
        chosen = (await request.post()).get("file")
        if not isinstance(chosen, FileField) or not (content := chosen.file.read(MAX_BYTES + 1)):
            return await self._page(request, ward, status=422, problem=plans_wording.NO_FILE)
        if len(content) > MAX_BYTES:
            return await self._page(request, ward, status=413, problem=plans_wording.BIG_FILE)
        try:
            sent = await self._drafts.send(ward.slug, chosen.filename, content, by=officer.name)
        except FileRefused as error:
            return await self._page(request, ward, status=422, problem=error.sentence or plans_wording.UNREADABLE)
        if sent.new:
            await self._saving.note(officer, ward.slug, "plan.sent", f"file/{chosen.filename}"[:200], None, None)
        return _to_list(ward, "plan_sent" if sent.new else "plan_known")

    async def draft(self, request: web.Request) -> web.Response:
        ward, draft = await self._asked(request)
        fields = await self._fields()
        boxes = content_forms.boxes(plans_view.shown_fields(fields), draft["plan"])
        content_forms.place(_mistakes(draft), boxes)
        return self._review(request, ward, draft, fields, boxes, was=draft["plan"])

    async def work(self, request: web.Request) -> web.Response:
        """
        Keep what was answered, ticked and typed; confirm the plan when that was pressed and nothing is open.
        """
        ward, draft = await self._asked(request)
        form, fields = await request.post(), await self._fields()
        today = datetime.fromtimestamp(self._office.clock(), TIMEZONE).date().isoformat()
        posted = content_posted.read(plans_view.shown_fields(fields), form, "plan", "", today=today)
        answers = plans_view.answers(form, draft)
        looked = [str(one) for one in form.getall("looked", [])]
        if posted.do in ("row", "drop"):
            return self._typed(request, ward, draft, fields, posted, answers, looked)
        expected = str(form.get("version") or "")
        if expected != draft["version"]:
            return self._typed(request, ward, draft, fields, posted, answers, looked, problem=plans_wording.STALE)
        try:
            kept = await self._drafts.keep(
                ward.slug, draft["id"], expected=expected, answers=answers, looked=looked, plan=posted.entry
            )
        except DraftChanged:
            _, draft = await self._asked(request)
            return self._typed(request, ward, draft, fields, posted, answers, looked, problem=plans_wording.STALE)
        if posted.do == "confirm":
            return await self._confirm(request, ward, kept, fields, str(form.get("place") or ""))
        where = f"{_address(draft['id'], ward)}&done=plan_kept"
        return web.Response(status=303, headers={"Location": where})

    async def again(self, request: web.Request) -> web.Response:
        ward, id = ward_of(request, self._office, "edit"), request.match_info["id"]
        try:
            await self._drafts.again(ward.slug, id)
        except OfficeRefused as error:
            if error.status != 404:
                raise
        return _to_list(ward, "plan_sent")

    async def discard(self, request: web.Request) -> web.Response:
        ward, id = ward_of(request, self._office, "edit"), request.match_info["id"]
        rows = {one["id"]: one for one in await self._drafts.listed(ward.slug)}
        if id not in rows:
            raise not_found("draft")
        await self._drafts.discard(ward.slug, id)
        name = f"file/{rows[id]['file'] or id}"[:200]
        await self._saving.note(officer_of(request), ward.slug, "plan.discarded", name, None, None)
        return _to_list(ward, "plan_discarded")

    async def _confirm(
        self, request: web.Request, ward: Ward, draft: Draft, fields: Sequence[Field], place: str
    ) -> web.Response:
        boxes = content_forms.boxes(plans_view.shown_fields(fields), draft["plan"])

        def refuse(status: int = 422, **more: Any) -> web.Response:
            content_forms.place(_mistakes(draft), boxes) if "mistakes" not in more else None
            return self._review(request, ward, draft, fields, boxes, was=draft["plan"], status=status, **more)

        replaced = next((one for one in draft["there"] if one["id"] == place), None)
        if draft["there"] and replaced is None and place != "beside":
            return refuse(problem=plans_wording.CHOOSE_PLACE, wrong_place=True, missing=plans_view.still_open(draft))
        officer = officer_of(request)
        there = await self._saving.standing(Target("plan", replaced["id"], ward.slug)) if replaced else None
        try:
            done = await self._drafts.confirm(
                ward.slug, draft["id"], expected=draft["version"], by=officer.name,
                replaces={"id": replaced["id"], "version": replaced["version"]} if replaced else None,
            )  # fmt: skip
        except DraftNotReady as error:
            number = {one["id"]: place for place, one in enumerate(draft["doubts"], 1)}
            told = [(id, plans_wording.not_yet(number.get(id, 0), message)) for id, message in error.missing]
            return refuse(missing=told)
        except DraftChanged:
            return refuse(409, problem=plans_wording.STALE)
        except EntryChanged:
            return refuse(409, problem=plans_wording.PLAN_CHANGED, wrong_place=True)
        except EntryInvalid as error:
            return refuse(mistakes=content_forms.place(error.mistakes, boxes))
        made = await self._saving.standing(Target("plan", done["id"], ward.slug))
        before, after = changed_fields(there.entry if there else None, made.entry if made else None)
        await self._saving.note(officer, ward.slug, "plan.confirmed", f"plan/{done['id']}", before, after)
        query = urlencode({"ward": ward.slug, "saved": f"{done['seconds']:.2f}", "plan": done["id"]})
        return web.Response(status=303, headers={"Location": f"/admin/plans?{query}"})

    async def _asked(self, request: web.Request) -> tuple[Ward, Draft]:
        """
        Raises:
            Refused: 403, or 404 when there is no such draft, or it became a plan.
        """
        ward = ward_of(request, self._office, "edit")
        try:
            draft = await self._drafts.draft(ward.slug, request.match_info["id"])
        except OfficeRefused as error:
            raise not_found("draft") from error
        return ward, draft

    async def _fields(self) -> tuple[Field, ...]:
        return fields_of(await self._content.schema("plan"))

    def _typed(
        self,
        request: web.Request,
        ward: Ward,
        draft: Draft,
        fields: Sequence[Field],
        posted: Posted,
        answers: dict[str, int | str],
        looked: Sequence[str],
        *,
        problem: str = "",
    ) -> web.Response:
        """
        Answer the page with everything as it was typed; nothing is kept yet.
        """
        boxes = content_forms.boxes(plans_view.shown_fields(fields), posted.entry, posted.more)
        for doubt in draft["doubts"]:
            doubt["looked"] = doubt["id"] in looked
            doubt["answer"] = answers.get(doubt["id"][2:]) if doubt["kind"] == "question" else None
        return self._review(
            request,
            ward,
            draft,
            fields,
            boxes,
            was=posted.was,
            status=409 if problem else 200,
            problem=problem,
            dirty=True,
        )

    def _review(
        self,
        request: web.Request,
        ward: Ward,
        draft: Draft,
        fields: Sequence[Field],
        boxes: Sequence[content_forms.Box],
        *,
        was: dict[str, Any],
        status: int = 200,
        **more: Any,
    ) -> web.Response:
        doubts = draft["doubts"]
        values = {
            "draft": draft,
            "doubts": doubts,
            "left": len(plans_view.still_open(draft)),
            "lines": plans_view.lines(draft, fields),
            "sections": plans_view.sections(boxes),
            "origins": {box.path: plans_view.origins(draft["places"], box.path) for box in boxes},
            "was": content_posted.as_text(was),
            "action": _address(draft["id"], ward),
            "discard": _address(draft["id"], ward, "discard"),
            "missing": [],
            "mistakes": [],
            "problem": "",
            "wrong_place": False,
            "dirty": False,
            "say": plans_wording,
            "ward": ward,
            **more,
        }
        return self._office.render(request, "plan_draft.html", status=status, **values)

    async def _page(self, request: web.Request, ward: Ward, *, status: int = 200, problem: str = "") -> web.Response:
        rows = await self._drafts.listed(ward.slug)
        saved = request.query.get("saved", "")
        seconds = (
            content_wording.seconds(float(saved)) if saved.replace(".", "", 1).isdigit() and len(saved) < 9 else ""
        )
        plan = request.query.get("plan", "")
        return self._office.render(
            request,
            "plans.html",
            status=status,
            rows=rows,
            working=any(one["state"] in ("waiting", "reading") for one in rows),
            problem=problem,
            saved=seconds,
            plan=f"/admin/content/plan/{quote(plan, safe='')}?ward={ward.slug}" if plan else "",
            address=lambda id, *more: _address(id, ward, *more),
            at=lambda text: datetime.fromisoformat(text).timestamp(),
            say=plans_wording,
            ward=ward,
            wards=self._office.wards_of(officer_of(request), "edit"),
        )


def _mistakes(draft: Draft) -> list[Mistake]:
    return [Mistake(str(one["field"]), str(one["message"])) for one in draft["mistakes"]]


def _address(id: str, ward: Ward, *more: str) -> str:
    return f"{'/'.join(('/admin/plans', quote(id, safe=''), *more))}?ward={ward.slug}"


def _to_list(ward: Ward, done: str) -> web.Response:
    return web.Response(status=303, headers={"Location": f"/admin/plans?ward={ward.slug}&done={done}"})
