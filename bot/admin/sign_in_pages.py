"""
Signing in and out, the one-time links, and one's own password.
"""

from __future__ import annotations

import re
import time
from urllib.parse import urlsplit

import sqlalchemy as sa
from aiohttp import web

from bot.admin import audit, auth, links, officers, sessions, wording
from bot.admin.errors import Refused
from bot.admin.guard import COOKIE, officer_of, secure
from bot.admin.office import OFFICER, SESSION, Office
from bot.admin.officers import ALL_WARDS, Officer
from bot.channels.web.channel import visitor_address
from bot.delivery.pacing import Buckets, Pace
from bot.log import log

# Hashing is dear: a few at once, then one every two seconds. Only what fails counts: a whole office may share one
# address, and everybody signs in at eight.
PER_ADDRESS = Pace(per_second=0.5, burst=10)
LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{2,63}", re.ASCII)


def routes(office: Office) -> list[web.RouteDef]:
    pages = SignIn(office)
    return [
        web.get("/admin/sign-in", pages.form),
        web.post("/admin/sign-in", pages.sign_in),
        web.post("/admin/sign-out", pages.sign_out),
        web.get("/admin/setup/{token}", pages.setup_form),
        web.post("/admin/setup/{token}", pages.set_up),
        web.get("/admin/password", pages.password_form),
        web.post("/admin/password", pages.change_password),
    ]


class SignIn:
    def __init__(self, office: Office):
        self._office, self._passwords = office, office.passwords
        self._per_address = Buckets(PER_ADDRESS)

    async def form(self, request: web.Request) -> web.Response:
        wanted = _ours(request.query.get("next", ""))
        if OFFICER in request:
            return _go(wanted)
        return await self._sign_in_page(request, wanted=wanted)

    async def sign_in(self, request: web.Request) -> web.Response:
        form = await request.post()
        login, password = normal(_text(form, "login")), _text(form, "password")
        wanted = _ours(_text(form, "next"))
        address = self._pace(request)
        attempt, found = await self._office.database.write(_begin, login, address, now=self._office.clock())
        if attempt.locked_seconds > 0:
            log.warning("officer.locked_out", officer=found[0] if found else None)
            sentence = wording.locked(auth.minutes(attempt.locked_seconds))
            page = await self._sign_in_page(request, status=429, problem=sentence, login=login, wanted=wanted)
            page.headers["Retry-After"] = str(auth.minutes(attempt.locked_seconds) * 60)
            return page
        right = await self._passwords.verify(found[1] if found else None, password[: auth.MAX_CHARS + 1])
        if not right or found is None:
            log.info("officer.refused", officer=found[0] if found else None)
            return await self._sign_in_page(
                request, status=403, problem=wording.WRONG_SIGN_IN, login=login, wanted=wanted
            )
        officer_id, hashed = found
        if self._passwords.is_dated(hashed):
            fresh = await self._passwords.hash(password)
            await self._office.database.write(officers.keep_hash, officer_id, fresh)
        self._per_address.give_back(address)
        response = _go(wanted)
        await self._begin_session(request, response, officer_id, attempt=attempt)
        log.info("officer.signed_in", officer=officer_id)
        return response

    async def sign_out(self, request: web.Request) -> web.Response:
        await self._office.database.write(sessions.end, request[SESSION])
        log.info("officer.signed_out", officer=officer_of(request).id)
        response = _go("/admin/sign-in?done=signed_out")
        response.del_cookie(COOKIE, path="/admin")
        return response

    async def setup_form(self, request: web.Request) -> web.Response:
        link, officer = await self._link(request)
        return self._setup_page(request, link, officer)

    async def set_up(self, request: web.Request) -> web.Response:
        """
        Make the first administrator, or give an officer a password; either signs the officer in.
        """
        address = self._pace(request)
        link, officer = await self._link(request)
        form = await request.post()
        login = officer.login if officer is not None else normal(_text(form, "login"))
        name = officer.name if officer is not None else _text(form, "name").strip()
        problems = wrong_officer(login, name) if officer is None else {}
        problems |= _wrong_password(form, login=login)
        if problems:
            return self._setup_page(request, link, officer, login=login, name=name, problems=problems)
        hashed = await self._passwords.hash(_text(form, "password"))
        officer_id = await self._office.database.keep(
            _set_up, request.match_info["token"], login, name, hashed, now=self._office.clock()
        )
        if officer_id is None:
            raise Refused(410, "link.unusable", "used in the meantime")
        self._per_address.give_back(address)
        response = _go("/admin/?done=welcome")
        await self._begin_session(request, response, officer_id)
        log.info("officer.set_up", officer=officer_id, purpose=link.purpose)
        return response

    async def password_form(self, request: web.Request) -> web.Response:
        return self._office.render(request, "password.html", problems={})

    async def change_password(self, request: web.Request) -> web.Response:
        form, officer = await request.post(), officer_of(request)
        # A stolen session must not be a way to guess the password.
        address = self._pace(request)
        attempt, found = await self._office.database.write(_begin, officer.login, address, now=self._office.clock())
        if attempt.locked_seconds > 0 or found is None:
            problems = {"current": wording.locked(auth.minutes(attempt.locked_seconds))}
            return self._office.render(request, "password.html", status=429, problems=problems)
        problems = _wrong_password(form, login=officer.login)
        if not await self._passwords.verify(found[1], _text(form, "current")[: auth.MAX_CHARS + 1]):
            problems = {"current": wording.WRONG_CURRENT}
        else:
            await self._office.database.write(auth.right, attempt.id)
            self._per_address.give_back(address)
        if problems:
            return self._office.render(request, "password.html", status=422, problems=problems)
        hashed = await self._passwords.hash(_text(form, "password"))
        await self._office.database.keep(_change_password, officer, hashed, now=self._office.clock())
        response = _go("/admin/?done=password")
        await self._begin_session(request, response, officer.id)
        log.info("officer.password_changed", officer=officer.id)
        return response

    async def _sign_in_page(
        self, request: web.Request, *, status: int = 200, problem: str = "", login: str = "", wanted: str = ""
    ) -> web.Response:
        empty = not await self._office.database.read(officers.any_there)
        return self._office.render(
            request, "sign_in.html", status=status, problem=problem, login=login, wanted=wanted, empty=empty
        )

    def _setup_page(
        self,
        request: web.Request,
        link: links.Link,
        officer: Officer | None,
        *,
        login: str = "",
        name: str = "",
        problems: dict[str, str] | None = None,
    ) -> web.Response:
        status = 422 if problems else 200
        values = {"link": link, "target": officer, "login": login, "name": name, "problems": problems or {}}
        return self._office.render(request, "setup.html", status=status, **values)

    async def _link(self, request: web.Request) -> tuple[links.Link, Officer | None]:
        now, token = self._office.clock(), request.match_info["token"]
        link = await self._office.database.read(links.find, token, now=now)
        if link is None:
            raise Refused(410, "link.unusable", "unknown, used or too old")
        if link.officer_id is None:
            return link, None
        officer = await self._office.database.read(officers.get, link.officer_id)
        if officer is None:
            raise Refused(410, "link.unusable", "the officer is disabled")
        return link, officer

    async def _begin_session(
        self, request: web.Request, response: web.Response, officer_id: int, *, attempt: auth.Try | None = None
    ) -> None:
        """
        Give the browser a new token, whatever it brought along: nobody can choose a session for somebody else.
        """
        token = await self._office.database.keep(
            _begin_session,
            officer_id,
            old=request.cookies.get(COOKIE),
            user_agent=request.headers.get("User-Agent", ""),
            attempt=attempt,
            now=self._office.clock(),
        )
        response.set_cookie(
            COOKIE, token, path="/admin", httponly=True, samesite="Lax", secure=secure(self._office, request)
        )

    def _pace(self, request: web.Request) -> str:
        """
        Return the visitor's address, if it may try now.

        Raises:
            Refused: 429.
        """
        address = visitor_address(request, self._office.trusted_proxies) or "127.0.0.1"
        wait = self._per_address.wait(address, now=time.monotonic())
        if wait > 0:
            raise Refused(429, "request.too_many", "too many tries; wait a little", retry_after=wait)
        return address


def normal(login: str) -> str:
    return login.strip().lower()


def wrong_officer(login: str, name: str) -> dict[str, str]:
    """
    Say what is wrong with a new officer's login and name, by field.
    """
    problems = {}
    if not 2 <= len(name) <= 120:
        problems["name"] = wording.BAD_NAME
    if not LOGIN.fullmatch(login):
        problems["login"] = wording.BAD_LOGIN
    return problems


def _wrong_password(form: object, *, login: str) -> dict[str, str]:
    password = _text(form, "password")
    weakness = auth.weakness(password, login=login)
    if weakness is not None:
        return {"password": wording.WEAK_PASSWORDS[weakness]}
    return {} if password == _text(form, "again") else {"again": wording.NOT_THE_SAME}


def _text(form: object, name: str) -> str:
    found = form.get(name, "") if hasattr(form, "get") else ""
    return found if isinstance(found, str) else ""


def _ours(address: str) -> str:
    """
    Return a page of the office to go to; the start for whatever leads out of it.
    """
    try:
        parts = urlsplit(address)
    except ValueError:
        return "/admin/"
    if parts.scheme or parts.netloc or not parts.path.startswith("/admin/") or set(address) & set("\\\r\n"):
        return "/admin/"
    return address


def _go(address: str) -> web.Response:
    return web.Response(status=303, headers={"Location": address})


def _begin(
    connection: sa.Connection, login: str, address: str, *, now: float
) -> tuple[auth.Try, tuple[int, str] | None]:
    return auth.begin_try(connection, login, address, now=now), officers.password_hash(connection, login)


def _begin_session(
    connection: sa.Connection,
    officer_id: int,
    *,
    old: str | None,
    user_agent: str,
    attempt: auth.Try | None,
    now: float,
) -> str:
    if old:
        sessions.end(connection, old)
    if attempt is not None:
        auth.right(connection, attempt.id)
    return sessions.begin(connection, officer_id, user_agent=user_agent, now=now)


def _set_up(connection: sa.Connection, token: str, login: str, name: str, hashed: str, *, now: float) -> int | None:
    link = links.use(connection, token, now=now)
    if link is None:
        return None
    officer_id = link.officer_id
    if officer_id is None:
        officer_id = officers.create(connection, login=login, name=name, roles=[(ALL_WARDS, "admin")], now=now)
        assert officer_id is not None  # there was nobody whose login it could be
        audit.note(connection, None, ward="", action="officer.created", what=f"officer/{officer_id}", now=now,
                   after={"login": login, "name": name, "roles": {ALL_WARDS: ["admin"]}})  # fmt: skip
    officer = officers.get(connection, officer_id)
    audit.note(connection, officer, ward="", action="officer.password_set", what=f"officer/{officer_id}", now=now)
    auth.forgive(connection, login)
    officers.set_password(connection, officer_id, hashed)
    return officer_id


def _change_password(connection: sa.Connection, officer: Officer, hashed: str, *, now: float) -> None:
    officers.set_password(connection, officer.id, hashed)
    audit.note(connection, officer, ward="", action="officer.password_set", what=f"officer/{officer.id}", now=now)
