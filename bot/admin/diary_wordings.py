"""
A question of the diary becomes one more way to ask for an entry that is there already.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any, NamedTuple
from urllib.parse import urlencode

import sqlalchemy as sa
from aiohttp import web

from bot import diary
from bot.admin import audit, content_wording, diary_wording
from bot.admin.content_list_pages import MAX_NAME, NAME_WORDS
from bot.admin.content_places import NEW_KINDS
from bot.admin.content_saving import Saving, Target
from bot.admin.diary_answers import AnswersNow
from bot.admin.diary_forms import asked_of, back, ids_in
from bot.admin.errors import not_found
from bot.admin.guard import officer_of, require, ward_of
from bot.admin.office import Office
from bot.office_api import Entry, EntryChanged, EntryInvalid, OfficeApi
from bot.wards import Ward

MOST_CHOICES = 8


class Choice(NamedTuple):
    """
    An entry to choose. `ward` is where it stands, "" for the base; `may` whether this officer may change it there, and
    not only add to it for the ward.
    """

    kind: str
    id: str
    title: str
    ward: str
    may: bool


class DiaryWordings:
    def __init__(self, office: Office, answers: AnswersNow):
        self._office, self._answers = office, answers
        self._api = OfficeApi(office.knowledge)
        self._saving = Saving(office, self._api)

    async def page(self, request: web.Request) -> web.Response:
        """
        Show entries that could be meant: the nearest to the question, or those that a search finds.
        """
        ward = ward_of(request, self._office)
        require(request, "edit", ward.slug)
        return await self._page(request, ward)

    async def save(self, request: web.Request) -> web.Response:
        ward, form, asked = ward_of(request, self._office), await request.post(), asked_of(request)
        require(request, "edit", ward.slug)
        kind, _, id = str(form.get("entry") or "").partition("/")
        if kind not in NEW_KINDS or not id or not id.replace("-", "").isalnum():
            raise not_found("entry")
        there = await self._saving.standing(Target(kind, id, ward.slug))
        if there is None:
            raise not_found("entry")
        # Who may not edit the base adds to it for the ward alone.
        alone = not officer_of(request).may("edit", there.ward)
        target = Target(kind, id, ward.slug if alone else there.ward)
        officer = require(request, "edit", target.ward)
        words, ids = _words(form), ids_in(form)
        entry, problem = with_wording(there.entry, words, added=there.added)
        if not problem:
            try:
                if alone:
                    await self._saving.name(officer, target, words)
                else:
                    await self._saving.save(officer, target, entry, expected=there.version, action="content.names")
            except EntryInvalid as error:
                problem = " ".join(one.message for one in error.mistakes)
            except EntryChanged as error:
                problem = content_wording.CHANGED_MEANWHILE.format(by=error.by or content_wording.SOMEBODY)
        if problem:
            return await self._page(request, ward, status=422, problem=problem)
        self._answers.forget()
        now = self._office.clock()

        def change(connection: sa.Connection) -> None:
            changed = diary.handle(
                connection, ward.slug, ids, handled="answered", officer_id=officer.id, entry=str(target), now=now
            )
            if changed:
                audit.note(
                    connection, officer, ward=ward.slug, action="question.answered", what=f"question/{min(ids)}",
                    after={"question": words, "times": changed, "entry": str(target)}, now=now,
                )  # fmt: skip

        await self._office.database.write(change)
        return back(ward, asked, "diary_added")

    async def _page(self, request: web.Request, ward: Ward, *, status: int = 200, problem: str = "") -> web.Response:
        form, asked = await request.post(), asked_of(request)
        words, q = _words(form), " ".join(str(form.get("q") or "").split())[:MAX_NAME]
        return self._office.render(
            request,
            "diary_add.html",
            status=status,
            ward=ward,
            asked=asked,
            here=urlencode({"ward": ward.slug, **asked}),
            ids=",".join(str(one) for one in ids_in(form)),
            text=words,
            q=q,
            problem=problem,
            choices=await self._choices(request, ward, words, q),
            kinds=content_wording.KINDS,
        )

    async def _choices(self, request: web.Request, ward: Ward, words: str, q: str) -> list[Choice]:
        if q:
            found = (await self._api.entries(ward.slug, q=q, size=3 * MOST_CHOICES)).entries
        else:
            found = (await self._api.explain(ward.slug, words or "?")).get("hits") or []
        officer = officer_of(request)
        made: list[Choice] = []
        for one in found:
            kind, id = str(one.get("kind") or ""), str(one.get("id") or "")
            if kind not in NEW_KINDS or len(made) == MOST_CHOICES or any(other[:2] == (kind, id) for other in made):
                continue
            there = await self._saving.standing(Target(kind, id, ward.slug))
            if there is not None:
                title = str(there.entry.get("title") or id)
                made.append(Choice(kind, id, title, there.ward, officer.may("edit", there.ward)))
        return made


def with_wording(entry: Entry, words: str, *, added: Sequence[str] = ()) -> tuple[Entry, str]:
    """
    Return the entry with one more way to ask for it, and what is wrong with that. Short ones are names, long ones questions.
    """
    if not 2 <= len(words) <= MAX_NAME:
        return entry, diary_wording.NO_WORDING
    there = [*added, *(str(one) for name in ("aliases", "questions") for one in entry.get(name) or [])]
    if words.lower() in {one.lower() for one in there}:
        return entry, diary_wording.WORDING_THERE
    name = "aliases" if len(words.split()) <= NAME_WORDS else "questions"
    return {**entry, name: [*(entry.get(name) or []), words]}, ""


def _words(form: Any) -> str:
    return unicodedata.normalize("NFC", " ".join(str(form.get("text") or "").split()))
