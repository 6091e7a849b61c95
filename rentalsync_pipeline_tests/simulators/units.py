"""A world as channel managers see it: one record for each room of a booking, and, at some, for each block."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from rentalsync_pipeline_tests.simulators.people import Guest, guest
from rentalsync_pipeline_tests.simulators.world import Block, Booking, Listing, Room, Status, World


@dataclass(frozen=True, slots=True)
class Unit:
    """Nights of one listing. `group` is the number of the first unit of its booking."""

    number: int
    group: int
    listing: Listing
    arrival: date
    departure: date
    status: Status
    channel: str
    code: str
    guest: Guest
    made: datetime
    changed: datetime
    adults: int = 2
    children: int = 0
    note: str = ""
    blocked: bool = False

    @property
    def nights(self) -> int:
        return (self.departure - self.arrival).days

    def local(self, moment: datetime, form: str = "%Y-%m-%d %H:%M:%S") -> str:
        """A moment by the listing's clock."""
        return f"{moment.astimezone(ZoneInfo(self.listing.timezone)):{form}}"


def units(world: World, *, blocks: bool = False) -> list[Unit]:
    """All that an account tells of, by number; a record that was deleted is told of no more."""
    found = [
        _of_booking(world, booking, place, room)
        for booking in world.bookings()
        for place, room in enumerate(booking.rooms)
        if room.listing and not booking.deleted
    ]
    closed = [_of_block(world, block) for block in world.blocks()] if blocks else []
    return sorted(found + closed, key=lambda unit: unit.number)


def utc(moment: datetime, form: str = "%Y-%m-%d %H:%M:%S") -> str:
    """A moment in UTC, as most vendors write it without saying so."""
    return f"{moment.astimezone(UTC):{form}}"


def _of_booking(world: World, booking: Booking, place: int, room: Room) -> Unit:
    return Unit(
        10 * booking.number + place,
        10 * booking.number,
        world.listings[room.listing or ""],
        room.arrival,
        room.departure,
        Status.CANCELLED if room.cancelled else booking.status,
        booking.channel,
        booking.code,
        booking.guest,
        booking.made,
        booking.changed,
        booking.adults,
        booking.children,
        booking.note,
    )


def _of_block(world: World, block: Block) -> Unit:
    return Unit(
        block.number,
        block.number,
        world.listings[block.listing],
        block.first,
        block.end,
        Status.CONFIRMED,
        block.channel,
        "",
        guest(block.number),
        block.made,
        block.changed,
        blocked=True,
    )
