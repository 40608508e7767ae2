"""
Files that citizens sent, fetched from their platforms.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TIME = sa.Float(precision=53)


def upgrade() -> None:
    op.create_table(
        "attachment",
        sa.Column("id", _ID, nullable=False),
        sa.Column("inbox_id", _ID, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("ward", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("address", sa.String(length=128), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("name", sa.String(length=200)),
        sa.Column("size", sa.BigInteger()),
        sa.Column("media_type", sa.String(length=100)),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("due_at", _TIME),
        sa.Column("kept_at", _TIME),
        sa.Column("problem", sa.String(length=64)),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
        sa.ForeignKeyConstraint(["inbox_id"], ["inbox.id"], name=op.f("fk_attachment_inbox_id_inbox")),
        sa.UniqueConstraint("inbox_id", "place", name=op.f("uq_attachment_inbox_id_place")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_attachment_state_due_at"), "attachment", ["state", "due_at"])
