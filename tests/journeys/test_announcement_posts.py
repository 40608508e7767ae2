"""
Announcements on all outlets at once, with the gateway killed in the middle and answers lost: each post once, or known to
be unclear.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import Counter
from collections.abc import Collection
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import sqlalchemy as sa

from bot.announcements.announcement import PUBLISHED, Announcement, Outlet
from bot.announcements.quiet_hours import QuietHours
from bot.announcements.service import Announcements
from bot.announcements.tables import publication
from bot.database import Database
from tests.journeys.announcing import draft, hire
from tests.journeys.harbour import Harbour

pytestmark = pytest.mark.services

CHANNEL, CHAT = "@phuong_mau", -1001234567890
# Seconds from the first row to the kill, while every answer of a platform takes 0.25 s.
KILLS = (0.02, 0.12, 0.22, 0.3, 0.5)
SLOW_SECONDS = 0.25
SECONDS = 40


class Square(Harbour):
    """
    A harbour with a channel, and a cover for articles.
    """

    def __init__(self, folder: Path):
        super().__init__(folder, BOT_DATABASE=f"sqlite:///{folder / 'bot.sqlite'}", BOT_QUIET_HOURS="off")
        self.chat = self.telegram.add_chat(CHAT, "channel", title="Phường Mẫu", username=CHANNEL[1:])
        self.zalo.weather.article_waits = 0
        self.zalo.accounts[next(iter(self.zalo.accounts))].broadcasts_left = 100
        self.messenger.weather.duplicate_seconds = 0

    def accounts(self) -> dict[str, list[dict[str, Any]]]:
        accounts = super().accounts()
        accounts["telegram"][0]["public_channel"] = CHANNEL
        accounts["zalo"][0]["article_cover"] = "https://phuong-mau.example/bia.jpg"
        return accounts

    def slow(self, seconds: float) -> None:
        for platform in (self.zalo, self.messenger, self.telegram):
            platform.weather.slow_seconds = seconds

    def seen(self, titles: Collection[str]) -> dict[str, Counter[str]]:
        """
        Return outlet → title → how often people see it.
        """
        broadcasts = [str(one["text"]) for one in self.zalo.sent if one["kind"] == "broadcast"]
        articles = [str(one["title"]) for one in self.zalo.wall()]
        found = {
            "zalo_article": broadcasts,
            "articles": articles,
            "facebook_post": [str(one["text"]) for one in self.messenger.posts()],
            "telegram_post": [str(one["text"]) for one in self.chat.messages.values()],
        }
        return {
            outlet: Counter(title for title in titles for text in texts if title in text)
            for outlet, texts in found.items()
        }


def outlets_now() -> tuple[Outlet, ...]:
    """
    Return what can be published at this hour: by night Zalo broadcasts nothing, and the gateway has a real clock.
    """
    now, quiet = time.time(), QuietHours.read("off")
    return tuple(one for one in PUBLISHED if quiet.next_allowed(now, kind="normal", outlet=one) <= now)


def render(
    _connection: sa.Connection, announcement: Announcement, _ward: str, *, now: float
) -> dict[str, dict[str, Any]]:
    del now
    title, text = announcement.title, announcement.text
    whole = {
        "text": f"{title}\n\n{text}",
        "title": title,
        "description": text,
        "author": "UBND phường Mẫu",
        "body": text,
    }
    return {outlet: whole for outlet in announcement.outlets}


async def approve(database: Database, title: str) -> int:
    facade = Announcements(database, {}, render=render)
    suffix = secrets.token_hex(4)
    author = await database.write(hire, f"soan-{suffix}", "editor")
    approver = await database.write(hire, f"duyet-{suffix}", "approver")
    made = draft(outlets=outlets_now())
    row = await facade.save_draft(Announcement(**{**made.__dict__, "title": title}), author)
    row = await facade.submit(row.id, author)
    row = await facade.approve(row.id, approver, hash_seen=row.hash or "", approval_key=secrets.token_hex(16))
    return row.id


async def rows(database: Database) -> list[Any]:
    return await database.read(lambda connection: list(connection.execute(sa.select(publication))))


async def begun(database: Database, announcement_id: int) -> None:
    async with asyncio.timeout(SECONDS):
        while not any(one.announcement_id == announcement_id for one in await rows(database)):  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def settled(database: Database, posts: int) -> list[Any]:
    """
    Wait until every post has an end, and return the rows.
    """
    async with asyncio.timeout(SECONDS):
        while True:
            found = await rows(database)
            if len(found) == posts and all(one.state not in ("due", "sending") for one in found):
                return found
            await asyncio.sleep(0.1)


async def test_one_approved_text_stands_on_every_outlet_once(tmp_path: Path) -> None:
    outlets = outlets_now()
    with Square(tmp_path) as square:
        database = Database(square.settings["BOT_DATABASE"])

        number = await approve(database, "Thông báo thứ nhất")
        found = await settled(database, len(outlets))

        seen = square.seen(["Thông báo thứ nhất"])
        async with aiohttp.ClientSession() as session:
            page = await session.get(f"{square.gateway.url}/thong-bao/hoa-binh/{number}")
            assert (page.status, "Thông báo thứ nhất" in await page.text()) == (200, True)
        database.close()
    assert {one.outlet: one.state for one in found} == dict.fromkeys(outlets, "sent")
    assert {count for titles in seen.values() for count in titles.values()} == {1}
    urls = {one.outlet: one.url for one in found}
    assert urls["facebook_post"].startswith("https://www.facebook.com/")
    assert urls["telegram_post"].startswith("https://t.me/phuong_mau/")


async def test_a_post_whose_answer_was_lost_is_found_and_one_in_a_channel_waits_for_an_officer(tmp_path: Path) -> None:
    outlets = outlets_now()
    with Square(tmp_path) as square:
        database = Database(square.settings["BOT_DATABASE"])
        square.messenger.weather.post_lost = "code_2"
        square.telegram.weather.days = ["cut_after"]
        square.zalo.weather.api_days = ["ok"] * 4 + ["cut_after"]

        await approve(database, "Thông báo thứ nhất")
        first = {one.outlet: one.state for one in await settled(database, len(outlets))}
        async with asyncio.timeout(SECONDS):
            while {one.outlet: one.state for one in await rows(database)}["facebook_post"] != "sent":  # noqa: ASYNC110
                await asyncio.sleep(0.2)

        found = {one.outlet: one for one in await rows(database)}
        seen = square.seen(["Thông báo thứ nhất"])
        database.close()
    assert {first[one] for one in outlets if one in ("telegram_post", "zalo_article")} == {"uncertain"}
    assert {count for titles in seen.values() for count in titles.values()} == {1}
    assert found["facebook_post"].url.startswith("https://www.facebook.com/")
    assert (found["telegram_post"].state, found["telegram_post"].url) == ("uncertain", "https://t.me/phuong_mau")


async def test_killed_again_and_again_no_post_stands_twice_and_none_is_forgotten(tmp_path: Path) -> None:
    titles = [f"Thông báo số {number:02d}." for number in range(len(KILLS))]
    outlets = outlets_now()
    with Square(tmp_path) as square:
        database = Database(square.settings["BOT_DATABASE"])
        square.slow(SLOW_SECONDS)
        for title, seconds in zip(titles, KILLS, strict=True):
            number = await approve(database, title)
            await begun(database, number)
            await asyncio.sleep(seconds)
            square.gateway.kill()
            await asyncio.to_thread(square.gateway.start, wait_for_wards=False)
        square.slow(0)
        found = await settled(database, len(outlets) * len(titles))
        # An unclear post of the Page is looked for after five seconds.
        await asyncio.sleep(7)
        found = await settled(database, len(outlets) * len(titles))
        seen = square.seen(titles)
        database.close()

    states = Counter((one.outlet, one.state) for one in found)
    print(f"{len(titles)} announcements, {len(KILLS)} kills: {dict(states)}")
    for outlet, counts in seen.items():
        assert max(counts.values(), default=0) <= 1, outlet
    for one in found:
        title = titles[one.announcement_id - 1]
        assert one.state in ("sent", "uncertain")
        if one.state == "sent" and one.outlet != "web":
            assert seen[one.outlet][title] == 1, (one.outlet, title)
        if one.outlet == "facebook_post" and seen["facebook_post"][title]:
            assert one.state == "sent", "what is on the Page is found"
        if one.state == "uncertain":
            assert one.url, "an officer is told where to look"
