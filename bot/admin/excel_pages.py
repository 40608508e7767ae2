"""
Content as an Excel file: downloaded, edited, sent back. First a trial that shows what would change; then, the same file.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from aiohttp import web
from aiohttp.web_request import FileField

from bot.admin import content_wording
from bot.admin.content_fields import Field, fields_of
from bot.admin.content_places import address, frame, place_of, slug_of
from bot.admin.content_saving import Saving
from bot.admin.errors import Refused
from bot.admin.guard import officer_of
from bot.admin.office import Office
from bot.office_api import EntryInvalid, Format, OfficeApi, OfficeRefused
from bot.wards import Ward

MAX_BYTES = (
    15 * 1024 * 1024
)  # it travels along with the page that asks: a third more, and guard.MAX_UPLOAD_BYTES holds that
TYPES: dict[Format, str] = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "application/zip",  # one file per sheet
}
NAMES: dict[Format, str] = {"xlsx": "xlsx", "csv": "csv.zip"}
KINDS = ("faq", "procedure", "service")
MOST_SHOWN = 300
UNREADABLE = ("import.unreadable", "import.too_large")


def routes(office: Office) -> list[web.RouteDef]:
    pages = ExcelPages(office, OfficeApi(office.knowledge))
    return [
        web.get("/admin/excel", pages.page),
        web.get("/admin/excel/file", pages.download),
        web.post("/admin/excel", pages.send),
    ]


class ExcelPages:
    def __init__(self, office: Office, api: OfficeApi):
        self._office, self._api, self._saving = office, api, Saving(office, api)

    async def page(self, request: web.Request) -> web.Response:
        return self._page(request, place_of(request, self._office, "edit"))

    async def download(self, request: web.Request) -> web.Response:
        place = place_of(request, self._office, "edit")
        format: Format = "csv" if request.query.get("format") == "csv" else "xlsx"
        content = await self._api.export(slug_of(place), format)
        name = f"noi-dung-{slug_of(place) or 'chung'}.{NAMES[format]}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return web.Response(body=content, content_type=TYPES[format], headers=headers)

    async def send(self, request: web.Request) -> web.Response:
        """
        Try a file that was chosen, or write one that was tried: it travels along with the page that asks.
        """
        place = place_of(request, self._office, "edit")
        form = await request.post()
        if form.get("digest"):
            return await self._write(request, place, form)
        chosen = form.get("file")
        if not isinstance(chosen, FileField) or not (content := chosen.file.read(MAX_BYTES + 1)):
            return self._page(request, place, status=422, problem=content_wording.NO_FILE)
        if len(content) > MAX_BYTES:
            return self._page(request, place, status=413, problem=content_wording.BIG_FILE)
        return await self._report(request, place, content, chosen.filename)

    async def _write(self, request: web.Request, place: Ward, form: Mapping[str, Any]) -> web.Response:
        content, name, officer = _carried(form), str(form.get("name") or "")[:120], officer_of(request)
        digest = str(form.get("digest"))
        try:
            done = await self._api.imported(slug_of(place), content, digest=digest, by=officer.name)
        except (OfficeRefused, EntryInvalid) as error:
            broken = error.code.startswith("file.")
            why = content_wording.FILES_BROKEN if broken else content_wording.CHANGED_SINCE
            return await self._report(request, place, content, name, why=why)
        if done.get("mistakes"):
            return await self._report(request, place, content, name, why=content_wording.CHANGED_SINCE)
        before, after = _audited(done)
        await self._saving.note(officer, slug_of(place), "content.imported", f"excel/{name}", before, after)
        where = f"/admin/excel?ward={place.slug}&done=content_imported"
        return web.Response(status=303, headers={"Location": where})

    async def _report(
        self, request: web.Request, place: Ward, content: bytes, name: str, *, why: str = ""
    ) -> web.Response:
        """
        Show what a file would change and what is wrong in it, cell by cell. Nothing is written.

        Args:
            why: A sentence on what kept it from being written.
        """
        try:
            found = await self._api.imported(slug_of(place), content)
        except OfficeRefused as error:
            # Of a file that cannot be read knowledge says in Vietnamese what to do.
            problem = error.message if error.code in UNREADABLE else content_wording.UNREADABLE
            return self._page(request, place, status=422, problem=problem)
        labels = await self._labels()
        mistakes = found.get("mistakes") or []
        values = {
            "name": name,
            "added": [_named(one) for one in found.get("added") or []],
            "removed": [_named(one) for one in found.get("removed") or []],
            "kept": [_named(one) for one in found.get("kept") or []],
            "changed": [_change(one, labels) for one in found.get("changed") or []],
            "mistakes": mistakes,
            "digest": found.get("digest") or "",
            "carried": base64.b64encode(content).decode(),
            "why": why,
            "most": MOST_SHOWN,
            "address": address,
            **frame(request, self._office, place, "edit"),
        }
        status = 422 if mistakes else 409 if why else 200
        return self._office.render(request, "excel_report.html", status=status, **values)

    def _page(self, request: web.Request, place: Ward, *, status: int = 200, problem: str = "") -> web.Response:
        values = {"problem": problem, **frame(request, self._office, place, "edit")}
        return self._office.render(request, "excel.html", status=status, **values)

    async def _labels(self) -> dict[tuple[str, str], Field]:
        """
        Return every field by its kind and name, as the headers of the file call it.
        """
        found = {kind: fields_of(await self._api.schema(kind)) for kind in KINDS}
        return {(kind, field.name): field for kind, some in found.items() for field in some}


def _carried(form: Mapping[str, Any]) -> bytes:
    """
    Return the file that travelled along with the page.

    Raises:
        Refused: 400.
    """
    try:
        return base64.b64decode(str(form.get("content") or ""), validate=True)
    except binascii.Error as error:
        raise Refused(400, "form.unreadable", "the carried file is no base64") from error


def _named(one: Any) -> dict[str, str]:
    if isinstance(one, Mapping):
        id = str(one.get("id") or "")
        return {"kind": str(one.get("kind") or ""), "id": id, "title": str(one.get("title") or id)}
    return {"kind": "", "id": str(one), "title": str(one)}


def _change(one: Mapping[str, Any], fields: Mapping[tuple[str, str], Field]) -> dict[str, Any]:
    field = fields.get((str(one.get("kind")), str(one.get("field"))))
    return {
        **_named(one),
        "place": f"{one['sheet']}, ô {one['cell']}" if one.get("cell") else "",
        "label": field.label if field is not None else str(one.get("field") or ""),
        "before": _lines(field, one.get("before")),
        "after": _lines(field, one.get("after")),
    }


def _lines(field: Field | None, value: Any) -> list[str]:
    if value in (None, "", []):
        return []
    return field.said(value) if field is not None else str(value).split("\n")


def _audited(done: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """
    Return what changed, as the audit shows it: entry › field.
    """
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for one in done.get("changed") or []:
        before.setdefault(str(one["id"]), {})[str(one["field"])] = one.get("before")
        after.setdefault(str(one["id"]), {})[str(one["field"])] = one.get("after")
    for one in done.get("added") or []:
        after[_named(one)["id"]] = _named(one)["title"]
    for one in done.get("removed") or []:
        before[_named(one)["id"]] = _named(one)["title"]
    return before, after
