from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer

from bot.database import Database, audit
from tests.bot.admin.building import Building, Visitor
from tests.bot.admin.forms import filled, untouched
from tests.fakes.office import FEE, PARKING, FakeOffice

FEE_BASE = "/admin/content/procedure/chung-thuc-ban-sao?ward=-"
FEE_WARD = "/admin/content/procedure/chung-thuc-ban-sao?ward=hoa-binh"
OWN = "/admin/content/faq/gui-xe?ward=hoa-binh"


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
    return await building.officer("lan", ("hoa-binh", "editor"), name="Biên tập viên phường Hòa Bình")


@pytest.fixture
async def province(building: Building) -> Visitor:
    return await building.officer("tinh", ("*", "admin"), name="Quản trị cấp tỉnh")


def text(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


# The list


async def test_the_list_is_searched_without_marks_and_filtered(editor: Visitor):
    everything = await editor.get("/admin/content?ward=hoa-binh")
    found = await editor.get("/admin/content?ward=hoa-binh&q=chung+thuc")
    of_kind = await editor.get("/admin/content?ward=hoa-binh&kind=faq")

    assert "Chứng thực bản sao" in everything.text
    assert "Đến phường gửi xe" in everything.text
    assert "Tìm thấy 1 mục" in found.text
    assert "Đến phường gửi xe" not in found.text
    assert "Chứng thực bản sao" not in of_kind.text


async def test_long_lists_have_pages_that_keep_the_filter(editor: Visitor, fake: FakeOffice):
    for number in range(60):
        fake.put("faq", "hoa-binh", {**PARKING, "id": f"cau-{number:02}", "title": f"Câu {number:02}"})

    page = await editor.get("/admin/content?ward=hoa-binh&q=cau&page=2")

    assert "Câu 25" in page.text
    assert "Câu 24" not in page.text
    assert "Trang 2 trên 3" in page.text
    assert "ward=hoa-binh&amp;q=cau&amp;page=3" in page.text


async def test_an_editor_of_one_ward_cannot_open_another_nor_the_base(editor: Visitor):
    for path in ("/admin/content?ward=phuong-mau", "/admin/content?ward=-", OWN.replace("hoa-binh", "phuong-mau"),
                 "/admin/excel?ward=phuong-mau", "/admin/content/new/faq?ward=phuong-mau"):  # fmt: skip
        assert (await editor.get(path)).status == 403
    for path in (
        "/admin/content/faq/gui-xe?ward=phuong-mau",
        "/admin/content/faq/gui-xe/remove?ward=phuong-mau",
        FEE_BASE,
    ):
        assert (await editor.post(path, {"expected": "1"})).status == 403


async def test_a_way_of_saying_is_added_and_taken_away_on_the_list(
    editor: Visitor, fake: FakeOffice, building: Building
):
    page = await editor.get("/admin/content?ward=hoa-binh&q=gui+xe&names=faq/gui-xe")
    assert "ra phường để xe chỗ nào" in page.text

    named = await editor.post("/admin/content/faq/gui-xe/names?ward=hoa-binh",
                              {"do": "add", "words": " chỗ   đậu xe ", "q": "gui xe"})  # fmt: skip
    asked = await editor.post("/admin/content/faq/gui-xe/names?ward=hoa-binh",
                              {"do": "add", "words": "đi ô tô tới làm giấy tờ thì đậu đâu"})  # fmt: skip
    dropped = await editor.post("/admin/content/faq/gui-xe/names?ward=hoa-binh",
                                {"do": "drop", "words": "ra phường để xe chỗ nào"})  # fmt: skip

    assert (named.status, asked.status, dropped.status) == (303, 303, 303)
    assert "q=gui+xe" in named.location
    entry = fake.entry("faq", "gui-xe", "hoa-binh")
    assert (entry["aliases"], entry["questions"]) == (["chỗ đậu xe"], ["đi ô tô tới làm giấy tờ thì đậu đâu"])
    assert [row.action for row in building.rows(audit)] == ["content.names"] * 3
    again = await editor.post("/admin/content/faq/gui-xe/names?ward=hoa-binh", {"do": "add", "words": "Chỗ đậu xe"})
    assert again.status == 422
    assert "đã có cách nói ấy" in again.text


async def test_a_ward_adds_names_to_the_base_for_itself_alone_and_the_province_for_all(
    editor: Visitor, province: Visitor, fake: FakeOffice, building: Building
):
    path, key = "/admin/content/procedure/chung-thuc-ban-sao/names?ward=", ("hoa-binh", "chung-thuc-ban-sao")
    before = dict(fake.entry("procedure", "chung-thuc-ban-sao", ""))
    added = await editor.post(f"{path}hoa-binh", {"do": "add", "words": "sao lục"})
    page = await editor.get("/admin/content?ward=hoa-binh&names=procedure/chung-thuc-ban-sao")

    assert added.status == 303
    assert fake.added[key] == ["sao lục"]
    assert fake.entry("procedure", "chung-thuc-ban-sao", "") == before
    assert "phường Hòa Bình thêm" in page.text
    assert "chỉ phường Hòa Bình dùng" in page.text
    assert page.text.count('value="drop"') == 1, "only what the ward added is the ward's to take away"
    again = await editor.post(f"{path}hoa-binh", {"do": "add", "words": "Sao lục"})
    assert again.status == 422
    of_the_base = await editor.post(f"{path}hoa-binh", {"do": "drop", "words": "sao y"})
    assert (of_the_base.status, fake.entry("procedure", "chung-thuc-ban-sao", "")) == (403, before)
    dropped = await editor.post(f"{path}hoa-binh", {"do": "drop", "words": "sao lục"})
    assert dropped.status == 303
    assert fake.added[key] == []
    assert (await editor.post(f"{path}-", {"do": "add", "words": "sao lục"})).status == 403
    assert {(row.action, row.ward) for row in building.rows(audit)} == {("content.names", "hoa-binh")}

    done = await province.post(f"{path}-", {"do": "add", "words": "sao lục"})
    assert done.status == 303
    assert "sao lục" in fake.entry("procedure", "chung-thuc-ban-sao", "")["aliases"]


# The form


async def test_a_form_that_nobody_touched_saves_what_was_there(province: Visitor, fake: FakeOffice):
    page = await province.get(FEE_BASE)

    saved = await province.post(FEE_BASE, [*untouched(page.text), ("do", "save")])

    assert saved.status == 303
    assert fake.entry("procedure", "chung-thuc-ban-sao", "") == FEE


async def test_a_changed_fee_is_saved_said_and_noted(province: Visitor, fake: FakeOffice, building: Building):
    page = await province.get(FEE_BASE)
    assert "Bản chung" in page.text

    form = filled(page.text, e__fee__text="5.000 đồng mỗi trang.", note="theo nghị quyết mới", do="save")
    saved = await province.post(FEE_BASE, form)
    shown = await province.get(saved.location)

    assert fake.entry("procedure", "chung-thuc-ban-sao", "")["fee"]["text"] == "5.000 đồng mỗi trang."
    assert "Đã lưu, có hiệu lực sau 0,8 giây." in shown.text
    assert 'href="/hoa-binh#hoi=ch%E1%BB%A9ng%20th%E1%BB%B1c' in shown.text
    [row] = building.rows(audit)
    assert (row.officer_name, row.ward, row.action, row.what) == (
        "Quản trị cấp tỉnh", "", "content.saved", "procedure/chung-thuc-ban-sao",
    )  # fmt: skip
    assert (row.before["fee"]["text"][:5], row.after["fee"]["text"][:5]) == ("2.000", "5.000")
    assert set(row.after) == {"fee"}
    listed = await province.get("/admin/audit")
    assert "Phí, lệ phí › nội dung" in listed.text
    assert "Sửa nội dung" in listed.text


async def test_mistakes_stand_at_their_boxes_and_the_summary_leads_to_them(province: Visitor, fake: FakeOffice):
    page = await province.get(FEE_BASE)

    form = filled(page.text, e__fee__dong="hai nghìn", e__title="", e__cases__1__text="", do="save")
    refused = await province.post(FEE_BASE, form)

    assert refused.status == 422
    assert "Chưa lưu được." in refused.text
    for box in ("f-fee-dong", "f-title", "f-cases-1-text"):
        assert f'<a href="#{box}">' in refused.text
        assert f'id="{box}-problem"' in refused.text
        assert re.search(rf'id="{box}"[^>]*aria-invalid="true"[^>]*aria-describedby="[^"]*{box}-problem"', refused.text)
    assert 'value="hai nghìn"' in refused.text
    assert fake.entry("procedure", "chung-thuc-ban-sao", "") == FEE


async def test_without_a_script_lines_are_added_and_taken_away_by_buttons(province: Visitor, fake: FakeOffice):
    page = await province.get(FEE_BASE)
    assert page.text.count('value="drop:papers.') == 4  # two, an empty one, and the template's

    more = await province.post(FEE_BASE, [*untouched(page.text), ("do", "row:papers")])
    less = await province.post(FEE_BASE, [*untouched(page.text), ("do", "drop:papers.1")])
    more_still = await province.post(FEE_BASE, [*untouched(more.text), ("do", "row:papers")])

    assert more.text.count('value="drop:papers.') == 5
    assert more_still.text.count('value="drop:papers.') == 6
    assert "Bản chính giấy tờ" not in "".join(
        value for name, value in untouched(less.text) if name == "e.papers.1.text"
    )
    saved = await province.post(FEE_BASE, [*untouched(less.text), ("do", "save")])
    assert saved.status == 303
    assert fake.entry("procedure", "chung-thuc-ban-sao", "")["papers"] == FEE["papers"][1:]


async def test_a_new_question_gets_an_id_and_a_taken_one_is_told(editor: Visitor, fake: FakeOffice, building: Building):
    page = await editor.get("/admin/content/new/faq?ward=hoa-binh&title=Ph%C6%B0%E1%BB%9Dng+c%C3%B3+wifi+kh%C3%B4ng")
    assert 'value="Phường có wifi không"' in page.text
    form = filled(page.text, e__title="Phường có wifi không?", e__answer="Có, tên mạng dán ở quầy.", do="save")

    saved = await editor.post("/admin/content/new/faq?ward=hoa-binh", form)
    again = await editor.post("/admin/content/new/faq?ward=hoa-binh", form)
    empty = await editor.post("/admin/content/new/faq?ward=hoa-binh", filled(page.text, e__title="", do="save"))

    assert saved.location.startswith("/admin/content/faq/phuong-co-wifi-khong?ward=hoa-binh")
    assert fake.entry("faq", "phuong-co-wifi-khong", "hoa-binh")["answer"] == "Có, tên mạng dán ở quầy."
    assert (again.status, empty.status) == (422, 422)
    assert "đã có mục khác dùng" in again.text
    assert '<a href="#f-title">' in empty.text
    assert [row.action for row in building.rows(audit)] == ["content.created"]


async def test_the_day_of_checking_is_set_by_a_tick(editor: Visitor, fake: FakeOffice):
    page = await editor.get(OWN)

    await editor.post(OWN, filled(page.text, checked_today="1", do="save"))

    assert fake.entry("faq", "gui-xe", "hoa-binh")["as_of"] == "2026-11-18"  # the building's clock


async def test_a_wards_details_are_a_form_and_the_gateway_knows_them_at_once(building: Building, fake: FakeOffice):
    admin = await building.officer("minh", ("phuong-mau", "admin"))
    path = "/admin/content/ward/phuong-mau?ward=phuong-mau"
    page = await admin.get(path)

    saved = await admin.post(
        path, filled(page.text, e__hotlines__1__number="0000 000 009", e__hours="Cả ngày.", do="save")
    )

    assert saved.status == 303
    assert fake.entry("ward", "phuong-mau", "phuong-mau")["hours"] == "Cả ngày."
    ward = building.office.wards.get("phuong-mau")
    assert ward is not None
    assert (ward.hotline, ward.hours) == ("0000 000 009", "Cả ngày.")


async def test_who_may_not_edit_reads(building: Building):
    agent = await building.officer("hoa", ("hoa-binh", "agent"))

    page = await agent.get(OWN)

    assert "Anh/chị gửi xe trong sân trụ sở." in page.text
    assert "<textarea" not in page.text
    assert (await agent.post(OWN, {"do": "save"})).status == 403


# What would come of it


async def test_the_preview_shows_each_part_as_the_chat_does(province: Visitor, fake: FakeOffice):
    fake.ranks = [{"question": "sao y công chứng bao nhiêu tiền", "before": 3, "after": 1},
                  {"question": "sao y 20 bản", "before": 1, "after": None}]  # fmt: skip
    fake.conflicts = [{"kind": "figure_differs", "message": "Khác nhau về phí.", "with": "faq/gui-xe"}]
    page = await province.get(FEE_BASE)

    tried = await province.post(FEE_BASE, filled(page.text, e__fee__text="9.000 đồng.", do="try"))

    assert tried.status == 200
    shown = text(tried.text)
    assert "Lệ phí bao nhiêu? Chứng thực bản sao từ bản chính Lệ phí: 9.000 đồng." in shown
    assert "Sao y nhiều bản" in shown
    assert '<p class="heading">' in tried.text
    assert '<p class="source">' in tried.text
    assert "1 trên 2 câu đưa mục này lên đầu" in shown
    assert "thứ 3 đứng đầu ↑ cao hơn" in shown
    assert "không thấy ↓ thấp hơn" in shown
    assert "Khác nhau về phí." in shown
    assert "/admin/content/faq/gui-xe?ward=-" in tried.text
    assert fake.entry("procedure", "chung-thuc-ban-sao", "") == FEE


async def test_the_script_gets_only_the_preview(editor: Visitor, building: Building):
    page = await editor.get(OWN)
    path = "/admin/content/try?ward=hoa-binh&kind=faq&id=gui-xe"

    good = await editor.post(path, filled(page.text, e__answer="Gửi ở sân sau <b>."))
    bad = await editor.post(path, filled(page.text, e__answer=""))
    agent = await building.officer("hoa", ("hoa-binh", "agent"))

    assert "Gửi ở sân sau &lt;b&gt;." in good.text
    assert "<html" not in good.text
    assert '<a href="#f-answer">' in bad.text
    assert (await agent.post(path, untouched(page.text))).status == 403


async def test_a_page_does_without_a_preview_while_nobody_can_make_one(
    editor: Visitor, fake: FakeOffice, building: Building
):
    assert building.office.phrasing is not None
    building.office.phrasing.url = "http://127.0.0.1:9"

    page = await editor.get(f"{OWN}&preview=1")

    assert page.status == 200
    assert "chưa hiện được lời trợ lý" in page.text


async def test_while_knowledge_is_away_the_page_says_so(editor: Visitor, fake: FakeOffice):
    fake.mute = True

    page = await editor.get("/admin/content?ward=hoa-binh")

    assert page.status == 503
    assert "Kho nội dung chưa trả lời" in page.text


async def test_a_file_broken_by_hand_keeps_what_was_typed(editor: Visitor, fake: FakeOffice):
    page = await editor.get(OWN)
    fake.broken = True

    refused = await editor.post(OWN, filled(page.text, e__answer="Câu vừa gõ.", do="save"))

    assert refused.status == 422
    assert "sửa tay nên chưa lưu vào được" in refused.text
    assert "Câu vừa gõ." in dict(untouched(refused.text))["e.answer"]


# Two people


async def test_two_editors_see_both_texts_and_choose_per_box(editor: Visitor, fake: FakeOffice, building: Building):
    page = await editor.get(OWN)
    form = filled(page.text, e__answer="Của tôi.", e__title="Gửi xe ở đâu?", do="save")
    theirs = {**PARKING, "answer": "Của đồng nghiệp.", "sources": ["Thông báo mới"]}
    fake.put("faq", "hoa-binh", theirs, by="Biên tập viên thứ hai")

    both = await editor.post(OWN, form)

    assert both.status == 409
    assert "Biên tập viên thứ hai đã lưu một bản khác" in both.text
    shown = text(both.text)
    assert "Của tôi." in shown
    assert "Của đồng nghiệp." in shown
    merge = "/admin/content/faq/gui-xe/merge"
    given = dict(untouched(both.text, merge))
    # What only one of them changed is chosen already; what both changed is not.
    assert given["pick.title"] == "mine"
    assert given["pick.sources"] == "theirs"
    assert "pick.answer" not in given
    undecided = await editor.post(f"{merge}?ward=hoa-binh", [*untouched(both.text, merge), ("do", "save")])
    assert undecided.status == 409
    assert "Anh/chị chọn giữ bản nào" in undecided.text
    reviewed = await editor.post(
        f"{merge}?ward=hoa-binh", filled(undecided.text, merge, pick__answer="mine", do="edit")
    )
    assert dict(untouched(reviewed.text))["e.answer"] == "Của tôi."
    assert dict(untouched(reviewed.text))["e.sources"] == "Thông báo mới"
    saved = await editor.post(f"{merge}?ward=hoa-binh", filled(both.text, merge, pick__answer="mine", do="save"))
    assert saved.status == 303
    assert fake.entry("faq", "gui-xe", "hoa-binh") == {
        **theirs, "answer": "Của tôi.", "title": "Gửi xe ở đâu?",
    }  # fmt: skip
    assert [row.action for row in building.rows(audit)] == ["content.saved"]


async def test_a_third_version_while_choosing_is_no_less_kept(editor: Visitor, fake: FakeOffice):
    page = await editor.get(OWN)
    form = filled(page.text, e__answer="Của tôi.", do="save")
    fake.put("faq", "hoa-binh", {**PARKING, "answer": "Thứ hai."})
    both = await editor.post(OWN, form)
    merge = "/admin/content/faq/gui-xe/merge"
    fake.meanwhile = lambda: fake.put("faq", "hoa-binh", {**PARKING, "answer": "Thứ ba."}) and None

    again = await editor.post(f"{merge}?ward=hoa-binh", filled(both.text, merge, pick__answer="mine", do="save"))

    assert again.status == 409
    assert "Thứ ba." in text(again.text)
    assert "Của tôi." in text(again.text)
    assert fake.entry("faq", "gui-xe", "hoa-binh")["answer"] == "Thứ ba."


async def test_an_entry_that_was_deleted_meanwhile_can_be_saved_again(editor: Visitor, fake: FakeOffice):
    page = await editor.get(OWN)
    fake.put("faq", "hoa-binh", None, id="gui-xe", by="Biên tập viên thứ hai")

    gone = await editor.post(OWN, filled(page.text, e__answer="Của tôi.", do="save"))
    merge = "/admin/content/faq/gui-xe/merge"
    saved = await editor.post(f"{merge}?ward=hoa-binh", [*untouched(gone.text, merge), ("do", "save")])

    assert gone.status == 409
    assert "đã xóa mục" in gone.text
    assert saved.status == 303
    assert fake.entry("faq", "gui-xe", "hoa-binh")["answer"] == "Của tôi."


# A ward's own


async def test_a_ward_makes_its_own_of_the_base_and_goes_back(editor: Visitor, fake: FakeOffice, building: Building):
    page = await editor.get(FEE_WARD)
    assert "Tạo bản riêng" in page.text
    assert "<textarea" not in page.text

    own = await editor.get(f"{FEE_WARD}&own=1")
    saved = await editor.post(FEE_WARD, filled(own.text, e__place="Tầng 1, nhà B", do="save"))
    shown = await editor.get(saved.location)

    assert fake.entry("procedure", "chung-thuc-ban-sao", "") == FEE
    assert fake.entry("procedure", "chung-thuc-ban-sao", "hoa-binh")["place"] == "Tầng 1, nhà B"
    assert "Bản riêng của phường Hòa Bình" in shown.text
    assert "Khác với bản chung" in shown.text
    assert "1 ô khác nhau" in shown.text
    remove = FEE_WARD.replace("?", "/remove?")
    asked = await editor.get(remove)
    assert "Trở về bản chung" in asked.text
    gone = await editor.post(remove, untouched(asked.text, "/admin/content/procedure/chung-thuc-ban-sao/remove"))
    assert gone.status == 303
    back = await editor.get(gone.location)
    assert "Đã bỏ bản riêng" in back.text
    assert "Tạo bản riêng" in back.text
    assert [row.action for row in building.rows(audit)] == ["content.own_made", "content.own_removed"]
    # A stale page cannot remove what was made anew.
    assert (await editor.post(remove, {"expected": "2"})).status == 404


async def test_the_base_cannot_be_removed_from_a_wards_page_nor_a_ward_at_all(editor: Visitor):
    assert (await editor.get(FEE_WARD.replace("?", "/remove?"))).status == 404
    assert (await editor.get("/admin/content/ward/hoa-binh/remove?ward=hoa-binh")).status == 404


# Versions


async def test_versions_are_compared_and_brought_back_in_two_clicks_by_an_approver(
    editor: Visitor, fake: FakeOffice, building: Building
):
    fake.put(
        "faq", "hoa-binh", {**PARKING, "answer": "Anh/chị gửi xe ở bãi bên cạnh."}, by="Biên tập viên phường Hòa Bình"
    )
    history, restore = OWN.replace("?", "/history?"), OWN.replace("?", "/restore?")
    approver = await building.officer("duyet", ("hoa-binh", "approver"))

    page = await approver.get(history)
    assert "sửa trực tiếp trong tệp" in page.text
    assert "<del>trong sân trụ sở.</del>" in page.text
    assert 'restore?ward=hoa-binh&amp;version=1"' in page.text
    asked = await approver.get(f"{restore}&version=1")
    done = await approver.post(restore, untouched(asked.text, "/admin/content/faq/gui-xe/restore"))

    assert done.status == 303
    assert fake.entry("faq", "gui-xe", "hoa-binh") == PARKING
    assert "Khôi phục bản này" not in (await editor.get(history)).text
    assert (await editor.get(f"{restore}&version=1")).status == 403
    assert (await editor.post(restore, {"version": "1", "expected": "3"})).status == 403
    [row] = building.rows(audit)
    assert (row.action, row.before, row.after) == (
        "content.restored", {"answer": "Anh/chị gửi xe ở bãi bên cạnh."}, {"answer": PARKING["answer"]},
    )  # fmt: skip


async def test_bringing_back_is_refused_when_somebody_saved_meanwhile(fake: FakeOffice, building: Building):
    fake.put("faq", "hoa-binh", {**PARKING, "answer": "Hai."})
    restore = OWN.replace("?", "/restore?")
    approver = await building.officer("duyet", ("hoa-binh", "approver"))
    asked = await approver.get(f"{restore}&version=1")
    fake.put("faq", "hoa-binh", {**PARKING, "answer": "Ba."}, by="Biên tập viên thứ hai")

    refused = await approver.post(restore, untouched(asked.text, "/admin/content/faq/gui-xe/restore"))

    assert refused.status == 409
    assert "Biên tập viên thứ hai đã lưu một bản mới" in refused.text
    assert fake.entry("faq", "gui-xe", "hoa-binh")["answer"] == "Ba."


# Trying out a question


async def test_a_question_is_explained(editor: Visitor, fake: FakeOffice):
    fake.explained = {
        "outcome": "clarify", "reason": "several_fit", "ids": ["gui-xe"],
        "hits": [
            {"id": "gui-xe", "kind": "faq", "title": "Đến phường gửi xe ở đâu?", "share": 0.61,
             "signals": {"bm25_title": 1.2, "dense_wording": 0.4, "first_gap": -2.0}},
            {"id": "outside", "kind": "outside", "title": "", "share": 0.02, "signals": {}},
        ],
    }  # fmt: skip

    page = await editor.get("/admin/content/ask?ward=hoa-binh&q=gui+xe+cho+nao")

    shown = text(page.text)
    assert "Trợ lý hỏi lại cho rõ" in shown
    assert "chưa mục nào trội hẳn" in shown
    assert "61 %" in shown
    assert "trùng từ với tên gọi, gần nghĩa với cách người dân hỏi" in shown
    assert "Anh/chị gửi xe trong sân trụ sở." in shown
    assert 'href="/admin/content/faq/gui-xe?ward=hoa-binh"' in page.text
    assert "several_fit" not in page.text


async def test_a_form_of_another_session_changes_nothing(editor: Visitor, fake: FakeOffice):
    page = await editor.get(OWN)
    form = filled(page.text, e__answer="Giả.", do="save", csrf="tampered")

    assert (await editor.post(OWN, form)).status == 403
    broken = filled(page.text, was="{", do="save")
    assert (await editor.post(OWN, broken)).status == 400
    assert fake.entry("faq", "gui-xe", "hoa-binh") == PARKING
