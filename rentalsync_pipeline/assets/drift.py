"""The check that no channel began to write otherwise, for the step that reads."""

from __future__ import annotations

import dagster as dg

from rentalsync_pipeline.assets import keys, words
from rentalsync_pipeline.assets.resources import Sync
from rentalsync_pipeline.operations.syncing.drift import new_shapes
from rentalsync_pipeline.operations.syncing.reports import ROWS

SHAPED = dg.AssetCheckSpec(
    "no_new_shapes",
    asset=keys.key("bookings"),
    description="No PRODID, SUMMARY, UID or property was seen that its channel never wrote before.",
)


def shaped(sync: Sync) -> dg.AssetCheckResult:
    """Show what this run saw for the first time; the next run has seen it."""
    found = [row for row in new_shapes(sync.stores, sync.run.now) if row["run_id"] == sync.run.id]
    table = words.table(found[:ROWS], ("connection", "what", "shape"))
    return dg.AssetCheckResult(
        check_name=SHAPED.name,
        passed=not found,
        severity=dg.AssetCheckSeverity.WARN,
        description=f"{words.some(len(found), 'new shape')}: see whether the nights are right."
        if found
        else "None.",
        metadata={"new": table} if found else {},
    )
