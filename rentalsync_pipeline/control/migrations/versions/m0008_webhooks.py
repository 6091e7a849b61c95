"""Webhooks: by what they prove themselves, which were taken in, and how many there were."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("connections", sa.Column("webhook_secret", sa.String))
    op.create_table(
        "webhooks",
        sa.Column("connection", sa.String, primary_key=True),
        sa.Column("event", sa.String, primary_key=True),
        sa.Column("received", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_webhooks_received", "webhooks", ["received"])
    op.create_table(
        "webhook_counts",
        sa.Column("channel", sa.String, primary_key=True),
        *(
            sa.Column(name, sa.Integer, nullable=False, server_default=sa.text("0"))
            for name in ("received", "repeated", "refused")
        ),
    )
