from __future__ import annotations

import json

from bot.database import audit, inbox
from tests.bot.admin.building import Building
from tests.bot.keeping import NOW, live


async def test_who_manages_the_ward_hands_over_and_erases_what_is_kept(building: Building):
    with building.database.engine.begin() as connection:
        one = live(connection, "mot", at=NOW)
    chief = await building.officer("tinh", ("hoa-binh", "admin"))
    page = await chief.get(f"/admin/desk/{one}/data")
    assert "Tin người dân gửi" in page.text

    file = await chief.get(f"/admin/desk/{one}/data/file")
    assert json.loads(file.text)["inbox"][0]["text"] == "câu hỏi của mot"
    assert file.headers["Content-Disposition"] == f'attachment; filename="du-lieu-nguoi-dan-{one}.json"'
    unsure = await chief.post(f"/admin/desk/{one}/data/erase", {})
    assert unsure.status == 422
    assert building.rows(inbox)[0].text == "câu hỏi của mot"
    done = await chief.post(f"/admin/desk/{one}/data/erase", {"sure": "1"})

    assert done.status == 303
    assert "Đã xóa dữ liệu của người dân" in (await chief.get(done.location)).text
    assert building.rows(inbox)[0].text == ""
    assert [row.action for row in building.rows(audit)] == ["desk.exported", "desk.erased"]


async def test_nobody_else_does(building: Building):
    with building.database.engine.begin() as connection:
        one = live(connection, "mot", at=NOW)
    agent = await building.officer("truc", ("hoa-binh", "agent"))
    other = await building.officer("khac", ("phuong-mau", "admin"))

    for visitor in (agent, other):
        assert (await visitor.get(f"/admin/desk/{one}/data")).status == 403
        assert (await visitor.get(f"/admin/desk/{one}/data/file")).status == 403
        assert (await visitor.post(f"/admin/desk/{one}/data/erase", {"sure": "1"})).status == 403
        assert (await visitor.get("/admin/desk/999/data")).status == 403
