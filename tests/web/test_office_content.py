"""
The content pages in Chromium, before the four real programs on a copy of the real content: what staff save is what the
chat says next. Each test is a chapter that needs only what the fixtures prepare.
"""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from playwright.sync_api import BrowserContext, Locator, Page, expect

from bot.admin import officers
from bot.database import Database
from tests.web.office import PASSWORD, SMALL, WIDE, Window
from tools.town import ROOT, Town

pytestmark = [pytest.mark.services, pytest.mark.rasa]
PATIENCE_MS = 60_000  # two cores, four programs and a browser
FEE = "/admin/content/procedure/chung-thuc-ban-sao"
PARKING = "/admin/content/faq/faq-phuong-mau-gui-xe?ward=phuong-mau"
NEW_NAME = "nhà để xe của ủy ban"
STAFF = {
    "bientap": ("Biên tập viên cấp tỉnh", "*", "editor"),
    "duyet": ("Người phê duyệt cấp tỉnh", "*", "approver"),
    "mau": ("Biên tập viên phường Mẫu", "phuong-mau", "editor"),
    "mau2": ("Biên tập viên thứ hai", "phuong-mau", "editor"),
    "quantri": ("Quản trị phường Mẫu", "phuong-mau", "admin"),
}


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder = tmp_path_factory.mktemp("town")
    shutil.copytree(ROOT / "knowledge/content", folder / "content")
    with Town(folder, {"knowledge": {"KNOWLEDGE_CONTENT": str(folder / "content")}}) as town:
        database = Database(f"sqlite:///{folder / 'bot.sqlite'}")
        hashed = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
        with database.engine.begin() as connection:
            for login, (name, ward, role) in STAFF.items():
                made = officers.create(connection, login=login, name=name, roles=[(ward, role)], now=time.time())
                assert made is not None
                officers.set_password(connection, made, hashed)
        database.close()
        yield town


@pytest.fixture(scope="module")
def shots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("shots")


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    expect.set_options(timeout=PATIENCE_MS)
    yield
    expect.set_options(timeout=5_000)


@pytest.fixture
def window(context: Callable[..., BrowserContext], town: Town, shots: Path) -> Callable[..., Window]:
    def open_window(login: str = "", **options: Any) -> Window:
        made = context(**{"viewport": WIDE, **options})
        made.set_default_timeout(PATIENCE_MS)
        opened = Window(made.new_page(), town.url, shots)
        if login:
            opened.sign_in(login)
            expect(opened.page.locator("h1")).to_contain_text("Chào")
        return opened

    return open_window


def reach(page: Page, wanted: Locator, *, most: int = 150) -> None:
    """
    Go to something with the Tab key alone.
    """
    for _ in range(most):
        if wanted.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {wanted}")


def say(page: Page, question: str) -> Locator:
    """
    Ask the bot in the open chat, and return its answer.
    """
    said = page.locator(".bot .bubble:not(.dots)")
    expect(said.first).to_be_visible()
    expect(page.locator(".waiting")).to_have_count(0)
    before = said.count()
    if question:
        page.fill("#words", question)
    page.press("#words", "Enter")
    expect(said).to_have_count(before + 1)
    return said.last


def ask_in_the_chat(opened: Window, question: str, ward: str = "phuong-mau") -> Locator:
    page = opened.page.context.new_page()
    page.goto(f"{opened.url}/{ward}")
    return say(page, question)


def settled(page: Page) -> None:
    """
    Wait until the preview is that of what stands in the form.
    """
    page.wait_for_timeout(900)
    expect(page.locator("#preview-body")).not_to_have_attribute("aria-busy", "true")


def test_an_editor_changes_a_fee_with_the_keyboard_alone_and_the_bot_says_it(window: Callable[..., Window]) -> None:
    opened = window()
    page = opened.page
    opened.open("/admin/sign-in")
    reach(page, page.locator("#f-login"))
    page.keyboard.type("bientap")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("Chào")
    reach(page, page.locator(".menu .wide a", has_text=re.compile("^Nội dung$")))
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Nội dung trợ lý trả lời")
    reach(page, page.locator("#place-chooser"))
    page.keyboard.press("Home")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("Đây là nội dung dùng chung")
    reach(page, page.locator("#f-q"))
    page.keyboard.type("chung thuc ban sao tu ban chinh")
    page.keyboard.press("Enter")
    reach(page, page.get_by_role("link", name="Chứng thực bản sao từ bản chính", exact=True))
    opened.look("content-search")
    page.keyboard.press("Enter")
    reach(page, page.locator("#f-fee-text"))
    page.keyboard.press("Control+A")
    page.keyboard.type("3.500 đồng một trang theo nghị quyết mới.")
    page.keyboard.press("Tab")
    page.keyboard.press("Control+A")
    page.keyboard.type("3.500 đồng")
    settled(page)
    expect(page.locator("#preview-body")).to_contain_text("Lệ phí: 3.500 đồng một trang theo nghị quyết mới.")
    expect(page.locator("#dirty")).to_be_visible()
    opened.look("content-editing")

    reach(page, page.get_by_role("button", name="Lưu", exact=True))
    page.keyboard.press("Enter")

    expect(page.locator(".done")).to_contain_text(re.compile(r"Đã lưu, có hiệu lực sau \d+,\d giây"))
    opened.look("content-saved")
    link = page.locator(".done a")
    reach(page, link)
    with page.context.expect_page() as popped:
        page.keyboard.press("Enter")
    chat = popped.value
    expect(chat.locator("#words")).to_have_value("chứng thực bản sao từ bản chính lệ phí bao nhiêu")
    answer = say(chat, "")
    expect(answer).to_contain_text("Lệ phí: 3.500 đồng một trang theo nghị quyết mới.")
    # What the page showed is what the citizen reads, line by line and in the same looks.
    looks = "all => all.map((one) => [one.className, one.textContent])"
    shown = page.locator("#preview-body .bubble", has_text="Lệ phí: 3.500 đồng một trang")
    expect(shown).to_have_count(2)  # in the summary, and asked alone
    assert shown.last.locator("p").evaluate_all(looks) == answer.locator("p").evaluate_all(looks)


def test_an_approver_brings_the_old_fee_back_in_two_clicks(window: Callable[..., Window]) -> None:
    opened = window("duyet")
    page = opened.page
    opened.open(f"{FEE}?ward=-")
    expect(page.locator("#entry-form")).to_have_count(0)
    page.click("text=Các bản trước")
    expect(page.locator("tbody tr").first).to_contain_text("đang dùng")
    expect(page.locator(".compare")).to_contain_text("3.500")
    opened.look("content-history")

    page.get_by_role("link", name="Khôi phục bản này").last.click()
    opened.look("content-restore")
    opened.press("Khôi phục")

    expect(page.locator(".done")).to_contain_text("có hiệu lực sau")
    answer = ask_in_the_chat(opened, "chứng thực bản sao từ bản chính lệ phí bao nhiêu")
    expect(answer).to_contain_text("2.000 đồng/trang")
    expect(answer).not_to_contain_text("3.500")


def test_a_ward_makes_its_own_on_a_phone_and_goes_back_to_the_base(window: Callable[..., Window]) -> None:
    opened = window("mau", viewport=SMALL)
    page = opened.page
    opened.open(f"{FEE}?ward=phuong-mau")
    expect(page.locator("#preview-body .bubble").first).to_be_visible()
    opened.look("content-base")
    page.set_viewport_size(SMALL)  # type: ignore[arg-type]

    page.get_by_role("link", name="Tạo bản riêng").click()
    page.fill("#f-fee-text", "4.000 đồng một trang tại phường Mẫu.")
    page.fill("#f-fee-dong", "4.000")
    opened.press("Lưu")

    expect(page.locator(".marks")).to_contain_text("Bản riêng của phường Mẫu")
    page.click("text=ô khác nhau")
    opened.look("content-own")
    page.set_viewport_size(SMALL)  # type: ignore[arg-type]
    question = "chứng thực bản sao từ bản chính lệ phí bao nhiêu"
    expect(ask_in_the_chat(opened, question)).to_contain_text("4.000 đồng một trang tại phường Mẫu.")
    expect(ask_in_the_chat(opened, question, "hoa-binh")).to_contain_text("2.000 đồng/trang")
    page.get_by_role("link", name="Trở về bản chung").click()
    opened.look("content-remove")
    page.set_viewport_size(SMALL)  # type: ignore[arg-type]
    opened.press("Trở về bản chung")
    expect(page.locator(".done")).to_contain_text("Trợ lý trả lời theo bản chung")
    expect(ask_in_the_chat(opened, question)).to_contain_text("2.000 đồng/trang")


def test_two_people_edit_the_same_entry_and_nothing_is_lost(window: Callable[..., Window]) -> None:
    first, second = window("mau"), window("mau2")
    first.open(PARKING)
    second.open(PARKING)
    second.page.fill("#f-answer", "Xe máy gửi ở sân sau, ô tô đỗ ở bãi cạnh nhà văn hóa.")
    second.page.fill("#f-sources", "Thông báo số 2 của phường Mẫu")
    second.press("Lưu")
    expect(second.page.locator(".done")).to_contain_text("Đã lưu")
    page = first.page
    page.fill("#f-answer", "Xe máy gửi trong sân trụ sở, không thu tiền.")
    page.fill("#f-aliases", "bãi xe của phường\nchỗ gửi xe\nnhà xe")
    first.press("Lưu")

    expect(page.locator("h1")).to_have_text("Hai người cùng sửa mục này")
    expect(page.locator(".notice")).to_contain_text("Biên tập viên thứ hai đã lưu một bản khác")
    first.look("content-conflict")
    first.press("Lưu theo lựa chọn")
    expect(page.locator(".pick.wrong")).to_have_count(1)
    page.locator(".pick.wrong").get_by_label("Bản của anh/chị").check()
    first.press("Lưu theo lựa chọn")

    expect(page.locator(".done")).to_contain_text("Đã lưu")
    expect(page.locator("#f-answer")).to_have_value("Xe máy gửi trong sân trụ sở, không thu tiền.")
    expect(page.locator("#f-sources")).to_have_value("Thông báo số 2 của phường Mẫu")
    expect(page.locator("#f-aliases")).to_have_value("bãi xe của phường\nchỗ gửi xe\nnhà xe")


def test_a_mistake_leads_from_the_summary_to_its_box(window: Callable[..., Window]) -> None:
    opened = window("mau")
    page = opened.page
    opened.open(f"{FEE}?ward=phuong-mau&own=1")
    page.fill("#f-fee-dong", "nhiều")
    page.fill("#f-title", "")
    page.fill("#f-as_of", "32/13/2026")

    opened.press("Lưu")

    summary = page.locator(".problems[data-focus]")
    expect(summary).to_be_focused()
    expect(summary.locator("li")).to_have_count(3)
    opened.look("content-mistakes")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#f-title")).to_be_focused()
    expect(page.locator("#f-title")).to_have_accessible_description(re.compile("Tiêu đề"))
    expect(page.locator("#f-fee-dong")).to_have_value("nhiều")


def test_lines_are_added_and_taken_away_while_typing_and_nothing_typed_is_left_by_accident(
    window: Callable[..., Window],
) -> None:
    opened = window("mau")
    page = opened.page
    opened.open("/admin/content/ward/phuong-mau?ward=phuong-mau")
    lines = page.locator("#f-hotlines .line")
    expect(lines).to_have_count(4)

    page.locator("#f-hotlines [data-drop]").nth(1).click()
    page.locator("[data-add=hotlines]").click()
    page.keyboard.type("Trực ban đêm")
    page.keyboard.press("Tab")
    page.keyboard.type("0000 000 009")
    page.once("dialog", lambda dialog: dialog.dismiss())
    page.locator(".menu .wide a").first.click()  # stays: the browser asks, and we do not leave
    expect(lines.last.locator("input").last).to_have_value("0000 000 009")
    opened.press("Lưu")

    expect(page.locator(".done")).to_contain_text("Đã lưu")
    numbers = page.locator("#f-hotlines [name$='.number']").evaluate_all("all => all.map((one) => one.value)")
    assert numbers == ["0000 000 001", "0000 000 003", "0000 000 009", ""]
    opened.look("content-ward")
    answer = ask_in_the_chat(opened, "số điện thoại của phường")
    expect(answer).to_contain_text("Trực ban đêm")


def test_without_javascript_a_question_is_written_tried_and_saved(window: Callable[..., Window]) -> None:
    opened = window("quantri", java_script_enabled=False)
    page = opened.page
    opened.open("/admin/content?ward=phuong-mau")
    page.get_by_role("link", name="câu hỏi thường gặp").click()
    page.fill("#f-title", "Trụ sở phường Mẫu có mạng không dây không?")
    page.fill("#f-questions", "phường có wifi không\nmật khẩu wifi ở phường là gì")
    page.get_by_role("button", name="Xem thử").last.click()
    expect(page.locator(".problems li")).to_have_count(1)
    page.fill("#f-answer", "Có. Tên mạng và mật khẩu dán ở quầy hướng dẫn.")

    page.get_by_role("button", name="Xem thử").last.click()

    expect(page.locator(".phone")).to_contain_text("Tên mạng và mật khẩu dán ở quầy hướng dẫn.")
    expect(page.locator(".ranks tbody tr")).to_have_count(2)
    opened.press("Lưu")
    expect(page.locator(".done")).to_contain_text("Đã lưu, có hiệu lực sau")
    assert "/admin/content/faq/tru-so-phuong-mau-co-mang-khong-day-khong" in page.url


def test_a_way_of_saying_is_added_on_the_list_and_understood_in_the_chat(window: Callable[..., Window]) -> None:
    opened = window("mau")
    page = opened.page
    opened.open("/admin/content?ward=phuong-mau&kind=faq&q=gui+xe")
    page.get_by_role("link", name=re.compile("^Cách người dân hay nói.*gửi xe")).click()
    page.fill("#f-words", NEW_NAME)
    opened.look("content-names")

    opened.press("Thêm")

    expect(page.locator(".done")).to_contain_text("Đã cập nhật cách nói")
    expect(page.locator(".names li", has_text=NEW_NAME)).to_have_count(1)
    expect(page.locator(".names .tried a")).to_have_attribute("href", re.compile("/admin/content/ask.*q=nh%C3%A0"))
    expect(ask_in_the_chat(opened, NEW_NAME)).to_contain_text("Xe máy gửi")
    page.locator(".names li", has_text=NEW_NAME).get_by_role("button").click()
    expect(page.locator(".names li", has_text=NEW_NAME)).to_have_count(0)


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("list", "/admin/content?ward=phuong-mau"),
        ("unchecked", "/admin/content?ward=phuong-mau&state=unchecked&kind=procedure"),
        ("none", "/admin/content?ward=phuong-mau&q=khong+co+gi+nhu+vay"),
        ("faq", PARKING),
        ("own-form", f"{FEE}?ward=phuong-mau&own=1&preview=1"),
        ("plan", "/admin/content/plan/plan-phuong-mau?ward=phuong-mau"),
        ("new", "/admin/content/new/procedure?ward=phuong-mau"),
        ("ask", "/admin/content/ask?ward=phuong-mau&q=sao+y+het+bao+nhieu+tien"),
        ("ask-back", "/admin/content/ask?ward=phuong-mau&q=dang+ky"),
        ("excel", "/admin/excel?ward=phuong-mau"),
        ("audit", "/admin/audit?ward=phuong-mau&action=content."),
    ],
)
def test_every_page_is_for_a_phone_a_desk_and_a_screen_reader(
    name: str, path: str, window: Callable[..., Window]
) -> None:
    opened = window("quantri")
    opened.open(path)
    opened.page.wait_for_timeout(200)
    expect(opened.page.locator("[aria-busy=true]")).to_have_count(0)

    opened.look(f"page-{name}")
