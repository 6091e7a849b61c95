"""What the steps of a run are handed: the stores of one home, locked for the length of the run.

Belongs here: from run config to `Stores` and `Run`, and taking over from runs that were killed. Does not:
finding a home (`control.home`), the lock itself (`operations.lock`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import dagster as dg
from pydantic import Field, PrivateAttr

from rentalsync_pipeline.assets.keys import HOME_TAG
from rentalsync_pipeline.control.home import find_feeds, find_home
from rentalsync_pipeline.operations.lock import sync_lock
from rentalsync_pipeline.operations.stores import Run, Scope, Stores

_ALIVE = [dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.CANCELING]


class Sync(dg.ConfigurableResource[Any]):
    """One home, and what a run does with it; empty fields mean everything, now, as the commands find it."""

    home: str = Field(default="", description="The home folder; else RENTALSYNC_HOME, else the nearest one.")
    feeds: str = Field(default="", description="Where feeds go: a folder or a bucket's URL.")
    connections: list[str] = Field(default=[], description="Ask only these connections.")
    listings: list[str] = Field(default=[], description="Ask only what serves these listings.")
    due_only: bool = Field(default=False, description="Leave out what was asked within its interval.")
    as_of: str = Field(default="", description="The clock of this run: an ISO 8601 moment with its offset.")
    asked_by: str = Field(default="the Dagster UI", description="Who wanted this run.")
    wait_seconds: float = Field(default=120, description="How long to wait for another sync to end.")

    _stores: Stores | None = PrivateAttr(default=None)
    _run: Run | None = PrivateAttr(default=None)

    @property
    def stores(self) -> Stores:
        """The stores of the home, while the run lasts."""
        if self._stores is None:
            raise RuntimeError("the stores are open only while a run lasts")
        return self._stores

    @property
    def run(self) -> Run:
        """The run, as the operations know it."""
        if self._run is None:
            raise RuntimeError("there is no run")
        return self._run

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator[Sync]:
        """Lock the home, end what died holding it, and open its stores."""
        home = find_home(self.home or None)
        with sync_lock(home.lock, self.wait_seconds):
            run_id = context.run.run_id if context.run else "no run"
            if context.instance and context.run:
                context.instance.add_run_tags(run_id, {HOME_TAG: str(home.path)})
                _end_the_dead(context.instance, str(home.path), run_id)
            self._run = self._begin(run_id)
            stores = Stores.open(home, find_feeds(home, self.feeds or None))
            try:
                with stores.warehouse() as warehouse:
                    self._stores = replace(stores, opened=warehouse)
                    yield self
            finally:
                self._stores = None
                stores.control.close()

    def _begin(self, run_id: str) -> Run:
        now = datetime.fromisoformat(self.as_of) if self.as_of else datetime.now(UTC)
        scope = Scope(tuple(self.connections), tuple(self.listings), self.due_only)
        return Run(run_id, now.astimezone(UTC), self.asked_by, scope, fixed=bool(self.as_of))


def _end_the_dead(instance: dg.DagsterInstance, home: str, own: str) -> None:
    """Mark as failed what still claims to run on this home: we hold its lock, so it is dead."""
    alive = dg.RunsFilter(statuses=_ALIVE, tags={HOME_TAG: home})
    for run in instance.get_runs(alive):
        if run.run_id != own:
            instance.report_run_failed(run, "its process ended; another run took over")
