"""
Announcements on a Facebook Page, against the emulated one: published once, found again, or left to an officer.
"""

from __future__ import annotations

import unicodedata
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.announcements.outlets.facebook_post import FacebookPost, is_ours
from bot.announcements.outlets.resolve import resolve
from bot.channels.messenger.graph import Graph
from emulators.messenger import MessengerPlatform
from tests.bot.announcements.press import NAME, TEXT, Row, lived_through, pictures, refusal
from tests.bot.channels.messenger.pages import APP, PAGE, SECRET, TOKEN, account
from tests.fakes.serving import Serving

NOW = 1_795_161_600.0


class Town:
    def __init__(self) -> None:
        self.now = NOW
        self.platform = MessengerPlatform(clock=lambda: self.now, speed=1000)
        self.platform.add_account(PAGE, token=TOKEN, app_secret=SECRET, app_id=APP, webhook_url="http://127.0.0.1:1/")
        self.serving = Serving(self.platform.app)
        self.graph = Graph()

    def post(self, **changes: Any) -> FacebookPost:
        return FacebookPost(account(**{"graph_url": self.serving.url, **changes}), self.graph, pictures)

    def row(self, kill: int | None = None, **fields: str) -> Row:
        return Row("facebook_post", {"text": TEXT, **fields}, begun_at=self.now, kill=kill)

    @property
    def weather(self) -> Any:
        return self.platform.weather

    @property
    def shown(self) -> list[dict[str, Any]]:
        return self.platform.posts()


@pytest.fixture
def served() -> Iterator[Town]:
    town = Town()
    town.platform.pages[PAGE].fields = ()
    town.serving.start()
    yield town
    town.serving.stop()


@pytest.fixture
async def town(served: Town) -> AsyncIterator[Town]:
    yield served
    await served.graph.close()


async def test_a_text_is_posted_with_its_link_and_its_address_comes_back(town: Town) -> None:
    row = town.row(link="https://phuong-mau.example/thong-bao/hoa-binh/12")

    published = await row.work(town.post())

    [post] = town.shown
    assert (post["id"], post["text"], post["link"]) == (published.platform_id, TEXT, row.publication.fields["link"])
    assert published.url == f"https://www.facebook.com/{PAGE}/posts/{post['id'].partition('_')[2]}"


async def test_a_picture_goes_first_and_unseen_and_the_link_is_left_out(town: Town) -> None:
    row = town.row(picture=NAME, link="https://phuong-mau.example/")

    await row.work(town.post())

    [post] = town.shown
    assert (len(post["photos"]), post["link"]) == (1, "")
    assert row.log == ["uploaded", "posting"]
    assert [one.size for one in town.platform.pages[PAGE].photos.values()] == [204]


async def test_a_picture_that_is_gone_is_said_before_anything_is_posted(town: Town) -> None:
    error = await refusal(lambda: town.row(picture="gone.jpg").work(town.post()))

    assert (error.trouble, error.uncertain, town.shown) == ("officer", False, [])


@pytest.mark.parametrize("token_in", ["header", "query"])
async def test_a_picture_goes_with_either_way_of_giving_the_token(town: Town, token_in: str) -> None:
    await town.row(picture=NAME).work(town.post(token_in=token_in, send_appsecret_proof=True))

    assert len(town.shown) == 1


async def test_a_rendition_without_a_text_is_no_doubt(town: Town) -> None:
    error = await refusal(lambda: town.row(text=" ").work(town.post()))

    assert (error.trouble, error.uncertain, town.shown) == ("officer", False, [])


@given(
    st.dictionaries(
        st.sampled_from(["id", "message", "created_time"]), st.none() | st.integers() | st.floats() | st.text()
    )
)
def test_whatever_a_feed_holds_is_ours_or_not(post: dict[str, Any]) -> None:
    publication = Row("facebook_post", {"text": TEXT}, begun_at=NOW).publication

    assert is_ours(post, publication) is False


@pytest.mark.parametrize(
    ("created", "message", "ours"),
    [
        ("2026-11-20T08:00:00+0000", TEXT, True),
        (NOW + 5, unicodedata.normalize("NFD", TEXT).replace("\n\n", "\n") + " ", True),
        ("2026-11-20T07:54:59+0000", TEXT, False),
        ("2026-11-20T08:00:00+0000", TEXT + " (sửa)", False),
        ("yesterday", TEXT, False),
    ],
)
def test_a_post_is_ours_by_its_words_and_its_age(created: Any, message: str, ours: bool) -> None:
    publication = Row("facebook_post", {"text": TEXT}, begun_at=NOW).publication

    assert is_ours({"id": "1_2", "message": message, "created_time": created}, publication) is ours


@pytest.mark.parametrize("lost", ["code_2", "cut"])
@pytest.mark.parametrize("picture", ["", NAME])
async def test_a_post_whose_answer_failed_is_found_in_the_feed_and_not_posted_again(
    town: Town, lost: str, picture: str
) -> None:
    town.weather.post_lost = lost
    row = town.row(picture=picture)

    error = await refusal(lambda: row.work(town.post()))
    again = await refusal(lambda: row.work(town.post()))
    finding = await resolve(town.post(), row.publication)

    assert (error.uncertain, again.uncertain) == (True, True)
    assert len(town.shown) == 1
    assert (finding.state, finding.platform_id) == ("sent", town.shown[0]["id"])
    assert finding.url is not None
    assert finding.url.startswith("https://www.facebook.com/")


@pytest.mark.parametrize("code", ["1", "2"])
async def test_a_passing_error_is_unclear_even_where_nothing_was_posted(town: Town, code: str) -> None:
    town.weather.post_error, town.weather.post_error_times = code, 1
    row = town.row()

    error = await refusal(lambda: row.work(town.post()))
    finding = await resolve(town.post(), row.publication)

    assert error.uncertain
    assert (finding.state, finding.url) == ("uncertain", f"https://www.facebook.com/{PAGE}")
    assert town.shown == []


async def test_an_officer_who_looked_may_let_it_be_posted_again(town: Town) -> None:
    town.weather.post_error, town.weather.post_error_times = "2", 1
    row = town.row(picture=NAME)
    await refusal(lambda: row.work(town.post()))

    row.again()
    await row.work(town.post())

    assert len(town.shown) == 1


async def test_an_officer_who_overlooked_it_does_not_get_it_twice(town: Town) -> None:
    town.weather.post_lost, town.weather.post_lost_times = "code_2", 1
    row = town.row()
    await refusal(lambda: row.work(town.post()))

    row.again()
    published = await row.work(town.post())

    assert [post["id"] for post in town.shown] == [published.platform_id]


async def test_the_same_text_of_yesterday_is_not_taken_for_todays(town: Town) -> None:
    await town.row().work(town.post())
    town.now += 86_400
    row = town.row()
    town.weather.post_error, town.weather.post_error_times = "2", 1
    await refusal(lambda: row.work(town.post()))

    assert (await resolve(town.post(), row.publication)).state == "uncertain"


async def test_a_text_that_others_posted_a_minute_ago_needs_an_officer(town: Town) -> None:
    await town.row().work(town.post())
    town.now += 600

    error = await refusal(lambda: town.row().work(town.post()))

    assert (error.trouble, error.uncertain, len(town.shown)) == ("officer", False, 1)
    assert "506" in str(error)


@pytest.mark.parametrize(
    ("code", "trouble", "wait"),
    [
        ("368", "retry", 3 * 3600),
        ("368/1390008", "retry", 3 * 3600),
        ("32", "retry", 1),
        ("613", "retry", 1),
        ("190/460", "officer", 0),
        ("200", "officer", 0),
        ("10", "officer", 0),
        ("100", "officer", 0),
    ],
)
async def test_a_refusal_is_no_doubt_and_says_whether_to_try_again(
    town: Town, code: str, trouble: str, wait: float
) -> None:
    town.weather.post_error, town.weather.post_error_times = code, 1
    row = town.row(picture=NAME)

    error = await refusal(lambda: row.work(town.post()))

    assert (error.trouble, error.uncertain) == (trouble, False)
    assert (error.retry_after or 0) >= wait
    await row.work(town.post())
    assert len(town.shown) == 1


async def test_a_page_that_is_not_reached_can_be_tried_again(town: Town) -> None:
    row = town.row()

    error = await refusal(lambda: row.work(town.post(graph_url="http://127.0.0.1:9")))
    await row.work(town.post())

    assert (error.trouble, error.uncertain) == ("retry", False)
    assert len(town.shown) == 1


async def test_a_post_that_cannot_be_read_back_is_published_all_the_same(town: Town) -> None:
    town.weather.missing_permission = "pages_read_engagement"

    published = await town.row().work(town.post())

    assert published.url == f"https://www.facebook.com/{published.platform_id}"


async def test_a_feed_that_cannot_be_read_leaves_it_unclear_with_the_reason(town: Town) -> None:
    town.weather.post_lost = "code_2"
    row = town.row()
    await refusal(lambda: row.work(town.post()))
    town.weather.missing_permission = "pages_read_engagement"

    finding = await resolve(town.post(), row.publication)

    assert (finding.state, finding.url) == ("uncertain", f"https://www.facebook.com/{PAGE}")
    assert "200" in str(finding.problem)


@pytest.mark.parametrize("picture", ["", NAME])
@pytest.mark.parametrize("kill", range(5))
async def test_killed_anywhere_it_is_posted_once_or_known_to_be_unclear(town: Town, kill: int, picture: str) -> None:
    row = town.row(kill, picture=picture)

    outcome = await lived_through(row, town.post())
    finding = await resolve(town.post(), row.publication)

    assert len(town.shown) <= 1
    assert outcome in (("sent", "uncertain") if picture or kill < 3 else ("not killed",))
    # Whatever is there is found; what is not there is never called sent.
    assert (finding.state == "sent") == (len(town.shown) == 1)
