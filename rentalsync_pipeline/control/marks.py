"""Moments worth remembering, by name.

Belongs here: reading and setting them. Does not: the clock; moments are given.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select

from rentalsync_pipeline.control.database import upsert
from rentalsync_pipeline.control.schema import MarkRow, table_of

SYNC = "sync"
"""The clock of the last sync."""
APPLIED = "applied"
"""When the configuration was last applied."""
LOOK = "look"
"""When something last looked whether a sync should start."""


def moment(connection: Connection, name: str) -> datetime | None:
    """The moment of that name, UTC."""
    return connection.execute(select(MarkRow.at).where(MarkRow.name == name)).scalar()


def mark(connection: Connection, name: str, at: datetime) -> None:
    """Set it."""
    upsert(connection, table_of(MarkRow), [{"name": name, "at": at}], key=["name"])
