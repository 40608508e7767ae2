"""
Lets knowledge know what is published, so that the assistant answers from it: tells, and takes back, whatever differs.

What is published and what knowledge has are compared again and again, so nothing need be told at the right moment: after a
restart of either, or a change that got lost, the next round mends it.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import orjson
import sqlalchemy as sa

from bot.announcements.tables import announcement
from bot.database import Database
from bot.errors import KnowledgeUnreachable
from bot.knowledge_api import KnowledgeApi, Said
from bot.log import log

EVERY_SECONDS = 5.0
SECONDS = 5.0
OUT = ("sending", "paused", "finished")
# Where no officer said until when: the day on which it happens, or a week.
WITHOUT_AN_END_SECONDS = 7 * 86_400.0
OLDEST_SECONDS = 400 * 86_400.0
TIMEZONE = ZoneInfo("Asia/Ho_Chi_Minh")


class Told(NamedTuple):
    """
    What knowledge is told of one announcement; `digest` tells whether it knows just this.
    """

    digest: str
    valid_until: float
    body: dict[str, Any]


class Known:
    """
    `public_url` is how citizens reach our pages; None: answers carry no link.
    """

    def __init__(
        self,
        database: Database,
        knowledge: KnowledgeApi,
        public_url: str | None,
        clock: Callable[[], float] = time.time,
    ):
        self._database, self._knowledge, self._clock = database, knowledge, clock
        self._base = public_url.rstrip("/") if public_url else None
        self._made: dict[tuple[int, str], Told] = {}

    async def keep_told(self, every_seconds: float = EVERY_SECONDS) -> None:
        """
        Compare and tell, for ever.
        """
        quiet = False
        while True:
            try:
                await self.tell()
                quiet = False
            except KnowledgeUnreachable as error:
                if not quiet:
                    log.warning("announcements.not_told", problem=str(error))
                quiet = True
            except Exception:
                log.exception("announcements.telling_failed")
            await asyncio.sleep(every_seconds)

    async def tell(self) -> tuple[int, int]:
        """
        Make knowledge know exactly what is published and valid; return how many it was told and how many taken back.

        Raises:
            KnowledgeUnreachable: The next round tries again.
        """
        wanted = await self._wanted()
        said = await self._knowledge.call("GET", "/announcements", seconds=SECONDS)
        there = _known(said)
        news = [id for id, told in wanted.items() if there.get(id) != told.digest]
        gone = [id for id in there if id not in wanted]
        for id in news:
            answer = await self._knowledge.call("PUT", f"/announcements/{id}", seconds=SECONDS, body=wanted[id].body)
            if answer.status != 200:
                log.error("announcement.not_told", announcement=id, status=answer.status)
        for id in gone:
            await self._knowledge.call("DELETE", f"/announcements/{id}", seconds=SECONDS)
        if news or gone:
            log.info("announcements.told", told=len(news), taken_back=len(gone))
        return len(news), len(gone)

    async def _wanted(self) -> dict[int, Told]:
        now = self._clock()
        out = await self._database.read(_out, since=now - OLDEST_SECONDS)
        missing = [id for id, digest in out.items() if (id, digest) not in self._made]
        for start in range(0, len(missing), 50):
            for id, (digest, started_at, frozen) in (
                await self._database.read(_frozen, missing[start : start + 50])
            ).items():
                self._made[id, digest] = told(id, frozen, started_at, self._base)
        self._made = {(id, digest): one for (id, digest), one in self._made.items() if out.get(id) == digest}
        return {id: one for (id, _), one in self._made.items() if one.valid_until > now}


def told(id: int, frozen: Mapping[str, Any], started_at: float, base: str | None) -> Told:
    """
    Return what is told of one approved announcement. Pure.
    """
    text = frozen["announcement"]
    wards = list(dict.fromkeys([text["ward"], *frozen["wards"]]))
    happens_at = text.get("happens_at")
    valid_until = text.get("valid_until") or (
        _end_of_day(happens_at) if happens_at else started_at + WITHOUT_AN_END_SECONDS
    )
    has_page = base is not None and "web" in frozen["outlets"]
    body = {
        "wards": wards,
        "title": text["title"],
        "text": text["text"],
        "key_line": text.get("key_line") or "",
        "topic": text.get("topic"),
        "links": {ward: f"{base}/thong-bao/{ward}/{id}" for ward in wards} if has_page else {},
        "published_at": started_at,
        "valid_until": valid_until,
        "happens_at": happens_at,
    }
    digest = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
    return Told(digest, valid_until, {**body, "digest": digest})


def _end_of_day(moment: float) -> float:
    day = datetime.fromtimestamp(moment, TIMEZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    return (day + timedelta(days=1)).timestamp()


def _out(connection: sa.Connection, *, since: float) -> dict[int, str]:
    """
    Return the hash of every announcement that is out; of one that repeats, only the newest time.
    """
    query = (
        sa.select(announcement.c.id, announcement.c.hash, announcement.c.repeats)
        .where(announcement.c.state.in_(OUT), announcement.c.started_at > since, announcement.c.hash.is_not(None))
        .order_by(announcement.c.id)
    )
    newest: dict[int, tuple[int, str]] = {}
    for row in connection.execute(query):
        newest[row.repeats or row.id] = (row.id, row.hash)
    return dict(newest.values())


def _frozen(connection: sa.Connection, ids: list[int]) -> dict[int, tuple[str, float, dict[str, Any]]]:
    query = sa.select(announcement.c.id, announcement.c.hash, announcement.c.started_at, announcement.c.frozen)
    rows = connection.execute(query.where(announcement.c.id.in_(ids), announcement.c.frozen.is_not(None)))
    return {row.id: (row.hash, row.started_at, row.frozen) for row in rows}


def _known(said: Said) -> dict[int, str]:
    """
    Raises:
        KnowledgeUnreachable: The answer is none of knowledge's.
    """
    try:
        if said.status != 200:
            raise ValueError(said.status)
        return {int(one["id"]): str(one["digest"]) for one in orjson.loads(said.raw)["announcements"]}
    except (ValueError, KeyError, TypeError) as error:
        raise KnowledgeUnreachable(f"path=/announcements HTTP {said.status}") from error
