"""The past as a home has kept it: its syncs, one by one, each as it found the world.

Belongs here: reading the chronicle and the sync log, from a copy of the warehouse, so that no sync waits.
Does not: writing the chronicle (`chronicle`), letting it happen again (`rerun`).
"""

from __future__ import annotations

import json
import shutil
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from rentalsync_pipeline.control.home import Home
from rentalsync_pipeline.control.written.document import CONNECTIONS
from rentalsync_pipeline.core.portfolio import Portfolio
from rentalsync_pipeline.operations.asking import RENAME
from rentalsync_pipeline.operations.chronicle import Decided, Step, portfolio_of
from rentalsync_pipeline.operations.lock import sync_lock
from rentalsync_pipeline.operations.reading import Row
from rentalsync_pipeline.operations.syncing.doubting import RELEASED
from rentalsync_pipeline.warehouse.moments import aware, utc
from rentalsync_pipeline.warehouse.warehouse import Warehouse

_WAIT = 120
"""Seconds that a copy waits for a running sync."""


@dataclass(frozen=True, slots=True)
class PastRun:
    """A sync, or a rebuilding of feeds: its clock, the steps that it lived to take, and what it found."""

    id: str
    now: datetime
    steps: frozenset[Step]
    portfolio: Portfolio
    decisions: tuple[Decided, ...] = ()


class Past:
    """All runs of a home, and what is kept of each."""

    def __init__(self, warehouse: Warehouse) -> None:
        self.warehouse = warehouse
        self.runs = list(_runs(warehouse))
        self._by_id = {run.id: run for run in self.runs}

    def until(self, moment: datetime) -> list[PastRun]:
        """The runs up to a moment, in their order."""
        return [run for run in self.runs if run.now <= moment]

    def run(self, run_id: str) -> PastRun | None:
        """A run by its id; `None` for one that kept nothing: it is older than the chronicle."""
        return self._by_id.get(run_id)

    def answers(self, runs: Sequence[PastRun]) -> Mapping[str, list[Row]]:
        """What these runs took in, by their ids.

        What a person released is left out: the decision brings it again.
        """
        found = defaultdict[str, list[Row]](list)
        for row in self.warehouse.rows("past_answers", runs=[run.id for run in runs]):
            if not row["fetch_id"].startswith(RELEASED):
                found[row["run_id"]].append(row)
        return found

    def contents(self, until: datetime) -> Mapping[str, datetime]:
        """The bodies that the answers up to a moment are read from, each with its last answer."""
        rows = self.warehouse.rows("past_contents", until=utc(until))
        return {row["content"]: aware(row["last"]) for row in rows}

    def names(self, table: str) -> Mapping[str, Mapping[str, str]]:
        """By run: how what has a present name was called then, where that was another one."""
        called: dict[str, str] = {}
        names: dict[str, Mapping[str, str]] = {}
        for run in reversed(self.runs):
            names[run.id] = dict(called)
            for each in reversed(run.decisions):
                if each.kind == RENAME and each.payload["table"] == table:
                    later = {then: now for now, then in called.items()}
                    called[later.get(each.subject, each.subject)] = str(each.payload["old"])
        return names

    def connection_names(self) -> Mapping[str, Mapping[str, str]]:
        """The same of connections: the sync log has their present names."""
        return self.names(CONNECTIONS)


@contextmanager
def past_of(home: Home) -> Iterator[Past]:
    """The past of a home, from a copy of its warehouse that is made while no sync runs.

    Raises `SyncRunning` where one runs for longer than two minutes.
    """
    with TemporaryDirectory(prefix="rentalsync-") as folder:
        copy = Path(folder) / home.warehouse.name
        with sync_lock(home.lock, _WAIT):
            for file in home.path.glob(f"{home.warehouse.name}*"):
                shutil.copyfile(file, copy.with_name(file.name))
        with Warehouse.open(copy) as warehouse:
            yield Past(warehouse)


def _runs(warehouse: Warehouse) -> Iterator[PastRun]:
    decisions = defaultdict[str, list[Decided]](list)
    for row in warehouse.rows("past_decisions"):
        decided = Decided(row["kind"], row["subject"], json.loads(row["payload"]))
        decisions[row["run_id"]].append(decided)
    configured = defaultdict[str, list[Row]](list)
    for row in warehouse.rows("past_configurations"):
        configured[row["run_id"]].append(row)
    parts: dict[tuple[str, str], str] = {}
    for row in warehouse.rows("past_runs"):
        if news := configured[row["run_id"]]:
            parts |= {(each["part"], each["name"]): each["value"] for each in news}
            standing = sorted(key for key, value in parts.items() if value is not None)
            portfolio = portfolio_of([(key[0], parts[key]) for key in standing])
        if parts:
            steps = frozenset(map(Step, row["steps"]))
            run_id = row["run_id"]
            yield PastRun(run_id, aware(row["as_of"]), steps, portfolio, tuple(decisions[run_id]))
