"""`changes`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import click

from rentalsync_pipeline.channels.registry import titles
from rentalsync_pipeline.cli import output
from rentalsync_pipeline.cli.desk import Desk, command, moment
from rentalsync_pipeline.operations.looking.history import NightsChanged, changes

_A_WEEK = timedelta(days=7)


@command("changes", "rentalsync changes --since 2026-11-01T00:00:00Z --listing downtown-loft")
@click.option("--since", callback=moment, metavar="MOMENT", help="Default: a week before the last sync.")
@click.option("--listing", metavar="SLUG", help="Of this listing only.")
def run(desk: Desk, since: datetime | None, listing: str | None) -> None:
    """Which nights became busy or free in which feeds, and why, the newest first.

    It is the difference between the nights of each version of a feed and the one before: what channels write
    without meaning anything (a horizon that moves, a start that is cut to today, neighbours written as one
    event or as two) is not in it. `explain` tells the whole story of a night.
    """
    with desk.control() as control:
        last = control.last_sync() or datetime.now(UTC)
        found = changes(control, since or last - _A_WEEK, listing)
    columns = ("changed (UTC)", "listing", "nights", "became", "because", "in", "run")
    desk.answer(found, lambda: output.show_table(columns, map(_row, found)))


def _row(change: NightsChanged) -> tuple[object, ...]:
    return (
        change.changed,
        change.listing,
        output.nights(change.first_night, change.last_night),
        "busy" if change.busy else "free",
        f"{titles().get(change.channel or '', 'a stay')}: {change.why}",
        ", ".join(change.feeds),
        (change.run_id or "–")[:8],
    )
