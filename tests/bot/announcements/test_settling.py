from __future__ import annotations

import pytest
import sqlalchemy as sa

from bot.admin.officers import Officer
from bot.announcements import publications, store
from bot.announcements.announcement import Audience
from bot.announcements.service import Announcements
from bot.announcements.store import Row
from bot.announcements.tables import publication
from bot.channels.base import SendError
from bot.database import Database, audit
from bot.errors import RequestError
from tests.bot.announcements.post_office import PostOffice, sending
from tests.bot.announcements.test_sending import Wall, at_work, is_, posts, until
from tests.journeys.announcing import approved, draft, hire, render


@pytest.fixture
def officer(database: Database) -> Officer:
    with database.engine.begin() as connection:
        return hire(connection, "truong", "admin")


async def unclear(database: Database, wall: Wall) -> tuple[Row, int]:
    """
    Send an announcement whose only post stays unclear, and return it with the post's id.
    """
    row = await approved(database, draft(outlets=("facebook_post",), audience=Audience()))
    async with at_work(sending(database, PostOffice(), outlets=wall)):
        await until(database, is_(row, "finished"))
    assert (await database.read(posts))[0][1] == "uncertain"
    return row, await database.read(lambda connection: connection.execute(sa.select(publication.c.id)).scalar_one())


def lost() -> Wall:
    return Wall(SendError("code 2", uncertain=True))


async def test_a_post_that_an_officer_has_seen_counts_as_made(database: Database, officer: Officer):
    wall = lost()
    row, post = await unclear(database, wall)

    await Announcements(database, {}, render=render).settle(row.id, post, officer, there=True)
    async with at_work(sending(database, PostOffice(), outlets=wall)) as made:
        await made.look()

    assert wall.posts == 0
    assert (await database.read(posts))[0][1] == "sent"
    with database.engine.connect() as connection:
        assert "announcement.post_seen" in connection.execute(sa.select(audit.c.action)).scalars().all()


async def test_a_post_that_is_not_there_is_made_once_more(database: Database, officer: Officer):
    wall = lost()
    row, post = await unclear(database, wall)

    async with at_work(sending(database, PostOffice(), outlets=wall)):
        await Announcements(database, {}, render=render).settle(row.id, post, officer, there=False)
        await until(database, lambda connection: posts(connection)[0][1] == "sent")
        await until(database, is_(row, "finished"))

    assert wall.posts == 1


async def test_what_is_clear_is_settled_no_second_time(database: Database, officer: Officer):
    row, post = await unclear(database, lost())
    announcements = Announcements(database, {}, render=render)
    await announcements.settle(row.id, post, officer, there=True)

    with pytest.raises(RequestError, check=lambda error: error.code == "publication.certain"):
        await announcements.settle(row.id, post, officer, there=False)
    with pytest.raises(RequestError, check=lambda error: error.code == "publication.unknown"):
        await announcements.settle(row.id, post + 1, officer, there=False)


async def test_an_officer_of_another_ward_settles_nothing(database: Database):
    row, post = await unclear(database, lost())
    with database.engine.begin() as connection:
        stranger = hire(connection, "noi-khac", "admin", ward="long-anh")

    with pytest.raises(RequestError, check=lambda error: error.code == "officer.not_allowed"):
        await Announcements(database, {}, render=render).settle(row.id, post, stranger, there=False)
    assert (await database.read(posts))[0][1] == "uncertain"


async def test_a_look_that_comes_too_late_does_not_undo_what_the_officer_said(database: Database, officer: Officer):
    wall = lost()
    row, post = await unclear(database, wall)
    await Announcements(database, {}, render=render).settle(row.id, post, officer, there=True)

    await database.write(publications.end, post, "uncertain", problem="not found", doubted=True, now=5.0)

    assert (await database.read(posts))[0][1] == "sent"
    assert (await database.read(store.found, row.id)).state == "finished"
