"""The channels as external assets: where the data comes from, one partition a connection.

Belongs here: one spec a channel that is found in `channels/`, and telling their partitions what happened.
Does not: asking them (`raw_bookings`).
"""

from __future__ import annotations

import dagster as dg

from rentalsync_pipeline.assets import keys
from rentalsync_pipeline.assets.resources import Sync
from rentalsync_pipeline.channels.registry import calendars, channels
from rentalsync_pipeline.core.portfolio import Portfolio
from rentalsync_pipeline.core.verdict import TROUBLED
from rentalsync_pipeline.operations.syncing import reports

SOURCES = [
    dg.AssetSpec(
        keys.key(channel.name),
        group_name=keys.CHANNELS if channel.name in calendars() else keys.MANAGERS,
        description=f"{channel.title}. {channel.description} A partition a connection: its sync log.",
        partitions_def=keys.connections_of(channel.name),
        kinds={"ical" if channel.name in calendars() else "api"},
        owners=keys.OWNERS,
    )
    for channel in channels().values()
]


def reconcile_partitions(instance: dg.DagsterInstance, portfolio: Portfolio) -> None:
    """Make the dynamic partitions what the portfolio is: connections by channel, and listings."""
    wanted = {channel: set[str]() for channel in channels()}
    for connection in portfolio.connections:
        wanted[connection.channel].add(connection.id)
    for channel, connections in wanted.items():
        _reconcile(instance, keys.connections_of(channel), connections)
    _reconcile(instance, keys.LISTINGS, {listing.slug for listing in portfolio.listings})


def tell_connections(context: dg.AssetExecutionContext, sync: Sync) -> None:
    """Log an event to the partition of every connection with news or trouble."""
    owed = reports.owed_connections(sync.stores)
    for row in owed:
        event = dg.AssetObservation if row["verdict"] in TROUBLED else dg.AssetMaterialization
        context.log_event(
            event(
                asset_key=keys.key(row["channel"]),
                partition=row["connection"],
                description=row["message"] or None,
                metadata={
                    "verdict": row["verdict"],
                    **({"why": row["message"]} if row["message"] else {}),
                    **{count: row[count] for count in ("created", "updated", "cancelled", "unchanged")},
                    "events": row["events"],
                    "rejected": row["rejected"],
                    "asked": dg.MetadataValue.text(f"{row['started']:%Y-%m-%d %H:%M:%S} UTC"),
                    "seconds": (row["ended"] - row["started"]).total_seconds(),
                },
            )
        )
    reports.told_connections(sync.stores, [row["fetch_id"] for row in owed])


def _reconcile(
    instance: dg.DagsterInstance, partitions: dg.DynamicPartitionsDefinition, wanted: set[str]
) -> None:
    name = str(partitions.name)
    standing = set(instance.get_dynamic_partitions(name))
    if missing := sorted(wanted - standing):
        instance.add_dynamic_partitions(name, missing)
    for gone in standing - wanted:
        instance.delete_dynamic_partition(name, gone)
