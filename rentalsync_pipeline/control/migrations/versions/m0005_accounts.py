"""Accounts: what was asked of them, and whether they are told what has arrived."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column(
        "connections", sa.Column("acknowledge", sa.Boolean, nullable=False, server_default=sa.false())
    )
    op.add_column("connection_state", sa.Column("cursor", sa.String))
    op.add_column("connection_state", sa.Column("swept", sa.JSON))
