"""A town with an account at Cloudbeds: the simulator of that API behind the doors that a host uses."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta

from rentalsync_pipeline_tests.operations.town import Row, Town
from rentalsync_pipeline_tests.simulators.cloudbeds import Cloudbeds
from rentalsync_pipeline_tests.simulators.world import Booking, Room, World, village


@dataclass
class Hotel:
    """Houses of some rooms each, every room a listing, and the account that tells of them."""

    town: Town
    world: World
    cloudbeds: Cloudbeds

    def sync(self, *, minutes: float = 15, days: float = 0) -> None:
        """Let time pass for all, and sync; what was asked before is forgotten."""
        self.world.now = self.town.now + timedelta(minutes=minutes, days=days)
        self.cloudbeds.asked.clear()
        self.town.sync(minutes=minutes, days=days)

    def asked(self, call: str) -> list[str]:
        """The addresses of this call in the last sync, as they were asked."""
        return [asked.target for asked in self.cloudbeds.asked if f"/{call}?" in f"{asked.target}?"]

    def forget(self, number: int) -> list[Booking]:
        """Let a booking vanish without a trace at the vendor's; gives it back."""
        return self.world._bookings.pop(number)

    def states(self) -> set[str]:
        """The states of all that stands."""
        return {row["state"] for row in self.records().values()}

    def failed(self) -> list[str]:
        """Why answers of the last sync failed."""
        query = f"SELECT reason FROM fetches WHERE run_id = 'run-{self.town.runs}' AND verdict = 'failed'"
        return [row["reason"] for row in self.town.table(query)]

    def records(self) -> dict[str, Row]:
        """What stands of the account, by key."""
        rows = self.town.table("FROM bookings WHERE connection = 'hotel' AND part_of IS NULL")
        return {row["key"]: row for row in rows}


@contextmanager
def opened(
    town: Town, rooms: int = 4, credentials: Row | None = None, in_house: int = 2, **connection: object
) -> Iterator[Hotel]:
    """An account of so many rooms, so many of them in a house, mapped to listings of the same name."""
    world = World(village(rooms, rooms=in_house), town.now)
    cloudbeds = Cloudbeds(world)
    with cloudbeds.serving() as url:
        for slug in world.listings:
            town.listing(slug)
        town.connections["hotel"] = {
            "channel": "cloudbeds",
            "credentials": credentials or {"api_key": cloudbeds.key},
            "base_url": url,
            "listings": mapping(cloudbeds),
            **connection,
        }
        town.apply()
        yield Hotel(town, world, cloudbeds)


def mapping(cloudbeds: Cloudbeds) -> dict[str, str]:
    """Every room, by its id at Cloudbeds."""
    return {cloudbeds.records.unit_id(listing): slug for slug, listing in cloudbeds.world.listings.items()}


def room(listing: str | None, first: str, nights: int, *, cancelled: bool = False) -> Room:
    arrival = date.fromisoformat(first)
    return Room(listing, arrival, arrival + timedelta(days=nights), cancelled)
