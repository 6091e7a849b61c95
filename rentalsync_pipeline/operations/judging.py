"""Reading answers and judging them: gates 3 and 4.

Belongs here: from a spooled answer to a verdict and its bookings. Does not: gates 1 and 2 (`channels`),
the rules of the gates (`core.gate`), what the bookings mean (`operations.absorb`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from rentalsync_pipeline.channels.base import ReadContext
from rentalsync_pipeline.channels.registry import channels
from rentalsync_pipeline.core.gate import judge
from rentalsync_pipeline.core.model import Reading
from rentalsync_pipeline.core.portfolio import Connection, Portfolio
from rentalsync_pipeline.core.verdict import Failure, Reason, Verdict
from rentalsync_pipeline.operations.stores import Stores
from rentalsync_pipeline.warehouse import tables
from rentalsync_pipeline.warehouse.spool import Spooled
from rentalsync_pipeline.warehouse.warehouse import Warehouse

_NOTHING = Reading(())


@dataclass(frozen=True, slots=True)
class Judged:
    """A spooled answer with its verdict; `reading` is empty unless it was accepted."""

    entry: Spooled
    connection: Connection
    today: date
    verdict: Verdict
    failure: Failure | None = None
    reading: Reading = _NOTHING
    body: bytes | None = None
    """The body to keep: accepted or not, it is what the channel said."""

    @property
    def asked(self) -> datetime:
        """When the question was put: what absences are counted by."""
        return self.entry.started


def judge_answers(
    stores: Stores,
    warehouse: Warehouse,
    portfolio: Portfolio,
    days: Mapping[str, date],
    entries: Sequence[Spooled],
) -> list[Judged]:
    """Read every answer that has a body. Answers of connections that are gone by now are left out."""
    connections = {c.id: c for c in portfolio.connections}
    zones = {listing.slug: listing.timezone for listing in portfolio.listings}
    current = [e for e in entries if _still_asked(connections.get(e.connection), e)]
    warehouse.stage("asked", tables.ASKED, [(e.connection, days[e.connection]) for e in current])
    ahead = {row["connection"]: row["ahead"] for row in warehouse.rows("ahead")}
    return [
        _judge(stores, connections[e.connection], zones, days[e.connection], ahead.get(e.connection, 0), e)
        for e in current
    ]


def _still_asked(connection: Connection | None, entry: Spooled) -> bool:
    return connection is not None and bool(connection.served) and connection.source == entry.source


def _judge(
    stores: Stores, connection: Connection, zones: Mapping[str, str], today: date, ahead: int, entry: Spooled
) -> Judged:
    if entry.verdict != Verdict.ACCEPTED:
        failure = Failure(Reason(entry.reason), entry.detail or "", entry.retry_at) if entry.reason else None
        return Judged(entry, connection, today, Verdict(entry.verdict), failure)
    body = stores.spool.body(entry)
    context = ReadContext(zones[min(connection.served)], today, connection.end_is_last_night)
    reading = channels()[connection.channel].read(body, context)
    failure = judge(reading, ahead)
    verdict = Verdict.FAILED if failure else Verdict.ACCEPTED
    return Judged(entry, connection, today, verdict, failure, reading, body)
