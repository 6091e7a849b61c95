"""What is wrong now, of all that is worth waking somebody.

Belongs here: a finder for each matter, from the stores to troubles. Does not: whether it was said before
(`core.alerts`), runs that fail, of which no step of theirs can tell (`operations.watching.telling`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import chain

from rentalsync_pipeline.channels.registry import titles
from rentalsync_pipeline.core.alerts import Matter, Trouble, is_mass
from rentalsync_pipeline.core.conflicts import Certainty
from rentalsync_pipeline.operations.looking.conflicts import conflicts
from rentalsync_pipeline.operations.looking.shut import shut_listings
from rentalsync_pipeline.operations.stores import Run, Stores
from rentalsync_pipeline.operations.syncing.drift import new_shapes
from rentalsync_pipeline.operations.syncing.rendering import BARE
from rentalsync_pipeline.operations.watching.status import is_overdue, standings

_RECENTLY = timedelta(days=7)
"""For so long a drift that no place took is tried again."""
_CONFLICTS = {
    Certainty.CERTAIN: Matter.CONFLICT,
    Certainty.POSSIBLE: Matter.POSSIBLE_CONFLICT,
}


def troubles(stores: Stores, run: Run) -> list[Trouble]:
    """All troubles at the end of a sync, whose snapshot has been taken."""
    return list(chain.from_iterable(find(stores, run) for find in _FINDERS))


def _stale(stores: Stores, run: Run) -> Iterator[Trouble]:
    for each in standings(stores.control, run.now):
        if is_overdue(each):
            who = f"{each.connection} ({titles().get(each.channel, each.channel)})"
            since = f"since {each.last_ok:%Y-%m-%d %H:%M} UTC" if each.last_ok else "yet"
            why = f": {each.message}" if each.message else ""
            text = f"{who} has given no good answer {since}{why}. Nights that it told of stay busy."
            yield Trouble(Matter.STALE, each.connection, text)


def _conflicts(stores: Stores, run: Run) -> Iterator[Trouble]:
    for each in conflicts(stores.control, run.now):
        if each.certainty in _CONFLICTS:
            yield Trouble(_CONFLICTS[each.certainty], str(each.id), each.words)


def _shut(stores: Stores, _run: Run) -> Iterator[Trouble]:
    for each in shut_listings(stores.home):
        yield Trouble(Matter.SHUT, each.listing, each.words)


def _unreadable(stores: Stores, run: Run) -> Iterator[Trouble]:
    with stores.warehouse() as warehouse:
        read = warehouse.rows("report_unreadable")
    for row in read:
        if is_mass(row["rejected"], row["events"]):
            counts = f"{row['rejected']} of {row['events']} events"
            text = (
                f"{counts} of {row['connection']} could not be read. They keep the nights last known of them."
            )
            yield Trouble(Matter.UNREADABLE, row["connection"], text)


def _cut(stores: Stores, run: Run) -> Iterator[Trouble]:
    with stores.warehouse() as warehouse:
        listings = warehouse.rows("report_cut", bare=BARE, today=run.now.date())
    for row in listings:
        text = (
            f"Events of {row['listing']} ({row['audiences']}) are published as `{BARE}`, with their dates "
            "alone: their text held an e-mail address or a phone number."
        )
        yield Trouble(Matter.PERSONAL_DATA, row["listing"], text)


def _drift(stores: Stores, run: Run) -> Iterator[Trouble]:
    for row in new_shapes(stores, run.now - _RECENTLY):
        text = (
            f"{row['connection']} shows a {row['what']} that was never seen of it: `{row['shape']}`. "
            "See whether its nights are right."
        )
        yield Trouble(Matter.DRIFT, f"{row['scope']} {row['what']} {row['shape']}", text)


_FINDERS: tuple[Callable[[Stores, Run], Iterator[Trouble]], ...] = (
    _conflicts,
    _stale,
    _shut,
    _unreadable,
    _cut,
    _drift,
)
"""In the order in which a message has them."""
