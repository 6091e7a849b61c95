"""The tables as the operations see them: frozen values, without a secret.

Belongs here: rows to `core.portfolio` values, defaults filled in. Does not: the document that `apply`
compares (`rows`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import time, timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, RowMapping, select

from rentalsync_pipeline.control import feed_addresses
from rentalsync_pipeline.control.schema import (
    ConnectionRow,
    IntegrationRow,
    ListingRow,
    MappingRow,
    SettingRow,
    table_of,
)
from rentalsync_pipeline.control.written.pointing import Pointing
from rentalsync_pipeline.control.written.variables import REFERENCE
from rentalsync_pipeline.core import portfolio as core

_SETTINGS: Mapping[str, tuple[str, Callable[[Any], Any]]] = {
    "public_url": ("public_url", str),
    "interval": ("interval", lambda seconds: timedelta(seconds=seconds)),
    "retention_days": ("retention", lambda days: timedelta(days=days)),
    "fetch_budget": ("fetch_budget", lambda seconds: timedelta(seconds=seconds)),
    "user_agent": ("user_agent", str),
    "allow_private": ("allow_private", tuple),
    "past_days": ("past", lambda days: timedelta(days=days)),
}
"""Per stored setting: the field of `core.portfolio.Settings`, and how its value is made."""


def read(connection: Connection, pointing: Pointing) -> core.Portfolio:
    """Everything that is configured, listings and connections by id."""
    settings = _settings(connection)
    mapped: dict[str, dict[str, str]] = defaultdict(dict)
    for mapping in connection.execute(select(table_of(MappingRow)).order_by(MappingRow.upstream)):
        mapped[mapping.connection][mapping.upstream] = mapping.listing
    listings = connection.execute(select(table_of(ListingRow)).order_by(ListingRow.slug)).mappings()
    addresses = feed_addresses.read(connection)
    connections = connection.execute(select(table_of(ConnectionRow)).order_by(ConnectionRow.name)).mappings()
    return core.Portfolio(
        listings=tuple(_listing(row, addresses[row["slug"]]) for row in listings),
        connections=tuple(
            _connection(row, mapped.get(row["name"], {}), settings, pointing) for row in connections
        ),
        settings=settings,
        integrations=MappingProxyType(_integrations(connection)),
    )


def _integrations(connection: Connection) -> dict[str, core.Integration]:
    rows = connection.execute(select(table_of(IntegrationRow)))
    return {row.channel: core.Integration(row.active, row.webhook_url) for row in rows}


def _settings(connection: Connection) -> core.Settings:
    given = connection.execute(select(SettingRow.name, SettingRow.value))
    fields = {_SETTINGS[name][0]: _SETTINGS[name][1](value) for name, value in given}
    return core.Settings(**fields)


def _listing(row: RowMapping, address: Mapping[str, Any]) -> core.Listing:
    return core.Listing(
        slug=row["slug"],
        name=row["name"],
        timezone=row["timezone"],
        check_in=time.fromisoformat(row["check_in"]),
        check_out=time.fromisoformat(row["check_out"]),
        enabled=row["enabled"],
        sync=row["sync"],
        feed=core.FeedOptions(
            token=row["token"],
            style=core.Style(row["style"]),
            audiences=None if row["audiences"] is None else tuple(row["audiences"]),
            blocks=core.Blocks(row["blocks"]),
            address=address["address"],
            generation=address["generation"],
            overlap_until=address["overlap_until"],
            channels=tuple(address["channels"]),
        ),
        fields=tuple(core.Field(*field) for field in row["fields"]),
        rooms=tuple(row["rooms"]),
    )


def _connection(
    row: RowMapping, mapped: Mapping[str, str], settings: core.Settings, pointing: Pointing
) -> core.Connection:
    host, source = _points_at(row, pointing)
    interval, imports = row["interval"], row["imports"]
    return core.Connection(
        id=row["name"],
        channel=row["channel"],
        source=source,
        host=host,
        listing=row["listing"],
        listings=MappingProxyType(mapped),
        base_url=row["base_url"],
        interval=settings.interval if interval is None else timedelta(seconds=interval),
        absence=core.AbsencePolicy(
            misses=row["misses"],
            wait=timedelta(seconds=row["wait"]),
            quarantine=timedelta(seconds=row["quarantine"]),
        ),
        imports=imports if isinstance(imports, str) else tuple(imports),
        end_is_last_night=row["end_is_last_night"],
        enabled=row["enabled"],
        acknowledge=row["acknowledge"],
    )


def _points_at(row: RowMapping, pointing: Pointing) -> tuple[str, str]:
    """Host and digest as stored, but a variable's as it is now: it may have changed since `apply`."""
    if row["url"] and REFERENCE.fullmatch(row["url"]):
        now = pointing.at(row["channel"], row["url"], row["base_url"])
        if now is not None:
            return now
    return row["host"], row["source"]
