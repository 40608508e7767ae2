"""
Alembic's way in: bot/migrate.py hands over an open connection; offline mode is not needed.
"""

from __future__ import annotations

from alembic import context

from bot.database import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
