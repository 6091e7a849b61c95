"""Homes on six channels, alive: who sells where, who imports whom, and how they are all connected.

On one street the channels import our feeds, on the next each other's, on the third stands a hotel whose rooms
a channel manager sells.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from rentalsync_pipeline_tests.simulators.calendars import Calendars
from rentalsync_pipeline_tests.simulators.cloudbeds import Cloudbeds
from rentalsync_pipeline_tests.simulators.desks import desks
from rentalsync_pipeline_tests.simulators.life import Life
from rentalsync_pipeline_tests.simulators.world import Listing, Room, World

Published = Callable[[str, str], frozenset[date]]
"""The nights of our feed of a listing for an audience."""

CHANNELS = {
    "airbnb": "airbnb",
    "booking_com": "booking_com",
    "vrbo": "fewo_direkt",
    "google": "google",
    "website": "ical",
}
"""How a connection names the channels that have calendars; the sixth is Cloudbeds."""

OURS = "ours"
MANAGER = "manager"
SETTLED = 180
"""Days ahead, beyond those that guests of a life book, of the guests that every home has."""
FLOOR = 4
"""Rooms of one house of the hotel."""


@dataclass(frozen=True)
class Street:
    """Homes that are sold alike."""

    sells: Sequence[str]
    imports: Mapping[str, Sequence[str]]
    """By channel, whose calendars it imports; `OURS` are our feeds, the `MANAGER` knows all that is sold."""
    shows: Sequence[str]
    """The channels whose calendars are connected."""
    closes: Sequence[str]
    hotel: bool = False


STREETS = {
    "through-us": Street(
        ("airbnb", "booking_com", "vrbo"),
        {"airbnb": [OURS], "booking_com": [OURS], "vrbo": [OURS]},
        ("airbnb", "booking_com", "vrbo", "google"),
        ("google", "airbnb"),
    ),
    "each-other": Street(
        ("website", "airbnb", "booking_com"),
        {"airbnb": ["website"], "booking_com": ["website", "airbnb"], "website": [OURS]},
        ("website", "airbnb", "booking_com"),
        ("airbnb", "booking_com"),
    ),
    "hotel": Street(
        ("direct", "expedia", "airbnb"), {"airbnb": [MANAGER]}, ("airbnb",), ("cloudbeds",), hotel=True
    ),
}


class Streets:
    """So many homes on each street, and the life in them."""

    def __init__(self, homes: Mapping[str, int], now: datetime, published: Published, seed: int) -> None:
        listings = list(_listings(homes))
        self.of = {each.slug: STREETS[each.slug[:-3]] for each in listings}
        self.world = World({each.slug: each for each in listings}, now)
        self.desks = desks(self.world)
        sells = {slug: street.sells for slug, street in self.of.items()}
        closes = {slug: street.closes for slug, street in self.of.items()}
        self.life = Life(self.world, self.desks, sells, seed, closes=closes)
        self._settle()
        for slug, street in self.of.items():
            for channel, sources in street.imports.items():
                self.life.sources[channel, slug] = {
                    source: self._source(slug, channel, source, published) for source in sources
                }

    def _settle(self) -> None:
        """A guest of each channel in half a year, so that no calendar is ever empty: few real ones are."""
        for slug, street in self.of.items():
            for place, channel in enumerate(street.sells):
                arrival = self.world.now.date() + timedelta(days=SETTLED + 10 * place)
                self.world.book(channel, Room(slug, arrival, arrival + timedelta(days=3)))

    def live(self, time: timedelta, deeds: int) -> None:
        """Let time pass in which about so much happens; channels import calendars meanwhile."""
        self.life.deeds_a_day = deeds * timedelta(days=1) / time
        self.life.until(self.world.now + time)

    def stirred(self, since: datetime) -> tuple[str, ...]:
        """The listings at which something happened since, or came to another channel."""
        told = [self.world.stirred, *(desk.news for desk in self.desks.values())]
        return tuple({slug for each in told for slug, moment in each.items() if moment > since})

    @contextmanager
    def serving(self) -> Iterator[dict[str, Any]]:
        """A server for each channel; gives what stands in `rentalsync.yaml` to connect them."""
        with ExitStack() as servers:
            connections = []
            for name, channel in CHANNELS.items():
                calendars = Calendars(self.world, {name: self.desks[name]})
                address = servers.enter_context(calendars.serving())
                connections += [
                    {
                        "id": f"{slug}-{channel.replace('_', '-')}",
                        "channel": channel,
                        "listing": slug,
                        "url": f"{address}{calendars.path(name, slug)}",
                    }
                    for slug, street in self.of.items()
                    if name in street.shows
                ]
            cloudbeds = Cloudbeds(self.world)
            address = servers.enter_context(cloudbeds.serving())
            yield {
                "version": 1,
                "settings": {"interval": "60m", "allow_private": ["127.0.0.1"]},
                "defaults": {"timezone": "Europe/Rome"},
                "listings": [{"slug": slug, "name": slug.title()} for slug in self.of],
                "connections": [*connections, self._hotel(cloudbeds, address)],
            }

    def _source(self, slug: str, channel: str, source: str, published: Published) -> Callable[[], Any]:
        if source == OURS:
            return partial(published, slug, f"for-{CHANNELS[channel]}")
        return partial(self.world.taken if source == MANAGER else self.desks[source].shown, slug)

    def _hotel(self, cloudbeds: Cloudbeds, address: str) -> dict[str, Any]:
        """The hotel's account: its houses alone, every room a listing."""
        cloudbeds.lost = {
            self.world.listings[slug].house for slug, street in self.of.items() if not street.hotel
        }
        rooms = (self.world.listings[slug] for slug, street in self.of.items() if street.hotel)
        return {
            "id": "hotel",
            "channel": "cloudbeds",
            "credentials": {"api_key": cloudbeds.key},
            "base_url": address,
            "listings": {cloudbeds.records.unit_id(room): room.slug for room in rooms},
        }


def _listings(homes: Mapping[str, int]) -> Iterator[Listing]:
    number = 0
    for name, count in homes.items():
        for place in range(count):
            number += 1
            slug = f"{name}-{place + 1:02}"
            house = f"{name}-{place // FLOOR + 1}" if STREETS[name].hotel else slug
            yield Listing(slug, house, number)
