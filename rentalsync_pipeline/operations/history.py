"""What changed, night by night.

Belongs here: reading the night-level history. Does not: why a night is as it is (`explain`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from rentalsync_pipeline.control.store import ControlStore
from rentalsync_pipeline.operations.reading import Row, find_listing, snapshot
from rentalsync_pipeline.warehouse.moments import aware, utc


@dataclass(frozen=True, slots=True)
class NightsChanged:
    """The nights from `first_night` to `last_night`, both included, that a run turned busy or free."""

    listing: str
    first_night: date
    last_night: date
    busy: bool
    changed: datetime
    run_id: str


def changes(control: ControlStore, since: datetime, listing: str | None = None) -> list[NightsChanged]:
    """All changes since that moment, the newest first; raises `UnknownError` for a listing there isn't."""
    if listing is not None:
        find_listing(control.portfolio(), listing)
    with snapshot(control.home) as rows:
        return [_changed(row) for row in rows("read_changes", since=utc(since), listing=listing)]


def _changed(row: Row) -> NightsChanged:
    return NightsChanged(**row | {"changed": aware(row["changed"])})
