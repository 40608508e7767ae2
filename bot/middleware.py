"""
What every answer of the gateway has: safe headers, and one shape for errors.
"""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable

import orjson
from aiohttp import web
from aiohttp.typedefs import Middleware

from bot import wording
from bot.channels.web.pages import Pages
from bot.errors import RequestError
from bot.log import log

Respond = Callable[[web.Request], Awaitable[web.StreamResponse]]
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Resource-Policy": "same-origin",
}


async def add_headers(_request: web.Request, response: web.StreamResponse) -> None:
    """
    Runs for every response before its first byte, streams too.
    """
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if "Server" in response.headers:
        del response.headers["Server"]


def answer_errors(pages: Pages) -> Middleware:
    """
    Make the one middleware that turns errors into `{"code", "message", "fields"}`, or into a page for people.
    """

    @web.middleware
    async def middleware(request: web.Request, handler: Respond) -> web.StreamResponse:
        try:
            return await handler(request)
        except RequestError as error:
            return _answer(request, pages, error)
        except web.HTTPException as error:
            if error.status < 400:
                raise
            known = {404: ("page.unknown", "no such page"), 405: ("request.wrong_method", "not with this method")}
            code, sentence = known.get(error.status, ("request.refused", error.reason))
            return _answer(request, pages, RequestError(error.status, code, sentence))
        except (ConnectionError, TimeoutError):
            raise
        except Exception as error:
            log.exception("request.failed", route=_route(request))
            return _answer(request, pages, RequestError(500, "bot.error", f"internal error: {type(error).__name__}"))

    return middleware


def _route(request: web.Request) -> str:
    # The pattern, not the address: an address may hold what a visitor typed.
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else "?"


def _answer(request: web.Request, pages: Pages, error: RequestError) -> web.Response:
    wants_page = request.method in ("GET", "HEAD") and "text/html" in request.headers.get("Accept", "")
    if wants_page and not request.path.startswith(("/api/", "/hook/")):
        if error.status == 404:
            return pages.list_of_wards(404, wording.UNKNOWN_WARD)
        return pages.plain_page(error.status, wording.PAGE_ERROR)
    headers = {"Retry-After": str(max(1, math.ceil(error.retry_after)))} if error.retry_after is not None else None
    body = {"code": error.code, "message": error.message, "fields": error.fields}
    return web.Response(status=error.status, body=orjson.dumps(body), content_type="application/json", headers=headers)
