from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import sqlalchemy as sa
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.announcements import portal_api, portal_tokens
from bot.announcements.portal_api import PortalApi
from bot.announcements.tables import announcement, portal_token, publication
from bot.channels.web.pages import Pages
from bot.database import Database, audit
from bot.middleware import answer_errors
from tests.bot.desk import FakeWards

NOW = 1_795_000_000.0
TEXT = "Điện lực Mẫu tạm ngừng cấp điện từ 7 giờ 30 ngày 21/11/2026."
DRAFT = {"ward": "phuong-mau", "title": "Tạm ngừng cấp điện", "text": TEXT}


def token_of(database: Database, *, ward: str = "phuong-mau", write: bool = True) -> str:
    with database.engine.begin() as connection:
        return portal_tokens.make(connection, ward=ward, name="Cổng phường Mẫu", may_write=write, now=NOW)


def rows(database: Database, table: sa.Table) -> list[Any]:
    with database.engine.connect() as connection:
        return list(connection.execute(sa.select(table)))


def publish(database: Database, id: int, *, ward: str = "phuong-mau", state: str = "finished") -> None:
    row = {
        "ward": ward,
        "state": state,
        "kind": "normal",
        "title": f"Tin {id}",
        "body": {},
        "author_id": 1,
        "changed_by": 1,
    }
    post = {"outlet": "web", "ward": ward, "account": "", "state": "sent", "sent_at": NOW + id, "attempts": 1}
    with database.engine.begin() as connection:
        connection.execute(
            sa.insert(announcement).values(id=id, created_at=NOW, changed_at=NOW, finished_at=NOW, **row)
        )
        body = {"title": f"Tin {id}", "text": TEXT}
        connection.execute(sa.insert(publication).values(announcement_id=id, body=body, **post))


@pytest.fixture
async def portal(database: Database) -> AsyncIterator[TestClient[Any, Any]]:
    made = PortalApi(
        database, FakeWards(), public_url="https://motcua.example.vn", trusted_proxies=frozenset(), clock=lambda: NOW,  # type: ignore[arg-type]
        ticks=lambda: 0.0,
    )  # fmt: skip
    app = web.Application(middlewares=[answer_errors(Pages(wards=list, ward=lambda _: None, sites={}))])
    app.add_routes(made.routes())
    async with TestClient(TestServer(app)) as client:
        yield client


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def test_a_portal_reads_what_is_published_in_its_ward_newest_first(
    portal: TestClient[Any, Any], database: Database
) -> None:
    for id in (1, 2):
        publish(database, id)
    publish(database, 3, ward="hoa-binh")
    publish(database, 4, state="cancelled")
    headers = bearer(token_of(database, write=False))

    listed = await (await portal.get("/api/portal/announcements?ward=phuong-mau", headers=headers)).json()
    one = await (await portal.get("/api/portal/announcements/2", headers=headers)).json()
    withdrawn = await portal.get("/api/portal/announcements/4", headers=headers)

    assert [each["id"] for each in listed["announcements"]] == [2, 1]
    assert one == listed["announcements"][0]
    assert (one["title"], one["text"], one["url"]) == (
        "Tin 2",
        TEXT,
        "https://motcua.example.vn/thong-bao/phuong-mau/2",
    )
    assert one["published_at"].startswith("2026-11-18T")
    assert (withdrawn.status, (await withdrawn.json())["code"]) == (404, "announcement.unknown")


async def test_a_post_makes_a_draft_and_sends_nothing(portal: TestClient[Any, Any], database: Database) -> None:
    more = {
        "topic": "dien-nuoc", "neighbourhoods": ["Khu phố 3"], "valid_until": "2026-11-22T00:00:00+07:00",
        "link": {"title": "Điện lực", "url": "https://example.org/lich"},
    }  # fmt: skip

    response = await portal.post(
        "/api/portal/announcements", json={**DRAFT, **more}, headers=bearer(token_of(database))
    )

    made = await response.json()
    assert (response.status, made["state"]) == (201, "draft")
    (row,) = rows(database, announcement)
    assert (row.state, row.author_id, row.title, row.ward) == ("draft", portal_api.PORTAL, DRAFT["title"], "phuong-mau")
    assert row.body["audience"]["neighbourhoods"] == ["Khu phố 3"]
    assert (row.frozen, row.body["outlets"]) == (None, [])
    assert rows(database, publication) == []
    assert [one.action for one in rows(database, audit)] == ["announcement.drafted"]


@pytest.mark.parametrize("header", [None, "Bearer ", "Bearer motcua_wrong", "Basic YWJj"])
async def test_without_a_token_that_counts_nothing_is_said(portal: TestClient[Any, Any], header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header}

    for response in (
        await portal.get("/api/portal/announcements", headers=headers),
        await portal.post("/api/portal/announcements", json=DRAFT, headers=headers),
    ):
        assert (response.status, (await response.json())["code"]) == (401, "portal.unknown_token")


async def test_a_revoked_token_counts_no_more(portal: TestClient[Any, Any], database: Database) -> None:
    headers = bearer(token_of(database))
    assert (await portal.get("/api/portal/announcements", headers=headers)).status == 200

    with database.engine.begin() as connection:
        assert portal_tokens.revoke(connection, 1, now=NOW)

    assert (await portal.get("/api/portal/announcements", headers=headers)).status == 401


async def test_only_the_digest_of_a_token_is_kept_and_its_use(portal: TestClient[Any, Any], database: Database) -> None:
    token = token_of(database)
    await portal.get("/api/portal/announcements", headers=bearer(token))

    (row,) = rows(database, portal_token)
    assert token not in str(row)
    assert row.used_at == NOW


async def test_a_token_that_may_only_read_makes_no_draft(portal: TestClient[Any, Any], database: Database) -> None:
    headers = bearer(token_of(database, write=False))

    response = await portal.post("/api/portal/announcements", json=DRAFT, headers=headers)

    assert (response.status, (await response.json())["code"]) == (403, "portal.read_only")


async def test_another_wards_announcements_are_not_this_tokens(
    portal: TestClient[Any, Any], database: Database
) -> None:
    headers = bearer(token_of(database))

    for response in (
        await portal.get("/api/portal/announcements?ward=hoa-binh", headers=headers),
        await portal.post("/api/portal/announcements", json={**DRAFT, "ward": "hoa-binh"}, headers=headers),
    ):
        assert (response.status, (await response.json())["code"]) == (403, "portal.other_ward")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": ""}, "title"), ({"title": "x" * 301}, "title"), ({"text": 5}, "text"), ({"topic": "gi-do"}, "topic"),
        ({"outlets": ["messages"]}, "outlets"), ({"kind": "emergency"}, "kind"), ({"neighbourhoods": ["Khu phố 9"]}, "neighbourhoods"),
        ({"valid_until": "2026-11-22"}, "valid_until"), ({"valid_until": 5}, "valid_until"),
        ({"link": {"title": "x", "url": "javascript:alert(1)"}}, "link"), ({"link": "https://x.vn"}, "link"),
    ],
)  # fmt: skip
async def test_a_draft_that_cannot_be_used_names_its_fields(
    portal: TestClient[Any, Any], database: Database, change: dict[str, Any], field: str
) -> None:
    headers = bearer(token_of(database))

    response = await portal.post("/api/portal/announcements", json={**DRAFT, **change}, headers=headers)

    refused = await response.json()
    assert (response.status, refused["code"]) == (422, "announcement.invalid")
    assert list(refused["fields"]) == [field]
    assert rows(database, announcement) == []


@pytest.mark.parametrize("path", ["?limit=0", "?limit=x", "?limit=101", "/x", "/0"])
async def test_a_number_that_is_none_is_refused(portal: TestClient[Any, Any], database: Database, path: str) -> None:
    response = await portal.get(f"/api/portal/announcements{path}", headers=bearer(token_of(database)))

    assert (response.status, (await response.json())["code"]) == (422, "request.invalid")


async def test_who_asks_too_often_waits(portal: TestClient[Any, Any], database: Database) -> None:
    headers = bearer(token_of(database))
    burst = int(portal_api.PER_TOKEN.burst)

    statuses = [(await portal.get("/api/portal/announcements", headers=headers)).status for _ in range(burst + 1)]
    late = await portal.get("/api/portal/announcements", headers=headers)

    assert statuses == [200] * burst + [429]
    assert late.headers["Retry-After"] == "1"
    assert (await late.json())["code"] == "request.too_many"


async def test_who_guesses_tokens_waits_longer(portal: TestClient[Any, Any]) -> None:
    burst = int(portal_api.PER_STRANGER.burst)

    statuses = [
        (await portal.get("/api/portal/announcements", headers=bearer(f"motcua_{n}"))).status for n in range(burst + 1)
    ]

    assert statuses == [401] * burst + [429]
