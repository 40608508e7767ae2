"""
Announcements: what is approved, where it was published, whom it reached, and who wants them.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TIME = sa.Float(precision=53)


def upgrade() -> None:
    op.create_table(
        "announcement",
        sa.Column("id", _ID, nullable=False),
        sa.Column("ward", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("author_id", _ID, nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("changed_at", _TIME, nullable=False),
        sa.Column("changed_by", _ID, nullable=False),
        sa.Column("submitted_at", _TIME),
        sa.Column("submitted_by", _ID),
        sa.Column("rejected_at", _TIME),
        sa.Column("rejected_by", _ID),
        sa.Column("reason", sa.String(length=500)),
        sa.Column("approved_at", _TIME),
        sa.Column("approved_by", _ID),
        sa.Column("approval_key", sa.String(length=64)),
        sa.Column("frozen", sa.JSON(none_as_null=True)),
        sa.Column("hash", sa.String(length=64)),
        sa.Column("send_at", _TIME),
        sa.Column("started_at", _TIME),
        sa.Column("queued_at", _TIME),
        sa.Column("finished_at", _TIME),
        sa.Column("cancelled_by", _ID),
        sa.Column("repeats", _ID),
        sa.Column("work_id", sa.String(length=64)),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcement")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_announcement_state_send_at"), "announcement", ["state", "send_at"])
    op.create_index(op.f("ix_announcement_ward_state"), "announcement", ["ward", "state"])
    op.create_table(
        "publication",
        sa.Column("id", _ID, nullable=False),
        sa.Column("announcement_id", _ID, nullable=False),
        sa.Column("outlet", sa.String(length=32), nullable=False),
        sa.Column("ward", sa.String(length=64), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("step", sa.String(length=32)),
        sa.Column("step_values", sa.JSON(none_as_null=True)),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("claimed_at", _TIME),
        sa.Column("sent_at", _TIME),
        sa.Column("platform_id", sa.String(length=128)),
        sa.Column("url", sa.String(length=500)),
        sa.Column("problem", sa.String(length=300)),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication")),
        sa.ForeignKeyConstraint(["announcement_id"], ["announcement.id"], name=op.f("fk_publication_announcement_id_announcement")),
        sa.UniqueConstraint("announcement_id", "outlet", "ward", "account", name=op.f("uq_publication_announcement_id_outlet_ward_account")),
    )
    op.create_table(
        "recipient",
        sa.Column("announcement_id", _ID, nullable=False),
        sa.Column("citizen_id", _ID, nullable=False),
        sa.Column("chunk", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("address", sa.String(length=128), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("problem", sa.String(length=64)),
        sa.Column("claimed_at", _TIME),
        sa.Column("sent_at", _TIME),
        sa.Column("platform_id", sa.String(length=128)),
        sa.PrimaryKeyConstraint("announcement_id", "citizen_id", name=op.f("pk_recipient")),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizen.id"], name=op.f("fk_recipient_citizen_id_citizen")),
        sa.ForeignKeyConstraint(["announcement_id"], ["announcement.id"], name=op.f("fk_recipient_announcement_id_announcement")),
    )
    op.create_index(op.f("ix_recipient_announcement_id_chunk_state"), "recipient", ["announcement_id", "chunk", "state"])
    op.create_index(op.f("ix_recipient_citizen_id"), "recipient", ["citizen_id"])
    op.create_table(
        "subscription",
        sa.Column("id", _ID, nullable=False),
        sa.Column("citizen_id", _ID, nullable=False),
        sa.Column("ward", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("value", sa.String(length=120), nullable=False),
        sa.Column("consented_at", _TIME, nullable=False),
        sa.Column("how", sa.String(length=16), nullable=False),
        sa.Column("ended_at", _TIME),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscription")),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizen.id"], name=op.f("fk_subscription_citizen_id_citizen")),
        sa.UniqueConstraint("citizen_id", "kind", "value", name=op.f("uq_subscription_citizen_id_kind_value")),
    )
    op.create_index(op.f("ix_subscription_ward_kind_value"), "subscription", ["ward", "kind", "value"])
    op.create_table(
        "short_link",
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("announcement_id", _ID, nullable=False),
        sa.Column("outlet", sa.String(length=32), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("clicks", sa.Integer(), server_default="0", nullable=False),
        sa.Column("made_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_short_link")),
        sa.ForeignKeyConstraint(["announcement_id"], ["announcement.id"], name=op.f("fk_short_link_announcement_id_announcement")),
        sa.UniqueConstraint("announcement_id", "outlet", "url", name=op.f("uq_short_link_announcement_id_outlet_url")),
    )
    op.create_table(
        "portal_token",
        sa.Column("id", _ID, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("ward", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("may_write", sa.Boolean(), nullable=False),
        sa.Column("made_at", _TIME, nullable=False),
        sa.Column("used_at", _TIME),
        sa.Column("revoked_at", _TIME),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_portal_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_portal_token_token_hash")),
    )
