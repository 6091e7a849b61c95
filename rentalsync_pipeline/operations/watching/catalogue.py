"""Listings as machines outside and pages know them: by number, with what they ask of each at a glance.

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
from rentalsync_pipeline.operations.looking.conflicts import conflict_counts
from rentalsync_pipeline.operations.reading import UnknownError
from rentalsync_pipeline.operations.watching.overview import booking_counts
from rentalsync_pipeline.operations.watching.status import ConnectionStatus, Freshness, standings_of

_WORST = (Freshness.OFF, Freshness.OK, Freshness.LATE, Freshness.STALE, Freshness.NEVER)
"""From what says nothing of a listing to what says most."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A listing. `upstream` is what its first account calls it, else its slug."""

    id: int
    listing: Listing
    upstream: str
    url: str | None
    synced: datetime | None
    """When the slowest of those that are asked last gave a good answer; `None` while one never did."""
    freshness: Freshness
    """Of the connection that is worst off; `off` where none is asked."""
    trouble: str | None
    """What is wrong with the last answer of a connection, and what to do."""
    channels: tuple[str, ...]
    bookings: int
    conflicts: int
    """Double bookings that are open and lie ahead."""
    room: tuple[str, str] | None = None
    """Of what could be a listing and is none yet: the account, and what that calls it."""


def catalogue(control: ControlStore, now: datetime) -> list[Unit]:
    """All listings, in the order in which they came."""
    portfolio, secret, keys = control.portfolio(), control.feed_secret(), control.listing_keys()
    counts, contested = booking_counts(control.home), conflict_counts(control.home, now)
    standing = {each.connection: each for each in standings_of(portfolio, control.states(), now)}
    tellers, audiences = portfolio.tellers(), portfolio.audiences()

    def unit(listing: Listing) -> Unit:
        mine = tellers[listing.slug]
        known = [standing[each.id] for each in mine]
        return Unit(
            id=keys[listing.slug],
            listing=listing,
            upstream=_upstream(listing.slug, mine),
            url=calendar_url(secret, listing, audiences[listing.slug], portfolio.settings.public_url),
            synced=_slowest(known),
            freshness=max((each.freshness for each in known), key=_WORST.index, default=Freshness.OFF),
            trouble="; ".join(f"{each.connection}: {each.message}" for each in known if each.message) or None,
            channels=tuple(sorted({each.channel for each in mine})),
            bookings=counts.get(listing.slug, 0),
            conflicts=contested.get(listing.slug, 0),
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
    asked = [each for each in connections if each.freshness is not Freshness.OFF]
    answered = [each.last_ok for each in asked or connections]
    return None if None in answered else min(filter(None, answered), default=None)
