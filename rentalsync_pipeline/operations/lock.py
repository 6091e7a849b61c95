"""One sync at a time, on this machine.

Belongs here: the file lock that dies with its process. Does not: what a sync does with the runs of those
that died (`assets.lock`). Dagster's own pools won't do: a slot of a killed run stays taken for ever.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout


class SyncRunning(RuntimeError):
    """Another sync of this home is running."""

    def __init__(self) -> None:
        super().__init__("another sync of this home is running; it will be done in a moment, try again then")


@contextmanager
def sync_lock(path: Path, wait: float = 0) -> Iterator[None]:
    """Hold the home for the length of a sync.

    Raises `SyncRunning` when another process has held it for `wait` seconds.
    """
    try:
        with FileLock(path, timeout=wait):
            yield
    except Timeout:
        raise SyncRunning from None


def is_held(path: Path) -> bool:
    """Whether a sync is running now."""
    try:
        with sync_lock(path):
            return False
    except SyncRunning:
        return True
