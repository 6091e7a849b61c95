"""What came of each sync of a channel, all its connections taken together.

Belongs here: reading it. Does not: single answers of a connection (`sync_log`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from rentalsync_pipeline.control.home import Home
from rentalsync_pipeline.core.verdict import Failure, Reason
from rentalsync_pipeline.operations.looking.sync_log import Outcome
from rentalsync_pipeline.operations.reading import Row, snapshot
from rentalsync_pipeline.warehouse.moments import aware


@dataclass(frozen=True, slots=True)
class Synced:
    """One sync of a channel. `errors` name the connection, what was wrong with its answer and what to do."""

    run_id: str
    asked_by: str | None
    started: datetime
    ended: datetime
    outcome: Outcome
    created: int
    updated: int
    errors: tuple[str, ...]


def sync_history(
    home: Home, channels: Collection[str], most: int, skipped: int = 0, connection: str | None = None
) -> dict[str, list[Synced]]:
    """Up to `most` syncs of each channel, the newest first, after those that are `skipped`."""
    found = defaultdict[str, list[Synced]](list)
    with snapshot(home) as rows:
        asked = {"channels": list(channels), "connection": connection, "most": most, "skipped": skipped}
        for row in rows("read_sync_history", **asked):
            found[row["channel"]].append(_synced(row))
    return found


def _synced(row: Row) -> Synced:
    return Synced(
        run_id=row["run_id"],
        asked_by=row["asked_by"],
        started=aware(row["started"]),
        ended=aware(row["ended"]),
        outcome=_outcome(row),
        created=row["created"],
        updated=row["updated"],
        errors=tuple(_error(*each) for each in row["reasons"] or ()),
    )


def _outcome(row: Row) -> Outcome:
    if row["failed"] == row["answers"]:
        return Outcome.ERROR
    return Outcome.PARTIAL if row["failed"] or row["doubtful"] else Outcome.SUCCESS


def _error(connection: str, reason: str, detail: str) -> str:
    return f"{connection}: {Failure(Reason(reason), detail).message}"
