"""
What every call of the OpenAPI and of ZBS passes: bad days, token, rate limit, arguments; and the envelope of answers.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import Awaitable, Callable
from typing import Any, Literal

import orjson
from aiohttp import web

from emulators.zalo.core import Core
from emulators.zalo.refusals import Refused, invalid
from emulators.zalo.world import Account, Grant, ZaloApp

Arguments = dict[str, Any]
Call = Callable[[Account, Arguments], Awaitable[Any]]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Read = Literal["body", "data", "query", "form", "none"]
HANG_SECONDS = 3600.0


class BadDay:
    """
    What goes wrong with one answer: taken from the front of a list of days.
    """

    def __init__(self, days: list[str]):
        self.day = days.pop(0) if days else "ok"

    @property
    def code(self) -> int | None:
        return int(self.day) if self.day.lstrip("-").isdecimal() else None

    async def before(self, request: web.Request, slow_seconds: float) -> web.Response | None:
        """
        Return what is answered instead of doing anything, or None to go on.
        """
        if self.day == "slow":
            await asyncio.sleep(slow_seconds or 1.0)
        if self.day == "hang":
            await asyncio.sleep(HANG_SECONDS)
        if self.day in ("hang", "cut"):
            return cut(request)
        if self.day == "http_500":
            return web.Response(status=500, text="<html>Internal Server Error</html>", content_type="text/html")
        if self.day == "not_json":
            return web.Response(text="<html>Bảo trì</html>", content_type="text/html")
        return None


def cut(request: web.Request) -> web.Response:
    """
    Break the connection: the caller never gets the answer.
    """
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


class Gate:
    def __init__(self, core: Core):
        self._core = core

    def api(self, call: Call, *, read: Read = "body", sends: bool = False, zbs: bool = False) -> Handler:
        """
        Wrap a call of the OpenAPI. `zbs`: another bucket for the rate limit, another code for bad tokens.
        """
        weather = self._core.weather

        async def handle(request: web.Request) -> web.StreamResponse:
            if weather.api_down:
                return web.Response(status=503, text="<html>Service Unavailable</html>", content_type="text/html")
            day = BadDay(weather.send_days if sends and weather.send_days else weather.api_days)
            if weather.slow_seconds and day.day != "slow":
                # What has arrived is done, also for somebody who hangs up meanwhile.
                if request.can_read_body and request.content_type != "multipart/form-data":
                    await request.read()
                await asyncio.sleep(weather.slow_seconds)
            instead = await day.before(request, weather.slow_seconds)
            if instead is not None:
                return instead
            headers: dict[str, str] = {}
            account = None
            arguments: Arguments = {}
            try:
                account, app, grant = self._admit(request, bad_token=-124 if zbs else None)
                if not zbs:
                    self._count(app, headers)
                self._check_account(request, account, app, grant)
                trouble = day.code or account.trouble or weather.api_error or (weather.send_error if sends else 0)
                if trouble:
                    raise Refused(trouble)
                arguments = await _read(request, read)
                data = await call(account, arguments)
            except Refused as refused:
                self._note(request, account, arguments, refused)
                return self.answer(refused.body, headers)
            if day.day == "cut_after":
                return cut(request)
            return self.answer({"error": 0, "message": "Success", "data": data}, headers)

        return handle

    def answer(self, body: Any, headers: dict[str, str] | None = None) -> web.Response:
        return web.Response(body=orjson.dumps(body), headers=headers, content_type=self._core.weather.content_type)

    async def unknown(self, request: web.Request) -> web.StreamResponse:
        refused = Refused(404)
        self._note(request, None, {}, refused)
        return web.Response(body=orjson.dumps(refused.body), status=404, content_type="application/json")

    def _admit(self, request: web.Request, bad_token: int | None) -> tuple[Account, ZaloApp, Grant]:
        core, weather = self._core, self._core.weather
        grant = core.access.get(request.headers.get("access_token", ""))
        if grant is None:
            raise Refused(bad_token or -216)
        now = core.now()
        if grant.revoked or now >= grant.expires_at:
            raise Refused(bad_token or -220)
        if grant.replaced_at is not None and now >= grant.replaced_at + weather.old_token_grace_seconds:
            raise Refused(bad_token or int(weather.old_token))
        account = core.accounts[grant.account]
        return account, core.app_of(account), grant

    def _count(self, app: ZaloApp, headers: dict[str, str]) -> None:
        weather = self._core.weather
        minute = int(self._core.now() // 60)
        if app.minute != minute:
            app.minute, app.calls = minute, 0
        app.calls += 1
        headers["X-RateLimit-Limit"] = str(weather.requests_per_minute)
        headers[weather.rate_header] = str(max(0, weather.requests_per_minute - app.calls))
        if app.calls > weather.requests_per_minute:
            raise Refused(-32)

    def _check_account(self, request: web.Request, account: Account, app: ZaloApp, grant: Grant) -> None:
        proof = request.headers.get("appsecret_proof") or request.query.get("appsecret_proof")
        if proof is None and not self._core.weather.require_proof:
            return
        right = hmac.new(app.secret.encode(), grant.access_token.encode(), hashlib.sha256).hexdigest()
        if not hmac.compare_digest((proof or "").encode(), right.encode()):
            raise Refused(-242)

    def _note(self, request: web.Request, account: Account | None, arguments: Arguments, refused: Refused) -> None:
        recipient = arguments.get("recipient")
        user = recipient.get("user_id") if isinstance(recipient, dict) else arguments.get("user_id")
        self._core.note_refused(
            request.path,
            refused,
            account=account.id if account else "",
            user=user if isinstance(user, str) else "",
        )


async def _read(request: web.Request, read: Read) -> Arguments:
    """
    Return the arguments: a JSON body, JSON in the query's `data`, the query itself, or a multipart form.
    """
    if read == "none":
        return {}
    if read == "query":
        return dict(request.query)
    if read == "form":
        if request.content_type != "multipart/form-data":
            raise invalid("file")
        return dict(await request.post())
    try:
        found = orjson.loads(await request.read() if read == "body" else request.query.get("data", ""))
    except ValueError:
        raise invalid("body" if read == "body" else "data") from None
    if not isinstance(found, dict):
        raise invalid("body" if read == "body" else "data")
    return found
