"""
The routes of /office/plan-drafts: a plan's file in, its draft reviewed, a plan of the ward out. See docs/api.md.
"""

import asyncio
import re
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiohttp import web

from knowledge import sources
from knowledge.errors import RequestError, SourceError
from knowledge.importing import accept, review
from knowledge.importing.draft import PlanDraft
from knowledge.office import api, checks
from knowledge.office.checks import EntryRefused
from knowledge.office.office import Office, refused
from knowledge.office.plan_drafts import PlanDrafts
from knowledge.office.plan_reading import PlanReading
from knowledge.office.records import Key
from knowledge.office.store import Change

DRAFTS = web.AppKey("plan_drafts", PlanDrafts)
READING = web.AppKey("plan_reading", PlanReading)
MOST_BYTES = 20 * 1024 * 1024
LONGEST_FILE_NAME = 150
_ID = re.compile(r"[^/\\\x00.][^/\\\x00]{0,199}")


def routes() -> list[web.RouteDef]:
    return [
        web.get("/office/plan-drafts", get_drafts), web.post("/office/plan-drafts", post_draft),
        web.get("/office/plan-drafts/{id}", get_draft), web.put("/office/plan-drafts/{id}", put_draft),
        web.delete("/office/plan-drafts/{id}", delete_draft), web.post("/office/plan-drafts/{id}/again", post_again),
        web.post("/office/plan-drafts/{id}/confirm", post_confirm),
    ]  # fmt: skip


async def get_drafts(request: web.Request) -> web.Response:
    """
    GET /office/plan-drafts?ward=W → {drafts}, newest first.
    """
    return api.json_of({"drafts": await asyncio.to_thread(request.app[DRAFTS].listed, _ward(request))})


async def post_draft(request: web.Request) -> web.Response:
    """
    POST /office/plan-drafts?ward=W&name=FILE&by=NAME, the file's bytes → 202 {id, new}; it is read beside.
    """
    ward = _ward(request)
    name = Path(request.query.get("name", "").replace("\\", "/")).name[-LONGEST_FILE_NAME:]
    try:
        sources.check_name(name)
    except SourceError as error:
        return api.json_of({"code": error.code, "message": str(error), "fields": {}}, 422)
    data = bytearray()
    async for chunk in request.content.iter_chunked(1 << 16):
        data += chunk
        if len(data) > MOST_BYTES:
            raise RequestError("the file is larger than 20 MB", {"file": "at most 20 MB"})
    if not data:
        raise RequestError("the file is empty", {"file": "bytes"})
    by = " ".join(request.query.get("by", "").split())[: api.LONGEST_NAME]
    now = datetime.now(UTC)
    id, new = await asyncio.to_thread(lambda: request.app[DRAFTS].add(ward, name, bytes(data), by=by, now=now))
    request.app[READING].wake()
    return api.json_of({"id": id, "new": new}, 202)


async def get_draft(request: web.Request) -> web.Response:
    ward, id = _ward(request), _id(request)
    draft, version = await asyncio.to_thread(request.app[DRAFTS].draft, ward, id)
    return api.json_of(_shown(request.app[api.OFFICE], id, draft, version))


async def put_draft(request: web.Request) -> web.Response:
    """
    PUT /office/plan-drafts/{id}?ward=W {expected, answers, looked, plan} → as GET; a plan with mistakes is kept, too.
    """
    ward, id, body = _ward(request), _id(request), await api.body_of(request)
    answers, looked, plan = body.get("answers", {}), body.get("looked", []), body.get("plan")
    if not isinstance(answers, dict) or not all(_is_answer(one) for one in answers.values()):
        raise RequestError("answers must be numbers or texts by question", {"answers": "object"})
    if not isinstance(looked, list) or not all(isinstance(one, str) for one in looked):
        raise RequestError("looked must be ids of doubts", {"looked": "list of text"})
    if not isinstance(plan, dict):
        raise RequestError("plan must be an object", {"plan": "object"})
    drafts, expected = request.app[DRAFTS], api.text_in(body, "expected")

    def keep() -> tuple[PlanDraft, str]:
        there, _ = drafts.draft(ward, id)
        _refuse_accepted(there)
        made = review.worked_on(there, plan, answers, looked)
        return made, drafts.keep(ward, id, made, expected=expected)

    draft, version = await asyncio.to_thread(keep)
    return api.json_of(_shown(request.app[api.OFFICE], id, draft, version))


async def post_confirm(request: web.Request) -> web.Response:
    """
    POST /office/plan-drafts/{id}/confirm?ward=W {expected, by, replaces} → {kind, id, version, seconds}.
    """
    ward, id, body = _ward(request), _id(request), await api.body_of(request)
    office, drafts, by = request.app[api.OFFICE], request.app[DRAFTS], api.by_in(body)
    draft, version = await asyncio.to_thread(drafts.draft, ward, id)
    expected = api.text_in(body, "expected")
    drafts.refuse(ward, id, version, expected)
    _refuse_accepted(draft)
    missing = review.missing(draft)
    if missing:
        fields = {"missing": [{"doubt": doubt, "message": message} for doubt, message in missing]}
        return api.json_of(
            {"code": "draft.not_ready", "message": "not everything was looked at", "fields": fields}, 422
        )
    signed = draft.model_copy(update={"confirmed_by": by, "confirmed_on": office.today.isoformat()})
    entry = accept.confirmed(signed)
    replaced = _replaced(body)
    if replaced is not None:
        entry["id"] = replaced[0]
    # The draft is marked at last: a kill between the two leaves one that is confirmed once more, to the same effect.
    note = f"nhập từ tệp {draft.source.file}"
    change = Change(Key("plan", str(entry.get("id") or ""), ward), entry, replaced[1] if replaced else None)
    try:
        versions, seconds = await office.save([change], by=by, note=note)
    except EntryRefused as error:
        fields = {"mistakes": refused(error)}
        return api.json_of(
            {"code": error.code, "message": "the plan would make the content invalid", "fields": fields}, 422
        )
    accepted = signed.model_copy(update={"accepted_on": office.today.isoformat()})
    await asyncio.to_thread(lambda: drafts.keep(ward, id, accepted, expected=None))
    return api.json_of(
        {"kind": "plan", "id": change.key.id, "version": versions[0].version, "seconds": round(seconds, 3)}
    )


async def post_again(request: web.Request) -> web.Response:
    """
    POST /office/plan-drafts/{id}/again?ward=W → 202; a file that could not be read is read once more.
    """
    await asyncio.to_thread(request.app[DRAFTS].again, _ward(request), _id(request))
    request.app[READING].wake()
    return api.json_of({}, 202)


async def delete_draft(request: web.Request) -> web.Response:
    await asyncio.to_thread(request.app[DRAFTS].discard, _ward(request), _id(request))
    return api.json_of({})


def _shown(office: Office, id: str, draft: PlanDraft, version: str) -> dict[str, Any]:
    plan, _ = review.result(draft)
    key = Key("plan", str(plan.get("id") or ""), draft.ward)
    record, mistakes = checks.record_of("plan", {name: one for name, one in plan.items() if one is not None})
    if record is not None:
        mistakes = checks.misplaced(key, record, office.catalogue.places)
    return {
        "id": id, "ward": draft.ward, "version": version, "state": "accepted" if draft.accepted_on else "read",
        "source": draft.source.model_dump(), "made_on": draft.made_on, "by": draft.confirmed_by,
        "on": draft.accepted_on, "plan": plan, "mistakes": [asdict(one) for one in mistakes],
        "doubts": [{**asdict(one), "places": [spot.model_dump() for spot in one.places]} for one in review.doubts(draft)],
        "lines": [line.model_dump() for line in draft.lines], "places": draft.places, "there": _there(office, draft.ward, plan),
    }  # fmt: skip


def _there(office: Office, ward: str, plan: dict[str, Any]) -> list[dict[str, Any]]:
    """
    Return the plans that the ward has with this one's id or for its year: this one may take their place.
    """
    found = []
    for key, stored in office.catalogue.places.stored.items():
        if key.kind != "plan" or key.ward != ward:
            continue
        if key.id == plan.get("id") or stored.record.year == plan.get("year"):
            version = office.entry(key)["version"]
            found.append({"id": key.id, "title": stored.record.title, "year": stored.record.year, "version": version})
    return sorted(found, key=lambda one: one["id"] != plan.get("id"))


def _replaced(body: dict[str, Any]) -> tuple[str, int] | None:
    """
    Return id and version of the plan whose place this one takes, None when it is a further one.
    """
    value = body.get("replaces")
    if value is None:
        return None
    if not isinstance(value, dict):
        raise RequestError("replaces must be {id, version} or null", {"replaces": "object or null"})
    version = api.expected_in(value, "version")
    if version is None:
        raise RequestError("replaces must say a version", {"replaces": "object or null"})
    return api.text_in(value, "id"), version


def _refuse_accepted(draft: PlanDraft) -> None:
    if draft.accepted_on:
        raise RequestError("the draft is a plan already", {"draft": "accepted"})


def _is_answer(value: Any) -> bool:
    return isinstance(value, int | str) and not isinstance(value, bool)


def _ward(request: web.Request) -> str:
    ward = api.ward_in(request)
    if not ward:
        raise RequestError("a plan belongs to a ward", {"ward": "slug"})
    return ward


def _id(request: web.Request) -> str:
    id = request.match_info["id"]
    if not _ID.fullmatch(id):
        raise RequestError(f"{id[:80]!r} is no id of a draft", {"id": "text"})
    return id
