"""Listings as machines outside know them: by number, with what they ask of each at a glance.

Belongs here: putting together what the stores know of a listing. Does not: changing it (`configure`), its
feeds one by one (`listings`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from rentalsync_pipeline.control.store import ControlStore
from rentalsync_pipeline.core.portfolio import Connection, Listing
from rentalsync_pipeline.operations.looking.addresses import calendar_url
from rentalsync_pipeline.operations.reading import UnknownError
from rentalsync_pipeline.operations.watching.overview import booking_counts
from rentalsync_pipeline.operations.watching.status import ConnectionStatus, standings


@dataclass(frozen=True, slots=True)
class Unit:
    """A listing. `upstream` is what its first account calls it, else its slug."""

    id: int
    listing: Listing
    upstream: str
    url: str | None
    synced: datetime | None
    """When the slowest of its connections last gave a good answer; `None` while one never did."""
    trouble: str | None
    """What is wrong with the last answer of a connection, and what to do."""
    bookings: int


def catalogue(control: ControlStore, now: datetime) -> list[Unit]:
    """All listings, in the order in which they came."""
    portfolio, secret, keys = control.portfolio(), control.feed_secret(), control.listing_keys()
    counts = booking_counts(control.home)
    standing = {each.connection: each for each in standings(control, now)}

    def unit(listing: Listing) -> Unit:
        mine = [each for each in portfolio.connections if listing.slug in each.served]
        known = [standing[each.id] for each in mine]
        return Unit(
            id=keys[listing.slug],
            listing=listing,
            upstream=_upstream(listing.slug, mine),
            url=calendar_url(secret, listing, portfolio),
            synced=_slowest(known),
            trouble="; ".join(f"{each.connection}: {each.message}" for each in known if each.message) or None,
            bookings=counts.get(listing.slug, 0),
        )

    return sorted(map(unit, portfolio.listings), key=lambda each: each.id)


def find_unit(control: ControlStore, number: int, now: datetime) -> Unit:
    """The listing of that number; raises `UnknownError`."""
    for unit in catalogue(control, now):
        if unit.id == number:
            return unit
    raise UnknownError("Listing not found")


def _upstream(slug: str, connections: Iterable[Connection]) -> str:
    accounts = (
        upstream for each in connections for upstream, mapped in each.listings.items() if mapped == slug
    )
    return next(accounts, slug)


def _slowest(connections: list[ConnectionStatus]) -> datetime | None:
    answered = [each.last_ok for each in connections]
    return None if None in answered else min(filter(None, answered), default=None)
