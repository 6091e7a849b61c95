"""The listings, and where their calendars are.

Belongs here: every feed's full address, whether or not it has been published yet. Does not: making feeds
(`operations.syncing.publish`). The addresses are secrets: whoever has one can read the calendar behind it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from rentalsync_pipeline.channels.registry import titles
from rentalsync_pipeline.control.store import ControlStore
from rentalsync_pipeline.core.portfolio import FOR, Listing
from rentalsync_pipeline.operations.reading import Row, snapshot
from rentalsync_pipeline.publishing.names import feed_name, feed_url
from rentalsync_pipeline.warehouse.moments import aware


@dataclass(frozen=True, slots=True)
class Feed:
    """One calendar. `address` is its URL, or where it lies while no `public_url` is configured.

    `note` tells why it is there, where that is no longer plain.
    """

    audience: str
    name: str
    address: str
    is_published: bool
    events: int | None = None
    size: int | None = None
    sha256: str | None = None
    last_change: datetime | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class ListingFeeds:
    """A listing with what tells of it and what it publishes; nothing is published while it is disabled."""

    slug: str
    name: str
    timezone: str
    enabled: bool
    connections: tuple[str, ...]
    feeds: tuple[Feed, ...]


def listings(control: ControlStore, location: str) -> list[ListingFeeds]:
    """All listings; `location` is where feeds are written."""
    portfolio = control.portfolio()
    secret = control.feed_secret()
    audiences, connected, tellers = portfolio.audiences(), portfolio.connected(), portfolio.tellers()
    with snapshot(control.home) as rows:
        published = {row["name"]: row for row in rows("feeds_current")}

    def feed(listing: Listing, audience: str) -> Feed:
        name = feed_name(secret, listing, audience)
        address = feed_url(portfolio.settings.public_url, name) or f"{location.rstrip('/')}/{name}"
        note = _note(listing, audience, connected[listing.slug])
        return replace(_feed(audience, name, address, published.get(name)), note=note)

    return [
        ListingFeeds(
            slug=listing.slug,
            name=listing.name,
            timezone=listing.timezone,
            enabled=listing.enabled,
            connections=tuple(each.id for each in tellers[listing.slug]),
            feeds=tuple(feed(listing, audience) for audience in audiences[listing.slug]),
        )
        for listing in portfolio.listings
    ]


def _note(listing: Listing, audience: str, connected: Collection[str]) -> str:
    channel = audience.removeprefix(FOR)
    if listing.feed.audiences or channel == audience or channel in connected:
        return ""
    who = titles().get(channel, channel)
    return (
        f"{who} is not connected any more, but may still import this: without its address it could open "
        "nights that are taken. Remove it there first, then leave it out of `feed: audiences:`."
    )


def _feed(audience: str, name: str, address: str, row: Row | None) -> Feed:
    if row is None:
        return Feed(audience, name, address, is_published=False)
    return Feed(
        audience=audience,
        name=name,
        address=address,
        is_published=True,
        events=row["events"],
        size=row["bytes"],
        sha256=row["sha256"],
        last_change=aware(row["last_change"]),
    )
