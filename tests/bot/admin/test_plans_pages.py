"""
The pages of imported plans before the real knowledge service: a file in, a plan that a person has confirmed out.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import aiohttp
import pytest
from aiohttp.test_utils import TestServer

from bot.admin import plans_pages, plans_wording
from bot.database import Database, audit
from knowledge.service import create_app
from knowledge.settings import Settings
from tests.bot.admin.building import Building, Page, Visitor
from tests.bot.admin.forms import untouched
from tests.knowledge.conftest import SAMPLES as LIBRARY
from tests.knowledge.importing.conftest import SAMPLES

PLANS = "/admin/plans?ward=dong-mau"
EDITOR = "Biên tập viên phường Đông Mẫu"


@pytest.fixture
async def building(database: Database, tmp_path: Path) -> AsyncIterator[Building]:
    content = Path(shutil.copytree(LIBRARY / "library", tmp_path / "content"))
    settings = Settings("127.0.0.1", 0, content, tmp_path / "index", "")
    async with TestServer(create_app(settings, lambda: date(2026, 11, 20))) as knowledge:
        building = Building(database)
        server = await building.open(tmp_path, str(knowledge.make_url("/")).rstrip("/"))
        yield building
        await building.close()
        await server.close()


@pytest.fixture
async def editor(building: Building) -> Visitor:
    visitor = await building.officer("lan", ("dong-mau", "editor"), name=EDITOR)
    await visitor.get(PLANS)
    return visitor


async def send(visitor: Visitor, content: bytes, name: str) -> Page:
    form = aiohttp.FormData()
    form.add_field("csrf", visitor.csrf)
    form.add_field("file", content, filename=name)
    return visitor._remember(await visitor._ask("POST", PLANS, data=form, headers={"Origin": visitor.url}))


async def read(visitor: Visitor, name: str = "vo-bang.txt") -> str:
    """
    Send a sample, wait until it is read, and return the address of its draft.
    """
    sent = await send(visitor, await asyncio.to_thread((SAMPLES / name).read_bytes), name)
    assert sent.status == 303, sent.text
    for _ in range(1200):
        page = await visitor.get(PLANS)
        if 'data-state="read"' in page.text:
            start = page.text.index("/admin/plans/")
            return page.text[start : page.text.index('"', start)]
        await asyncio.sleep(0.05)
    raise AssertionError(page.text)


def answered(html: str, **more: str) -> list[tuple[str, str]]:
    """
    Return the form with the first choice of every question, and everything looked at.
    """
    pairs = untouched(html, "plan-form")
    for line in html.split("<fieldset")[1:]:
        body = line.partition("</fieldset>")[0]
        if 'name="pick.' in body:
            name = body.partition('name="pick.')[2].partition('"')[0]
            pairs.append((f"pick.{name}", "1"))
        if 'name="looked"' in body:
            pairs.append(("looked", body.partition('name="looked" value="')[2].partition('"')[0]))
    return [one for one in pairs if one[0] not in more] + list(more.items())


async def test_a_plan_is_sent_looked_at_edited_and_put_into_use(editor: Visitor, building: Building):
    address = await read(editor)

    page = await editor.get(address)
    for words in (
        "17/KH-UBND",
        "ghi ngày 05/01/2026 và ngày 15/01/2026",
        'id="dong-5"',
        'href="#dong-5"',
        "Căn cứ pháp lý",
        "Nhiệm vụ",
    ):
        assert words in page.text, words
    assert page.text.index('id="nghi"') < page.text.index('id="goc"') < page.text.index('id="ket-qua"')

    refused = await editor.post(address, [*untouched(page.text, "plan-form"), ("do", "confirm"), ("place", "beside")])
    assert refused.status == 422
    assert "chưa xác nhận được: còn" in refused.text
    assert "Chỗ 1: chưa trả lời" in refused.text
    kept = await editor.post(
        address, [*answered(refused.text, **{"e.summary": "Tóm tắt mới của kế hoạch."}), ("do", "save")]
    )
    assert kept.status == 303
    page = await editor.get(kept.location)
    assert "Đã lưu bản nháp" in page.text
    assert "còn 0 trên" in page.text
    assert "Tóm tắt mới của kế hoạch." in page.text
    unchosen = await editor.post(address, [*untouched(page.text, "plan-form"), ("do", "confirm")])
    assert unchosen.status == 422
    assert plans_wording.CHOOSE_PLACE in unchosen.text

    form = [
        *untouched(unchosen.text, "plan-form"),
        ("do", "confirm"),
        ("place", "plan-dong-mau"),
    ]
    done = await editor.post(address, form)

    assert done.status == 303, done.text
    assert "Đã đưa kế hoạch vào dùng" in (await editor.get(done.location)).text
    content = await editor.get("/admin/content/plan/plan-dong-mau?ward=dong-mau")
    assert "Tóm tắt mới của kế hoạch." in content.text
    actions = [(row.action, row.what, row.ward) for row in building.rows(audit) if row.action.startswith("plan.")]
    assert actions == [
        ("plan.sent", "file/vo-bang.txt", "dong-mau"),
        ("plan.confirmed", "plan/plan-dong-mau", "dong-mau"),
    ]
    assert building.rows(audit)[-1].after["number"] == "17/KH-UBND"
    again = await editor.get(address)
    assert EDITOR in again.text
    assert "Xác nhận, đưa vào dùng" not in again.text


async def test_what_two_people_type_is_not_lost(editor: Visitor, building: Building):
    address = await read(editor, "bang-vach.md")
    mine = await editor.get(address)
    other = await building.officer("hoa", ("dong-mau", "editor"))
    theirs = await other.get(address)
    first = await other.post(address, [*answered(theirs.text, **{"e.summary": "của người kia"}), ("do", "save")])
    assert first.status == 303

    late = await editor.post(address, [*answered(mine.text, **{"e.summary": "của tôi"}), ("do", "save")])

    assert late.status == 409
    assert "Có người vừa lưu" in late.text
    assert "của tôi" in late.text
    assert (await editor.post(address, [*untouched(late.text, "plan-form"), ("do", "save")])).status == 303
    assert "của tôi" in (await editor.get(address)).text


async def test_a_row_is_added_and_taken_away_without_a_script(editor: Visitor):
    address = await read(editor)
    page = await editor.get(address)
    rows = page.text.count('name="e.tasks.')

    more = await editor.post(address, [*untouched(page.text, "plan-form"), ("do", "row:tasks")])
    less = await editor.post(address, [*untouched(more.text, "plan-form"), ("do", "drop:tasks.1")])

    assert more.text.count('name="e.tasks.') > rows
    assert less.text.count('name="e.tasks.') < more.text.count('name="e.tasks.')


async def test_what_cannot_be_taken_is_told(editor: Visitor, monkeypatch: pytest.MonkeyPatch):
    assert plans_wording.NO_FILE in (await send(editor, b"", "")).text
    doc = await send(editor, b"x", "cu.doc")
    assert doc.status == 422
    assert "Lưu thành" in doc.text
    monkeypatch.setattr(plans_pages, "MAX_BYTES", 10)
    big = await send(editor, b"x" * 11, "to.txt")
    assert big.status == 413
    assert "20 MB" in big.text


async def test_a_file_that_cannot_be_read_is_listed_with_why_and_discarded(editor: Visitor, building: Building):
    assert (await send(editor, b"%PDF-1.4 hong", "hong.pdf")).status == 303
    for _ in range(1200):
        page = await editor.get(PLANS)
        if 'data-state="failed"' in page.text:
            break
        await asyncio.sleep(0.05)
    assert "không mở được tệp PDF này" in page.text
    discard = page.text[: page.text.index("/discard")].rpartition('"')[2] + "/discard?ward=dong-mau"

    done = await editor.post(discard, {})

    assert done.status == 303
    assert "hong.pdf" not in (await editor.get(PLANS)).text
    assert building.rows(audit)[-1].action == "plan.discarded"


async def test_a_scan_without_the_program_says_whom_to_ask():
    row = {"code": "source.ocr_missing", "state": "failed", "message": "apt-get …"}

    assert "bộ phận kỹ thuật" in plans_wording.problem(row)


async def test_only_editors_of_the_ward_see_its_drafts(editor: Visitor, building: Building):
    address = await read(editor, "bang-vach.md")
    other = await building.officer("tay", ("tay-mau", "editor"))
    agent = await building.officer("truc", ("dong-mau", "agent"))

    assert (await other.get(address)).status == 403
    assert (await other.get(address.replace("dong-mau", "tay-mau"))).status == 404
    assert (await agent.get(PLANS)).status == 403
    assert (await agent.post(address, {"do": "save"})).status == 403
    assert (await editor.get("/admin/plans/khong-co?ward=dong-mau")).status == 404
