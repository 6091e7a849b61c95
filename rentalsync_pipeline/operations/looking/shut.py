"""Listings that were closed from end to end at once, in words.

Belongs here: reading them. Does not: when it counts as that (`core.vacancy`), finding them (`match`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rentalsync_pipeline.control.home import Home
from rentalsync_pipeline.core.vacancy import AHEAD
from rentalsync_pipeline.operations.reading import Row, snapshot
from rentalsync_pipeline.warehouse.moments import aware


@dataclass(frozen=True, slots=True)
class Shut:
    """A listing of which nothing is left to sell, though `free_before` nights were before that sync.

    `connections` are those that told of anything new then.
    """

    listing: str
    since: datetime
    free_before: int
    connections: tuple[str, ...]

    @classmethod
    def of(cls, row: Row) -> Shut:
        """From a row of `read_shut`."""
        return cls(row["listing"], aware(row["since"]), row["free_before"], tuple(row["connections"] or ()))

    @property
    def words(self) -> str:
        """What it is, and what to do."""
        by = f" by {', '.join(self.connections)}" if self.connections else ""
        return (
            f"{self.listing}: 100 % of the next {AHEAD} nights are unavailable since "
            f"{self.since:%Y-%m-%d %H:%M} UTC, when {self.free_before} free ones were closed at once{by}. "
            "If nobody meant that, look there: nothing can be sold."
        )


def shut_listings(home: Home) -> tuple[Shut, ...]:
    """All that stand so."""
    with snapshot(home) as rows:
        return tuple(map(Shut.of, rows("read_shut")))
