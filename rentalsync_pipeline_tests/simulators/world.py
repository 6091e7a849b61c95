"""What is true: listings, bookings and the owner's blocks, and every version that each of them had.

A simulator tells of a world in its vendor's words; nobody but a test, and `life.py`, changes one. A world has
a clock that only its user moves. Nothing here is random, and nothing knows a channel's format.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import combinations
from typing import Any, TypeVar

from rentalsync_pipeline_tests.simulators.people import Guest, code, guest


class Status(StrEnum):
    """What a booking is. `INQUIRY` and `CANCELLED` hold no night, a guest who never came still does."""

    INQUIRY = "inquiry"
    REQUEST = "request"
    CONFIRMED = "confirmed"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"


HOLDING = frozenset({Status.REQUEST, Status.CONFIRMED, Status.NO_SHOW})


@dataclass(frozen=True, slots=True)
class Listing:
    """A rentable unit. Units of one `house` are its rooms."""

    slug: str
    house: str
    number: int
    timezone: str = "Europe/Rome"

    @property
    def name(self) -> str:
        return self.slug.replace("-", " ").title()


@dataclass(frozen=True, slots=True)
class Room:
    """A unit of a booking; `listing` is `None` until the house assigns one."""

    listing: str | None
    arrival: date
    departure: date
    cancelled: bool = False

    @property
    def nights(self) -> frozenset[date]:
        return nights(self.arrival, self.departure)


@dataclass(frozen=True, slots=True)
class Booking:
    """What was sold where to whom, as it is since `changed`. A `deleted` one is no longer told of at all."""

    number: int
    channel: str
    code: str
    house: str
    guest: Guest
    rooms: tuple[Room, ...]
    status: Status
    made: datetime
    changed: datetime
    adults: int = 2
    children: int = 0
    note: str = ""
    deleted: bool = False

    @property
    def arrival(self) -> date:
        return min(room.arrival for room in self.rooms)

    @property
    def departure(self) -> date:
        return max(room.departure for room in self.rooms)

    @property
    def held(self) -> Iterator[Room]:
        """The rooms whose nights it holds."""
        if self.status in HOLDING and not self.deleted:
            yield from (room for room in self.rooms if not room.cancelled)


@dataclass(frozen=True, slots=True)
class Block:
    """Nights that the owner closed at a channel. A `deleted` one is open again."""

    number: int
    channel: str
    listing: str
    first: date
    end: date
    made: datetime
    changed: datetime
    deleted: bool = False

    @property
    def nights(self) -> frozenset[date]:
        return frozenset() if self.deleted else nights(self.first, self.end)


_Told = TypeVar("_Told", Booking, Block)


@dataclass
class World:
    """The listings, and what happened to them up to `now`."""

    listings: dict[str, Listing]
    now: datetime
    _bookings: dict[int, list[Booking]] = field(default_factory=dict)
    _blocks: dict[int, list[Block]] = field(default_factory=dict)
    _had: dict[str, dict[int, list[Booking]]] = field(default_factory=dict)
    """By listing, the bookings that ever had nights there."""
    stirred: dict[str, datetime] = field(default_factory=dict)
    """By listing, when its bookings or blocks last changed."""

    # What happens

    def book(
        self, channel: str, *rooms: Room, house: str = "", status: Status = Status.CONFIRMED, **fields: Any
    ) -> Booking:
        """Sell these rooms. Where none of them is assigned yet, `house` says whose they are."""
        number = 1001 + len(self._bookings)
        listing = next((room.listing for room in rooms if room.listing), None)
        booking = Booking(
            number,
            channel,
            code(channel, number),
            self.listings[listing].house if listing else house,
            guest(number),
            rooms,
            status,
            self.now,
            self.now,
            **fields,
        )
        self._bookings[number] = []
        return self._note(booking)

    def change(self, number: int, **fields: Any) -> Booking:
        """Give a booking other `rooms`, another `status`, …; `deleted=True` takes its record away."""
        return self._note(replace(self.booking(number), changed=self.now, **fields))

    def cancel(self, number: int) -> Booking:
        return self.change(number, status=Status.CANCELLED)

    def move(self, number: int, arrival: date, departure: date) -> Booking:
        """Other dates for all rooms."""
        rooms = (replace(room, arrival=arrival, departure=departure) for room in self.booking(number).rooms)
        return self.change(number, rooms=tuple(rooms))

    def assign(self, number: int, *listings: str | None) -> Booking:
        """Other listings for its rooms, in their order; `None` takes the assignment back."""
        rooms = zip(self.booking(number).rooms, listings, strict=True)
        return self.change(number, rooms=tuple(replace(room, listing=slug) for room, slug in rooms))

    def block(self, channel: str, listing: str, first: date, end: date) -> Block:
        number = 501 + len(self._blocks)
        block = Block(number, channel, listing, first, end, self.now, self.now)
        self._blocks[number] = [block]
        self.stirred[listing] = self.now
        return block

    def unblock(self, number: int) -> None:
        versions = self._blocks[number]
        versions.append(replace(versions[-1], changed=self.now, deleted=True))
        self.stirred[versions[-1].listing] = self.now

    def _note(self, booking: Booking) -> Booking:
        versions = self._bookings[booking.number]
        versions.append(booking)
        for room in booking.rooms:
            if room.listing:
                self._had.setdefault(room.listing, {})[booking.number] = versions
        self.stirred |= {slug: self.now for slug, had in self._had.items() if booking.number in had}
        return booking

    # What is true

    def booking(self, number: int) -> Booking:
        return self._bookings[number][-1]

    def bookings(self, at: datetime | None = None) -> list[Booking]:
        """All of them by number, as they are, or were at a moment."""
        return _as_of(self._bookings.values(), at or self.now)

    def history(self, number: int) -> tuple[Booking, ...]:
        """Every version that a booking had."""
        return tuple(self._bookings[number])

    def blocks(self, at: datetime | None = None, *, lifted: bool = False) -> list[Block]:
        """The owner's blocks; with `lifted`, also those that are open again."""
        found = _as_of(self._blocks.values(), at or self.now)
        return [block for block in found if lifted or not block.deleted]

    def taken(self, listing: str) -> set[date]:
        """The nights that nobody else may be sold."""
        rooms = {night for _, room in self.held(listing) for night in room.nights}
        return rooms.union(*(block.nights for block in self.blocks() if block.listing == listing))

    def held(self, listing: str, at: datetime | None = None) -> Iterator[tuple[Booking, Room]]:
        """The bookings that hold nights of a listing, and what they hold."""
        for booking in _as_of(self._had.get(listing, {}).values(), at or self.now):
            yield from ((booking, room) for room in booking.held if room.listing == listing)

    def double_bookings(self, listing: str, at: datetime | None = None) -> list[tuple[Booking, Booking]]:
        """Pairs that hold the same night."""
        return [
            (one, other)
            for (one, first), (other, second) in combinations(self.held(listing, at), 2)
            if one.number != other.number and first.nights & second.nights
        ]


@lru_cache(maxsize=10_000)
def nights(first: date, end: date) -> frozenset[date]:
    """The nights from one day until another, as a set."""
    return frozenset(days(first, end))


def days(first: date, end: date) -> list[date]:
    """The nights from one day until another."""
    return [first + timedelta(days=n) for n in range((end - first).days)]


def village(count: int, *, rooms: int = 1, timezone: str = "Europe/Rome") -> dict[str, Listing]:
    """So many listings, in houses of so many rooms: `house-01-a`, `house-01-b`, …"""
    listings = {}
    for number in range(count):
        house = f"house-{number // rooms + 1:02}"
        slug = f"{house}-{'abcdefghij'[number % rooms]}" if rooms > 1 else house
        listings[slug] = Listing(slug, house, number + 1, timezone)
    return listings


def _as_of(versions: Iterable[list[_Told]], moment: datetime) -> list[_Told]:
    """The last version of each that was true then."""
    found = (next((one for one in reversed(each) if one.changed <= moment), None) for each in versions)
    return [one for one in found if one]
