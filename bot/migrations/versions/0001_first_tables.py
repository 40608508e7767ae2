"""
The tables of the first version.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TIME = sa.Float(precision=53)


def upgrade() -> None:
    op.create_table(
        "citizen",
        sa.Column("id", _ID, nullable=False),
        sa.Column("ward", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("address", sa.String(length=128), nullable=False),
        sa.Column("dialogue_id", sa.String(length=32), nullable=False),
        sa.Column("answering_by", sa.String(length=64)),
        sa.Column("turns", sa.Integer(), server_default="0", nullable=False),
        sa.Column("cursor", sa.Integer(), server_default="0", nullable=False),
        sa.Column("noticed_at", _TIME),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("seen_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_citizen")),
        sa.UniqueConstraint("channel", "address", name=op.f("uq_citizen_channel_address")),
    )
    op.create_index(op.f("ix_citizen_answering_by"), "citizen", ["answering_by"])

    op.create_table(
        "question",
        sa.Column("id", _ID, nullable=False),
        sa.Column("inbox_id", _ID, nullable=False),
        sa.Column("ward", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(length=64), nullable=False),
        sa.Column("entry_ids", sa.JSON(), nullable=False),
        sa.Column("part", sa.String(length=64)),
        sa.Column("ms", sa.Integer(), nullable=False),
        sa.Column("asked_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
        sa.UniqueConstraint("inbox_id", name=op.f("uq_question_inbox_id")),
    )
    op.create_index(op.f("ix_question_ward_asked_at"), "question", ["ward", "asked_at"])

    op.create_table(
        "ward",
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("fetched_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_ward")),
    )
    op.create_table(
        "web_message",
        sa.Column("id", _ID, nullable=False),
        sa.Column("conversation", sa.String(length=128), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=256), nullable=False),
        sa.Column("side", sa.String(length=16), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_web_message")),
        sa.UniqueConstraint("conversation", "key", name=op.f("uq_web_message_conversation_key")),
        sa.UniqueConstraint("conversation", "position", name=op.f("uq_web_message_conversation_position")),
    )
    op.create_table(
        "inbox",
        sa.Column("id", _ID, nullable=False),
        sa.Column("citizen_id", _ID, nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("message_id", sa.String(length=256), nullable=False),
        sa.Column("ward", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text()),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("work_id", sa.String(length=32), nullable=False),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("received_at", _TIME, nullable=False),
        sa.Column("answered_at", _TIME),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizen.id"], name=op.f("fk_inbox_citizen_id_citizen")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox")),
        sa.UniqueConstraint("channel", "message_id", name=op.f("uq_inbox_channel_message_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_inbox_citizen_id_state"), "inbox", ["citizen_id", "state"])

    op.create_table(
        "delivery",
        sa.Column("id", _ID, nullable=False),
        sa.Column("inbox_id", _ID, nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("citizen_id", _ID, nullable=False),
        sa.Column("ward", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("address", sa.String(length=128), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("claimed_at", _TIME),
        sa.Column("sent_at", _TIME),
        sa.Column("platform_id", sa.String(length=128)),
        sa.Column("problem", sa.String(length=200)),
        sa.Column("created_at", _TIME, nullable=False),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizen.id"], name=op.f("fk_delivery_citizen_id_citizen")),
        sa.ForeignKeyConstraint(["inbox_id"], ["inbox.id"], name=op.f("fk_delivery_inbox_id_inbox")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("inbox_id", "part", name=op.f("uq_delivery_inbox_id_part")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "ticket",
        sa.Column("id", _ID, nullable=False),
        sa.Column("ward", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("citizen_id", _ID, nullable=False),
        sa.Column("inbox_id", _ID, nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("opened_at", _TIME, nullable=False),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizen.id"], name=op.f("fk_ticket_citizen_id_citizen")),
        sa.ForeignKeyConstraint(["inbox_id"], ["inbox.id"], name=op.f("fk_ticket_inbox_id_inbox")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket")),
        sa.UniqueConstraint("inbox_id", "reason", name=op.f("uq_ticket_inbox_id_reason")),
    )
    op.create_index(op.f("ix_ticket_ward_state"), "ticket", ["ward", "state"])
