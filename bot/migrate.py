"""
Brings the tables up to date; runs at every start, and alone by `python -m bot migrate`.
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from bot.announcements import tables  # noqa: F401 - belongs to the metadata
from bot.database import Database
from bot.errors import DatabaseError

# Any number that nothing else on the server locks.
LOCK = 20261120


def migrate(database: Database) -> tuple[str | None, str | None]:
    """
    Apply what is missing, and return the revisions before and after. Several workers may call it at once.

    Raises:
        DatabaseError: The database cannot be opened or changed.
    """
    try:
        return _migrate(database)
    except (sa.exc.SQLAlchemyError, OSError) as error:
        raise DatabaseError("BOT_DATABASE", error) from error


def _migrate(database: Database) -> tuple[str | None, str | None]:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    with database.engine.begin() as connection:
        if not database.sqlite:
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
        before = MigrationContext.configure(connection).get_current_revision()
        if before != ScriptDirectory.from_config(config).get_current_head():
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
        return before, MigrationContext.configure(connection).get_current_revision()
