"""Names in Dagster: asset keys, groups, partitions, jobs. A written contract, pinned by a test.

All bear our prefix, because asset keys and dynamic partition sets are global to a Dagster instance and we
may be a guest on somebody else's.
"""

from __future__ import annotations

import dagster as dg

PREFIX = "rentalsync"
OWNERS = ["team:hosts"]

CHANNELS = "channels"
MANAGERS = "managers"
"""Channels that have no calendar: whoever has none of them sees one box for all."""
INGEST = "ingest"
MODEL = "model"
PUBLISH = "publish"
INSIGHT = "insight"
"""Groups, in the order in which the data passes them."""

SYNC = "sync"
REBUILD = "rebuild_feeds"
DECIDE = "decide_quarantine"
MAINTENANCE = "maintenance"
"""Jobs."""

HOME_TAG = "rentalsync/home"
"""Run tag: which home a run works on, so that nobody touches the runs of another."""
ASKED_TAG = "rentalsync/asked_by"
"""Run tag: who asked for a sync that did not start by the clock."""
PROCESS_TAG = "rentalsync/process"
"""Run tag: the number of the process that a run is."""
QUIET_TAG = "rentalsync/quiet"
"""Run tag: a sync in which nothing happened that a reader would miss."""

LISTINGS = dg.DynamicPartitionsDefinition(name="rentalsync_listings")


def key(name: str) -> dg.AssetKey:
    """The asset key of that name."""
    return dg.AssetKey([PREFIX, name])


def connections_of(channel: str) -> dg.DynamicPartitionsDefinition:
    """The partitions of a channel: its connections."""
    return dg.DynamicPartitionsDefinition(name=f"rentalsync_{channel}")
