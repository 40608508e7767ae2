"""
What everybody sees of an office: the Page, the OA's articles, the channel, each as a page beside the phone.
"""

from __future__ import annotations

from typing import Any

from aiohttp import ClientSession
from aiohttp.test_utils import TestServer

from emulators.messenger import MessengerPlatform
from emulators.phone.overview import build
from emulators.phone.wall import draw
from emulators.telegram import TelegramPlatform
from emulators.zalo import ZaloPlatform
from tests.emulators.test_zalo import ARTICLE, broadcast, publish
from tests.emulators.zalo_bench import Bench

BOT = "7000000001:AAInventedInventedInventedInvented0"


async def read(platform: Any) -> tuple[str, str]:
    async with TestServer(platform.app()) as server, ClientSession() as http:
        page = await http.get(server.make_url("/_phone/wall"))
        style = await http.get(server.make_url("/_phone/wall.css"))
        assert (page.status, style.status) == (200, 200)
        return await page.text(), page.headers["Content-Security-Policy"]


async def test_the_page_shows_its_posts_and_nothing_that_a_text_could_smuggle_in() -> None:
    platform = MessengerPlatform(clock=lambda: 1_795_161_600.0)
    platform.add_account("111", token="t", app_secret="s", webhook_url="http://127.0.0.1:1/", name="UBND phường Mẫu")
    async with TestServer(platform.app()) as server, ClientSession() as http:
        body = {
            "message": "Cắt điện <script>alert(1)</script>",
            "link": "https://phuong-mau.example/",
            "access_token": "t",
        }
        assert (await http.post(server.make_url("/111/feed"), json=body)).status == 200

    shown, policy = await read(platform)

    assert "Trang Facebook" in shown
    assert "UBND phường Mẫu" in shown
    assert "Cắt điện &lt;script&gt;" in shown
    assert 'href="https://phuong-mau.example/"' in shown
    assert "script-src" not in policy


async def test_an_empty_wall_says_so() -> None:
    platform = TelegramPlatform(clock=lambda: 1_795_161_600.0)
    platform.add_account(BOT)

    shown, _ = await read(platform)

    assert "Kênh Telegram" in shown
    assert "Chưa có bài nào." in shown


async def test_the_channel_shows_its_posts_with_picture_and_button() -> None:
    platform = TelegramPlatform(clock=lambda: 1_795_161_600.0)
    platform.add_account(BOT)
    platform.add_chat(-1001, "channel", title="Phường Mẫu", username="phuong_mau")
    platform.add_user("5000000001", started=True)
    button = '{"inline_keyboard": [[{"text": "Xem", "url": "https://phuong-mau.example/"}]]}'
    async with TestServer(platform.app()) as server, ClientSession() as http:
        given = {"chat_id": "@phuong_mau", "photo": "https://a/b.jpg", "caption": "Cắt điện", "reply_markup": button}
        assert (await http.post(server.make_url(f"/bot{BOT}/sendPhoto"), data=given)).status == 200
        private = {"chat_id": "5000000001", "text": "Riêng"}
        assert (await http.post(server.make_url(f"/bot{BOT}/sendMessage"), data=private)).status == 200

    shown = draw(platform)

    assert "Cắt điện" in shown
    assert "[1 ảnh]" in shown
    assert 'href="https://phuong-mau.example/"' in shown
    assert "Riêng" not in shown


async def test_an_article_shows_how_many_its_broadcasts_reached() -> None:
    async with Bench() as bench:
        await bench.zalo.do(bench.user, "follow")
        article = await publish(bench)
        hidden = draw(bench.zalo)
        await bench.post("/v2.0/article/update", {**ARTICLE, "id": article, "status": "show"})
        await bench.post("/v2.0/oa/message", broadcast(article))

        shown = draw(bench.zalo)

    assert ("Chưa có bài nào." in hidden) == (ARTICLE.get("status", "hide") == "hide")
    assert str(ARTICLE["title"]) in shown
    assert "đã gửi tới 1 người quan tâm" in shown


async def test_articles_of_the_package_are_counted() -> None:
    async with Bench() as bench:
        bench.account.articles_left = 1
        await publish(bench)

        assert (await bench.post("/v2.0/article/create", ARTICLE))["error"] == -223


async def test_the_page_with_all_phones_leads_to_the_walls() -> None:
    app = build(
        [("zalo", "http://localhost:1/_phone/"), ("messenger", "http://localhost:2/_phone/")], ward="phường Mẫu"
    )
    async with TestServer(app) as server, ClientSession() as http:
        page = await (await http.get(server.make_url("/"))).text()

    assert 'href="http://localhost:1/_phone/wall"' in page
    assert "Trang Facebook" in page
    assert "Kênh Telegram" not in page


def test_every_platform_has_a_wall() -> None:
    assert ZaloPlatform().wall() == MessengerPlatform().wall() == TelegramPlatform().wall() == []
