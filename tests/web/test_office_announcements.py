"""
An announcement in Chromium, before the real knowledge service: one officer writes on a desk, another approves on a phone,
it is sent, and both see what became of it.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from aiohttp import web
from playwright.sync_api import BrowserContext, Page, expect

from bot.admin import officers
from bot.announcements import store
from bot.announcements.announcement import Announcement
from bot.announcements.tables import announcement, publication, recipient, subscription
from bot.database import Database, citizen
from knowledge.service import create_app
from knowledge.settings import Settings
from tests.bot.admin.building import HASHED
from tests.bot.gateway import Gateway
from tests.fakes.rasa import Rasa
from tests.fakes.serving import Serving
from tests.knowledge.conftest import CONTENT
from tests.knowledge.conftest import SAMPLES as LIBRARY
from tests.web.office import SMALL, WIDE, Window, findings

pytestmark = pytest.mark.services

WARD = "dong-mau"
WRITER, APPROVER = "Người soạn phường Đông Mẫu", "Người duyệt phường Đông Mẫu"
PEOPLE = 12
FILLED = {
    "title": "Tạm ngừng cấp điện ngày 25/11",
    "text": "Điện lực tạm ngừng cấp điện để sửa đường dây từ 8 giờ đến 11 giờ ngày 25/11/2026 tại Khu phố 1.\n\n"
    "Anh/chị chủ động sạc điện thoại, trữ nước trước giờ trên.",
    "key_line": "Mất điện từ 8 giờ đến 11 giờ ngày 25/11 tại Khu phố 1.",
}


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    folder = tmp_path_factory.mktemp("announcements")
    content = Path(shutil.copytree(LIBRARY / "library", folder / "content"))
    # The gateway counts as started when this ward's chat opens.
    shutil.copytree(
        CONTENT / "wards" / "hoa-binh", content / "wards" / "hoa-binh", ignore=shutil.ignore_patterns("faqs")
    )
    place = content / "wards" / WARD / "ward.yml"
    named = "neighbourhood_word: khu phố\nneighbourhoods:\n- Khu phố 1\n- Khu phố 2\n"
    place.write_text(place.read_text("utf-8") + "\n" + named, "utf-8")

    def app() -> web.Application:
        return create_app(Settings("127.0.0.1", 0, content, folder / "index", ""), lambda: date(2026, 11, 20))

    rasa, knowledge = Serving(Rasa().app), Serving(app)
    rasa.start()
    knowledge.start()
    # So that the test may run at any hour of the day.
    gateway = Gateway(folder, rasa.url, knowledge.url, BOT_QUIET_HOURS="00:00-00:00")
    gateway.environment["BOT_PUBLIC_URL"] = gateway.url
    gateway.start()
    database = Database(gateway.environment["BOT_DATABASE"])
    with database.engine.begin() as connection:
        hire(connection, "soan", WRITER, "editor")
        hire(connection, "duyet", APPROVER, "approver")
        settle(connection)
    database.close()
    yield gateway
    gateway.stop()
    knowledge.stop()
    rasa.stop()


def hire(connection: sa.Connection, login: str, name: str, role: str) -> None:
    found = officers.create(connection, login=login, name=name, roles=[(WARD, role)], now=1.0)
    assert found is not None
    officers.set_password(connection, found, HASHED)


def settle(connection: sa.Connection) -> None:
    """
    People in the ward's web chat who asked for announcements, half of them for those of Khu phố 1.
    """
    for number in range(PEOPLE):
        person = {"ward": WARD, "channel": "web", "address": f"{number:043}", "dialogue_id": f"p{number}"}
        made = sa.insert(citizen).values(**person, created_at=1.0, seen_at=1.0, interacted_at=1.0)
        id = connection.execute(made.returning(citizen.c.id)).scalar_one()
        kind, value = ("neighbourhood", "Khu phố 1") if number % 2 else ("all", "")
        wish = {"citizen_id": id, "ward": WARD, "kind": kind, "value": value, "how": "words", "consented_at": 1.0}
        connection.execute(sa.insert(subscription).values(**wish))


@pytest.fixture(scope="module")
def shots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("shots")


@pytest.fixture
def officer(context: Callable[..., BrowserContext], gateway: Gateway, shots: Path) -> Callable[..., Window]:
    def open_window(login: str, **options: object) -> Window:
        window = Window(context(**{"viewport": WIDE, **options}).new_page(), gateway.url, shots)
        window.sign_in(login)
        expect(window.page.locator("h1")).to_contain_text("Chào")
        return window

    return open_window


def begin(window: Window, template: str = "Cắt điện") -> Page:
    window.open("/admin/announcements")
    window.page.get_by_role("link", name="Soạn thông báo").click()
    window.page.get_by_role("button", name=template, exact=True).click()
    expect(window.page.locator("h1")).to_have_text("Soạn thông báo")
    return window.page


def choose(page: Page, *outlets: str) -> None:
    for box in page.locator("input[name=outlets]").all():
        box.set_checked(box.get_attribute("value") in outlets)


def test_one_writes_another_approves_on_a_phone_and_both_see_what_became_of_it(
    officer: Callable[..., Window], gateway: Gateway, shots: Path
) -> None:
    writer = officer("soan")
    writer.open("/admin/announcements")
    writer.look("list-empty")
    writer.page.get_by_role("link", name="Soạn thông báo").click()
    writer.look("templates")
    page = begin(writer)
    expect(page.locator("#blanks")).to_contain_text("chỗ chưa điền")
    writer.look("compose-template")
    writer.press("Gửi duyệt")
    expect(page.locator(".problems")).to_contain_text("Chưa gửi duyệt được")
    writer.look("compose-blanks")

    writer.fill(**FILLED)
    choose(page, "web", "messages", "loudspeaker", "notice")
    expect(page.locator("#saved")).to_contain_text("Đã tự lưu lúc", timeout=10_000)
    expect(page.locator("#r-messages")).to_contain_text("DUNG")
    expect(page.locator("#r-facebook_post")).to_be_hidden()
    expect(page.locator("#forecast .count")).to_contain_text(str(PEOPLE), timeout=10_000)
    writer.look("compose")
    writer.press("Gửi duyệt")
    expect(page.locator(".done")).to_contain_text("Đã gửi duyệt")
    expect(page.get_by_role("button", name=re.compile("^Duyệt"))).to_have_count(0)
    writer.look("waiting")

    approver = officer("duyet", viewport=SMALL)
    approver.open("/admin/announcements?view=waiting")
    approver.look("list-waiting")
    approver.page.set_viewport_size(SMALL)  # type: ignore[arg-type]
    approver.page.get_by_role("link", name="Xem và duyệt").click()
    expect(approver.page.locator("#r-loudspeaker")).to_be_visible()
    approver.look("review")
    approver.page.set_viewport_size(SMALL)  # type: ignore[arg-type]
    approver.press("Duyệt và gửi")

    expect(approver.page.locator(".marks").first).to_contain_text("Đã gửi xong", timeout=30_000)  # without a reload
    expect(approver.page.locator(".figures .count").first).to_have_text(str(PEOPLE))
    approver.look("progress")
    approver.page.get_by_role("link", name="Báo cáo", exact=True).click()
    expect(approver.page.locator("h1")).to_contain_text("Báo cáo")
    approver.look("report")
    with approver.page.expect_download() as download:
        approver.page.get_by_role("link", name="Tải về (mở bằng Excel)").click()
    assert download.value.suggested_filename.endswith(".xlsx")
    writer.open("/admin/announcements?view=sent")
    expect(writer.page.locator(".announcements")).to_contain_text("Tạm ngừng cấp điện")
    writer.look("list-sent")
    public = approver.page.context.new_page()
    public.goto(f"{gateway.url}/thong-bao/{WARD}")
    expect(public.locator("body")).to_contain_text("Tạm ngừng cấp điện ngày 25/11")


def test_an_emergency_takes_one_press_of_each_on_a_phone(officer: Callable[..., Window]) -> None:
    writer = officer("soan", viewport=SMALL)
    page = begin(writer, "Bão, mưa lũ")
    writer.fill(**{**FILLED, "title": "Ứng phó bão số 9", "key_line": "Bão đến tối nay."})
    choose(page, "web")
    writer.press("Gửi duyệt")
    expect(page.locator(".done")).to_contain_text("Đã gửi duyệt")

    approver = officer("duyet", viewport=SMALL)
    approver.open("/admin/announcements?view=waiting")
    approver.page.get_by_role("link", name="Xem và duyệt").click()
    box = approver.page.get_by_role("button", name="Duyệt và gửi khẩn ngay").bounding_box()
    assert box is not None
    assert box["height"] >= 48
    assert box["y"] + box["height"] <= SMALL["height"], "the button is seen without scrolling"
    approver.page.screenshot(path=approver.shots / "emergency-360.png")
    assert findings(approver.page) == []
    approver.press("Duyệt và gửi khẩn ngay")
    expect(approver.page.locator(".marks").first).to_contain_text("Khẩn cấp")


def test_a_text_by_hand_is_kept_and_counted_while_typing(officer: Callable[..., Window]) -> None:
    writer = officer("soan")
    page = begin(writer, "Việc khác")
    writer.fill(**FILLED)
    choose(page, "zalo_article", "messages")
    expect(page.locator("#saved")).to_contain_text("Đã tự lưu lúc", timeout=10_000)

    card = page.locator("#r-zalo_article")
    card.get_by_text("Sửa riêng bản này").click()
    card.locator("textarea").first.fill("x" * 151)
    expect(card.locator("[data-counter]").first).to_have_text("151/150")
    expect(card.locator("[data-counter].over")).to_have_count(1)
    page.locator("#f-title").focus()
    expect(page.locator("#saved")).to_contain_text("Đã tự lưu lúc", timeout=10_000)
    page.reload()
    expect(page.locator("#r-zalo_article .mark")).to_have_text("sửa riêng")
    writer.look("by-hand")


def test_everything_works_without_javascript(officer: Callable[..., Window], gateway: Gateway) -> None:
    writer = officer("soan", java_script_enabled=False)
    page = begin(writer, "Việc khác")
    writer.fill(**{**FILLED, "title": "Họp khu phố không cần JavaScript"})
    choose(page, "web")
    writer.press("Gửi duyệt")
    expect(page.locator("h1")).to_have_text("Họp khu phố không cần JavaScript")

    approver = officer("duyet", java_script_enabled=False)
    approver.open("/admin/announcements?view=waiting")
    approver.page.get_by_role("link", name="Xem và duyệt").first.click()
    approver.press("Duyệt và gửi")
    expect(approver.page.locator(".done")).to_contain_text("Đã duyệt")
    approver.page.get_by_role("link", name="Tải lại để xem số mới").click()
    expect(approver.page.locator("h1")).to_have_text("Họp khu phố không cần JavaScript")
    database = Database(gateway.environment["BOT_DATABASE"])
    with database.engine.connect() as connection:
        query = sa.select(announcement.c.approved_at).order_by(announcement.c.id.desc()).limit(1)
        assert connection.execute(query).scalar_one() is not None
    database.close()


def test_what_went_wrong_is_told_with_what_can_be_done(officer: Callable[..., Window], gateway: Gateway) -> None:
    database = Database(gateway.environment["BOT_DATABASE"])
    with database.engine.begin() as connection:
        id = half_sent(connection)
    database.close()
    writer = officer("soan")
    page = writer.page
    writer.open(f"/admin/announcements/{id}/progress")

    expect(page.locator("#live")).to_contain_text("Đã bỏ quan tâm hoặc chặn: 2")
    expect(page.locator("#live")).to_contain_text("Lâu không nhắn cho đơn vị, kênh không cho gửi: 1")
    expect(page.get_by_role("link", name="Mở trang để kiểm tra")).to_have_count(1)
    writer.look("progress-paused")
    page.get_by_text("Hủy thông báo").click()
    page.fill("#f-reason", "Điện lực đổi lịch.")
    writer.look("progress-cancel")
    writer.press("Hủy, không gửi nữa")
    expect(page.locator("#live")).to_contain_text("Trước khi hủy đã nhắn tới 5 người")
    writer.look("progress-cancelled")


def half_sent(connection: sa.Connection) -> int:
    """
    An announcement that was paused on its way: all ends that a message and a post can have.
    """
    draft = Announcement(0, WARD, (WARD,), "normal", **FILLED, outlets=("web", "facebook_post", "messages"))
    id = store.save_draft(connection, draft, None, 1, now=1.0).id
    store.change(connection, id, state="paused", approved_at=2.0, approved_by=2, started_at=3.0, queued_at=3.0)
    ends = [("sent", None)] * 5 + [("failed", "blocked")] * 2 + [("failed", "window.closed"), ("uncertain", None)]
    people = connection.execute(sa.select(citizen.c.id).order_by(citizen.c.id)).scalars()
    for person, (state, problem) in zip(people, [*ends, ("due", None), ("due", None), ("due", None)], strict=True):
        row = {"announcement_id": id, "citizen_id": person, "chunk": 0, "channel": "web", "address": "x"}
        connection.execute(sa.insert(recipient).values(**row, state=state, problem=problem, sent_at=4.0))
    posts = [("web", "sent", None), ("facebook_post", "uncertain", "Mất kết nối khi đang đăng.")]
    for outlet, state, problem in posts:
        row = {"announcement_id": id, "outlet": outlet, "ward": WARD, "account": "", "body": {}, "state": state}
        connection.execute(sa.insert(publication).values(**row, problem=problem, url="https://example.org/trang"))
    return id


def test_the_progress_of_the_plan_is_seen_at_once(officer: Callable[..., Window]) -> None:
    writer = officer("soan")
    writer.open("/admin/plan-progress")
    expect(writer.page.locator("h1")).to_have_text("Tiến độ kế hoạch")
    assert writer.page.locator(".task").count() >= 1
    writer.look("plan-progress")
