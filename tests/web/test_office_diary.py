"""
The diary and the statistics in Chromium: on a phone and on a desk, with a keyboard, without scripts.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from bot.admin import officers
from bot.database import Database
from tests.bot.admin.building import HASHED
from tests.bot.admin.diary import ask, report
from tests.bot.gateway import Gateway
from tests.fakes.asking import AskedOffice
from tests.fakes.office import PARKING
from tests.fakes.rasa import Rasa
from tests.fakes.serving import Serving
from tests.web.office import SMALL, WIDE, Window

pytestmark = pytest.mark.services

WARD = "hoa-binh"
DOGS = ["nuôi chó có phải đăng ký không", "đăng ký nuôi chó ở đâu"]
WORDS = "để xe máy lúc tới phường làm giấy tờ ở chỗ nào"


@pytest.fixture(scope="module")
def fake() -> AskedOffice:
    fake = AskedOffice()
    fake.explained = {"hits": [{"kind": "faq", "id": "gui-xe"}, {"kind": "procedure", "id": "chung-thuc-ban-sao"}]}
    return fake


@pytest.fixture(scope="module")
def gateway(fake: AskedOffice, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    folder = tmp_path_factory.mktemp("diary")
    rasa, knowledge = Serving(Rasa().app), Serving(fake.app)
    rasa.start()
    knowledge.start()
    gateway = Gateway(folder, rasa.url, knowledge.url)
    gateway.start()
    yield gateway
    gateway.stop()
    rasa.stop()
    knowledge.stop()


@pytest.fixture(scope="module")
def shots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("shots")


@pytest.fixture(scope="module")
def asked(gateway: Gateway) -> None:
    """
    A month of a ward's questions.
    """

    now = time.time()
    database = Database(gateway.environment["BOT_DATABASE"])
    with database.engine.begin() as connection:
        found = officers.create(
            connection, login="lan", name="Biên tập viên phường Hòa Bình", roles=[(WARD, "editor")], now=1.0
        )
        assert found is not None
        officers.set_password(connection, found, HASHED)
    ask(database, DOGS * 6, at=now - 7000, channel="zalo")
    ask(database, [WORDS], at=now - 9000, who="v")
    ask(database, ["xin giấy xác nhận"], outcome="clarify", at=now - 90_000, who="v")
    for day in range(30):
        at = now - day * 86_400 - 3600 * (day % 9)
        ask(database, ["gửi xe"] * (3 + day % 4), outcome="answered", entry_ids=["gui-xe"], at=at, who=f"d{day}")
        ask(database, ["thư viện mấy giờ mở"] * (day % 3), at=at, who=f"d{day}", channel=("web", "messenger")[day % 2])
    report(database, "lệ phí sao y bao nhiêu", ["chung-thuc-ban-sao"])
    database.close()


@pytest.fixture
def editor(asked: None, context: Callable[..., BrowserContext], gateway: Gateway, shots: Path) -> Window:
    window = Window(context(viewport=WIDE).new_page(), gateway.url, shots)
    window.sign_in("lan")
    expect(window.page.locator("h1")).to_contain_text("Chào")
    return window


def drawn(page: Page) -> list[list[int]]:
    """
    Return the real sizes of the page's pictures; nothing for one that was not drawn.
    """
    found: list[list[int]] = page.evaluate(
        "Promise.all([...document.images].map(one => one.decode().then(() => [one.naturalWidth, one.naturalHeight])))"
    )
    return found


def test_an_editor_adds_a_wording_and_the_diary_shows_that_it_is_answered(editor: Window, fake: AskedOffice) -> None:
    editor.open(f"/admin/questions?ward={WARD}")
    expect(editor.page.locator(".group h2").first).to_contain_text("thư viện mấy giờ mở")
    editor.look("diary")

    group = editor.page.locator(".group", has_text=WORDS)
    group.get_by_role("button", name="Thêm vào mục có sẵn").click()
    expect(editor.page.locator("h1")).to_have_text("Thêm vào mục có sẵn")
    editor.look("diary-add")
    fake.put("faq", WARD, {**PARKING, "id": "nuoi-cho", "title": "Đăng ký nuôi chó", "questions": DOGS})
    editor.page.get_by_role("button", name="Thêm vào mục này").first.click()

    expect(editor.page.get_by_role("status")).to_contain_text("Đã thêm cách hỏi")
    expect(editor.page.locator(".group", has_text=WORDS)).to_have_count(0)
    assert fake.entry("faq", "gui-xe", WARD)["questions"][-1] == WORDS
    expect(editor.page.locator(".group", has_text=DOGS[0])).to_contain_text("Nay đã trả lời được")
    editor.look("diary-answered")
    editor.page.get_by_role("link", name="Đã xử lý").click()
    expect(editor.page.locator(".group")).to_contain_text("Đã có câu trả lời")
    editor.look("diary-done")


def test_a_report_of_a_wrong_answer_leads_to_the_entry(editor: Window) -> None:
    editor.open(f"/admin/questions?ward={WARD}&state=wrong")
    expect(editor.page.locator(".group a").first).to_have_text("Chứng thực bản sao từ bản chính")
    editor.look("diary-wrong")

    editor.page.get_by_role("button", name="Đã sửa").click()

    expect(editor.page.get_by_role("status")).to_contain_text("Đã ghi nhận")
    expect(editor.page.locator("main")).to_contain_text("Không có báo cáo nào chờ xử lý")


def test_the_statistics_are_drawn_and_can_be_read_as_tables(editor: Window) -> None:
    editor.open(f"/admin/dashboard?ward={WARD}")
    assert drawn(editor.page) == [[900, 360]] * 3
    editor.page.locator("summary", has_text="Xem số liệu").first.click()
    expect(editor.page.locator(".chart table").first).to_be_visible()
    editor.look("dashboard")

    editor.page.set_viewport_size(SMALL)  # type: ignore[arg-type]
    editor.page.reload()

    assert drawn(editor.page) == [[420, 340]] * 3
    editor.page.screenshot(path=editor.shots / "dashboard-phone.png", full_page=True)


def test_the_diary_works_without_scripts_and_with_a_keyboard(
    asked: None, context: Callable[..., BrowserContext], gateway: Gateway, shots: Path
) -> None:
    window = Window(context(viewport=SMALL, java_script_enabled=False).new_page(), gateway.url, shots)
    window.sign_in("lan")
    window.open(f"/admin/questions?ward={WARD}")
    group = window.page.locator(".group", has_text="xin giấy xác nhận")
    group.get_by_role("button", name="Bỏ qua").focus()
    window.page.keyboard.press("Enter")

    expect(window.page.get_by_role("status")).to_contain_text("Đã bỏ qua nhóm câu hỏi này")
    expect(window.page.locator(".group", has_text="xin giấy xác nhận")).to_have_count(0)


def test_what_has_grown_old_is_seen_and_a_replaced_document_is_reported(editor: Window) -> None:
    editor.open(f"/admin/freshness?ward={WARD}")
    editor.look("freshness")
    editor.fill(old="NĐ 20/2021", new="NĐ 335/2026")
    editor.press("Đánh dấu cần rà soát")

    expect(editor.page.get_by_role("status").first).to_contain_text("Đã đánh dấu")
