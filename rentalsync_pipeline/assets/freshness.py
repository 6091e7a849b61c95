"""The check that every connection has answered lately, for the step that knows: after gates 3 and 4."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

import dagster as dg

from rentalsync_pipeline.assets import keys, words
from rentalsync_pipeline.assets.resources import Sync
from rentalsync_pipeline.operations.syncing.reports import ROWS
from rentalsync_pipeline.operations.watching.status import ConnectionStatus, Freshness, is_overdue, standings

FRESH = dg.AssetCheckSpec(
    "every_connection_is_fresh",
    asset=keys.key("bookings"),
    description="Each connection gave a good answer within two intervals; after four it is stale.",
)

_COLUMNS = ("connection", "freshness", "last_ok", "age", "late_at", "stale_at", "last_change")


def fresh(sync: Sync) -> dg.AssetCheckResult:
    """Judge all connections, also those that this run did not ask; the table has every one."""
    standing = standings(sync.stores.control, sync.run.now)
    overdue = [each for each in standing if is_overdue(each)]
    late = [each for each in standing if each.freshness is Freshness.LATE]
    return dg.AssetCheckResult(
        check_name=FRESH.name,
        passed=not (overdue or late),
        severity=dg.AssetCheckSeverity.ERROR if overdue else dg.AssetCheckSeverity.WARN,
        description=f"{len(overdue)} stale, {len(late)} late, of {words.some(len(standing), 'connection')}.",
        metadata={
            "connections": words.table([_row(each, sync.run.now) for each in standing[:ROWS]], _COLUMNS)
        },
    )


def _row(each: ConnectionStatus, now: datetime) -> words.Cells:
    return asdict(each) | {"age": now - each.last_ok if each.last_ok else None}
