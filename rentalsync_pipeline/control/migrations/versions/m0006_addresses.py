"""Addresses of feeds outlive their listings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "addresses",
        sa.Column("address", sa.String, primary_key=True),
        sa.Column("listing", sa.String, unique=True),
        sa.Column("generation", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("overlap_until", sa.DateTime(timezone=True)),
        sa.Column("channels", sa.JSON(none_as_null=True), nullable=False),
    )
    op.execute(
        "INSERT INTO addresses (address, listing, generation, overlap_until, channels)"
        " SELECT slug, slug, generation, overlap_until, '[]' FROM listings"
    )
    op.drop_column("listings", "generation")
    op.drop_column("listings", "overlap_until")
