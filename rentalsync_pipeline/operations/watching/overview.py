"""A home in a few numbers, for machines that show them.

Belongs here: counting. Does not: judging (`status`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from rentalsync_pipeline.control.home import Home
from rentalsync_pipeline.control.store import ControlStore
from rentalsync_pipeline.operations.asking import unheard
from rentalsync_pipeline.operations.reading import snapshot
from rentalsync_pipeline.operations.watching.status import standings


@dataclass(frozen=True, slots=True)
class Overview:
    """The numbers. `next_sync` is when the next connection is due; `None` where none ever is."""

    last_sync: datetime | None
    next_sync: datetime | None
    interval: timedelta
    listings_enabled: int
    bookings: int
    unattended: str | None
    """What to do, where syncs are long due and no daemon looks; whoever syncs from cron in time has none."""


def overview(control: ControlStore, now: datetime) -> Overview:
    """How it stands at `now`."""
    portfolio = control.portfolio()
    due = (standing.next_due for standing in standings(control, now))
    next_sync = min(filter(None, due), default=None)
    interval = portfolio.settings.interval
    is_late = next_sync is not None and now - next_sync > interval
    return Overview(
        last_sync=control.last_sync(),
        next_sync=next_sync,
        interval=interval,
        listings_enabled=sum(listing.enabled for listing in portfolio.listings),
        bookings=sum(booking_counts(control.home).values()),
        unattended=unheard(control, now) if is_late else None,
    )


def booking_counts(home: Home) -> dict[str, int]:
    """How many guests' stays each listing has, by slug."""
    with snapshot(home) as rows:
        return {row["listing"]: row["bookings"] for row in rows("count_bookings")}
