"""Nights whose connection goes, or is gone: they stay busy, and somebody should know.

Belongs here: counting them. Does not: orphaning (`reconfigure`), letting go of them (`apply`).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from rentalsync_pipeline.control.store import ControlStore
from rentalsync_pipeline.core.absence import State
from rentalsync_pipeline.operations.reading import snapshot


@dataclass(frozen=True, slots=True)
class NightsAhead:
    """How many future nights of a listing a connection speaks for."""

    listing: str
    connection: str
    nights: int


def orphaned(control: ControlStore, now: datetime) -> list[NightsAhead]:
    """Future nights that stay busy although the connection that told of them is gone."""
    return _ahead(control, now, State.ORPHANED)


def held(control: ControlStore, connections: Collection[str], now: datetime) -> list[NightsAhead]:
    """Future nights of these connections, which would be orphaned if they went."""
    ahead = _ahead(control, now, State.PRESENT, State.MISSING)
    return [nights for nights in ahead if nights.connection in connections]


def _ahead(control: ControlStore, now: datetime, *states: State) -> list[NightsAhead]:
    with snapshot(control.home) as rows:
        return [NightsAhead(**row) for row in rows("read_ahead", today=now.date(), states=list(states))]
