from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.bot.gateway import Road
from tests.fakes.talk import talk

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 800}


def is_complaint(line: str) -> bool:
    """
    A refused frame is what some tests are about; any other breach of the policy is a mistake of ours.
    """
    return "Content Security Policy" in line and "frame-ancestors" not in line


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """
    The system's Chromium, or the one that playwright brought; without either there is nothing to test with.
    """
    with sync_playwright() as playwright:
        chosen = {"executable_path": str(CHROMIUM)} if CHROMIUM.exists() else {}
        if not chosen and not Path(playwright.chromium.executable_path).exists():
            pytest.skip("no Chromium: install the system's, or run `.venv/bin/playwright install chromium`")
        browser = playwright.chromium.launch(args=ARGUMENTS, **chosen)  # type: ignore[arg-type]
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def running_road(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Road]:
    with Road(tmp_path_factory.mktemp("web")) as road:
        yield road


@pytest.fixture
def road(running_road: Road) -> Road:
    running_road.rasa.bad_days.clear()
    running_road.rasa.asked.clear()
    running_road.rasa.answer, running_road.rasa.delay_seconds = talk, 0.05
    return running_road


@pytest.fixture
def context(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """
    Open a fresh browser profile; what its pages complain about fails the test.
    """
    opened: list[BrowserContext] = []
    complaints: list[str] = []

    def open_context(**options: object) -> BrowserContext:
        one = browser.new_context(
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            **{"viewport": PHONE, **options},  # type: ignore[arg-type]
        )
        one.set_default_timeout(15_000)
        one.on("weberror", lambda error: complaints.append(str(error.error)))
        one.on(
            "console",
            lambda line: complaints.append(line.text) if is_complaint(line.text) else None,
        )
        opened.append(one)
        return one

    yield open_context
    for one in opened:
        one.close()
    assert complaints == []


@pytest.fixture
def page(context: Callable[..., BrowserContext], road: Road) -> Page:
    """
    A ward's chat, greeted.
    """
    page = context().new_page()
    page.goto(f"{road.gateway.url}/phuong-mau")
    page.wait_for_selector(".choice")
    return page
