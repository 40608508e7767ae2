"""
One call of the Graph API: address, token, timeouts, and its errors as SendErrors. No token ever stands in an error.
"""

from __future__ import annotations

import hashlib
import hmac
import math
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import aiohttp
import orjson

from bot.channels.base import SendError
from bot.channels.messenger.account import MessengerAccount
from bot.channels.messenger.trouble import Verdict, judge, judge_status, number

CONNECT_SECONDS = 5.0
CALL_SECONDS = 15.0
MAX_ANSWER_BYTES = 1 << 20
_TRACE = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)


class Answer(NamedTuple):
    """
    `used_percent`: how much of its calls the Page has used, by its most used limit; None when Meta did not say.
    """

    body: dict[str, Any]
    used_percent: float | None


class GraphError(SendError):
    """
    The Graph API refused. `verdict` says what an officer should do.
    """

    def __init__(
        self,
        verdict: Verdict,
        *,
        status: int,
        code: int | None = None,
        subcode: int | None = None,
        trace: str = "",
        wait_seconds: float | None = None,
        uncertain: bool = False,
    ):
        where = f"HTTP {status}" if code is None else f"{code}/{subcode}" if subcode else str(code)
        super().__init__(
            f"messenger {where}: {verdict.what}" + (f" (trace {trace})" if trace else ""),
            trouble=verdict.trouble,
            retry_after=wait_seconds or verdict.retry_after,
            uncertain=uncertain,
        )
        self.verdict, self.status, self.graph_code, self.graph_subcode = verdict, status, code, subcode


class Graph:
    """
    One per channel; `close` when done. The session is made at the first call, in the loop that makes it.
    """

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def call(
        self,
        account: MessengerAccount,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
        file: tuple[bytes, str] | None = None,
        proof: bool = False,
        seconds: float = CALL_SECONDS,
    ) -> Answer:
        """
        Return what the API answered. `path` begins with a slash; `proof` sends appsecret_proof in any case. `file`:
        (content, type) of what goes along as `source`; the body is a form then.

        Raises:
            SendError: Not reached, refused, or (`uncertain`) sent and not answered.
        """
        query, headers = dict(params or {}), {}
        token = account.page_token.get_secret_value()
        if account.token_in == "header":  # noqa: S105
            headers["Authorization"] = f"Bearer {token}"
        else:
            query["access_token"] = token
        if proof or account.send_appsecret_proof:
            query["appsecret_proof"] = appsecret_proof(account)
        try:
            async with self._open().request(
                method,
                f"{account.graph_url.rstrip('/')}/{account.version}{path}",
                params=query,
                headers=headers,
                json=body if file is None else None,
                data=_form(body or {}, *file) if file is not None else None,
                timeout=aiohttp.ClientTimeout(total=seconds, connect=CONNECT_SECONDS, sock_connect=CONNECT_SECONDS),
                allow_redirects=False,  # a redirect would take the token elsewhere
            ) as response:
                raw = await response.content.read(MAX_ANSWER_BYTES)
                while not response.content.at_eof() and len(raw) < MAX_ANSWER_BYTES:
                    raw += await response.content.read(MAX_ANSWER_BYTES)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise SendError(f"messenger not reached: {type(error).__name__}") from None
        except (aiohttp.InvalidURL, ValueError) as error:
            raise SendError(f"graph_url cannot be used: {type(error).__name__}", trouble="officer") from None
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise SendError(f"messenger did not answer: {type(error).__name__}", uncertain=True) from None
        return read(response.status, response.headers, raw)

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=50, keepalive_timeout=30),
                cookie_jar=aiohttp.DummyCookieJar(),
                json_serialize=lambda one: orjson.dumps(one).decode(),
            )
        return self._session


def _form(body: Mapping[str, Any], content: bytes, content_type: str) -> aiohttp.FormData:
    form = aiohttp.FormData()
    for name, value in body.items():
        form.add_field(name, value if isinstance(value, str) else orjson.dumps(value).decode())
    form.add_field("source", content, content_type=content_type, filename="source")
    return form


def appsecret_proof(account: MessengerAccount) -> str:
    """
    Return the proof that whoever holds the token also knows the app's secret.
    """
    secret, token = account.app_secret.get_secret_value(), account.page_token.get_secret_value()
    return hmac.new(secret.encode(), token.encode(), hashlib.sha256).hexdigest()


def read(status: int, headers: Mapping[str, str], raw: bytes) -> Answer:
    """
    Return the body of a good answer. Pure.

    Raises:
        GraphError: The answer names an error, whatever its status; or it is none of the Graph API's.
    """
    try:
        body = orjson.loads(raw)
    except orjson.JSONDecodeError:
        body = None
    percent, wait_seconds = usage(headers)
    error = body.get("error") if isinstance(body, dict) else None
    if isinstance(error, dict):
        trace = error.get("fbtrace_id")
        raise GraphError(
            judge(error, status=status),
            status=status,
            code=number(error.get("code")),
            subcode=number(error.get("error_subcode")),
            trace=trace if isinstance(trace, str) and _TRACE.fullmatch(trace) else "",
            wait_seconds=wait_seconds,
        )
    if status == 200 and isinstance(body, dict) and error is None:
        return Answer(body, percent)
    # A 200 that cannot be read was most likely taken; a proxy's 5xx may hide anything; 4xx was not taken.
    unclear = status < 400 or status >= 500
    verdict = Verdict("retry", "an answer that cannot be read") if status == 200 else judge_status(status)
    raise GraphError(verdict, status=status, wait_seconds=wait_seconds, uncertain=unclear)


def usage(headers: Mapping[str, str]) -> tuple[float | None, float | None]:
    """
    Return (percent used, seconds until calls are taken again) from the usage headers; None where they do not say. Pure.
    """
    percents: list[float] = []
    waits: list[float] = []
    for one in _limits(headers):
        percents += [value for name in ("call_count", "total_cputime", "total_time") if (value := _figure(one, name))]
        waits.append((_figure(one, "estimated_time_to_regain_access") or 0.0) * 60)
    retry_after = headers.get("Retry-After", "")
    if re.fullmatch(r"[0-9]{1,6}", retry_after):
        waits.append(float(retry_after))
    return max(percents, default=None), max(waits, default=0.0) or None


def _limits(headers: Mapping[str, str]) -> list[Any]:
    found: list[Any] = []
    for name in ("X-App-Usage", "X-Business-Use-Case-Usage"):
        try:
            value = orjson.loads(headers.get(name, ""))
        except orjson.JSONDecodeError:
            continue
        found.append(value)
        if isinstance(value, dict):
            found += [one for group in value.values() if isinstance(group, list) for one in group]
    return found


def _figure(limits: Any, name: str) -> float | None:
    value = limits.get(name) if isinstance(limits, dict) else None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(min(max(value, 0), 100_000))
