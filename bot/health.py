"""
/healthz, and what `python -m bot check` prints: one line per part, with what to do.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import Any

import aiohttp

from bot import inbox
from bot.database import Database
from bot.delivery import ledger
from bot.dialogue import Dialogue
from bot.errors import KnowledgeUnreachable
from bot.knowledge_api import KnowledgeApi
from bot.log import log

ACTIONS_SECONDS = 2.0
# A turn that breaks asks for this; hundreds may break at once when a program goes down.
OUTAGE_REMEMBERED_SECONDS = 0.5


@dataclass(frozen=True)
class Part:
    name: str
    ok: bool
    detail: str
    advice: str = ""

    def line(self) -> str:
        return f"{'ok  ' if self.ok else 'FAIL'} {self.name:<10} {self.detail}" + (
            "" if self.ok or not self.advice else f" — {self.advice}"
        )


class Health:
    """
    Asks the parts. `close` when done.
    """

    def __init__(self, database: Database, dialogue: Dialogue, knowledge: KnowledgeApi, actions_url: str):
        self._database, self._dialogue, self._knowledge = database, dialogue, knowledge
        self._actions_url = actions_url
        self._session = aiohttp.ClientSession()
        self._asking = asyncio.Lock()
        self._outage: tuple[float, bool] = (-1e9, False)

    async def close(self) -> None:
        await self._session.close()

    async def parts(self) -> list[Part]:
        return list(
            await asyncio.gather(
                self.database(), self.rasa(), self.actions(), self.knowledge(), return_exceptions=False
            )
        )

    async def outage(self) -> bool:
        """
        Say whether Rasa, actions or knowledge is down, as of the last half second.
        """
        async with self._asking:
            asked_at, down = self._outage
            if time.monotonic() - asked_at > OUTAGE_REMEMBERED_SECONDS:
                parts = await asyncio.gather(self.rasa(), self.actions(), self.knowledge())
                down = not all(part.ok for part in parts)
                self._outage = (time.monotonic(), down)
            return down

    async def database(self) -> Part:
        advice = "see BOT_DATABASE; is the disk full, the server up?"
        try:
            waiting, oldest = await self._database.read(inbox.depth)
            unsent = await self._database.read(ledger.count_open)
        except Exception as error:
            log.warning("database.unreachable", problem=type(error).__name__)
            return Part("database", False, type(error).__name__, advice)
        age = f", the oldest for {time.time() - oldest:.0f} s" if oldest is not None else ""
        kind = self._database.url.get_backend_name()
        return Part("database", True, f"{kind}; {waiting} messages wait{age}; {unsent} replies unsent")

    async def queue(self) -> dict[str, Any]:
        waiting, oldest = await self._database.read(inbox.depth)
        return {
            "waiting": waiting,
            "oldest_seconds": round(time.time() - oldest, 1) if oldest is not None else 0,
            "unsent": await self._database.read(ledger.count_open),
        }

    async def rasa(self) -> Part:
        ok = await self._dialogue.alive()
        return Part("rasa", ok, self._dialogue.url, "no answer; start it with `make run`, or set BOT_RASA_URL")

    async def actions(self) -> Part:
        timeout = aiohttp.ClientTimeout(total=ACTIONS_SECONDS)
        advice = "no answer; start it with `make run`, or set BOT_ACTIONS_URL"
        try:
            async with self._session.get(f"{self._actions_url}/health", timeout=timeout) as response:
                return Part("actions", response.status == 200, self._actions_url, advice)
        except (aiohttp.ClientError, TimeoutError, OSError):
            return Part("actions", False, self._actions_url, advice)

    async def knowledge(self) -> Part:
        try:
            body = await self._knowledge.health()
        except KnowledgeUnreachable as error:
            return Part("knowledge", False, str(error), "start it with `make run`, or set BOT_KNOWLEDGE_URL")
        return Part("knowledge", True, f"{self._knowledge.url}; {body.get('entries', '?')} entries")
