"""
The office: officers and their sessions, the audit, the desk, the diary, wrong-answer reports.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TIME = sa.Float(precision=53)


def upgrade() -> None:
    op.create_table(
        "officer",
        sa.Column("id", _ID, nullable=False),
        sa.Column("login", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("password_hash", sa.String(length=255)),
        sa.Column("disabled_at", _TIME),
        sa.Column("created_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_officer")),
        sa.UniqueConstraint("login", name=op.f("uq_officer_login")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "officer_role",
        sa.Column("officer_id", _ID, nullable=False),
        sa.Column("ward", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_officer_role_officer_id_officer")),
        sa.PrimaryKeyConstraint("officer_id", "ward", "role", name=op.f("pk_officer_role")),
    )
    op.create_table(
        "admin_session",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("officer_id", _ID, nullable=False),
        sa.Column("csrf", sa.String(length=64), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("seen_at", _TIME, nullable=False),
        sa.Column("expires_at", _TIME, nullable=False),
        sa.Column("user_agent", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_admin_session_officer_id_officer")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_admin_session")),
    )
    op.create_index(op.f("ix_admin_session_officer_id"), "admin_session", ["officer_id"])
    op.create_table(
        "sign_in",
        sa.Column("id", _ID, nullable=False),
        sa.Column("login", sa.String(length=64), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("ok", sa.Boolean(), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
    )
    op.create_index(op.f("ix_sign_in_login_at"), "sign_in", ["login", "at"])
    op.create_index(op.f("ix_sign_in_address_at"), "sign_in", ["address", "at"])
    op.create_table(
        "setup_link",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", _TIME, nullable=False),
        sa.Column("used_at", _TIME),
        sa.Column("expires_at", _TIME, nullable=False),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("officer_id", _ID),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_setup_link_officer_id_officer")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_setup_link")),
    )
    op.create_table(
        "audit",
        sa.Column("id", _ID, nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("officer_id", _ID),
        sa.Column("officer_name", sa.String(length=120), nullable=False),
        sa.Column("ward", sa.String(length=64), nullable=False),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("what", sa.String(length=200), nullable=False),
        sa.Column("before", sa.JSON()),
        sa.Column("after", sa.JSON()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_audit_ward_at"), "audit", ["ward", "at"])
    op.create_index(op.f("ix_audit_at"), "audit", ["at"])
    op.create_table(
        "wrong_answer",
        sa.Column("id", _ID, nullable=False),
        sa.Column("question_id", _ID),
        sa.Column("inbox_id", _ID, nullable=False),
        sa.Column("ward", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("entry_ids", sa.JSON(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("opened_at", _TIME, nullable=False),
        sa.Column("closed_at", _TIME),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wrong_answer")),
        sa.UniqueConstraint("inbox_id", name=op.f("uq_wrong_answer_inbox_id")),
    )
    op.create_index(op.f("ix_wrong_answer_ward_state"), "wrong_answer", ["ward", "state"])
    op.create_table(
        "satisfaction",
        sa.Column("inbox_id", _ID, autoincrement=False, nullable=False),
        sa.Column("ward", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("inbox_id", name=op.f("pk_satisfaction")),
    )
    op.create_index(op.f("ix_satisfaction_ward_at"), "satisfaction", ["ward", "at"])

    op.add_column("ticket", sa.Column("taken_by", _ID))
    op.add_column("ticket", sa.Column("taken_at", _TIME))
    op.add_column("ticket", sa.Column("closed_at", _TIME))
    op.add_column("ticket", sa.Column("closed_by", _ID))
    op.add_column("ticket", sa.Column("note", sa.Text()))
    op.add_column("citizen", sa.Column("desk_by", _ID))
    op.add_column("citizen", sa.Column("desk_at", _TIME))
    op.add_column("question", sa.Column("handled", sa.String(length=16), server_default="open", nullable=False))
    op.add_column("question", sa.Column("handled_by", _ID))
    op.add_column("question", sa.Column("handled_at", _TIME))
    op.add_column("question", sa.Column("entry", sa.String(length=128)))
    op.create_index(op.f("ix_question_handled_asked_at"), "question", ["handled", "asked_at"])
    _let_officers_send()


def _let_officers_send() -> None:
    """
    A delivery without an inbound message. SQLite makes the table anew, and must not give an old number twice.
    """
    last = None
    sqlite = op.get_bind().dialect.name == "sqlite"
    if sqlite:
        found = op.get_bind().execute(sa.text("SELECT seq FROM sqlite_sequence WHERE name = 'delivery'"))
        last = found.scalar_one_or_none()
    with op.batch_alter_table("delivery", table_kwargs={"sqlite_autoincrement": True}) as batch:
        batch.alter_column("inbox_id", existing_type=_ID, nullable=True)
        batch.add_column(sa.Column("officer_id", _ID))
    if last is not None:
        op.get_bind().execute(sa.text("DELETE FROM sqlite_sequence WHERE name = 'delivery'"))
        put = sa.text("INSERT INTO sqlite_sequence (name, seq) VALUES ('delivery', :last)")
        op.get_bind().execute(put, {"last": last})
