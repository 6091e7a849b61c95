"""`maintenance`."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime

import click

from rentalsync_pipeline.automation.instance import instance_of
from rentalsync_pipeline.automation.maintenance import Tidied, look_after
from rentalsync_pipeline.cli import output
from rentalsync_pipeline.cli.desk import Desk, command, feeds_option
from rentalsync_pipeline.control.home import find_feeds
from rentalsync_pipeline.operations.stores import Run, Stores


@command("maintenance", "rentalsync maintenance --dry-run")
@click.option("--dry-run", is_flag=True, help="Say what would go, and let it stay.")
@feeds_option
def run(desk: Desk, dry_run: bool, feeds: str | None) -> None:
    """Forget guests whose retention is over, drop old answers and runs, give space back.

    `up` does it every night at 03:30 UTC; who syncs from cron calls it once a day. Nights, codes, UIDs and
    the history of changes stay. It waits for a running sync.
    """
    home = desk.home()
    stores = Stores.open(home, find_feeds(home, feeds))
    with closing(stores.control), instance_of(home) as instance:
        asked = Run("maintenance", datetime.now(UTC), "the command line")
        done = look_after(stores, instance, asked, dry_run=dry_run)
    desk.answer({"dry_run": dry_run, "done": done}, lambda: _show(done, dry_run=dry_run))


def _show(done: Tidied, *, dry_run: bool) -> None:
    gone = done.home.forgotten
    rows = [
        ("bookings in which a guest was named", gone.bookings),
        ("earlier versions of bookings", gone.versions),
        ("stays", gone.stays),
        ("events of owners' calendars", gone.events),
        ("answers of channels", gone.bodies),
        ("temporary files", done.home.temporary_files),
        ("runs of Dagster", done.runs),
    ]
    output.show_table(("what would go" if dry_run else "what went", "count"), rows)
    if done.home.is_wasteful:
        won = f"{done.home.bytes_won / 1e6:,.1f} MB won" if not dry_run else "more than half of it is free"
        output.show(f"The warehouse is copied to a smaller file: {won}.")
