"""When a run itself fails: telling somebody.

Belongs here: from a failed run of ours to an alert, by the sensor where a daemon runs, and where a command
ran it. Does not: saying it (`operations.watching.telling`), trouble of a single connection, which never fails
a run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import dagster as dg

from rentalsync_pipeline.assets import keys
from rentalsync_pipeline.automation.jobs import rebuild_job, sync_job
from rentalsync_pipeline.automation.maintenance import maintenance_job
from rentalsync_pipeline.automation.starting import OFF
from rentalsync_pipeline.control.home import Home, find_home
from rentalsync_pipeline.control.store import ControlStore
from rentalsync_pipeline.operations.watching.telling import tell_failure


@dg.run_failure_sensor(
    name="failed_runs",
    monitored_jobs=[sync_job, rebuild_job, maintenance_job],
    default_status=dg.DefaultSensorStatus.STOPPED if OFF else dg.DefaultSensorStatus.RUNNING,
    description="Sends an alert when a run fails: the feeds stay as they are until one succeeds.",
)
def failed_runs(context: dg.RunFailureSensorContext) -> None:
    """Alert, with the run and the step, not with the error's text: it may quote what it was given."""
    failures = context.get_step_failure_events()
    run = context.dagster_run
    home = find_home(run.tags.get(keys.HOME_TAG))
    steps = (event.step_key for event in failures)
    alert_of_failure(home, run.job_name, run.run_id, steps, context.log.warning)


def alert_of_failure(
    home: Home, job: str, run_id: str, steps: Iterable[str | None], report: Callable[[str], object]
) -> None:
    """Say that a run of that job failed, unless that was said and none has gone well since."""
    named = ", ".join(sorted(set(filter(None, steps))))
    text = f"The run {run_id} of {job} failed{f' in {named}' if named else ''}. The feeds stay as they are."
    control = ControlStore.open(home)
    try:
        tell_failure(control, job, text, report)
    finally:
        control.close()
