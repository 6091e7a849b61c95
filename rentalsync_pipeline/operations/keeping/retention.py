"""Forgetting guests, some time after they have left.

Belongs here: which rows and bodies go. Does not: how long that is (`core.portfolio.Settings`), runs and files
of others (`operations.keeping.maintenance`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from rentalsync_pipeline.core.portfolio import OWNER, Settings
from rentalsync_pipeline.operations.stores import Run, Stores
from rentalsync_pipeline.warehouse.moments import utc
from rentalsync_pipeline.warehouse.warehouse import Warehouse

_ZONES = timedelta(days=1)
"""A listing's day may be the one before that of UTC."""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """Rows in which a guest was named, and bodies with what channels wrote of guests."""

    bookings: int
    versions: int
    stays: int
    events: int
    bodies: int
    body_bytes: int


def forget(stores: Stores, warehouse: Warehouse, run: Run, *, dry_run: bool) -> Forgotten:
    """Blank what names guests whose stays ended before the retention, and drop bodies older than it."""
    settings = stores.control.portfolio().settings
    counts = _blank(warehouse, settings, run, dry_run=dry_run)
    before = run.now - settings.retention
    unneeded = _unneeded(stores, warehouse, before, run.now)
    sizes = [stores.bodies.size(content) for content in unneeded]
    if not dry_run:
        for content in unneeded:
            stores.bodies.drop(content)
    return Forgotten(**counts, bodies=len(sizes), body_bytes=sum(sizes))


def _blank(warehouse: Warehouse, settings: Settings, run: Run, *, dry_run: bool) -> dict[str, int]:
    before = run.now.date() - settings.retention
    shown = run.now.date() - settings.past - _ZONES
    with warehouse.transaction():
        (counts,) = warehouse.rows("retention_find", before=before, shown=shown, owner=OWNER)
        if any(counts.values()) and not dry_run:
            warehouse.run("retention_blank", shown=shown, run_id=run.id)
    return counts


def _unneeded(stores: Stores, warehouse: Warehouse, since: datetime, now: datetime) -> list[str]:
    rows = warehouse.rows("bodies_needed", since=utc(since), today=now.date())
    return sorted(set(stores.bodies.contents()) - {row["content"] for row in rows})
