"""
The office in a real browser: an officer's window, and what every page of it must hold.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.bot.gateway import Gateway

PASSWORD = "bon tu khong lien quan"
SMALL = {"width": 360, "height": 740}
WIDE = {"width": 1280, "height": 800}
SERIOUS = ("serious", "critical")


def first_link(gateway: Gateway) -> str:
    """
    Ask the console for the first administrator's link.
    """
    done = gateway.run("admin-link")
    found = re.search(r"/admin/setup/\S+", done.stdout)
    assert found is not None, done.stdout + done.stderr
    return gateway.url + found[0]


@dataclass
class Window:
    """
    One officer's browser window. `shots` gets a picture of every page that `look` is called for.
    """

    page: Page
    url: str
    shots: Path

    def open(self, path: str) -> None:
        self.page.goto(self.url + path)

    def fill(self, **fields: str) -> None:
        for name, value in fields.items():
            self.page.fill(f"[name={name}]", value)

    def press(self, button: str) -> None:
        self.page.get_by_role("button", name=button, exact=True).click()

    def sign_in(self, login: str, password: str = PASSWORD) -> None:
        self.open("/admin/sign-in")
        self.fill(login=login, password=password)
        self.press("Đăng nhập")

    def set_password(self, link: str, **fields: str) -> None:
        self.page.goto(link)
        self.fill(**fields, password=PASSWORD, again=PASSWORD)
        self.page.locator("main button:not(.link)").click()

    def look(self, name: str) -> None:
        """
        Take a picture on a phone and on a desk, and let axe look at both.

        Raises:
            AssertionError: axe finds something serious, or a phone would have to scroll sideways.
        """
        for size in (WIDE, SMALL):
            self.page.set_viewport_size(size)  # type: ignore[arg-type]
            self.page.screenshot(path=self.shots / f"{name}-{size['width']}.png", full_page=True)
            assert findings(self.page) == [], f"{name} at {size['width']}"
            width = self.page.evaluate("document.scrollingElement.scrollWidth")
            assert width <= size["width"], f"{name} is {width} wide at {size['width']}"
        self.page.set_viewport_size(WIDE)  # type: ignore[arg-type]


def findings(page: Page) -> list[tuple[str, str, Any]]:
    """
    Return (rule, impact, where) of what axe finds serious or critical on the page as it is now.
    """
    found = Axe().run(page).response["violations"]
    return [
        (one["id"], one["impact"], [node["html"][:200] for node in one["nodes"]])
        for one in found
        if one["impact"] in SERIOUS
    ]
