"""Everything that one sync works with.

Belongs here: opening the stores of a home together, and the facts of one run. Does not: any verb.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime

from rentalsync_pipeline.control.home import Home
from rentalsync_pipeline.control.store import ControlStore
from rentalsync_pipeline.publishing.store import FeedStore
from rentalsync_pipeline.warehouse.bodies import Bodies
from rentalsync_pipeline.warehouse.spool import Spool
from rentalsync_pipeline.warehouse.warehouse import Warehouse


@dataclass(frozen=True, slots=True)
class Stores:
    """The stores of one home."""

    home: Home
    control: ControlStore
    spool: Spool
    bodies: Bodies
    feeds: FeedStore
    opened: Warehouse | None = None
    """The warehouse, where a run holds it open for all its steps."""

    @classmethod
    def open(cls, home: Home, feeds: str) -> Stores:
        """Open what belongs to a home; `feeds` is a folder or a bucket's URL."""
        return cls(
            home=home,
            control=ControlStore.open(home),
            spool=Spool(home.spool),
            bodies=Bodies(home.bodies),
            feeds=FeedStore(feeds),
        )

    def warehouse(self) -> AbstractContextManager[Warehouse]:
        """The warehouse, opened for the length of the block unless the run holds it open."""
        return nullcontext(self.opened) if self.opened else Warehouse.open(self.home.warehouse)


@dataclass(frozen=True, slots=True)
class Scope:
    """What a sync asks for: nothing named means everything; `due_only` leaves out what was asked lately."""

    connections: tuple[str, ...] = ()
    listings: tuple[str, ...] = ()
    due_only: bool = False

    @property
    def is_open(self) -> bool:
        """Whether nothing is named."""
        return not self.connections and not self.listings


@dataclass(frozen=True, slots=True)
class Run:
    """One sync: its id in Dagster, who asked for it, and its clock (UTC).

    `fixed` tells that the clock was set by hand (`--as-of`) and stands still.
    """

    id: str
    now: datetime
    asked_by: str = "a person"
    scope: Scope = Scope()
    fixed: bool = False

    def clock(self) -> datetime:
        """The moment for a fetch's log."""
        return self.now if self.fixed else datetime.now(UTC)
