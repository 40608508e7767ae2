"""
Channels with accounts: order and bursts in the inbox, uncertain sends, tokens, switches, alarms.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TIME = sa.Float(precision=53)


def upgrade() -> None:
    for name in ("sequence", "interacted_at", "left_at", "silent_until", "delayed_at", "switched_off_at"):
        op.add_column("citizen", sa.Column(name, _TIME))
    op.add_column("citizen", sa.Column("quota_left", sa.Integer()))
    op.add_column("inbox", sa.Column("sequence", _TIME))
    op.add_column("inbox", sa.Column("sent_at", _TIME))
    op.add_column("inbox", sa.Column("details", sa.JSON()))
    op.add_column("inbox", sa.Column("joined_to", _ID))
    op.add_column("delivery", sa.Column("uncertain", sa.Integer(), server_default="0", nullable=False))
    op.create_index(op.f("ix_delivery_citizen_id_state"), "delivery", ["citizen_id", "state"])
    op.add_column("ticket", sa.Column("contact", sa.String(length=200)))
    op.create_table(
        "credential",
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("access_token", sa.Text(), nullable=False),
        sa.Column("refresh_token", sa.Text(), nullable=False),
        sa.Column("expires_at", _TIME, nullable=False),
        sa.Column("refresh_expires_at", _TIME, nullable=False),
        sa.Column("seed", sa.String(length=64)),
        sa.Column("lease_by", sa.String(length=64)),
        sa.Column("lease_until", _TIME),
        sa.Column("changed_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("channel", "account", name=op.f("pk_credential")),
    )
    op.create_table(
        "channel_grant",
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("verifier", sa.String(length=128)),
        sa.Column("redirect_uri", sa.Text(), nullable=False),
        sa.Column("asked_at", _TIME, nullable=False),
        sa.Column("ended_at", _TIME),
        sa.Column("problem", sa.String(length=200)),
        sa.PrimaryKeyConstraint("state", name=op.f("pk_channel_grant")),
    )
    op.create_table(
        "channel_switch",
        sa.Column("ward", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("off_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("ward", "channel", name=op.f("pk_channel_switch")),
    )
    op.create_table(
        "alarm",
        sa.Column("ward", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("detail", sa.String(length=300), nullable=False),
        sa.Column("raised_at", _TIME, nullable=False),
        sa.Column("cleared_at", _TIME),
        sa.PrimaryKeyConstraint("ward", "channel", "account", "code", name=op.f("pk_alarm")),
    )
    op.create_table(
        "account_state",
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("event_at", _TIME),
        sa.Column("refused_at", _TIME),
        sa.Column("refused_code", sa.String(length=64)),
        sa.PrimaryKeyConstraint("channel", "account", name=op.f("pk_account_state")),
    )
