"""Listings in batches, each with its day.

Belongs here: what every step that works through listings needs. Does not: which ones wait (`families`,
`publish`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from itertools import islice
from typing import TypeVar
from zoneinfo import ZoneInfo

from rentalsync_pipeline.core.portfolio import Portfolio

_Item = TypeVar("_Item")


def local_days(portfolio: Portfolio) -> Callable[[str, datetime], date]:
    """From a listing and a moment to its local day; one that is not configured any more counts in UTC."""
    zones = {listing.slug: ZoneInfo(listing.timezone) for listing in portfolio.listings}
    return lambda slug, moment: moment.astimezone(zones.get(slug, UTC)).date()


def todays(portfolio: Portfolio, listings: Iterable[str], now: datetime) -> Iterator[tuple[str, date]]:
    """Each listing with its local day."""
    day_of = local_days(portfolio)
    return ((slug, day_of(slug, now)) for slug in listings)


def batches(items: Iterable[_Item], size: int) -> Iterator[list[_Item]]:
    """The items in lists of at most `size`."""
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch
