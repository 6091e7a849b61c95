"""`raw_bookings`: what the channels answered."""

import dagster as dg

from rentalsync_pipeline.assets import keys, words
from rentalsync_pipeline.assets.resources import Sync
from rentalsync_pipeline.assets.sources import SOURCES, reconcile_partitions
from rentalsync_pipeline.operations.progress import progress_of
from rentalsync_pipeline.operations.syncing.ingest import Ingested, ingest

_ANSWERED = dg.AssetCheckSpec(
    "every_connection_answered",
    asset=keys.key("raw_bookings"),
    description="Each connection that was asked gave a whole calendar. One that did not keeps its last word.",
)


@dg.asset(
    key=keys.key("raw_bookings"),
    deps=[spec.key for spec in SOURCES],
    group_name=keys.INGEST,
    kinds={"python"},
    owners=keys.OWNERS,
    check_specs=[_ANSWERED],
    description=(
        "Asks every connection that is due, all channels at once, and keeps whole answers only "
        "(gates 1 and 2: transport, completeness). A connection that fails never stops the others."
    ),
)
def raw_bookings(context: dg.AssetExecutionContext, sync: Sync) -> dg.MaterializeResult:
    """Ask, and spool the answers."""
    sync.stores.control.record_sync(sync.run.now)
    reconcile_partitions(context.instance, sync.stores.control.portfolio())
    done = ingest(sync.stores, sync.run, progress_of("asking"))
    return dg.MaterializeResult(
        metadata={
            "asked": done.asked,
            "unchanged": done.unchanged,
            "failed": len(done.failed),
            "postponed": len(done.postponed),
        },
        check_results=[_answered(done)],
    )


def _answered(done: Ingested) -> dg.AssetCheckResult:
    trouble = [
        {"connection": each.connection, "channel": each.channel, "why": each.failure.message}
        for each in done.failed
    ]
    said = (
        f"{words.some(len(trouble), 'connection')} of {done.asked} could not be used; their listings keep "
        "the nights that they last told of."
        if trouble
        else f"All {done.asked} answered."
    )
    return dg.AssetCheckResult(
        check_name=_ANSWERED.name,
        passed=not trouble,
        severity=dg.AssetCheckSeverity.WARN,
        description=said,
        metadata={"failed": words.table(trouble, ("connection", "channel", "why"))} if trouble else {},
    )
