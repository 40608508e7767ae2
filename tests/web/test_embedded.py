from __future__ import annotations

from collections.abc import Callable

import pytest
from aiohttp import web
from playwright.sync_api import BrowserContext, expect

from bot import wording
from tests.bot.gateway import Road
from tests.fakes.serving import Serving
from tests.web.conftest import DESK

pytestmark = pytest.mark.services
SITE = "phuong-mau-demo"
LABEL = wording.OPEN.format(ward="phường Mẫu")


def portal(bot: str, site: str) -> Callable[[], web.Application]:
    page = f"<!doctype html><title>Cổng</title><h1>Cổng thông tin</h1><script src='{bot}/embed.js' data-site='{site}' async></script>"

    async def answer(_request: web.Request) -> web.Response:
        # As strict as a portal may be: our script needs its own address, and a frame, and nothing inline.
        policy = f"default-src 'none'; script-src {bot}; frame-src {bot}; connect-src {bot}"
        return web.Response(text=page, content_type="text/html", headers={"Content-Security-Policy": policy})

    def build() -> web.Application:
        app = web.Application()
        app.router.add_get("/", answer)
        return app

    return build


@pytest.fixture
def allowed_port() -> int:
    return 8090  # the one in bot/sites.yml


def test_a_portal_embeds_the_chat_by_one_line(
    context: Callable[..., BrowserContext], road: Road, allowed_port: int
) -> None:
    with Serving(portal(road.gateway.url, SITE), allowed_port) as server:
        page = context(viewport=DESK).new_page()
        page.goto(server.url)
        button = page.get_by_role("button", name=LABEL)
        button.click()
        frame = page.frame_locator("iframe")
        expect(frame.locator(".choice").first).to_be_visible()

        frame.locator("#words").fill("lệ phí")
        frame.locator("#words").press("Enter")
        expect(frame.locator(".bot .bubble:not(.dots)").last).to_contain_text("miễn lệ phí")
        assert road.rasa.asked[-1]["metadata"]["ward"] == "phuong-mau"

        frame.get_by_role("button", name=wording.CLOSE).click()
        expect(page.locator("iframe")).to_be_hidden()
        expect(button).to_be_focused()
        button.click()
        expect(frame.locator(".bubble:not(.dots)")).to_have_count(3)


def test_on_a_phone_the_chat_fills_the_screen(
    context: Callable[..., BrowserContext], road: Road, allowed_port: int
) -> None:
    with Serving(portal(road.gateway.url, SITE), allowed_port) as server:
        page = context().new_page()
        page.goto(server.url)
        page.get_by_role("button", name=LABEL).click()

        assert page.locator("iframe").bounding_box() == {"x": 0, "y": 0, "width": 390, "height": 844}


@pytest.mark.parametrize(("site", "port"), [(SITE, None), ("no-such-site", 8090)])
def test_another_portal_or_key_gets_no_button(
    context: Callable[..., BrowserContext], road: Road, site: str, port: int | None
) -> None:
    with Serving(portal(road.gateway.url, site), port) as server:
        page = context().new_page()
        with page.expect_console_message(lambda line: "is not allowed here" in line.text):
            page.goto(server.url)

        assert page.locator("button, iframe").count() == 0


def test_a_foreign_frame_shows_nothing(context: Callable[..., BrowserContext], road: Road) -> None:
    async def answer(_request: web.Request) -> web.Response:
        frame = f"<!doctype html><iframe src='{road.gateway.url}/embed/{SITE}' referrerpolicy='no-referrer'></iframe>"
        return web.Response(text=frame, content_type="text/html")

    def build() -> web.Application:
        app = web.Application()
        app.router.add_get("/", answer)
        return app

    with Serving(build) as server:
        page = context.__call__().new_page()
        page.goto(server.url)
        page.wait_for_timeout(500)

        assert page.frames[1].locator("#log").count() == 0
