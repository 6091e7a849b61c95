"""Listings in batches, each with its day.

Belongs here: what every step that works through listings needs. Does not: which ones wait (`families`,
`publish`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import islice
from typing import TypeVar
from zoneinfo import ZoneInfo

from rentalsync_pipeline.core.portfolio import Portfolio

_Item = TypeVar("_Item")


def todays(portfolio: Portfolio, listings: Iterable[str], now: datetime) -> Iterator[tuple[str, date]]:
    """Each listing with its local day; one that is not configured any more counts in UTC."""
    zones = {listing.slug: listing.timezone for listing in portfolio.listings}
    days: dict[str, date] = {}
    for slug in listings:
        zone = zones.get(slug, "UTC")
        if zone not in days:
            days[zone] = now.astimezone(ZoneInfo(zone)).date()
        yield slug, days[zone]


def batches(items: Iterable[_Item], size: int) -> Iterator[list[_Item]]:
    """The items in lists of at most `size`."""
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch
