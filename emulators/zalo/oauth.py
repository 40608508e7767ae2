"""
OAuth v4: the consent page, codes, and refresh tokens that work once.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from typing import Any

import orjson
from aiohttp import web
from yarl import URL

from emulators.zalo.core import ACCESS_SECONDS, Core
from emulators.zalo.gate import BadDay, cut
from emulators.zalo.refusals import Refused
from emulators.zalo.world import Account, Grant, ZaloApp

CODE_SECONDS = 600


@dataclass
class Code:
    text: str = field(repr=False)
    account: str
    challenge: str | None
    expires_at: float
    used: bool = False


def challenge_of(verifier: str) -> str:
    """
    base64url without padding of the raw SHA-256.
    """
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


class OAuth:
    """
    `consenting`: the Official Account whose admin clicks "agree"; None is the first one of the app.
    """

    def __init__(self, core: Core):
        self._core = core
        self._codes: dict[str, Code] = {}
        self.consenting: str | None = None

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/v4/oa/permission", self.permission), web.post("/v4/oa/access_token", self.access_token)]

    async def permission(self, request: web.Request) -> web.StreamResponse:
        """
        The admin agrees at once: back to the callback with code, oa_id and state.
        """
        query = request.query
        try:
            app = self._app(query.get("app_id"))
            redirect = query.get("redirect_uri") or app.redirect_uri
            if not redirect or (app.redirect_uri is not None and redirect != app.redirect_uri):
                raise Refused(-14003)
            account = self._consenting(app)
        except Refused as refused:
            return self._refuse(request, refused)
        challenge = query.get("code_challenge") or app.code_challenge
        code = Code(secrets.token_urlsafe(64), account.id, challenge, self._core.now() + CODE_SECONDS)
        self._codes[code.text] = code
        values = {"oa_id": account.id, "code": code.text}
        if "state" in query:
            values["state"] = query["state"]
        raise web.HTTPFound(URL(redirect).update_query(values))

    def _consenting(self, app: ZaloApp) -> Account:
        for account in self._core.accounts.values():
            if account.app_id == app.id and self.consenting in (None, account.id):
                return account
        raise Refused(-14002)

    async def access_token(self, request: web.Request) -> web.StreamResponse:
        weather = self._core.weather
        if weather.oauth_down:
            return web.Response(status=503, text="<html>Service Unavailable</html>", content_type="text/html")
        day = BadDay(weather.oauth_days)
        instead = await day.before(request, weather.slow_seconds)
        if instead is not None:
            return instead
        try:
            if day.code:
                raise Refused(day.code)
            # A JSON body has no form fields, and so no app id.
            is_form = request.content_type == "application/x-www-form-urlencoded"
            form = {k: str(v) for k, v in (await request.post()).items()} if is_form else {}
            app = self._app(form.get("app_id"))
            if not hmac.compare_digest(request.headers.get("secret_key", "").encode(), app.secret.encode()):
                raise Refused(-14004)
            grant_type = form.get("grant_type")
            if day.day == "no_number":
                raise Refused(-14014)
            if grant_type == "authorization_code":
                grant = self._exchange(app, form)
            elif grant_type == "refresh_token":
                grant = self._refresh(app, form)
            else:
                raise Refused(-14001)
        except Refused as refused:
            return self._refuse(request, refused, numbered=day.day != "no_number")
        if day.day == "cut_after" or (weather.lose_refresh_answer and grant_type == "refresh_token"):
            return cut(request)
        expires_in: str | int = str(ACCESS_SECONDS) if weather.expires_in == "string" else ACCESS_SECONDS
        body = {"access_token": grant.access_token, "refresh_token": grant.refresh_token, "expires_in": expires_in}
        return self._answer(body)

    def _app(self, app_id: str | None) -> ZaloApp:
        app = self._core.apps.get(app_id or "")
        if app is None:
            raise Refused(-14002)
        return app

    def _exchange(self, app: ZaloApp, form: dict[str, str]) -> Grant:
        code = self._codes.get(form.get("code", ""))
        if code is None or code.used or self._core.accounts[code.account].app_id != app.id:
            raise Refused(-14005)
        if self._core.now() >= code.expires_at:
            raise Refused(-14019)
        verifier = form.get("code_verifier", "")
        required = self._core.weather.pkce == "required"
        if (code.challenge is not None or required) and challenge_of(verifier) != code.challenge:
            raise Refused(-14012)
        code.used = True
        return self._core.mint(self._core.accounts[code.account])

    def _refresh(self, app: ZaloApp, form: dict[str, str]) -> Grant:
        """
        Change a pair for a new one: the old refresh token and the old access token are dead from here on.
        """
        old = self._core.refresh.get(form.get("refresh_token", ""))
        if old is None or old.spent or old.revoked or self._core.accounts[old.account].app_id != app.id:
            raise Refused(-14014)
        now = self._core.now()
        if now >= old.refresh_expires_at:
            raise Refused(-14020)
        old.spent, old.replaced_at = True, now
        return self._core.mint(self._core.accounts[old.account])

    def _answer(self, body: dict[str, Any]) -> web.Response:
        return web.Response(body=orjson.dumps(body), content_type=self._core.weather.content_type)

    def _refuse(self, request: web.Request, refused: Refused, *, numbered: bool = True) -> web.Response:
        self._core.note_refused(request.path, refused)
        body: dict[str, Any] = {
            "error_name": refused.message,
            "error_reason": refused.message,
            "ref_doc": "https://developers.zalo.me/docs/official-account/phu-luc/ma-loi",
            "error_description": refused.message,
        }
        if numbered and not self._core.weather.oauth_without_number:
            body = {"error": refused.code} | body
        return self._answer(body)
