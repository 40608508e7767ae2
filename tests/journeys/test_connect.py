"""
An operator connects accounts and writes menus with one command each.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest

from tests.bot.gateway import ROOT
from tests.journeys.harbour import BOT, OA, PAGE, Harbour

pytestmark = pytest.mark.services


class Unconnected(Harbour):
    """
    The OA has consented to nothing yet.
    """

    def accounts(self) -> dict[str, list[dict[str, object]]]:
        found = super().accounts()
        for name in ("access_token", "refresh_token"):
            found["zalo"][0].pop(name)
        return found


@pytest.fixture
def harbour(tmp_path: Path) -> Iterator[Harbour]:
    with Unconnected(tmp_path) as harbour:
        harbour.gateway.environment["BOT_PUBLIC_URL"] = harbour.gateway.url
        yield harbour


def connecting(harbour: Harbour, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-u", "-m", "bot", "connect", "zalo", *arguments],
        cwd=ROOT, env=harbour.gateway.environment, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def consent_url(command: subprocess.Popen[str]) -> str:
    assert command.stdout is not None
    for line in command.stdout:
        if match := re.search(r"https?://\S+/v4/oa/permission\S+", line):
            return match[0]
    raise AssertionError(command.stderr.read() if command.stderr else "")


async def test_an_oa_is_connected_by_one_command_and_its_admins_consent(harbour: Harbour) -> None:
    with connecting(harbour) as command:
        url = consent_url(command)
        assert "code_challenge=" in url

        async with aiohttp.ClientSession() as browser, browser.get(url) as response:
            page = await response.text()
        out, _ = command.communicate(timeout=20)

    assert response.status == 200
    assert "Đã kết nối Zalo OA" in page
    assert f"connected: zalo {OA}" in out
    assert command.returncode == 0
    async with aiohttp.ClientSession() as browser, browser.get(str(response.url)) as again:
        assert again.status == 400
        assert "đã dùng rồi" in await again.text()
    checked = harbour.gateway.run("check", "--only", "accounts")
    assert f"ok   zalo {OA} token" in checked.stdout


async def test_without_a_public_address_the_browsers_last_address_is_pasted(harbour: Harbour) -> None:
    with connecting(harbour, "--paste", "--callback", "http://127.0.0.1:9/callback") as command:
        url = consent_url(command)
        async with aiohttp.ClientSession() as browser, browser.get(url, allow_redirects=False) as response:
            landed = response.headers["Location"]

        out, problem = command.communicate(landed + "\n", timeout=20)

    assert f"connected: zalo {OA}" in out, problem


async def test_a_consent_that_nobody_asked_for_gives_nothing(harbour: Harbour) -> None:
    async with (
        aiohttp.ClientSession() as browser,
        browser.get(f"{harbour.gateway.url}/connect/zalo?code=x&state=invented&oa_id={OA}") as response,
    ):
        assert response.status == 404


def test_a_page_and_a_bot_are_connected_and_get_their_menus(harbour: Harbour) -> None:
    for channel in ("messenger", "telegram"):
        ran = harbour.gateway.run("connect", channel)
        assert ran.returncode == 0, ran.stdout + ran.stderr

    ran = harbour.gateway.run("menus", "--apply")

    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert harbour.telegram.bots[BOT].hook.url == f"{harbour.gateway.url}/hook/telegram/{BOT}"
    assert harbour.telegram.bots[BOT].commands
    assert harbour.messenger.pages[PAGE].profile
    assert "OA Manager" in ran.stdout


def test_check_names_what_is_wrong_and_what_to_do(harbour: Harbour) -> None:
    ran = harbour.gateway.run("check", "--only", "accounts")

    assert ran.returncode == 1
    assert re.search(rf"FAIL zalo {OA} token .* — .*connect zalo", ran.stdout), ran.stdout
    assert f"ok   messenger {PAGE} token" in ran.stdout
    assert f"ok   telegram {BOT} token" in ran.stdout
