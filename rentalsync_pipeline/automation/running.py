"""Running the `sync` job here and now, in this process, on the home's Dagster instance.

Belongs here: what `rentalsync sync` and `rentalsync demo` share. Does not: what they print (`cli`).
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

import dagster as dg

from rentalsync_pipeline.assets import keys
from rentalsync_pipeline.assets.resources import Sync
from rentalsync_pipeline.assets.sources import SOURCES
from rentalsync_pipeline.automation.failing import alert_of_failure
from rentalsync_pipeline.automation.instance import instance_of
from rentalsync_pipeline.automation.jobs import STEPS, sync_job
from rentalsync_pipeline.automation.outcome import Outcome, outcome
from rentalsync_pipeline.control.home import Home
from rentalsync_pipeline.operations.stores import Scope

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Ran:
    """One run of the job: its id, what it did, and the first error's text where it failed."""

    run_id: str
    success: bool
    outcome: Outcome
    error: str | None = None


def run_sync(
    home: Home, feeds: str, scope: Scope, as_of: datetime | None, asked_by: str, wait_seconds: float = 120
) -> Ran:
    """Run the whole job. The run is on the instance like any other; the UI shows it."""
    sync = Sync(
        home=str(home.path),
        feeds=feeds,
        connections=list(scope.connections),
        listings=list(scope.listings),
        due_only=scope.due_only,
        as_of=as_of.isoformat() if as_of else "",
        asked_by=asked_by,
        wait_seconds=wait_seconds,
    )
    definitions = dg.Definitions(assets=[*SOURCES, *STEPS], jobs=[sync_job], resources={"sync": sync})
    job = definitions.resolve_job_def(keys.SYNC)
    with instance_of(home) as instance:
        result = job.execute_in_process(instance=instance, raise_on_error=False)
    error = None
    if not result.success:
        error = _first_error(result)
        failed = (event.step_key for event in result.all_events if event.is_step_failure)
        alert_of_failure(home, keys.SYNC, result.run_id, failed, _log.warning)
    return Ran(result.run_id, result.success, outcome(result.all_events), error)


def _first_error(result: dg.ExecuteInProcessResult) -> str:
    """The innermost error of the step that failed first, without its stack."""
    for event in result.all_events:
        error = getattr(event.event_specific_data, "error", None)
        while error and error.cause:
            error = error.cause
        if error:
            return _plain(str(error.message).strip())
    return "the run failed; its log says why"


def _plain(message: str) -> str:
    """Our own errors speak for themselves; of others the kind is half of the message."""
    kind, _, words = message.partition(": ")
    if kind.endswith(dg.DagsterExecutionInterruptedError.__name__):
        return "the sync was interrupted"
    return words if kind.startswith("rentalsync_pipeline.") and words else message
