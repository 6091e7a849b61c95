"""Dagster's records of our runs, which it keeps for ever by itself.

Belongs here: which of them go, and removing them whole. Does not: when (`maintenance`). On an instance that
we share, runs of others are not touched.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import dagster as dg

from rentalsync_pipeline.assets import keys
from rentalsync_pipeline.control.home import Home

_ENDED = [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED]
_KEPT = timedelta(days=30)
_QUIET_KEPT = timedelta(days=1)
"""How long records are kept; most syncs change nothing, and their records are most of the log."""
_SHARD = ("", "-wal", "-shm", "-journal")
"""The files of an SQLite database."""


def old_runs(instance: dg.DagsterInstance, home: Home, now: datetime) -> list[str]:
    """Runs of this home that ended long ago, but those that an asset or a partition still speaks of."""
    ours = {keys.HOME_TAG: str(home.path)}
    old = {
        record.dagster_run.run_id
        for tags, kept in ((ours, _KEPT), (ours | {keys.QUIET_TAG: "true"}, _QUIET_KEPT))
        for record in instance.get_run_records(
            dg.RunsFilter(tags=tags, statuses=_ENDED, created_before=now - kept)
        )
    }
    return sorted(old - set(_spoken_of(instance))) if old else []


def _spoken_of(instance: dg.DagsterInstance) -> Iterator[str]:
    """Deleting a run deletes its materializations; the last of each asset and partition is kept."""
    for asset in instance.all_asset_keys():
        if asset.path[0] != keys.PREFIX:
            continue
        latest = instance.event_log_storage.get_latest_storage_id_by_partition(
            asset, dg.DagsterEventType.ASSET_MATERIALIZATION
        )
        if last := instance.get_latest_materialization_event(asset):
            yield last.run_id
        if ids := list(latest.values()):
            chosen = dg.AssetRecordsFilter(asset_key=asset, storage_ids=ids)
            for record in instance.fetch_materializations(chosen, limit=len(ids)).records:
                yield record.run_id


def delete_run(instance: dg.DagsterInstance, run_id: str) -> None:
    """Delete a run with its log and, where it has a database of its own, that file: Dagster leaves it."""
    instance.delete_run(run_id)
    if locate := getattr(instance.event_log_storage, "path_for_shard", None):
        for ending in _SHARD:
            Path(f"{locate(run_id)}{ending}").unlink(missing_ok=True)
