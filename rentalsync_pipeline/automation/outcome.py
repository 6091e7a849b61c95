"""What a run did, as its steps told Dagster.

Belongs here: reading a run's own metadata back. Does not: making it (`assets`), showing it (`cli`). A sync
in which nothing happened makes no new snapshot, so the run is the one place that always has its numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import dagster as dg

from rentalsync_pipeline.assets import keys
from rentalsync_pipeline.core.verdict import TROUBLED

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The numbers of one sync; of a run that failed, those of the steps that it came through.

    `connections` is its sync log, a row a connection and trouble first; `changes` are ranges of nights
    that became busy or free. Both have at most as many rows as the UI shows.
    """

    asked: int = 0
    postponed: int = 0
    connections: Sequence[Row] = ()
    changes: Sequence[Row] = ()
    changed_ranges: int = 0
    feeds_written: int = 0
    feeds_removed: int = 0

    @property
    def troubled(self) -> list[Row]:
        """The connections whose answer could not be used, or not as it was."""
        return [row for row in self.connections if row["verdict"] in TROUBLED]


def outcome(events: Iterable[dg.DagsterEvent]) -> Outcome:
    """What the steps of a sync told, out of everything that its run logged."""
    told = {
        event.asset_key: event.step_materialization_data.materialization.metadata
        for event in events
        if event.is_step_materialization and event.partition is None
    }

    def value(step: str, name: str, otherwise: Any = 0) -> Any:
        found = told.get(keys.key(step), {}).get(name)
        return otherwise if found is None else found.value

    def rows(step: str, name: str) -> list[Row]:
        table = value(step, name, otherwise=None)
        return [record.data for record in table.records] if table else []

    return Outcome(
        asked=value("raw_bookings", "asked"),
        postponed=value("raw_bookings", "postponed"),
        connections=rows("bookings", "sync_log"),
        changes=rows("stays", "changed_nights"),
        changed_ranges=value("stays", "changed_ranges"),
        feeds_written=value("feeds", "written"),
        feeds_removed=value("feeds", "removed"),
    )
