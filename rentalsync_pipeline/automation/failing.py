"""When a run itself fails: the sensor that tells somebody.

Belongs here: from a failed run of ours to an alert. Does not: saying it (`operations.telling`), trouble of a
single connection, which never fails a run.
"""

from __future__ import annotations

import dagster as dg

from rentalsync_pipeline.assets import keys
from rentalsync_pipeline.automation.jobs import rebuild_job, sync_job
from rentalsync_pipeline.automation.starting import OFF
from rentalsync_pipeline.control.home import find_home
from rentalsync_pipeline.control.store import ControlStore
from rentalsync_pipeline.operations.telling import tell_failure


@dg.run_failure_sensor(
    name="failed_runs",
    monitored_jobs=[sync_job, rebuild_job],
    default_status=dg.DefaultSensorStatus.STOPPED if OFF else dg.DefaultSensorStatus.RUNNING,
    description="Sends an alert when a run fails: the feeds stay as they are until one succeeds.",
)
def failed_runs(context: dg.RunFailureSensorContext) -> None:
    """Alert, with the run and the step, not with the error's text: it may quote what it was given."""
    home = find_home(context.dagster_run.tags.get(keys.HOME_TAG))
    steps = sorted({event.step_key for event in context.get_step_failure_events() if event.step_key})
    control = ControlStore.open(home)
    try:
        tell_failure(
            control,
            context.dagster_run.job_name,
            f"The run {context.dagster_run.run_id} of {context.dagster_run.job_name} failed"
            f"{' in ' + ', '.join(steps) if steps else ''}. The feeds stay as they are.",
            context.log.warning,
        )
    finally:
        control.close()
