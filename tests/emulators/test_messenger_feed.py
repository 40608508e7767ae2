"""
The Page's feed of the emulated Messenger: posts and photos, read back, scheduled, refused, and answers that get lost.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from emulators.messenger.media import FILES
from tests.emulators.messenger_desk import NOON, PAGE, TOKEN, Desk

DAY = 86_400.0
PNG = FILES["image"][2]


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    with Desk() as desk:
        yield desk


async def post(desk: Desk, message: str = "Thông báo cắt điện", **more: Any) -> str:
    status, answer = await desk.call("POST", f"/{PAGE}/feed", {"message": message, **more})
    assert status == 200, answer
    return str(answer["id"])


async def code(desk: Desk, method: str, path: str, body: Any = None) -> tuple[int, int | None]:
    status, answer = await desk.call(method, path, body)
    assert status >= 400, answer
    return answer["error"]["code"], answer["error"].get("error_subcode")


async def upload(desk: Desk, content: bytes = PNG, mime: str = "image/png", **fields: str) -> tuple[int, Any]:
    form = aiohttp.FormData()
    for name, value in fields.items():
        form.add_field(name, value)
    form.add_field("source", content, filename="anh.png", content_type=mime)
    answer = await desk.raw("POST", f"/v25.0/{PAGE}/photos?access_token={TOKEN}", data=form)
    return answer.status, await answer.json()


async def test_a_post_has_an_id_of_page_and_post_and_can_be_read_back(desk: Desk) -> None:
    number = await post(desk, link="https://phuong-mau.example/")

    status, answer = await desk.call("GET", f"/{number}", fields="permalink_url,created_time,is_published,message")

    assert number.startswith(f"{PAGE}_")
    assert (status, answer["is_published"], answer["message"]) == (200, True, "Thông báo cắt điện")
    assert answer["created_time"].endswith("+0000")
    assert answer["permalink_url"].startswith("https://www.facebook.com/")


async def test_the_newest_posts_come_first_and_no_more_than_asked_for(desk: Desk) -> None:
    first, second = await post(desk, "Một"), await post(desk, "Hai")

    _, answer = await desk.call("GET", f"/{PAGE}/feed", limit="1", fields="id,message")

    assert [one["id"] for one in answer["data"]] == [second]
    assert [one["id"] for one in desk.platform.posts()] == [second, first]


async def test_a_form_is_taken_like_json(desk: Desk) -> None:
    form = {"message": "Thông báo", "access_token": TOKEN}

    answer = await desk.raw("POST", f"/v25.0/{PAGE}/feed", data=form)

    assert answer.status == 200
    assert desk.platform.posts()[0]["text"] == "Thông báo"


async def test_a_photo_that_is_published_makes_a_post_and_only_then_has_a_post_id(desk: Desk) -> None:
    _, shown = await upload(desk, caption="Lịch tiêm chủng")
    _, kept = await upload(desk, published="false")

    assert shown["post_id"] == desk.platform.posts()[0]["id"]
    assert "post_id" not in kept
    assert len(desk.platform.posts()) == 1


async def test_photos_that_were_kept_are_attached_to_one_post(desk: Desk) -> None:
    photos = [(await upload(desk, published="false"))[1]["id"] for _ in range(2)]

    await post(desk, attached_media=[{"media_fbid": one} for one in photos], link="https://phuong-mau.example/")

    assert (desk.platform.posts()[0]["photos"], desk.platform.posts()[0]["link"]) == (photos, "")
    assert await code(desk, "POST", f"/{PAGE}/feed", {"attached_media": [{"media_fbid": "1"}]}) == (100, None)


@pytest.mark.parametrize("mime", ["text/plain", "application/pdf"])
async def test_what_is_no_picture_is_refused(desk: Desk, mime: str) -> None:
    status, answer = await upload(desk, b"%PDF", mime)

    assert (status, answer["error"]["code"]) == (400, 324)


async def test_a_photo_by_address_is_fetched(desk: Desk) -> None:
    status, _ = await desk.call("POST", f"/{PAGE}/photos", {"url": desk.photo()})

    assert status == 200
    assert await code(desk, "POST", f"/{PAGE}/photos", {"url": "http://127.0.0.1:9/x.png"}) == (100, 2018008)


async def test_a_post_can_be_edited_and_deleted(desk: Desk) -> None:
    number = await post(desk)

    assert await desk.call("POST", f"/{number}", {"message": "Đã sửa"}) == (200, {"success": True})
    assert desk.platform.posts()[0]["text"] == "Đã sửa"
    assert await desk.call("DELETE", f"/{number}") == (200, {"success": True})
    assert desk.platform.posts() == []
    assert await code(desk, "GET", f"/{number}") == (100, 33)


@pytest.mark.parametrize(
    ("ahead", "good"), [(9 * 60, False), (10 * 60, True), (30 * DAY, True), (30 * DAY + 60, False)]
)
async def test_a_post_is_scheduled_for_10_minutes_to_30_days_ahead(desk: Desk, ahead: float, good: bool) -> None:
    body = {"message": "Mai", "published": False, "scheduled_publish_time": int(NOON + ahead)}

    status, _ = await desk.call("POST", f"/{PAGE}/feed", body)

    assert (status == 200) is good
    if good:
        _, waiting = await desk.call("GET", f"/{PAGE}/scheduled_posts")
        assert ([one["message"] for one in waiting["data"]], desk.platform.posts()) == (["Mai"], [])
        desk.clock.now += ahead
        assert [one["text"] for one in desk.platform.posts()] == ["Mai"]


async def test_a_schedule_without_an_offset_is_not_the_offices_time(desk: Desk) -> None:
    # NOON is 14:13 UTC, 21:13 in the office.
    body = {"message": "Mai", "published": False}

    await desk.call("POST", f"/{PAGE}/feed", body | {"scheduled_publish_time": "2026-09-21T20:13:00"})
    [one] = desk.platform.pages[PAGE].posts.values()

    assert one.due_at is not None
    assert 5 * 3600 < one.due_at - NOON < 7 * 3600


@pytest.mark.parametrize(
    "body", [{}, {"message": "  "}, {"message": "a", "link": "no address"}, {"message": "a", "attached_media": "1"},
             {"message": "a", "scheduled_publish_time": 1}, {"message": "a" * 63_207}],
)  # fmt: skip
async def test_an_odd_post_is_refused_with_100(desk: Desk, body: dict[str, Any]) -> None:
    assert await code(desk, "POST", f"/{PAGE}/feed", body) == (100, None)
    assert desk.platform.posts() == []


async def test_the_same_text_again_is_506_until_some_time_has_passed(desk: Desk) -> None:
    await post(desk, "Thông báo  cắt điện")

    assert await code(desk, "POST", f"/{PAGE}/feed", {"message": "Thông báo cắt điện"}) == (506, None)
    desk.clock.now += 2 * 3600
    await post(desk)


async def test_a_token_without_the_right_or_the_task_cannot_post(desk: Desk) -> None:
    desk.platform.weather.missing_permission = "pages_manage_posts"
    assert await code(desk, "POST", f"/{PAGE}/feed", {"message": "a"}) == (200, None)
    desk.platform.weather.missing_permission = ""
    desk.platform.weather.creates_content = False
    assert await code(desk, "POST", f"/{PAGE}/feed", {"message": "a"}) == (200, None)
    desk.platform.weather.token = "190/460"
    assert await code(desk, "POST", f"/{PAGE}/feed", {"message": "a"}) == (190, 460)


async def test_an_error_by_switch_makes_no_post_and_is_over_after_its_times(desk: Desk) -> None:
    desk.platform.weather.set("post_error", "368/1390008")
    desk.platform.weather.set("post_error_times", 2)

    assert await code(desk, "POST", f"/{PAGE}/feed", {"message": "a"}) == (368, 1390008)
    assert await code(desk, "POST", f"/{PAGE}/photos", {"url": desk.photo()}) == (368, 1390008)
    await post(desk)

    assert len(desk.platform.posts()) == 1


async def test_a_post_may_be_published_and_answered_with_500_and_code_2(desk: Desk) -> None:
    desk.platform.weather.set("post_lost", "code_2")

    status, answer = await desk.call("POST", f"/{PAGE}/feed", {"message": "a"})

    assert (status, answer["error"]["code"], len(desk.platform.posts())) == (500, 2, 1)


async def test_photo_posts_may_be_published_once_more_with_every_failed_try(desk: Desk) -> None:
    desk.platform.weather.set("post_lost", "code_2")

    statuses = [(await upload(desk))[0] for _ in range(7)]

    assert (statuses, len(desk.platform.posts())) == ([500] * 7, 7)


async def test_a_post_may_be_published_and_the_connection_break(desk: Desk) -> None:
    desk.platform.weather.set("post_lost", "cut")
    desk.platform.weather.set("post_lost_times", 1)

    with pytest.raises(aiohttp.ClientError):
        await desk.call("POST", f"/{PAGE}/feed", {"message": "a"})
    await post(desk, "b")

    assert len(desk.platform.posts()) == 2


async def test_in_development_mode_the_post_exists_and_citizens_do_not_see_it(desk: Desk) -> None:
    desk.platform.weather.live = False

    number = await post(desk)

    assert desk.platform.posts() == []
    assert (await desk.call("GET", f"/{number}", fields="is_published"))[1]["is_published"] is True


async def test_the_webhook_hears_of_own_posts_in_seconds(desk: Desk) -> None:
    number = await post(desk)
    await desk.settle()

    [entry] = [entry for body in desk.webhook.bodies for entry in body["entry"]]
    assert entry["time"] == int(NOON)
    assert entry["changes"][0]["field"] == "feed"
    value = entry["changes"][0]["value"]
    assert (value["item"], value["verb"], value["post_id"], value["from"]["id"]) == ("status", "add", number, PAGE)


async def test_the_webhook_hears_of_comments_and_who_wrote_them_may_be_missing(desk: Desk) -> None:
    number = await post(desk)
    await desk.platform.comment(number, "42", "Mấy giờ có điện lại?")
    desk.platform.weather.comment_from = False
    await desk.platform.comment(number, "42", "Cảm ơn")
    await desk.call("POST", f"/{number}/comments", {"message": "Dạ, 11 giờ ạ"})
    await desk.settle()

    values = [one["value"] for body in desk.webhook.bodies for one in body["entry"][0]["changes"]][1:]
    assert [(one["item"], one["message"], one.get("from", {}).get("id")) for one in values] == [
        ("comment", "Mấy giờ có điện lại?", "42"),
        ("comment", "Cảm ơn", None),
        ("comment", "Dạ, 11 giờ ạ", PAGE),
    ]
    _, kept = await desk.call("GET", f"/{number}/comments")
    assert len(kept["data"]) == 3


async def test_a_page_that_is_not_subscribed_to_feed_hears_nothing(desk: Desk) -> None:
    desk.page.fields = ("messages",)
    await post(desk)
    await desk.settle()

    assert desk.webhook.requests == []
