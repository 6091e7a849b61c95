"""What changed, night by night, in what was published, and why.

Belongs here: reading the night-level difference of every version of every feed. Does not: why a night is as
it is now (`explain`). What a channel writes without meaning anything is not in it: nights are compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import groupby
from operator import itemgetter
from types import MappingProxyType

from rentalsync_pipeline.control.store import ControlStore
from rentalsync_pipeline.core.absence import CAUSES
from rentalsync_pipeline.core.portfolio import Portfolio
from rentalsync_pipeline.operations.batching import local_days
from rentalsync_pipeline.operations.reading import Row, Rows, find_listing, snapshot
from rentalsync_pipeline.operations.stores import Run, Stores
from rentalsync_pipeline.warehouse.moments import aware, utc


class Turn(StrEnum):
    """Why nights changed in a feed, where no `core.absence.Cause` did it."""

    NEW = "new"
    BACK = "back"
    MOVED = "moved"
    NOT_SHOWN = "not_shown"
    ROLLED_BACK = "rolled_back"


WHY: Mapping[str, str] = MappingProxyType(
    {
        Turn.NEW: "it was sold or closed",
        Turn.BACK: "it is back",
        Turn.MOVED: "its dates changed",
        Turn.NOT_SHOWN: "it is another one's copy by now, or this feed shows it no more",
        Turn.ROLLED_BACK: "the feed was rolled back, or that was ended",
        **{cause.value: words for cause, words in CAUSES.items()},
    }
)
"""Each cause in words."""


@dataclass(frozen=True, slots=True)
class NightsChanged:
    """The nights from `first_night` to `last_night`, both included, that became busy or free.

    `feeds` are the audiences whose feeds changed so, with the number of the version that did it (`versions`).
    `stay` is the UID in these feeds, `channel` who sold it.
    """

    listing: str
    first_night: date
    last_night: date
    busy: bool
    changed: datetime
    run_id: str | None
    stay: str
    channel: str | None
    kind: str | None
    cause: str
    why: str
    feeds: Mapping[str, int | None]


def changes(control: ControlStore, since: datetime, listing: str | None = None) -> list[NightsChanged]:
    """All changes since that moment, the newest first; raises `UnknownError` for a listing there isn't."""
    portfolio = control.portfolio()
    if listing is not None:
        find_listing(portfolio, listing)
    with snapshot(control.home) as rows:
        return _changes(rows, portfolio, since, None if listing is None else [listing])


def changes_of(stores: Stores, run: Run, most: int) -> list[NightsChanged]:
    """What the feeds that a run published turned busy or free; `most` bounds the listings and the ranges."""
    with stores.warehouse() as warehouse:
        listings = [row["listing"] for row in warehouse.rows("report_published", run_id=run.id, most=most)]
        if not listings:
            return []
        return _changes(warehouse.rows, stores.control.portfolio(), run.now, listings)[:most]


_SAME = itemgetter("changed", "listing", "first_night", "last_night", "stay", "busy", "cause")


def _changes(
    rows: Rows, portfolio: Portfolio, since: datetime, listings: list[str] | None
) -> list[NightsChanged]:
    turned = list(_ahead(rows("read_changes", since=utc(since), listings=listings), portfolio))
    turned.sort(key=_SAME)
    numbers = _numbers(rows, {row["listing"] for row in turned})
    found = [_changed(list(group), numbers) for _, group in groupby(turned, key=_SAME)]
    return sorted(found, key=lambda each: each.changed, reverse=True)


def _ahead(turned: Iterable[Row], portfolio: Portfolio) -> Iterator[Row]:
    """Without the nights that were over, by the listing's clock: nobody can sell them."""
    day_of = local_days(portfolio)
    for row in turned:
        today = day_of(row["listing"], aware(row["changed"]))
        if row["last_night"] >= today:
            yield row | {"first_night": max(row["first_night"], today)}


def _numbers(rows: Rows, listings: Iterable[str]) -> Mapping[tuple[str, str, datetime], int]:
    """The number of each version by listing, audience and the moment it was made."""
    found = rows("read_versions", listings=sorted(listings))
    return {(row["listing"], row["audience"], row["since"]): row["version"] for row in found}


def _changed(same: Sequence[Row], numbers: Mapping[tuple[str, str, datetime], int]) -> NightsChanged:
    row = same[0]
    feeds = {
        each["audience"]: numbers.get((each["listing"], each["audience"], each["changed"])) for each in same
    }
    return NightsChanged(
        listing=row["listing"],
        first_night=row["first_night"],
        last_night=row["last_night"],
        busy=row["busy"],
        changed=aware(row["changed"]),
        run_id=row["run_id"],
        stay=row["stay"],
        channel=row["channel"],
        kind=row["kind"],
        cause=row["cause"],
        why=WHY[row["cause"]],
        feeds=feeds,
    )
