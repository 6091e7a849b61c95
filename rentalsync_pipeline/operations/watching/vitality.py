"""Whether the stores answer: what a machine asks every few seconds.

Belongs here: one question to each store that readers need. Does not: whether what they say is well
(`status`, `doctor`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from rentalsync_pipeline.control.store import ControlStore
from rentalsync_pipeline.operations.reading import snapshot
from rentalsync_pipeline.publishing.manifest import NAME
from rentalsync_pipeline.publishing.store import FeedStore


def ailments(control: ControlStore, feeds: str) -> list[str]:
    """What is wrong with the stores, in words without a path or an address; nothing where all is well."""
    return list(_ailments(control, feeds))


def _ailments(control: ControlStore, feeds: str) -> Iterator[str]:
    questions: Mapping[str, Callable[[], object]] = {
        "the control store": control.last_sync,
        "the snapshot": lambda: _read_snapshot(control),
        "the feeds": lambda: FeedStore(feeds).read(NAME),
    }
    for store, ask in questions.items():
        try:
            ask()
        except Exception as error:
            yield f"{store} does not answer ({type(error).__name__})"


def _read_snapshot(control: ControlStore) -> None:
    with snapshot(control.home) as rows:
        rows("count_bookings")
