"""The jobs. Their steps run in one process: DuckDB has one writer, and a process costs a second."""

from __future__ import annotations

import dagster as dg

from rentalsync_pipeline.assets import keys
from rentalsync_pipeline.assets.bookings import bookings
from rentalsync_pipeline.assets.feeds import feeds, listing_feed
from rentalsync_pipeline.assets.insight import occupancy, snapshot
from rentalsync_pipeline.assets.raw_bookings import raw_bookings
from rentalsync_pipeline.assets.stays import stays

QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
"""Run config by which a run tells the terminal nothing: its log is on the instance, where the UI shows it.
A logger that the run config doesn't name is not used, and Dagster's own takes its place."""

STEPS = [raw_bookings, bookings, stays, feeds, snapshot, occupancy]

sync_job = dg.define_asset_job(
    keys.SYNC,
    selection=STEPS,
    executor_def=dg.in_process_executor,
    config=QUIET,
    description="From the channels to the feeds: asks what is due, and publishes what changed.",
)

rebuild_job = dg.define_asset_job(
    keys.REBUILD,
    selection=[listing_feed],
    executor_def=dg.in_process_executor,
    config=QUIET,
    description="Renders and publishes the calendars of the listings chosen, whether or not they changed.",
)
"""Apart from the sync, because a job may not mix partitioned and unpartitioned steps."""
