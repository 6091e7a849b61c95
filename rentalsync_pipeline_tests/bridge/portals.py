"""Airbnb as an integration meets it: a real server on loopback with a calendar of each of its listings."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from rentalsync_pipeline_tests.bridge.served import Served
from rentalsync_pipeline_tests.simulators.calendars import Calendars
from rentalsync_pipeline_tests.simulators.desks import desks
from rentalsync_pipeline_tests.simulators.stays import stay
from rentalsync_pipeline_tests.simulators.world import World, village

ALLOWED = {"allow_private": ["127.0.0.1"]}
"""The settings with which a calendar on loopback may be asked."""


@dataclass
class Portal:
    """Airbnb, and our server that asks it; both live by one clock."""

    served: Served
    calendars: Calendars
    url: str

    @property
    def addresses(self) -> list[str]:
        """Where the calendars are, as hosts copy them: whoever has one can read it."""
        return [self.url + self.calendars.path("airbnb", each) for each in self.calendars.world.listings]

    def sell(self, number: int, arrival: int, nights: int) -> frozenset[date]:
        """Sell nights of a listing; `arrival` counts from the first day."""
        listing = list(self.calendars.world.listings)[number]
        return self.calendars.world.book("airbnb", stay(listing, arrival, nights)).rooms[0].nights

    def sync(self, minutes: int = 15) -> None:
        """Let time pass for all, and have the daemon sync."""
        town = self.served.town
        town.sync(minutes=minutes)
        self.calendars.world.now = town.now
        town.stores.control.record_look(town.now)


@contextmanager
def airbnb(served: Served, listings: int = 2) -> Iterator[Portal]:
    world = World(village(listings, rooms=2), served.town.now)
    calendars = Calendars(world, desks(world))
    with calendars.serving() as url:
        yield Portal(served, calendars, url)
