"""
What anybody may read of announcements, and the short links that lead there.
"""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import sqlalchemy as sa
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.announcements import public_pages, published, short_links, uploads
from bot.announcements.announcement import Announcement
from bot.announcements.tables import announcement, publication, short_link
from bot.database import Database
from bot.wards import Ward

NOW = 1_790_000_000.0
WARD = Ward("hoa-binh", "phường Hòa Bình", "thành phố Hải Phòng", "0225 000 0000")
BROWSER = {"User-Agent": "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130 Mobile"}
FIELDS = {
    "title": "Tạm ngừng cấp điện",
    "text": "Từ 7h30.\n\nXem https://dien.example.vn.",
    "summary": "Từ 7h30.",
    "valid_until": "",
}
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64


def put(connection: sa.Connection, number: int, **values: Any) -> None:
    """
    Publish an announcement of hoa-binh on the web page.
    """
    fields = {**FIELDS, **values.pop("fields", {})}
    frozen = {"wards": ["hoa-binh"], "announcement": {"picture": fields.get("picture")}}
    sent = values.pop("sent", "sent")
    row = {
        "state": "finished",
        "kind": "normal",
        "body": {},
        "author_id": 1,
        "created_at": NOW,
        "changed_at": NOW,
        "changed_by": 1,
    }
    columns = {one.name for one in announcement.columns}
    connection.execute(
        sa.insert(announcement).values(
            **{name: value for name, value in row.items() if name in columns and name not in values},
            id=number, ward="hoa-binh", title=fields["title"], frozen=frozen, **values,
        )
    )  # fmt: skip
    connection.execute(
        sa.insert(publication).values(
            announcement_id=number,
            outlet="web",
            ward="hoa-binh",
            account="",
            body=fields,
            state=sent,
            sent_at=NOW + number,
        )
    )


@pytest.fixture
async def client(database: Database, tmp_path: Path) -> AsyncIterator[TestClient[Any, Any]]:
    pages = public_pages.PublicPages(
        database,
        {"hoa-binh": WARD}.get,
        public_url="https://motcua.example.vn",
        files=tmp_path / "files",
        clock=lambda: NOW + 1000,
    )
    app = web.Application()
    app.add_routes(pages.routes())
    async with TestClient(TestServer(app)) as made:
        yield made


async def read(client: TestClient[Any, Any], path: str, status: int = 200) -> str:
    async with client.get(path, headers=BROWSER) as response:
        assert response.status == status
        assert "script" not in response.headers.get("Content-Security-Policy", "")
        return await response.text()


async def test_a_page_shows_what_was_published_with_its_links(client, database):
    await database.write(put, 7)
    page = await read(client, "/thong-bao/hoa-binh/7")

    assert "<h1>Tạm ngừng cấp điện</h1>" in page
    assert '<a href="https://dien.example.vn" rel="noopener noreferrer">https://dien.example.vn</a>.' in page
    assert 'href="tel:02250000000"' in page
    assert "<script" not in page


async def test_everything_on_a_page_is_escaped(client, database):
    evil = '"><script>alert(1)</script>'
    await database.write(put, 7, fields={"title": evil, "text": evil, "summary": evil, "link_title": evil, "link_url": f"https://x/{evil}",
                                         "button_title": evil, "button_url": "javascript:alert(1)"})  # fmt: skip

    for path in (
        "/thong-bao/hoa-binh/7",
        "/thong-bao/hoa-binh",
        "/thong-bao/hoa-binh/nhung",
        "/thong-bao/hoa-binh/feed.atom",
    ):
        page = await read(client, path)
        assert "<script>alert" not in page
        assert "javascript:" not in page


async def test_the_list_has_the_newest_first_and_nothing_unpublished(client, database):
    await database.write(put, 1, fields={"title": "Một"})
    await database.write(put, 2, fields={"title": "Hai"})
    await database.write(put, 3, fields={"title": "Ba"}, sent="due", state="sending")
    await database.write(put, 4, fields={"title": "Bốn"}, state="cancelled")

    for path in ("/thong-bao/hoa-binh", "/thong-bao/hoa-binh/nhung"):
        assert re.findall(r"<li><a [^>]*>([^<]*)</a>", await read(client, path)) == ["Hai", "Một"]


async def test_one_that_was_withdrawn_says_so_and_no_more(client, database):
    await database.write(put, 7, state="cancelled", finished_at=NOW)
    page = await read(client, "/thong-bao/hoa-binh/7", 410)

    assert "đã được rút lại" in page
    assert "Từ 7h30" not in page


async def test_one_that_is_over_says_so(client, database):
    await database.write(put, 7, fields={"valid_until": repr(NOW)})

    assert "đã hết hiệu lực" in await read(client, "/thong-bao/hoa-binh/7")


@pytest.mark.parametrize(
    "path", ["/thong-bao/hoa-binh/8", "/thong-bao/nowhere", "/thong-bao/hoa-binh/x", "/thong-bao/hoa-binh/7/hinh", f"/thong-bao/hoa-binh/{'9' * 30}", "/thong-bao/nowhere/7"]
)  # fmt: skip
async def test_what_is_not_there_is_not_found(client, path: str):
    assert "Không có thông báo này" in await read(client, path, 404)


async def test_one_that_is_not_published_yet_is_not_found(client, database):
    await database.write(put, 7, state="approved", sent="due")

    await read(client, "/thong-bao/hoa-binh/7", 404)


async def test_the_feed_is_atom_with_whole_addresses(client, database):
    await database.write(put, 7, fields={"text": "Có ký tự \x0b lạ & <b>"})
    feed = ElementTree.fromstring((await read(client, "/thong-bao/hoa-binh/feed.atom")).encode())
    atom = "{http://www.w3.org/2005/Atom}"

    assert feed.tag == f"{atom}feed"
    assert [one.findtext(f"{atom}id") for one in feed.iter(f"{atom}entry")] == [
        "https://motcua.example.vn/thong-bao/hoa-binh/7"
    ]
    assert all(feed.findtext(f"{atom}{name}") for name in ("id", "title", "updated"))


async def test_only_the_frame_may_stand_in_another_page(client, database):
    for path, framers in (("/thong-bao/hoa-binh", "'none'"), ("/thong-bao/hoa-binh/nhung", "*")):
        async with client.get(path) as response:
            assert response.headers["Content-Security-Policy"].endswith(f"frame-ancestors {framers}")


async def test_a_picture_is_shown_from_the_moment_of_sending(client, database, tmp_path: Path):
    name = uploads.keep(tmp_path / "files", "picture", PNG)
    await database.write(put, 7, fields={"picture": name}, state="sending", sent="due")
    await database.write(put, 8, fields={"picture": name}, state="approved", sent="due")

    async with client.get("/thong-bao/hoa-binh/7/hinh") as response:
        assert (response.status, response.content_type, await response.read()) == (200, "image/png", PNG)
    await read(client, "/thong-bao/hoa-binh/8/hinh", 404)


def link(connection: sa.Connection, outlet: str = "messages") -> str:
    url = "https://motcua.example.vn/thong-bao/hoa-binh/7"
    return short_links.make(connection, 7, outlet, url, public_url="https://motcua.example.vn", now=NOW)  # type: ignore[arg-type]


def clicks(connection: sa.Connection) -> int:
    return connection.execute(sa.select(sa.func.sum(short_link.c.clicks))).scalar_one()


async def test_a_short_link_leads_to_the_page_and_counts_people_only(client, database):
    await database.write(put, 7)
    path = (await database.write(link)).removeprefix("https://motcua.example.vn")
    for agent in (BROWSER["User-Agent"], "facebookexternalhit/1.1", "TelegramBot (like TwitterBot)", ""):
        async with client.get(path, headers={"User-Agent": agent}, allow_redirects=False) as response:
            assert response.status == 302
            assert response.headers["Location"] == "https://motcua.example.vn/thong-bao/hoa-binh/7"
    async with client.head(path, headers=BROWSER, allow_redirects=False) as response:
        assert response.status == 302

    assert await database.read(clicks) == 1


@pytest.mark.parametrize("code", ["aaaaaaaaa", "2345", "../../etc", "%00", "ABCDEFGHJ", "a" * 500])
async def test_a_forged_short_link_is_refused_and_logged(client, code: str, capsys: pytest.CaptureFixture[str]):
    page = await read(client, f"/l/{code}", 404) if "/" not in code else ""

    assert "/" in code or "Đường dẫn rút gọn không đúng" in page
    assert "/" in code or "short_link.unknown" in capsys.readouterr().out


async def test_the_same_link_is_made_once_and_cannot_be_guessed(database):
    await database.write(put, 7)
    first, again, other = [await database.write(link, outlet) for outlet in ("messages", "messages", "notice")]

    assert first == again != other
    assert len(short_links.ALPHABET) ** short_links.LENGTH > 2**40
    assert len({short_links.new_code() for _ in range(2000)}) == 2000


async def test_outlets_with_addresses_get_links_of_their_own(database):
    await database.write(put, 7)
    made = Announcement(
        7, "hoa-binh", ("hoa-binh",), "normal", "a", "b", outlets=("web", "messages", "loudspeaker", "notice")
    )
    links = await database.write(short_links.for_announcement, made, "hoa-binh", "https://motcua.example.vn", now=NOW)

    assert set(links) == {"messages", "notice"}
    assert len(set(links.values())) == 2


async def test_without_a_public_page_there_is_nothing_to_link_to(database):
    made = Announcement(7, "hoa-binh", ("hoa-binh",), "normal", "a", "b", outlets=("messages",))

    assert await database.write(short_links.for_announcement, made, "hoa-binh", "https://x.vn", now=NOW) == {}


async def test_published_reads_numbers_that_are_none(database):
    await database.write(put, 7, fields={"valid_until": "bao giờ"})
    found = await database.read(published.one, "hoa-binh", 7)

    assert found is not None
    assert found.time("valid_until") is None
