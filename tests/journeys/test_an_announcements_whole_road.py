"""
One announcement from the portal's draft to the citizen who wants no more: drafted over HTTP, completed and submitted by one
officer, approved by another, sent by the running gateway, asked about, answered, and left.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import aiohttp
import pytest
import sqlalchemy as sa

from bot.admin import officers
from bot.announcements import approval, known, portal_tokens, store, wording
from bot.announcements.renditions.message import WAY_OUT
from bot.announcements.tables import announcement, recipient, subscription
from bot.database import Database, question
from tests.journeys.conftest import Meet
from tools.town import ROOT, Town

pytestmark = [pytest.mark.rasa, pytest.mark.services]

WARD = "phuong-mau"
TEXT = "Điện lực Mẫu tạm ngừng cấp điện từ 7 giờ 30 đến 11 giờ 30 tại khu phố 3 để sửa đường dây."


@pytest.fixture
def database(town: Town) -> Iterator[Database]:
    database = Database(f"sqlite:///{town.state / 'bot.sqlite'}")
    yield database
    with database.engine.begin() as connection:
        connection.execute(sa.update(announcement).values(state="cancelled"))
    database.close()


def announce(database: Database, *arguments: str) -> str:
    environment = {**os.environ, "BOT_DATABASE": database.url.render_as_string(hide_password=False)}
    done = subprocess.run(
        [sys.executable, "-m", "bot", "announce", *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def prepared(database: Database) -> str:
    """
    Two officers, and the portal's token.
    """
    with database.engine.begin() as connection:
        officers.create(connection, login="soan.mau", name="Người soạn", roles=[(WARD, "editor")], now=1.0)
        officers.create(connection, login="duyet.mau", name="Người duyệt", roles=[(WARD, "approver")], now=1.0)
        return portal_tokens.make(connection, ward=WARD, name="Cổng phường Mẫu", may_write=True, now=1.0)


def completed(database: Database, id: int) -> None:
    """
    Let the first officer choose outlets; an emergency, for the test may run at night.
    """
    with database.engine.begin() as connection:
        row = store.found(connection, id)
        author = officers.get(connection, 1)
        assert author is not None
        whole = replace(row.announcement, outlets=("messages",), kind="emergency")
        approval.save_draft(connection, whole, author, expected_version=row.version, now=time.time())


async def message_of(citizen: Any, words: str) -> str:
    for _ in range(400):
        for one in await citizen.history():
            if one["side"] != "citizen" and words in one["text"]:
                return str(one["text"])
        await asyncio.sleep(0.1)
    raise AssertionError("the announcement did not come")


async def test_from_the_portals_draft_to_who_wants_no_more(meet: Meet, town: Town, database: Database):
    token = prepared(database)
    async with meet(WARD) as citizen, meet(WARD) as other:
        await citizen.ask("dang ky nhan tin khu pho 3")
        await other.ask("đăng ký nhận tin khu phố 1")
        draft = {"ward": WARD, "title": "Tạm ngừng cấp điện khu phố 3", "text": TEXT, "neighbourhoods": ["Khu phố 3"]}
        headers = {"Authorization": f"Bearer {token}"}
        async with (
            aiohttp.ClientSession(town.url, headers=headers) as portal,
            portal.post("/api/portal/announcements", json=draft) as response,
        ):
            assert response.status == 201, await response.text()
            id = (await response.json())["id"]

        completed(database, id)
        announce(database, "submit", str(id), "--as", "soan.mau")
        with database.engine.connect() as connection:
            hash = store.found(connection, id).hash or ""
        announce(database, "approve", str(id), "--as", "duyet.mau", "--hash", hash)
        told = await message_of(citizen, "Tạm ngừng cấp điện khu phố 3")
        await asyncio.sleep(2 * known.EVERY_SECONDS)
        asked = await citizen.ask("bao giờ có điện lại vậy")
        stopped = await citizen.ask("DUNG")
        untold = [one["text"] for one in await other.history()]

    assert TEXT in told
    assert told.endswith(WAY_OUT)
    assert asked.entry_ids == [f"announcement/{id}"]
    assert TEXT in asked.text
    assert stopped.text == wording.STOPPED.format(ward="phường Mẫu")
    assert not any(TEXT in one for one in untold)
    with database.engine.connect() as connection:
        states = list(
            connection.execute(sa.select(recipient.c.state).where(recipient.c.announcement_id == id)).scalars()
        )
        there = sa.select(subscription.c.value).where(subscription.c.ended_at.is_(None))
        left = set(connection.execute(there).scalars())
        caused = [
            ids for ids in connection.execute(sa.select(question.c.entry_ids)).scalars() if f"announcement/{id}" in ids
        ]
    assert states == ["sent"]
    assert "Khu phố 1" in left
    assert "Khu phố 3" not in left
    assert len(caused) == 1
