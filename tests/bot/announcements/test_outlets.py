"""
Which outlets a ward has, our own page among them, and where their pictures come from.
"""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bot.accounts import Accounts
from bot.announcements import uploads
from bot.announcements.outlets.base import Publication
from bot.announcements.outlets.pictures import kept_in
from bot.announcements.outlets.registry import Outlets
from bot.announcements.outlets.resolve import next_look, resolve
from bot.channels.base import SendError
from bot.channels.messenger.channel import MessengerChannel
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.zalo.channel import ZaloChannel
from tests.bot.announcements.press import JPEG, Row, pictures, refusal
from tests.bot.channels.messenger.pages import account as page
from tests.bot.channels.telegram.bots import OTHER, OTHER_TOKEN
from tests.bot.channels.telegram.bots import account as bot
from tests.bot.channels.zalo.oa import account as oa
from tests.bot.channels.zalo.store import MemoryStore

PUBLIC = "https://phuong-mau.example"


def outlets(accounts: Accounts) -> Outlets:
    channels: dict[str, Any] = {
        "zalo": ZaloChannel(accounts.zalo, MemoryStore()),
        "messenger": MessengerChannel(accounts.messenger),
        "telegram": TelegramChannel(accounts.telegram),
    }
    connected: Any = SimpleNamespace(channels={name: one for name, one in channels.items() if getattr(accounts, name)})
    return Outlets(accounts, connected, public_url=PUBLIC, pictures=pictures)


async def test_a_ward_finds_its_own_accounts_and_no_others() -> None:
    found = outlets(Accounts((oa(),), (page(), page(id="1", ward="phuong-khac")), (bot(public_channel="@phuong_mau"),)))

    assert [account for account, _ in await found.find("zalo_article", "hoa-binh")] == [oa().id]
    assert [account for account, _ in await found.find("facebook_post", "hoa-binh")] == [page().id]
    assert [account for account, _ in await found.find("facebook_post", "phuong-khac")] == ["1"]
    assert [one.outlet for _, one in await found.find("telegram_post", "phuong-mau")] == ["telegram_post"]
    assert await found.find("telegram_post", "hoa-binh") == []


async def test_a_bot_without_a_channel_and_an_account_that_is_off_publish_nothing() -> None:
    found = outlets(Accounts((), (page(enabled=False),), (bot(), bot(id=OTHER, token=OTHER_TOKEN, enabled=False))))

    assert await found.find("facebook_post", "hoa-binh") == []
    assert await found.find("telegram_post", "phuong-mau") == []


async def test_without_accounts_there_is_our_own_page_and_what_is_not_published_has_no_outlet() -> None:
    found = outlets(Accounts())

    assert [account for account, _ in await found.find("web", "hoa-binh")] == [""]
    for outlet in ("messages", "loudspeaker", "notice", "zalo_article"):
        assert await found.find(outlet, "hoa-binh") == []  # type: ignore[arg-type]


async def test_our_own_page_is_published_as_often_as_one_likes() -> None:
    [(_, web)] = await outlets(Accounts()).find("web", "hoa-binh")
    row = Row("web", {}, begun_at=0.0)

    first, second = await row.work(web), await row.work(web)
    finding = await resolve(web, row.publication)

    assert first == second == ("hoa-binh/12", f"{PUBLIC}/thong-bao/hoa-binh/12")
    assert (finding.state, finding.url) == ("sent", first.url)


async def test_a_picture_comes_from_the_uploads_with_the_address_of_its_page(tmp_path: Path) -> None:
    name = uploads.keep(tmp_path, "picture", JPEG)
    of = Publication(12, "facebook_post", "hoa-binh", "1", {"picture": name}, 0.0)

    found = await kept_in(tmp_path, PUBLIC)(of)
    unreachable = await kept_in(tmp_path, None)(of)

    assert found == (JPEG, "image/jpeg", f"{PUBLIC}/thong-bao/hoa-binh/12/hinh")
    assert unreachable is not None
    assert unreachable.url is None


@pytest.mark.parametrize("name", ["../accounts.yml", "0" * 64 + ".jpg", "/etc/passwd"])
async def test_a_picture_that_is_no_upload_is_said(tmp_path: Path, name: str) -> None:
    of = Publication(12, "facebook_post", "hoa-binh", "1", {"picture": name}, 0.0)

    error: SendError = await refusal(lambda: kept_in(tmp_path, PUBLIC)(of))

    assert (error.trouble, error.uncertain) == ("officer", False)


async def test_no_picture_is_no_trouble(tmp_path: Path) -> None:
    assert await kept_in(tmp_path, PUBLIC)(Publication(12, "web", "hoa-binh", "", {"picture": ""}, 0.0)) is None


def test_it_is_looked_for_three_times_within_some_minutes() -> None:
    assert [next_look(looks) for looks in range(4)] == [5.0, 60.0, 600.0, None]
