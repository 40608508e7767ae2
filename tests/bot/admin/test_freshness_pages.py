from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer

from bot import freshness_notices
from bot.database import Database, audit
from tests.bot.admin.building import Building, Visitor
from tests.fakes.asking import AskedOffice

PAGE = "/admin/freshness?ward=hoa-binh"


@pytest.fixture
async def building(database: Database, tmp_path: Path) -> AsyncIterator[Building]:
    async with TestServer(AskedOffice().app()) as knowledge:
        building = Building(database)
        server = await building.open(tmp_path, str(knowledge.make_url("/")).rstrip("/"))
        yield building
        await building.close()
        await server.close()


@pytest.fixture
async def editor(building: Building) -> Visitor:
    return await building.officer("lan", ("hoa-binh", "editor"))


def text(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


async def test_what_has_grown_old_is_listed_with_the_reason(editor: Visitor):
    said = text((await editor.get(PAGE)).text)

    assert "Hết hiệu lực, đang ngừng trả lời (1) Gửi xe ngày hội" in said
    assert "Hết hiệu lực từ 31/10/2026" in said
    assert "Căn cứ: Nghị định 20/2021/NĐ-CP. Đã được thay bằng NĐ 335/2026." in said
    assert "Xem lại trước 30/11/2026" in said


async def test_a_document_finds_the_entries_that_cite_it(editor: Visitor):
    found = await editor.get(f"{PAGE}&document=NĐ+20/2021")
    unclear = await editor.get(f"{PAGE}&document=nghị+định")

    assert "1 mục dẫn NĐ 20/2021" in text(found.text)
    assert "Anh/chị ghi đúng một văn bản" in unclear.text


async def test_one_edit_marks_all_entries_that_cite_the_old_document(editor: Visitor, building: Building):
    await editor.get(PAGE)

    done = await editor.post(PAGE, {"old": " NĐ 20/2021 ", "new": "NĐ 335/2026"})

    assert done.status == 303
    assert "done=basis_replaced" in done.location
    (row,) = building.rows(audit)
    assert (row.action, row.what) == ("content.basis_replaced", "NĐ 20/2021")
    assert row.after == {"replaced_by": "NĐ 335/2026", "entries": ["faq/bao-tro"]}
    assert "Đã đánh dấu" in (await editor.get(done.location.partition("#")[0])).text


async def test_a_document_that_is_none_is_refused_and_what_was_typed_stays(editor: Visitor, building: Building):
    await editor.get(PAGE)

    page = await editor.post(PAGE, {"old": "nghị định cũ", "new": "NĐ 335/2026"})

    assert page.status == 422
    assert 'value="nghị định cũ"' in page.text
    assert building.rows(audit) == []


async def test_who_may_only_look_marks_nothing(building: Building):
    agent = await building.officer("truc", ("hoa-binh", "agent"))

    assert "Đánh dấu cần rà soát" not in (await agent.get(PAGE)).text
    assert (await agent.post(PAGE, {"old": "NĐ 20/2021", "new": "NĐ 335/2026"})).status == 403


async def test_the_weeks_notice_is_shown_to_who_may_edit_and_leads_to_the_list(building: Building):
    await freshness_notices.look(building.database, building.office.knowledge, ["hoa-binh"], now=building.now)
    editor = await building.officer("lan", ("hoa-binh", "editor"))
    agent = await building.officer("truc", ("hoa-binh", "agent"))
    chief = await building.officer("tinh", ("*", "admin"))

    shown = (await editor.get("/admin/")).text

    assert "Tuần này cần rà soát" in shown
    assert "1 mục đã hết hạn, đang ngừng trả lời" in text(shown)
    assert 'href="/admin/freshness?ward=hoa-binh"' in shown
    assert "Cần xử lý ngay" not in shown
    assert "Tuần này cần rà soát" not in (await agent.get("/admin/")).text
    assert 'href="/admin/freshness?ward=-"' in (await chief.get("/admin/")).text
