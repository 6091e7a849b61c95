"""What guests, hosts and channels do while a world's time passes: the same seed, the same life.

A channel sells what it believes to be free. It learns what others sold when it imports their calendars, and
until then it sells the same nights again: that is how double bookings are made here, as in the real world.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import TypeVar

from rentalsync_pipeline_tests.simulators.desks import Desk
from rentalsync_pipeline_tests.simulators.world import Block, Booking, Room, Status, World

_Thing = TypeVar("_Thing", Block, Booking)
Source = Callable[[], AbstractSet[date]]

DEEDS: Mapping[str, int] = {
    "sell": 60,
    "sell_twice": 6,
    "request": 5,
    "answer": 6,
    "cancel": 9,
    "move": 7,
    "close": 5,
    "open": 2,
    "not_come": 2,
}
"""What happens how often. Of 878 real reservations 62 changed their dates, and many were cancelled."""
LONGEST_STAY = 7
FURTHEST = 90
"""Days ahead of which most stays are sold."""


@dataclass
class Life:
    """A world in which things happen."""

    world: World
    desks: Mapping[str, Desk]
    sells: Mapping[str, Sequence[str]]
    """The channels that sell a listing. One without a desk sells through a manager, and knows everything."""
    seed: int = 1
    deeds_a_day: float = 20
    closes: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Where the owner of a listing closes nights, if not there."""
    sources: dict[tuple[str, str], dict[str, Source]] = field(default_factory=dict)
    """By channel and listing: the calendars that the host gave the channel to import, by a name."""
    _next_import: dict[tuple[str, str], datetime] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.dice = Random(self.seed)

    def until(self, moment: datetime) -> None:
        """Let time pass in steps of a quarter of an hour: first all imports that are due, then deeds."""
        while self.world.now < moment:
            self.world.now = min(self.world.now + timedelta(minutes=15), moment)
            self.import_calendars()
            for _ in range(int(self.deeds_a_day / 96 + self.dice.random())):
                self.happen()

    def import_calendars(self) -> None:
        """Each channel reads the calendars that it imports, at its own times."""
        for (channel, listing), sources in self.sources.items():
            if self.world.now >= self._next_import.get((channel, listing), self.world.now):
                for name, shown in sources.items():
                    self.desks[channel].take_in(listing, name, shown())
                lag = self.desks[channel].habits.imports_every * self.dice.uniform(0.7, 1)
                self._next_import[channel, listing] = self.world.now + lag

    def happen(self) -> None:
        """One deed, as likely as the table says."""
        (name,) = self.dice.choices(list(DEEDS), list(DEEDS.values()))
        getattr(self, name)()

    # What guests do

    def sell(self, status: Status = Status.CONFIRMED) -> Booking | None:
        """Somebody looks for nights at one listing on one channel, and books when they look free there."""
        listing = self.dice.choice(list(self.sells))
        return self._sell(self.dice.choice(self.sells[listing]), self._nights(listing), status)

    def sell_twice(self) -> None:
        """Two look for the same nights at the same time in different places."""
        first = self.sell()
        if first:
            room = first.rooms[0]
            others = [each for each in self.sells[room.listing or ""] if each != first.channel]
            if others:
                self._sell(self.dice.choice(others), room, Status.CONFIRMED)

    def request(self) -> None:
        self.sell(Status.REQUEST)

    def cancel(self) -> None:
        if booking := self._some(self._ahead(Status.CONFIRMED)):
            self.world.cancel(booking.number)

    def move(self) -> None:
        """A guest stays a night longer, where the channel has it, else one less."""
        booking = self._some(self._ahead(Status.CONFIRMED))
        if not booking or not booking.rooms[0].listing:
            return
        room = booking.rooms[0]
        more = Room(room.listing, room.departure, room.departure + timedelta(days=1))
        if self._has(booking.channel, more):
            self.world.move(booking.number, room.arrival, more.departure)
        elif len(room.nights) > 1:
            self.world.move(booking.number, room.arrival, room.departure - timedelta(days=1))

    def not_come(self) -> None:
        today = self.world.now.date()
        here = [each for each in self._held(Status.CONFIRMED) if each.arrival == today]
        if booking := self._some(here):
            self.world.change(booking.number, status=Status.NO_SHOW)

    # What hosts do

    def answer(self) -> None:
        """A request is accepted, or not."""
        if booking := self._some(self._ahead(Status.REQUEST)):
            accepted = self.dice.random() < 0.7
            self.world.change(booking.number, status=Status.CONFIRMED if accepted else Status.CANCELLED)

    def close(self) -> None:
        """The owner comes, and closes the nights on one channel."""
        listing = self.dice.choice(list(self.sells))
        channel = self.dice.choice(self.closes.get(listing) or self.sells[listing])
        room = self._nights(listing)
        if not room.nights & self.world.taken(listing):
            self.world.block(channel, listing, room.arrival, room.departure)

    def open(self) -> None:
        if block := self._some(self.world.blocks()):
            self.world.unblock(block.number)

    # How they choose

    def _nights(self, listing: str) -> Room:
        today = self.world.now.date()
        arrival = today + timedelta(days=int(self.dice.triangular(1, FURTHEST, 10)))
        return Room(listing, arrival, arrival + timedelta(days=self.dice.randint(1, LONGEST_STAY)))

    def _sell(self, channel: str, room: Room, status: Status) -> Booking | None:
        if not self._has(channel, room):
            return None
        return self.world.book(channel, room, status=status)

    def _has(self, channel: str, room: Room) -> bool:
        """Whether a channel would sell these nights. One without a desk of its own knows the truth."""
        listing = room.listing or ""
        if channel in self.desks:
            return self.desks[channel].can_sell(listing, room)
        return not room.nights & self.world.taken(listing)

    def _some(self, things: Sequence[_Thing]) -> _Thing | None:
        return self.dice.choice(things) if things else None

    def _held(self, status: Status) -> Iterator[Booking]:
        return (each for each in self.world.bookings() if each.status is status and not each.deleted)

    def _ahead(self, status: Status) -> list[Booking]:
        """Bookings whose guests may still change their minds."""
        today = self.world.now.date()
        soon, late = today + timedelta(days=1), today + timedelta(days=FURTHEST)
        return [each for each in self._held(status) if soon < each.arrival <= late]
