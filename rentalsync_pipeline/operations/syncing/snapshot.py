"""The snapshot: what everybody but a sync reads, replaced as a whole and only when there is news.

Belongs here: when it is made. Does not: what is in it (`warehouse/queries/snapshot.sql`).
"""

from __future__ import annotations

from pathlib import Path

from rentalsync_pipeline.operations.asking import was_asked_for
from rentalsync_pipeline.operations.stores import Run, Stores
from rentalsync_pipeline.warehouse.moments import utc
from rentalsync_pipeline.warehouse.warehouse import Warehouse


def take_snapshot(stores: Stores, run: Run) -> bool:
    """Make a new snapshot where the standing one lacks something; returns whether it did.

    Whoever asked for this sync sees what came of it, also where that is nothing new.
    """
    now = utc(run.now)
    is_awaited = was_asked_for(stores.control, run.now)
    with stores.warehouse() as warehouse:
        stale = warehouse.value("snapshot_stale", run_id=run.id, now=now)
        if not (stale or is_awaited) and _is_current(stores.home.snapshot):
            return False
        warehouse.export(stores.home.snapshot, "snapshot", run_id=run.id, now=now)
        with warehouse.transaction():
            warehouse.run("snapshot_made", now=now, run_id=run.id)
    return True


def _is_current(path: Path) -> bool:
    if not path.exists():
        return False
    with Warehouse.open(path, read_only=True) as standing:
        return standing.is_current_snapshot
