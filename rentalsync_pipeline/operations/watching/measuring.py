"""Taking the numbers that `metrics` names.

Belongs here: asking control store and snapshot, which is why the numbers are right after a restart and
never make a sync wait. Does not: sums over the warehouse (`warehouse/queries/measure_*.sql`), what the
numbers mean (`metrics`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rentalsync_pipeline.control.store import ControlStore
from rentalsync_pipeline.operations.asking import WEBHOOK
from rentalsync_pipeline.operations.reading import Row, snapshot
from rentalsync_pipeline.operations.watching.metrics import LABELS, PREFIX
from rentalsync_pipeline.operations.watching.status import ConnectionStatus, Freshness, Status, status


@dataclass(frozen=True, slots=True)
class Sample:
    """One number of one metric, with the values of its labels."""

    metric: str
    labels: dict[str, str]
    value: float


def measure(control: ControlStore, now: datetime) -> Iterator[Sample]:
    """All numbers at `now`; what is not known, such as the last sync before the first, has none."""
    for row in _rows(control, now):
        labels = {name: value for name, value in row.items() if name in LABELS}
        for name, value in row.items():
            if name not in LABELS and value is not None:
                yield Sample(PREFIX + name, labels, _number(value))


def _rows(control: ControlStore, now: datetime) -> Iterator[Row]:
    """The numbers as tables have them: columns are labels and metrics."""
    found = status(control, now)
    yield _home(control, found)
    for matter, count in _counted(trouble.matter for trouble in control.said()):
        yield {"reason": matter, "troubles": count}
    for channel, count in _counted(each.channel for each in found.connections):
        yield {"channel": channel, "connections": count}
    for calls in control.inbox.counts():
        yield {
            "channel": calls.channel,
            "webhooks_received_total": calls.received,
            "webhooks_repeated_total": calls.repeated,
            "webhooks_refused_total": calls.refused,
        }
    yield from _connections(control, found)
    yield from _noted(found)
    with snapshot(control.home) as rows:
        for statement in _STATEMENTS:
            yield from rows(statement)
        yield from rows("measure_listings", today=now.date())


_STATEMENTS = ("measure_home", "measure_fetches", "measure_failures", "measure_quarantines", "measure_feeds")


def _home(control: ControlStore, found: Status) -> Row:
    waiting = control.waiting()
    calls = [request for request in waiting if request.kind == WEBHOOK]
    enabled = sum(listing.enabled for listing in control.portfolio().listings)
    return {
        "health_level": found.level.rank,
        "sync_running": found.is_syncing,
        "last_sync_timestamp_seconds": found.last_sync,
        "last_apply_timestamp_seconds": found.last_apply,
        "last_look_timestamp_seconds": control.last_look(),
        "requests_waiting": len(waiting),
        "oldest_request_timestamp_seconds": waiting[0].asked_at if waiting else None,
        "webhooks_waiting": len(calls),
        "oldest_webhook_timestamp_seconds": calls[0].asked_at if calls else None,
        "listings": found.listings,
        "listings_enabled": enabled,
        "listings_shut": len(found.shut),
        "feeds_rolled_back": len(found.rolled_back),
        "snapshot_size_bytes": _size(control.home.snapshot),
        "warehouse_size_bytes": _size(control.home.warehouse),
    }


def _connections(control: ControlStore, found: Status) -> Iterator[Row]:
    reasons = {name: state.last_reason for name, state in control.states().items()}
    for each in found.connections:
        labels = {"connection": each.connection, "channel": each.channel}
        yield labels | _connection(each)
        if reason := reasons.get(each.connection):
            yield labels | {"reason": reason, "connection_failing": 1}


def _connection(each: ConnectionStatus) -> Row:
    return {
        "connection_up": each.failures == 0 if each.last_attempt else None,
        "connection_asked": each.freshness is not Freshness.OFF,
        "connection_failures": each.failures,
        "connection_last_attempt_timestamp_seconds": each.last_attempt,
        "connection_last_success_timestamp_seconds": each.last_ok,
        "connection_last_change_timestamp_seconds": each.last_change,
        "connection_next_due_timestamp_seconds": each.next_due,
        "connection_stale_timestamp_seconds": each.stale_at,
    }


def _noted(found: Status) -> Iterator[Row]:
    """What a host should look at, and what was learned of channels."""
    unmapped, orphaned = Counter[str](), Counter[str]()
    for room in found.unmapped:
        unmapped[room.connection] += room.bookings
    for ahead in found.orphaned:
        orphaned[ahead.listing] += ahead.nights
    for connection, bookings in unmapped.items():
        yield {"connection": connection, "unmapped_bookings": bookings}
    for listing, nights in orphaned.items():
        yield {"listing": listing, "orphaned_nights": nights}
    for each in found.exposures:
        yield {
            "channel": each.channel,
            "imports_total": each.imports,
            "import_median_seconds": each.median,
            "import_ninety_percent_seconds": each.nine_of_ten,
        }


def _counted(names: Iterable[str]) -> list[tuple[str, int]]:
    return sorted(Counter(names).items())


def _size(file: Path) -> int | None:
    return file.stat().st_size if file.exists() else None


def _number(value: datetime | float) -> float:
    """A moment as Prometheus has it: seconds since 1970."""
    return value.timestamp() if isinstance(value, datetime) else float(value)
