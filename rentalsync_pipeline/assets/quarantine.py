"""The check that no answer is in quarantine, for the step that judges."""

from __future__ import annotations

import dagster as dg

from rentalsync_pipeline.assets import keys, words
from rentalsync_pipeline.assets.resources import Sync
from rentalsync_pipeline.operations.syncing import reports

UNDOUBTED = dg.AssetCheckSpec(
    "no_quarantine",
    asset=keys.key("bookings"),
    description="No answer is doubted as a whole (gate 4). One that is may add nights, not take them.",
)
_TODO = "see `rentalsync quarantine show {}`; release or reject it there or with the job `decide_quarantine`"


def undoubted(sync: Sync) -> dg.AssetCheckResult:
    """Show the quarantines that stand, and what to do about each."""
    held = [row | {"what to do": _TODO.format(row["quarantine"])} for row in reports.quarantined(sync.stores)]
    columns = ("connection", "upstream_listing", "since", "why", "bookings lost", "what to do")
    table = words.table(held[: reports.ROWS], columns)
    return dg.AssetCheckResult(
        check_name=UNDOUBTED.name,
        passed=not held,
        severity=dg.AssetCheckSeverity.WARN,
        description=f"{words.some(len(held), 'answer')} in quarantine." if held else "None.",
        metadata={"which": table} if held else {},
    )
