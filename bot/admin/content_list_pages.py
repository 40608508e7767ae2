"""
The list of everything the assistant knows: searched with or without marks, filtered, and how citizens call each thing.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from bot.admin import content_wording
from bot.admin.content_fields import said_dates
from bot.admin.content_places import ENTRY, KINDS, NEW_KINDS, frame, place_of, slug_of
from bot.admin.content_saving import Saving, Target
from bot.admin.errors import not_found
from bot.admin.guard import officer_of, require
from bot.admin.office import Office
from bot.office_api import EntryChanged, EntryInvalid, OfficeApi
from bot.wards import Ward

PER_PAGE = 25
MAX_NAME = 200
# Up to so many words it is a name, else a whole question: names count as titles in the search.
NAME_WORDS = 6
NAMED_KINDS = frozenset(NEW_KINDS)


def routes(office: Office) -> list[web.RouteDef]:
    pages = ContentListPages(office, OfficeApi(office.knowledge))
    return [
        web.get("/admin/content", pages.page),
        web.post(f"{ENTRY}/names", pages.change_names),
    ]


class ContentListPages:
    def __init__(self, office: Office, api: OfficeApi):
        self._office, self._api, self._saving = office, api, Saving(office, api)

    async def page(self, request: web.Request) -> web.Response:
        return await self._page(request, place_of(request, self._office))

    async def change_names(self, request: web.Request) -> web.Response:
        """
        Add a name or question to an entry, or take one away. Who may not edit the base adds to it for the ward alone.
        """
        place, form = place_of(request, self._office), await request.post()
        kind, id = request.match_info["kind"], request.match_info["id"]
        there = await self._api.entry(kind, id, slug_of(place))
        if kind not in NAMED_KINDS:
            raise not_found("names")
        words = unicodedata.normalize("NFC", " ".join(str(form.get("words", "")).split()))
        drop = str(form.get("do")) == "drop"
        # What the ward has added is the ward's to take away, whoever may edit the base.
        alone = words in there.added if drop else not officer_of(request).may("edit", there.ward)
        officer = require(request, "edit", slug_of(place) if alone else there.ward)
        entry, problem = _changed(there.entry, words, drop=drop, added=there.added)
        back = {name: str(form.get(name, "")) for name in ("kind", "q", "state", "page")}
        opened = f"{kind}/{id}"
        if not problem:
            try:
                target = Target(kind, id, slug_of(place) if alone else there.ward)
                if alone:
                    await self._saving.name(officer, target, words, drop=drop)
                else:
                    await self._saving.save(officer, target, entry, expected=there.version, action="content.names")
                tried = "" if str(form.get("do")) == "drop" else words
                return _back(place, {**back, "names": opened, "done": "content_names", "tried": tried})
            except EntryInvalid as error:
                problem = " ".join(one.message for one in error.mistakes)
            except EntryChanged as error:
                who = error.by or content_wording.SOMEBODY
                problem = content_wording.CHANGED_MEANWHILE.format(by=who)
        asked = {**back, "names": opened}
        return await self._page(request, place, status=422, asked=asked, problem=problem, words=words)

    async def _page(
        self,
        request: web.Request,
        place: Ward,
        *,
        status: int = 200,
        asked: dict[str, str] | None = None,
        **more: Any,
    ) -> web.Response:
        asked = asked or {name: request.query.get(name, "") for name in ("kind", "q", "state", "page", "names")}
        kind = asked["kind"] if asked["kind"] in KINDS else ""
        state = asked["state"] if asked["state"] in content_wording.STATES else ""
        number = _number(asked["page"])
        q = " ".join(asked["q"].split())[:MAX_NAME]
        slug, officer = slug_of(place), officer_of(request)
        found = await self._api.entries(slug, kind=kind, q=q, state=state, page=number, size=PER_PAGE)
        filters = {name: value for name, value in {"kind": kind, "q": q, "state": state}.items() if value}
        opened = await self._opened(asked["names"], slug)
        values = {
            "found": found,
            "asked": {"kind": kind, "q": q, "state": state, "page": str(number)},
            "filters": urlencode({"ward": place.slug, **filters}),
            "page": number,
            "pages": math.ceil(found.total / PER_PAGE),
            "opened": opened,
            "kinds": content_wording.KINDS,
            "states": content_wording.STATES,
            "named_kinds": NAMED_KINDS,
            "new_kinds": content_wording.NEW if officer.may("edit", slug) else {},
            "may_edit": {"": officer.may("edit", ""), place.slug: officer.may("edit", slug)},
            "problem": "",
            "tried": request.query.get("tried", "")[:MAX_NAME],
            "words_given": more.pop("words", ""),
            "say_date": said_dates,
            **frame(request, self._office, place),
            **more,
        }
        return self._office.render(request, "content_list.html", status=status, **values)

    async def _opened(self, asked: str, ward: str) -> dict[str, Any] | None:
        """
        Return the names of the entry whose names are to be shown in the list.
        """
        kind, _, id = asked.partition("/")
        if kind not in NAMED_KINDS or not id or not id.replace("-", "").isalnum():
            return None
        there = await self._saving.standing(Target(kind, id, ward))
        if there is None:
            return None
        return {
            "key": asked,
            "ward": there.ward,
            "names": there.entry.get("aliases") or [],
            "questions": there.entry.get("questions") or [],
            "added": there.added,
        }


def _changed(entry: dict[str, Any], words: str, *, drop: bool, added: Sequence[str] = ()) -> tuple[dict[str, Any], str]:
    """
    Return the entry with one name or question more or less, and what is wrong with that.
    """
    held = {name: list(entry.get(name) or []) for name in ("aliases", "questions")}
    if drop:
        held = {name: [one for one in some if one != words] for name, some in held.items()}
    elif not 2 <= len(words) <= MAX_NAME:
        return entry, content_wording.NO_NAME if len(words) < 2 else content_wording.LONG_NAME
    elif words.lower() in {one.lower() for some in (*held.values(), added) for one in some}:
        return entry, content_wording.NAME_TAKEN
    else:
        held["aliases" if len(words.split()) <= NAME_WORDS else "questions"].append(words)
    others = {name: value for name, value in entry.items() if name not in held}
    return {**others, **{name: some for name, some in held.items() if some}}, ""


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 and int(text) > 0 else 1


def _back(place: Ward, query: dict[str, str]) -> web.Response:
    asked = {"ward": place.slug, **{name: value for name, value in query.items() if value}}
    return web.Response(status=303, headers={"Location": f"/admin/content?{urlencode(asked)}#names"})
