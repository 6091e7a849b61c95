"""From stays to files: finds the listings with news and puts them through the press.

Belongs here: which listings are looked at, and the manifest. Does not: rendering and writing
(`operations.syncing.press`).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from rentalsync_pipeline.core.portfolio import Portfolio
from rentalsync_pipeline.operations.batching import batches, todays
from rentalsync_pipeline.operations.chronicle import Decided, Step, begin, keep_decisions, take_step
from rentalsync_pipeline.operations.progress import Progress, silent
from rentalsync_pipeline.operations.stores import Run, Stores
from rentalsync_pipeline.operations.syncing.pinning import carry_out
from rentalsync_pipeline.operations.syncing.press import Press, Published
from rentalsync_pipeline.operations.tracing import traced
from rentalsync_pipeline.publishing.manifest import Entry, save
from rentalsync_pipeline.warehouse import tables
from rentalsync_pipeline.warehouse.moments import aware
from rentalsync_pipeline.warehouse.warehouse import Warehouse

REBUILD = "rebuild"
"""The kind of decision by which a replay renders these listings, too."""

_AT_ONCE = 500
"""Listings rendered between two commits."""


@traced("publish", step="feeds")
def publish(stores: Stores, run: Run, progress: Progress = silent) -> Published:
    """Render and publish the feeds of every listing with news."""
    portfolio = stores.control.portfolio()
    with stores.warehouse() as warehouse:
        present = set(stores.feeds.names())
        carry_out(stores, warehouse, run)
        _find_work(warehouse, portfolio, present, run)
        waiting = [row["listing"] for row in warehouse.rows("work_waiting", step="feeds")]
        press = Press(stores, warehouse, portfolio, run)
        done = 0
        for listings in batches(waiting, _AT_ONCE):
            press.publish(listings, present)
            done += len(listings)
            progress(done, len(waiting))
        take_step(warehouse, run, Step.PUBLISH)
        _save_manifest(stores, warehouse, portfolio)
    return press.tally


def rebuild(stores: Stores, run: Run, listings: list[str]) -> Published:
    """Render and publish these listings although nothing changed, with all others that have news."""
    with stores.warehouse() as warehouse:
        begin(warehouse, stores.control.portfolio(), run)
        keep_decisions(warehouse, run, (Decided(REBUILD, slug) for slug in listings))
        warehouse.stage("asked", tables.ASKED_LISTINGS, [(slug,) for slug in listings])
        warehouse.run("work_asked", run_id=run.id)
    return publish(stores, run)


def _find_work(warehouse: Warehouse, portfolio: Portfolio, present: Collection[str], run: Run) -> None:
    """Beside what matching left: stays that leave the window by time alone, and files that are gone."""
    slugs = [listing.slug for listing in portfolio.listings]
    edges = [(slug, day - portfolio.settings.past) for slug, day in todays(portfolio, slugs, run.now)]
    with warehouse.transaction():
        warehouse.stage("edges", tables.EDGES, edges)
        warehouse.run("work_faded", run_id=run.id)
        warehouse.stage("present", tables.PRESENT, [(name,) for name in present])
        warehouse.run("work_lost", run_id=run.id)


def _save_manifest(stores: Stores, warehouse: Warehouse, portfolio: Portfolio) -> None:
    """Say what is published; `last_ok` is the day on which the slowest source of a listing last answered."""
    states = stores.control.states()
    oldest: dict[str, date] = {}
    for connection in portfolio.connections:
        state = states.get(connection.id)
        if state and state.last_ok:
            for slug in connection.served:
                oldest[slug] = min(oldest.get(slug, date.max), state.last_ok.date())
    feeds = {
        row["name"]: Entry(
            listing=row["listing"],
            audience=row["audience"],
            sha256=row["sha256"],
            events=row["events"],
            last_change=aware(row["last_change"]),
            last_ok=oldest.get(row["listing"], row["last_change"].date()),
        )
        for row in warehouse.rows("feeds_current")
    }
    save(stores.feeds, feeds)
