"""How long a doubtful answer waits to be believed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column(
        "connections", sa.Column("quarantine", sa.Integer, nullable=False, server_default=sa.text("86400"))
    )
