"""`conflicts`."""

from __future__ import annotations

from datetime import datetime

import click

from rentalsync_pipeline.cli import output
from rentalsync_pipeline.cli.desk import Desk, as_of_option, command, now
from rentalsync_pipeline.operations.conflicts import Conflict, conflicts


@command("conflicts", "rentalsync conflicts --all")
@click.option("--all", "resolved", is_flag=True, help="Also those that are resolved or have passed.")
@as_of_option("Count the days to arrival from this moment instead of now.")
def run(desk: Desk, resolved: bool, as_of: datetime | None) -> None:
    """Double bookings: nights that two distinct stays hold, certain ones and possible ones.

    Both stays remain in the feeds. Settle it at the channels; the conflict ends when they agree.
    """
    with desk.control() as control:
        found = conflicts(control, now(as_of), resolved=resolved)
    desk.answer(found, lambda: show_conflicts(found))


def show_conflicts(found: list[Conflict]) -> None:
    """A paragraph each, or that there is none."""
    if not found:
        output.show("No double bookings.", "green")
    for each in found:
        output.show(f"{each.id}. {each.words} {_stand(each)}.", None if each.resolved else "red")


def _stand(conflict: Conflict) -> str:
    if conflict.resolved:
        return f"Resolved {output.when(conflict.resolved)} UTC: {conflict.resolution}"
    if conflict.days_to_arrival < 0:
        return "The nights have begun"
    return f"{output.some(conflict.days_to_arrival, 'day')} to go"
