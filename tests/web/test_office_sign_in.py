"""
The office in Chromium, from the first administrator's link to a ward's own officer. The tests stand in order of a story
that one gateway lives through; each is a chapter that needs only what `story` has prepared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.bot.gateway import Road
from tests.web.office import PASSWORD, SMALL, WIDE, Window, first_link

pytestmark = pytest.mark.services
ACCOUNTS = """
zalo:
- {id: "2345678901234567890", ward: phuong-mau, app_id: "1122334455", app_secret: not-a-secret, name: Zalo phường Mẫu}
"""


@pytest.fixture(scope="module")
def running_road(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Road]:
    folder = tmp_path_factory.mktemp("office")
    (folder / "accounts.yml").write_text(ACCOUNTS, "utf-8")
    with Road(folder, BOT_ACCOUNTS_FILE=str(folder / "accounts.yml")) as road:
        yield road


@pytest.fixture(scope="module")
def shots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("shots")


@pytest.fixture
def window(context: Callable[..., BrowserContext], road: Road, shots: Path) -> Callable[..., Window]:
    def open_window(**options: Any) -> Window:
        return Window(context(**{"viewport": WIDE, **options}).new_page(), road.gateway.url, shots)

    return open_window


@pytest.fixture
def admin(window: Callable[..., Window], road: Road) -> Window:
    """
    A province administrator, signed in; made by the first link where there is none yet.
    """
    opened = window()
    opened.sign_in("quantri")
    if opened.page.locator(".problems").count():
        opened.set_password(first_link(road.gateway), name="Quản trị tỉnh Mẫu", login="quantri")
    expect(opened.page.locator("h1")).to_have_text("Chào Quản trị tỉnh Mẫu")
    return opened


def hire(admin: Window, login: str, name: str, *roles: str) -> str:
    """
    Add an officer on the page, and return the link that the page shows.
    """
    admin.open("/admin/officers/new")
    admin.fill(name=name, login=login)
    for role in roles:
        admin.page.check(f"[value='{role}']")
    admin.press("Thêm và lấy liên kết đặt mật khẩu")
    return admin.page.input_value("#f-address")


def test_the_first_administrator_begins_with_the_link_of_the_console(window: Callable[..., Window], road: Road) -> None:
    assert [one["advice"] for one in road.gateway.log_lines() if one["event"] == "office.empty"] == [
        "make the first administrator: python -m bot admin-link"
    ]
    start = window()
    start.open("/admin/")
    expect(start.page.locator(".notice")).to_contain_text("chưa có tài khoản nào")
    start.look("sign-in-empty")
    link = first_link(road.gateway)
    start.page.goto(link)
    start.look("setup-first")

    start.fill(name="Q", login="Quản Trị", password="ngắn", again="khác")
    start.press("Tạo tài khoản")
    expect(start.page.locator(".problems li")).to_have_count(3)
    start.look("setup-mistakes")
    start.set_password(link, name="Quản trị tỉnh Mẫu", login="quantri")

    expect(start.page.locator("h1")).to_have_text("Chào Quản trị tỉnh Mẫu")
    expect(start.page.locator(".done")).to_contain_text("Lần sau anh/chị dùng tên đăng nhập")
    start.look("start-admin")
    other = window()
    other.page.goto(link)
    expect(other.page.locator("h1")).to_have_text("Liên kết này không còn dùng được")
    other.look("link-used")


def test_wrong_passwords_lock_out_and_say_for_how_long(admin: Window, window: Callable[..., Window]) -> None:
    link = hire(admin, "mat.khau.sai", "Cán bộ hay nhập sai", "phuong-mau:agent")
    window().set_password(link)
    visitor = window()

    for _ in range(5):
        visitor.sign_in("mat.khau.sai", "sai mật khẩu")
        expect(visitor.page.get_by_role("alert")).to_contain_text("chưa đúng")
    visitor.look("sign-in-wrong")
    visitor.sign_in("mat.khau.sai")

    expect(visitor.page.get_by_role("alert")).to_contain_text("tạm khóa. Anh/chị thử lại sau 15 phút")
    visitor.look("sign-in-locked")


def test_an_editor_of_one_ward_sees_that_ward_only(admin: Window, window: Callable[..., Window]) -> None:
    link = hire(admin, "bientap.mau", "Biên tập viên phường Mẫu", "phuong-mau:editor")
    admin.look("officer-link")
    editor = window()
    editor.page.goto(link)
    editor.look("setup-password")
    editor.set_password(link)

    expect(editor.page.locator("main")).to_contain_text("Phường Mẫu, tỉnh Mẫu: biên tập")
    expect(editor.page.locator("main")).not_to_contain_text("Hòa Bình")
    menu = editor.page.locator(".menu .wide a").all_inner_texts()
    assert not {"Cán bộ", "Kênh liên lạc", "Lịch sử thay đổi"} & set(menu)
    editor.look("start-editor")
    for path in ("/admin/accounts?ward=hoa-binh", "/admin/officers", "/admin/audit"):
        editor.open(path)
        expect(editor.page.locator("h1")).to_have_text("Anh/chị không có quyền mở mục này")
    editor.look("not-allowed")


def test_a_tampered_form_is_refused(admin: Window, window: Callable[..., Window]) -> None:
    admin.open("/admin/accounts?ward=phuong-mau")
    admin.page.click("[aria-labelledby=h-web] summary")
    admin.page.fill("#f-reason-web", "đang cập nhật biểu phí")
    admin.page.evaluate("document.querySelectorAll('[name=csrf]').forEach((one) => { one.value = 'x'; })")

    admin.page.locator("#f-reason-web").press("Enter")

    expect(admin.page.locator("h1")).to_have_text("Biểu mẫu đã cũ")
    admin.open("/admin/accounts?ward=phuong-mau")
    expect(admin.page.locator(".mark.bad")).to_have_count(0)


def test_the_chat_is_switched_off_and_on_and_the_audit_tells_it(admin: Window) -> None:
    admin.open("/admin/accounts?ward=phuong-mau")
    admin.look("accounts")
    admin.page.click("[aria-labelledby=h-web] summary")
    admin.page.fill("#f-reason-web", "đang cập nhật biểu phí")
    admin.page.locator("#f-reason-web").press("Enter")
    expect(admin.page.locator(".done")).to_contain_text("Đã tạm ngừng trả lời")
    expect(admin.page.locator(".mark.bad")).to_have_text("Đang tạm ngừng")
    admin.look("accounts-off")

    admin.press("Trả lời lại")

    expect(admin.page.locator(".mark.bad")).to_have_count(0)
    admin.open("/admin/audit?ward=phuong-mau&action=channel.")
    expect(admin.page.locator("article h2").first).to_contain_text("Trả lời lại kênh web")
    expect(admin.page.locator("article del").first).to_have_text("đang cập nhật biểu phí")
    admin.look("audit")


def test_the_ward_is_chosen_without_a_script(admin: Window) -> None:
    admin.open("/admin/accounts")
    admin.page.select_option("#ward-chooser", label="Phường Mẫu")
    admin.press("Chọn")

    expect(admin.page.locator("h1")).to_have_text("Kênh liên lạc của phường Mẫu")
    expect(admin.page.locator("main")).to_contain_text("Zalo phường Mẫu")
    expect(admin.page.locator(".menu .wide a", has_text="Lịch sử thay đổi")).to_have_attribute(
        "href", "/admin/audit?ward=phuong-mau"
    )


def test_officers_are_listed_changed_and_closed(admin: Window, window: Callable[..., Window]) -> None:
    link = hire(admin, "chuyen.cong.tac", "Cán bộ chuyển công tác", "hoa-binh:editor", "hoa-binh:approver")
    gone = window()
    gone.set_password(link)
    admin.open("/admin/officers")
    row = admin.page.locator("tr", has_text="chuyen.cong.tac")
    expect(row).to_contain_text("Biên tập, Phê duyệt")
    expect(row).to_contain_text("Đang dùng")
    admin.look("officers")
    admin.page.click("text=Cán bộ chuyển công tác")
    admin.look("officer")
    admin.page.uncheck("[value='hoa-binh:approver']")
    admin.press("Lưu")
    expect(row).not_to_contain_text("Phê duyệt")

    admin.page.click("text=Cán bộ chuyển công tác")
    admin.press("Khóa tài khoản")

    expect(row).to_contain_text("Đã khóa")
    gone.open("/admin/")
    expect(gone.page.locator("h1")).to_have_text("Đăng nhập")


def test_a_password_is_changed_and_can_be_seen_while_it_is_typed(admin: Window, window: Callable[..., Window]) -> None:
    link = hire(admin, "doi.mat.khau", "Cán bộ đổi mật khẩu", "hoa-binh:agent")
    officer = window()
    officer.set_password(link)
    officer.page.click(".who summary")
    officer.page.get_by_role("link", name="Đổi mật khẩu").click()
    officer.look("password")
    officer.fill(current=PASSWORD, password="nam tu khac han nhau", again="nam tu khac han nhau")
    officer.page.locator(".field", has_text="Nhập lại").get_by_role("button").click()
    expect(officer.page.locator("[name=again]")).to_have_attribute("type", "text")
    officer.page.locator("main form button:not(.link)").click()

    expect(officer.page.locator(".done")).to_contain_text("Đã đổi mật khẩu")
    other = window()
    other.sign_in("doi.mat.khau", "nam tu khac han nhau")
    expect(other.page.locator("h1")).to_have_text("Chào Cán bộ đổi mật khẩu")


def test_everything_works_without_scripts_on_a_phone(admin: Window, window: Callable[..., Window]) -> None:
    window().set_password(hire(admin, "dien.thoai", "Cán bộ dùng điện thoại", "hoa-binh:admin"))
    phone = window(viewport=SMALL, java_script_enabled=False, has_touch=True)

    phone.sign_in("dien.thoai")
    expect(phone.page.locator("h1")).to_have_text("Chào Cán bộ dùng điện thoại")
    expect(phone.page.get_by_role("link", name="Kênh liên lạc")).to_have_count(0)
    phone.page.locator(".menu summary").tap()
    phone.page.screenshot(path=phone.shots / "menu-open-360.png")
    phone.page.get_by_role("link", name="Kênh liên lạc").tap()
    expect(phone.page.locator("h1")).to_have_text("Kênh liên lạc của phường Hòa Bình")
    phone.page.locator(".who summary").tap()
    phone.page.screenshot(path=phone.shots / "who-open-360.png")
    phone.press("Đăng xuất")

    expect(phone.page.locator(".done")).to_have_text("Anh/chị đã đăng xuất.")


def test_the_keyboard_reaches_everything_and_shows_where_it_is(admin: Window) -> None:
    admin.open("/admin/officers")
    admin.page.keyboard.press("Tab")
    expect(admin.page.locator(".skip")).to_be_focused()
    admin.page.keyboard.press("Enter")
    admin.page.keyboard.press("Tab")
    focused = admin.page.evaluate(
        "(one => [one.textContent, getComputedStyle(one).outlineStyle, getComputedStyle(one).outlineWidth])"
        "(document.activeElement)"
    )

    assert focused == ["Thêm cán bộ", "solid", "3px"]


def test_an_address_that_is_not_there_is_a_page_in_vietnamese(admin: Window) -> None:
    admin.open("/admin/khong-co-trang-nay")

    expect(admin.page.locator("h1")).to_have_text("Không có trang này")
    admin.look("unknown")
