"""
What stands before every page: forms of ours only, roles, and errors that are pages.
"""

from __future__ import annotations

import pytest
from aiohttp import web

from bot.admin.officers import Officer
from bot.database import audit, switch
from tests.bot.admin.building import Building, Visitor

REASON = {"ward": "hoa-binh", "channel": "web", "reason": "đang cập nhật biểu phí"}


async def test_a_form_with_another_token_changes_nothing(building: Building):
    visitor = await building.officer("lan", ("hoa-binh", "admin"))

    for csrf in ("", "x" * 43, visitor.csrf[:-1], visitor.csrf + "x", "ệ"):
        page = await visitor.post("/admin/accounts/off", {**REASON, "csrf": csrf})

        assert page.status == 403
        assert "Biểu mẫu đã cũ" in page.text
    assert building.rows(switch) == []


async def test_the_token_of_one_session_is_none_of_another(building: Building):
    one = await building.officer("lan", ("hoa-binh", "admin"))
    other = await building.officer("mai", ("hoa-binh", "admin"))

    page = await other.post("/admin/accounts/off", {**REASON, "csrf": one.csrf})

    assert page.status == 403
    assert building.rows(switch) == []


@pytest.mark.parametrize("origin", ["https://example.org", "null", "", "http://127.0.0.1.example.org", "http://"])
async def test_a_form_from_another_site_changes_nothing(building: Building, origin: str):
    visitor = await building.officer("lan", ("hoa-binh", "admin"))
    await visitor.get("/admin/accounts")

    page = await visitor.post("/admin/accounts/off", REASON, headers={"Origin": origin} if origin else {})

    assert page.status == 403
    assert "Biểu mẫu không được nhận" in page.text
    assert building.rows(switch) == []
    assert (await visitor.post("/admin/accounts/off", REASON)).status == 303


async def test_a_stranger_cannot_sign_somebody_in_from_another_site(building: Building, visitor: Visitor):
    building.hire("lan", [("hoa-binh", "admin")])

    page = await visitor.post("/admin/sign-in", {"login": "lan", "password": "x"}, headers={"Origin": "https://x.vn"})

    assert page.status == 403
    assert "Biểu mẫu không được nhận" in page.text


async def test_behind_a_proxy_the_public_name_is_ours(building: Building):
    visitor = await building.officer("lan", ("hoa-binh", "admin"))
    await visitor.get("/admin/accounts")
    for headers in (
        {"Origin": "https://motcua.example.org"},
        {"Origin": "https://chat.example.org", "X-Forwarded-Host": "chat.example.org"},
        {"Referer": f"{building.url}/admin/accounts"},
    ):
        assert (await visitor.post("/admin/accounts/off", REASON, headers=headers)).status == 303


async def test_an_officer_of_one_ward_neither_sees_nor_changes_another(building: Building):
    visitor = await building.officer("lan", ("hoa-binh", "admin"))

    for path in (
        "/admin/accounts?ward=phuong-mau",
        "/admin/audit?ward=phuong-mau",
        "/admin/accounts?ward=no-such-ward",
    ):
        page = await visitor.get(path)
        assert page.status == 403
        assert "không có quyền mở mục này" in page.text
    assert (await visitor.post("/admin/accounts/off", {**REASON, "ward": "phuong-mau"})).status == 403
    assert (await visitor.post("/admin/accounts/off", {**REASON, "ward": ""})).status == 403
    assert building.rows(switch) == []
    assert "phuong-mau" not in (await visitor.get("/admin/")).text


@pytest.mark.parametrize("role", ["editor", "approver", "agent"])
async def test_only_administrators_manage(building: Building, role: str):
    visitor = await building.officer("lan", ("hoa-binh", role))

    for path in ("/admin/accounts", "/admin/officers", "/admin/officers/new", "/admin/officers/1", "/admin/audit"):
        assert (await visitor.get(path)).status == 403
    for path in ("/admin/accounts/off", "/admin/officers/new", "/admin/officers/1/link"):
        assert (await visitor.post(path, REASON)).status == 403
    start = (await visitor.get("/admin/")).text
    assert "/admin/officers" not in start
    assert "/admin/audit" not in start
    assert building.rows(audit) == []


def test_what_each_role_may_do_and_where():
    def may(role: str, ward: str, permission: str, at: str) -> bool:
        return Officer(1, "lan", "Lan", {ward: frozenset({role})}).may(permission, at)  # type: ignore[arg-type]

    table = {
        "admin": {"see", "edit", "restore", "answer", "manage"},
        "editor": {"see", "edit"},
        "approver": {"see", "restore"},
        "agent": {"see", "answer"},
    }
    for role, permitted in table.items():
        for permission in ("see", "edit", "restore", "answer", "manage"):
            assert may(role, "hoa-binh", permission, "hoa-binh") == (permission in permitted)
            assert not may(role, "hoa-binh", permission, "phuong-mau")
            # What all wards share belongs to nobody of a single ward.
            assert not may(role, "hoa-binh", permission, "")
            assert (
                may(role, "*", permission, "phuong-mau") == may(role, "*", permission, "") == (permission in permitted)
            )


async def test_every_page_is_kept_out_of_caches_frames_and_foreign_scripts(building: Building):
    visitor = await building.officer("lan", ("hoa-binh", "admin"))

    for path in ("/admin/", "/admin/officers", "/admin/no-such-page", "/admin/sign-in", "/admin/setup/x"):
        headers = (await visitor.get(path)).headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'; script-src 'self'; style-src 'self'" in headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["Referrer-Policy"] == "same-origin"


async def test_errors_are_vietnamese_pages_and_never_show_a_trace(building: Building):
    visitor = await building.officer("lan", ("hoa-binh", "admin"))

    for page, status, said in (
        (await visitor.get("/admin/no-such-page"), 404, "Không có trang này"),
        (await visitor.get("/admin/sign-out"), 405, "Không mở được theo cách này"),
        (await visitor.get("/admin/officers/999"), 404, "Không có trang này"),
        (await visitor.get("/admin/static/x/no-such-file.css"), 404, "Không có trang này"),
    ):
        assert page.status == status
        assert said in page.text
        assert page.headers["Content-Type"] == "text/html; charset=utf-8"
        assert "Traceback" not in page.text


async def test_what_goes_wrong_inside_a_page_is_a_page(building: Building, monkeypatch: pytest.MonkeyPatch):
    visitor = await building.officer("lan", ("hoa-binh", "admin"))
    building.database.engine.dispose()
    with building.database.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE alarm")

    page = await visitor.get("/admin/")

    assert page.status == 500
    assert "Trang này đang gặp trục trặc" in page.text
    assert "alarm" not in page.text


async def test_a_form_larger_than_a_page_of_text_passes_only_for_officers(building: Building, visitor: Visitor):
    large = "x" * 200_000
    stranger = await visitor.post("/admin/sign-in", {"login": "lan", "password": large})
    officer = await building.officer("lan", ("hoa-binh", "admin"))
    await officer.get("/admin/accounts")

    page = await officer.post("/admin/accounts/off", {**REASON, "reason": large})

    assert stranger.status == 413
    assert page.status == 422


async def test_the_citizens_pages_stay_as_they_are(building: Building, visitor: Visitor):
    page = await visitor.get("/hoa-binh")

    assert page.status == 200
    assert "no-store" not in page.headers["Cache-Control"]
    assert (await visitor.get("/admin")).location == "/admin/sign-in"


async def test_files_are_kept_by_browsers_as_long_as_they_do_not_change(building: Building, visitor: Visitor):
    path = building.office.look.address("style.css")

    page = await visitor.get(path)

    assert page.status == 200
    assert "immutable" in page.headers["Cache-Control"]
    assert page.headers["Content-Type"].startswith("text/css")
    assert "immutable" not in (await visitor.get("/admin/static/old/style.css")).headers["Cache-Control"]


def test_every_page_and_error_has_its_route_behind_the_guard(building: Building):
    from bot.admin.guard import OPEN
    from bot.admin.pages import routes

    paths = [one.path for one in routes(building.office)]

    assert all(path == "/admin" or path.startswith("/admin/") for path in paths)
    assert isinstance(routes(building.office)[0], web.RouteDef)
    assert {path for path in paths if path.startswith(OPEN)} == {
        "/admin/sign-in", "/admin/setup/{token}", "/admin/static/{version}/{name}"
    }  # fmt: skip
