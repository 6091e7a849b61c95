"""More places for alerts, and what was said."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

JSON = sa.JSON(none_as_null=True)


def upgrade() -> None:
    op.add_column("alerts", sa.Column("to", JSON))
    op.add_column("alerts", sa.Column("command", JSON))
    op.create_table(
        "alerts_said",
        sa.Column("matter", sa.String, primary_key=True),
        sa.Column("subject", sa.String, primary_key=True),
        sa.Column("text", sa.String, nullable=False),
    )
