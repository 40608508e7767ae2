from __future__ import annotations

import aiohttp
import pytest

from tests.bot.gateway import Citizen, Road

SITE = "phuong-mau-demo"
PORTAL = "http://localhost:8090"


async def test_the_portal_gets_its_label(road: Road, session: aiohttp.ClientSession) -> None:
    url = f"{road.gateway.url}/embed/{SITE}/config"
    async with session.get(url, headers={"Origin": PORTAL}) as response:
        assert response.status == 200
        assert response.headers["Access-Control-Allow-Origin"] == PORTAL
        assert response.headers["Vary"] == "Origin"
        assert (await response.json())["label"] == "Hỏi trợ lý phường Mẫu"


@pytest.mark.parametrize(
    ("site", "origin", "status", "code"),
    [
        (SITE, "https://evil.example", 403, "origin.refused"),
        (SITE, "http://localhost:8090.evil.example", 403, "origin.refused"),
        (SITE, "null", 403, "origin.refused"),
        (SITE, None, 403, "origin.refused"),
        ("no-such-site", PORTAL, 404, "site.unknown"),
    ],
)
async def test_other_sites_and_origins_are_refused(
    road: Road, session: aiohttp.ClientSession, site: str, origin: str | None, status: int, code: str
) -> None:
    headers = {"Origin": origin} if origin else {}
    async with session.get(f"{road.gateway.url}/embed/{site}/config", headers=headers) as response:
        assert (response.status, (await response.json())["code"]) == (status, code)
        assert "Access-Control-Allow-Origin" not in response.headers


async def test_only_the_portals_of_the_site_may_frame_its_page(road: Road, session: aiohttp.ClientSession) -> None:
    async with session.get(f"{road.gateway.url}/embed/{SITE}", headers={"Referer": f"{PORTAL}/tin-tuc"}) as response:
        assert response.status == 200
        policy = response.headers["Content-Security-Policy"]
        assert policy.endswith(f"frame-ancestors 'self' {PORTAL} http://127.0.0.1:8090")
        assert "X-Frame-Options" not in response.headers


@pytest.mark.parametrize(
    ("path", "referrer", "status"),
    [
        (f"/embed/{SITE}", "https://evil.example/page", 403),
        (f"/embed/{SITE}", "http://[", 403),
        ("/embed/no-such-site", PORTAL, 404),
    ],
)
async def test_a_foreign_frame_gets_a_page_that_says_so(
    road: Road, session: aiohttp.ClientSession, path: str, referrer: str, status: int
) -> None:
    async with session.get(road.gateway.url + path, headers={"Referer": referrer}) as response:
        assert response.status == status
        assert "chưa được phép nhúng" in await response.text()
        assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]


async def test_the_script_may_be_loaded_from_anywhere(road: Road, session: aiohttp.ClientSession) -> None:
    async with session.get(f"{road.gateway.url}/embed.js") as response:
        assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert response.content_type == "text/javascript"


async def test_a_message_from_a_portal_belongs_to_its_ward(road: Road, session: aiohttp.ClientSession) -> None:
    citizen = Citizen(session, road.gateway.url)
    body = {name: value for name, value in citizen.body("xin chào").items() if name != "ward"}

    status, _ = await citizen.post({**body, "site": SITE})
    await citizen.replies(body["id"])

    assert status == 200
    assert road.rasa.asked[-1]["metadata"]["ward"] == "phuong-mau"
