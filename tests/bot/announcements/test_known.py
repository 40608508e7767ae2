from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.announcements import known
from bot.announcements.known import Known
from bot.announcements.tables import announcement
from bot.database import Database
from bot.errors import KnowledgeUnreachable
from bot.knowledge_api import KnowledgeApi
from knowledge.announcements import api
from knowledge.announcements.store import Store

NOW = 1_795_000_000.0
DAY = 86_400.0


@dataclass
class Pair:
    """
    The gateway's side over its database, and knowledge's own handlers over a folder, on a real socket.
    """

    database: Database
    known: Known
    store: Store
    waited: float = 0.0

    def clock(self) -> float:
        return NOW + self.waited

    def out(self, id: int, *, state: str = "finished", repeats: int | None = None, **text: Any) -> None:
        words = {
            "ward": "phuong-mau", "title": f"Cắt điện {id}", "text": "Cắt điện từ 7 giờ.", "key_line": "", "topic": "dien-nuoc",
            "happens_at": None, "valid_until": NOW + 3 * DAY, **text,
        }  # fmt: skip
        frozen = {"announcement": words, "outlets": ["web", "messages"], "wards": ["phuong-mau"]}
        row = {
            "id": id, "ward": "phuong-mau", "kind": "normal", "title": words["title"], "body": {}, "author_id": 1, "changed_by": 1,
            "created_at": NOW, "changed_at": NOW, "state": state, "frozen": frozen, "hash": f"{id}{words['text']}",
            "started_at": NOW, "repeats": repeats,
        }  # fmt: skip
        with self.database.engine.begin() as connection:
            connection.execute(sa.insert(announcement).values(**row))

    def becomes(self, id: int, state: str) -> None:
        with self.database.engine.begin() as connection:
            connection.execute(sa.update(announcement).where(announcement.c.id == id).values(state=state))

    @property
    def titles(self) -> list[str]:
        return [one.title for one in self.store.of("phuong-mau")]


@pytest.fixture
async def pair(database: Database, tmp_path: Path) -> AsyncIterator[Pair]:
    made = Pair(database, None, None)  # type: ignore[arg-type]
    made.store = Store(tmp_path / "announcements", made.clock)
    app = web.Application()
    app[api.STORE] = made.store
    app.add_routes(api.routes())
    async with TestServer(app) as server:
        knowledge = KnowledgeApi(str(server.make_url("/")).rstrip("/"))
        made.known = Known(database, knowledge, "https://motcua.example.vn", made.clock)
        yield made
        await knowledge.close()


async def test_what_is_out_is_told_once_and_nothing_else(pair: Pair) -> None:
    pair.out(1)
    for id, state in enumerate(("draft", "submitted", "approved", "cancelled"), start=2):
        pair.out(id, state=state)

    assert await pair.known.tell() == (1, 0)
    assert await pair.known.tell() == (0, 0)
    (one,) = pair.store.of("phuong-mau")
    assert (one.title, one.text, one.published_at) == ("Cắt điện 1", "Cắt điện từ 7 giờ.", NOW)
    assert one.links == {"phuong-mau": "https://motcua.example.vn/thong-bao/phuong-mau/1"}


async def test_what_is_cancelled_is_taken_back(pair: Pair) -> None:
    pair.out(1, state="sending")
    await pair.known.tell()

    pair.becomes(1, "cancelled")

    assert await pair.known.tell() == (0, 1)
    assert pair.titles == []


async def test_knowledge_that_lost_everything_is_told_again(pair: Pair) -> None:
    pair.out(1)
    await pair.known.tell()

    pair.store.remove(1)

    assert await pair.known.tell() == (1, 0)


async def test_what_is_no_longer_valid_is_neither_told_nor_asked_back(pair: Pair) -> None:
    pair.out(1)
    await pair.known.tell()

    pair.waited = 4 * DAY

    assert await pair.known.tell() == (0, 0)
    assert pair.titles == []


async def test_of_one_that_repeats_only_the_newest_is_known(pair: Pair) -> None:
    pair.out(1)
    pair.out(2, repeats=1)
    pair.out(3, repeats=1)

    await pair.known.tell()

    assert pair.titles == ["Cắt điện 3"]


async def test_knowledge_that_is_down_is_told_later(database: Database) -> None:
    knowledge = KnowledgeApi("http://127.0.0.1:9")
    with pytest.raises(KnowledgeUnreachable):
        await Known(database, knowledge, None, lambda: NOW).tell()
    await knowledge.close()


@pytest.mark.parametrize(
    ("text", "until"),
    [
        ({"valid_until": NOW + 5}, NOW + 5),
        ({"valid_until": None, "happens_at": None}, NOW + 7 * DAY),
        # 2026-11-18 23:06 in Viet Nam: until midnight.
        ({"valid_until": None, "happens_at": NOW}, 1_795_021_200.0),
    ],
)
def test_without_an_end_it_is_answered_from_on_its_day_or_for_a_week(text: dict[str, Any], until: float) -> None:
    words = {"ward": "a", "title": "x", "text": "y", **text}
    told = known.told(1, {"announcement": words, "outlets": [], "wards": ["a", "b"]}, NOW, "https://x.vn")

    assert told.valid_until == pytest.approx(until, abs=0.001)
    assert (told.body["wards"], told.body["links"]) == (["a", "b"], {})
