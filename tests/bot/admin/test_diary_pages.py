from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer

from bot.database import Database, audit, question, wrong_answer
from tests.bot.admin.building import NOW, Building, Visitor
from tests.bot.admin.diary import DAY, ask, report
from tests.fakes.asking import AskedOffice
from tests.fakes.office import FEE, PARKING

PAGE = "/admin/questions?ward=hoa-binh"
DOGS = ["nuôi chó có phải đăng ký không", "đăng ký nuôi chó ở đâu"]


@pytest.fixture
def fake() -> AskedOffice:
    return AskedOffice()


@pytest.fixture
async def building(database: Database, tmp_path: Path, fake: AskedOffice) -> AsyncIterator[Building]:
    async with TestServer(fake.app()) as knowledge:
        building = Building(database)
        server = await building.open(tmp_path, str(knowledge.make_url("/")).rstrip("/"))
        yield building
        await building.close()
        await server.close()


@pytest.fixture
async def editor(building: Building) -> Visitor:
    return await building.officer("lan", ("hoa-binh", "editor"), name="Biên tập viên phường Hòa Bình")


def text(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


async def test_questions_stand_in_groups_with_the_most_asked_first(editor: Visitor, database: Database):
    ask(database, ["thư viện phường mấy giờ mở cửa"])
    ask(database, [*DOGS, DOGS[0]], channel="zalo", who="v")
    ask(database, [DOGS[0]], at=NOW - 9 * DAY, channel="zalo", who="v")

    page = await editor.get(PAGE)

    said = text(page.text)
    assert said.index(DOGS[0]) < said.index("thư viện phường")
    assert "2 nhóm, 5 lượt hỏi" in said
    assert "4 lượt hỏi" in said
    assert "Tuần này 3 lần, tuần trước 1 lần: đang tăng. Zalo OA: 4" in said
    assert DOGS[1] in said


async def test_a_period_and_another_ward_are_kept_apart(editor: Visitor, building: Building, database: Database):
    ask(database, ["thư viện phường mấy giờ mở cửa"], at=NOW - 20 * DAY)
    ask(database, ["chỗ tiêm phòng cho chó"], ward="phuong-mau", who="v")

    month, week = await editor.get(PAGE), await editor.get(f"{PAGE}&days=7")
    other = await editor.get("/admin/questions?ward=phuong-mau")

    assert "thư viện" in month.text
    assert "thư viện" not in week.text
    assert "Không có câu nào chờ xử lý" in week.text
    assert "tiêm phòng" not in month.text
    assert other.status == 403


async def test_one_click_begins_a_faq_with_the_question_in_it(editor: Visitor, building: Building, database: Database):
    ids = ask(database, DOGS)
    await editor.get(PAGE)

    gone = await editor.post(PAGE, {"ids": ",".join(map(str, ids)), "text": DOGS[0], "do": "drafted"})
    form = await editor.get(gone.location)

    assert gone.status == 303
    assert DOGS[0] in form.text
    assert {row.handled for row in building.rows(question)} == {"drafted"}
    assert "Đang soạn câu trả lời" in (await editor.get(PAGE)).text


async def test_what_the_assistant_answers_now_is_marked_and_asked_only_once_a_minute(
    editor: Visitor, building: Building, database: Database, fake: AskedOffice
):
    ids = ask(database, DOGS[:1])
    assert "Nay đã trả lời được" not in (await editor.get(PAGE)).text
    assert "Nay đã trả lời được" not in (await editor.get(PAGE)).text
    assert fake.asked == 1

    fake.put("faq", "hoa-binh", {**PARKING, "id": "nuoi-cho", "title": "Đăng ký nuôi chó", "questions": DOGS})
    building.now += 61
    page = await editor.get(PAGE)

    assert "Nay đã trả lời được" in page.text
    assert 'href="/admin/content/faq/nuoi-cho?ward=hoa-binh"' in page.text
    done = await editor.post(PAGE, {"ids": str(ids[0]), "text": DOGS[0], "do": "answered", "entry": "faq/nuoi-cho"})
    assert "done=diary_answered" in done.location
    assert DOGS[0] not in (await editor.get(PAGE)).text
    handled = await editor.get(f"{PAGE}&state=done")
    assert DOGS[0] in handled.text
    assert "/admin/content/faq/nuoi-cho" in handled.text


async def test_a_wording_is_added_to_an_entry_and_the_group_is_answered(
    editor: Visitor, building: Building, database: Database, fake: AskedOffice
):
    words = "để xe máy lúc tới phường làm giấy tờ ở chỗ nào"
    ids = ask(database, [words])
    fake.explained = {"hits": [{"kind": "faq", "id": "gui-xe"}, {"kind": "procedure", "id": FEE["id"]}]}
    await editor.get(PAGE)
    fields = {"ids": str(ids[0]), "text": words}

    choose = await editor.post("/admin/questions/add?ward=hoa-binh", fields)
    searched = await editor.post("/admin/questions/add?ward=hoa-binh", {**fields, "q": "chung thuc"})
    saved = await editor.post("/admin/questions/add/save?ward=hoa-binh", {**fields, "entry": "faq/gui-xe"})

    assert PARKING["title"] in choose.text
    assert "Cách hỏi thêm ở đây chỉ phường Hòa Bình dùng" in choose.text  # the base's entry
    assert FEE["title"] in searched.text
    assert PARKING["title"] not in searched.text
    assert "done=diary_added" in saved.location
    assert fake.entry("faq", "gui-xe", "hoa-binh")["questions"][-1] == words
    (row,) = building.rows(question)
    assert (row.handled, row.entry) == ("answered", "faq/gui-xe")
    assert [one.action for one in building.rows(audit)] == ["content.names", "question.answered"]


@pytest.mark.parametrize("words", ["", "ra phường để xe chỗ nào", "x" * 201])
async def test_a_wording_that_cannot_be_added_says_why(
    editor: Visitor, database: Database, fake: AskedOffice, words: str
):
    ask(database, DOGS)
    await editor.get("/admin/")
    fields = {"ids": "1", "text": words, "entry": "faq/gui-xe"}

    page = await editor.post("/admin/questions/add/save?ward=hoa-binh", fields)

    assert page.status == 422
    assert 'role="alert"' in page.text
    assert fake.entry("faq", "gui-xe", "hoa-binh")["questions"] == PARKING["questions"]


async def test_a_wording_for_an_entry_of_the_base_is_the_wards_own(
    editor: Visitor, database: Database, fake: AskedOffice, building: Building
):
    ids = ask(database, DOGS)
    await editor.get("/admin/")

    page = await editor.post(
        "/admin/questions/add/save?ward=hoa-binh",
        {"ids": str(ids[0]), "text": "sao y ở đâu vậy", "entry": f"procedure/{FEE['id']}"},
    )

    assert page.status == 303
    assert fake.added["hoa-binh", FEE["id"]] == ["sao y ở đâu vậy"]
    assert "sao y ở đâu vậy" not in fake.entry("procedure", FEE["id"], "")["questions"]
    assert [one.action for one in building.rows(audit)] == ["content.names", "question.answered"]


async def test_a_group_is_passed_over_and_brought_back(editor: Visitor, building: Building, database: Database):
    ids = ",".join(map(str, ask(database, DOGS)))
    await editor.get("/admin/")

    await editor.post(PAGE, {"ids": ids, "text": DOGS[0], "do": "dismissed"})
    assert DOGS[0] not in (await editor.get(PAGE)).text
    await editor.post(f"{PAGE}&state=done", {"ids": ids, "text": DOGS[0], "do": "open"})

    assert DOGS[0] in (await editor.get(PAGE)).text
    assert [one.action for one in building.rows(audit)] == ["question.dismissed", "question.open"]


async def test_who_may_only_look_changes_nothing(building: Building, database: Database):
    agent = await building.officer("truc", ("hoa-binh", "agent"))
    ids = ask(database, DOGS)
    report(database, "lệ phí sao y", ["chung-thuc-ban-sao"])

    page = await agent.get(PAGE)
    refused = [
        await agent.post(PAGE, {"ids": str(ids[0]), "do": "dismissed"}),
        await agent.post("/admin/questions/add?ward=hoa-binh", {"ids": str(ids[0]), "text": DOGS[0]}),
        await agent.post("/admin/questions/add/save?ward=hoa-binh", {"ids": str(ids[0]), "entry": "faq/gui-xe"}),
        await agent.post("/admin/questions/wrong?ward=hoa-binh", {"report": "1", "do": "mended"}),
    ]

    assert DOGS[0] in page.text
    assert "Tạo câu hỏi thường gặp" not in page.text
    assert [one.status for one in refused] == [403] * 4
    assert {row.handled for row in building.rows(question)} == {"open"}


async def test_ids_of_another_ward_change_nothing(editor: Visitor, building: Building, database: Database):
    ids = ask(database, DOGS, ward="phuong-mau")
    await editor.get("/admin/")

    await editor.post(PAGE, {"ids": ",".join(map(str, ids)), "text": DOGS[0], "do": "dismissed"})

    assert {row.handled for row in building.rows(question)} == {"open"}
    assert building.rows(audit) == []


@pytest.mark.parametrize("fields", [{}, {"ids": "1"}, {"ids": "x", "do": "dismissed"}, {"ids": "1", "do": "dance"}])
async def test_a_form_out_of_the_ordinary_is_refused(editor: Visitor, fields: dict[str, str]):
    await editor.get("/admin/")

    assert (await editor.post(PAGE, fields)).status == 404


async def test_a_report_names_the_entry_and_is_closed(editor: Visitor, building: Building, database: Database):
    report(database, "lệ phí sao y <b>bao nhiêu</b>", ["2.000815", "chung-thuc-ban-sao", "da-xoa"])

    page = await editor.get(f"{PAGE}&state=wrong")
    (row,) = building.rows(wrong_answer)
    await editor.post("/admin/questions/wrong?ward=hoa-binh&state=wrong", {"report": row.id, "do": "mended"})

    assert page.text.count('href="/admin/content/procedure/chung-thuc-ban-sao?ward=hoa-binh"') == 1
    assert "&lt;b&gt;bao nhiêu" in page.text

    (row,) = building.rows(wrong_answer)
    assert (row.state, row.closed_at) == ("mended", NOW)
    assert "Đã sửa lúc" in (await editor.get(f"{PAGE}&state=wrong&closed=1")).text
    assert [one.action for one in building.rows(audit)] == ["question.report_mended"]


async def test_without_knowledge_the_diary_still_opens(editor: Visitor, database: Database, fake: AskedOffice):
    ask(database, DOGS)
    report(database, "lệ phí sao y", ["chung-thuc-ban-sao"])
    fake.mute = True

    assert DOGS[0] in (await editor.get(PAGE)).text
    assert "lúc này chưa xem được" in (await editor.get(f"{PAGE}&state=wrong")).text
