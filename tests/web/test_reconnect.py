from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from bot import wording
from tests.bot.gateway import Road
from tests.web.test_chat import bubbles, say

pytestmark = pytest.mark.services


def test_a_restart_of_the_gateway_is_bridged(page: Page, road: Road) -> None:
    say(page, "câu một")
    expect(page.locator(".bubble:not(.dots)")).to_have_count(3)

    road.gateway.kill()
    expect(page.locator("#banner")).to_have_text(wording.WIDGET["offline"])
    say(page, "câu hai")
    say(page, "câu ba")
    expect(page.locator(".pending")).to_have_count(2)
    expect(page.locator(".pending .state").first).to_have_text(wording.WIDGET["waiting"])
    road.gateway.start()

    expect(page.locator(".bot .bubble:not(.dots)")).to_have_count(4, timeout=30_000)
    expect(page.locator("#banner")).to_be_hidden()
    expect(page.locator(".pending")).to_have_count(0)
    asked = [one["message"] for one in road.rasa.asked]
    assert asked == ["/greet", "câu một", "câu hai", "câu ba"]
    said = bubbles(page)
    page.reload()
    expect(page.locator(".bubble:not(.dots)")).to_have_count(7)
    assert sorted(bubbles(page)) == sorted(said)


def test_what_was_not_sent_survives_a_reload(page: Page, road: Road) -> None:
    page.route("**/hook/web", lambda route: route.abort())
    say(page, "giữ lại giúp tôi")
    expect(page.locator(".pending")).to_have_count(1)

    page.reload()
    expect(page.locator(".pending")).to_have_count(1)
    page.unroute("**/hook/web")

    expect(page.locator(".bot .bubble:not(.dots)").last).to_contain_text("giữ lại giúp tôi", timeout=20_000)
    assert [one["message"] for one in road.rasa.asked] == ["/greet", "giữ lại giúp tôi"]


def test_a_lost_acknowledgement_does_not_double_the_message(page: Page, road: Road) -> None:
    lost = []

    def lose(route: object) -> None:
        if not lost:
            lost.append(True)
            route.fetch()  # type: ignore[attr-defined]
            route.abort()  # type: ignore[attr-defined]
        else:
            route.continue_()  # type: ignore[attr-defined]

    page.route("**/hook/web", lose)
    say(page, "chỉ một lần")

    expect(page.locator(".bot .bubble:not(.dots)").last).to_contain_text("chỉ một lần", timeout=20_000)
    expect(page.locator(".pending")).to_have_count(0)
    page.wait_for_timeout(700)
    assert len(lost) == 1
    expect(page.locator(".bubble:not(.dots)")).to_have_count(3)
    assert [one["message"] for one in road.rasa.asked] == ["/greet", "chỉ một lần"]


def test_a_refused_message_is_marked_and_the_next_one_goes_on(page: Page, road: Road) -> None:
    refusal = '{"code": "message.too_long", "message": "", "fields": {}}'
    page.route(
        "**/hook/web", lambda route: route.fulfill(status=422, content_type="application/json", body=refusal), times=1
    )

    say(page, "dài quá")
    expect(page.locator(".failed .state")).to_contain_text("1000 ký tự")
    say(page, "lệ phí")

    expect(page.locator(".bot .bubble:not(.dots)").last).to_contain_text("miễn lệ phí")
    expect(page.locator(".waiting")).to_have_count(0)


def test_being_offline_is_said_and_ends_by_itself(page: Page, road: Road) -> None:
    page.context.set_offline(True)
    say(page, "lệ phí")
    expect(page.locator(".pending")).to_have_count(1)
    page.context.set_offline(False)

    expect(page.locator(".bot .bubble:not(.dots)").last).to_contain_text("miễn lệ phí", timeout=20_000)
