"""
OAuth v4 of Zalo: the address where an OA's admin consents, and the two exchanges that give a pair of tokens.

Success is a non-empty access_token, nothing else: failures come with HTTP 200, and sometimes without a number
(zalo-oa sheet 2.1, read 2026-11-20).
"""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
import string
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode

import aiohttp
import orjson

from bot.channels.account import reveal
from bot.channels.tokens import Pair
from bot.channels.zalo.account import ACCESS_SECONDS, REFRESH_SECONDS, ZaloAccount
from bot.errors import BotError

HTTP_SECONDS = 15.0
CONNECT_SECONDS = 5.0
VERIFIER_CHARS = 43
MAX_ANSWER_BYTES = 1 << 16
_NAME = re.compile(r"[A-Za-z_ ]{1,60}", re.ASCII)


class GrantRefused(BotError):
    """
    Zalo answered and gave no tokens. `number` is its error code, None when it named none.
    """

    code = "zalo.grant_refused"

    def __init__(self, number: int | None, name: str = ""):
        super().__init__(f"zalo refused to give tokens: {number if number is not None else 'no number'} {name}".strip())
        self.number = number


class GrantUnclear(BotError):
    """
    Nobody knows whether Zalo did it. `sent` is False when the request did not even leave.
    """

    code = "zalo.grant_unclear"

    def __init__(self, why: str, *, sent: bool = True):
        super().__init__(f"zalo gave no answer to the request for tokens: {why}")
        self.sent = sent


class Consent(NamedTuple):
    """
    What an OA's admin opens, and what must be kept until the code comes back. Without PKCE there is no verifier.
    """

    url: str
    state: str
    verifier: str | None

    def __repr__(self) -> str:
        return "Consent(…)"


def consent(account: ZaloAccount, redirect_uri: str) -> Consent:
    """
    Return the address where an admin of the OA agrees; Zalo then calls `redirect_uri`?code=…&oa_id=…&state=….
    """
    state, verifier = secrets.token_urlsafe(24), None
    if account.pkce == "per_request":
        letters = string.ascii_letters + string.digits
        verifier = "".join(secrets.choice(letters) for _ in range(VERIFIER_CHARS))
    elif account.pkce == "fixed":
        verifier = reveal(account.code_verifier)
    query = {"app_id": account.app_id, "redirect_uri": redirect_uri}
    if verifier is not None:
        query["code_challenge"] = challenge(verifier)
    query["state"] = state
    return Consent(f"{account.oauth_url.rstrip('/')}/v4/oa/permission?{urlencode(query)}", state, verifier)


def challenge(verifier: str) -> str:
    """
    Return base64url of the raw SHA-256, without padding.
    """
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


async def exchange(
    session: aiohttp.ClientSession, account: ZaloAccount, code: str, verifier: str | None, *, now: float
) -> Pair:
    """
    Turn the code of a consent into a pair. A code lives 10 minutes and works once.

    Raises:
        GrantRefused: The code is wrong or too old, the app or its secret is wrong, …
        GrantUnclear: No answer; ask for consent again.
    """
    form = {"code": code, "app_id": account.app_id, "grant_type": "authorization_code"}
    if verifier is not None:
        form["code_verifier"] = verifier
    return await _ask(session, account, form, now=now)


async def refresh(session: aiohttp.ClientSession, account: ZaloAccount, refresh_token: str, *, now: float) -> Pair:
    """
    Turn a refresh token into a new pair. At that moment the old pair is dead, both of it.

    Raises:
        GrantRefused: The refresh token is spent or too old, or the app is wrong.
        GrantUnclear: No answer; the token may be spent or not.
    """
    form = {"refresh_token": refresh_token, "app_id": account.app_id, "grant_type": "refresh_token"}
    return await _ask(session, account, form, now=now)


def read(status: int, raw: bytes, *, now: float) -> Pair:
    """
    Read the answer of the token endpoint. Pure.
    """
    try:
        body = orjson.loads(raw)
    except orjson.JSONDecodeError:
        raise GrantUnclear(f"HTTP {status}, not JSON") from None
    token = body.get("access_token") if isinstance(body, dict) else None
    if isinstance(token, str) and token.strip():
        refresh_token = body.get("refresh_token")
        return Pair(
            token.strip(),
            refresh_token.strip() if isinstance(refresh_token, str) else "",
            expires_at=now + _lifetime(body.get("expires_in")),
            refresh_expires_at=now + REFRESH_SECONDS,
        )
    if status >= 500 or status == 429 or not isinstance(body, dict):
        raise GrantUnclear(f"HTTP {status}, no tokens")
    raise GrantRefused(_number(body), _name(body))


async def _ask(session: aiohttp.ClientSession, account: ZaloAccount, form: Mapping[str, str], *, now: float) -> Pair:
    try:
        async with session.post(
            f"{account.oauth_url.rstrip('/')}/v4/oa/access_token",
            data=form,
            headers={"secret_key": account.app_secret.get_secret_value()},
            timeout=aiohttp.ClientTimeout(total=HTTP_SECONDS, connect=CONNECT_SECONDS, sock_connect=CONNECT_SECONDS),
            allow_redirects=False,  # a redirect would take the secret elsewhere
        ) as response:
            raw = await response.content.read(MAX_ANSWER_BYTES)
            while not response.content.at_eof() and len(raw) < MAX_ANSWER_BYTES:
                raw += await response.content.read(MAX_ANSWER_BYTES)
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL) as error:
        raise GrantUnclear(type(error).__name__, sent=False) from None
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        # `from None`: an error of the HTTP client may hold the request's headers, and with them the secret.
        raise GrantUnclear(type(error).__name__) from None
    return read(response.status, raw, now=now)


def _lifetime(value: Any) -> float:
    """
    expires_in is text or a number, by the platform's own documentation; what cannot be read is 25 hours.
    """
    text = str(value) if isinstance(value, (int, float, str)) and not isinstance(value, bool) else ""
    return float(text) if re.fullmatch(r"[0-9]{1,9}(\.0*)?", text) and float(text) > 0 else ACCESS_SECONDS


def _number(body: Mapping[str, Any]) -> int | None:
    value = body.get("error")
    text = str(value) if isinstance(value, (int, str)) and not isinstance(value, bool) else ""
    return int(text) if re.fullmatch(r"-?[0-9]{1,9}", text) else None


def _name(body: Mapping[str, Any]) -> str:
    value = body.get("error_name")
    return value if isinstance(value, str) and _NAME.fullmatch(value) else ""
