"""Rolled back feeds in the warehouse: carrying out what people asked for, and what those feeds pin.

Belongs here: what a sync does about rollbacks. Does not: asking for one (`rollbacks`), what such a feed shows
(`pinned`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import cast

from rentalsync_pipeline.control.state import Request
from rentalsync_pipeline.operations.chronicle import Decided, keep_decisions
from rentalsync_pipeline.operations.reading import Row
from rentalsync_pipeline.operations.stores import Run, Stores
from rentalsync_pipeline.operations.syncing.pinned import Pinned
from rentalsync_pipeline.operations.syncing.rendering import event_of
from rentalsync_pipeline.warehouse import tables
from rentalsync_pipeline.warehouse.moments import utc
from rentalsync_pipeline.warehouse.warehouse import Warehouse

REQUEST = "roll_back"
"""The kind of request; its subject is a listing. In its payload `feeds` has a moment for each audience, or
none to end its rollback, and `let_go` the stays that are not shown."""


def carry_out(stores: Stores, warehouse: Warehouse, run: Run) -> None:
    """Begin and end rollbacks as people have asked for since the last sync, in their order."""
    for request in stores.control.waiting():
        if request.kind == REQUEST:
            with warehouse.transaction():
                keep_decisions(warehouse, run, [Decided(request.kind, request.subject, request.payload)])
                warehouse.stage("rolled_back", tables.ROLLED_BACK, list(_rows(request)))
                warehouse.run("rollbacks_begin", now=utc(run.now), run_id=run.id)
            stores.control.finish(request.id, "done", run.now)


def pinned_feeds(warehouse: Warehouse, secret: bytes) -> Mapping[tuple[str, str], Pinned]:
    """The feeds of the batch at hand that are rolled back, by listing and audience."""
    feeds = groupby(warehouse.rows("publish_pinned"), key=itemgetter("listing", "audience"))
    return {feed: _pinned(list(rows), secret) for feed, rows in feeds}


def _pinned(rows: list[Row], secret: bytes) -> Pinned:
    events = tuple(event_of(row) for row in rows if row["uid"])
    return Pinned(events, frozenset(rows[0]["let_go"]), secret)


def _rows(request: Request) -> Iterator[tuple[object, ...]]:
    feeds = cast("Mapping[str, str | None]", request.payload["feeds"])
    for audience, at in feeds.items():
        yield request.subject, audience, at and utc(datetime.fromisoformat(at)), request.payload["let_go"]
