"""
Stands before every page of the office: who is signed in, is the form ours, and what becomes of an error.
"""

from __future__ import annotations

import hmac
import math
from collections.abc import Awaitable, Callable
from urllib.parse import urlencode, urlsplit

from aiohttp import web
from aiohttp.typedefs import Middleware

from bot.admin import officers, sessions, wording
from bot.admin.errors import Refused, not_allowed
from bot.admin.office import CSRF, OFFICER, SESSION, Office
from bot.admin.officers import Officer, Permission
from bot.errors import KnowledgeUnreachable, RequestError
from bot.log import log
from bot.wards import Ward

Respond = Callable[[web.Request], Awaitable[web.StreamResponse]]

COOKIE = "office"
PREFIX = "/admin"
# Pages for those who are not signed in.
FILES = "/admin/static/"
OPEN = ("/admin/sign-in", "/admin/setup/", FILES)
MAX_UPLOAD_BYTES = 25 * 1024 * 1024  # a scanned plan
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Frame-Options": "DENY",
    # Not no-referrer: with it a browser calls the origin of our own forms "null".
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def guard(office: Office) -> Middleware:
    """
    Make the middleware of everything under /admin; other addresses pass through.
    """

    @web.middleware
    async def middleware(request: web.Request, handler: Respond) -> web.StreamResponse:
        if request.path != PREFIX and not request.path.startswith(PREFIX + "/"):
            return await handler(request)
        response = await _answer(office, request, handler)
        if not response.prepared:
            for name, value in HEADERS.items():
                response.headers.setdefault(name, value)
        return response

    return middleware


def officer_of(request: web.Request) -> Officer:
    """
    Return who is signed in; only for pages behind the guard.
    """
    return request[OFFICER]


def require(request: web.Request, permission: Permission, ward: str) -> Officer:
    """
    Return the officer, who may do this in this ward ("" is what all wards share).

    Raises:
        Refused: 403, which becomes a page.
    """
    officer = officer_of(request)
    if not officer.may(permission, ward):
        raise not_allowed(permission)
    return officer


def ward_of(request: web.Request, office: Office, permission: Permission = "see") -> Ward:
    """
    Return the ward that a page is about: `?ward=`, or the first where the officer may do this.

    Raises:
        Refused: 403; the same for a ward that is not the officer's and for one that does not exist.
    """
    officer = officer_of(request)
    allowed = office.wards_of(officer, permission)
    asked = request.query.get("ward")
    found = next((one for one in allowed if asked in (None, "", one.slug)), None)
    if found is None:
        raise not_allowed(permission)
    return found


def secure(office: Office, request: web.Request) -> bool:
    """
    Say whether the officer's browser speaks https with us, or with the proxy before us.
    """
    forwarded = request.headers.get("X-Forwarded-Proto") if request.remote in office.trusted_proxies else None
    return (forwarded or request.scheme) == "https"


def address_of(office: Office, request: web.Request) -> str:
    """
    Return how the officer reaches this gateway, "https://motcua.example.vn": the origin of a form of ours.
    """
    origin = request.headers.get("Origin", "")
    if urlsplit(origin).netloc.lower() in _hosts(office, request):
        return origin
    return office.public_url or f"{'https' if secure(office, request) else 'http'}://{request.host}"


async def _answer(office: Office, request: web.Request, handler: Respond) -> web.StreamResponse:
    try:
        token = None if request.path.startswith(FILES) else request.cookies.get(COOKIE)
        session = await _session(office, token) if token else None
        if token and session is not None:
            request[OFFICER], request[CSRF], request[SESSION] = *session, token
        elif not request.path.startswith(OPEN):
            return _to_sign_in(office, request)
        if request.method not in ("GET", "HEAD"):
            if session is not None:
                request = request.clone(client_max_size=MAX_UPLOAD_BYTES)
            await _refuse_foreign_forms(office, request)
        return await handler(request)
    except KnowledgeUnreachable as error:
        log.warning("office.knowledge_unreachable", problem=str(error))
        return _page(office, request, 503, error.code)
    except RequestError as error:
        return _page(office, request, error.status, error.code, retry_after=error.retry_after)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        return _page(office, request, error.status, "")
    except (ConnectionError, TimeoutError):
        raise
    except Exception:
        resource = request.match_info.route.resource
        log.exception("office.failed", route=resource.canonical if resource is not None else "?")
        return _page(office, request, 500, "")


async def _session(office: Office, token: str) -> tuple[Officer, str] | None:
    now = office.clock()
    found = await office.database.read(sessions.find, token, now=now)
    if found is None:
        return None
    session, due = found
    officer = await office.database.read(officers.get, session.officer_id)
    if officer is not None and due:
        await office.database.write(sessions.saw, token, now=now)
    return None if officer is None else (officer, session.csrf)


def _to_sign_in(office: Office, request: web.Request) -> web.Response:
    """
    Lead to the sign-in, and back from there. A form that was sent after the session ended is lost, and that is said.
    """
    query = {}
    wanted = request.path_qs
    if request.method not in ("GET", "HEAD"):
        query["done"] = "session_ended"
        page = urlsplit(request.headers.get("Referer", ""))
        wanted = (
            page._replace(scheme="", netloc="", fragment="").geturl() if page.netloc in _hosts(office, request) else ""
        )
    if wanted not in ("", "/admin", "/admin/"):
        query["next"] = wanted
    return web.Response(status=303, headers={"Location": "/admin/sign-in" + (f"?{urlencode(query)}" if query else "")})


async def _refuse_foreign_forms(office: Office, request: web.Request) -> None:
    """
    Take a form only from a page of ours, and of this session.

    Raises:
        Refused: 403.
    """
    named = request.headers.get("Origin") or request.headers.get("Referer") or ""
    if urlsplit(named).netloc.lower() not in _hosts(office, request):
        raise Refused(403, "form.foreign", "the form does not come from a page of this office")
    if OFFICER not in request:
        return  # nothing to protect yet; the origin is
    form = await request.post()
    given = form.get("csrf") or request.headers.get("X-CSRF-Token") or ""
    if not isinstance(given, str) or not hmac.compare_digest(given.encode(), request[CSRF].encode()):
        raise Refused(403, "form.stale", "the form belongs to another session")


def _hosts(office: Office, request: web.Request) -> set[str]:
    hosts = {request.host.lower()}
    if request.remote in office.trusted_proxies and (forwarded := request.headers.get("X-Forwarded-Host")):
        hosts.add(forwarded.lower())
    if office.public_url:
        hosts.add(urlsplit(office.public_url).netloc.lower())
    return hosts - {""}


def _page(
    office: Office, request: web.Request, status: int, code: str, *, retry_after: float | None = None
) -> web.Response:
    heading, sentence = wording.problem(status, code)
    response = office.render(request, "problem.html", status=status, heading=heading, sentence=sentence)
    if retry_after is not None:
        response.headers["Retry-After"] = str(max(1, math.ceil(retry_after)))
    return response
