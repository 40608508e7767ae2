"""
Who may make, change and close whose account; the first administrator's link.
"""

from __future__ import annotations

import asyncio

import sqlalchemy as sa

from bot.admin import links, officers
from bot.database import audit, officer, officer_role, setup_link
from tests.bot.admin.building import Building, Page, Visitor

NEW = "bon tu hoan toan moi"
FIRST = {"name": "Quản trị tỉnh Mẫu", "login": "quantri", "password": NEW, "again": NEW}


def first_link(building: Building) -> str:
    with building.database.engine.begin() as connection:
        token = links.make_first(connection, now=building.now)
    assert token is not None
    return f"/admin/setup/{token}"


def id_of(building: Building, login: str) -> int:
    return next(row.id for row in building.rows(officer) if row.login == login)


def link_in(page: Page) -> str:
    address = page.text.partition("https://motcua.example.org")[2] or page.text.partition("http://127.0.0.1")[2]
    return address[address.index("/admin/setup/") :].split("<")[0].strip()


async def test_the_first_link_makes_the_first_administrator_and_works_once(building: Building):
    path, visitor = first_link(building), building.visitor()
    assert "Tạo tài khoản quản trị đầu tiên" in (await visitor.get(path)).text

    page = await visitor.post(path, FIRST)

    assert page.location == "/admin/?done=welcome"
    assert "Chào Quản trị tỉnh Mẫu" in (await visitor.get(page.location)).text
    assert [(row.ward, row.role) for row in building.rows(officer_role)] == [("*", "admin")]
    other = building.visitor()
    for again in (await other.get(path), await other.post(path, {**FIRST, "login": "ke-gian"})):
        assert again.status == 410
        assert "Liên kết này không còn dùng được" in again.text
    assert len(building.rows(officer)) == 1
    with building.database.engine.begin() as connection:
        assert links.make_first(connection, now=building.now) is None


async def test_two_who_use_the_first_link_at_once_make_one_administrator(building: Building):
    path = first_link(building)
    visitors = [building.visitor() for _ in range(4)]

    pages = await asyncio.gather(
        *(one.post(path, {**FIRST, "login": f"quantri{number}"}) for number, one in enumerate(visitors))
    )

    assert sorted(page.status for page in pages) == [303, 410, 410, 410]
    assert len(building.rows(officer)) == 1


async def test_a_mistake_in_the_form_does_not_use_the_link_up(building: Building, visitor: Visitor):
    path = first_link(building)

    refused = await visitor.post(path, {**FIRST, "login": "Quản Trị", "again": "khác"})

    assert refused.status == 422
    assert "chữ cái không dấu" in refused.text
    assert "chưa giống nhau" in refused.text
    assert (await visitor.post(path, FIRST)).status == 303


async def test_a_link_ends_after_a_day_and_when_a_newer_one_is_made(building: Building, visitor: Visitor):
    old = first_link(building)
    new = first_link(building)

    assert (await visitor.get(old)).status == 410
    building.now += links.LASTS_SECONDS - 1
    assert (await visitor.get(new)).status == 200
    building.now += 2
    assert (await visitor.get(new)).status == 410
    assert (await visitor.get("/admin/setup/" + "x" * 43)).status == 410


async def test_the_table_does_not_hold_the_link(building: Building):
    path = first_link(building)

    assert path.rsplit("/", 1)[1] not in str(building.rows(setup_link))


async def test_a_new_officer_gets_roles_and_sets_the_password_by_a_link(building: Building):
    admin = await building.officer("quantri", ("*", "admin"))
    fields = [("name", "Biên tập viên phường Mẫu"), ("login", "bientap"), ("role", "phuong-mau:editor"),
              ("role", "phuong-mau:agent")]  # fmt: skip

    made = await admin.post("/admin/officers/new", fields)

    assert "Đã tạo liên kết cho Biên tập viên phường Mẫu" in made.text
    visitor, path = building.visitor(), link_in(made)
    assert "<strong>bientap</strong>" in (await visitor.get(path)).text
    assert (await visitor.post(path, {"password": NEW, "again": NEW})).location == "/admin/?done=welcome"
    assert "trực trả lời" in (await visitor.get("/admin/")).text
    assert (await building.visitor().post(path, {"password": "mat khau cua ke khac", "again": "x"})).status == 410
    assert (await building.visitor().sign_in("bientap", NEW)).status == 303
    noted = [(row.action, row.ward, row.what) for row in building.rows(audit)]
    assert ("officer.created", "phuong-mau", "officer/bientap") in noted


async def test_an_administrator_of_a_ward_gives_roles_there_and_nowhere_else(building: Building):
    admin = await building.officer("truong", ("hoa-binh", "admin"))
    fields = [("name", "Cán bộ mới"), ("login", "moi"), ("role", "hoa-binh:editor"), ("role", "phuong-mau:admin"),
              ("role", "*:admin"), ("add_ward", "*"), ("add_role", "admin"), ("role", "hoa-binh:king")]  # fmt: skip

    await admin.post("/admin/officers/new", fields)

    found = id_of(building, "moi")
    roles = [(row.ward, row.role) for row in building.rows(officer_role) if row.officer_id == found]
    assert roles == [("hoa-binh", "editor")]
    assert "phường Mẫu" not in (await admin.get("/admin/officers/new")).text


async def test_an_administrator_of_a_ward_sees_only_its_officers(building: Building):
    building.hire("province", [("*", "admin")])
    building.hire("neighbour", [("phuong-mau", "admin")])
    building.hire("shared", [("phuong-mau", "editor"), ("hoa-binh", "agent")])
    admin = await building.officer("truong", ("hoa-binh", "admin"))

    page = (await admin.get("/admin/officers")).text

    assert [name for name in ("province", "neighbour", "shared", "truong") if name in page] == ["shared", "truong"]
    assert "Phường Mẫu" not in page
    for login in ("province", "neighbour"):
        assert (await admin.get(f"/admin/officers/{id_of(building, login)}")).status == 404


async def test_nobody_rises_by_making_a_password_link_for_somebody_greater(building: Building):
    building.hire("province", [("*", "admin"), ("hoa-binh", "admin")])
    building.hire("shared", [("phuong-mau", "admin"), ("hoa-binh", "agent")])
    admin = await building.officer("truong", ("hoa-binh", "admin"))

    for login in ("province", "shared"):
        for action in ("link", "disable"):
            page = await admin.post(f"/admin/officers/{id_of(building, login)}/{action}")
            assert page.status == 403, (login, action)
    assert building.rows(setup_link) == []


async def test_roles_in_wards_of_others_stay_when_a_ward_changes_its_own(building: Building):
    building.hire("shared", [("phuong-mau", "editor"), ("hoa-binh", "agent")], name="Cán bộ hai nơi")
    admin = await building.officer("truong", ("hoa-binh", "admin"))
    shared = id_of(building, "shared")

    page = await admin.post(
        f"/admin/officers/{shared}", [("name", "Tên khác"), ("role", "hoa-binh:editor"), ("role", "phuong-mau:admin")]
    )

    assert page.location == "/admin/officers?done=saved"
    with building.database.engine.connect() as connection:
        found = officers.get(connection, shared)
    assert found is not None
    assert found.name == "Cán bộ hai nơi"
    assert found.roles == {"phuong-mau": {"editor"}, "hoa-binh": {"editor"}}


async def test_nobody_gives_up_their_own_administration_or_closes_their_own_account(building: Building):
    admin = await building.officer("quantri", ("*", "admin"), name="Quản trị")
    me = id_of(building, "quantri")

    page = await admin.post(f"/admin/officers/{me}", [("name", "Quản trị"), ("role", "*:editor")])

    assert page.status == 422
    assert "không tự bỏ quyền quản trị" in page.text
    assert (await admin.post(f"/admin/officers/{me}/disable")).status == 403
    assert (await admin.get("/admin/officers")).status == 200


async def test_a_closed_account_is_out_at_once_and_its_links_are_void(building: Building):
    admin = await building.officer("quantri", ("*", "admin"))
    lan = await building.officer("lan", ("hoa-binh", "editor"))
    path = link_in(await admin.post(f"/admin/officers/{id_of(building, 'lan')}/link"))

    page = await admin.post(f"/admin/officers/{id_of(building, 'lan')}/disable")

    assert page.location == "/admin/officers?done=officer_disabled"
    assert (await lan.get("/admin/")).status == 303
    assert (await building.visitor().get(path)).status == 410
    await admin.post(f"/admin/officers/{id_of(building, 'lan')}/enable")
    assert (await building.visitor().sign_in("lan")).status == 303


async def test_a_link_that_an_administrator_makes_ends_a_lockout(building: Building):
    admin = await building.officer("quantri", ("*", "admin"))
    building.hire("lan", [("hoa-binh", "editor")])
    visitor = building.visitor()
    for _ in range(5):
        await visitor.sign_in("lan", "sai")
    assert (await visitor.sign_in("lan")).status == 429

    path = link_in(await admin.post(f"/admin/officers/{id_of(building, 'lan')}/link"))
    other = building.visitor()
    await other.post(path, {"password": NEW, "again": NEW})

    assert (await building.visitor().sign_in("lan", NEW)).status == 303


async def test_a_login_that_is_taken_is_refused_whatever_its_case(building: Building):
    admin = await building.officer("quantri", ("*", "admin"))
    fields = [("name", "Người khác"), ("login", "QuanTri"), ("role", "hoa-binh:editor")]

    page = await admin.post("/admin/officers/new", fields)

    assert page.status == 422
    assert "đã có người dùng" in page.text
    assert 'value="hoa-binh:editor" checked' in page.text


async def test_with_many_wards_a_role_is_added_from_a_list(building: Building):
    admin = await building.officer("quantri", ("*", "admin"))
    rows = [{"slug": f"xa-{number}", "name": f"xã Số {number}", "hotlines": []} for number in range(40)]
    from bot.wards import Ward

    building.office.wards._wards = {row["slug"]: Ward.read(row) for row in rows}

    page = await admin.get("/admin/officers/new")
    await admin.post(
        "/admin/officers/new",
        [("name", "Cán bộ xã"), ("login", "canboxa"), ("add_ward", "xa-7"), ("add_role", "agent")],
    )

    assert page.text.count('type="checkbox"') == 8
    with building.database.engine.connect() as connection:
        query = sa.select(officer_role.c.ward, officer_role.c.role)
        assert ("xa-7", "agent") in [tuple(row) for row in connection.execute(query)]
