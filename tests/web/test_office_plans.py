"""
A ward's plan from a file in Chromium, before the real knowledge service: sent, compared with its source, confirmed.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from aiohttp import web
from playwright.sync_api import BrowserContext, Page, expect

from bot.admin import officers
from bot.database import Database
from knowledge.service import create_app
from knowledge.settings import Settings
from tests.bot.admin.building import HASHED
from tests.bot.gateway import Gateway
from tests.fakes.rasa import Rasa
from tests.fakes.serving import Serving
from tests.knowledge.conftest import CONTENT, FACTS
from tests.knowledge.conftest import SAMPLES as LIBRARY
from tests.knowledge.importing.conftest import SAMPLES, needs_tesseract
from tests.web.office import SMALL, WIDE, Window

pytestmark = pytest.mark.services

PATIENCE_MS = 60_000
PLANS = "/admin/plans?ward=dong-mau"
SEEDS = FACTS.parent / "seeds"
REAL_WARDS = ("hai-hoa", "thinh-liet", "hoa-binh", "tien-tien", "long-anh")


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    folder = tmp_path_factory.mktemp("plans")
    content = Path(shutil.copytree(LIBRARY / "library", folder / "content"))
    for ward in REAL_WARDS:
        shutil.copytree(CONTENT / "wards" / ward, content / "wards" / ward, ignore=shutil.ignore_patterns("faqs"))

    def app() -> web.Application:
        return create_app(Settings("127.0.0.1", 0, content, folder / "index", ""), lambda: date(2026, 11, 20))

    rasa, knowledge = Serving(Rasa().app), Serving(app)
    rasa.start()
    knowledge.start()
    gateway = Gateway(folder, rasa.url, knowledge.url)
    gateway.start()
    database = Database(gateway.environment["BOT_DATABASE"])
    with database.engine.begin() as connection:
        roles = [(ward, "editor") for ward in ("dong-mau", "tay-mau", *REAL_WARDS)]
        found = officers.create(connection, login="lan", name="Biên tập viên phường Đông Mẫu", roles=roles, now=1.0)
        assert found is not None
        officers.set_password(connection, found, HASHED)
    database.close()
    yield gateway
    gateway.stop()
    knowledge.stop()
    rasa.stop()


@pytest.fixture(scope="module")
def shots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("shots")


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    expect.set_options(timeout=PATIENCE_MS)
    yield
    expect.set_options(timeout=5_000)


@pytest.fixture
def window(context: Callable[..., BrowserContext], gateway: Gateway, shots: Path) -> Window:
    made = context(viewport=WIDE)
    made.set_default_timeout(PATIENCE_MS)
    opened = Window(made.new_page(), gateway.url, shots)
    opened.sign_in("lan")
    expect(opened.page.locator("h1")).to_contain_text("Chào")
    return opened


def send(window: Window, path: Path, plans: str = PLANS) -> None:
    window.open(plans)
    window.page.set_input_files("#f-file", path)
    window.press("Gửi và đọc")


def read(window: Window, path: Path, plans: str = PLANS) -> Page:
    """
    Send a file, wait for it without touching anything, and open its draft.
    """
    send(window, path, plans)
    row = window.page.locator("#drafts .entry", has_text=path.name)
    row.get_by_role("link", name="Đối chiếu và xác nhận").click()
    expect(window.page.locator("h1")).to_have_text("Đối chiếu kế hoạch")
    return window.page


def look_at_everything(page: Page) -> None:
    """
    Answer every question with its first choice, and tick everything.
    """
    for doubt in page.locator(".doubt").all():
        if doubt.locator("input[type=radio]").count():
            doubt.locator("input[type=radio]").first.check()
        doubt.locator("input[name=looked]").check()


def test_a_plan_is_sent_compared_and_confirmed_on_a_desk_and_a_phone(window: Window) -> None:
    page = read(window, SAMPLES / "vo-bang.txt")
    window.look("plan-draft")
    source, made = page.locator("#goc").bounding_box(), page.locator("#ket-qua").bounding_box()
    assert source is not None
    assert made is not None
    assert source["x"] + source["width"] <= made["x"], "source and result stand side by side"
    assert abs(source["y"] - made["y"]) < 30
    page.locator(".doubt .place a").first.click()
    line = page.locator(".line:target")
    expect(line).to_be_in_viewport()
    expect(line).to_have_class("line asked")

    window.press("Xác nhận, đưa vào dùng")
    expect(page.locator(".problems")).to_contain_text("chưa xác nhận được: còn")
    window.look("plan-refused")
    page.locator(".problems a").first.click()
    expect(page.locator(".doubt:target")).to_be_in_viewport()
    look_at_everything(page)
    page.fill("#f-summary", "Phường tuyên truyền cải cách hành chính cả năm.")
    window.press("Lưu để làm tiếp")
    expect(page.locator(".done")).to_contain_text("Đã lưu bản nháp")
    expect(page.locator("#h-doubts")).to_contain_text("còn 0 trên")

    page.set_viewport_size(SMALL)  # type: ignore[arg-type]
    source, made = page.locator("#goc").bounding_box(), page.locator("#ket-qua").bounding_box()
    assert source is not None
    assert made is not None
    assert source["y"] + source["height"] <= made["y"], "on a phone they stand under each other"
    page.locator(".jump a", has_text="Kết quả").click()
    expect(page.locator("#h-made")).to_be_in_viewport()
    page.check("#place-1")
    window.press("Xác nhận, đưa vào dùng")

    expect(page.locator(".done")).to_contain_text("Đã đưa kế hoạch vào dùng, có hiệu lực sau")
    window.look("plan-list")
    page.click("text=Xem kế hoạch")
    expect(page.locator("#f-summary")).to_have_value("Phường tuyên truyền cải cách hành chính cả năm.")


@needs_tesseract
def test_a_scan_shows_how_far_it_is_and_the_page_does_not_wait(window: Window) -> None:
    send(window, SAMPLES / "ban-quet.pdf")
    page = window.page
    row = page.locator("#drafts .entry", has_text="ban-quet.pdf")
    expect(row.locator(".mark")).to_have_text("máy đang đọc")
    window.look("plan-reading")

    row.get_by_role("link", name="Đối chiếu và xác nhận").click()

    expect(page.locator(".notice")).to_contain_text("ảnh quét")
    expect(page.locator(".paper h3").first).to_have_text("Trang 1")
    window.look("plan-scan")


def test_a_strange_file_is_refused_in_plain_words(window: Window, tmp_path: Path) -> None:
    (tmp_path / "ke-hoach.doc").write_bytes(b"x")
    send(window, tmp_path / "ke-hoach.doc")

    expect(window.page.locator("#p-file")).to_contain_text("Lưu thành")
    window.look("plan-doc")


def test_without_a_script_everything_works_by_links_and_buttons(
    context: Callable[..., BrowserContext], gateway: Gateway, shots: Path
) -> None:
    made = context(viewport=WIDE, java_script_enabled=False)
    made.set_default_timeout(PATIENCE_MS)
    window = Window(made.new_page(), gateway.url, shots)
    window.sign_in("lan")
    send(window, SAMPLES / "bang-vach.md")
    page = window.page
    for _ in range(600):
        if page.locator("#drafts .entry[data-state=read]", has_text="bang-vach.md").count():
            break
        page.wait_for_timeout(100)
        window.open(PLANS)
    page.locator("#drafts .entry", has_text="bang-vach.md").get_by_role("link", name="Đối chiếu và xác nhận").click()
    rows = page.locator("#f-tasks .line").count()
    page.locator("#f-tasks [data-add]").click()
    assert page.locator("#f-tasks .line").count() == rows + 1
    look_at_everything(page)
    window.press("Lưu để làm tiếp")
    expect(page.locator(".done")).to_contain_text("Đã lưu bản nháp")


@pytest.mark.shared
@pytest.mark.parametrize(("number", "ward"), list(enumerate(REAL_WARDS)))
def test_the_real_plans_are_compared_on_the_page(window: Window, number: int, ward: str) -> None:
    if not SEEDS.is_dir():
        pytest.skip("the project's shared folder is not here, so there are no real plans to read")
    path = sorted(SEEDS.glob("*.txt"))[number]
    page = read(window, path, f"/admin/plans?ward={ward}")

    assert page.locator(".line").count() > 50
    assert page.locator("#f-tasks .line").count() > 4
    window.look(f"plan-real-{ward}")
