"""`bookings`: what each connection says, with its history."""

import dagster as dg

from rentalsync_pipeline.assets import keys, words
from rentalsync_pipeline.assets.drift import SHAPED, shaped
from rentalsync_pipeline.assets.freshness import FRESH, fresh
from rentalsync_pipeline.assets.quarantine import UNDOUBTED, undoubted
from rentalsync_pipeline.assets.raw_bookings import raw_bookings
from rentalsync_pipeline.assets.resources import Sync
from rentalsync_pipeline.assets.sources import tell_connections
from rentalsync_pipeline.operations.progress import progress_of
from rentalsync_pipeline.operations.syncing import reports
from rentalsync_pipeline.operations.syncing.absorb import absorb

_LOG = ("connection", "verdict", "created", "updated", "cancelled", "unchanged", "rejected", "message")

_BELIEVED = dg.AssetCheckSpec(
    "every_answer_was_readable",
    asset=keys.key("bookings"),
    description="No whole calendar had to be set aside because none of its events could be read (gate 3).",
)
_READ = dg.AssetCheckSpec(
    "every_event_was_read",
    asset=keys.key("bookings"),
    description="No event of an accepted calendar was left out. One that was keeps its last known nights.",
)
_MAPPED = dg.AssetCheckSpec(
    "every_booking_has_a_listing",
    asset=keys.key("bookings"),
    description="Each room that a channel tells of is mapped to a listing.",
)


@dg.asset(
    key=keys.key("bookings"),
    deps=[raw_bookings],
    group_name=keys.MODEL,
    kinds={"duckdb"},
    owners=keys.OWNERS,
    check_specs=[_BELIEVED, _READ, _MAPPED, UNDOUBTED, FRESH, SHAPED],
    description=(
        "What each connection says of its reservations and blocks, with history: reads the answers (gate 3), "
        "judges them, and decides about what is missing. A failed answer changes nothing; a reservation "
        "that is missing is kept until enough good answers confirm it."
    ),
)
def bookings(context: dg.AssetExecutionContext, sync: Sync) -> dg.MaterializeResult:
    """Absorb the spool, and tell the partitions of the channels."""
    absorb(sync.stores, sync.run, progress_of("reading"))
    tell_connections(context, sync)
    log = reports.sync_log(sync.stores, sync.run)
    counts = {
        name: sum(row[name] for row in log) for name in ("created", "updated", "cancelled", "unchanged")
    }
    return dg.MaterializeResult(
        metadata={**counts, "sync_log": words.table(log[: reports.ROWS], _LOG)},
        check_results=[
            _believed(log),
            _read(sync),
            _mapped(sync),
            undoubted(sync),
            fresh(sync),
            shaped(sync),
        ],
    )


def _believed(log: list[reports.Row]) -> dg.AssetCheckResult:
    aside = [row for row in log if row["verdict"] == "failed" and row["bytes"]]
    said = f"{words.some(len(aside), 'answer')} set aside; nothing was taken from the listings."
    return _result(_BELIEVED, aside, said if aside else "All were.", ("connection", "message"))


def _read(sync: Sync) -> dg.AssetCheckResult:
    left_out = reports.rejections(sync.stores, sync.run)
    said = (
        f"{words.some(words.total(left_out), 'event')} could not be read." if left_out else "All were read."
    )
    return _result(_READ, left_out, said, ("connection", "line", "reason"))


def _mapped(sync: Sync) -> dg.AssetCheckResult:
    homeless = reports.unmapped(sync.stores, sync.run)
    said = f"{words.some(len(homeless), 'room')} without a listing: add them to the connection's `listings:`."
    return _result(
        _MAPPED,
        homeless,
        said if homeless else "All have one.",
        ("connection", "upstream_listing", "bookings"),
    )


def _result(
    spec: dg.AssetCheckSpec, rows: list[reports.Row], said: str, columns: tuple[str, ...]
) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        check_name=spec.name,
        passed=not rows,
        severity=dg.AssetCheckSeverity.WARN,
        description=said,
        metadata={"which": words.table(rows, columns)} if rows else {},
    )
