from __future__ import annotations

import secrets
from dataclasses import replace

import pytest
import sqlalchemy as sa

from bot.admin.officers import Officer
from bot.announcements import approval, store
from bot.announcements.freezing import digest, untouched
from bot.announcements.service import Announcements
from bot.announcements.store import Row
from bot.announcements.tables import announcement as table
from bot.database import Database, audit
from bot.errors import RequestError
from tests.journeys.announcing import WARD, draft, hire, render

NOW = 1_795_000_000.0


@pytest.fixture
def author(database: Database) -> Officer:
    with database.engine.begin() as connection:
        return hire(connection, "soan", "editor", "approver")


@pytest.fixture
def approver(database: Database) -> Officer:
    with database.engine.begin() as connection:
        return hire(connection, "duyet", "approver", "editor")


@pytest.fixture
def announcements(database: Database) -> Announcements:
    return Announcements(database, {}, render=render, clock=lambda: NOW)


def key() -> str:
    return secrets.token_hex(16)


def audited(database: Database) -> list[str]:
    with database.engine.connect() as connection:
        return list(connection.execute(sa.select(audit.c.action).order_by(audit.c.id)).scalars())


async def submitted(announcements: Announcements, author: Officer) -> Row:
    row = await announcements.save_draft(draft(), author)
    return await announcements.submit(row.id, author, expected_version=row.version)


def refuses(code: str) -> pytest.RaisesExc[RequestError]:
    return pytest.raises(RequestError, check=lambda error: error.code == code)


async def test_another_officer_approves_exactly_what_was_shown(
    database: Database, announcements: Announcements, author: Officer, approver: Officer
):
    row = await submitted(announcements, author)

    done = await announcements.approve(row.id, approver, hash_seen=row.hash or "", approval_key=key())

    assert (done.state, done.approved_by, done.send_at) == ("approved", approver.id, NOW)
    assert done.frozen is not None
    assert done.hash == digest(done.frozen)
    assert done.frozen["renditions"]["messages"]["text"] == done.announcement.text
    assert audited(database) == ["announcement.created", "announcement.submitted", "announcement.approved"]


async def test_nobody_approves_their_own_draft(announcements: Announcements, author: Officer):
    row = await submitted(announcements, author)

    with refuses("announcement.own"):
        await announcements.approve(row.id, author, hash_seen=row.hash or "", approval_key=key())


async def test_nobody_approves_what_they_changed_last(announcements: Announcements, author: Officer, approver: Officer):
    row = await announcements.save_draft(draft(), author)
    changed = replace(row.announcement, text="Cắt điện lúc 9 giờ.")
    row = await announcements.save_draft(changed, approver, expected_version=row.version)
    row = await announcements.submit(row.id, author)

    with refuses("announcement.own"):
        await announcements.approve(row.id, approver, hash_seen=row.hash or "", approval_key=key())


async def test_looking_at_a_draft_and_saving_it_unchanged_makes_nobody_its_author(
    announcements: Announcements, author: Officer, approver: Officer
):
    row = await announcements.save_draft(draft(), author)
    same = await announcements.save_draft(row.announcement, approver, expected_version=row.version)

    assert (same.version, same.changed_by) == (row.version, author.id)


async def test_an_emergency_needs_two_officers_too(announcements: Announcements, author: Officer):
    row = await announcements.save_draft(draft(kind="emergency"), author)
    row = await announcements.submit(row.id, author)

    with refuses("announcement.own"):
        await announcements.approve(row.id, author, hash_seen=row.hash or "", approval_key=key())


async def test_a_text_that_changed_after_it_was_shown_is_not_approved(
    announcements: Announcements, author: Officer, approver: Officer
):
    row = await submitted(announcements, author)
    shown = row.hash or ""
    await announcements.take_back(row.id, author)
    draft_again = await announcements.get(row.id)
    changed = replace(draft_again.announcement, text="Một nội dung khác.")
    await announcements.save_draft(changed, author, expected_version=draft_again.version)
    await announcements.submit(row.id, author)

    with refuses("announcement.changed"):
        await announcements.approve(row.id, approver, hash_seen=shown, approval_key=key())


async def test_a_text_that_somebody_changed_in_the_database_is_not_approved(
    database: Database, announcements: Announcements, author: Officer, approver: Officer
):
    row = await submitted(announcements, author)
    assert row.frozen is not None
    frozen = {**row.frozen, "renditions": {"messages": {"text": "Nội dung khác"}}}
    with database.engine.begin() as connection:
        connection.execute(sa.update(table).values(frozen=frozen))

    with refuses("announcement.changed"):
        await announcements.approve(row.id, approver, hash_seen=row.hash or "", approval_key=key())
    assert not untouched(await announcements.get(row.id))


async def test_a_form_of_approval_counts_once(announcements: Announcements, author: Officer, approver: Officer):
    first, second = await submitted(announcements, author), await submitted(announcements, author)
    form = key()
    await announcements.approve(first.id, approver, hash_seen=first.hash or "", approval_key=form)

    with refuses("announcement.replayed"):
        await announcements.approve(first.id, approver, hash_seen=first.hash or "", approval_key=form)
    with refuses("announcement.replayed"):
        await announcements.approve(second.id, approver, hash_seen=second.hash or "", approval_key=form)


async def test_approving_twice_with_two_forms_is_refused(
    announcements: Announcements, author: Officer, approver: Officer
):
    row = await submitted(announcements, author)
    await announcements.approve(row.id, approver, hash_seen=row.hash or "", approval_key=key())

    with refuses("announcement.state"):
        await announcements.approve(row.id, approver, hash_seen=row.hash or "", approval_key=key())


async def test_an_approver_must_be_one_in_every_ward_where_it_appears(
    database: Database, announcements: Announcements, author: Officer, approver: Officer
):
    row = await announcements.save_draft(replace(draft(), wards=(WARD, "phuong-mau")), author)
    row = await announcements.submit(row.id, author)

    with refuses("officer.not_allowed"):
        await announcements.approve(row.id, approver, hash_seen=row.hash or "", approval_key=key())

    with database.engine.begin() as connection:
        everywhere = hire(connection, "tinh", "approver", ward="*")
    done = await announcements.approve(row.id, everywhere, hash_seen=row.hash or "", approval_key=key())
    assert done.state == "approved"


async def test_what_is_submitted_cannot_be_edited_and_what_is_rejected_can(
    announcements: Announcements, author: Officer, approver: Officer
):
    row = await submitted(announcements, author)
    with refuses("announcement.state"):
        await announcements.save_draft(replace(row.announcement, text="Khác"), author, expected_version=row.version)

    rejected = await announcements.reject(row.id, approver, reason="Sai giờ")

    assert (rejected.state, rejected.reason, rejected.frozen) == ("draft", "Sai giờ", None)
    saved = await announcements.save_draft(
        replace(rejected.announcement, text="Khác"), author, expected_version=rejected.version
    )
    assert saved.version == row.version + 1


async def test_two_officers_who_save_the_same_version_are_told(
    announcements: Announcements, author: Officer, approver: Officer
):
    row = await announcements.save_draft(draft(), author)
    await announcements.save_draft(replace(row.announcement, text="Một"), author, expected_version=row.version)

    with refuses("announcement.changed"):
        await announcements.save_draft(replace(row.announcement, text="Hai"), approver, expected_version=row.version)


async def test_a_blank_of_a_template_must_be_filled_in(announcements: Announcements, author: Officer):
    row = await announcements.save_draft(replace(draft(), text="Cắt điện ngày [ngày], từ [giờ]."), author)

    with refuses("announcement.incomplete") as refused:
        await announcements.submit(row.id, author)
    assert refused.value.fields == {"text": "Còn chỗ chưa điền: [ngày], [giờ]."}


async def test_an_agent_of_the_desk_can_neither_write_nor_stop(
    database: Database, announcements: Announcements, author: Officer
):
    with database.engine.begin() as connection:
        agent = hire(connection, "truc", "agent")
    row = await submitted(announcements, author)

    with refuses("officer.not_allowed"):
        await announcements.save_draft(draft(), agent)
    with refuses("officer.not_allowed"):
        await announcements.cancel(row.id, agent, reason="Thử")


async def test_cancelling_says_how_far_it_had_come_and_ends_the_repetitions(
    database: Database, announcements: Announcements, author: Officer, approver: Officer
):
    row = await submitted(announcements, author)
    await announcements.approve(row.id, approver, hash_seen=row.hash or "", approval_key=key())
    with database.engine.begin() as connection:
        connection.execute(sa.update(table).values(state="sending"))
        copy = {**connection.execute(sa.select(table)).one()._mapping, "id": None, "state": "approved"}
        connection.execute(sa.insert(table).values({**copy, "id": row.id + 1, "repeats": row.id, "approval_key": None}))

    reached = await announcements.cancel(row.id, author, reason="Điện lực đổi lịch")

    assert reached == approval.Reached(0, 0, 0)
    with database.engine.begin() as connection:
        assert [one.state for one in store.listed(connection, None)] == ["cancelled", "cancelled"]
