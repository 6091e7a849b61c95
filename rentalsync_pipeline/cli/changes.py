"""`changes`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import click

from rentalsync_pipeline.cli import output
from rentalsync_pipeline.cli.desk import Desk, command, moment
from rentalsync_pipeline.operations.history import changes

_A_WEEK = timedelta(days=7)


@command("changes", "rentalsync changes --since 2026-11-01T00:00:00Z --listing downtown-loft")
@click.option("--since", callback=moment, metavar="MOMENT", help="Default: a week before the last sync.")
@click.option("--listing", metavar="SLUG", help="Of this listing only.")
def run(desk: Desk, since: datetime | None, listing: str | None) -> None:
    """Which nights became busy or free, the newest first; `explain` tells why."""
    with desk.control() as control:
        last = control.last_sync() or datetime.now(UTC)
        found = changes(control, since or last - _A_WEEK, listing)
    columns = ("changed (UTC)", "listing", "nights", "became", "run")
    rows = [
        (
            each.changed,
            each.listing,
            output.nights(each.first_night, each.last_night),
            "busy" if each.busy else "free",
            each.run_id[:8],
        )
        for each in found
    ]
    desk.answer(found, lambda: output.show_table(columns, rows))
