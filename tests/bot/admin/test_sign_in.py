from __future__ import annotations

import asyncio
import time
import unicodedata

import pytest
import sqlalchemy as sa

from bot.admin import auth, sessions
from bot.database import Database, admin_session, officer, sign_in
from tests.bot.admin.building import PASSWORD, Building, Visitor


async def test_the_right_password_opens_the_office(building: Building, visitor: Visitor):
    building.hire("lan", [("hoa-binh", "editor")], name="Biên tập viên phường Hòa Bình")

    page = await visitor.sign_in(" LAN ")

    assert (page.status, page.location) == (303, "/admin/")
    assert "Chào Biên tập viên phường Hòa Bình" in (await visitor.get("/admin/")).text


async def test_whoever_is_not_signed_in_gets_no_page_but_the_sign_in(building: Building, visitor: Visitor):
    for path in ("/admin/", "/admin/audit?ward=hoa-binh", "/admin/officers", "/admin/no-such-page"):
        page = await visitor.get(path)

        assert page.status == 303
        assert page.location.startswith("/admin/sign-in")
    assert "next=%2Fadmin%2Faudit%3Fward%3Dhoa-binh" in (await visitor.get("/admin/audit?ward=hoa-binh")).location


async def test_after_signing_in_the_wanted_page_opens_but_never_one_of_another_site(
    building: Building, visitor: Visitor
):
    building.hire("lan", [("hoa-binh", "admin")])

    wanted = await visitor.sign_in("lan", next="/admin/audit?ward=hoa-binh")
    assert wanted.location == "/admin/audit?ward=hoa-binh"
    for bad in ("https://example.org/", "//example.org/admin/", "/\\example.org", "javascript:1", "/admin/\r\nX: y"):
        other = building.visitor()
        assert (await other.sign_in("lan", next=bad)).location == "/admin/"


async def test_five_wrong_passwords_lock_the_login_and_the_right_one_does_not_help(building: Building):
    building.hire("lan", [("hoa-binh", "editor")])
    visitor = building.visitor()
    for _ in range(5):
        page = await visitor.sign_in("lan", "sai mật khẩu")
        assert page.status == 403
        assert "Tên đăng nhập hoặc mật khẩu chưa đúng" in page.text
        building.now += 60

    locked = await visitor.sign_in("lan")

    assert locked.status == 429
    assert "thử lại sau 10 phút" in locked.text
    assert locked.headers["Retry-After"] == "600"
    building.now += 10 * 60 + 1
    assert (await visitor.sign_in("lan")).status == 303


async def test_a_login_that_does_not_exist_locks_with_the_same_words(building: Building):
    building.hire("lan", [("hoa-binh", "editor")])
    known, unknown = building.visitor(), building.visitor()

    for _ in range(5):
        pages = [await known.sign_in("lan", "sai"), await unknown.sign_in("ai-do", "sai")]
        assert pages[0].text.replace('value="lan"', "") == pages[1].text.replace('value="ai-do"', "")
    assert [(await one.sign_in(login, "sai")).status for one, login in ((known, "lan"), (unknown, "ai-do"))] == [
        429
    ] * 2


async def test_many_tries_at_once_count_as_many(database: Database):
    with database.engine.begin() as connection:
        tries = [auth.begin_try(connection, "lan", f"10.0.0.{number}", now=1000.0) for number in range(8)]

    assert [one.locked_seconds > 0 for one in tries] == [False] * 5 + [True] * 3


async def test_an_address_that_tries_many_logins_is_locked_and_others_are_not(database: Database):
    with database.engine.begin() as connection:
        for number in range(auth.MOST_PER_ADDRESS):
            assert auth.begin_try(connection, f"login{number}", "10.0.0.1", now=1000.0).locked_seconds == 0

        assert auth.begin_try(connection, "lan", "10.0.0.1", now=1001.0).locked_seconds == auth.WINDOW_SECONDS - 1
        assert auth.begin_try(connection, "lan", "10.0.0.2", now=1001.0).locked_seconds == 0


async def test_a_right_password_forgets_the_wrong_ones_before_it(database: Database):
    with database.engine.begin() as connection:
        for number in range(4):
            auth.begin_try(connection, "lan", "10.0.0.1", now=1000.0 + number)
        auth.right(connection, auth.begin_try(connection, "lan", "10.0.0.1", now=1010.0).id)
        for number in range(5):
            assert auth.begin_try(connection, "lan", "10.0.0.1", now=1020.0 + number).locked_seconds == 0

        assert auth.begin_try(connection, "lan", "10.0.0.1", now=1030.0).locked_seconds > 0


async def test_tries_are_forgotten_after_a_day(building: Building, visitor: Visitor):
    await visitor.sign_in("ai-do", "sai")
    building.now += auth.KEEP_SECONDS + 1
    await visitor.sign_in("ai-khac", "sai")

    assert [row.login for row in building.rows(sign_in)] == ["ai-khac"]


async def test_too_many_tries_in_a_moment_are_slowed_down(building: Building, visitor: Visitor):
    pages = await asyncio.gather(*(visitor.sign_in(f"nguoi{number}", "sai") for number in range(14)))

    assert sorted({page.status for page in pages}) == [403, 429]
    assert len([page for page in pages if page.status == 403]) >= 10


async def test_an_office_that_signs_in_at_eight_from_one_address_is_not_slowed_down(building: Building):
    for number in range(30):
        building.hire(f"can-bo-{number}", [("hoa-binh", "editor")])
    pages = [await building.visitor().sign_in(f"can-bo-{number}") for number in range(30)]

    assert {page.status for page in pages} == {303}


async def test_a_session_that_a_stranger_chose_is_never_taken_over(building: Building):
    building.hire("lan", [("hoa-binh", "editor")])
    visitor = building.visitor()
    headers = {"Cookie": "office=chosen-by-a-stranger", "Origin": building.url}

    page = await visitor.post("/admin/sign-in", {"login": "lan", "password": PASSWORD}, headers=headers)

    assert "office=" in page.headers["Set-Cookie"]
    assert "chosen-by-a-stranger" not in page.headers["Set-Cookie"]
    stranger = await building.visitor().get("/admin/", headers={"Cookie": "office=chosen-by-a-stranger"})
    assert stranger.status == 303


async def test_signing_in_again_ends_the_session_before(building: Building):
    visitor = await building.officer("lan", ("hoa-binh", "editor"))
    first = visitor.cookie

    await visitor.sign_in("lan")

    assert visitor.cookie != first
    assert len(building.rows(admin_session)) == 1
    assert (await building.visitor().get("/admin/", headers={"Cookie": f"office={first}"})).status == 303


async def test_the_cookie_is_for_no_script_no_other_site_and_no_other_path(building: Building, visitor: Visitor):
    building.hire("lan", [("hoa-binh", "editor")])

    page = await visitor.sign_in("lan")

    cookie = page.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/admin" in cookie
    assert "Secure" not in cookie
    headers = {"Origin": building.url, "X-Forwarded-Proto": "https"}
    secure = await building.visitor().post("/admin/sign-in", {"login": "lan", "password": PASSWORD}, headers=headers)
    assert "Secure" in secure.headers["Set-Cookie"]


async def test_the_table_holds_neither_token_nor_password(building: Building):
    visitor = await building.officer("lan", ("hoa-binh", "editor"))

    rows = [*building.rows(admin_session), *building.rows(officer)]

    assert all(visitor.cookie not in str(row) and PASSWORD not in str(row) for row in rows)


async def test_a_session_ends_after_twelve_quiet_hours_and_after_seven_days(building: Building):
    quiet = await building.officer("lan", ("hoa-binh", "editor"))
    building.now += sessions.IDLE_SECONDS - 1
    assert (await quiet.get("/admin/")).status == 200
    building.now += sessions.IDLE_SECONDS + 1
    assert (await quiet.get("/admin/")).status == 303

    busy = building.visitor()
    await busy.sign_in("lan")
    began = building.now
    while (await busy.get("/admin/")).status == 200:
        building.now += 6 * 3600
    assert building.now - began == sessions.LASTS_SECONDS


async def test_a_form_that_comes_after_the_session_ended_is_said_to_be_lost(building: Building):
    visitor = await building.officer("lan", ("hoa-binh", "admin"))
    building.now += sessions.IDLE_SECONDS + 1
    here = {"Origin": building.url, "Referer": f"{building.url}/admin/accounts?ward=hoa-binh"}

    page = await visitor.post("/admin/accounts/off", {"reason": "x"}, headers=here)

    assert page.location == "/admin/sign-in?done=session_ended&next=%2Fadmin%2Faccounts%3Fward%3Dhoa-binh"
    assert "chưa được lưu" in (await visitor.get(page.location)).text
    foreign = {"Origin": building.url, "Referer": "https://example.org/admin/x"}
    assert "next" not in (await visitor.post("/admin/accounts/off", {}, headers=foreign)).location


async def test_signing_out_ends_the_session_for_good(building: Building):
    visitor = await building.officer("lan", ("hoa-binh", "editor"))
    token = visitor.cookie

    page = await visitor.post("/admin/sign-out")

    assert page.location == "/admin/sign-in?done=signed_out"
    assert "Anh/chị đã đăng xuất." in (await visitor.get(page.location)).text
    assert (await building.visitor().get("/admin/", headers={"Cookie": f"office={token}"})).status == 303


async def test_a_new_password_signs_out_everywhere_else(building: Building):
    here = await building.officer("lan", ("hoa-binh", "editor"))
    elsewhere = building.visitor()
    await elsewhere.sign_in("lan")
    fields = {"current": PASSWORD, "password": "mot mat khau moi hon", "again": "mot mat khau moi hon"}

    page = await here.post("/admin/password", fields)

    assert page.location == "/admin/?done=password"
    assert "Đã đổi mật khẩu" in (await here.get(page.location)).text
    assert (await elsewhere.get("/admin/")).status == 303
    assert (await elsewhere.sign_in("lan")).status == 403
    assert (await elsewhere.sign_in("lan", "mot mat khau moi hon")).status == 303


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"current": "sai", "password": "mot mat khau moi hon", "again": "mot mat khau moi hon"}, "hiện nay chưa đúng"),
        ({"current": PASSWORD, "password": "ngắn", "again": "ngắn"}, "ít nhất 10 ký tự"),
        ({"current": PASSWORD, "password": "MatKhau1234", "again": "MatKhau1234"}, "rất dễ đoán"),
        ({"current": PASSWORD, "password": "lan.hoabinh1", "again": "lan.hoabinh1"}, "gần giống tên đăng nhập"),
        ({"current": PASSWORD, "password": "mot mat khau moi hon", "again": "khác hẳn thế"}, "chưa giống nhau"),
    ],
)
async def test_a_new_password_that_will_not_do_is_refused_with_a_reason(
    building: Building, fields: dict[str, str], said: str
):
    visitor = await building.officer("lan.hoabinh", ("hoa-binh", "editor"))

    page = await visitor.post("/admin/password", fields)

    assert page.status == 422
    assert said in page.text
    assert (await building.visitor().sign_in("lan.hoabinh")).status == 303


async def test_an_officer_whose_account_is_closed_is_out_at_once(building: Building):
    visitor = await building.officer("lan", ("hoa-binh", "editor"))
    with building.database.engine.begin() as connection:
        connection.execute(sa.update(officer).values(disabled_at=building.now))

    assert (await visitor.get("/admin/")).status == 303
    assert (await building.visitor().sign_in("lan")).status == 403


async def test_the_same_password_typed_on_another_keyboard_is_right(building: Building):
    passwords = auth.Passwords()
    composed, decomposed = (unicodedata.normalize(form, "mật khẩu của tôi") for form in ("NFC", "NFD"))

    hashed = await passwords.hash(composed)

    assert composed != decomposed
    assert await passwords.verify(hashed, decomposed)


async def test_a_login_that_does_not_exist_takes_as_long_as_one_that_does():
    passwords = auth.Passwords()
    hashed = await passwords.hash(PASSWORD)
    await passwords.verify(None, PASSWORD)
    took = {}
    for name, value in (("known", hashed), ("unknown", None)):
        began = time.perf_counter()
        for _ in range(4):
            assert not await passwords.verify(value, "sai mật khẩu")
        took[name] = time.perf_counter() - began

    assert hashed.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert took["unknown"] > 0.4 * took["known"]
    assert not await passwords.verify(None, "nobody has this password")
