"""What a run did, as rows for people: counts, tables, what Dagster is still owed.

Belongs here: asking the warehouse after a step. Does not: how it looks (`assets`, `cli`). No row holds a
guest's data or anything that a guest wrote.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rentalsync_pipeline.core.plausibility import DOUBTS, Doubt
from rentalsync_pipeline.core.verdict import Failure, Reason
from rentalsync_pipeline.operations.stores import Run, Stores
from rentalsync_pipeline.warehouse import tables

Row = dict[str, Any]

MOST = 500
"""Events that one run logs at the most; the rest is owed to the next runs (an event costs 6 to 25 ms)."""

ROWS = 100
"""Rows of a table in the UI."""

NIGHTS_AHEAD = 60


def sync_log(stores: Stores, run: Run) -> list[Row]:
    """One row a connection that was asked in this run, with a `message` where there was trouble."""
    with stores.warehouse() as warehouse:
        return [_explained(row) for row in warehouse.rows("report_log", run_id=run.id)]


def rejections(stores: Stores, run: Run) -> list[Row]:
    """Events of this run that could not be read; `total` counts all of them."""
    with stores.warehouse() as warehouse:
        return warehouse.rows("report_rejections", run_id=run.id, most=ROWS)


def unmapped(stores: Stores, run: Run) -> list[Row]:
    """Upstream ids with bookings that belong to no listing."""
    with stores.warehouse() as warehouse:
        return warehouse.rows("report_unmapped", today=run.now.date())


def changed_nights(stores: Stores, run: Run) -> list[Row]:
    """Ranges of nights that this run turned busy or free; `total` counts all of them."""
    with stores.warehouse() as warehouse:
        return warehouse.rows("report_changes", run_id=run.id, most=ROWS)


def quarantined(stores: Stores) -> list[Row]:
    """Quarantines that stand, with their doubts in words."""
    with stores.warehouse() as warehouse:
        return [
            row
            | {
                "why": "; ".join(DOUBTS[Doubt(doubt)] for doubt in row["doubts"]),
                "bookings lost": len(row["lost"]),
            }
            for row in warehouse.rows("quarantines_held")
        ]


def shut_listings(stores: Stores) -> list[Row]:
    """Listings that were closed from end to end at once."""
    with stores.warehouse() as warehouse:
        return warehouse.rows("read_shut")


def open_conflicts(stores: Stores, run: Run) -> list[Row]:
    """Double bookings, certain and possible, whose nights lie ahead."""
    with stores.warehouse() as warehouse:
        return warehouse.rows("report_conflicts", today=run.now.date())


def exposures(stores: Stores) -> list[Row]:
    """How long each channel takes to import what is published, in minutes."""
    with stores.warehouse() as warehouse:
        return [
            row | {"median": row["median"] // 60, "nine_of_ten": row["nine_of_ten"] // 60}
            for row in warehouse.rows("read_lags")
        ]


def standing_stays(stores: Stores, run: Run) -> list[Row]:
    """Occupations from today on, by kind."""
    with stores.warehouse() as warehouse:
        return warehouse.rows("report_stays", today=run.now.date())


def occupancy(stores: Stores, run: Run) -> list[Row]:
    """The nights ahead of every listing, one character a night."""
    with stores.warehouse() as warehouse:
        return warehouse.rows("occupancy", today=run.now.date(), nights=NIGHTS_AHEAD)


def owed_connections(stores: Stores) -> list[Row]:
    """Answers that the connection's partition has not been told, news and trouble only."""
    with stores.warehouse() as warehouse:
        return [_explained(row) for row in warehouse.rows("owed_connections", most=MOST)]


def owed_listings(stores: Stores) -> list[Row]:
    """Listings whose partition has not been told of its newest feeds."""
    with stores.warehouse() as warehouse:
        return warehouse.rows("owed_listings", most=MOST)


def told_connections(stores: Stores, fetch_ids: Sequence[str]) -> None:
    """These answers have been logged."""
    _told(stores, "told_connections", fetch_ids)


def told_listings(stores: Stores, listings: Sequence[str]) -> None:
    """The newest feeds of these listings have been logged."""
    _told(stores, "told_listings", listings)


def _told(stores: Stores, query: str, ids: Sequence[str]) -> None:
    if ids:
        with stores.warehouse() as warehouse, warehouse.transaction():
            warehouse.stage("told", {"id": tables.TEXT}, [(each,) for each in ids])
            warehouse.run(query)


def _explained(row: Row) -> Row:
    reason = row["reason"]
    message = Failure(Reason(reason), row["detail"] or "").message if reason else ""
    return row | {"message": message}
