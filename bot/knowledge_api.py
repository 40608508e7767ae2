"""
HTTP client of the knowledge service: the wards, and health.
"""

from __future__ import annotations

from typing import Any

import aiohttp
import orjson

from bot.errors import KnowledgeUnreachable

TIMEOUT_SECONDS = 5.0
HEALTH_SECONDS = 2.0


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

    async def _get(self, path: str, seconds: float) -> Any:
        timeout = aiohttp.ClientTimeout(total=seconds)
        try:
            async with self._session.get(self.url + path, timeout=timeout) as response:
                raw = await response.read()
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise KnowledgeUnreachable(f"url={self.url}{path} {type(error).__name__}") from error
        if response.status != 200:
            raise KnowledgeUnreachable(f"url={self.url}{path} HTTP {response.status}")
        try:
            return orjson.loads(raw)
        except orjson.JSONDecodeError as error:
            raise KnowledgeUnreachable(f"url={self.url}{path} no JSON") from error
