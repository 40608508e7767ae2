"""
The week's notice on the start page, and the page of a citizen's data, in Chromium: on a desk and on a phone.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from bot import freshness_notices
from bot.admin import officers
from bot.database import Database
from bot.freshness_notices import Due
from tests.bot.admin.building import HASHED
from tests.bot.gateway import Gateway
from tests.bot.keeping import live
from tests.fakes.asking import AskedOffice
from tests.fakes.rasa import Rasa
from tests.fakes.serving import Serving
from tests.web.office import WIDE, Window

pytestmark = pytest.mark.services


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    rasa, knowledge = Serving(Rasa().app), Serving(AskedOffice().app)
    rasa.start()
    knowledge.start()
    gateway = Gateway(tmp_path_factory.mktemp("keeping"), rasa.url, knowledge.url)
    gateway.start()
    yield gateway
    gateway.stop()
    rasa.stop()
    knowledge.stop()


@pytest.fixture(scope="module")
def person(gateway: Gateway) -> int:
    """
    A citizen who has talked to the assistant; a notice; and who manages the ward.
    """
    database = Database(gateway.environment["BOT_DATABASE"])
    with database.engine.begin() as connection:
        roles = [("hoa-binh", "admin")]
        made = officers.create(connection, login="tinh", name="Quản trị phường Hòa Bình", roles=roles, now=1.0)
        assert made is not None
        officers.set_password(connection, made, HASHED)
        freshness_notices.note(connection, ward="hoa-binh", due=Due(2, 5, 1), now=time.time())
        one = live(connection, "mot", at=time.time() - 3600)
    database.close()
    return one


def test_the_notice_and_the_data_of_a_citizen_are_for_every_screen_and_reader(
    context: Callable[..., BrowserContext], gateway: Gateway, person: int, tmp_path: Path
) -> None:
    made = context(viewport=WIDE)
    window = Window(made.new_page(), gateway.url, tmp_path)
    page = window.page
    window.sign_in("tinh")
    expect(page.locator("#h-due")).to_have_text("Tuần này cần rà soát")
    window.look("start-notice")
    page.click("text=Rà soát nội dung phường Hòa Bình")
    expect(page.locator("h1")).to_be_visible()

    window.open(f"/admin/desk/{person}")
    page.click("text=Xuất hoặc xóa dữ liệu")
    window.look("citizen-data")
    with page.expect_download() as downloaded:
        page.click("text=Tải về tất cả")
    assert "câu hỏi của mot" in downloaded.value.path().read_text("utf-8")
    window.press("Xóa dữ liệu")
    expect(page.locator("#p-sure")).to_be_visible()
    window.look("citizen-unsure")
    page.check("#f-sure")
    window.press("Xóa dữ liệu")

    expect(page.locator(".done")).to_contain_text("Đã xóa dữ liệu của người dân")
    database = Database(gateway.environment["BOT_DATABASE"])
    with database.engine.connect() as connection:
        texts = connection.exec_driver_sql("select text from inbox").scalars().all()
    database.close()
    assert texts == [""]
