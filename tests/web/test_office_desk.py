"""
A person answers, in Chromium: the citizen in the ward's chat on a phone, the officer at the desk in another browser.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from playwright.sync_api import BrowserContext, Page, expect

from bot import attachments, wording
from bot.admin import officers
from bot.attachments import attachment
from bot.database import Database, inbox
from bot.messages import Attachment
from tests.bot.admin.building import HASHED
from tests.bot.gateway import Road
from tests.fakes.rasa import turn
from tests.fakes.talk import talk
from tests.web.office import SMALL, WIDE, Window, findings
from tests.web.test_chat import say

pytestmark = pytest.mark.services

WARD = "phường Mẫu"


@pytest.fixture(scope="module")
def running_road(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Road]:
    with Road(tmp_path_factory.mktemp("desk")) as road:
        yield road


@pytest.fixture(scope="module")
def shots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("shots")


@pytest.fixture
def database(road: Road) -> Iterator[Database]:
    database = Database(road.gateway.environment["BOT_DATABASE"])
    yield database
    database.close()


@pytest.fixture
def agent(context: Callable[..., BrowserContext], road: Road, shots: Path, database: Database) -> Callable[..., Window]:
    """
    Open the window of an agent of phường Mẫu, signed in.
    """

    def open_window(login: str, name: str, **options: Any) -> Window:
        with database.engine.begin() as connection:
            found = officers.create(connection, login=login, name=name, roles=[("phuong-mau", "agent")], now=1.0)
            if found is not None:
                officers.set_password(connection, found, HASHED)
        window = Window(context(**{"viewport": WIDE, **options}).new_page(), road.gateway.url, shots)
        window.sign_in(login)
        expect(window.page.locator("h1")).to_have_text(f"Chào {name}")
        return window

    return open_window


@pytest.fixture
def citizen(context: Callable[..., BrowserContext], road: Road) -> Page:
    """
    A citizen's phone with the ward's chat, who has just asked for a person.
    """

    def answer(sender: str, message: str, metadata: dict[str, Any]) -> list[dict[str, Any]]:
        if "gặp cán bộ" in message:
            ticket = {"recipient_id": "x", "custom": {"kind": "open_ticket", "reason": "ask_officer"}}
            return [*turn(f"Dạ, em đã ghi lại và chuyển cán bộ {WARD}.")[:1], ticket, *turn(outcome="social")]
        return talk(sender, message, metadata)

    road.rasa.answer = answer
    page = context(viewport=SMALL).new_page()
    page.goto(f"{road.gateway.url}/phuong-mau")
    page.wait_for_selector(".choice")
    say(page, "Cho em gặp cán bộ, hồ sơ của em bị trả lại")
    expect(page.locator(".bot .bubble:not(.dots)").last).to_contain_text("chuyển cán bộ")
    return page


def last(page: Page) -> Any:
    return page.locator(".row .bubble:not(.dots)").last


def newest(window: Window) -> None:
    """
    Open the conversation that came last: the list has who waits longest first.
    """
    window.open("/admin/desk")
    window.page.locator(".case.untaken h2 a").last.click()


def test_an_agent_takes_a_conversation_answers_and_hands_it_back(
    citizen: Page, agent: Callable[..., Window], road: Road, shots: Path
) -> None:
    officer = agent("truc", "Trực trả lời phường Mẫu")
    officer.open("/admin/desk")
    expect(officer.page.locator(".case")).to_contain_text("Xin gặp cán bộ")
    officer.look("desk")
    officer.page.get_by_role("button", name="Nhận trả lời cuộc trò chuyện").click()

    expect(officer.page.locator(".done")).to_contain_text("Trợ lý tự động sẽ im lặng")
    expect(citizen.locator(".taken")).to_have_text(wording.DESK_TAKEN.format(ward=WARD))
    asked = len(road.rasa.asked)
    say(citizen, "Hồ sơ khai sinh, thiếu giấy gì ạ?")
    line = officer.page.locator(".line.citizen").last
    expect(line).to_contain_text("Hồ sơ khai sinh, thiếu giấy gì ạ?", timeout=10_000)  # without a reload
    expect(citizen.locator(".waiting")).to_have_count(0)
    assert len(road.rasa.asked) == asked

    officer.page.fill("#f-text", "Chào anh/chị.\nHồ sơ còn thiếu giấy chứng sinh.")
    officer.page.press("#f-text", "Control+Enter")
    expect(officer.page.locator(".line.officer").last).to_contain_text("thiếu giấy chứng sinh")
    expect(officer.page.locator("#f-text")).to_have_value("")
    expect(officer.page.locator("#f-text")).to_be_focused()
    expect(last(citizen)).to_contain_text("Hồ sơ còn thiếu giấy chứng sinh.")
    expect(citizen.locator(".person .name")).to_have_text(f"Cán bộ {WARD}")
    expect(officer.page.locator(".line.officer .state").last).to_have_text("Đã gửi", timeout=10_000)
    officer.look("conversation")
    citizen.screenshot(path=shots / "citizen-360.png")
    assert findings(citizen) == []

    officer.press("Trả lại trợ lý")
    expect(citizen.locator(".handed_back")).to_contain_text("xin tiếp tục trả lời anh/chị")
    say(citizen, "lệ phí bao nhiêu")
    expect(last(citizen)).to_contain_text("miễn lệ phí")
    officer.open("/admin/desk?view=closed")
    expect(officer.page.locator(".case")).to_have_count(1)
    officer.look("desk-closed")
    said = citizen.locator(".row").all_inner_texts()
    citizen.reload()
    expect(citizen.locator(".row")).to_have_count(len(said))
    expect(citizen.locator(".waiting")).to_have_count(0)
    citizen.screenshot(path=shots / "citizen-after-360.png")


def test_a_new_conversation_appears_in_the_list_by_itself(
    agent: Callable[..., Window], citizen: Page, context: Callable[..., BrowserContext], road: Road
) -> None:
    officer = agent("truc", "Trực trả lời phường Mẫu")
    officer.open("/admin/desk")
    before = officer.page.locator(".case.untaken").count()
    other = context(viewport=SMALL).new_page()
    other.goto(f"{road.gateway.url}/phuong-mau")
    other.wait_for_selector(".choice")

    say(other, "Em cũng muốn gặp cán bộ")

    expect(officer.page.locator(".case.untaken")).to_have_count(before + 1, timeout=15_000)
    expect(officer.page.get_by_role("status")).to_contain_text(f"Có {before + 1} cuộc trò chuyện chưa ai nhận")
    assert officer.page.title().startswith(f"({before + 1}) ")


def test_everything_works_without_javascript(citizen: Page, agent: Callable[..., Window]) -> None:
    officer = agent("khongjs", "Trực không có JavaScript", java_script_enabled=False)
    newest(officer)
    officer.press("Nhận trả lời")
    officer.fill(text="Chào anh/chị, tôi là cán bộ.")
    officer.press("Gửi")

    expect(officer.page.locator(".line.officer").last).to_contain_text("tôi là cán bộ")
    expect(last(citizen)).to_contain_text("tôi là cán bộ")
    say(citizen, "Dạ vâng")
    officer.page.get_by_role("link", name="Tải lại để xem tin mới").click()
    expect(officer.page.locator(".line.citizen").last).to_contain_text("Dạ vâng")
    officer.press("Trả lại trợ lý")
    expect(citizen.locator(".handed_back")).to_have_count(1)


def test_a_phone_number_is_asked_for_and_shown_to_the_officer_only(
    citizen: Page, agent: Callable[..., Window], database: Database
) -> None:
    officer = agent("truc", "Trực trả lời phường Mẫu")
    newest(officer)
    officer.press("Nhận trả lời")
    officer.press("Xin số điện thoại")
    expect(last(citizen)).to_contain_text("nhắn số điện thoại tại đây")

    say(citizen, "0912 345 678 ạ")

    expect(officer.page.locator("#facts")).to_contain_text("0912 345 678 ạ", timeout=10_000)
    expect(officer.page.locator(".line.citizen").last).to_contain_text("••• ạ")
    citizen.reload()
    expect(last(citizen)).to_contain_text("•••")
    officer.look("contact")
    officer.press("Trả lại trợ lý")


def test_a_draft_is_kept_when_a_colleague_takes_over_and_on_a_reload(
    citizen: Page, agent: Callable[..., Window]
) -> None:
    first, second = agent("truc", "Trực trả lời phường Mẫu"), agent("truc2", "Trực buổi chiều")
    newest(first)
    first.press("Nhận trả lời")
    first.page.fill("#f-text", "Đang viết dở")
    first.page.reload()
    expect(first.page.locator("#f-text")).to_have_value("Đang viết dở")

    second.page.goto(first.page.url)
    second.look("elsewhere")
    second.press("Nhận thay đồng nghiệp")

    expect(first.page.locator("#reply")).to_contain_text("Trực buổi chiều đang giữ", timeout=10_000)
    second.press("Trả lại trợ lý")
    expect(first.page.get_by_role("button", name="Nhận trả lời")).to_be_visible(timeout=10_000)
    first.press("Nhận trả lời")
    expect(first.page.locator("#f-text")).to_have_value("Đang viết dở")
    first.press("Gửi")
    expect(last(citizen)).to_contain_text("Đang viết dở")
    first.press("Trả lại trợ lý")


def test_a_lost_connection_loses_no_reply(citizen: Page, agent: Callable[..., Window]) -> None:
    officer = agent("truc", "Trực trả lời phường Mẫu")
    newest(officer)
    officer.press("Nhận trả lời")
    officer.page.fill("#f-text", "Đừng mất")
    officer.page.context.set_offline(True)
    officer.press("Gửi")

    expect(officer.page.get_by_role("alert")).to_contain_text("Nội dung vẫn còn trong ô trả lời")
    expect(officer.page.locator("#f-text")).to_have_value("Đừng mất")
    officer.look("offline")
    officer.page.context.set_offline(False)
    officer.press("Gửi")
    expect(last(citizen)).to_contain_text("Đừng mất")
    expect(officer.page.get_by_role("alert")).to_have_count(0)
    officer.press("Trả lại trợ lý")


def test_pictures_that_a_citizen_sent_are_seen_and_files_saved(
    citizen: Page, agent: Callable[..., Window], database: Database, road: Road
) -> None:
    picture = png(320, 200)
    sent = [
        Attachment("image", "https://a.zdn.vn/1", "giay-chung-sinh.png"),
        Attachment("file", "https://a.zdn.vn/2", "đơn.pdf"),
    ]
    with database.engine.begin() as connection:
        newest_id = connection.execute(sa.select(sa.func.max(inbox.c.id)).where(inbox.c.kind == "text")).scalar_one()
        attachments.note(connection, newest_id, sent, ward="phuong-mau", channel="zalo", address="a/u", now=9e9)
        connection.execute(sa.update(attachment).where(attachment.c.place == 0).values(
            state="kept", size=len(picture), media_type="image/png", due_at=None, kept_at=9e9))  # fmt: skip
        connection.execute(
            sa.update(attachment).where(attachment.c.place == 1).values(state="failed", problem="file.http_404")
        )
        first = connection.execute(sa.select(attachment.c.id).where(attachment.c.state == "kept")).scalar_one()
    folder = road.gateway.folder / "files" / "0000"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / str(first)).write_bytes(picture)
    officer = agent("truc", "Trực trả lời phường Mẫu")
    newest(officer)

    image = officer.page.locator(".file img")
    expect(image).to_be_visible()
    image.scroll_into_view_if_needed()
    officer.page.wait_for_function("document.querySelector('.file img').naturalWidth === 320")
    expect(officer.page.locator(".file").last).to_contain_text("tệp không còn trên kênh")
    officer.look("files")
    with officer.page.expect_download() as download:
        officer.page.get_by_role("link", name="Tải hình ảnh giay-chung-sinh.png").click()
    assert download.value.suggested_filename == "giay-chung-sinh.png"


def png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + bytes((x * 255 // width, y * 255 // height, 160)[c] for x in range(width) for c in range(3))
                    for y in range(height))  # fmt: skip
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
