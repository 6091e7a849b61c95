"""`apply`."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from rentalsync_pipeline.channels.registry import ways
from rentalsync_pipeline.cli import output
from rentalsync_pipeline.cli.desk import Desk, command, who
from rentalsync_pipeline.control.written.document import CONNECTIONS
from rentalsync_pipeline.control.written.merge import Action, Change, Plan
from rentalsync_pipeline.operations.configuring.apply import apply
from rentalsync_pipeline.operations.looking.orphans import NightsAhead, held

_HINTS = {
    Action.KEEP: "not in the file any more; `--prune` takes it away",
    Action.DRIFT: "not as in the file; it was changed by other means, and that stands",
}


@command("apply", "rentalsync apply --dry-run")
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Show the plan only.")
@click.option("--prune", is_flag=True, help="Take away what has left the file.")
@click.option("--free-nights", is_flag=True, help="With --prune: let the nights of what goes become free.")
def run(desk: Desk, file: Path | None, dry_run: bool, prune: bool, free_nights: bool) -> None:
    """Make FILE count, by default the rentalsync.yaml beside the home; the next sync works by it.

    What was changed by other means stays unless the file changed it, too. A file with a mistake changes
    nothing. Taking a connection away frees no night: its future nights stay until another one shows them.
    """
    now = datetime.now(UTC)
    with desk.control() as control:
        plan = apply(
            control,
            file or control.home.config,
            channels=ways(),
            env=os.environ,
            who=who(),
            now=now,
            dry_run=dry_run,
            prune=prune,
            free_nights=free_nights,
        )
        orphaned = [] if free_nights else held(control, plan.ids(Action.REMOVE, CONNECTIONS), now)
    answer = {"applied": not dry_run, "changes": plan.changes, "orphaned": orphaned}
    desk.answer(answer, lambda: _show(plan, orphaned, dry_run))


def _show(plan: Plan, orphaned: Sequence[NightsAhead], dry_run: bool) -> None:
    show_plan(plan)
    for each in orphaned:
        nights = output.some(each.nights, "future night")
        output.show(f"{nights} of {each.connection} stay busy at {each.listing} until another shows them.")
    if dry_run:
        output.show("Nothing was changed: this was a dry run.")


def show_plan(plan: Plan) -> None:
    """What happens to each row, or that nothing does."""
    rows = [(change.action, change.table, change.id, _what(change)) for change in plan.changes]
    output.show_table(("", "what", "which", "change"), rows)
    if not rows:
        output.show("Everything is as in the file.")


def _what(change: Change) -> str:
    fields = "; ".join(f"{each.field}: {each.old or '–'} → {each.new or '–'}" for each in change.fields)
    return " ".join(filter(None, (fields, _HINTS.get(change.action))))
