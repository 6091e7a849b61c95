"""`stays`: what is really true of every night."""

import dagster as dg

from rentalsync_pipeline.assets import keys, words
from rentalsync_pipeline.assets.bookings import bookings
from rentalsync_pipeline.assets.closure import OPEN, still_open
from rentalsync_pipeline.assets.resources import Sync
from rentalsync_pipeline.operations.progress import progress_of
from rentalsync_pipeline.operations.syncing import reports
from rentalsync_pipeline.operations.syncing.match import match

_NO_DOUBLE = dg.AssetCheckSpec(
    "no_double_booking",
    asset=keys.key("stays"),
    description="No night is held by two distinct stays. Back-to-back stays, echoes and blocks do not count.",
)
_CONFLICT = (
    "conflict",
    "listing",
    "other_listing",
    "certainty",
    "first_night",
    "last_night",
    "channel_a",
    "code_a",
    "channel_b",
    "code_b",
)


@dg.asset(
    key=keys.key("stays"),
    deps=[bookings],
    group_name=keys.MODEL,
    kinds={"duckdb"},
    owners=keys.OWNERS,
    check_specs=[_NO_DOUBLE, OPEN],
    description=(
        "What is true of each listing's nights: one row per occupation, however many channels told us of it. "
        "Bookings match by reservation code, by our own UIDs, or because a channel closed later what another "
        "had sold: an echo. Otherwise they are distinct, and two distinct stays on one night are a conflict, "
        "recorded until it is resolved."
    ),
)
def stays(sync: Sync) -> dg.MaterializeResult:
    """Match the bookings of listings with news."""
    listings = match(sync.stores, sync.run, progress_of("matching"))
    changed = reports.changed_nights(sync.stores, sync.run)
    standing = reports.standing_stays(sync.stores, sync.run)
    return dg.MaterializeResult(
        metadata={
            "listings_with_news": listings,
            "changed_ranges": words.total(changed),
            **({"changed_nights": words.nights(changed)} if changed else {}),
            "ahead": words.table(standing, ("kind", "stays", "listings")),
            "minutes_to_import": words.table(
                reports.exposures(sync.stores), ("channel", "imports", "median", "nine_of_ten")
            ),
        },
        check_results=[_no_double(reports.open_conflicts(sync.stores, sync.run)), still_open(sync)],
    )


def _no_double(conflicts: list[reports.Row]) -> dg.AssetCheckResult:
    certain = sum(row["certainty"] == "certain" for row in conflicts)
    said = (
        f"{words.some(certain, 'certain double booking')} and {len(conflicts) - certain} possible: see "
        "`rentalsync conflicts`."
        if conflicts
        else "None."
    )
    return dg.AssetCheckResult(
        check_name=_NO_DOUBLE.name,
        passed=not conflicts,
        severity=dg.AssetCheckSeverity.ERROR if certain else dg.AssetCheckSeverity.WARN,
        description=said,
        metadata={"conflicts": words.table(conflicts[: reports.ROWS], _CONFLICT)} if conflicts else {},
    )
