"""
The desk's pages: the conversations that wait for a person, one of them, and what an officer does there.

Every act is a form that posts and leads back to the conversation. A script only saves reloading: it asks for `…/news`,
which answers 204 as long as nothing has changed.
"""

from __future__ import annotations

import hashlib
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from aiohttp import web

from bot import attachments, desk_cases, desk_talk, file_types, speaking
from bot.admin import desk_wording
from bot.admin.desk_acts import MAX_CHARS, MAX_NOTE_CHARS, DeskActs
from bot.admin.errors import not_allowed, not_found
from bot.admin.guard import officer_of, require, ward_of
from bot.admin.office import Office
from bot.database import officer
from bot.desk import Act
from bot.desk_cases import PER_PAGE, View
from bot.speaking import Addressee
from bot.wording import ASK_CONTACT

VIEWS: tuple[View, ...] = ("open", "mine", "closed")
_CASE = "/admin/desk/{conversation:[0-9]{1,18}}"


def routes(office: Office) -> list[web.RouteDef]:
    pages = Desk(office)
    return [
        web.get("/admin/desk", pages.cases),
        web.get("/admin/desk/news", pages.cases_news),
        web.get(_CASE, pages.conversation),
        web.get(f"{_CASE}/news", pages.conversation_news),
        web.post(f"{_CASE}/take", pages.take),
        web.post(f"{_CASE}/reply", pages.reply),
        web.post(f"{_CASE}/ask-contact", pages.ask_contact),
        web.post(f"{_CASE}/hand-back", pages.hand_back),
        web.post(f"{_CASE}/close", pages.close),
        web.get(f"{_CASE}/file/{{file:[0-9]{{1,18}}}}", pages.file),
        web.post(f"{_CASE}/file/{{file:[0-9]{{1,18}}}}/again", pages.fetch_again),
    ]


class Desk:
    def __init__(self, office: Office):
        self._office, self._acts = office, DeskActs(office)

    # The list

    async def cases(self, request: web.Request) -> web.Response:
        values = await self._cases(request)
        revision = _revision(self._office, request, "desk_list.html", values)
        wards = self._office.wards_of(officer_of(request), "answer")
        return self._office.render(request, "desk.html", wards=wards, revision=revision, **values)

    async def cases_news(self, request: web.Request) -> web.Response:
        return self._news(request, "desk_list.html", await self._cases(request))

    async def _cases(self, request: web.Request) -> dict[str, Any]:
        who, ward = officer_of(request), ward_of(request, self._office, "answer")
        view = next((one for one in VIEWS if one == request.query.get("view")), VIEWS[0])
        page, now = _page(request), self._office.clock()

        def look(connection: sa.Connection) -> tuple[Any, ...]:
            found = desk_cases.cases(connection, [ward.slug], view=view, officer_id=who.id, page=page, now=now)
            return *found, desk_cases.counts(connection, [ward.slug], officer_id=who.id), _names(connection)

        cases, total, counts, names = await self._office.database.read(look)
        return {
            "ward": ward, "view": view, "cases": cases, "counts": counts, "names": names, "me": who.id, "page": page,
            "pages": max(1, -(-total // PER_PAGE)), "desk_words": desk_wording, "now": now,
        }  # fmt: skip

    # One conversation

    async def conversation(self, request: web.Request) -> web.Response:
        return await self._conversation(request, await self._person(request))

    async def conversation_news(self, request: web.Request) -> web.Response:
        person = await self._person(request)
        return self._news(request, "conversation_live.html", await self._live(request, person))

    async def take(self, request: web.Request) -> web.Response:
        person, form = await self._person(request), await request.post()
        seen = str(form.get("holder") or "")
        act = await self._acts.take(
            person, officer_of(request), instead_of=int(seen) if seen.isascii() and seen.isdigit() else None
        )
        return await self._ended(request, person, act, "taken")

    async def reply(self, request: web.Request) -> web.Response:
        person, form = await self._person(request), await request.post()
        text = str(form.get("text") or "").replace("\r\n", "\n").strip()
        problem = None if text else "empty"
        if len(text) > MAX_CHARS:
            problem = "too_long"
        parts = self._acts.parts(person, text)
        outlook = self._acts.outlook(person)
        if problem is None and outlook.quota_left is not None and 0 < outlook.quota_left < len(parts):
            problem = "quota"
        if problem is not None or outlook.problem is not None:
            return await self._conversation(request, person, status=422, problem=problem, text=text)
        act = await self._acts.say(person, officer_of(request), parts)
        return await self._ended(request, person, act, "", text=text)

    async def ask_contact(self, request: web.Request) -> web.Response:
        person = await self._person(request)
        if self._acts.outlook(person).problem is not None:
            return await self._conversation(request, person, status=422)
        words = ASK_CONTACT.format(ward=self._office.ward_name(person.ward))
        act = await self._acts.say(person, officer_of(request), self._acts.parts(person, words, asks_contact=True))
        return await self._ended(request, person, act, "asked_contact")

    async def hand_back(self, request: web.Request) -> web.Response:
        person, form = await self._person(request), await request.post()
        act = await self._acts.hand_back(
            person, officer_of(request), finished=form.get("finished") == "yes", note=_note(form)
        )
        return await self._ended(request, person, act, "handed_back")

    async def close(self, request: web.Request) -> web.Response:
        person, form = await self._person(request), await request.post()
        act = await self._acts.close(person, officer_of(request), note=_note(form))
        return await self._ended(request, person, act, "closed")

    # Files

    async def file(self, request: web.Request) -> web.StreamResponse:
        """
        Answer a file that the citizen sent: to be saved, never to be shown as a page of ours.
        """
        person = await self._person(request)
        found = await self._office.database.read(attachments.get, int(request.match_info["file"]), citizen_id=person.id)
        files = self._office.files
        path = files.path(found.id) if files is not None and found is not None else None
        if found is None or path is None or found.state != "kept" or not path.is_file():
            raise not_found("file")
        name = file_types.download_name(found.name, found.media_type, found.id)
        plain = name.encode("ascii", "replace").decode().replace('"', "_").replace("?", "_")
        headers = {
            "Content-Type": found.media_type or file_types.UNKNOWN,
            "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Cache-Control": "private, max-age=3600",
        }
        return web.FileResponse(path, headers=headers)

    async def fetch_again(self, request: web.Request) -> web.Response:
        person, now = await self._person(request), self._office.clock()
        found = await self._office.database.read(attachments.get, int(request.match_info["file"]), citizen_id=person.id)
        if found is None:
            raise not_found("file")
        await self._office.database.write(attachments.ask_again, found.id, now=now)
        return _go(person, "fetching")

    async def _person(self, request: web.Request) -> Addressee:
        """
        Return whose conversation a page is about.

        Raises:
            Refused: 403, the same for one of another ward and for one that does not exist.
        """
        found = await self._office.database.read(speaking.addressee, int(request.match_info["conversation"]))
        if found is None:
            raise not_allowed("answer")
        require(request, "answer", found.ward)
        return found

    async def _conversation(
        self, request: web.Request, person: Addressee, *, status: int = 200, problem: str | None = None, text: str = ""
    ) -> web.Response:
        live = await self._live(request, person)
        done, asked = request.query.get("done", ""), request.query.get("problem", "")
        return self._office.render(
            request,
            "conversation.html",
            status=status,
            text=text,
            problem=desk_wording.PROBLEMS.get(problem or asked, ""),
            done=desk_wording.DONE.get(done, ""),
            max_chars=MAX_CHARS,
            max_note=MAX_NOTE_CHARS,
            revision=_revision(self._office, request, "conversation_live.html", live),
            **live,
        )

    async def _live(self, request: web.Request, person: Addressee) -> dict[str, Any]:
        who, now = officer_of(request), self._office.clock()
        before = _before(request)

        def look(connection: sa.Connection) -> tuple[Any, ...]:
            case = desk_cases.case(connection, person.id)
            return case, desk_talk.read(connection, person.id, before=before), _names(connection)

        case, talk, names = await self._office.database.read(look)
        longer = any(
            one.id == person.address.partition("/")[0]
            and (getattr(one, "paid_window", False) or getattr(one, "human_agent", False))
            for kind, one in self._office.accounts.all()
            if kind == person.channel
        )
        return {
            "case": case, "talk": talk, "names": names, "me": who.id, "outlook": self._acts.outlook(person), "now": now,
            "longer": longer, "before": before, "ward_name": self._office.ward_name(person.ward), "desk_words": desk_wording, "pictures": file_types.PICTURES,
        }  # fmt: skip

    async def _ended(
        self, request: web.Request, person: Addressee, act: Act, done: str, text: str = ""
    ) -> web.Response:
        if act in ("done", "repeated"):
            return _go(person, done)
        if text:
            # What was typed must not be lost because a colleague was quicker.
            fresh = await self._person(request)
            return await self._conversation(request, fresh, status=409, problem=act, text=text)
        return web.Response(status=303, headers={"Location": f"/admin/desk/{person.id}?problem={act}"})

    def _news(self, request: web.Request, template: str, values: dict[str, Any]) -> web.Response:
        """
        Answer the part of a page that changes, or 204 when the page has it already.
        """
        revision = _revision(self._office, request, template, values)
        if request.query.get("seen") == revision:
            return web.Response(status=204)
        response = self._office.render(request, template, **values)
        response.headers["X-Revision"] = revision
        return response


def _revision(office: Office, request: web.Request, template: str, values: dict[str, Any]) -> str:
    text = office.render(request, template, **values).text or ""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _names(connection: sa.Connection) -> dict[int, str]:
    return {row.id: row.name for row in connection.execute(sa.select(officer.c.id, officer.c.name))}


def _page(request: web.Request) -> int:
    asked = request.query.get("page", "")
    return min(10_000, max(1, int(asked))) if asked.isascii() and asked.isdigit() and len(asked) < 8 else 1


def _before(request: web.Request) -> float | None:
    try:
        return float(request.query["before"])
    except (KeyError, ValueError):
        return None


def _note(form: Any) -> str:
    return str(form.get("note") or "").strip()[:MAX_NOTE_CHARS]


def _go(person: Addressee, done: str) -> web.Response:
    query = f"?done={done}" if done else ""
    return web.Response(status=303, headers={"Location": f"/admin/desk/{person.id}{query}#reply"})
