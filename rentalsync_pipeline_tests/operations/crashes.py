"""Letting a sync die at a chosen point, and what must be equal afterwards.

The points are those before a commit of the warehouse and before each deed outside of it: what lies between
two of them leaves nothing. Run as a program, it kills itself by SIGKILL at one of them.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import Any

import pytest

from rentalsync_pipeline.control.store import ControlStore
from rentalsync_pipeline.publishing.store import FeedStore
from rentalsync_pipeline.warehouse.spool import Spool
from rentalsync_pipeline.warehouse.warehouse import Warehouse
from rentalsync_pipeline_tests.operations.town import Town

DEEDS: list[tuple[type, str]] = [
    (ControlStore, "save_states"),
    (ControlStore, "finish"),
    (Spool, "clear"),
    (FeedStore, "write"),
    (FeedStore, "remove"),
    (Warehouse, "export"),
]

TRUTH = {
    "bookings": "* EXCLUDE (run_id, fetch_id)",
    "booking_versions": "* EXCLUDE (run_id, fetch_id)",
    "records": "* EXCLUDE (run_id, fetch_id)",
    "stays": "* EXCLUDE (run_id)",
    "stay_sources": "* EXCLUDE (run_id)",
    "conflicts": "* EXCLUDE (run_id, conflict)",
    "changes": "* EXCLUDE (run_id)",
    "feed_events": "* EXCLUDE (run_id)",
    "feed_versions": "* EXCLUDE (run_id)",
    "work": "*",
    "fetches": "count(*), sum(created), sum(updated), sum(cancelled)",
}
"""What must not tell that a sync died: per table, all but the run that wrote a row."""


class Died(BaseException):
    """Not an `Exception`, so that nothing takes it for a fault of one connection."""


@contextmanager
def dying_at(point: int, die: Callable[[], None]) -> Iterator[list[str]]:
    """Let whatever happens within die at a point; gives the names of the points that were passed."""
    passed: list[str] = []

    def pass_by(name: str) -> None:
        passed.append(name)
        if len(passed) == point:
            die()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Warehouse, "transaction", _counting_commits(Warehouse.transaction, pass_by))
        for owner, name in DEEDS:
            patch.setattr(owner, name, _counting(getattr(owner, name), pass_by))
        yield passed


def _counting(method: Callable[..., Any], pass_by: Callable[[str], None]) -> Callable[..., Any]:
    @wraps(method)
    def counted(*arguments: Any, **options: Any) -> Any:
        pass_by(f"before {method.__qualname__}")
        return method(*arguments, **options)

    return counted


def _counting_commits(
    transaction: Callable[[Warehouse], AbstractContextManager[None]], pass_by: Callable[[str], None]
) -> Callable[[Warehouse], AbstractContextManager[None]]:
    @contextmanager
    def counted(warehouse: Warehouse) -> Iterator[None]:
        with transaction(warehouse):
            yield
            pass_by("before a commit")

    return counted


def truth(town: Town) -> dict[str, object]:
    """All that is published and known."""
    with town.reading() as table:
        known: dict[str, object] = {
            name: table(f"SELECT {columns} FROM {name} ORDER BY ALL") for name, columns in TRUTH.items()
        }
    known["files"] = {name: octets for name, (octets, _) in town.files().items()}
    known["manifest"] = (town.home.feeds / "manifest.json").read_text()
    known["waiting"] = [request.kind for request in town.stores.control.waiting()]
    known["spool"] = list(town.home.spool.rglob("*"))
    return known


def main(folder: str, now: str, point: str) -> None:
    town = Town(Path(folder))
    town.now, town.runs = datetime.fromisoformat(now), 1000
    with dying_at(int(point), lambda: os.kill(os.getpid(), signal.SIGKILL)):
        town.sync(minutes=0)


if __name__ == "__main__":
    main(*sys.argv[1:])
