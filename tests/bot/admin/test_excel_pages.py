from __future__ import annotations

import random
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from aiohttp.test_utils import TestServer

from bot.admin import excel_pages
from bot.database import Database, audit
from tests.bot.admin.building import Building, Page, Visitor
from tests.bot.admin.forms import untouched
from tests.fakes.office import FakeOffice

EXCEL = "/admin/excel?ward=hoa-binh"
CHANGED = {
    "kind": "faq", "id": "gui-xe", "title": "Gửi xe ở đâu?", "field": "answer", "sheet": "Câu hỏi thường gặp", "cell": "D2",
    "before": "Anh/chị gửi xe trong sân trụ sở.", "after": "Gửi ở sân sau.",
}  # fmt: skip


@pytest.fixture
def fake() -> FakeOffice:
    return FakeOffice()


@pytest.fixture
async def building(database: Database, tmp_path: Path, fake: FakeOffice) -> AsyncIterator[Building]:
    async with TestServer(fake.app()) as knowledge:
        building = Building(database)
        server = await building.open(tmp_path, str(knowledge.make_url("/")).rstrip("/"))
        yield building
        await building.close()
        await server.close()


@pytest.fixture
async def editor(building: Building) -> Visitor:
    visitor = await building.officer("lan", ("hoa-binh", "editor"))
    await visitor.get(EXCEL)
    return visitor


async def send(visitor: Visitor, content: bytes, name: str = "noi-dung.xlsx") -> Page:
    form = aiohttp.FormData()
    form.add_field("csrf", visitor.csrf)
    form.add_field("file", content, filename=name)
    page = await visitor._ask("POST", EXCEL, data=form, headers={"Origin": visitor.url})
    return visitor._remember(page)


async def test_the_content_of_a_ward_is_downloaded(editor: Visitor):
    page = await editor.get("/admin/excel/file?ward=hoa-binh")
    csv = await editor.get("/admin/excel/file?ward=hoa-binh&format=csv")

    assert page.text == "xlsx of hoa-binh"
    assert page.headers["Content-Disposition"] == 'attachment; filename="noi-dung-hoa-binh.xlsx"'
    assert csv.text == "csv of hoa-binh"


async def test_a_trial_shows_what_would_change_and_writes_nothing(editor: Visitor, fake: FakeOffice):
    fake.report = {
        "added": [{"kind": "faq", "id": "wifi", "title": "Có wifi không?"}],
        "changed": [CHANGED],
        "removed": ["cu-ky"],
        "kept": [{"kind": "service", "id": "so-may", "title": "Số máy chung"}],
    }

    page = await send(editor, b"PK-a-file")

    assert page.status == 200
    for words in ("Có wifi không?", "cu-ky", "<ins>Gửi ở sân sau.</ins>", "Câu trả lời", "ô D2", "Số máy chung",
                  "Đồng ý nhập"):  # fmt: skip
        assert words in page.text
    assert fake.imported == []


async def test_after_agreeing_the_very_same_file_is_written_and_noted(
    editor: Visitor, fake: FakeOffice, building: Building
):
    fake.report = {"changed": [CHANGED]}
    trial = await send(editor, b"PK\x00\xff-a-file")

    done = await editor.post(EXCEL, untouched(trial.text, "/admin/excel"))

    assert done.status == 303
    assert fake.imported == [b"PK\x00\xff-a-file"]
    assert "Đã nhập tệp" in (await editor.get(done.location)).text
    [row] = building.rows(audit)
    assert (row.action, row.what, row.ward) == ("content.imported", "excel/noi-dung.xlsx", "hoa-binh")
    assert (row.before, row.after) == (
        {"gui-xe": {"answer": CHANGED["before"]}},
        {"gui-xe": {"answer": CHANGED["after"]}},
    )


async def test_mistakes_are_named_by_sheet_and_cell_and_cannot_be_agreed_to(editor: Visitor, fake: FakeOffice):
    fake.report = {
        "mistakes": [{"sheet": "Thủ tục", "cell": f"D{row}", "message": "phải là số nguyên"} for row in range(2, 7)]
    }

    page = await send(editor, b"PK")

    assert page.status == 422
    assert "Tệp có 5 chỗ chưa đúng" in page.text
    for row in range(2, 7):
        assert f'<th scope="row">Thủ tục, ô D{row}</th>' in page.text
    assert "Đồng ý nhập" not in page.text


async def test_a_changed_digest_shows_the_trial_again(editor: Visitor, fake: FakeOffice):
    fake.report = {"changed": [CHANGED]}
    trial = await send(editor, b"PK")
    form = [(name, "0" * 64 if name == "digest" else value) for name, value in untouched(trial.text, "/admin/excel")]

    again = await editor.post(EXCEL, form)

    assert again.status == 409
    assert "vừa có thay đổi" in again.text
    assert fake.imported == []


async def test_no_file_and_a_file_that_is_none_are_told(editor: Visitor, fake: FakeOffice):
    assert "Anh/chị chọn tệp" in (await send(editor, b"")).text
    assert "không mở được" in (await send(editor, b"not excel")).text
    fake.report = {}
    assert (await editor.post(EXCEL, {"digest": "x", "content": "not base64"})).status == 400


async def test_who_may_not_edit_cannot_use_files(building: Building):
    agent = await building.officer("hoa", ("hoa-binh", "agent"))

    assert (await agent.get(EXCEL)).status == 403
    assert (await agent.get("/admin/excel/file?ward=hoa-binh")).status == 403


async def test_what_knowledge_says_of_a_file_that_it_cannot_read_is_shown(editor: Visitor, fake: FakeOffice):
    fake.unreadable = "Tệp này là Excel đời cũ (.xls)."

    page = await send(editor, b"old")

    assert page.status == 422
    assert "Tệp này là Excel đời cũ (.xls)." in page.text


async def test_a_broken_file_on_the_server_is_told_and_not_taken_for_an_edit(editor: Visitor, fake: FakeOffice):
    fake.report = {"changed": [CHANGED]}
    trial = await send(editor, b"PK")
    fake.import_refused = "file.broken"

    page = await editor.post(EXCEL, untouched(trial.text, "/admin/excel"))

    assert page.status == 409
    assert "một tệp nội dung trên máy chủ đang có lỗi" in page.text
    assert fake.imported == []


async def test_the_largest_file_that_is_taken_also_comes_back_with_the_agreement(editor: Visitor, fake: FakeOffice):
    fake.report = {"changed": [CHANGED]}
    content = random.Random(1).randbytes(excel_pages.MAX_BYTES)

    too_large = await send(editor, content + b"x")
    trial = await send(editor, content)
    done = await editor.post(EXCEL, untouched(trial.text, "/admin/excel"))

    assert too_large.status == 413
    assert "Tệp lớn quá 15 MB" in too_large.text
    assert done.status == 303
    assert fake.imported == [content]
