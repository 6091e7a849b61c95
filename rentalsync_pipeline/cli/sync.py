"""`sync`."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from rentalsync_pipeline.cli import output
from rentalsync_pipeline.cli.desk import Desk, as_of_option, command, feeds_option, now
from rentalsync_pipeline.cli.exits import Exit
from rentalsync_pipeline.cli.syncing import exit_of, show_ran, sync_now
from rentalsync_pipeline.control.home import find_feeds
from rentalsync_pipeline.control.store import ControlStore
from rentalsync_pipeline.operations.looking.conflicts import conflicts
from rentalsync_pipeline.operations.reading import find_connection, find_listing
from rentalsync_pipeline.operations.stores import Scope
from rentalsync_pipeline.operations.syncing.ingest import due


@command("sync", "rentalsync sync --listing downtown-loft")
@click.option(
    "--connection", "connections", multiple=True, metavar="ID", help="Ask only this one; repeatable."
)
@click.option(
    "--listing", "listings", multiple=True, metavar="SLUG", help="Ask only what tells of it; repeatable."
)
@click.option("--due", "due_only", is_flag=True, help="Ask only whose interval has passed: for cron.")
@as_of_option("The clock of this sync; not before that of the last one.")
@click.option("--wait", default=120.0, show_default=True, help="Seconds to wait for another sync to end.")
@feeds_option
def run(
    desk: Desk,
    connections: tuple[str, ...],
    listings: tuple[str, ...],
    due_only: bool,
    as_of: datetime | None,
    wait: float,
    feeds: str | None,
) -> Exit:
    """From the channels to the feeds, here and now; complete on its own, also from cron.

    It is Dagster's job `sync`, and its run is in the history like any other. A connection that fails stops no
    other and frees no night; the exit code is then 2.
    """
    scope = Scope(connections, listings, due_only)
    with desk.control() as control:
        _check(control, scope, as_of)
        if due_only and _is_idle(control, scope, as_of):
            desk.answer({"run": None, "conflicts": []}, lambda: output.show("Nothing is due."))
            return Exit.SUCCESS
        ran = sync_now(control.home, find_feeds(control.home, feeds), scope, as_of, wait)
        found = conflicts(control, now(as_of))
    desk.answer({"run": ran, "conflicts": found}, lambda: show_ran(ran, found))
    return exit_of(ran)


def _check(control: ControlStore, scope: Scope, as_of: datetime | None) -> None:
    """Refuse what can't be meant, before Dagster has a run of it."""
    portfolio = control.portfolio()
    for connection in scope.connections:
        find_connection(portfolio, connection)
    for slug in scope.listings:
        find_listing(portfolio, slug)
    if not portfolio.connections and control.last_sync() is None:
        raise click.UsageError("nothing is configured yet: `rentalsync add https://…` or `rentalsync apply`")
    control.check_clock(as_of or datetime.now(UTC))


def _is_idle(control: ControlStore, scope: Scope, as_of: datetime | None) -> bool:
    return not control.waiting() and not due(control.portfolio(), control.states(), scope, now(as_of))
