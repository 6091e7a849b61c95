"""The portfolio: which listings and connections there are and how they are to be treated.

Belongs here: configuration as frozen values, the way the operations see it, whether it came from the
YAML or from the API. Does not: reading it (`control.written.config`), storing it (`control.store`), secrets
(`control.vault`): nothing here may ever hold one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType

SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")
"""Ids of listings and connections: they become file names, partition keys and URLs."""

OWNER = "owner"
BUSY = "busy"
FOR = "for-"
"""Audiences: `owner`, `busy`, and `for-<channel>` for a channel that imports the calendar."""


class Style(StrEnum):
    """How a feed writes its nights."""

    ALL_DAY = "all_day"
    TIMED = "timed"
    """With the check-in and check-out times of the listing, in its zone."""


class Blocks(StrEnum):
    """Whether the owner's own blocks reach the other channels."""

    EXPORT = "export"
    IGNORE = "ignore"


@dataclass(frozen=True, slots=True)
class Field:
    """A line of the owner feed's DESCRIPTION: `label: value`. One that is not enabled keeps its place."""

    name: str
    label: str | None = None
    enabled: bool = True


DEFAULT_FIELDS = (
    Field("guest_phone_last4"),
    Field("guests"),
    Field("booking_id"),
    Field("channel"),
)


@dataclass(frozen=True, slots=True)
class FeedOptions:
    """How the feeds of a listing are published.

    `audiences` of `None` means the default: owner, busy and one per connected channel.
    `address` is the slug that its feeds are called by, which a renaming doesn't change (empty: its own).
    `generation` is raised to rotate every token of the listing; the addresses of the generation before
    keep working until `overlap_until`. `channels` are all that it was ever connected to.
    """

    token: bool = True
    style: Style = Style.ALL_DAY
    audiences: tuple[str, ...] | None = None
    blocks: Blocks = Blocks.EXPORT
    address: str = ""
    generation: int = 0
    overlap_until: datetime | None = None
    channels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """One rentable unit with its own calendar."""

    slug: str
    name: str
    timezone: str
    check_in: time = time(15)
    check_out: time = time(11)
    enabled: bool = True
    sync: bool = True
    """Whether its connections are asked by themselves; one that other listings share is."""
    feed: FeedOptions = FeedOptions()
    fields: tuple[Field, ...] = DEFAULT_FIELDS
    rooms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AbsencePolicy:
    """When a reservation that is missing from good answers counts as cancelled.

    It must be missing from `misses` answers of which the last is at least `wait` after the first. An answer
    that is doubted as a whole takes nothing until all for `quarantine` have said the same.
    """

    misses: int = 2
    wait: timedelta = timedelta(minutes=30)
    quarantine: timedelta = timedelta(hours=24)

    @property
    def is_at_once(self) -> bool:
        """Whether the first good answer is believed."""
        return self.misses <= 1 and not self.wait


@dataclass(frozen=True, slots=True)
class Ways:
    """How the connections of a channel may ask: a calendar by its URL, an account by its credentials.

    `credentials` are sets of their names, of which one must be given whole; none: it has no API that we know.
    """

    calendar: bool = True
    credentials: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Connection:
    """One configured link to a channel. `source` is a digest of where it points, never the URL.

    `listing` is set for a calendar, `listings` (upstream id to slug) for an account.
    `host` is all of the address that may ever be shown.
    """

    id: str
    channel: str
    source: str
    host: str
    listing: str | None = None
    listings: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    base_url: str | None = None
    interval: timedelta = timedelta(minutes=15)
    absence: AbsencePolicy = AbsencePolicy()
    imports: str | tuple[str, ...] = "auto"
    end_is_last_night: bool = False
    enabled: bool = True
    acknowledge: bool = False
    """Whether the channel may be told what has arrived safely: that changes what it tells others."""

    @property
    def is_account(self) -> bool:
        """Whether it is asked by credentials: a calendar always belongs to one listing."""
        return self.listing is None

    @property
    def served(self) -> frozenset[str]:
        """The slugs of the listings that it tells of."""
        return frozenset({self.listing} if self.listing else self.listings.values())

    def place_of(self, unit: str) -> tuple[str, str | None]:
        """Where a record of that unit belongs: the upstream id that is mapped, and its slug.

        A room that is not mapped occupies its property's listing, where that is; else its slug is `None`.
        """
        around = unit.partition("/")[0]
        mapped = around if around in self.listings and unit not in self.listings else unit
        return mapped, self.listing or self.listings.get(mapped)


@dataclass(frozen=True, slots=True)
class Integration:
    """What is kept of a channel as such. `active`: whether connections that come to it are asked.

    `webhook_url` is what its owner has entered at the channel, for people to read.
    """

    active: bool = True
    webhook_url: str | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """What holds for the whole portfolio."""

    public_url: str | None = None
    interval: timedelta = timedelta(minutes=15)
    retention: timedelta = timedelta(days=90)
    fetch_budget: timedelta = timedelta(minutes=4)
    user_agent: str = "RentalSync-Pipeline (calendar sync for the owner of this listing)"
    allow_private: tuple[str, ...] = ()
    """Hosts and networks (CIDR) that may be fetched although their addresses are private."""
    past: timedelta = timedelta(days=30)
    """How long a stay remains in the feeds after its check-out."""


@dataclass(frozen=True, slots=True)
class Portfolio:
    """Everything that is configured."""

    listings: tuple[Listing, ...] = ()
    connections: tuple[Connection, ...] = ()
    settings: Settings = Settings()
    integrations: Mapping[str, Integration] = field(default_factory=lambda: MappingProxyType({}))
    """What is kept of channels as such, by their names."""

    def asked(self) -> frozenset[str]:
        """The connections that are asked by themselves: not where none of their listings wants it."""
        idle = {listing.slug for listing in self.listings if not listing.sync}
        return frozenset(
            connection.id
            for connection in self.connections
            if connection.enabled and not (connection.served and connection.served <= idle)
        )

    def names(self) -> dict[str, str]:
        """How people call each listing, by slug."""
        return {listing.slug: listing.name for listing in self.listings}

    def kin(self) -> dict[str, tuple[str, ...]]:
        """The listings whose stays hold the nights of each: itself, its rooms, the house that it is in."""
        houses = {room: house.slug for house in self.listings for room in house.rooms}
        return {
            each.slug: (each.slug, *each.rooms, *([houses[each.slug]] if each.slug in houses else []))
            for each in self.listings
        }

    def tellers(self) -> dict[str, list[Connection]]:
        """The connections that tell of each listing, by slug, whether or not they are asked."""
        found: dict[str, list[Connection]] = {listing.slug: [] for listing in self.listings}
        for connection in self.connections:
            for slug in connection.served:
                found[slug].append(connection)
        return found

    def connected(self) -> dict[str, set[str]]:
        """The channels that each listing is connected to, by slug."""
        channels: dict[str, set[str]] = {listing.slug: set() for listing in self.listings}
        for connection in self.connections:
            for slug in connection.served if connection.enabled else ():
                channels.setdefault(slug, set()).add(connection.channel)
        return channels

    def audiences(self) -> dict[str, tuple[str, ...]]:
        """The feeds that each listing publishes, by slug, the owner's first.

        Where they aren't chosen, a channel that it was once connected to keeps its feed: it may import it
        still, and where the address ends some importers open all nights that they had closed.
        """
        channels = self.connected()
        return {
            listing.slug: listing.feed.audiences
            or (
                OWNER,
                BUSY,
                *(FOR + name for name in sorted({*channels[listing.slug], *listing.feed.channels})),
            )
            for listing in self.listings
        }
