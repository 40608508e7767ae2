"""
The routes of /office: requests in, what the office says out. See docs/api.md.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import date
from typing import Any

import orjson
from aiohttp import web

from knowledge.errors import RequestError
from knowledge.office.catalogue import STATES
from knowledge.office.checks import EntryRefused
from knowledge.office.history import Version
from knowledge.office.office import Office, refused
from knowledge.office.records import ALONE, MODELS, Key
from knowledge.office.schema import fields
from knowledge.office.store import Change

OFFICE = web.AppKey("office", Office)
MOST_PER_PAGE = 200
LONGEST_NAME, LONGEST_NOTE, LONGEST_PHRASE = 100, 500, 300
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def routes() -> list[web.RouteDef]:
    return [
        web.get("/office/entries", get_entries), web.get("/office/entries/{kind}/{id}", get_entry),
        web.put("/office/entries/{kind}/{id}", put_entry), web.delete("/office/entries/{kind}/{id}", delete_entry),
        web.get("/office/schema/{kind}", get_schema), web.post("/office/try", post_try),
        web.get("/office/history/{kind}/{id}", get_history), web.post("/office/restore", post_restore),
        web.get("/office/freshness", get_freshness), web.get("/office/citing", get_citing),
        web.post("/office/replace-basis", post_replace_basis), web.post("/office/names", post_names),
    ]  # fmt: skip


async def get_entries(request: web.Request) -> web.Response:
    """
    GET /office/entries?ward=&kind=&q=&state=&page=&size= → {total, entries}.
    """
    office, query = request.app[OFFICE], request.query
    ward, kind, state = ward_in(request), query.get("kind", ""), query.get("state", "")
    if kind and kind not in MODELS:
        raise RequestError(f"no kind {kind!r}", {"kind": ", ".join(MODELS)})
    if state and state not in STATES:
        raise RequestError(f"no state {state!r}", {"state": ", ".join(STATES)})
    page, size = _number(query.get("page", "1"), "page"), min(_number(query.get("size", "50"), "size"), MOST_PER_PAGE)
    found = office.catalogue.search(ward, office.today, kind=kind, text=query.get("q", "")[:200], state=state)
    shown = found[(page - 1) * size : page * size]
    return json_of({"total": len(found), "entries": [office.catalogue.shown(row, ward, office.today) for row in shown]})


async def get_entry(request: web.Request) -> web.Response:
    office, key = request.app[OFFICE], _key(request, ward_in(request))
    return json_of(await asyncio.to_thread(office.entry, key))


async def get_schema(request: web.Request) -> web.Response:
    return json_of(fields(_kind(request.match_info["kind"])))


async def post_try(request: web.Request) -> web.Response:
    """
    POST /office/try {ward, kind, id?, entry} → {mistakes, conflicts, preview, ranks}; nothing is saved.
    """
    body = await body_of(request)
    kind, entry, ward = _kind(text_in(body, "kind")), body.get("entry"), _known(request, body.get("ward", ""))
    if not isinstance(entry, dict):
        raise RequestError("entry must be an object", {"entry": "object"})
    id = body.get("id") or entry.get("slug" if kind == "ward" else "id")
    # An id that cannot be one is for the entry's own check to tell.
    key = Key(kind, id if isinstance(id, str) else "", ward or (str(id) if kind == "ward" else ""))
    return json_of(await request.app[OFFICE].attempt(key, entry, is_new=body.get("id") is None))


async def put_entry(request: web.Request) -> web.Response:
    """
    PUT /office/entries/{kind}/{id} {ward, entry, expected, by, note} → {version, seconds}.
    """
    body = await body_of(request)
    new_ward = request.match_info["kind"] == "ward" and body.get("expected") is None
    key = _key(request, request.match_info["id"] if new_ward else _known(request, body.get("ward", "")))
    if not isinstance(body.get("entry"), dict):
        raise RequestError("entry must be an object", {"entry": "object"})
    if key.kind in ALONE and not key.ward:
        raise RequestError(f"a {key.kind} belongs to a ward", {"ward": "slug"})
    change = Change(key, body["entry"], expected_in(body))
    return await _saved(request.app[OFFICE].save([change], by=by_in(body), note=_note(body)))


async def delete_entry(request: web.Request) -> web.Response:
    """
    DELETE /office/entries/{kind}/{id}?ward=W {expected, by, note} → as PUT; an override goes back to the base.
    """
    body = await body_of(request)
    change = Change(_key(request, ward_in(request)), None, expected_in(body))
    return await _saved(request.app[OFFICE].save([change], by=by_in(body), note=_note(body)))


async def get_history(request: web.Request) -> web.Response:
    office, key = request.app[OFFICE], _key(request, ward_in(request))
    return json_of({"versions": [asdict(version) for version in await asyncio.to_thread(office.versions, key)]})


async def post_restore(request: web.Request) -> web.Response:
    """
    POST /office/restore {kind, id, ward, version, expected, by} → as PUT.
    """
    body = await body_of(request)
    key = Key(_kind(text_in(body, "kind")), _slug(text_in(body, "id")), _known(request, body.get("ward", "")))
    version = body.get("version")
    if not isinstance(version, int) or isinstance(version, bool):
        raise RequestError("version must be a number", {"version": "number"})
    return await _saved(request.app[OFFICE].restore(key, version, expected=expected_in(body), by=by_in(body)))


async def get_freshness(request: web.Request) -> web.Response:
    office, said = request.app[OFFICE], request.query.get("today")
    try:
        today = date.fromisoformat(said) if said else office.today
    except ValueError as error:
        raise RequestError(f"{said!r} is no day", {"today": "YYYY-MM-DD"}) from error
    return json_of(await asyncio.to_thread(office.freshness, ward_in(request), today))


async def get_citing(request: web.Request) -> web.Response:
    """
    GET /office/citing?document=&ward= → {entries}; without a ward of the whole installation.
    """
    ward = ward_in(request) if "ward" in request.query else None
    return json_of({"entries": request.app[OFFICE].citing(request.query.get("document", ""), ward)})


async def post_replace_basis(request: web.Request) -> web.Response:
    """
    POST /office/replace-basis {ward, old, new, by} → {old, new, entries}.
    """
    body = await body_of(request)
    ward = _known(request, body.get("ward", ""))
    return json_of(
        await request.app[OFFICE].replace_basis(ward, text_in(body, "old"), text_in(body, "new"), by=by_in(body))
    )


async def post_names(request: web.Request) -> web.Response:
    """
    POST /office/names {ward, kind, id, words, drop, by} → {added, seconds}: how a ward asks for a shared entry.
    """
    body = await body_of(request)
    ward, kind, words = _known(request, body.get("ward", "")), _kind(text_in(body, "kind")), text_in(body, "words")
    if not ward or kind in ALONE:
        raise RequestError("names are added to an entry, in a ward", {"ward": "slug", "kind": "entry"})
    if len(words) > LONGEST_PHRASE:
        raise RequestError("the words are too long", {"words": f"at most {LONGEST_PHRASE} characters"})
    key = Key(kind, _slug(text_in(body, "id")), ward)
    added, seconds = await request.app[OFFICE].name(key, words, drop=body.get("drop") is True, by=by_in(body))
    return json_of({"added": added, "seconds": round(seconds, 3)})


async def _saved(saving: Awaitable[tuple[list[Version], float]]) -> web.Response:
    try:
        versions, seconds = await saving
    except EntryRefused as error:
        refusal = {
            "code": error.code,
            "message": "the entry would make the content invalid",
            "fields": {"mistakes": refused(error)},
        }
        return json_of(refusal, 422)
    return json_of({"version": versions[0].version, "seconds": round(seconds, 3)})


# What a request may say


def json_of(value: Any, status: int = 200) -> web.Response:
    return web.Response(body=orjson.dumps(value), status=status, content_type="application/json")


async def body_of(request: web.Request) -> dict[str, Any]:
    try:
        value = orjson.loads(await request.read())
    except orjson.JSONDecodeError as error:
        raise RequestError(f"the body is not JSON: {error}") from error
    if not isinstance(value, dict):
        raise RequestError("the body must be a JSON object")
    return value


def text_in(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value.strip():
        raise RequestError(f"{name} must be a text that is not empty", {name: "text"})
    return value.strip()


def by_in(body: dict[str, Any]) -> str:
    return text_in(body, "by")[:LONGEST_NAME]


def _note(body: dict[str, Any]) -> str:
    note = body.get("note") or ""
    if not isinstance(note, str):
        raise RequestError("note must be a text", {"note": "text"})
    return note.strip()[:LONGEST_NOTE]


def expected_in(body: dict[str, Any], name: str = "expected") -> int | None:
    expected = body.get(name)
    if expected is not None and (not isinstance(expected, int) or isinstance(expected, bool) or expected < 1):
        raise RequestError(f"{name} must be a version, or null for an entry that is new", {name: "number or null"})
    return expected


def _kind(kind: str) -> str:
    if kind not in MODELS:
        raise RequestError(f"no kind {kind!r}", {"kind": ", ".join(MODELS)})
    return kind


def _slug(id: str) -> str:
    if not _SLUG.fullmatch(id) or len(id) > LONGEST_NAME:
        raise RequestError(f"{id[:80]!r} is no id", {"id": "letters, digits, hyphens"})
    return id


def _key(request: web.Request, ward: str) -> Key:
    return Key(_kind(request.match_info["kind"]), _slug(request.match_info["id"]), _slug(ward) if ward else "")


def ward_in(request: web.Request) -> str:
    return _known(request, request.query.get("ward", ""))


def _known(request: web.Request, ward: Any) -> str:
    """
    Raises:
        UnknownWard: when the installation has no such ward; "" is the base of all.
    """
    if not isinstance(ward, str):
        raise RequestError("ward must be a text", {"ward": "slug"})
    if ward:
        request.app[OFFICE].shelf.library.ward(ward)
    return ward


def _number(said: str, name: str) -> int:
    if not said.isdigit() or not 0 < int(said) < 1_000_000:
        raise RequestError(f"{name} must be a number from 1", {name: "number"})
    return int(said)
