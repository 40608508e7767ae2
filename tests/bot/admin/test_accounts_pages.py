"""
The channels of a ward, as its administrator sees and switches them.
"""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa

from bot import account_states, alarms
from bot.admin import wording
from bot.channels.tokens import Pair
from bot.credentials import Credentials
from bot.database import audit, grant, switch
from bot.switches import Switches
from tests.bot.admin.building import Building

OA = "2345678901234567890"


async def test_the_page_shows_each_account_with_its_last_event_its_alarms_and_its_grant(building: Building):
    admin = await building.officer("truong", ("hoa-binh", "admin"))
    store = Credentials(building.database, "zalo", wards={OA: "hoa-binh"}, worker="t", clock=lambda: building.now)
    await store.save(OA, Pair("token-a", "token-r", building.now + 3600, building.now + 80 * 86_400))
    await building.database.write(account_states.note_event, channel="zalo", account=OA, now=building.now - 7200)
    await store.alarm(OA, "zalo.refresh_failed", "refused -14014")

    page = (await admin.get("/admin/accounts")).text

    assert "Zalo phường Hòa Bình" in page
    assert "16:06 ngày 18/11/2026" in page  # two hours before the clock of the tests
    assert "Chưa gia hạn được quyền gửi tin của Zalo OA." in page
    assert "Đến 18:06 ngày 06/02/2027" in page
    assert "Kết nối lại Zalo OA" in page
    for secret in ("token-a", "token-r", "not-a-secret"):
        assert secret not in page


async def test_an_account_without_tokens_asks_to_be_connected(building: Building):
    admin = await building.officer("truong", ("hoa-binh", "admin"))

    page = (await admin.get("/admin/accounts")).text

    assert "Chưa kết nối" in page
    assert ">Kết nối Zalo OA<" in page


async def test_a_ward_without_accounts_has_the_web_chat_alone(building: Building):
    admin = await building.officer("truong", ("phuong-mau", "admin"))

    page = (await admin.get("/admin/accounts")).text

    assert "Trò chuyện trên web" in page
    assert "Zalo OA" not in page.replace("kết nối Zalo OA và", "")


async def test_connecting_leads_to_the_page_of_consent_and_back_to_the_gateway(building: Building):
    admin = await building.officer("truong", ("hoa-binh", "admin"))
    form = await admin.get("/admin/accounts")

    page = await admin.post(f"/admin/accounts/zalo/{OA}/connect")

    assert page.status == 303
    there = urlsplit(page.location)
    assert f"form-action 'self' {there.scheme}://{there.netloc};" in form.headers["Content-Security-Policy"]
    query = {name: values[0] for name, values in parse_qs(there.query).items()}
    assert query["redirect_uri"] == "https://motcua.example.org/connect/zalo"
    asked = building.rows(grant)[0]
    assert (asked.state, asked.account, asked.ended_at) == (query["state"], OA, None)
    assert [row.action for row in building.rows(audit)] == ["channel.connecting"]


@pytest.mark.parametrize("role", [("hoa-binh", "editor"), ("phuong-mau", "admin")])
async def test_only_an_administrator_of_its_ward_connects_an_account(building: Building, role: tuple[str, str]):
    visitor = await building.officer("lan", role)

    page = await visitor.post(f"/admin/accounts/zalo/{OA}/connect")

    assert page.status == 403
    assert building.rows(grant) == []
    assert (await visitor.post("/admin/accounts/zalo/1/connect")).status == 404


async def test_a_check_asks_the_platform_and_says_what_to_do(building: Building):
    admin = await building.officer("truong", ("hoa-binh", "admin"))
    await admin.get("/admin/accounts")

    page = await admin.post(f"/admin/accounts/zalo/{OA}/check")

    assert page.status == 200
    assert "Kết quả kiểm tra" in page.text
    assert "Tài khoản chưa có quyền gửi tin." in page.text
    assert "Khóa ký tin chưa đúng." in page.text
    other = await building.officer("lan", ("phuong-mau", "admin"))
    assert (await other.post(f"/admin/accounts/zalo/{OA}/check")).status == 403
    assert (await admin.post("/admin/accounts/zalo/1/check")).status in (403, 404)


def test_everything_that_a_check_finds_has_words():
    source = "\n".join(path.read_text("utf-8") for path in Path("bot/channels").rglob("check.py"))
    names = set(re.findall(r'Finding\(\s*[^,]+,\s*"(\w+)"', source))

    assert len(names) > 5
    assert names <= wording.FINDINGS.keys()


async def test_a_channel_is_switched_off_with_a_reason_and_on_again(building: Building):
    admin = await building.officer("truong", ("hoa-binh", "admin"), name="Quản trị phường Hòa Bình")
    await admin.get("/admin/accounts")
    switches = Switches(building.database, clock=lambda: building.now)

    off = await admin.post(
        "/admin/accounts/off", {"ward": "hoa-binh", "channel": "zalo", "reason": "  đang cập nhật\n biểu phí "}
    )

    assert off.location == "/admin/accounts?ward=hoa-binh&done=switched_off"
    found = await switches.off("hoa-binh", "zalo")
    assert found is not None
    assert found.reason == "đang cập nhật biểu phí"
    assert await switches.off("hoa-binh", "web") is None
    assert await switches.off("phuong-mau", "zalo") is None
    page = (await admin.get(off.location)).text
    assert "Đang tạm ngừng" in page
    assert "“đang cập nhật biểu phí”" in page
    on = await admin.post("/admin/accounts/on", {"ward": "hoa-binh", "channel": "zalo"})
    assert on.location == "/admin/accounts?ward=hoa-binh&done=switched_on"
    assert building.rows(switch) == []
    noted = [(row.action, row.what, row.officer_name, row.before, row.after) for row in building.rows(audit)]
    reason, who = {"reason": "đang cập nhật biểu phí"}, "Quản trị phường Hòa Bình"
    assert noted == [
        ("channel.off", "channel/zalo", who, None, reason),
        ("channel.on", "channel/zalo", who, reason, None),
    ]


@pytest.mark.parametrize("reason", ["", "    ", "bận", "x" * 201])
async def test_a_switch_needs_a_reason_that_citizens_can_read(building: Building, reason: str):
    admin = await building.officer("truong", ("hoa-binh", "admin"))
    await admin.get("/admin/accounts")

    page = await admin.post("/admin/accounts/off", {"ward": "hoa-binh", "channel": "web", "reason": reason})

    assert page.status == 422
    assert "người dân sẽ đọc câu này" in page.text
    assert building.rows(switch) == []


async def test_the_first_page_counts_what_waits_and_names_what_rings(building: Building):
    await building.database.write(
        alarms.ring, ward="hoa-binh", channel="zalo", account=OA, code="zalo.token_dead", detail="x", now=building.now
    )
    await building.database.write(alarms.ring, ward="phuong-mau", code="answers.delayed", detail="x", now=building.now)
    with building.database.engine.begin() as connection:
        for number, (outcome, handled) in enumerate(
            [("answered", "open"), ("unanswerable_no_passage", "open"), ("unanswerable_no_passage", "answered"),
             ("clarify", "open")]
        ):  # fmt: skip
            connection.execute(
                sa.text(
                    "INSERT INTO question (inbox_id, ward, channel, text, outcome, entry_ids, ms, asked_at, handled) "
                    "VALUES (:n, 'hoa-binh', 'web', 'x', :outcome, '[]', 1, :at, :handled)"
                ),
                {"n": number, "outcome": outcome, "handled": handled, "at": building.now - 10},
            )
    admin = await building.officer("truong", ("hoa-binh", "admin"))
    agent = await building.officer("truc", ("phuong-mau", "agent"))

    page, other = (await admin.get("/admin/")).text, (await agent.get("/admin/")).text

    assert "Zalo OA không còn quyền gửi tin." in page
    assert "Người dân đang phải chờ trả lời." not in page + other
    assert "25 %" in page
    assert "1 trên 4 câu" in page
    assert "yêu cầu của người dân đang chờ" in other
    assert "cán bộ chưa đặt mật khẩu" not in page
