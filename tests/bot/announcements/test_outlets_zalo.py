"""
Announcements as articles of an OA, against the emulated Zalo: shown and broadcast once, or left to an officer.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from bot.announcements.outlets.resolve import resolve
from bot.announcements.outlets.zalo_article import ZaloArticle
from bot.channels.tokens import Pair
from bot.channels.zalo.channel import ZaloChannel
from emulators.zalo import Weather, ZaloPlatform
from tests.bot.announcements.press import NAME, Row, lived_through, pictures, refusal
from tests.bot.channels.zalo.oa import APP_SECRET, HOUR, NOON, OA, OA_SECRET, account
from tests.bot.channels.zalo.store import MemoryStore
from tests.fakes.serving import Serving

FIELDS = {
    "title": "Thông báo cắt điện",
    "description": "Khu phố 3 tạm ngừng cấp điện từ 7 giờ đến 11 giờ ngày 21/11/2026.",
    "author": "UBND phường Mẫu",
    "body": "Ngày 21/11/2026, từ 7 giờ đến 11 giờ, khu phố 3 tạm ngừng cấp điện.\n\nMong bà con thông cảm.",
}


class Town:
    def __init__(self) -> None:
        self.now = NOON
        self.zalo = ZaloPlatform(clock=lambda: self.now, speed=10_000.0, weather=Weather(), seed=1)
        self.zalo.add_account(OA, name="UBND phường Mẫu", app_secret=APP_SECRET, oa_secret=OA_SECRET)
        self.followers = [self.zalo.add_user() for _ in range(3)]
        self.serving = Serving(self.zalo.app)
        self.account = account(api_url=self.serving.url, oauth_url=self.serving.url)
        self.store = MemoryStore(lambda: self.now)
        grant = self.zalo.grant(OA)
        self.store.pairs[OA] = Pair(grant.access_token, grant.refresh_token, grant.expires_at, grant.refresh_expires_at)
        self.channel = ZaloChannel([self.account], self.store, clock=lambda: self.now, pause=self.pause)
        self.paused: list[float] = []

    async def pause(self, seconds: float) -> None:
        self.paused.append(seconds)

    def article(self, **changes: Any) -> ZaloArticle:
        ours = self.account.model_copy(update=changes)
        return ZaloArticle(ours, self.channel.api(OA), pictures, pause=self.pause)

    def row(self, kill: int | None = None, **fields: str) -> Row:
        return Row("zalo_article", {**FIELDS, "picture": NAME, **fields}, begun_at=self.now, kill=kill)

    @property
    def broadcasts(self) -> list[dict[str, Any]]:
        return [one for one in self.zalo.sent if one["kind"] == "broadcast"]

    @property
    def articles(self) -> list[dict[str, Any]]:
        """
        Return those that citizens see.
        """
        return [one.body for one in self.zalo.publishing.articles.values() if one.shown]


@pytest.fixture
def served() -> Iterator[Town]:
    town = Town()
    town.serving.start()
    yield town
    town.serving.stop()


@pytest.fixture
async def town(served: Town) -> AsyncIterator[Town]:
    yield served
    await served.channel.close()


async def test_an_article_is_made_shown_and_broadcast_to_who_follows(town: Town) -> None:
    row = town.row()

    published = await row.work(town.article())

    [article], [sent] = town.articles, town.broadcasts
    assert (article["title"], article["cover"]["photo_url"]) == (
        FIELDS["title"],
        f"https://phuong-mau.example/{NAME}",
    )
    assert [one["content"] for one in article["body"]] == FIELDS["body"].split("\n\n")
    assert published.platform_id == sent["id"]
    assert str(published.url).startswith("https://")
    assert row.log == ["created", "ready", "shown", "broadcasting"]


async def test_an_article_that_is_still_processed_is_waited_for(town: Town) -> None:
    town.zalo.weather.article_waits = 4

    await town.row().work(town.article())

    assert town.paused == [3.0] * 4
    assert (len(town.articles), len(town.broadcasts)) == (1, 1)


async def test_an_article_that_takes_minutes_is_gone_on_with_later(town: Town) -> None:
    town.zalo.weather.article_waits = 9
    row = town.row()

    error = await refusal(lambda: row.work(town.article()))
    assert (error.trouble, error.uncertain, error.retry_after) == ("retry", False, 30.0)
    await row.work(town.article())

    assert (len(town.zalo.publishing.articles), len(town.broadcasts)) == (1, 1)


@pytest.mark.parametrize("hour", [22.0, 23.5, 5.9])
async def test_at_night_the_broadcast_waits_for_the_morning_and_the_article_is_made_once(
    town: Town, hour: float
) -> None:
    town.now = NOON + ((hour - 12.0) % 24) * HOUR
    row = town.row()

    error = await refusal(lambda: row.work(town.article()))
    assert (error.trouble, error.uncertain) == ("retry", False)
    town.now += error.retry_after or 0.0
    await row.work(town.article())

    assert (len(town.zalo.publishing.articles), len(town.broadcasts)) == (1, 1)


@pytest.mark.parametrize("code", ["-211", "-223", "-224", "-221"])
async def test_a_used_up_quota_needs_an_officer_and_what_is_done_is_not_done_again(town: Town, code: str) -> None:
    town.zalo.weather.article_waits = 0
    town.zalo.weather.api_days = ["ok"] * 4 + [code]
    row = town.row()

    error = await refusal(lambda: row.work(town.article()))
    assert (error.trouble, error.uncertain, len(town.broadcasts)) == ("officer", False, 0)
    # The article is there: an officer is led to it.
    assert town.article().where(row.publication).startswith("https://rd.zapps.vn/")
    await row.work(town.article())

    assert (len(town.zalo.publishing.articles), len(town.broadcasts)) == (1, 1)


async def test_articles_of_the_month_that_are_used_up_need_an_officer(town: Town) -> None:
    town.zalo.weather.api_days = ["-223"]

    error = await refusal(lambda: town.row().work(town.article()))

    assert (error.trouble, town.articles, town.broadcasts) == ("officer", [], [])


@pytest.mark.parametrize("day", ["cut_after", "cut", "http_500", "not_json"])
async def test_a_broadcast_whose_answer_got_lost_is_unclear_and_not_sent_again(town: Town, day: str) -> None:
    town.zalo.weather.article_waits = 0
    town.zalo.weather.api_days = ["ok"] * 4 + [day]
    row = town.row()

    error = await refusal(lambda: row.work(town.article()))
    again = await refusal(lambda: row.work(town.article()))
    finding = await resolve(town.article(), row.publication)

    assert (error.uncertain, again.uncertain, finding.state) == (True, True, "uncertain")
    assert str(finding.url).startswith("https://rd.zapps.vn/")
    assert len(town.broadcasts) <= 1
    assert len(town.articles) == 1


async def test_an_officer_who_looked_may_let_it_be_broadcast_again_without_a_second_article(town: Town) -> None:
    town.zalo.weather.article_waits = 0
    town.zalo.weather.api_days = ["ok"] * 4 + ["cut"]
    row = town.row()
    await refusal(lambda: row.work(town.article()))

    row.again()
    await row.work(town.article())

    assert (len(town.zalo.publishing.articles), len(town.broadcasts)) == (1, 1)


@pytest.mark.parametrize("lost", range(4))
async def test_any_answer_before_the_broadcast_may_get_lost_and_people_see_one_article(town: Town, lost: int) -> None:
    town.zalo.weather.article_waits = 0
    town.zalo.weather.api_days = ["ok"] * lost + ["cut_after"]
    row = town.row()

    # The question whether it is ready is asked again at once, and the address of the article can be done without.
    if lost in (0, 2):
        error = await refusal(lambda: row.work(town.article()))
        assert (error.trouble, error.uncertain) == ("retry", False)
    await row.work(town.article())

    assert (len(town.articles), len(town.broadcasts)) == (1, 1)


async def test_without_a_picture_the_accounts_cover_is_taken_and_without_that_nothing_is_made(town: Town) -> None:
    covered = town.article(article_cover="https://phuong-mau.example/bia.jpg")
    await town.row(picture="").work(covered)
    error = await refusal(lambda: town.row(picture="").work(town.article()))

    assert [one["cover"]["photo_url"] for one in town.articles] == ["https://phuong-mau.example/bia.jpg"]
    assert (error.trouble, len(town.broadcasts)) == ("officer", 1)


async def test_a_token_that_is_refused_is_renewed_and_nothing_is_sent_twice(town: Town) -> None:
    town.zalo.weather.article_waits = 0
    town.zalo.weather.api_days = ["ok"] * 4 + ["-216"]

    await town.row().work(town.article())

    assert (len(town.articles), len(town.broadcasts)) == (1, 1)


@pytest.mark.parametrize("kill", range(10))
async def test_killed_anywhere_people_see_one_article_and_one_broadcast_or_it_is_known_to_be_unclear(
    town: Town, kill: int
) -> None:
    town.zalo.weather.article_waits = 0

    outcome = await lived_through(town.row(kill), town.article())

    # Four steps, each with a moment before and after it is durable; then the answer of the broadcast.
    assert outcome == ("sent" if kill < 7 else "uncertain" if kill < 9 else "not killed")
    assert len(town.articles) == 1
    assert len(town.broadcasts) == (0 if kill == 7 else 1)
