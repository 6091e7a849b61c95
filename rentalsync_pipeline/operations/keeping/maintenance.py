"""What is done once a day so that a home stays small and forgets its guests.

Belongs here: the order of it. Does not: the rules of forgetting (`operations.keeping.retention`), Dagster's
runs (`automation.maintenance`). Whoever calls holds the lock of the home.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from rentalsync_pipeline.operations.keeping.retention import Forgotten, forget
from rentalsync_pipeline.operations.stores import Run, Stores
from rentalsync_pipeline.operations.syncing.snapshot import take_snapshot
from rentalsync_pipeline.warehouse.compacting import compact, wasted

_STALE = timedelta(days=1)
"""A temporary file as old as that belongs to no writer any more."""


@dataclass(frozen=True, slots=True)
class Maintained:
    """What went, or would go. A wasteful warehouse, more than half of it free, is copied: `bytes_won`."""

    forgotten: Forgotten
    temporary_files: int
    is_wasteful: bool
    bytes_won: int


def maintain(stores: Stores, run: Run, *, dry_run: bool = False) -> Maintained:
    """Forget, tidy up, and give space back."""
    with stores.warehouse() as warehouse:
        forgotten = forget(stores, warehouse, run, dry_run=dry_run)
        if not dry_run:
            take_snapshot(replace(stores, opened=warehouse), run)
            stores.control.answers.sweep(run.now)
    swept = stores.feeds.sweep(run.now - _STALE, dry_run=dry_run)
    is_wasteful = wasted(stores.home.warehouse)
    won = compact(stores.home.warehouse) if is_wasteful and not dry_run else 0
    return Maintained(forgotten, swept, is_wasteful, won)
