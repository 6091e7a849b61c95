"""The job by which a person decides about a quarantine in the UI.

Belongs here: its form. Does not: carrying it out, which the next sync does; the sensor starts one.
"""

from contextlib import closing
from datetime import UTC, datetime

import dagster as dg
from pydantic import Field

from rentalsync_pipeline.assets import keys
from rentalsync_pipeline.control.home import find_home
from rentalsync_pipeline.control.store import ControlStore
from rentalsync_pipeline.core.plausibility import Decision
from rentalsync_pipeline.operations.deciding.quarantines import decide, standing


class Said(dg.Config):
    """The form."""

    connection: str = Field(description="As the check `no_quarantine` names it, or the quarantine's number.")
    decision: Decision = Field(description="RELEASE: it is right, let the nights go. REJECT: it is wrong.")
    home: str = Field(default="", description="The home folder; else RENTALSYNC_HOME, else the nearest one.")


@dg.op(description="Queues the decision; the next sync carries it out.")
def queue_decision(context: dg.OpExecutionContext, config: Said) -> None:
    """Write the request."""
    home = find_home(config.home or None)
    context.instance.add_run_tags(context.run_id, {keys.HOME_TAG: str(home.path)})
    with closing(ControlStore.open(home)) as control:
        held = standing(control, config.connection)
        decide(control, held, config.decision, "the Dagster UI", datetime.now(UTC))


@dg.job(
    name=keys.DECIDE,
    executor_def=dg.in_process_executor,
    description="Releases or rejects the quarantine of a connection: what its doubtful answer takes, or not.",
)
def decide_quarantine_job() -> None:
    """One step."""
    queue_decision()
