"""
Files that citizens send: fetched from the platforms' hosts and no other, kept for 90 days, erased on wish.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot import attachments, erasing, file_types, inbox, settings
from bot.attachments import attachment
from bot.channels.base import SendError
from bot.channels.telegram.account import TelegramAccount
from bot.channels.telegram.channel import TelegramChannel
from bot.database import Database
from bot.errors import SettingsError
from bot.fetching import MAX_BYTES, Fetcher
from bot.messages import Attachment, InboundMessage
from emulators.telegram.platform import TelegramPlatform
from emulators.telegram.world import File
from tests.fakes.serving import Serving

NOW = 1_795_000_000.0
JPEG = b"\xff\xd8\xff\xe0" + bytes(200)


@dataclass
class Shelf:
    """
    A platform's file host, and what fetches from it.
    """

    database: Database
    fetcher: Fetcher
    url: str
    asked: list[str] = field(default_factory=list)
    status: int = 200
    body: bytes = JPEG
    waited: float = 0.0

    def send(self, *urls: str, name: str | None = None, kind: Any = "image", number: int = 1) -> int:
        files = tuple(Attachment(kind, url, name) for url in urls)
        message = InboundMessage("zalo", "hoa-binh", "a/u", f"a/{number}", "attachment", "", attachments=files)
        with self.database.engine.begin() as connection:
            inbox.accept(connection, message, executor="bot-1", now=NOW)
            return connection.execute(sa.select(sa.func.max(inbox.inbox.c.id))).scalar_one()

    def rows(self) -> list[Any]:
        with self.database.engine.connect() as connection:
            return list(connection.execute(sa.select(attachment).order_by(attachment.c.id)))

    def files(self) -> list[Path]:
        return [one for one in self.fetcher._folder.rglob("*") if one.is_file()]


@pytest.fixture
async def shelf(database: Database, tmp_path: Path) -> AsyncIterator[Shelf]:
    made: Shelf

    async def file(request: web.Request) -> web.StreamResponse:
        made.asked.append(request.path)
        if request.path == "/elsewhere":
            raise web.HTTPFound("http://169.254.169.254/latest/meta-data")
        if request.path == "/moved":
            raise web.HTTPFound("/here.jpg")
        if request.path == "/round":
            raise web.HTTPFound("/round")
        if request.path == "/endless":
            response = web.StreamResponse()
            await response.prepare(request)
            for _ in range(MAX_BYTES // 1_000_000 + 5):
                await response.write(bytes(1_000_000))
            return response
        return web.Response(status=made.status, body=made.body)

    app = web.Application()
    app.router.add_get("/{path:.*}", file)
    async with TestServer(app) as server:
        url = str(server.make_url("/")).rstrip("/")
        folder = tmp_path / "files"
        fetcher = Fetcher(database, {}, folder, hosts=("zdn.vn", url), clock=lambda: NOW + made.waited)
        made = Shelf(database, fetcher, url)
        yield made
        await fetcher._session().close()


async def test_a_picture_is_fetched_and_kept_with_what_it_really_is(shelf: Shelf) -> None:
    shelf.send(f"{shelf.url}/anh.jpg", name="anh.exe")

    assert await shelf.fetcher.fetch_due() == 1

    [row] = shelf.rows()
    assert (row.state, row.media_type, row.size, row.kept_at) == ("kept", "image/jpeg", len(JPEG), NOW)
    assert shelf.fetcher.path(row.id).read_bytes() == JPEG
    assert shelf.fetcher.path(row.id).stat().st_mode & 0o777 == 0o600
    assert await shelf.fetcher.fetch_due() == 0


async def test_several_files_of_one_message_keep_their_order(shelf: Shelf) -> None:
    inbox_id = shelf.send(f"{shelf.url}/1", f"{shelf.url}/2", f"{shelf.url}/3", f"{shelf.url}/4")

    while await shelf.fetcher.fetch_due():
        pass

    with shelf.database.engine.connect() as connection:
        found = attachments.of_messages(connection, [inbox_id])
    assert [one.place for one in found[inbox_id]] == [0, 1, 2, 3]
    assert {one.state for one in found[inbox_id]} == {"kept"}


async def test_a_message_that_is_repeated_brings_its_files_once(shelf: Shelf) -> None:
    shelf.send(f"{shelf.url}/1")
    shelf.send(f"{shelf.url}/1")

    assert len(shelf.rows()) == 1


async def test_a_card_with_a_link_is_not_fetched(shelf: Shelf) -> None:
    shelf.send("https://tin-tuc.example.vn/bai", kind="link")

    assert shelf.rows() == []


# ------------------------------------------------------------------ what is not opened


@pytest.mark.parametrize(
    "address",
    [
        "http://169.254.169.254/latest/meta-data",
        "http://127.0.0.1:8083/entries/x",
        "file:///etc/passwd",
        "ftp://zdn.vn/x",
        "https://zdn.vn.example.com/x",
        "https://notzdn.vn/x",
        "https://zdn.vn@example.com/x",
        "https://user:word@zdn.vn/x",
        "https://a.zdn.vn:8443/x",
        "https://[::1]/x",
        "http://[not-an-address/x",
        "zdn.vn/x",
        "",
    ],
)
async def test_nothing_is_opened_outside_the_list(shelf: Shelf, address: str) -> None:
    assert not shelf.fetcher.allows(address)
    shelf.send(address or "https://example.com/x")

    await shelf.fetcher.fetch_due()

    [row] = shelf.rows()
    assert (row.state, row.problem) == ("failed", "file.host_not_allowed")


@pytest.mark.parametrize("address", ["https://zdn.vn/x", "http://photo-stal-1.zdn.vn/x", "https://F.ZDN.VN./x"])
async def test_hosts_of_the_list_and_those_below_them_are_allowed(shelf: Shelf, address: str) -> None:
    assert shelf.fetcher.allows(address)


async def test_a_redirect_leads_nowhere_that_is_not_on_the_list(shelf: Shelf) -> None:
    for number, path in enumerate(("elsewhere", "moved", "round")):
        shelf.send(f"{shelf.url}/{path}", number=number)

    await shelf.fetcher.fetch_due()

    assert [(one.state, one.problem) for one in shelf.rows()] == [
        ("failed", "file.host_not_allowed"),
        ("kept", None),
        ("failed", "file.too_many_redirects"),
    ]


async def test_a_file_without_end_is_given_up_and_leaves_nothing(shelf: Shelf) -> None:
    shelf.send(f"{shelf.url}/endless")

    await shelf.fetcher.fetch_due()

    assert shelf.rows()[0].problem == "file.too_large"
    assert shelf.files() == []


# ------------------------------------------------------------------ tries


async def test_a_host_that_is_down_is_tried_again_later_and_then_no_more(shelf: Shelf) -> None:
    shelf.send(f"{shelf.url}/x")
    shelf.status = 503
    tries = 0
    for _ in range(30):
        tries += await shelf.fetcher.fetch_due()
        shelf.waited += 12 * 3600

    assert tries == len(attachments.RETRY_SECONDS) + 1
    [row] = shelf.rows()
    assert (row.state, row.problem) == ("failed", "file.http_503")

    shelf.status = 200
    with shelf.database.engine.begin() as connection:
        attachments.ask_again(connection, row.id, now=NOW + shelf.waited)
    await shelf.fetcher.fetch_due()
    assert shelf.rows()[0].state == "kept"


async def test_a_file_that_is_gone_is_not_tried_again(shelf: Shelf) -> None:
    shelf.send(f"{shelf.url}/x")
    shelf.status = 404

    await shelf.fetcher.fetch_due()

    assert shelf.rows()[0].state == "failed"


async def test_a_fetch_that_was_killed_is_done_again(shelf: Shelf) -> None:
    shelf.send(f"{shelf.url}/x")
    with shelf.database.engine.begin() as connection:
        assert attachments.claim(connection, now=NOW) is not None
    assert await shelf.fetcher.fetch_due() == 0

    shelf.waited = attachments.LEASE_SECONDS + 1
    assert await shelf.fetcher.fetch_due() == 1

    assert shelf.rows()[0].state == "kept"


# ------------------------------------------------------------------ the end of a file


async def test_after_90_days_a_file_is_removed(shelf: Shelf) -> None:
    shelf.send(f"{shelf.url}/x", name="giay-to.jpg")
    await shelf.fetcher.fetch_due()
    assert await shelf.fetcher.sweep() == 0

    shelf.waited = attachments.KEEP_SECONDS + 1
    assert await shelf.fetcher.sweep() == 1
    assert await shelf.fetcher.sweep() == 0

    [row] = shelf.rows()
    assert (row.state, row.name, row.source) == ("gone", None, "")
    assert shelf.files() == []


async def test_who_erases_their_data_erases_their_files(shelf: Shelf) -> None:
    shelf.send(f"{shelf.url}/x", number=1)
    await shelf.fetcher.fetch_due()
    shelf.send(f"{shelf.url}/y", number=2)
    with shelf.database.engine.begin() as connection:
        erasing.erase(connection, 1)

    await shelf.fetcher.sweep()

    assert await shelf.fetcher.fetch_due() == 0
    assert shelf.files() == []
    assert {one.state for one in shelf.rows()} == {"gone"}


async def test_a_file_that_is_erased_while_it_is_fetched_does_not_stay(shelf: Shelf) -> None:
    shelf.send(f"{shelf.url}/x")
    with shelf.database.engine.begin() as connection:
        due = attachments.claim(connection, now=NOW)
        assert due is not None
        erasing.erase(connection, 1)

    await shelf.fetcher._fetch(due)

    assert shelf.files() == []


# ------------------------------------------------------------------ what a file is


@pytest.mark.parametrize(
    ("head", "name", "kind"),
    [
        (JPEG, "x.exe", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", None, "image/png"),
        (b"RIFF\0\0\0\0WEBPVP8 ", None, "image/webp"),
        (b"%PDF-1.7", "to-khai.jpg", "application/pdf"),
        (b"PK\x03\x04", "don.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (b"PK\x03\x04", "don.apk", "application/zip"),
        (b"\0\0\0\x18ftypheic", None, "image/heic"),
        (b"\0\0\0\x18ftypisom", None, "video/mp4"),
        (b"#!AMR\n", None, "audio/amr"),
        (b"<html><script>", "anh.jpg", file_types.UNKNOWN),
        (b"<svg onload=alert(1)>", "anh.svg", file_types.UNKNOWN),
        (b"MZ\x90", "anh.jpg", file_types.UNKNOWN),
        (b"", None, file_types.UNKNOWN),
    ],
)
def test_a_file_is_what_its_first_bytes_say(head: bytes, name: str | None, kind: str) -> None:
    assert file_types.sniff(head, name) == kind


@pytest.mark.parametrize(
    ("name", "kind", "saved"),
    [
        ("tờ khai.pdf", "application/pdf", "tờ khai.pdf"),
        ("anh.exe", "image/jpeg", "anh.exe.jpg"),
        ("anh.JPEG", "image/jpeg", "anh.JPEG"),
        ("../../etc/passwd", file_types.UNKNOWN, "_.._etc_passwd.bin"),
        ('a"b\r\nc.png', "image/png", "a_b__c.png"),
        (None, "image/png", "tep-7.png"),
        ("...", None, "tep-7.bin"),
    ],
)
def test_the_name_to_save_under_cannot_deceive(name: str | None, kind: str | None, saved: str) -> None:
    assert file_types.download_name(name, kind, 7) == saved


# ------------------------------------------------------------------ Telegram


async def test_telegram_hands_its_files_out_by_their_id(database: Database, tmp_path: Path) -> None:
    bot_id, token = "7000000001", "7000000001:AAEexample_example_example_example_01"
    platform = TelegramPlatform(local=True)
    platform.add_account(token, webhook_url="http://127.0.0.1:9/hook", secret_token="s" * 32)
    with Serving(platform.app) as server:
        account = TelegramAccount(
            id=bot_id,
            ward="hoa-binh",
            token=token,
            secret_token="s" * 32,
            api_url=server.url,  # type: ignore[arg-type]
        )
        channel = TelegramChannel([account])
        platform.add_user("42", started=True)
        file_id = _a_file(platform, JPEG)
        fetcher = Fetcher(database, {"telegram": channel}, tmp_path / "files", hosts=(), clock=lambda: NOW)
        message = InboundMessage("telegram", "hoa-binh", f"{bot_id}/42", f"{bot_id}/1", "attachment", "",
                                 attachments=(Attachment("image", file_id), Attachment("file", "no-such-file")))  # fmt: skip
        with database.engine.begin() as connection:
            inbox.accept(connection, message, executor="bot-1", now=NOW)

        await fetcher.fetch_due()

        with database.engine.connect() as connection:
            rows = list(connection.execute(sa.select(attachment).order_by(attachment.c.id)))
        assert [(one.state, one.media_type) for one in rows] == [("kept", "image/jpeg"), ("failed", None)]
        assert fetcher.path(rows[0].id).read_bytes() == JPEG
        assert token not in str([tuple(one) for one in rows])
        with pytest.raises(SendError, match="too_large"):
            await channel.fetch(f"{bot_id}/42", file_id, max_bytes=10)
        await asyncio.wait_for(channel.close(), 5)


def _a_file(platform: TelegramPlatform, content: bytes) -> str:
    file = File("AgACAgUAAxkBAAIBexample", content, "photos/file_0.jpg", len(content))
    next(iter(platform.bots.values())).files[file.id] = file
    return file.id


# ------------------------------------------------------------------ settings


def test_files_lie_beside_the_database_that_knows_them(tmp_path: Path) -> None:
    assert settings.read({"BOT_DATABASE": f"sqlite:///{tmp_path}/bot.sqlite"}).files == tmp_path / "files"
    assert settings.read({"BOT_DATABASE": "postgresql://u:p@h/n"}).files == Path("var/files")
    assert settings.read({"BOT_FILES": "/srv/tep"}).files == Path("/srv/tep")


def test_the_list_of_hosts_is_checked_at_the_start() -> None:
    found = settings.read({"BOT_FILE_HOSTS": "*.ZDN.vn, http://127.0.0.1:9000"})

    assert found.file_hosts == ("zdn.vn", "http://127.0.0.1:9000")
    for wrong in ("*", "vn", "https://", "a b", "zdn.vn/x", "http://127.0.0.1"):
        with pytest.raises(SettingsError, match="BOT_FILE_HOSTS"):
            settings.read({"BOT_FILE_HOSTS": wrong})
