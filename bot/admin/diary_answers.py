"""
What the assistant says now: asked of knowledge when the diary is opened, and remembered for a minute.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import orjson

from bot.admin.content_places import NEW_KINDS
from bot.errors import KnowledgeUnreachable
from bot.knowledge_api import KnowledgeApi

ANSWER_SECONDS = 3.0
KEPT_SECONDS = 60.0
KEPT = 2_000
TOGETHER = 4


class Named(NamedTuple):
    """
    An entry as pages name it. `editable`: it has a page of its own under /admin/content.
    """

    kind: str
    id: str
    title: str

    @property
    def editable(self) -> bool:
        return self.kind in NEW_KINDS


class AnswersNow:
    """
    One per program. Nothing here raises: a diary without knowledge is still a diary.
    """

    def __init__(self, knowledge: KnowledgeApi, clock: Callable[[], float]):
        self._knowledge, self._clock = knowledge, clock
        self._kept: dict[tuple[str, str, str], tuple[float, Named | None]] = {}
        self._together = asyncio.Semaphore(TOGETHER)

    async def to(self, ward: str, questions: Iterable[str]) -> dict[str, Named]:
        """
        Return the entry that answers each question now; those without an answer are missing.
        """
        wanted = list(dict.fromkeys(questions))
        found = await asyncio.gather(*(self._ask("answer", ward, one) for one in wanted))
        return {one: named for one, named in zip(wanted, found, strict=True) if named is not None}

    async def entries(self, ward: str, ids: Iterable[str]) -> dict[str, Named]:
        """
        Return what entries are called; those that are gone are missing.
        """
        wanted = list(dict.fromkeys(ids))
        found = await asyncio.gather(*(self._ask("entry", ward, one) for one in wanted))
        return {one: named for one, named in zip(wanted, found, strict=True) if named is not None}

    def forget(self) -> None:
        self._kept.clear()

    async def _ask(self, what: str, ward: str, text: str) -> Named | None:
        key, now = (what, ward, text), self._clock()
        kept = self._kept.get(key)
        if kept is not None and now - kept[0] < KEPT_SECONDS:
            return kept[1]
        try:
            async with self._together:
                asked: dict[str, Any] = {"question": text} if what == "answer" else {"choose": {"entry": text}}
                body = {"ward": ward, **asked}
                said = await self._knowledge.call("POST", "/answer", body=body, seconds=ANSWER_SECONDS)
        except KnowledgeUnreachable:
            return None
        named = _named(said.raw) if said.status == 200 else None
        if len(self._kept) >= KEPT:
            self._kept.clear()
        self._kept[key] = (now, named)
        return named


def _named(raw: bytes) -> Named | None:
    """
    Return the entry of an answer; None when it answers nothing.
    """
    try:
        answer: Any = orjson.loads(raw)
        if answer["outcome"] != "answered":
            return None
        entry = answer["findings"][0]["entry"]
        return Named(str(entry["kind"]), str(entry["id"]), str(entry.get("title") or entry["id"]))
    except (orjson.JSONDecodeError, KeyError, IndexError, TypeError):
        return None
