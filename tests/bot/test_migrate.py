from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from bot.database import Database, metadata
from bot.migrate import migrate


def test_the_migrations_make_exactly_the_tables_of_the_code(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'bot.sqlite'}")

    before, after = migrate(database)

    assert before is None
    assert after is not None
    with database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    database.close()


def test_migrating_again_changes_nothing(database: Database) -> None:
    before, after = migrate(database)

    assert before == after


def test_sqlite_writes_ahead_and_no_exception_shows_what_was_written(database: Database) -> None:
    with database.engine.connect() as connection:
        assert connection.execute(sa.text("PRAGMA journal_mode")).scalar_one() == "wal"
        with pytest.raises(sa.exc.SQLAlchemyError) as error:
            connection.execute(sa.text("INSERT INTO nowhere VALUES (:text)"), {"text": "bí mật"})
    assert "bí mật" not in str(error.value)
