"""
A ward's public announcements in a real browser, on a phone and on a desk, without a script.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import BrowserContext, expect

from bot.announcements import short_links
from bot.announcements.renditions import make
from bot.announcements.tables import announcement, publication
from bot.wards import Ward
from tests.bot.announcements.test_renditions import announcement as written
from tests.bot.gateway import Road
from tests.web.office import findings

pytestmark = pytest.mark.services
WARD = Ward("hoa-binh", "phường Hòa Bình", "thành phố Hải Phòng", "0225 000 0000")
TEXT = (
    "Công ty Điện lực tạm ngừng cấp điện để sửa chữa đường dây.\n\n1. Thời gian: từ 7h30 đến 11h30 ngày 05/10/2026.\n"
    "2. Khu vực: tổ dân phố số 3, 4, 5.\n\nXem thêm tại https://dien.example.vn/mot-duong-dan-rat-la-dai/khong-co-cho-ngat-dong/2026-10-05."
)


def publish(connection: sa.Connection, number: int, *, state: str = "finished", kind: str = "normal") -> None:
    now = time.time()
    made = written(text=TEXT, kind=kind)
    fields = make(made, WARD, None)["web"].fields
    columns = {"created_at": now, "changed_at": now, "changed_by": 1, "author_id": 1, "body": {}, "finished_at": now}
    known = {name: value for name, value in columns.items() if name in announcement.columns}
    connection.execute(
        sa.insert(announcement).values(id=number, ward="hoa-binh", state=state, kind=kind, title=made.title, **known)
    )
    connection.execute(
        sa.insert(publication).values(
            announcement_id=number, outlet="web", ward="hoa-binh", account="", body=fields, state="sent", sent_at=now
        )
    )


@pytest.fixture(scope="module")
def published(running_road: Road) -> str:
    """
    Publish three, one of them withdrawn, and return a short link's path.
    """
    engine = sa.create_engine(f"sqlite:///{running_road.gateway.folder / 'bot.sqlite'}")
    with engine.begin() as connection:
        publish(connection, 1)
        publish(connection, 2, kind="emergency")
        publish(connection, 3, state="cancelled")
        url = f"{running_road.gateway.url}/thong-bao/hoa-binh/1"
        link = short_links.make(connection, 1, "messages", url, public_url="", now=time.time())
    engine.dispose()
    return link


@pytest.mark.parametrize(
    ("path", "heading"),
    [
        ("/thong-bao/hoa-binh", "Thông báo của phường Hòa Bình"),
        ("/thong-bao/hoa-binh/1", "Tạm ngừng cấp điện ngày 05/10/2026"),
        ("/thong-bao/hoa-binh/2", "KHẨN: Tạm ngừng cấp điện ngày 05/10/2026"),
        ("/thong-bao/hoa-binh/3", "Tạm ngừng cấp điện ngày 05/10/2026"),
        ("/thong-bao/hoa-binh/nhung", "Thông báo của phường Hòa Bình"),
        ("/thong-bao/hoa-binh/9", "Không có thông báo này"),
        ("/l/aaaaaaaaa", "Đường dẫn rút gọn không đúng"),
    ],
)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_reads_well_on_a_phone_and_on_a_desk(
    context: Callable[..., BrowserContext], road: Road, published: str, path: str, heading: str, scheme: str
):
    for width in (360, 1280):
        page = context(viewport={"width": width, "height": 800}, color_scheme=scheme).new_page()
        page.goto(road.gateway.url + path)
        expect(page.locator("h1")).to_have_text(heading)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert findings(page) == []
        if os.environ.get("PICTURES"):
            name = path.strip("/").replace("/", "-")
            page.screenshot(path=str(Path(os.environ["PICTURES"]) / f"{name}-{width}-{scheme}.png"), full_page=True)


def test_a_short_link_opens_the_page_without_javascript(
    context: Callable[..., BrowserContext], road: Road, published: str
):
    page = context(java_script_enabled=False).new_page()
    page.goto(road.gateway.url + published)

    assert page.url.endswith("/thong-bao/hoa-binh/1")
    assert page.locator("h1").text_content() == "Tạm ngừng cấp điện ngày 05/10/2026"
    with sqlite3.connect(road.gateway.folder / "bot.sqlite") as connection:
        assert connection.execute("select clicks from short_link").fetchall() == [(1,)]
