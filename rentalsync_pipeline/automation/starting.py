"""When a sync starts by itself: the schedule, and the sensor that looks more often.

Belongs here: deciding whether there is anything to do, from the control store and the lock alone (a
sensor that opens the warehouse would stand in the way of a sync). Does not: what a sync does.
"""

from __future__ import annotations

import os
from contextlib import closing
from datetime import UTC, datetime

import dagster as dg

from rentalsync_pipeline.assets import keys
from rentalsync_pipeline.automation.jobs import QUIET, sync_job
from rentalsync_pipeline.control.home import HomeNotFound, find_home
from rentalsync_pipeline.control.store import ControlStore
from rentalsync_pipeline.operations.asking import askers, is_ripe, note_look
from rentalsync_pipeline.operations.lock import is_held
from rentalsync_pipeline.operations.stores import Scope
from rentalsync_pipeline.operations.syncing.ingest import due

_ON_ITS_WAY = [dg.DagsterRunStatus.QUEUED, dg.DagsterRunStatus.NOT_STARTED, dg.DagsterRunStatus.STARTING]

OFF = os.environ.get("RENTALSYNC_SCHEDULES", "").lower() in {"off", "0", "false", "no"}
"""`RENTALSYNC_SCHEDULES=off` loads everything stopped: staging beside production."""


def why_wait(control: ControlStore, instance: dg.DagsterInstance, now: datetime) -> str | None:
    """Why no sync should start now; `None` when one should."""
    if is_held(control.home.lock):
        return "A sync is running."
    if instance.get_runs_count(dg.RunsFilter(job_name=keys.SYNC, statuses=_ON_ITS_WAY)):
        return "A sync is about to start."
    if is_ripe(control.waiting(), now):
        return None
    if due(control.portfolio(), control.states(), Scope(due_only=True), now):
        return None
    return "Nothing is due."


def _request(instance: dg.DagsterInstance, looker: str, now: datetime) -> dg.RunRequest | dg.SkipReason:
    try:
        home = find_home()
    except HomeNotFound as error:
        return dg.SkipReason(str(error))
    with closing(ControlStore.open(home)) as control:
        note_look(control, now)
        if reason := why_wait(control, instance, now):
            return dg.SkipReason(reason)
        asked_by = askers(control.waiting())
    resource = {"home": str(home.path), "due_only": True, "asked_by": asked_by or looker}
    return dg.RunRequest(
        run_config={**QUIET, "resources": {"sync": {"config": resource}}},
        tags={keys.HOME_TAG: str(home.path), **({keys.ASKED_TAG: asked_by} if asked_by else {})},
    )


@dg.schedule(
    job=sync_job,
    cron_schedule="*/15 * * * *",
    name="every_15_minutes",
    default_status=dg.DefaultScheduleStatus.STOPPED if OFF else dg.DefaultScheduleStatus.RUNNING,
    description="Starts a sync where something is due, should the sensor `due` not run.",
)
def every_15_minutes(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Ask for a sync of what is due."""
    return _request(context.instance, "the schedule", context.scheduled_execution_time.astimezone(UTC))


@dg.sensor(
    job=sync_job,
    name="due",
    # The daemon comes by every 5 s. Had it to wait as long after a look, it would pass every other time.
    minimum_interval_seconds=3,
    default_status=dg.DefaultSensorStatus.STOPPED if OFF else dg.DefaultSensorStatus.RUNNING,
    description="Starts a sync as soon as a connection's interval has passed or somebody asked for one.",
)
def due_sensor(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Ask for a sync of what is due."""
    return _request(context.instance, "the sensor `due`", datetime.now(UTC))
