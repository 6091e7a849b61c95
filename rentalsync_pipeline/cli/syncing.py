"""Running a sync and telling what it did: what `sync` and `demo` share.

Belongs here: waiting for another sync, the tables at the end. Does not: what a sync does
(`automation.running`), progress (`bars`).
"""

from __future__ import annotations

from datetime import datetime

from rentalsync_pipeline.automation.running import Ran, run_sync
from rentalsync_pipeline.cli import output
from rentalsync_pipeline.cli.bars import bars
from rentalsync_pipeline.cli.conflicts import show_conflicts
from rentalsync_pipeline.cli.exits import Exit
from rentalsync_pipeline.control.home import Home
from rentalsync_pipeline.operations.lock import is_held, sync_lock
from rentalsync_pipeline.operations.looking.conflicts import Conflict
from rentalsync_pipeline.operations.stores import Scope

_COUNTS = ("created", "updated", "cancelled", "unchanged")
_ROWS = 10
"""Of changed nights; `rentalsync changes` has them all."""


def sync_now(home: Home, feeds: str, scope: Scope, as_of: datetime | None, wait: float) -> Ran:
    """Run a sync while bars on stderr show how far it is."""
    if is_held(home.lock):
        output.say(f"another sync is running: waiting for it, {wait:.0f} s at the most")
    with sync_lock(home.lock, wait):
        pass  # Waiting is done before there is a run: one that never began would count, and alert, as failed.
    with bars():
        return run_sync(home, feeds, scope, as_of, "the command line", wait)


def exit_of(ran: Ran) -> Exit:
    """How a command ends that ran a sync."""
    if not ran.success:
        return Exit.FAILED
    return Exit.PARTIAL if ran.outcome.troubled else Exit.SUCCESS


def show_ran(ran: Ran, conflicts: list[Conflict]) -> None:
    """What happened, connection by connection; changed nights; double bookings; feeds."""
    if ran.error is not None:
        output.say(f"error: {ran.error}")
        output.say(f"The feeds stay as they were. See run {ran.run_id} in Dagster's pages: `rentalsync up`.")
    _show_connections(ran)
    _show_nights(ran)
    if ran.success:
        show_conflicts(conflicts)
        output.show(_feeds(ran))


def _show_connections(ran: Ran) -> None:
    done = ran.outcome
    output.show_table(
        ("connection", "answer", *_COUNTS),
        [(row["connection"], row["verdict"], *(row[count] for count in _COUNTS)) for row in done.connections],
    )
    for row in done.troubled:
        output.show(f"{row['connection']}: {row['message']}.", "red")
    if hidden := done.asked - len({row["connection"] for row in done.connections}):
        output.show(f"{output.some(hidden, 'connection')} more: `rentalsync status` shows all.")
    if done.postponed:
        output.show(f"{output.some(done.postponed, 'connection')} left for the next sync: the time was up.")


def _show_nights(ran: Ran) -> None:
    rows = [
        (row["listing"], output.nights(row["first_night"], row["last_night"]), row["became"])
        for row in ran.outcome.changes[:_ROWS]
    ]
    output.show_table(("listing", "nights", "became"), rows)
    if hidden := ran.outcome.changed_ranges - len(rows):
        output.show(f"{output.some(hidden, 'range')} of nights more: `rentalsync changes` shows all.")


def _feeds(ran: Ran) -> str:
    written, removed = ran.outcome.feeds_written, ran.outcome.feeds_removed
    if not (written or removed):
        return "No feed changed."
    return f"{output.some(written, 'feed')} written{f', {removed} taken away' if removed else ''}."
