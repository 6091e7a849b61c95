"""From bookings to stays: what is really true of the nights of every listing with news.

Belongs here: the order of the set-based statements, and the names of new stays. Does not: the rules
(`core.matching`, `core.conflicts`), the statements (`warehouse/queries/match_*.sql`).
"""

from __future__ import annotations

from datetime import timedelta
from itertools import chain
from typing import Any

from rentalsync_pipeline.core.conflicts import CERTAINTY
from rentalsync_pipeline.core.matching import GRACE, LONGEST_COPY, OTAS, PREPARATION, RETURNS, earliest_copy
from rentalsync_pipeline.core.portfolio import Connection
from rentalsync_pipeline.core.vacancy import AHEAD, SUDDEN
from rentalsync_pipeline.operations.batching import batches, todays
from rentalsync_pipeline.operations.chronicle import Step, take_step
from rentalsync_pipeline.operations.progress import Progress, silent
from rentalsync_pipeline.operations.stores import Run, Stores
from rentalsync_pipeline.operations.syncing.families import families, note_kin
from rentalsync_pipeline.operations.syncing.settle import settle
from rentalsync_pipeline.operations.tracing import traced
from rentalsync_pipeline.publishing.names import stay_uid
from rentalsync_pipeline.warehouse import tables
from rentalsync_pipeline.warehouse.moments import utc
from rentalsync_pipeline.warehouse.warehouse import Warehouse

_AT_ONCE = 2000
"""Families matched in one transaction."""

_COPIES = ("match_closures", "match_originals", "match_copies", "match_rests", "match_remember")
"""From what channels closed to what of it counts by itself."""

_MEASURES = {"preparation": PREPARATION, "longest": LONGEST_COPY, "grace": GRACE, "returns": RETURNS}

SETTLED = timedelta(days=60)
"""What ended longer ago is history: it is neither matched anew nor taken away."""


@traced("model", step="stays")
def match(stores: Stores, run: Run, progress: Progress = silent) -> int:
    """Make stays of the bookings of every family of listings with news; returns how many had any."""
    portfolio = stores.control.portfolio()
    secret = stores.control.feed_secret()
    with stores.warehouse() as warehouse:
        settle(stores, warehouse, run)
        with warehouse.transaction():
            warehouse.run("match_due", now=utc(run.now), run_id=run.id)
            note_kin(warehouse, portfolio, run)
        waiting = families(warehouse)
        imports = [_imports(connection) for connection in portfolio.connections]
        done = 0
        for some in batches(waiting, _AT_ONCE):
            with warehouse.transaction():
                listings = chain.from_iterable(some)
                warehouse.stage("batch", tables.BATCH, list(todays(portfolio, listings, run.now)))
                warehouse.stage("imports", tables.IMPORTS, imports)
                _match_batch(warehouse, secret, run)
                take_step(warehouse, run, Step.MATCH)
            done += len(some)
            progress(done, len(waiting))
        take_step(warehouse, run, Step.MATCH)
    return len(waiting)


def _match_batch(warehouse: Warehouse, secret: bytes, run: Run) -> None:
    now = utc(run.now)
    since = (run.now - SETTLED).date()
    warehouse.run("match_handover", now=now, run_id=run.id)
    warehouse.run("bookings_replace", run_id=run.id)
    warehouse.run("match_live", since=since, otas=sorted(OTAS))
    warehouse.stage("earliest", tables.EARLIEST, _earliest(warehouse))
    for step in _COPIES:
        warehouse.run(step, now=now, since=since, run_id=run.id, **_MEASURES)
    _name(warehouse, secret)
    warehouse.run("nights_before")
    warehouse.run("match_stays", now=now, since=since, run_id=run.id)
    warehouse.run("nights_turned", now=now, run_id=run.id)
    warehouse.stage("certainties", tables.CERTAINTIES, [(a, b, sure) for (a, b), sure in CERTAINTY.items()])
    warehouse.run("match_conflicts", now=now, otas=sorted(OTAS), returns=RETURNS, run_id=run.id)
    warehouse.run("match_vacancies", now=now, ahead=AHEAD, sudden=SUDDEN, run_id=run.id)


def _imports(connection: Connection) -> tuple[object, ...]:
    """What its channel imports, as the time test asks for it."""
    listed = not isinstance(connection.imports, str)
    return connection.id, "listed" if listed else connection.imports, connection.imports if listed else ()


def _earliest(warehouse: Warehouse) -> list[tuple[object, ...]]:
    """How soon after our publishing each channel may show a copy, in seconds."""
    return [
        (row["channel"], earliest_copy(timedelta(seconds=row["shortest"]), row["seen"]).total_seconds())
        for row in warehouse.rows("match_lags")
    ]


def _name(warehouse: Warehouse, secret: bytes) -> None:
    """Name the stays that are new, after the record that founded each.

    A name may be in use: the record lives on at a listing that its connection used to serve, or its id
    meant another occupation before (Booking.com makes ids of the start). Then the next one is tried.
    """
    named: list[tuple[object, ...]] = []
    unnamed = warehouse.rows("match_founders")
    nth = 1
    while unnamed:
        wanted = [(each["listing"], each["party"], _name_of(secret, each, nth)) for each in unnamed]
        warehouse.stage("named", tables.NAMED, wanted)
        taken = {(row["listing"], row["party"]) for row in warehouse.rows("match_taken")}
        named += (name for name in wanted if name[:2] not in taken)
        unnamed = [each for each in unnamed if (each["listing"], each["party"]) in taken]
        nth += 1
    warehouse.stage("named", tables.NAMED, named)


def _name_of(secret: bytes, founder: dict[str, Any], nth: int) -> str:
    key = founder["key"] if nth == 1 else f"{founder['key']}\0{nth}"
    return stay_uid(secret, founder["connection"], key)
