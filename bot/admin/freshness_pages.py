"""
What has grown old: entries past their dates, and those whose legal basis another document has replaced.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import orjson
from aiohttp import web

from bot.admin import audit, content_wording, diary_wording
from bot.admin.content_fields import said_dates
from bot.admin.content_places import KINDS, address, frame, place_of, slug_of
from bot.admin.guard import officer_of, require
from bot.admin.look import TIMEZONE
from bot.admin.office import Office
from bot.errors import KnowledgeUnreachable
from bot.wards import Ward

READ_SECONDS = 10.0
SAVE_SECONDS = 60.0
MOST_SHOWN = 200
MAX_NAME = 120


def routes(office: Office) -> list[web.RouteDef]:
    pages = FreshnessPages(office)
    return [web.get("/admin/freshness", pages.page), web.post("/admin/freshness", pages.replace)]


class FreshnessPages:
    def __init__(self, office: Office):
        self._office = office

    async def page(self, request: web.Request) -> web.Response:
        """
        Show what is due; with `?document=` also who cites that document.
        """
        return await self._page(request, place_of(request, self._office))

    async def replace(self, request: web.Request) -> web.Response:
        """
        Say that one document replaces another: the entries that cite it are to be reviewed, from today.
        """
        place, form = place_of(request, self._office, "edit"), await request.post()
        ward = slug_of(place)
        officer = require(request, "edit", ward)
        old, new = (" ".join(str(form.get(name) or "").split())[:MAX_NAME] for name in ("old", "new"))
        body = {"ward": ward, "old": old, "new": new, "by": officer.name}
        status, said = await self._call("POST", "/office/replace-basis", body=body)
        if status != 200 or not old or not new:
            problem = diary_wording.NO_DOCUMENT if status == 400 or not old or not new else diary_wording.NOT_MARKED
            return await self._page(request, place, status=422, problem=problem, given={"old": old, "new": new})
        marked = [f"{one['kind']}/{one['id']}" for one in said.get("entries") or [] if one.get("marked")]
        await self._office.database.keep(
            audit.note, officer, ward=ward, action="content.basis_replaced", what=str(said.get("old") or old),
            after={"replaced_by": str(said.get("new") or new), "entries": marked}, now=self._office.clock(),
        )  # fmt: skip
        query = urlencode({"ward": place.slug, "document": said.get("old") or old, "done": "basis_replaced"})
        return web.Response(status=303, headers={"Location": f"/admin/freshness?{query}#citing"})

    async def _page(
        self,
        request: web.Request,
        place: Ward,
        *,
        status: int = 200,
        problem: str = "",
        given: Mapping[str, str] | None = None,
    ) -> web.Response:
        ward, officer = slug_of(place), officer_of(request)
        today = datetime.fromtimestamp(self._office.clock(), TIMEZONE).date().isoformat()
        found = await self._read("/office/freshness", {"ward": ward, "today": today})
        document = " ".join(request.query.get("document", "").split())[:MAX_NAME]
        citing: list[Any] | None = None
        if document:
            code, said = await self._call("GET", "/office/citing", query={"ward": ward, "document": document})
            if code == 200:
                citing = said["entries"]
            else:
                problem = problem or diary_wording.NO_DOCUMENT
        replaced = [{**one["entry"], "basis": one["basis"], "by": one["by"]} for one in found["replaced"]]
        return self._office.render(
            request,
            "freshness.html",
            status=status,
            lists={"expired": found["expired"], "replaced": replaced, "due": found["due"]},
            most=MOST_SHOWN,
            document=document,
            citing=citing,
            given=given or {"old": "", "new": ""},
            problem=problem,
            edits=officer.may("edit", ward),
            kinds=content_wording.KINDS,
            linked=KINDS,
            address=address,
            say_date=said_dates,
            say=diary_wording,
            **frame(request, self._office, place),
        )

    async def _read(self, path: str, query: Mapping[str, str]) -> Any:
        status, said = await self._call("GET", path, query=query)
        if status != 200:
            raise KnowledgeUnreachable(f"path={path} HTTP {status}")
        return said

    async def _call(self, method: str, path: str, **asked: Any) -> tuple[int, Any]:
        """
        Return the status and what was said.

        Raises:
            KnowledgeUnreachable: No answer, or none that can be read.
        """
        seconds = READ_SECONDS if method == "GET" else SAVE_SECONDS
        said = await self._office.knowledge.call(method, path, seconds=seconds, **asked)
        try:
            read = orjson.loads(said.raw)
        except orjson.JSONDecodeError as error:
            raise KnowledgeUnreachable(f"path={path} no JSON") from error
        if said.status >= 500:
            raise KnowledgeUnreachable(f"path={path} HTTP {said.status}")
        return said.status, read
