"""The configuration as news: what `apply` or the API changed since the last sync.

Belongs here: telling the warehouse which listings and connections there are, so that whatever lost its
connection keeps its nights and whatever shows in a feed is rendered again. Does not: changing the
configuration (`operations.configuring.apply`).
"""

from __future__ import annotations

import hashlib
from datetime import datetime

from rentalsync_pipeline.control.written.document import CONNECTIONS, LISTINGS
from rentalsync_pipeline.core.portfolio import Connection, Listing, Portfolio
from rentalsync_pipeline.operations.asking import FREE_NIGHTS, RENAME
from rentalsync_pipeline.operations.chronicle import Decided, keep_decisions
from rentalsync_pipeline.operations.stores import Run, Stores
from rentalsync_pipeline.operations.syncing.remember import distrust
from rentalsync_pipeline.warehouse import tables
from rentalsync_pipeline.warehouse.moments import utc
from rentalsync_pipeline.warehouse.warehouse import Warehouse

_RENAMINGS = {LISTINGS: "rename_listings", CONNECTIONS: "rename_connections"}


def note_configuration(stores: Stores, warehouse: Warehouse, portfolio: Portfolio, run: Run) -> None:
    """Hold the portfolio against what the last sync knew, and carry out what people decided about it."""
    waiting = stores.control.waiting()
    renames = [request for request in waiting if request.kind == RENAME]
    freed = [request for request in waiting if request.kind == FREE_NIGHTS]
    with warehouse.transaction():
        for request in renames:
            table, old = request.payload["table"], request.payload["old"]
            warehouse.run(_RENAMINGS[str(table)], old=old, new=request.subject)
        warehouse.stage("listings_now", tables.LISTINGS, _listing_rows(portfolio, run.now))
        mapped = [row for connection in portfolio.connections for row in _mappings(connection)]
        warehouse.stage("connections_now", tables.CONNECTIONS, mapped)
        warehouse.run("configuration_orphans", now=utc(run.now), run_id=run.id)
        warehouse.run("bookings_replace", run_id=run.id)
        if freed:
            warehouse.stage("freed", tables.FREED, [(request.subject,) for request in freed])
            warehouse.run("configuration_freed", now=utc(run.now), run_id=run.id)
            warehouse.run("bookings_replace", run_id=run.id)
        carried = (Decided(each.kind, each.subject, each.payload) for each in (*renames, *freed))
        keep_decisions(warehouse, run, carried)
        warehouse.run("configuration_known", now=utc(run.now), run_id=run.id)
    asked = {connection.id for connection in portfolio.connections if connection.enabled}
    distrust(stores, stores.control.states().keys() - asked)
    for request in (*renames, *freed):
        stores.control.finish(request.id, "done", run.now)


def _listing_rows(portfolio: Portfolio, now: datetime) -> list[tuple[object, ...]]:
    """One row per listing, with a digest of all that shows in its feeds and their names."""
    audiences, kin = portfolio.audiences(), portfolio.kin()
    names, settings = portfolio.names(), portfolio.settings

    def digest(listing: Listing) -> str:
        overlaps = listing.feed.overlap_until is not None and now < listing.feed.overlap_until
        places = [names[slug] for slug in kin[listing.slug]]
        shown = repr((listing, places, audiences[listing.slug], settings.past, settings.interval, overlaps))
        return hashlib.sha256(shown.encode()).hexdigest()

    return [
        (listing.slug, listing.timezone, listing.enabled, digest(listing)) for listing in portfolio.listings
    ]


def _mappings(connection: Connection) -> list[tuple[object, ...]]:
    """One row per listing that an enabled connection serves."""
    if not connection.enabled:
        return []
    served = {"": connection.listing} if connection.listing else connection.listings
    return [
        (connection.id, connection.channel, connection.source, upstream, slug)
        for upstream, slug in served.items()
    ]
