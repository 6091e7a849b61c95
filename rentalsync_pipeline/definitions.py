"""Dagster's code location: the one place where assets, jobs, schedules, sensors and resources meet.

`build_defs` returns fresh definitions, with resources exchanged where a test or another code location
wants it; `defs` is what Dagster loads.
"""

from __future__ import annotations

import dagster as dg

from rentalsync_pipeline.assets.feeds import listing_feed
from rentalsync_pipeline.assets.resources import Sync
from rentalsync_pipeline.assets.sources import SOURCES
from rentalsync_pipeline.automation.deciding import decide_quarantine_job
from rentalsync_pipeline.automation.failing import failed_runs
from rentalsync_pipeline.automation.jobs import STEPS, rebuild_job, sync_job
from rentalsync_pipeline.automation.maintenance import every_night, maintenance_job
from rentalsync_pipeline.automation.starting import due_sensor, every_15_minutes


def build_defs(**overrides: object) -> dg.Definitions:
    """All that Dagster shows of us; `overrides` exchange resources by name."""
    return dg.Definitions(
        assets=[*SOURCES, *STEPS, listing_feed],
        jobs=[sync_job, rebuild_job, decide_quarantine_job, maintenance_job],
        schedules=[every_15_minutes, every_night],
        sensors=[due_sensor, failed_runs],
        resources={"sync": Sync(), **overrides},
        executor=dg.in_process_executor,
    )


defs = build_defs()
