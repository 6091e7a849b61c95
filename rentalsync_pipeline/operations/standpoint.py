"""How the answers of a connection are read, and so what equal answers prove.

Belongs here: the zone and the day that belong to a connection, and telling whether they, or whatever else
its bookings depend on, are those of an earlier reading. Does not: reading (`operations.syncing.judging`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from zoneinfo import ZoneInfo

from rentalsync_pipeline.channels.base import ReadContext
from rentalsync_pipeline.core.portfolio import Connection, Portfolio


@dataclass(frozen=True, slots=True)
class Standpoint:
    """A connection as it is configured, and the time zone of its listing; of an account, of its first one."""

    connection: Connection
    timezone: str
    zones: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Of an account, the time zones of its mapped units, by the channel's id."""

    def context(self, today: date) -> ReadContext:
        """What its answers are read against on that local day."""
        return ReadContext(self.timezone, today, self.connection.end_is_last_night, self.zones)

    def day(self, moment: datetime) -> date:
        """The local date at a moment."""
        return moment.astimezone(ZoneInfo(self.timezone)).date()

    @property
    def digest(self) -> str:
        """Another one means: the same bytes may mean other nights, or the nights of another listing."""
        connection = self.connection
        listings = connection.listing or sorted(connection.listings.items())
        zones = (self.timezone, *sorted(self.zones.items())) if self.zones else self.timezone
        parts = (connection.source, listings, zones, connection.end_is_last_night)
        return hashlib.sha256(repr(parts).encode()).hexdigest()


def standpoints(portfolio: Portfolio) -> dict[str, Standpoint]:
    """The standpoint of each connection that serves a listing, by its id."""
    zones = {listing.slug: listing.timezone for listing in portfolio.listings}
    return {
        connection.id: Standpoint(
            connection,
            zones[min(connection.served)],
            {unit: zones[slug] for unit, slug in connection.listings.items()},
        )
        for connection in portfolio.connections
        if connection.served
    }
