"""`snapshot` and `occupancy`: what readers and people look at."""

import dagster as dg

from rentalsync_pipeline.assets import keys, words
from rentalsync_pipeline.assets.feeds import feeds
from rentalsync_pipeline.assets.resources import Sync
from rentalsync_pipeline.operations.syncing import reports
from rentalsync_pipeline.operations.syncing.snapshot import take_snapshot
from rentalsync_pipeline.operations.watching.telling import tell


@dg.asset(
    key=keys.key("snapshot"),
    deps=[feeds],
    group_name=keys.INSIGHT,
    kinds={"duckdb"},
    owners=keys.OWNERS,
    description=(
        "One small DuckDB file for everybody who only reads (commands, HTTP, your own SQL), so that nobody "
        "ever waits for a sync. Replaced as a whole, and only when there is news."
    ),
)
def snapshot(context: dg.AssetExecutionContext, sync: Sync) -> dg.MaterializeResult:
    """Take it where the standing one lacks something; where it doesn't, the run need not be kept for long."""
    replaced = take_snapshot(sync.stores, sync.run)
    if not replaced:
        context.instance.add_run_tags(sync.run.id, {keys.QUIET_TAG: "true"})
    return dg.MaterializeResult(metadata={"replaced": replaced})


@dg.asset(
    key=keys.key("occupancy"),
    deps=[snapshot],
    group_name=keys.INSIGHT,
    kinds={"table"},
    owners=keys.OWNERS,
    description="The nights ahead of every listing at a glance: █ busy, · free, ! held twice.",
)
def occupancy(context: dg.AssetExecutionContext, sync: Sync) -> dg.MaterializeResult:
    """Draw the board; and, as the last step of a sync that went well, tell what is new of trouble."""
    tell(sync.stores, sync.run, keys.SYNC, context.log.warning)
    rows = reports.occupancy(sync.stores, sync.run)[: reports.ROWS]
    board = "\n".join(f"{row['listing']:<24} {row['nights']}" for row in rows)
    head = f"From {sync.run.now:%Y-%m-%d}, {reports.NIGHTS_AHEAD} nights:"
    return dg.MaterializeResult(
        metadata={
            "board": dg.MetadataValue.md(f"{head}\n\n```\n{board}\n```"),
            "nights": words.table(rows, ("listing", "busy", "of_nights")),
        }
    )
