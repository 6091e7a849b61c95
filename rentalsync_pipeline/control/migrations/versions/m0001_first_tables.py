"""The first tables: configuration, secrets, operational state, requests."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

JSON = sa.JSON(none_as_null=True)
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "settings",
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("value", sa.JSON, nullable=False),
    )
    op.create_table(
        "listings",
        sa.Column("key", sa.Integer, primary_key=True),
        sa.Column("slug", sa.String, nullable=False, unique=True),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("timezone", sa.String, nullable=False),
        sa.Column("check_in", sa.String, nullable=False),
        sa.Column("check_out", sa.String, nullable=False),
        sa.Column("enabled", sa.Boolean, nullable=False),
        sa.Column("token", sa.Boolean, nullable=False),
        sa.Column("style", sa.String, nullable=False),
        sa.Column("audiences", JSON),
        sa.Column("blocks", sa.String, nullable=False),
        sa.Column("fields", JSON, nullable=False),
        sa.Column("rooms", JSON, nullable=False),
        sa.Column("generation", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("overlap_until", MOMENT),
    )
    op.create_table(
        "connections",
        sa.Column("key", sa.Integer, primary_key=True),
        sa.Column("name", sa.String, nullable=False, unique=True),
        sa.Column("channel", sa.String, nullable=False),
        sa.Column("listing", sa.String, sa.ForeignKey("listings.slug", onupdate="CASCADE"), index=True),
        sa.Column("url", sa.String),
        sa.Column("credentials", JSON, nullable=False),
        sa.Column("base_url", sa.String),
        sa.Column("interval", sa.Integer),
        sa.Column("misses", sa.Integer, nullable=False),
        sa.Column("wait", sa.Integer, nullable=False),
        sa.Column("imports", sa.JSON, nullable=False),
        sa.Column("end_is_last_night", sa.Boolean, nullable=False),
        sa.Column("enabled", sa.Boolean, nullable=False),
        sa.Column("host", sa.String, nullable=False),
        sa.Column("source", sa.String, nullable=False),
    )
    op.create_table(
        "mappings",
        sa.Column(
            "connection",
            sa.String,
            sa.ForeignKey("connections.name", onupdate="CASCADE", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("upstream", sa.String, primary_key=True),
        sa.Column(
            "listing",
            sa.String,
            sa.ForeignKey("listings.slug", onupdate="CASCADE"),
            nullable=False,
            index=True,
        ),
    )
    op.create_table(
        "alerts",
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("url", sa.String),
    )
    op.create_table(
        "secrets",
        sa.Column("owner_table", sa.String, primary_key=True),
        sa.Column("owner", sa.String, primary_key=True),
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "connection_state",
        sa.Column("connection", sa.String, primary_key=True),
        sa.Column("last_attempt", MOMENT),
        sa.Column("last_ok", MOMENT),
        sa.Column("last_change", MOMENT),
        sa.Column("last_verdict", sa.String),
        sa.Column("last_reason", sa.String),
        sa.Column("last_detail", sa.String),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("next_due", MOMENT),
        sa.Column("not_before", MOMENT),
        sa.Column("content", sa.String),
        sa.Column("content_day", sa.Date),
        sa.Column("recurring", sa.Boolean, nullable=False),
        sa.Column("etag", sa.String),
        sa.Column("last_modified", sa.String),
        sa.Column("source", sa.String),
        sa.Column("opened_until", MOMENT),
    )
    op.create_table(
        "requests",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("subject", sa.String, nullable=False),
        sa.Column("payload", JSON, nullable=False),
        sa.Column("asked_by", sa.String, nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("taken_at", MOMENT),
        sa.Column("done_at", MOMENT),
        sa.Column("outcome", sa.String),
    )
    op.create_index("ix_requests_waiting", "requests", ["done_at", "id"])
    op.create_table(
        "marks",
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("at", MOMENT, nullable=False),
    )
