"""Looking after a home once a day: what the command and the job share, the job, and its schedule.

Belongs here: the lock, and the order. Does not: the home's own files (`operations.keeping.maintenance`),
Dagster's records (`old_runs`).
"""

from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import dagster as dg
from pydantic import Field

from rentalsync_pipeline.assets import keys
from rentalsync_pipeline.automation.jobs import QUIET
from rentalsync_pipeline.automation.old_runs import delete_run, old_runs
from rentalsync_pipeline.automation.starting import OFF
from rentalsync_pipeline.control.home import Home, HomeNotFound, find_feeds, find_home
from rentalsync_pipeline.operations.keeping.maintenance import Maintained, maintain
from rentalsync_pipeline.operations.lock import sync_lock
from rentalsync_pipeline.operations.stores import Run, Stores
from rentalsync_pipeline.operations.watching.telling import tell_recovery

_WAIT_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Tidied:
    """What went, or would go: of the home, and how many of Dagster's runs."""

    home: Maintained
    runs: int


def look_after(stores: Stores, instance: dg.DagsterInstance, run: Run, *, dry_run: bool = False) -> Tidied:
    """Maintain a home under the lock of its syncs; raises `SyncRunning` when one doesn't end."""
    with sync_lock(stores.home.lock, _WAIT_SECONDS):
        maintained = maintain(stores, run, dry_run=dry_run)
    old = old_runs(instance, stores.home, run.now)
    for run_id in () if dry_run else old:
        delete_run(instance, run_id)
    return Tidied(maintained, len(old))


class Where(dg.Config):
    """Which home; empty fields as the commands find it."""

    home: str = Field(default="", description="The home folder; else RENTALSYNC_HOME, else the nearest one.")
    feeds: str = Field(default="", description="Where feeds go: a folder or a bucket's URL.")


@dg.op(description="Forgets guests after the retention, tidies up, gives space back, deletes old runs.")
def look_after_home(context: dg.OpExecutionContext, config: Where) -> None:
    """Maintain the home, and show what went."""
    home = find_home(config.home or None)
    context.instance.add_run_tags(context.run_id, {keys.HOME_TAG: str(home.path)})
    stores = Stores.open(home, find_feeds(home, config.feeds or None))
    with closing(stores.control):
        done = look_after(stores, context.instance, Run(context.run_id, datetime.now(UTC), "maintenance"))
        tell_recovery(stores.control, keys.MAINTENANCE, context.log.warning)
    context.add_output_metadata(_metadata(done))


def _metadata(done: Tidied) -> dict[str, Any]:
    gone = done.home.forgotten
    return {
        "bookings_forgotten": gone.bookings,
        "stays_forgotten": gone.stays,
        "bodies_dropped": gone.bodies,
        "runs_deleted": done.runs,
        "bytes_won": done.home.bytes_won + gone.body_bytes,
    }


@dg.job(
    name=keys.MAINTENANCE,
    config=QUIET,
    executor_def=dg.in_process_executor,
    description="Forgets guests some time after they have left, and keeps the home and Dagster's log small.",
)
def maintenance_job() -> None:
    """One step."""
    look_after_home()


@dg.schedule(
    job=maintenance_job,
    cron_schedule="30 3 * * *",
    name="every_night",
    default_status=dg.DefaultScheduleStatus.STOPPED if OFF else dg.DefaultScheduleStatus.RUNNING,
    description="Starts the maintenance of the home.",
)
def every_night(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Ask for it where there is a home."""
    try:
        home: Home = find_home()
    except HomeNotFound as error:
        return dg.SkipReason(str(error))
    where = {"ops": {"look_after_home": {"config": {"home": str(home.path)}}}}
    return dg.RunRequest(run_config={**QUIET, **where}, tags={keys.HOME_TAG: str(home.path)})
