"""
Staff edit content in Excel: downloaded, spoilt, refused cell by cell; edited well, tried, agreed to, and told to citizens. In
Chromium, before the real gateway and the real knowledge service on a copy of the real content.
"""

from __future__ import annotations

import json
import shutil
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from playwright.sync_api import BrowserContext, Page, expect

from bot.admin import officers
from bot.database import Database
from tests.knowledge.spreadsheet.workbook import Excel
from tests.web.office import PASSWORD, WIDE, Window
from tools.town import ROOT, Town

pytestmark = pytest.mark.services
PATIENCE_MS = 60_000
EXCEL = "/admin/excel?ward=phuong-mau"
WARD, FEE, MAIN = "phuong-mau", "chung-thuc-ban-sao", "Thủ tục"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder = tmp_path_factory.mktemp("town")
    shutil.copytree(ROOT / "knowledge/content", folder / "content")
    town = Town(folder, {"knowledge": {"KNOWLEDGE_CONTENT": str(folder / "content")}})
    try:
        town.start("knowledge", "bot")
        database = Database(f"sqlite:///{folder / 'bot.sqlite'}")
        hashed = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
        with database.engine.begin() as connection:
            made = officers.create(
                connection, login="mau", name="Biên tập viên phường Mẫu", roles=[(WARD, "editor")], now=time.time()
            )
            assert made is not None
            officers.set_password(connection, made, hashed)
        database.close()
        yield town
    finally:
        town.stop()


@pytest.fixture
def window(context: Callable[..., BrowserContext], town: Town, tmp_path: Path) -> Window:
    made = context(viewport=WIDE, accept_downloads=True)
    made.set_default_timeout(PATIENCE_MS)
    opened = Window(made.new_page(), town.url, tmp_path)
    opened.sign_in("mau")
    expect(opened.page.locator("h1")).to_contain_text("Chào")
    return opened


def download(page: Page, folder: Path, link: str = "Tải tệp Excel (.xlsx)") -> Path:
    with page.expect_download() as coming:
        page.get_by_role("link", name=link).click()
    path = folder / coming.value.suggested_filename
    coming.value.save_as(path)
    return path


def send(opened: Window, content: bytes, folder: Path, name: str = "noi-dung-da-sua.xlsx") -> None:
    path = folder / name
    path.write_bytes(content)
    opened.open(EXCEL)
    opened.page.set_input_files("#f-file", path)
    opened.press("Kiểm tra tệp")


def fee(town: Town, ward: str) -> str:
    """
    Return what the assistant tells of the fee now.
    """
    body = {"ward": ward, "question": "", "choose": {"entry": FEE, "part": "fee"}}
    request = urllib.request.Request(
        f"{town.knowledge_url}/answer", json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=30) as response:
        answer: Any = json.load(response)
    return json.dumps(answer["findings"][0]["content"], ensure_ascii=False)


def test_an_excel_file_with_five_mistakes_is_refused_with_five_cells_named(window: Window, tmp_path: Path) -> None:
    page = window.page
    page.locator(".menu .wide a", has_text="Nhập, xuất Excel").click()
    expect(page.locator("h1")).to_have_text("Nhập, xuất Excel")
    window.look("excel")
    excel = Excel(download(page, tmp_path).read_bytes())
    places = [
        (MAIN, excel.write(MAIN, FEE, "Số tiền (đồng)", "hai nghìn")),
        (MAIN, excel.write(MAIN, FEE, "Nộp trực tuyến", "một nửa")),
        (MAIN, excel.write(MAIN, "khai-sinh", "Tiêu đề", None)),
        ("Câu hỏi thường gặp", excel.write("Câu hỏi thường gặp", "faq-phuong-mau-gui-xe", "Xem lại trước ngày", "32/13/2026")),
        ("Thành phần hồ sơ", excel.write("Thành phần hồ sơ", FEE, "Giấy tờ", "=A1&B1")),
    ]  # fmt: skip

    send(window, excel.save(), tmp_path)

    expect(page.locator(".problems")).to_contain_text("Tệp có 5 chỗ chưa đúng")
    told = page.locator("tbody tr").evaluate_all(
        "all => all.map((one) => [...one.children].map((cell) => cell.textContent))"
    )
    assert {place for place, _ in told} == {f"{sheet}, ô {cell}" for sheet, cell in places}
    assert all(message.strip() for _, message in told)
    expect(page.get_by_role("button", name="Đồng ý nhập")).to_have_count(0)
    window.look("excel-mistakes")


def test_a_good_edit_is_shown_agreed_to_and_told_to_the_citizens_of_this_ward(
    window: Window, town: Town, tmp_path: Path
) -> None:
    page = window.page
    window.open(EXCEL)
    excel = Excel(download(page, tmp_path).read_bytes())
    excel.write(MAIN, FEE, "Phí, lệ phí", "4.500 đồng một trang tại phường Mẫu.")
    excel.write(MAIN, FEE, "Số tiền (đồng)", "4.500")
    excel.add("Câu hỏi thường gặp", Câu_hỏi="Phường Mẫu có mạng không dây không?", Câu_trả_lời="Có, mật khẩu ở quầy.")
    excel.drop("Câu hỏi thường gặp", "faq-phuong-mau-gui-xe")
    elsewhere = fee(town, "hoa-binh")

    send(window, excel.save(), tmp_path)

    expect(page.locator("main")).to_contain_text("Sẽ thêm 1 mục, sửa 2 ô, bỏ 1 mục của phường Mẫu.")
    expect(page.locator("ins").first).to_have_text("4.500 đồng một trang tại phường Mẫu.")
    window.look("excel-trial")
    assert "4.500" not in fee(town, WARD)

    window.press("Đồng ý nhập")

    expect(page.locator(".done")).to_contain_text("Đã nhập tệp")
    window.look("excel-done")
    assert "4.500 đồng một trang tại phường Mẫu." in fee(town, WARD)
    assert fee(town, "hoa-binh") == elsewhere
    window.open("/admin/content/faq/phuong-mau-co-mang-khong-day-khong?ward=phuong-mau")
    expect(page.locator("#f-answer")).to_have_value("Có, mật khẩu ở quầy.")
    send(window, download_again(window, tmp_path), tmp_path)
    expect(page.locator("main")).to_contain_text("Tệp không sửa gì")


def download_again(opened: Window, folder: Path) -> bytes:
    opened.open(EXCEL)
    return download(opened.page, folder, "Tải các tệp CSV (.zip)").read_bytes()


def test_an_old_excel_file_is_told_what_to_do(window: Window, tmp_path: Path) -> None:
    send(window, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, tmp_path, "cu.xls")

    expect(window.page.locator("#p-file")).to_contain_text("Excel đời cũ (.xls)")
    window.look("excel-old")
