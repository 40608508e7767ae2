"""
One entry: its form, what the citizen would see of it, and saving it beside others who edit, too.
"""

from __future__ import annotations

from aiohttp import web

from bot.admin import content_forms, content_posted, content_view, content_wording
from bot.admin.content_diff import Side, choices, merged
from bot.admin.content_places import ENTRY, KINDS, NEW_KINDS, place_of, slug_of
from bot.admin.content_posted import Posted
from bot.admin.content_saving import Saving, Target
from bot.admin.content_view import EntryView, saved
from bot.admin.errors import not_found
from bot.admin.guard import officer_of, require
from bot.admin.office import Office
from bot.office_api import Entry, EntryChanged, EntryInvalid, Mistake, OfficeApi, Standing
from bot.wards import Ward

NEW = "/admin/content/new/{kind:" + "|".join(NEW_KINDS) + "}"


def routes(office: Office) -> list[web.RouteDef]:
    pages = ContentPages(office, OfficeApi(office.knowledge))
    return [
        web.post("/admin/content/try", pages.attempt),
        web.get(NEW, pages.new_form),
        web.post(NEW, pages.create),
        web.get(ENTRY, pages.form),
        web.get(f"{ENTRY}/preview", pages.preview),
        web.post(ENTRY, pages.save),
        web.post(f"{ENTRY}/merge", pages.merge),
    ]


class ContentPages:
    def __init__(self, office: Office, api: OfficeApi):
        self._office, self._view, self._saving = office, EntryView(office, api), Saving(office, api)

    async def form(self, request: web.Request) -> web.Response:
        """
        Show an entry: as a form to those who may edit it there. The base's becomes a ward's own only when asked (`?own=1`).
        """
        place, target = self._asked(request)
        there = await self._saving.standing(target)
        if there is None:
            raise not_found("entry")
        own = there.ward == target.ward or request.query.get("own") == "1"
        fields = await self._view.fields(target.kind)
        boxes = content_forms.boxes(fields, there.entry)
        trial = await self._view.attempt(target, there.entry) if request.query.get("preview") == "1" else None
        edits = own and officer_of(request).may("edit", target.ward)
        return self._view.page(request, place, target, there, fields, boxes, there.entry, trial, edits=edits)

    async def preview(self, request: web.Request) -> web.Response:
        """
        Answer what citizens are told of an entry as it stands, for those who only read.
        """
        place, target = self._asked(request)
        there = await self._saving.standing(target)
        if there is None:
            raise not_found("entry")
        return self._view.preview(place, [], await self._view.attempt(target, there.entry))

    async def save(self, request: web.Request) -> web.Response:
        place, target = self._asked(request)
        require(request, "edit", target.ward)
        posted = await self._posted(request, target)
        if not posted.saves:
            return await self._view.again(request, place, target, await self._saving.standing(target), posted)
        return await self._save(request, place, target, posted, posted.was)

    async def merge(self, request: web.Request) -> web.Response:
        """
        Save the fields that were chosen from two editors' texts, or show them in the form first.
        """
        place, target = self._asked(request)
        require(request, "edit", target.ward)
        form, fields = await request.post(), await self._view.fields(target.kind)
        was, mine = content_posted.entry_in(form, "was"), content_posted.entry_in(form, "mine")
        expected, note = content_posted.expected_in(form), content_posted.note_in(form)
        there = await self._saving.standing(target)
        if (there.version if there is not None else None) != expected:
            return self._view.both(request, place, target, fields, was, mine, _changed(there), note=note)
        theirs = there.entry if there is not None else {}
        rows = choices(fields, was, mine, theirs) if there is not None else []
        picks: dict[str, Side] = {
            one.field.name: "mine" if pick == "mine" else "theirs"
            for one in rows
            if (pick := form.get(f"pick.{one.field.name}")) in ("mine", "theirs")
        }
        if len(picks) < len(rows):
            return self._view.both(request, place, target, fields, was, mine, _changed(there), note=note, picks=picks)
        entry = merged(fields, mine, theirs, picks) if there is not None else mine
        do = "try" if form.get("do") == "edit" else "save"
        posted = Posted(entry, theirs, expected, note, do, {})
        if not posted.saves:
            return await self._view.again(request, place, target, there, posted)
        return await self._save(request, place, target, posted, was)

    async def new_form(self, request: web.Request) -> web.Response:
        place = place_of(request, self._office, "edit")
        target = Target(request.match_info["kind"], "", slug_of(place))
        fields = await self._view.fields(target.kind)
        given: Entry = {"as_of": self._today()}
        if title := request.query.get("title", "").strip()[:300]:
            given["title"] = title
        boxes = content_forms.boxes(content_view.for_new(fields), given)
        return self._view.page(request, place, target, None, fields, boxes, {}, None, edits=True)

    async def create(self, request: web.Request) -> web.Response:
        place = place_of(request, self._office, "edit")
        target = Target(request.match_info["kind"], "", slug_of(place))
        posted = await self._posted(request, target)
        if not posted.entry.get("id") and (made := content_forms.slug_of(str(posted.entry.get("title") or ""))):
            posted.entry["id"] = made
        named = target._replace(id=str(posted.entry.get("id") or ""))
        if not posted.saves or not named.id:
            return await self._view.again(request, place, target, None, posted)
        taken = Mistake("id", content_wording.ID_TAKEN.format(id=named.id))
        try:
            if await self._saving.standing(named) is not None:
                raise EntryInvalid([taken])
            done, changed = await self._saving.save(
                officer_of(request), named, posted.entry, expected=None, note=posted.note
            )
        except EntryInvalid as error:
            return await self._view.again(request, place, target, None, posted, error.mistakes)
        except EntryChanged:  # somebody else took the id this very moment
            return await self._view.again(request, place, target, None, posted, [taken])
        return saved(place, named, posted.entry, done, changed)

    async def attempt(self, request: web.Request) -> web.Response:
        """
        Answer what would come of what is in the form, while somebody types.
        """
        place = place_of(request, self._office, "edit")
        target = Target(request.query.get("kind", ""), request.query.get("id", ""), slug_of(place))
        if target.kind not in KINDS:
            raise not_found("kind")
        posted = await self._posted(request, target)
        fields = await self._view.fields(target.kind)
        trial = await self._view.attempt(target, posted.entry)
        return self._view.preview(place, content_forms.boxes(fields, posted.entry), trial)

    async def _save(
        self, request: web.Request, place: Ward, target: Target, posted: Posted, was: Entry
    ) -> web.Response:
        try:
            done, changed = await self._saving.save(
                officer_of(request), target, posted.entry, expected=posted.expected, note=posted.note
            )
        except EntryInvalid as error:
            there = await self._saving.standing(target)
            return await self._view.again(request, place, target, there, posted, error.mistakes)
        except EntryChanged as error:
            fields = await self._view.fields(target.kind)
            return self._view.both(request, place, target, fields, was, posted.entry, error, note=posted.note)
        return saved(place, target, posted.entry, done, changed)

    async def _posted(self, request: web.Request, target: Target) -> Posted:
        form, fields = await request.post(), await self._view.fields(target.kind)
        return content_posted.read(fields, form, target.kind, target.id, today=self._today())

    def _asked(self, request: web.Request) -> tuple[Ward, Target]:
        place = place_of(request, self._office)
        return place, Target(request.match_info["kind"], request.match_info["id"], slug_of(place))

    def _today(self) -> str:
        return content_wording.today(self._office.clock())


def _changed(there: Standing | None) -> EntryChanged:
    return EntryChanged({} if there is None else {"current": there.entry, "version": there.version})
