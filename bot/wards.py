"""
The wards of this installation: slug, name, province, hotline, one-stop desk.

They come from the knowledge service and are kept in our database, so that the gateway starts, greets and acknowledges
while knowledge is down.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from bot.database import Database, insert, ward
from bot.desk_hours import DeskHours
from bot.errors import KnowledgeUnreachable
from bot.knowledge_api import KnowledgeApi
from bot.log import log

REFRESH_SECONDS = 30.0
FIRST_REFRESH_SECONDS = 1.0


@dataclass(frozen=True)
class Ward:
    slug: str
    name: str
    province: str
    hotline: str | None
    desk: str | None = None  # the name of its one-stop desk
    address: str | None = None
    hours: str | None = None
    map_link: str | None = None
    neighbourhoods: tuple[str, ...] = ()  # by name; announcements go to some of them
    neighbourhood_word: str = "khu phố"  # or tổ dân phố, thôn …
    desk_hours: DeskHours | None = None  # when officers answer in the chat; None: nobody has entered it

    @classmethod
    def read(cls, fields: dict[str, Any]) -> Ward:
        """
        Make a Ward of the fields of its content file; the hotline is the first one entered.
        """
        hotlines = fields.get("hotlines")
        first = hotlines[0] if isinstance(hotlines, list) and hotlines else None
        number = first.get("number") if isinstance(first, dict) else None
        return cls(
            fields["slug"],
            str(fields.get("name") or fields["slug"]),
            str(fields.get("province") or ""),
            str(number) if number else None,
            desk=_text(fields.get("desk")),
            address=_text(fields.get("address")),
            hours=_text(fields.get("hours")),
            map_link=_text(fields.get("map_link")),
            neighbourhoods=tuple(map(str, fields.get("neighbourhoods") or ())),
            neighbourhood_word=_text(fields.get("neighbourhood_word")) or "khu phố",
            desk_hours=DeskHours.read(fields.get("desk_hours"), fields.get("desk_closed")),
        )


def _text(value: Any) -> str | None:
    return value.strip() if isinstance(value, str) and value.strip() else None


class Wards:
    """
    Reads are from memory; `keep_fresh` runs as long as the program.
    """

    def __init__(self, database: Database, knowledge: KnowledgeApi):
        self._database, self._knowledge = database, knowledge
        self._wards: dict[str, Ward] = {}

    def get(self, slug: str) -> Ward | None:
        return self._wards.get(slug)

    def all(self) -> list[Ward]:
        return list(self._wards.values())

    async def load(self) -> None:
        """
        Take the wards as they were when knowledge last answered.
        """
        self._wards = {one.slug: one for one in map(Ward.read, await self._database.read(_stored))}

    async def refresh(self, *, now: float) -> None:
        """
        Fetch the wards, and keep them if anything changed.

        Raises:
            KnowledgeUnreachable: The last list stays.
        """
        fields = await self._knowledge.wards()
        fresh = {one.slug: one for one in map(Ward.read, fields)}
        if fresh and fresh != self._wards:
            await self._database.write(_store, fields, now=now)
            self._wards = fresh
            log.info("wards.fetched", wards=len(fresh))

    async def keep_fresh(self, clock: Any) -> None:
        """
        Refresh for ever: quickly until the first success, then every half minute.
        """
        quiet = False
        while True:
            try:
                await self.refresh(now=clock())
                pause, quiet = (REFRESH_SECONDS if self._wards else FIRST_REFRESH_SECONDS), False
            except KnowledgeUnreachable as error:
                pause = FIRST_REFRESH_SECONDS if not self._wards else REFRESH_SECONDS / 3
                if not quiet:
                    log.warning("wards.not_fetched", problem=str(error), known=len(self._wards))
                quiet = True
            except Exception:
                log.exception("wards.refresh_failed")
                pause = REFRESH_SECONDS
            await asyncio.sleep(pause)


def _stored(connection: sa.Connection) -> list[dict[str, Any]]:
    return [row.body for row in connection.execute(sa.select(ward.c.body).order_by(ward.c.slug))]


def _store(connection: sa.Connection, fields: Iterable[dict[str, Any]], *, now: float) -> None:
    listed = {one["slug"]: one for one in fields}
    connection.execute(sa.delete(ward).where(ward.c.slug.not_in(list(listed))))
    for slug, body in listed.items():
        statement = insert(ward, connection.dialect.name).values(slug=slug, body=body, fetched_at=now)
        changed = {"body": statement.excluded.body, "fetched_at": statement.excluded.fetched_at}
        connection.execute(statement.on_conflict_do_update(index_elements=["slug"], set_=changed))
