"""The Dagster instance of a home.

Belongs here: opening it, safely also for the first time. Does not: its settings
(`operations.configuring.setup` writes its dagster.yaml), what runs on it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg
from filelock import FileLock

from rentalsync_pipeline.control.home import Home


@contextmanager
def instance_of(home: Home) -> Iterator[dg.DagsterInstance]:
    """The instance in `DAGSTER_HOME`, or where that is not set the home's own.

    One process at a time may open it: two that find it fresh both migrate it, and its database has two heads
    from then on (3 of 5 tries; dagster#27390).
    """
    os.environ.setdefault("DAGSTER_HOME", str(home.dagster))
    with FileLock(home.path / "dagster.lock"):
        instance = dg.DagsterInstance.get()
    with instance:
        yield instance
