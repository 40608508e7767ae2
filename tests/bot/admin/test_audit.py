from __future__ import annotations

import ast
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.admin import audit, wording
from bot.admin.officers import Officer
from bot.database import audit as table
from tests.bot.admin.building import NOW, Building

LAN = Officer(7, "lan", "Biên tập viên phường Hòa Bình")
FEE_BEFORE = {"title": "Khai sinh", "fees": [{"dong": 8000, "note": "tại phường"}], "aliases": ["giấy khai sinh"]}
FEE_AFTER = {"title": "Khai sinh", "fees": [{"dong": 5000}], "aliases": ["giấy khai sinh", "đẻ con"], "draft": True}


def test_differences_name_each_field_that_changed_and_no_other():
    assert audit.differences(FEE_BEFORE, FEE_AFTER) == [
        ("fees › 1 › dong", "8000", "5000"),
        ("aliases", "giấy khai sinh", "giấy khai sinh\nđẻ con"),
        ("draft", None, "có"),
        ("fees › 1 › note", "tại phường", None),
    ]
    assert audit.differences(FEE_BEFORE, FEE_BEFORE) == []
    assert audit.differences(None, {"reason": "x"}) == [("reason", None, "x")]
    assert audit.differences({"reason": ""}, None) == [("reason", "", None)]
    assert audit.differences("cũ", "mới") == [("", "cũ", "mới")]


async def test_the_page_tells_who_changed_what_from_what_to_what(building: Building):
    admin = await building.officer("truong", ("hoa-binh", "admin"))
    await building.database.write(
        audit.note, LAN, ward="hoa-binh", action="officer.changed", what="officer/mai", now=NOW,
        before={"roles": {"hoa-binh": ["editor"]}}, after={"roles": {"hoa-binh": ["editor", "agent"]}},
    )  # fmt: skip

    page = (await admin.get("/admin/audit")).text

    assert "Đổi thông tin cán bộ" in page
    assert "cán bộ mai" in page
    assert "Biên tập viên phường Hòa Bình" in page
    assert "<del>Biên tập</del>" in page
    assert "<ins>Biên tập\nTrực trả lời</ins>" in page


async def test_the_page_is_filtered_by_ward_officer_and_kind_of_change(building: Building):
    admin = await building.officer("quantri", ("*", "admin"))
    mai = Officer(8, "mai", "Mai")
    for who, ward, action, what in (
        (LAN, "hoa-binh", "channel.off", "channel/web"),
        (LAN, "phuong-mau", "officer.changed", "officer/a"),
        (mai, "", "officer.changed", "officer/b"),
    ):
        await building.database.write(audit.note, who, ward=ward, action=action, what=what)

    async def shown(query: str) -> list[str]:
        page = (await admin.get(f"/admin/audit?{query}")).text
        return [one for one in ("Trò chuyện trên web", "cán bộ a", "cán bộ b", "kênh web") if f">{one}<" in page]

    assert await shown("") == ["cán bộ a", "cán bộ b", "kênh web"]
    assert await shown("ward=hoa-binh") == ["kênh web"]
    assert await shown("ward=-") == ["cán bộ b"]
    assert await shown("officer=7&action=officer.") == ["cán bộ a"]
    assert await shown("action=channel.off") == ["kênh web"]


async def test_a_ward_sees_its_own_changes_only_and_not_what_all_share(building: Building):
    admin = await building.officer("truong", ("hoa-binh", "admin"))
    for ward in ("hoa-binh", "phuong-mau", ""):
        await building.database.write(audit.note, LAN, ward=ward, action="officer.changed", what=f"officer/at-{ward}-x")

    page = (await admin.get("/admin/audit")).text

    assert "at-hoa-binh-x" in page
    assert "at-phuong-mau-x" not in page
    assert "at--x" not in page
    assert (await admin.get("/admin/audit?ward=-")).status == 403


async def test_long_lists_come_in_pages(building: Building):
    admin = await building.officer("quantri", ("*", "admin"))
    for number in range(audit.PER_PAGE + 3):
        await building.database.write(
            audit.note, LAN, ward="hoa-binh", action="officer.changed", what=f"officer/n{number:03}", now=NOW + number
        )

    first = (await admin.get("/admin/audit?ward=hoa-binh")).text
    second = (await admin.get("/admin/audit?ward=hoa-binh&page=2")).text

    assert "n052" in first
    assert "n001" not in first
    assert "Trang 1 trên 2" in first
    assert "page=2" in first
    assert "n001" in second
    assert (await admin.get("/admin/audit?page=99999999999999")).status == 200


async def test_what_somebody_typed_is_never_markup(building: Building):
    admin = await building.officer("quantri", ("*", "admin"))
    await building.database.write(
        audit.note, LAN, ward="hoa-binh", action="<b>x</b>", what="officer/<script>", after={"<i>": "<img src=x>"}
    )

    page = (await admin.get("/admin/audit")).text

    for bad in ("<b>x</b>", "<script>", "<i>", "<img"):
        assert bad not in page


def test_no_code_changes_or_removes_what_was_noted():
    source = "\n".join(path.read_text("utf-8") for path in Path("bot").rglob("*.py"))

    assert "sa.update(audit)" not in source
    assert "sa.delete(audit)" not in source


def actions_in_code() -> set[str]:
    """
    Return every action that some file of the gateway notes in the audit.
    """
    found: set[str] = set()
    for path in Path("bot").rglob("*.py"):
        text = path.read_text("utf-8")
        if "audit" not in text:
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.keyword) and node.arg == "action" and isinstance(node.value, ast.Constant):
                found.add(str(node.value.value))
    return found - {"store_true"}  # argparse's


@pytest.mark.parametrize("action", sorted(actions_in_code()))
def test_every_action_has_words_and_a_family(action: str):
    assert action in wording.ACTIONS
    assert any(action.startswith(family) for family in wording.ACTION_FAMILIES)


async def test_the_console_is_named_where_no_officer_did_it(building: Building):
    await building.database.write(audit.note, None, ward="", action="officer.link_made", what="officer/lan")

    with building.database.engine.connect() as connection:
        row = connection.execute(sa.select(table)).one()
    assert (row.officer_id, row.officer_name, row.before) == (None, "Máy chủ", None)
