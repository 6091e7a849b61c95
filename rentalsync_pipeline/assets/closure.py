"""The check that no listing was closed from end to end at once, for the step that knows every night."""

from __future__ import annotations

import dagster as dg

from rentalsync_pipeline.assets import keys, words
from rentalsync_pipeline.assets.resources import Sync
from rentalsync_pipeline.core.vacancy import AHEAD, SUDDEN
from rentalsync_pipeline.operations.syncing import reports

OPEN = dg.AssetCheckSpec(
    "no_sudden_closure",
    asset=keys.key("stays"),
    description=(
        f"No listing that could be sold was closed for all of the next {AHEAD} nights at once ({SUDDEN} free "
        "nights or more in one sync). It changes no night: somebody should look."
    ),
)


def still_open(sync: Sync) -> dg.AssetCheckResult:
    """Show the listings that are shut, since when, and how many nights were free before."""
    shut = reports.shut_listings(sync.stores)
    table = words.table(shut[: reports.ROWS], ("listing", "since", "free_before", "connections"))
    return dg.AssetCheckResult(
        check_name=OPEN.name,
        passed=not shut,
        severity=dg.AssetCheckSeverity.WARN,
        description=f"{words.some(len(shut), 'listing')} shut at once." if shut else "None.",
        metadata={"which": table} if shut else {},
    )
