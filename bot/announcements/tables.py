"""
Tables of announcements, in the same database as everything else. Times are seconds since 1970.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, Index, Table, UniqueConstraint

from bot.database import metadata

_Id = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_Time = sa.Float(precision=53)

announcement = Table(
    "announcement",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("ward", sa.String(64), nullable=False),
    Column("state", sa.String(16), nullable=False),
    Column("version", sa.Integer, nullable=False, server_default="1"),  # grows with every save of the draft
    Column("kind", sa.String(16), nullable=False),
    Column("title", sa.Text, nullable=False),
    Column("body", sa.JSON, nullable=False),  # the other fields of Announcement, by name
    Column("author_id", _Id, nullable=False),
    Column("created_at", _Time, nullable=False),
    Column("changed_at", _Time, nullable=False),
    Column("changed_by", _Id, nullable=False),  # who changed the text last: may not approve it
    Column("submitted_at", _Time),
    Column("submitted_by", _Id),
    Column("rejected_at", _Time),
    Column("rejected_by", _Id),
    Column("reason", sa.String(500)),  # of the rejection or the cancelling
    Column("approved_at", _Time),
    Column("approved_by", _Id),
    Column("approval_key", sa.String(64)),  # of the form that was approved with; a form counts once
    Column(
        "frozen", sa.JSON(none_as_null=True)
    ),  # announcement and renditions as approved: what is sent, and shown years later
    Column("hash", sa.String(64)),  # sha256 of `frozen` in canonical JSON
    Column("send_at", _Time),  # of an approved one: when it is due
    Column("started_at", _Time),
    Column("queued_at", _Time),  # when the list of recipients was complete
    Column("finished_at", _Time),
    Column("cancelled_by", _Id),
    Column("repeats", _Id),  # the announcement whose repetition this one is
    Column("work_id", sa.String(64)),  # the DBOS workflow that sends it
    Index(None, "ward", "state"),
    Index(None, "state", "send_at"),
    sqlite_autoincrement=True,
)
publication = Table(
    "publication",  # one post to one outlet of one ward
    metadata,
    Column("id", _Id, primary_key=True),
    Column("announcement_id", _Id, ForeignKey("announcement.id"), nullable=False),
    Column("outlet", sa.String(32), nullable=False),
    Column("ward", sa.String(64), nullable=False),
    Column("account", sa.String(64), nullable=False),  # "" for our own web page
    Column("body", sa.JSON, nullable=False),  # the rendition as approved
    Column("state", sa.String(16), nullable=False),  # due → sending → sent | failed | uncertain | cancelled
    Column("step", sa.String(32)),  # how far an outlet with several calls has come
    Column("step_values", sa.JSON(none_as_null=True)),  # what its next call needs
    Column("attempts", sa.Integer, nullable=False, server_default="0"),
    Column("claimed_at", _Time),
    Column("sent_at", _Time),
    Column("platform_id", sa.String(128)),
    Column("url", sa.String(500)),  # where people see it; for an uncertain one, where an officer can look
    Column("problem", sa.String(300)),
    UniqueConstraint("announcement_id", "outlet", "ward", "account"),
)
recipient = Table(
    "recipient",  # one message to one citizen
    metadata,
    Column("announcement_id", _Id, ForeignKey("announcement.id"), primary_key=True),
    Column("citizen_id", _Id, ForeignKey("citizen.id"), primary_key=True),
    Column("chunk", sa.Integer, nullable=False),
    Column("channel", sa.String(16), nullable=False),
    Column("address", sa.String(128), nullable=False),
    Column("state", sa.String(16), nullable=False),  # due → sending → sent | failed | uncertain | cancelled
    Column("problem", sa.String(64)),  # a code: "blocked", "window.closed" …
    Column("claimed_at", _Time),
    Column("sent_at", _Time),
    Column("platform_id", sa.String(128)),
    Index(None, "announcement_id", "chunk", "state"),
    Index(None, "citizen_id"),
)
subscription = Table(
    "subscription",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("citizen_id", _Id, ForeignKey("citizen.id"), nullable=False),
    Column("ward", sa.String(64), nullable=False),
    Column("kind", sa.String(16), nullable=False),  # all | neighbourhood | topic
    Column("value", sa.String(120), nullable=False),  # "" for all
    Column("consented_at", _Time, nullable=False),
    Column("how", sa.String(16), nullable=False),  # words | button | officer
    Column("ended_at", _Time),
    UniqueConstraint("citizen_id", "kind", "value"),
    Index(None, "ward", "kind", "value"),
)
short_link = Table(
    "short_link",
    metadata,
    Column("code", sa.String(16), primary_key=True),
    Column("announcement_id", _Id, ForeignKey("announcement.id"), nullable=False),
    Column("outlet", sa.String(32), nullable=False),
    Column("url", sa.Text, nullable=False),
    Column("clicks", sa.Integer, nullable=False, server_default="0"),
    Column("made_at", _Time, nullable=False),
    UniqueConstraint("announcement_id", "outlet", "url"),
)
portal_token = Table(
    "portal_token",  # for the ward's portal: what may read and write announcements over HTTP
    metadata,
    Column("id", _Id, primary_key=True),
    Column("token_hash", sa.String(64), nullable=False, unique=True),
    Column("ward", sa.String(64), nullable=False),
    Column("name", sa.String(120), nullable=False),
    Column("may_write", sa.Boolean, nullable=False),
    Column("made_at", _Time, nullable=False),
    Column("used_at", _Time),
    Column("revoked_at", _Time),
)
