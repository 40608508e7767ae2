"""
HTTP client of the knowledge service: the wards, and health. office_api.py speaks through it, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import aiohttp
import orjson

from bot.errors import KnowledgeUnreachable

TIMEOUT_SECONDS = 5.0
HEALTH_SECONDS = 2.0


class Said(NamedTuple):
    """
    What knowledge answered, whatever it is.
    """

    status: int
    raw: bytes
    content_type: str


class KnowledgeApi:
    """
    One per program; `close` when done.
    """

    def __init__(self, url: str):
        self.url = url.rstrip("/")
        self._session = aiohttp.ClientSession()

    async def close(self) -> None:
        await self._session.close()

    async def wards(self) -> list[dict[str, Any]]:
        """
        Return the fields of every ward file.

        Raises:
            KnowledgeUnreachable: No answer, or one without wards.
        """
        body = await self._get("/wards", TIMEOUT_SECONDS)
        found = body.get("wards") if isinstance(body, dict) else None
        if not isinstance(found, list):
            raise KnowledgeUnreachable(f"url={self.url}/wards — the answer has no list of wards")
        return [one for one in found if isinstance(one, dict) and isinstance(one.get("slug"), str)]

    async def health(self) -> dict[str, Any]:
        """
        Return what /healthz says.

        Raises:
            KnowledgeUnreachable: No answer.
        """
        body = await self._get("/healthz", HEALTH_SECONDS)
        return body if isinstance(body, dict) else {}

    async def call(
        self,
        method: str,
        path: str,
        *,
        seconds: float,
        query: Mapping[str, str] | None = None,
        body: Any = None,
        raw: bytes | None = None,
    ) -> Said:
        """
        Ask and return what came back; `body` is sent as JSON, `raw` as it is.

        Raises:
            KnowledgeUnreachable: No answer in time.
        """
        timeout = aiohttp.ClientTimeout(total=seconds)
        headers = {} if body is None else {"Content-Type": "application/json"}
        data = raw if body is None else orjson.dumps(body)
        try:
            async with self._session.request(
                method, self.url + path, params=query, data=data, headers=headers, timeout=timeout
            ) as response:
                return Said(response.status, await response.read(), response.content_type)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise KnowledgeUnreachable(f"url={self.url}{path} {type(error).__name__}") from error

    async def _get(self, path: str, seconds: float) -> Any:
        said = await self.call("GET", path, seconds=seconds)
        if said.status != 200:
            raise KnowledgeUnreachable(f"url={self.url}{path} HTTP {said.status}")
        try:
            return orjson.loads(said.raw)
        except orjson.JSONDecodeError as error:
            raise KnowledgeUnreachable(f"url={self.url}{path} no JSON") from error
