"""Answers that are given again to whoever asks the same again; the vault keeps what is in them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "answers",
        sa.Column("key", sa.String, primary_key=True),
        sa.Column("begun", sa.DateTime(timezone=True), nullable=False, index=True),
    )
