from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
import sqlalchemy as sa

from bot import alarms
from bot.admin.officers import Officer
from bot.announcements import approval, progress, recipients, store
from bot.announcements.mailing import AT_ONCE
from bot.announcements.outlets.base import Keep, Publication, Published
from bot.announcements.sending import Sending
from bot.announcements.store import Row
from bot.announcements.tables import announcement, publication, recipient
from bot.channels.base import SendError
from bot.database import Database, citizen
from tests.bot.announcements.post_office import PostOffice, sending
from tests.journeys.announcing import TEXT, approved, draft, hire, states, subscribe_many

PEOPLE = 40


@asynccontextmanager
async def at_work(made: Sending) -> AsyncIterator[Sending]:
    running = asyncio.create_task(made.keep_sending())
    yield made
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await made.close()


async def until(database: Database, work: Callable[[sa.Connection], bool]) -> None:
    async with asyncio.timeout(10):
        while not await database.read(work):  # noqa: ASYNC110
            await asyncio.sleep(0.01)


def is_(row: Row, state: str) -> Callable[[sa.Connection], bool]:
    return lambda connection: store.found(connection, row.id).state == state


@pytest.fixture
async def crowd(database: Database) -> list[str]:
    addresses = [f"oa/{number}" for number in range(PEOPLE)]
    await database.write(subscribe_many, "zalo", addresses)
    return addresses


@pytest.fixture
def officer(database: Database) -> Officer:
    with database.engine.begin() as connection:
        return hire(connection, "truong", "admin")


async def test_everybody_gets_the_approved_words_once_and_five_at_most_are_under_way(
    database: Database, crowd: list[str]
):
    office = PostOffice()
    row = await approved(database)

    async with at_work(sending(database, office)):
        await until(database, is_(row, "finished"))

    assert sorted(office.taken) == sorted((address, TEXT) for address in crowd)
    assert office.most_under_way <= AT_ONCE
    assert await database.read(states, row.id) == {"sent": PEOPLE}


async def test_who_cannot_be_reached_is_said_and_who_blocked_us_is_not_written_to_again(
    database: Database, crowd: list[str]
):
    office = PostOffice()
    office.window_closed.add(crowd[0])
    office.fails[crowd[1]] = SendError("blocked by the user", trouble="recipient")
    office.fails[crowd[2]] = SendError("text.refused: too long", trouble="officer")
    row = await approved(database)

    async with at_work(sending(database, office)):
        await until(database, is_(row, "finished"))

    counted = await database.read(progress.progress, row.id, now=0.0)
    assert counted.failed == {"window.closed": 1, "blocked": 1, "text.refused": 1}
    assert counted.sent == PEOPLE - 3
    with database.engine.connect() as connection:
        left = connection.execute(sa.select(citizen.c.address).where(citizen.c.left_at.is_not(None))).scalars().all()
    assert left == [crowd[1]]


async def test_a_message_whose_answer_got_lost_is_held_until_an_officer_sends_it_again(
    database: Database, crowd: list[str], officer: Officer
):
    office = PostOffice()
    office.fails[crowd[3]] = SendError("timed out", uncertain=True)
    row = await approved(database)

    async with at_work(sending(database, office)):
        await until(database, is_(row, "finished"))
        assert crowd[3] not in [address for address, _ in office.taken]
        assert await database.read(states, row.id) == {"sent": PEOPLE - 1, "uncertain": 1}

        assert await database.write(approval.resend_uncertain, row.id, officer, now=1.0) == 1
        await until(database, lambda connection: states(connection, row.id) == {"sent": PEOPLE})


async def test_what_is_refused_for_now_is_sent_later(database: Database, crowd: list[str]):
    office = PostOffice()
    office.fails[crowd[0]] = SendError("too many requests", retry_after=0.02)
    row = await approved(database)

    async with at_work(sending(database, office)):
        await until(database, is_(row, "finished"))

    assert await database.read(states, row.id) == {"sent": PEOPLE}


async def test_a_channel_that_refuses_everything_pauses_it_and_rings(database: Database, crowd: list[str]):
    office = PostOffice()
    office.always = SendError("token.dead: grant again", trouble="officer")
    row = await approved(database)

    async with at_work(sending(database, office)):
        await until(database, is_(row, "paused"))
        await asyncio.sleep(0.1)
        counted = await database.read(states, row.id)

    assert counted["due"] >= PEOPLE - 2 * AT_ONCE
    with database.engine.connect() as connection:
        assert [one.code for one in alarms.ringing(connection)] == ["send.refused"]
        assert "tạm dừng" in (store.found(connection, row.id).reason or "")


async def test_pausing_holds_what_is_not_begun_and_resuming_sends_it(
    database: Database, crowd: list[str], officer: Officer
):
    office = PostOffice()
    office.gate.clear()
    row = await approved(database)

    async with at_work(sending(database, office)):
        await until(database, lambda connection: states(connection, row.id).get("sending") == AT_ONCE)
        await database.write(approval.pause, row.id, officer, now=1.0)
        office.gate.set()
        await until(database, lambda connection: states(connection, row.id).get("sent") == AT_ONCE)
        await asyncio.sleep(0.2)
        assert await database.read(states, row.id) == {"sent": AT_ONCE, "due": PEOPLE - AT_ONCE}

        await database.write(approval.resume, row.id, officer, now=2.0)
        await until(database, is_(row, "finished"))

    assert len(office.taken) == len(set(office.taken)) == PEOPLE


async def test_cancelling_begins_no_message_more_and_says_how_many_were_reached(
    database: Database, crowd: list[str], officer: Officer
):
    office = PostOffice()
    office.gate.clear()
    row = await approved(database)

    async with at_work(sending(database, office)):
        await until(database, lambda connection: states(connection, row.id).get("sending") == AT_ONCE)
        reached = await database.write(approval.cancel, row.id, officer, reason="Đổi lịch", now=1.0)
        office.gate.set()
        await until(database, lambda connection: not recipients.any_due(connection, row.id))
        await until(database, lambda connection: store.found(connection, row.id).work_id is None)

    assert reached == (0, AT_ONCE, 0)
    assert await database.read(states, row.id) == {"sent": AT_ONCE, "cancelled": PEOPLE - AT_ONCE}
    assert len(office.taken) == AT_ONCE


async def test_what_a_kill_left_under_way_is_uncertain_and_not_sent_again(database: Database, crowd: list[str]):
    office, after = PostOffice(), PostOffice()
    office.gate.clear()
    row = await approved(database)
    async with at_work(sending(database, office)):
        await until(database, lambda connection: states(connection, row.id).get("sending") == AT_ONCE)

    async with at_work(sending(database, after, executor="bot-2")):
        await until(database, is_(row, "finished"))

    assert await database.read(states, row.id) == {"sent": PEOPLE - AT_ONCE, "uncertain": AT_ONCE}
    assert len(after.taken) == PEOPLE - AT_ONCE


async def test_a_text_that_changed_after_the_approval_is_not_sent(database: Database, crowd: list[str]):
    office = PostOffice()
    row = await approved(database)
    assert row.frozen is not None
    frozen = {**row.frozen, "renditions": {"messages": {"text": "Nội dung khác"}}}
    with database.engine.begin() as connection:
        connection.execute(sa.update(announcement).values(frozen=frozen))

    async with at_work(sending(database, office)):
        await until(database, is_(row, "paused"))

    assert office.taken == []


async def test_nobody_gets_it_who_did_not_subscribe_or_who_left(database: Database, crowd: list[str]):
    office = PostOffice()
    with database.engine.begin() as connection:
        connection.execute(sa.update(citizen).where(citizen.c.address == crowd[5]).values(left_at=1.0))
        values = {"ward": "hoa-binh", "channel": "zalo", "dialogue_id": "x", "created_at": 1.0, "seen_at": 1.0}
        connection.execute(sa.insert(citizen).values(address="oa/stranger", **values))
    row = await approved(database)

    async with at_work(sending(database, office)):
        await until(database, is_(row, "finished"))

    assert {address for address, _ in office.taken} == set(crowd) - {crowd[5]}


class Wall:
    """
    An outlet that publishes, or fails as it is told.
    """

    outlet = "facebook_post"

    def __init__(self, *errors: SendError):
        self.errors, self.posts = list(errors), 0

    async def find(self, outlet: str, ward: str) -> list[tuple[str, Any]]:
        return [("page", self)] if outlet == self.outlet else []

    async def publish(self, publication: Publication, keep: Keep) -> Published:
        await keep("posting", {"begun": True})
        if self.errors:
            raise self.errors.pop(0)
        self.posts += 1
        return Published(f"post-{self.posts}", "https://example.org/post")

    async def look(self, publication: Publication) -> Published | None:
        return None

    def where(self, publication: Publication) -> str:
        return "https://example.org/page"


def posts(connection: sa.Connection) -> list[tuple[str, str, str | None, str | None]]:
    columns = publication.c.outlet, publication.c.state, publication.c.url, publication.c.problem
    return [tuple(one) for one in connection.execute(sa.select(*columns).order_by(publication.c.id))]


async def test_publications_come_first_and_each_once_even_after_a_passing_trouble(database: Database, crowd: list[str]):
    office, wall = PostOffice(), Wall(SendError("busy", retry_after=0.01))
    row = await approved(database, draft(outlets=("facebook_post", "telegram_post", "messages")))

    async with at_work(sending(database, office, outlets=wall)):
        await until(database, is_(row, "finished"))

    assert wall.posts == 1
    assert await database.read(posts) == [
        ("facebook_post", "sent", "https://example.org/post", None),
        ("telegram_post", "failed", None, "account.missing"),
    ]
    assert len(office.taken) == PEOPLE


async def test_a_publication_of_which_nobody_knows_stays_uncertain_with_a_place_to_look(
    database: Database, crowd: list[str]
):
    wall = Wall(SendError("code 2", uncertain=True))
    row = await approved(database, draft(outlets=("facebook_post",)))

    async with at_work(sending(database, PostOffice(), outlets=wall)):
        await until(database, is_(row, "finished"))

    assert wall.posts == 0
    assert (await database.read(posts))[0][:3] == ("facebook_post", "uncertain", "https://example.org/page")


async def test_an_announcement_waits_through_the_quiet_hours_and_an_emergency_does_not(
    database: Database, crowd: list[str]
):
    from bot.announcements.quiet_hours import QuietHours

    night = 1_795_107_600.0  # 00:00 in Vietnam
    office, loud = PostOffice(), QuietHours()
    with database.engine.begin() as connection:
        connection.execute(sa.update(citizen).values(interacted_at=night))
    calm = await approved(database)
    urgent = await approved(database, draft(kind="emergency", text="Bão khẩn cấp."))
    with database.engine.begin() as connection:
        connection.execute(sa.update(announcement).values(send_at=night - 1))

    async with at_work(sending(database, office, quiet=loud, clock=lambda: night)):
        await until(database, is_(urgent, "finished"))
        await until(database, lambda connection: states(connection, calm.id) == {"due": PEOPLE})

    assert {text for _, text in office.taken} == {"Bão khẩn cấp."}
    with database.engine.connect() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(recipient)).scalar_one() == 2 * PEOPLE
