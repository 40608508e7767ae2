"""
Every version of an entry: compared, brought back; and the way back from a ward's own text to the base's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from aiohttp import web

from bot.admin import content_wording
from bot.admin.content_diff import differences
from bot.admin.content_fields import Field, fields_of
from bot.admin.content_places import ENTRY, address, frame, place_of, slug_of
from bot.admin.content_saving import Saving, Target
from bot.admin.content_view import saved
from bot.admin.errors import not_found
from bot.admin.guard import officer_of, require
from bot.admin.office import Office
from bot.office_api import EntryChanged, EntryInvalid, OfficeApi, Standing
from bot.wards import Ward

NUMBER_DIGITS = 9


def routes(office: Office) -> list[web.RouteDef]:
    pages = HistoryPages(office, OfficeApi(office.knowledge))
    return [
        web.get(f"{ENTRY}/history", pages.versions),
        web.get(f"{ENTRY}/restore", pages.ask_restore),
        web.post(f"{ENTRY}/restore", pages.restore),
        web.get(f"{ENTRY}/remove", pages.ask_remove),
        web.post(f"{ENTRY}/remove", pages.remove),
    ]


class HistoryPages:
    def __init__(self, office: Office, api: OfficeApi):
        self._office, self._api, self._saving = office, api, Saving(office, api)

    async def versions(self, request: web.Request) -> web.Response:
        """
        Show all versions, and what differs between two: `?a=` older, `?b=` newer; the last two as long as none is named.
        """
        place, target, there, versions = await self._asked(request)
        fields = await self._fields(target.kind)
        newer = _version(versions, request.query.get("b")) or (versions[0] if versions else None)
        older = _version(versions, request.query.get("a")) or (versions[1] if len(versions) > 1 else None)
        if older is not None and newer is not None and older["version"] > newer["version"]:
            older, newer = newer, older
        values = {
            **self._frame(request, place, target, there, versions),
            "versions": versions,
            "older": older,
            "newer": newer,
            "differences": differences(fields, older["entry"], newer["entry"]) if older and newer else [],
        }
        return self._office.render(request, "content_history.html", **values)

    async def ask_restore(self, request: web.Request) -> web.Response:
        return await self._ask_restore(request)

    async def restore(self, request: web.Request) -> web.Response:
        place, target, _, versions = await self._asked(request)
        officer = require(request, "restore", target.ward)
        form = await request.post()
        wanted = _version(versions, form.get("version"))
        if wanted is None or wanted["entry"] is None:
            raise not_found("version")
        expected = _number(form.get("expected"))
        try:
            done, changed = await self._saving.restore(
                officer, target, wanted["version"], expected=expected, entry=wanted["entry"]
            )
        except EntryChanged as error:
            return await self._ask_restore(request, changed_by=error.by or content_wording.SOMEBODY)
        except EntryInvalid as error:
            return await self._ask_restore(request, mistakes=[one.message for one in error.mistakes])
        return saved(place, target, wanted["entry"], done, changed)

    async def _ask_restore(
        self, request: web.Request, *, changed_by: str = "", mistakes: Sequence[str] = ()
    ) -> web.Response:
        """
        Show what bringing a version back would change; the second of two clicks is on this page.
        """
        place, target, there, versions = await self._asked(request)
        require(request, "restore", target.ward)
        form = await request.post() if request.method == "POST" else {}
        wanted = _version(versions, request.query.get("version") or form.get("version"))
        if wanted is None or wanted["entry"] is None:
            raise not_found("version")
        fields = await self._fields(target.kind)
        own = there is not None and there.ward == target.ward
        values = {
            **self._frame(request, place, target, there, versions),
            "wanted": wanted,
            "own": own,
            "expected": there.version if there is not None else "",
            "differences": differences(fields, there.entry if there is not None else None, wanted["entry"]),
            "changed_by": changed_by,
            "mistakes": mistakes,
        }
        status = 409 if changed_by else 422 if mistakes else 200
        return self._office.render(request, "content_restore.html", status=status, **values)

    async def ask_remove(self, request: web.Request) -> web.Response:
        return await self._ask_remove(request)

    async def remove(self, request: web.Request) -> web.Response:
        place, target, there, _ = await self._asked(request)
        officer = require(request, "edit", target.ward)
        expected = _number((await request.post()).get("expected"))
        if expected is None or there is None or not _removable(there, target):
            raise not_found("own entry")
        try:
            await self._saving.remove(officer, target, expected=expected)
        except EntryChanged as error:
            return await self._ask_remove(request, changed_by=error.by or content_wording.SOMEBODY)
        if there.base is not None:
            where = address(target.kind, target.id, place, done="content_own_removed")
        else:
            where = f"/admin/content?ward={place.slug}&done=content_removed"
        return web.Response(status=303, headers={"Location": where})

    async def _ask_remove(self, request: web.Request, *, changed_by: str = "") -> web.Response:
        place, target, there, versions = await self._asked(request)
        require(request, "edit", target.ward)
        if there is None or not _removable(there, target):
            raise not_found("own entry")
        fields = await self._fields(target.kind)
        values = {
            **self._frame(request, place, target, there, versions),
            "to_base": there.base is not None,
            "expected": there.version,
            "differences": differences(fields, there.entry, there.base) if there.base is not None else [],
            "facts": [(one.label, lines) for one in fields if (lines := one.said(one.value(there.entry)))],
            "changed_by": changed_by,
        }
        return self._office.render(request, "content_remove.html", status=409 if changed_by else 200, **values)

    async def _asked(self, request: web.Request) -> tuple[Ward, Target, Standing | None, list[dict[str, Any]]]:
        place = place_of(request, self._office)
        target = Target(request.match_info["kind"], request.match_info["id"], slug_of(place))
        there = await self._saving.standing(target)
        versions = await self._api.history(target.kind, target.id, target.ward)
        if there is None and not versions:
            raise not_found("entry")
        return place, target, there, versions

    async def _fields(self, kind: str) -> tuple[Field, ...]:
        return fields_of(await self._api.schema(kind))

    def _frame(
        self,
        request: web.Request,
        place: Ward,
        target: Target,
        there: Standing | None,
        versions: Sequence[Mapping[str, Any]],
    ) -> dict[str, Any]:
        last = there.entry if there is not None else next((one["entry"] for one in versions if one["entry"]), {})
        officer = officer_of(request)
        return {
            "target": target,
            "there": there,
            "title": last.get("title") or last.get("name") or target.id,
            "may_restore": officer.may("restore", target.ward),
            "may_edit": officer.may("edit", target.ward),
            "moment": moment,
            "say": content_wording,
            "address": address,
            **frame(request, self._office, place),
        }


def moment(at: str) -> float | None:
    """
    Return an ISO 8601 time as seconds since 1970; None when it is none.
    """
    try:
        return datetime.fromisoformat(at).timestamp()
    except ValueError:
        return None


def _removable(there: Standing, target: Target) -> bool:
    """
    Say whether an entry may be taken away here: a ward itself never, and nothing of the base from a ward's page.
    """
    return target.kind not in ("ward", "plan") and there.ward == target.ward


def _version(versions: Sequence[dict[str, Any]], asked: object) -> dict[str, Any] | None:
    number = _number(asked)
    return next((one for one in versions if one["version"] == number), None)


def _number(asked: object) -> int | None:
    text = str(asked or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= NUMBER_DIGITS else None
