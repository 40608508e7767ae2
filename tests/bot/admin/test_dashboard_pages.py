from __future__ import annotations

import csv
import io
import re
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest
import sqlalchemy as sa
from aiohttp.test_utils import TestServer

from bot import statistics
from bot.database import Database, question, satisfaction
from bot.statistics import Tally
from tests.bot.admin.building import NOW, Building, Visitor
from tests.bot.admin.diary import DAY, ask, report
from tests.fakes.asking import AskedOffice

PAGE = "/admin/dashboard?ward=hoa-binh"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
async def building(database: Database, tmp_path: Path) -> AsyncIterator[Building]:
    async with TestServer(AskedOffice().app()) as knowledge:
        building = Building(database)
        server = await building.open(tmp_path, str(knowledge.make_url("/")).rstrip("/"))
        yield building
        await building.close()
        await server.close()


@pytest.fixture
async def agent(building: Building) -> Visitor:
    return await building.officer("truc", ("hoa-binh", "agent"))


@pytest.fixture
def busy(database: Database) -> None:
    ask(database, ["a", "b", "c"], outcome="answered", entry_ids=["gui-xe"], channel="zalo")
    ask(database, ["d"], outcome="answered", entry_ids=["2.000815", "chung-thuc-ban-sao"], who="v", at=NOW - 3 * DAY)
    ask(database, ["e"], outcome="clarify", entry_ids=["x", "y"], who="v")
    ask(database, ["f", "g"], who="v")
    ask(database, ["chào"], outcome="social", who="v")
    ask(database, ["h"] * 5, ward="phuong-mau", who="w")
    report(database, "lệ phí sao y", ["chung-thuc-ban-sao"])


def count(database: Database, days: int = 30) -> statistics.Statistics:
    with database.engine.begin() as connection:
        return statistics.count(connection, "hoa-binh", days=days, now=NOW)


def text(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


@pytest.mark.usefixtures("busy")
def test_questions_are_counted_by_day_hour_channel_and_entry(database: Database) -> None:
    found = count(database, days=7)

    assert found.total == Tally(answered=4, asked_back=1, refused=2)
    assert list(found.days.values()) == [Tally(), Tally(), Tally(), Tally(1), Tally(), Tally(), Tally(3, 1, 2)]
    assert found.channels == {"web": Tally(1, 1, 2), "zalo": Tally(3)}
    assert found.entries == [("gui-xe", 3), ("2.000815", 1)]
    assert found.reported == 1
    # NOW is 18:46 in Vietnam, and all asked an hour or three days before.
    assert {hour for hour, tally in found.hours.items() if tally.all} == {17, 18}
    assert len(found.hours) == 24


def test_a_day_is_a_day_in_vietnam(database: Database) -> None:
    midnight = datetime(2026, 11, 17, 17, 0, tzinfo=UTC).timestamp()  # 0:00 on the 18th
    ask(database, ["trước"], at=midnight - 1, who="a")
    ask(database, ["sau"], at=midnight, who="b")

    days = count(database, days=3).days

    assert [one.all for one in days.values()] == [0, 1, 1]


@pytest.mark.usefixtures("busy")
async def test_the_page_shows_figures_charts_and_the_same_as_tables(agent: Visitor, database: Database):
    with database.engine.begin() as connection:
        for number, score in enumerate((5, 4, 4)):
            connection.execute(
                sa.insert(satisfaction).values(
                    inbox_id=number, ward="hoa-binh", channel="web", score=score, at=NOW - 60
                )
            )

    page = await agent.get(PAGE)

    said = text(page.text)
    assert "7 câu hỏi 4 Đã trả lời (57%) 1 Hỏi lại (14%) 2 Chưa trả lời được (29%)" in said
    assert "4,3/5 mức hài lòng (3 lượt)" in said
    assert "Đến phường gửi xe ở đâu? 3" in said
    assert "Chứng thực bản sao từ bản chính 1" in said
    assert "Zalo OA 3 3 0 0" in said
    assert page.text.count("<img ") == page.text.count("<table>") == 3


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize("name", ["day", "hour", "channel"])
async def test_a_chart_is_an_image_that_fetches_nothing(agent: Visitor, name: str):
    for size in ("wide", "small"):
        chart = await agent.get(f"/admin/dashboard/chart/{name}.svg?ward=hoa-binh&days=30&size={size}")

        assert chart.headers["Content-Type"].startswith("image/svg+xml")
        assert chart.headers["Content-Security-Policy"] == "default-src 'none'; style-src 'unsafe-inline'; sandbox"
        root = ElementTree.fromstring(chart.text)
        assert root.tag == f"{SVG}svg"
        assert list(root.iter(f"{SVG}script")) == []
        assert not re.search(r"(?:href|src)=\"(?:https?:)?//|url\(|@import", chart.text)
        assert "Đã trả lời" in chart.text


async def test_a_long_period_is_drawn_by_weeks(agent: Visitor, database: Database):
    ask(database, ["f", "g"], at=NOW - 200 * DAY)

    page = await agent.get(f"{PAGE}&days=365")

    assert "Theo tuần" in page.text
    assert page.text.count('<tr><th scope="row">') < 53 + 24 + 5


async def test_a_ward_where_nobody_asked_says_so(agent: Visitor):
    page = await agent.get(PAGE)

    assert page.text.count("Chưa có câu hỏi nào") == 3
    assert "<img" not in page.text
    assert (await agent.get("/admin/dashboard/chart/day.svg?ward=hoa-binh")).status == 200
    assert (await agent.get("/admin/dashboard/chart/year.svg?ward=hoa-binh")).status == 404


@pytest.mark.usefixtures("busy")
async def test_the_file_opens_in_excel_and_holds_what_the_page_shows(agent: Visitor):
    file = await agent.get("/admin/dashboard/export.csv?ward=hoa-binh&days=7")

    assert file.headers["Content-Disposition"] == 'attachment; filename="thong-ke-hoa-binh-7-ngay.csv"'
    assert file.text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(file.text.removeprefix("\ufeff"))))
    assert rows[0] == ["Bảng", "Mục", "Số câu hỏi", "Đã trả lời", "Hỏi lại", "Chưa trả lời được"]
    assert rows[7] == ["Theo ngày", "18/11", "6", "3", "1", "2"]
    assert ["Theo kênh", "Zalo OA", "3", "3", "0", "0"] in rows
    assert ["Hỏi nhiều nhất", "Đến phường gửi xe ở đâu?", "3", "3", "", ""] in rows
    assert ["Báo trả lời sai", "", "1", "", "", ""] in rows


async def test_the_statistics_of_another_ward_stay_closed(agent: Visitor):
    for path in ("dashboard", "dashboard/chart/day.svg", "dashboard/export.csv"):
        assert (await agent.get(f"/admin/{path}?ward=phuong-mau")).status == 403


def test_a_year_of_many_questions_is_counted_in_a_moment(database: Database) -> None:
    rows = [
        {
            "inbox_id": number, "ward": "hoa-binh", "channel": ("web", "zalo")[number % 2], "text": "x",
            "outcome": ("answered", "clarify", "unanswerable_no_passage")[number % 3],
            "entry_ids": [f"muc-{number % 200}"], "ms": 5, "asked_at": NOW - number * 300.0,
        }
        for number in range(100_000)
    ]  # fmt: skip
    with database.engine.begin() as connection:
        connection.execute(sa.insert(question), rows)

    began = time.perf_counter()
    found = count(database, days=365)
    took = time.perf_counter() - began

    print(f"{found.total.all} questions counted in {took:.2f} s")
    assert found.total.all == 100_000
    assert took < 3
