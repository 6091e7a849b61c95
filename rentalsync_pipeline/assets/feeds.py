"""`feeds` and `listing_feed`: the calendars that are published."""

import dagster as dg

from rentalsync_pipeline.assets import keys, words
from rentalsync_pipeline.assets.resources import Sync
from rentalsync_pipeline.assets.stays import stays
from rentalsync_pipeline.operations.looking.history import changes_of
from rentalsync_pipeline.operations.progress import progress_of
from rentalsync_pipeline.operations.syncing import reports
from rentalsync_pipeline.operations.syncing.press import Cut
from rentalsync_pipeline.operations.syncing.publish import publish, rebuild

_CLEAN = dg.AssetCheckSpec(
    "no_personal_data",
    asset=keys.key("feeds"),
    description=(
        "No e-mail address or phone number in the bytes of a feed. An event that had one is published as "
        "`Reserved`, with its dates and nothing else."
    ),
)


@dg.asset(
    key=keys.key("feeds"),
    deps=[stays],
    group_name=keys.PUBLISH,
    kinds={"ical"},
    owners=keys.OWNERS,
    check_specs=[_CLEAN],
    description=(
        "Publishes the calendars of every listing with news: one for the owner, one for everybody, one for "
        "each channel without what came from it. A file is written only when its bytes differ, never half."
    ),
)
def feeds(context: dg.AssetExecutionContext, sync: Sync) -> dg.MaterializeResult:
    """Render, publish, and tell the partitions of the listings."""
    done = publish(sync.stores, sync.run, progress_of("publishing"))
    changed = changes_of(sync.stores, sync.run, reports.ROWS)
    _tell_listings(context, sync)
    return dg.MaterializeResult(
        metadata={
            "rendered": done.rendered,
            "written": done.written,
            "removed": done.removed,
            **({"changed_nights": words.changes(changed)} if changed else {}),
        },
        check_results=[_clean(done.cut)],
    )


def _clean(cut: list[Cut]) -> dg.AssetCheckResult:
    rows = [{"listing": each.listing, "feed": each.audience, "found": ", ".join(each.kinds)} for each in cut]
    said = f"{words.some(len(rows), 'event')} cut to the dates." if rows else "None in what was rendered."
    return dg.AssetCheckResult(
        check_name=_CLEAN.name,
        passed=not rows,
        severity=dg.AssetCheckSeverity.ERROR,
        description=said,
        metadata={"cut": words.table(rows[: reports.ROWS], ("listing", "feed", "found"))} if rows else {},
    )


@dg.asset(
    key=keys.key("listing_feed"),
    deps=[feeds],
    partitions_def=keys.LISTINGS,
    group_name=keys.PUBLISH,
    kinds={"ical"},
    owners=keys.OWNERS,
    description=(
        "The calendars of one listing: a partition each, with their history. A sync reports here what it "
        "published; materialize a partition to render that listing's calendars again."
    ),
)
def listing_feed(context: dg.AssetExecutionContext, sync: Sync) -> dg.MaterializeResult:
    """Render and publish one listing, by the operation that a sync uses."""
    done = rebuild(sync.stores, sync.run, [context.partition_key])
    owed = {row["listing"]: row for row in reports.owed_listings(sync.stores)}
    news = owed.get(context.partition_key)
    reports.told_listings(sync.stores, [context.partition_key] if news else [])
    return dg.MaterializeResult(metadata=_metadata(news) if news else {"files_written": done.written})


def _tell_listings(context: dg.AssetExecutionContext, sync: Sync) -> None:
    owed = reports.owed_listings(sync.stores)
    for row in owed:
        context.log_event(
            dg.AssetMaterialization(
                asset_key=keys.key("listing_feed"), partition=row["listing"], metadata=_metadata(row)
            )
        )
    reports.told_listings(sync.stores, [row["listing"] for row in owed])


def _metadata(row: reports.Row) -> dict[str, int | str]:
    """Counts, and where the files lie without their tokens: who sees the UI need not see the calendars."""
    return {
        "files_written": row["feeds"],
        "dagster/partition_row_count": row["events"] or 0,
        "bytes": int(row["bytes"]),
    }
