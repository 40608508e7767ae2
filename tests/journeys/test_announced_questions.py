"""
Citizens ask about what the ward has announced, and say which announcements they want: real programs, real content, real
Rasa. The announcements stand in the gateway's database as they do after they were approved and sent.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import orjson
import pytest
import sqlalchemy as sa

from bot.announcements import known, wording
from bot.announcements.tables import announcement, subscription
from bot.database import Database, question
from tests.journeys.conftest import Meet
from tools.town import Town, get

pytestmark = [pytest.mark.rasa, pytest.mark.services]

WARD = "phuong-mau"
TOMORROW = datetime.now(known.TIMEZONE) + timedelta(days=1)
POWER = f"Điện lực Mẫu tạm ngừng cấp điện từ 7 giờ 30 đến 11 giờ 30 ngày {TOMORROW:%d/%m/%Y} tại khu phố 3."
VACCINE = "Trạm Y tế phường Mẫu tiêm chủng mở rộng cho trẻ dưới 5 tuổi lúc 7 giờ 30 sáng thứ tư tuần sau."
IDENTITY = "Công an phường Mẫu cấp căn cước lưu động cho người già yếu tại nhà văn hóa khu phố 1 vào cuối tháng."
TEXTS = {
    101: (f"Tạm ngừng cấp điện khu phố 3 ngày {TOMORROW:%d/%m/%Y}", POWER),
    102: ("Tiêm chủng mở rộng cho trẻ dưới 5 tuổi", VACCINE),
    103: ("Cấp căn cước lưu động tại nhà văn hóa khu phố 1", IDENTITY),
}


def out(database: Database, id: int) -> None:
    title, text = TEXTS[id]
    words: dict[str, Any] = {
        "ward": WARD, "title": title, "text": text, "happens_at": TOMORROW.timestamp() if id == 101 else None,
        "valid_until": time.time() + 5 * 86_400,
    }  # fmt: skip
    row = {
        "id": id, "ward": WARD, "kind": "normal", "title": title, "body": {}, "author_id": 1, "changed_by": 1, "created_at": 1.0,
        "changed_at": 1.0, "state": "finished", "hash": f"hash-{id}", "started_at": time.time() - 86_400,
        "frozen": {"announcement": words, "outlets": ["web"], "wards": [WARD]},
    }  # fmt: skip
    with database.engine.begin() as connection:
        connection.execute(sa.insert(announcement).values(**row))


async def becomes_known(town: Town, ids: set[int]) -> None:
    for _ in range(300):
        body = get(f"{town.knowledge_url}/announcements")
        if body and {one["id"] for one in orjson.loads(body)["announcements"]} == ids:
            return
        await asyncio.sleep(0.1)
    raise AssertionError("knowledge was not told in time")


@pytest.fixture
def database(town: Town) -> Iterator[Database]:
    database = Database(f"sqlite:///{town.state / 'bot.sqlite'}")
    yield database
    with database.engine.begin() as connection:
        connection.execute(sa.delete(announcement).where(announcement.c.id.in_(TEXTS)))
    database.close()


ASKED = [
    ("thông báo hôm qua về cắt điện là khi nào?", 101),
    ("thong bao hom qua ve cat dien la khi nao", 101),
    ("mai có cúp điện không", 101),
    ("mai co cup dien ko", 101),
    ("ngày mai khu phố 3 mất điện lúc mấy giờ vậy", 101),
    ("cup dien den may h vay ad", 101),
    ("bao giờ có điện lại ạ", 101),
    ("lịch cắt điện tuần này", 101),
    ("loa phường nói cúp điện lúc nào vậy", 101),
    ("hôm nay có tiêm chủng không", 102),
    ("hom nay co tiem chung khong", 102),
    ("khi nào chích ngừa cho bé vậy ạ", 102),
    ("bao gio tiem phong cho tre em", 102),
    ("thông báo tiêm chủng", 102),
    ("cho em hỏi lịch tiêm chủng ở trạm y tế", 102),
    ("căn cước lưu động làm hôm nào", 103),
    ("hom nao lam can cuoc luu dong vay", 103),
    ("khi nào công an phường cấp căn cước lưu động", 103),
    ("cấp căn cước lưu động ở đâu", 103),
    ("thông báo về căn cước lưu động", 103),
]
PROCEDURES = [
    ("làm căn cước cần giấy tờ gì", "cap-can-cuoc"),
    ("làm giấy khai sinh cho con cần gì", "khai-sinh"),
    ("thông báo lưu trú online thế nào", "thong-bao-luu-tru"),
    ("dang ky ket hon can giay to gi", "ket-hon"),
]


async def test_questions_about_announcements_are_answered_in_their_own_words(
    meet: Meet, town: Town, database: Database
):
    for id in TEXTS:
        out(database, id)
    await becomes_known(town, set(TEXTS))
    missed = []

    for asked, id in ASKED:
        async with meet(WARD) as citizen:
            answer = await citizen.ask(asked)
        if (
            answer.outcome != "answered"
            or answer.entry_ids[:1] != [f"announcement/{id}"]
            or TEXTS[id][1] not in answer.text
        ):
            missed.append((asked, answer.outcome, answer.entry_ids, answer.text[:80]))

    assert missed == []
    with database.engine.connect() as connection:
        rows = connection.execute(sa.select(question.c.entry_ids).where(question.c.outcome == "answered"))
        caused = [row.entry_ids for row in rows if "announcement/101" in row.entry_ids]
    assert len(caused) == sum(id == 101 for _, id in ASKED)


async def test_procedures_several_announcements_follow_ups_and_buttons(meet: Meet, town: Town, database: Database):
    for id in TEXTS:
        out(database, id)
    await becomes_known(town, set(TEXTS))

    for asked, entry in PROCEDURES:
        async with meet(WARD) as citizen:
            assert (await citizen.ask(asked)).entry_ids[0] == entry
    async with meet(WARD) as citizen:
        listed = await citizen.ask("phường có thông báo gì mới không")
        assert listed.outcome == "clarify"
        assert {f"announcement/{id}" for id in TEXTS} == set(listed.entry_ids)
        chosen = await citizen.press(listed.buttons[0]["title"], listed)
        assert chosen.entry_ids == [listed.entry_ids[0]]
        leaning = await citizen.ask("mấy giờ vậy?")
        assert leaning.entry_ids == chosen.entry_ids


async def test_without_an_announcement_none_is_invented(meet: Meet, town: Town, database: Database):
    await becomes_known(town, set())

    async with meet(WARD) as citizen:
        water = await citizen.ask("mai có cúp nước không")
        any_news = await citizen.ask("phường có thông báo gì không")

    for answer in (water, any_news):
        assert "chưa đăng thông báo nào" in answer.text
        assert answer.outcome.startswith("unanswerable_")
    assert "0000 000 00" in any_news.text


async def test_a_citizen_subscribes_looks_and_stops_in_the_chat(meet: Meet, town: Town, database: Database):
    async with meet(WARD) as citizen:
        offered = await citizen.ask("dang ky nhan tin khu pho 9")
        done = await citizen.press("Khu phố 3", offered)
        held = await citizen.ask("tôi đang nhận tin gì")
        stopped = await citizen.ask("dừng nhận tin")

    assert done.text == "\n".join((wording.SUBSCRIBED.format(ward="phường Mẫu", what="Khu phố 3"), wording.HOW_TO_STOP))
    assert "• Khu phố 3 (đồng ý ngày" in held.text
    assert stopped.text == wording.STOPPED.format(ward="phường Mẫu")
    with database.engine.connect() as connection:
        row = connection.execute(sa.select(subscription).order_by(subscription.c.id.desc()).limit(1)).one()
    assert (row.value, row.how, row.ended_at is not None) == ("Khu phố 3", "button", True)
