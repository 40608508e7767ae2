"""
/announcements: the gateway says which announcements are published, and asks which are known. See docs/api.md.
"""

import orjson
import structlog
from aiohttp import web
from pydantic import ValidationError

from knowledge.announcements.record import Announced
from knowledge.announcements.store import MOST, Store
from knowledge.errors import RequestError

log = structlog.get_logger()
STORE = web.AppKey("announcements", Store)


async def get_all(request: web.Request) -> web.Response:
    """
    GET /announcements → those that are valid now.
    """
    known = [{"id": one.id, "digest": one.digest, "valid_until": one.valid_until} for one in request.app[STORE].all()]
    return _json({"announcements": known})


async def put_one(request: web.Request) -> web.Response:
    """
    PUT /announcements/{id}: known from now on, in place of an earlier text of the same id.
    """
    store, id = request.app[STORE], _id(request)
    try:
        body = orjson.loads(await request.read())
        found = Announced.model_validate({**body, "id": id})
    except (orjson.JSONDecodeError, TypeError) as error:
        raise RequestError(f"the body is no JSON object: {error}") from error
    except ValidationError as error:
        fields = {".".join(map(str, one["loc"])): one["type"] for one in error.errors()}
        raise RequestError("the announcement cannot be used", fields) from error
    if len(store.all()) >= MOST:
        raise RequestError(f"more than {MOST} announcements are valid", {"id": "too many"})
    store.put(found)
    log.info("announcement.known", announcement=id, wards=len(found.wards))
    return _json({})


async def delete_one(request: web.Request) -> web.Response:
    """
    DELETE /announcements/{id}: withdrawn; also when it was not known.
    """
    if request.app[STORE].remove(_id(request)):
        log.info("announcement.forgotten", announcement=_id(request))
    return _json({})


def _id(request: web.Request) -> int:
    given = request.match_info["id"]
    if not (given.isascii() and given.isdigit() and len(given) <= 18):
        raise RequestError("the id must be a whole number", {"id": "number"})
    return int(given)


def _json(value: object) -> web.Response:
    return web.Response(body=orjson.dumps(value), content_type="application/json")


def routes() -> list[web.RouteDef]:
    return [
        web.get("/announcements", get_all), web.put("/announcements/{id}", put_one), web.delete("/announcements/{id}", delete_one),
    ]  # fmt: skip
