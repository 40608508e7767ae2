"""
Calls of the OpenAPI for one OA: token, envelope, call limit, and every failure as a SendError without a secret in it.

An error comes with HTTP 200 and `error` other than 0: that number decides, the HTTP status only where there is none
(zalo-oa sheet 1, read 2026-11-20).
"""

from __future__ import annotations

import hashlib
import hmac
import re
import time
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import aiohttp
import orjson

from bot.channels.base import SendError
from bot.channels.zalo.account import ZaloAccount
from bot.channels.zalo.content import mapping
from bot.channels.zalo.token import Tokens
from bot.channels.zalo.trouble import BUSY_SECONDS, judge

CALL_SECONDS = 10.0
CONNECT_SECONDS = 5.0
MAX_ANSWER_BYTES = 1 << 20
# Two sources, two names.
_REMAINING = ("X-RateLimit-Remain", "X-RateLimit-Remaining")
_NUMBER = re.compile(r"-?[0-9]{1,9}", re.ASCII)


class Answer(NamedTuple):
    """
    `code` is the envelope's `error`; None: there was no envelope. `calls_left`: in this minute, None if not said.
    """

    status: int
    code: int | None
    data: dict[str, Any]
    calls_left: int | None
    retry_after: float | None


class Api:
    """
    `holds`: app id → when its minute is over, shared by all OAs of the app, since they share its limit.
    """

    def __init__(
        self,
        account: ZaloAccount,
        tokens: Tokens,
        session: Callable[[], aiohttp.ClientSession],
        holds: dict[str, float],
        *,
        clock: Callable[[], float] = time.time,
    ):
        self._account, self._tokens, self._session = account, tokens, session
        self._holds, self._clock = holds, clock

    async def post(self, path: str, body: Mapping[str, Any]) -> Answer:
        """
        Return a good answer; a token that is refused is replaced once, and the call made once more.

        Raises:
            SendError: With the trouble of the code, or `uncertain` when nobody knows what became of it.
        """
        return await self._call("POST", path, data=orjson.dumps(body))

    async def get(self, path: str, values: Mapping[str, Any] | None = None) -> Answer:
        """
        As `post`. OA endpoints take one query parameter `data` with JSON in it.
        """
        query = {"data": orjson.dumps(values).decode()} if values else {}
        return await self._call("GET", path, params=query)

    async def _call(self, method: str, path: str, **given: Any) -> Answer:
        wait = self._holds.get(self._account.app_id, 0.0) - self._clock()
        if wait > 0:
            raise SendError("zalo: the calls of this minute are used up", retry_after=wait)
        token = await self._tokens.good()
        answer = await self._ask(method, path, token, given)
        if self._refuses_the_token(answer):
            answer = await self._ask(method, path, await self._tokens.instead_of(token), given)
        if answer.calls_left == 0 or answer.code == -32:
            self._holds[self._account.app_id] = self._clock() + (answer.retry_after or BUSY_SECONDS)
        if answer.code == 0:
            return answer
        raise self._error(answer)

    def _refuses_the_token(self, answer: Answer) -> bool:
        return answer.code is not None and judge(answer.code, now=self._clock()).trouble == "token"

    def _error(self, answer: Answer) -> SendError:
        if answer.code is None:
            return _no_envelope(answer)
        verdict = judge(answer.code, now=self._clock())
        # A new token that is refused as well: somebody must look.
        trouble = "officer" if verdict.trouble == "token" else verdict.trouble
        wait = answer.retry_after or verdict.retry_after
        return SendError(f"zalo {answer.code}: {verdict.what}", trouble=trouble, retry_after=wait)

    async def _ask(self, method: str, path: str, token: str, given: Mapping[str, Any]) -> Answer:
        headers = {"access_token": token, "Content-Type": "application/json"}
        if self._account.send_appsecret_proof:
            secret = self._account.app_secret.get_secret_value()
            headers["appsecret_proof"] = hmac.new(secret.encode(), token.encode(), hashlib.sha256).hexdigest()
        # `from None` everywhere: an error of the HTTP client may hold the request's headers, and with them the token.
        try:
            async with self._session().request(
                method,
                self._account.api_url.rstrip("/") + path,
                headers=headers,
                timeout=aiohttp.ClientTimeout(
                    total=CALL_SECONDS, connect=CONNECT_SECONDS, sock_connect=CONNECT_SECONDS
                ),
                allow_redirects=False,  # a redirect would take the token elsewhere
                **given,
            ) as response:
                raw = await response.content.read(MAX_ANSWER_BYTES)
                while not response.content.at_eof() and len(raw) < MAX_ANSWER_BYTES:
                    raw += await response.content.read(MAX_ANSWER_BYTES)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise SendError(f"zalo not reached: {type(error).__name__}") from None
        except (aiohttp.InvalidURL, ValueError) as error:
            raise SendError(f"api_url or token cannot be used: {type(error).__name__}", trouble="officer") from None
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise SendError(f"zalo did not answer: {type(error).__name__}", uncertain=True) from None
        return read(response.status, response.headers, raw)


def read(status: int, headers: Mapping[str, str], raw: bytes) -> Answer:
    """
    Read an answer, whatever it holds. Pure.
    """
    try:
        body = mapping(orjson.loads(raw))
    except orjson.JSONDecodeError:
        body = {}
    data = mapping(body.get("data"))
    code = whole(body.get("error"))
    if code is None and status == 200 and data.get("message_id"):
        code = 0
    left = next((found for name in _REMAINING if (found := whole(headers.get(name))) is not None), None)
    wait = whole(headers.get("Retry-After"))
    return Answer(status, code, data, left, float(wait) if wait is not None and 0 < wait <= 86_400 else None)


def whole(value: Any) -> int | None:
    """
    Return a whole number, which the platform may write as text.
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        return int(value)
    return value if isinstance(value, int) else None


def _no_envelope(answer: Answer) -> SendError:
    """
    Something between us and Zalo spoke. A 200 was most likely taken, a 5xx may hide anything, a 4xx was not taken.
    """
    if answer.status == 429:
        return SendError("zalo: HTTP 429", retry_after=answer.retry_after or BUSY_SECONDS)
    if 400 <= answer.status < 500 and answer.status != 408:
        return SendError(f"zalo: HTTP {answer.status} without an envelope; is api_url right?", trouble="officer")
    if answer.status == 503:
        return SendError("zalo: HTTP 503", retry_after=answer.retry_after)
    return SendError(f"zalo: HTTP {answer.status} without an envelope", uncertain=True, retry_after=answer.retry_after)
