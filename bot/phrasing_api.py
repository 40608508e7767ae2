"""
HTTP client of the action server's /phrase: how answers would read to a citizen, for previews.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import aiohttp
import orjson

from bot.log import log

SECONDS = 5.0


class Bubble(NamedTuple):
    """
    One message as a channel gets it, and the titles of the buttons under it.
    """

    text: str
    buttons: list[str]


class PhrasingApi:
    """
    One per program; `close` when done.
    """

    def __init__(self, actions_url: str):
        self.url = actions_url.rstrip("/")
        self._session = aiohttp.ClientSession()

    async def close(self) -> None:
        await self._session.close()

    async def phrase(self, answers: Sequence[Mapping[str, Any]]) -> list[list[Bubble]] | None:
        """
        Return the messages of each answer, in order; None when nobody phrases now: a page does without a preview.
        """
        if not answers:
            return []
        timeout = aiohttp.ClientTimeout(total=SECONDS)
        data, headers = orjson.dumps({"answers": answers}), {"Content-Type": "application/json"}
        try:
            async with self._session.post(
                f"{self.url}/phrase", data=data, headers=headers, timeout=timeout
            ) as response:
                raw = await response.read()
            if response.status != 200:
                log.warning("preview.failed", url=self.url, status=response.status)
                return None
            replies = orjson.loads(raw)["replies"]
            return [[Bubble(str(one["text"]), list(one["buttons"])) for one in reply] for reply in replies]
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError, KeyError, TypeError) as error:
            log.warning("preview.failed", url=self.url, problem=type(error).__name__)
            return None
