"""
The knowledge service: JSON over HTTP on the loopback. See docs/api.md.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import orjson
import structlog
from aiohttp import web
from watchfiles import Change, DefaultFilter, awatch

from knowledge import adapted
from knowledge import answer as answers
from knowledge.announcements import answering
from knowledge.announcements import api as announcements_api
from knowledge.announcements.record import PREFIX, day_of
from knowledge.announcements.store import Store
from knowledge.entries import today
from knowledge.errors import ContentError, KnowledgeError, RequestError
from knowledge.explain import explain
from knowledge.library import Library
from knowledge.office import api, plan_api
from knowledge.office.office import Office
from knowledge.office.plan_drafts import PlanDrafts
from knowledge.office.plan_reading import PlanReading
from knowledge.outcomes import Context
from knowledge.settings import Settings
from knowledge.shelf import Shelf
from knowledge.spreadsheet import api as spreadsheet_api
from knowledge.spreadsheet.exchange import Exchange

log = structlog.get_logger()
MAX_QUESTION = 4000  # characters; longer ones are cut, a citizen's story fits
SETTINGS = web.AppKey("settings", Settings)


SHELF = web.AppKey("shelf", Shelf)


def _json(value: Any, status: int = 200) -> web.Response:
    return web.Response(body=orjson.dumps(value), status=status, content_type="application/json")


@web.middleware
async def errors_as_json(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """
    Give every failure the one shape `{code, message, fields}`.
    """
    try:
        return await handler(request)
    except ContentError as error:
        return _json(
            {
                "code": error.code,
                "message": "the content cannot be used",
                "fields": {"mistakes": [str(m) for m in error.mistakes]},
            },
            422,
        )
    except KnowledgeError as error:
        return _json({"code": error.code, "message": str(error), "fields": getattr(error, "fields", {})}, error.status)
    except web.HTTPException as error:
        return _json({"code": f"http.{error.status}", "message": error.reason, "fields": {}}, error.status)
    except Exception:
        log.exception("request.failed", path=request.path)
        return _json({"code": "knowledge.failed", "message": "unexpected failure; see the log", "fields": {}}, 500)


async def _body(request: web.Request) -> dict[str, Any]:
    try:
        value = orjson.loads(await request.read())
    except orjson.JSONDecodeError as error:
        raise RequestError(f"the body is not JSON: {error}") from error
    if not isinstance(value, dict):
        raise RequestError("the body must be a JSON object")
    return value


def _text(body: dict[str, Any], name: str, *, required: bool = True) -> str:
    value = body.get(name)
    if value is None and not required:
        return ""
    if not isinstance(value, str) or (required and not value.strip()):
        raise RequestError(f"{name} must be a text that is not empty", {name: "text"})
    return value


def _context(body: dict[str, Any]) -> Context:
    value = body.get("context") or {}
    if not isinstance(value, dict):
        raise RequestError("context must be an object", {"context": "object"})
    options = value.get("options") or []
    if not isinstance(options, list) or not all(isinstance(option, str) for option in options):
        raise RequestError("context.options must be a list of ids", {"context.options": "list of text"})
    entry, part = value.get("entry"), value.get("part")
    if not isinstance(entry, str | None) or not isinstance(part, str | None):
        raise RequestError("context.entry and context.part must be text or null", {"context": "text"})
    return Context(entry, part, tuple(options))


async def post_answer(request: web.Request) -> web.Response:
    """
    POST /answer {ward, question, context?, choose?} → the answer.
    """
    began = time.perf_counter()
    body = await _body(request)
    library = request.app[SHELF].library
    ward = _text(body, "ward")
    place = library.ward(ward)
    store = request.app[announcements_api.STORE]
    chosen = body.get("choose")
    if isinstance(chosen, dict) and str(chosen.get("entry")).startswith(PREFIX):
        found = answering.choose(store.of(ward), ward, _text(chosen, "entry"))
    elif isinstance(chosen, dict) and chosen.get("entry"):
        found = answers.choose(
            library, ward, _text(chosen, "entry"), chosen.get("part") if isinstance(chosen.get("part"), str) else None
        )
    else:
        question, context = _text(body, "question")[:MAX_QUESTION], _context(body)
        found = answering.answer(library, store.of(ward), ward, question, context, day_of(store.clock()))
    took = round((time.perf_counter() - began) * 1000, 2)
    log.info(
        "question.answered", ward=ward, outcome=found.outcome, reason=found.reason, entries=found.ids[:5], took_ms=took
    )
    return _json({**asdict(found), "took_ms": took, "ward": place.model_dump(mode="json")})


async def post_explain(request: web.Request) -> web.Response:
    """
    POST /explain {ward, question} → tokens, the top ten with each signal's share, the outcome and why.
    """
    body = await _body(request)
    return _json(explain(request.app[SHELF].library, _text(body, "ward"), _text(body, "question")[:MAX_QUESTION]))


async def get_wards(request: web.Request) -> web.Response:
    wards = request.app[SHELF].library.content.wards
    return _json({"wards": [wards[slug].record.model_dump(mode="json") for slug in sorted(wards)]})


async def get_entry(request: web.Request) -> web.Response:
    library: Library = request.app[SHELF].library
    ward = request.query.get("ward", "")
    library.ward(ward)
    found = answers.choose(library, ward, request.match_info["id"], None)
    return _json(asdict(found))


async def post_rebuild(request: web.Request) -> web.Response:
    """
    POST /rebuild → {added, changed, kept, removed, embedded}, or 422 with every mistake.
    """
    return _json(asdict(await request.app[SHELF].renew()))


async def get_health(request: web.Request) -> web.Response:
    shelf = request.app[SHELF]
    index = shelf.library.retriever.index
    return _json(
        {
            "status": "ok",
            "entries": index.size,
            "index": index.version,
            "encoder": index.encoder,
            "mistakes": shelf.mistakes,
        }
    )


class Followed(DefaultFilter):
    """
    Lets through changes of content, and of the adapted encoder only the rename that makes it the current one.
    """

    def __init__(self, encoders: Path):
        super().__init__()
        self.encoders = encoders.resolve()

    def __call__(self, change: Change, path: str) -> bool:
        folder = Path(path).parent.resolve()
        if folder.is_relative_to(self.encoders):
            return folder == self.encoders and Path(path).name == adapted.CURRENT
        return super().__call__(change, path)


async def _watch(app: web.Application) -> AsyncIterator[None]:
    """
    Follow the content's files, and the link to the adapted encoder (`python -m knowledge adapt`).
    """
    chosen = app[SETTINGS]
    chosen.adapted.mkdir(parents=True, exist_ok=True)
    followed = Followed(chosen.adapted)

    async def watch() -> None:
        async for _ in awatch(chosen.content, chosen.adapted, watch_filter=followed, debounce=300, step=50):
            try:
                await app[SHELF].renew()
            except ContentError:
                continue  # logged with every mistake; the last good index keeps serving
            except Exception:
                log.exception("rebuild.failed")

    task = asyncio.create_task(watch())
    yield
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await app[SHELF].close()


async def _read_plans(app: web.Application) -> AsyncIterator[None]:
    """
    Read the plans that were sent, also those that were being read when the service stopped.
    """
    task = asyncio.create_task(app[plan_api.READING].keep_reading())
    yield
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def create_app(
    settings: Settings, clock: Callable[[], date] = today, now: Callable[[], float] = time.time
) -> web.Application:
    """
    Build the service; the index is brought up to date with the content before it returns.

    Raises:
        ContentError: when no ward can be served at all.
    """
    app = web.Application(middlewares=[errors_as_json], client_max_size=256 * 1024)
    app[SETTINGS] = settings
    shelf = app[SHELF] = Shelf(settings, clock)
    office = app[api.OFFICE] = Office(settings.content, settings.versions, shelf)
    app[spreadsheet_api.EXCHANGE] = Exchange(office)
    app[announcements_api.STORE] = Store(settings.announcements, now)
    shelf.follow = office.noticed
    drafts = app[plan_api.DRAFTS] = PlanDrafts(settings.drafts)
    app[plan_api.READING] = PlanReading(
        drafts, settings.content, lambda slug: shelf.library.ward(slug).model_dump_json()
    )
    app.cleanup_ctx.extend([_watch, _read_plans])
    app.add_routes([
        web.post("/answer", post_answer), web.post("/explain", post_explain), web.get("/wards", get_wards), web.get("/entries/{id}", get_entry),
        web.post("/rebuild", post_rebuild), web.get("/healthz", get_health), *api.routes(),
        *plan_api.routes(), *spreadsheet_api.routes(), *announcements_api.routes(),
    ])  # fmt: skip
    return app
