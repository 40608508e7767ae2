"""
The pages of announcements before the real knowledge service: written by one officer, approved by another, followed.
"""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from aiohttp.test_utils import TestServer

from bot.admin import announcement_wording as say
from bot.announcements import store, uploads
from bot.announcements.rendering import Rendering
from bot.announcements.service import Announcements
from bot.announcements.tables import announcement as table
from bot.announcements.tables import publication, recipient, short_link, subscription
from bot.database import Database, audit, citizen, question
from bot.fetching import Fetcher
from knowledge.service import create_app
from knowledge.settings import Settings
from tests.bot.admin.building import Building, Page, Visitor
from tests.knowledge.conftest import SAMPLES as LIBRARY

LIST = "/admin/announcements?ward=dong-mau"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
WRITER, APPROVER = "Người soạn phường Đông Mẫu", "Người duyệt phường Đông Mẫu"


@pytest.fixture
async def building(database: Database, tmp_path: Path) -> AsyncIterator[Building]:
    content = Path(shutil.copytree(LIBRARY / "library", tmp_path / "content"))
    settings = Settings("127.0.0.1", 0, content, tmp_path / "index", "")
    async with TestServer(create_app(settings, lambda: date(2026, 11, 20))) as knowledge:
        building = Building(database)
        server = await building.open(tmp_path, str(knowledge.make_url("/")).rstrip("/"))
        office = building.office

        render = Rendering(office.wards, public_url=None)
        work = Announcements(database, office.channels, render=render, clock=lambda: building.now)
        object.__setattr__(office, "announcements", work)
        object.__setattr__(office, "files", Fetcher(database, {}, tmp_path / "files", hosts=()))
        yield building
        await building.close()
        await server.close()


@pytest.fixture
async def writer(building: Building) -> Visitor:
    return await building.officer("soan", ("dong-mau", "editor"), name=WRITER)


@pytest.fixture
async def approver(building: Building) -> Visitor:
    return await building.officer("duyet", ("dong-mau", "approver"), name=APPROVER)


def form(**more: Any) -> list[tuple[str, Any]]:
    fields = {
        "title": "Tạm ngừng cấp điện ngày 25/11",
        "text": "Điện lực ngừng cấp điện từ 8 giờ đến 11 giờ ngày 25/11/2026 tại khu phố 1.",
        "key_line": "Mất điện từ 8 giờ đến 11 giờ ngày 25/11.",
        "when": "approved",
        "kind": "normal",
        "topic": "dien-nuoc",
        "outlets": ["web", "messages"],
        "wards": "dong-mau",
        "do": "save",
        **more,
    }
    return [(name, one) for name, some in fields.items() for one in (some if isinstance(some, list) else [some])]


async def drafted(writer: Visitor, template: str = "cat-dien") -> str:
    """
    Begin one, and return its address.
    """
    await writer.get(f"/admin/announcements/new?ward=dong-mau&template={template}")
    made = await writer.post("/admin/announcements/new?ward=dong-mau", {"template": template})
    assert made.status == 303, made.text[:2000]
    return made.location


async def submitted(writer: Visitor, **more: Any) -> str:
    where = await drafted(writer)
    page = await writer.get(where)
    sent = await writer.post(where, form(version=hidden(page, "version"), do="submit", **more))
    assert sent.status == 303, re.findall(r'class="problem[^>]*>[^<]*', sent.text)
    return where


def hidden(page: Page, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page.text)
    assert found is not None, page.text[:3000]
    return found[1]


def state(building: Building) -> str:
    return str(building.rows(table)[-1].state)


async def test_one_officer_writes_another_approves_and_the_text_is_frozen_between(
    building: Building, writer: Visitor, approver: Visitor
):
    where = await submitted(writer)

    review = await approver.get(f"{where}/review")
    assert "Điện lực ngừng cấp điện từ 8 giờ đến 11 giờ" in review.text
    assert building.rows(table)[0].hash[:12] in review.text
    done = await approver.post(f"{where}/approve", {"hash": hidden(review, "hash"), "key": hidden(review, "key")})

    assert done.location == f"{where}/progress?done=announcement_approved"
    assert (await approver.get(done.location)).status == 200
    assert state(building) == "approved"
    acts = [row.action for row in building.rows(audit) if row.action.startswith("announcement.")]
    assert acts == ["announcement.created", "announcement.submitted", "announcement.approved"]


async def test_a_draft_saves_itself_and_tells_what_every_outlet_gets(building: Building, writer: Visitor):
    where = await drafted(writer)
    version = hidden(await writer.get(where), "version")

    saved = await writer.post(where, form(do="auto", version=version, with_forecast="1"))

    assert saved.status == 200
    assert saved.headers["X-Version"] == "2"
    assert saved.headers["X-Saved"]
    assert 'id="r-messages"' in saved.text
    assert "Tạm ngừng cấp điện ngày 25/11" in saved.text
    assert "sẽ nhận tin nhắn" in saved.text
    assert building.rows(table)[0].title == "Tạm ngừng cấp điện ngày 25/11"


async def test_who_saves_over_a_colleagues_text_is_told_and_loses_no_word(building: Building, writer: Visitor):
    where = await drafted(writer)
    version = hidden(await writer.get(where), "version")
    colleague = await building.officer("khac", ("dong-mau", "editor"), name="Người soạn thứ hai")
    await colleague.get(where)
    await colleague.post(where, form(version=version, title="Bản của đồng nghiệp"))

    by_script = await writer.post(where, form(version=version, do="auto", title="Bản của tôi"))
    by_button = await writer.post(where, form(version=version, title="Bản của tôi"))

    assert (by_script.status, by_button.status) == (409, 409)
    assert "Người soạn thứ hai" in by_script.text
    assert "Bản của tôi" in by_button.text
    assert building.rows(table)[0].title == "Bản của đồng nghiệp"


async def test_a_template_with_a_blank_left_is_not_submitted(building: Building, writer: Visitor):
    where = await drafted(writer)
    version = hidden(await writer.get(where), "version")

    page = await writer.post(where, form(version=version, do="submit", text="Mất điện từ [giờ bắt đầu] tại khu phố 1."))

    assert page.status == 422
    assert "[giờ bắt đầu]" in page.text
    assert state(building) == "draft"


async def test_nobody_approves_what_they_wrote(building: Building):
    both = await building.officer("hai-vai", ("dong-mau", "editor"), ("dong-mau", "approver"))
    where = await submitted(both)

    page = await both.get(f"{where}/review")
    row = building.rows(table)[0]
    done = await both.post(f"{where}/approve", {"hash": row.hash, "key": "mot-chia-khoa"})

    assert 'class="approve"' not in page.text
    assert done.status == 403
    assert say.REFUSED["announcement.own"] in done.text
    assert state(building) == "submitted"


async def test_an_approval_counts_once_and_only_for_the_text_that_was_shown(
    building: Building, writer: Visitor, approver: Visitor
):
    where = await submitted(writer)
    review = await approver.get(f"{where}/review")
    fields = {"hash": hidden(review, "hash"), "key": hidden(review, "key")}

    tampered = await approver.post(f"{where}/approve", {**fields, "hash": "0" * 64})
    await writer.post(f"{where}/take-back")
    await writer.post(where, form(version="2", do="submit", title="Chữ khác"))
    stale = await approver.post(f"{where}/approve", fields)
    fresh = await approver.get(f"{where}/review")
    good = {"hash": hidden(fresh, "hash"), "key": hidden(fresh, "key")}
    approved = await approver.post(f"{where}/approve", good)
    again = await approver.post(f"{where}/approve", good)

    assert [tampered.status, stale.status, approved.status, again.status] == [409, 409, 303, 409]
    assert say.REFUSED["announcement.replayed"] in again.text
    assert state(building) == "approved"


async def test_another_wards_officer_neither_sees_nor_touches_it(building: Building, writer: Visitor):
    where = await submitted(writer)
    stranger = await building.officer("la", ("tay-mau", "admin"))
    await stranger.get("/admin/")
    row = building.rows(table)[0]

    tried = [
        await stranger.get(where),
        await stranger.get(f"{where}/review"),
        await stranger.get(f"{where}/report.xlsx"),
        await stranger.post(f"{where}/approve", {"hash": row.hash, "key": "k"}),
        await stranger.post(f"{where}/cancel", {"reason": "thử"}),
        await stranger.post(where, form(version="2")),
        await stranger.get("/admin/announcements/99999"),
    ]

    assert {one.status for one in tried} == {403}
    assert state(building) == "submitted"


async def test_a_form_that_names_a_ward_that_was_not_offered_is_refused(building: Building, writer: Visitor):
    where = await drafted(writer)

    page = await writer.post(where, form(version="1", wards=["dong-mau", "tay-mau"]))

    assert page.status == 403
    assert building.rows(table)[0].version == 1


async def test_a_rejected_one_goes_back_with_its_reason(building: Building, writer: Visitor, approver: Visitor):
    where = await submitted(writer)
    await approver.get(f"{where}/review")

    silent = await approver.post(f"{where}/reject", {"reason": "  "})
    await approver.post(f"{where}/reject", {"reason": "Sai giờ, xin xem lại lịch."})

    assert silent.status == 422
    assert state(building) == "draft"
    assert "Sai giờ, xin xem lại lịch." in (await writer.get(where)).text


async def test_a_text_by_hand_stays_when_the_rest_changes_and_an_empty_one_is_the_made_one_again(
    building: Building, writer: Visitor
):
    where = await drafted(writer)
    page = await writer.post(where, form(do="auto", version="1"))
    made = hidden(page, r"made\.messages\.text")

    unchanged = form(version="2", **{"made.messages.text": made, "hand.messages.text": made})
    await writer.post(where, unchanged)
    assert building.rows(table)[0].body["by_hand"] == {}
    by_hand = form(version="2", **{"made.messages.text": made, "hand.messages.text": "Tin ngắn của tôi."})
    await writer.post(where, by_hand)
    shown = await writer.get(where)
    await writer.post(where, form(version="3", **{"made.messages.text": made, "hand.messages.text": ""}))

    assert "Tin ngắn của tôi." in shown.text
    assert "sửa riêng" in shown.text
    assert building.rows(table)[0].body["by_hand"] == {}


async def test_a_picture_is_what_its_bytes_say(building: Building, writer: Visitor, tmp_path: Path):
    where = await drafted(writer)

    wrong = await writer.post(where, multipart(b"%PDF-1.7 not a picture", version="1"))
    kept = await writer.post(where, multipart(PNG, version=str(building.rows(table)[0].version)))
    name = building.rows(table)[0].body["picture"]
    async with writer.session.get(f"{building.url}{where}/upload/{name}") as shown:
        assert await shown.read() == PNG
    forged = await writer.get(f"{where}/upload/{'0' * 64}.png")

    assert (wrong.status, kept.status, shown.status, forged.status) == (422, 303, 200, 404)
    assert say.UPLOADS["picture"]["type"] in wrong.text
    assert uploads.path_of(tmp_path / "files", name) is not None
    assert uploads.path_of(tmp_path / "files", f"../{name}") is None


async def test_the_sheet_to_print_and_the_script_are_files(building: Building, writer: Visitor):
    where = await drafted(writer)
    await writer.post(where, form(version="1"))

    async with writer.session.get(f"{building.url}{where}/notice.pdf") as answer:
        assert (await answer.read()).startswith(b"%PDF-")
    script = await writer.get(f"{where}/loudspeaker.txt")

    assert script.status == 200
    assert "mười một giờ" in script.text
    assert "attachment" in script.headers["Content-Disposition"]


async def test_the_first_page_tells_an_approver_what_waits(building: Building, writer: Visitor, approver: Visitor):
    await submitted(writer)

    assert "thông báo chờ anh/chị duyệt" in (await approver.get("/admin/")).text
    assert "thông báo chờ anh/chị duyệt" not in (await writer.get("/admin/")).text


async def test_an_earlier_one_is_the_beginning_of_the_next(building: Building, writer: Visitor, approver: Visitor):
    where = await submitted(writer, when="time", send_at="2030-01-01T08:00")
    review = await approver.get(f"{where}/review")
    await approver.post(f"{where}/approve", {"hash": hidden(review, "hash"), "key": hidden(review, "key")})
    progress = await approver.get(f"{where}/progress")

    copied = await writer.post(f"{where}/copy")
    await writer.post(f"{where}/send-now")
    assert building.rows(table)[0].send_at > building.now
    await approver.post(f"{where}/send-now")

    first, second = building.rows(table)
    assert "Gửi ngay, không chờ" in progress.text
    assert copied.location == f"/admin/announcements/{second.id}?done=announcement_copied"
    assert (second.state, second.title, second.body["send_at"]) == ("draft", first.title, None)
    assert first.send_at <= building.now


def multipart(content: bytes, **more: Any) -> list[tuple[str, Any]]:
    return [*form(**more), ("picture", io.BytesIO(content))]


async def test_progress_and_report_count_what_the_rows_say(building: Building, writer: Visitor, approver: Visitor):
    where = await submitted(writer)
    review = await approver.get(f"{where}/review")
    await approver.post(f"{where}/approve", {"hash": hidden(review, "hash"), "key": hidden(review, "key")})
    id = building.rows(table)[0].id
    with building.database.engine.begin() as connection:
        lived(connection, id, building.now)

    progress = await approver.get(f"{where}/progress")
    news = await approver.get(f"{where}/progress/news?seen={revision(progress)}")
    report = await approver.get(f"{where}/report")
    async with approver.session.get(f"{building.url}{where}/report.xlsx") as answer:
        sheet = openpyxl.load_workbook(io.BytesIO(await answer.read())).active

    assert "Đã bỏ quan tâm hoặc chặn: 1" in progress.text
    assert news.status == 204
    assert ">2</p><p>người nhận được tin nhắn" in report.text
    cells = {row[0]: row[1:] for row in sheet.iter_rows(values_only=True)}
    assert cells["Telegram"][:3] == (2, 1, 1)
    assert cells["Bấm vào đường dẫn: tin nhắn tới từng người dân"][0] == 7
    assert cells["Câu hỏi trợ lý trả lời từ thông báo này"][0] == 1


def lived(connection: sa.Connection, id: int, now: float) -> None:
    """
    What a sending leaves behind: two reached, one blocked, one uncertain, seven clicks, one question of its own.
    """
    store.change(connection, id, state="finished", started_at=now, finished_at=now + 60)
    ends = [("sent", None), ("sent", None), ("failed", "blocked"), ("uncertain", None)]
    for number, (ended, problem) in enumerate(ends):
        person = {"ward": "dong-mau", "channel": "telegram", "address": f"1/{number}", "dialogue_id": str(number)}
        made = sa.insert(citizen).values(**person, created_at=now, seen_at=now).returning(citizen.c.id)
        citizen_id = connection.execute(made).scalar_one()
        row = {"announcement_id": id, "citizen_id": citizen_id, "chunk": 0, "channel": "telegram", "address": "x"}
        connection.execute(sa.insert(recipient).values(**row, state=ended, problem=problem, sent_at=now))
        since = {"citizen_id": citizen_id, "ward": "dong-mau", "kind": "all", "value": "", "how": "words"}
        connection.execute(sa.insert(subscription).values(**since, consented_at=now))
    post = {"announcement_id": id, "outlet": "web", "ward": "dong-mau", "account": "", "body": {}, "state": "sent"}
    connection.execute(sa.insert(publication).values(**post, sent_at=now, url="https://example.org/1"))
    link = {"code": "abcdefghj", "announcement_id": id, "outlet": "messages", "url": "https://example.org/1"}
    connection.execute(sa.insert(short_link).values(**link, clicks=7, made_at=now))
    for number, entry in enumerate((f"announcement/{id}", f"announcement/{id}1")):
        asked = {"inbox_id": number, "ward": "dong-mau", "channel": "web", "text": "mấy giờ mất điện", "ms": 1}
        values = {**asked, "outcome": "answered", "entry_ids": [entry], "asked_at": now}
        connection.execute(sa.insert(question).values(**values))


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("blocked", "Đã bỏ quan tâm hoặc chặn"),
        ("quota.used_up", "Hết lượt gửi của kênh"),
        ("window.closed", "Lâu không nhắn cho đơn vị, kênh không cho gửi"),
        ("zalo.unheard_of", "Kênh không nhận tin"),
        (None, "Kênh không nhận tin"),
    ],
)
def test_a_reason_is_told_in_words(code: str | None, sentence: str):
    assert say.failed(code) == sentence


def revision(page: Page) -> str:
    found = re.search(r'data-revision="([^"]*)"', page.text)
    assert found is not None
    return found[1]


async def test_a_plan_counts_the_announcements_that_serve_its_tasks(building: Building, writer: Visitor):
    page = await writer.get("/admin/plan-progress?ward=dong-mau")
    where = await drafted(writer)
    key = hidden_task(await writer.get(where))
    await writer.post(where, form(version="1", tasks=[key]))
    id = building.rows(table)[0].id
    with building.database.engine.begin() as connection:
        store.change(connection, id, state="finished", started_at=building.now)

    after = await writer.get("/admin/plan-progress?ward=dong-mau")

    assert page.status == 200
    assert "Chưa có thông báo nào cho nhiệm vụ này." in page.text
    assert "Tạm ngừng cấp điện ngày 25/11" in after.text


def hidden_task(page: Page) -> str:
    found = re.search(r'name="tasks" value="([^"]+)"', page.text)
    assert found is not None
    return found[1]
