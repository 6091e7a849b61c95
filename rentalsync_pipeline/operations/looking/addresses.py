"""Which calendars the HTTP side serves, and under which names.

Belongs here: names to files. Does not: serving (`bridge.feeds`). Only what a listing publishes now has a
name: a listing that is disabled, a token that was rotated away and a name that never was are the same here,
nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from rentalsync_pipeline.core.portfolio import OWNER, Listing, Portfolio
from rentalsync_pipeline.publishing.names import calendar_path, feed_name, feed_names


@dataclass(frozen=True, slots=True)
class Address:
    """A calendar: its file in the feed store, and how it calls itself to people."""

    file: str
    slug: str
    title: str


def addresses(secret: bytes, portfolio: Portfolio, now: datetime) -> Mapping[str, Address]:
    """Every calendar by the name in its address, without its ending.

    A listing of a fixed slug is also found by that slug alone, the present one and the first one that it had,
    unless that is another calendar's name. A room is also found behind the slug of its house: `villa/room`.
    """
    audiences = portfolio.audiences()
    enabled = {listing.slug: listing for listing in portfolio.listings if listing.enabled}
    short = {slug: _short(secret, each, audiences[slug]) for slug, each in enabled.items()}
    whole = {slug: _whole(secret, each, audiences[slug], now) for slug, each in enabled.items()}
    rooms = {
        f"{house.slug}/{name}": address
        for house in enabled.values()
        for room in house.rooms
        if room in enabled
        for name, address in (short[room] | whole[room]).items()
    }
    present = {slug: names[slug] for slug, names in short.items() if slug in names}
    return dict(_flat(short)) | present | dict(_flat(whole)) | rooms


def _whole(secret: bytes, listing: Listing, audiences: tuple[str, ...], now: datetime) -> dict[str, Address]:
    return {
        _stem(name): Address(name, _shown(listing, audience), listing.name)
        for audience in audiences
        for name in feed_names(secret, listing, audience, now)
    }


def _short(secret: bytes, listing: Listing, audiences: tuple[str, ...]) -> dict[str, Address]:
    if listing.feed.token:
        return {}
    main = Address(feed_name(secret, listing, _main(audiences)), listing.slug, listing.name)
    return {listing.feed.address: main, listing.slug: main}


def _flat(names: Mapping[str, Mapping[str, Address]]) -> Iterator[tuple[str, Address]]:
    return chain.from_iterable(each.items() for each in names.values())


def calendar_url(secret: bytes, listing: Listing, audiences: tuple[str, ...], base: str | None) -> str | None:
    """The full address of the calendar that a listing's owner subscribes to; `base` is the `public_url`.

    None where it is not published, or no `public_url` is configured.
    """
    if not listing.enabled or not base:
        return None
    if not listing.feed.token:
        return f"{base}/ical/{listing.slug}.ics"
    return base + calendar_path(feed_name(secret, listing, _main(audiences)))


def _main(audiences: tuple[str, ...]) -> str:
    return OWNER if OWNER in audiences else audiences[0]


def _shown(listing: Listing, audience: str) -> str:
    return listing.slug if audience == OWNER else f"{listing.slug}-{audience}"


def _stem(name: str) -> str:
    return calendar_path(name).removeprefix("/ical/").removesuffix(".ics")
