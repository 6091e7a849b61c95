"""Letting somebody watch a long verb.

Belongs here: the way from a verb to whoever looks on, over Dagster's head. Does not: bars and colours
(`cli`). Nobody watching costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Progress = Callable[[int, int], None]
"""Told (done, of how many) while a verb works."""

Watcher = Callable[[str, int, int], None]
"""Told (what, done, of how many)."""

_watcher: ContextVar[Watcher | None] = ContextVar("watcher", default=None)


@contextmanager
def watched_by(watcher: Watcher) -> Iterator[None]:
    """Let `watcher` see the progress of what runs within."""
    token = _watcher.set(watcher)
    try:
        yield
    finally:
        _watcher.reset(token)


def progress_of(what: str) -> Progress:
    """The progress of one verb, for whoever watches."""
    watcher = _watcher.get()

    def tell(done: int, total: int) -> None:
        if watcher:
            watcher(what, done, total)

    return tell


def silent(_done: int, _total: int) -> None:
    """Nobody is watching."""
