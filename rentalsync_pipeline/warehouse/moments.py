"""Moments on their way into and out of DuckDB, where a TIMESTAMP is UTC without saying so.

Belongs here: the two conversions. DuckDB's own zone-aware type needs a zone database of its own and
hands out the zone of the machine, so the warehouse does without.
"""

from __future__ import annotations

from datetime import UTC, datetime


def utc(moment: datetime) -> datetime:
    """An aware moment as the warehouse stores it."""
    return moment.astimezone(UTC).replace(tzinfo=None)


def aware(stored: datetime) -> datetime:
    """A stored TIMESTAMP as an aware moment."""
    return stored.replace(tzinfo=UTC)
