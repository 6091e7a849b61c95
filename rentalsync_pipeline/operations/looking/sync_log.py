"""The sync log of a connection: what came of asking it, again and again.

Belongs here: reading it. Does not: what a run as a whole did (`reports`), how it stands now (`status`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rentalsync_pipeline.control.home import Home
from rentalsync_pipeline.core.verdict import Failure, Reason, Verdict
from rentalsync_pipeline.operations.reading import Row, snapshot
from rentalsync_pipeline.warehouse.moments import aware


class Outcome(StrEnum):
    """What came of it."""

    SUCCESS = "success"
    PARTIAL = "partial"
    """Some of the answer could not be read, or all of it is doubted: nothing that it lacks is taken away."""
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Logged:
    """One answer of a connection.

    `fetched` are the events or reservations in it, `rejected` those of them that could not be read.
    """

    connection: str
    run_id: str
    started: datetime
    ended: datetime
    outcome: Outcome
    is_quarantined: bool
    fetched: int
    created: int
    updated: int
    cancelled: int
    unchanged: int
    rejected: int
    error: str | None


def sync_log(home: Home, connection: str | None, most: int, skipped: int = 0) -> list[Logged]:
    """Up to `most` entries of a connection, or of all, the newest first, after those that are `skipped`.

    As readers see it: answers that said nothing new appear with the next that does.
    """
    with snapshot(home) as rows:
        return [
            _logged(row) for row in rows("read_sync_log", connection=connection, most=most, skipped=skipped)
        ]


def _logged(row: Row) -> Logged:
    reason = row["reason"]
    return Logged(
        connection=row["connection"],
        run_id=row["run_id"],
        started=aware(row["started"]),
        ended=aware(row["ended"]),
        outcome=_outcome(Verdict(row["verdict"]), row["rejected"]),
        is_quarantined=row["verdict"] == Verdict.QUARANTINED,
        fetched=row["events"],
        created=row["created"],
        updated=row["updated"],
        cancelled=row["cancelled"],
        unchanged=row["unchanged"],
        rejected=row["rejected"],
        error=Failure(Reason(reason), row["detail"] or "").message if reason else None,
    )


def _outcome(verdict: Verdict, rejected: int) -> Outcome:
    if verdict is Verdict.FAILED:
        return Outcome.ERROR
    return Outcome.PARTIAL if verdict is Verdict.QUARANTINED or rejected else Outcome.SUCCESS
