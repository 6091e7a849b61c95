"""The rehearsal does what syncs do: told the same, both hold the same nights after every answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from rentalsync_pipeline.calendars.completeness import failure
from rentalsync_pipeline.calendars.reading import read_calendar
from rentalsync_pipeline.core.model import Kind
from rentalsync_pipeline.core.portfolio import AbsencePolicy
from rentalsync_pipeline.operations.trying.answers import Answer
from rentalsync_pipeline.operations.trying.rehearsal import Rehearsal
from rentalsync_pipeline_tests.operations.dialects import (
    Nights,
    airbnb,
    block,
    booking_com,
    closed,
    reservation,
    tail,
    vrbo,
)
from rentalsync_pipeline_tests.operations.town import Town

Write = Callable[[list[Nights], date], str]


def as_airbnb(nights: list[Nights], today: date) -> str:
    return airbnb(*nights, today=today)


def as_vrbo(nights: list[Nights], today: date) -> str:
    return vrbo(*nights)


def as_booking_com(nights: list[Nights], today: date) -> str:
    """Everything is a closure; behind all lies the tail, of which the last closure is sometimes a part."""
    horizon = (today + timedelta(days=548)).replace(day=min(today.day, 28))
    is_part = len(nights) % 3 == 1
    first = max(each.first for each in nights) if is_part else today + timedelta(days=300)
    closures = [closed(each.first, each.count) for each in nights if not is_part or each.end <= first]
    return booking_com(*closures, tail(first, horizon), today=today)


HOUSES: dict[str, Write] = {
    "loft-airbnb": as_airbnb,
    "cabin-booking-com": as_booking_com,
    "villa-fewo-direkt": as_vrbo,
}


@dataclass
class Host:
    """Sells, moves, cancels and blocks nights at random; its channel answers well, badly or not at all."""

    write: Write
    chance: Random
    calendar: list[Nights] = field(default_factory=list)
    sold: int = 0

    def answer(self, today: date) -> str:
        for _ in range(self.chance.randrange(4)):
            happening = (
                self._sell,
                self._sell,
                self._block,
                self._move,
                self._move,
                self._cancel,
                self._forget,
            )
            self.chance.choice(happening)(today)
        half = len(self.calendar) // 2
        partial_ones = [[], self.calendar[1:], self.calendar[half:], self.calendar[:half]]
        whole = self.write(self.chance.choice([*partial_ones, *[self.calendar] * 6]), today)
        return whole[:-20] if self.chance.random() < 0.1 else whole

    def _sell(self, today: date) -> None:
        self.sold += 1
        first = today + timedelta(days=self.chance.randrange(40))
        name = f"Guest {self.sold}"
        self.calendar.append(reservation(f"HM{self.sold:08}", first, self.chance.randrange(1, 6), name))

    def _block(self, today: date) -> None:
        self.calendar.append(block(today + timedelta(days=self.chance.randrange(40)), 2))

    def _move(self, today: date) -> None:
        if self.calendar:
            at = self.chance.randrange(len(self.calendar))
            first = max(today, self.calendar[at].first + timedelta(days=self.chance.randrange(-4, 5)))
            self.calendar[at] = self.calendar[at].moved(first, self.chance.randrange(1, 6))

    def _cancel(self, today: date) -> None:
        if self.calendar:
            self.calendar.pop(self.chance.randrange(len(self.calendar)))

    def _forget(self, today: date) -> None:
        self.calendar = [each for each in self.calendar if each.end > today]


def told(body: bytes, now: datetime) -> Answer:
    reading = read_calendar(body, timezone="Europe/Rome", today=now.date())
    return Answer(now, now.date(), None if failure(body) else reading)


def kept(rehearsal: Rehearsal, today: date) -> set[date]:
    """The nights from today on that a feed would show: not the tail."""
    bookings = [r.booking for r in rehearsal.records(today) if r.booking.kind is not Kind.HORIZON]
    return {
        today + timedelta(days=night)
        for each in bookings
        for night in range(max((each.check_in - today).days, 0), (each.check_out - today).days)
    }


def test_it_keeps_the_nights_that_syncs_publish(town: Town) -> None:
    chance = Random(7)
    hosts = {name: Host(write, chance) for name, write in HOUSES.items()}
    rehearsals = {name: Rehearsal(AbsencePolicy()) for name in hosts}
    for name in hosts:
        town.connect(name)
    town.apply()
    for step in range(36):
        minutes = chance.choice((5, 15, 15, 30, 60, 60, 400, 1500))
        today = (town.now + timedelta(minutes=minutes)).date()
        town.calendars |= {name: host.answer(today) for name, host in hosts.items()}
        town.sync(minutes=minutes)
        for name, rehearsal in rehearsals.items():
            rehearsal.take(told((town.home.folder / f"{name}.ics").read_bytes(), town.now))
            published = {night for night in town.nights(name.split("-")[0]) if night >= today}
            assert kept(rehearsal, today) == published, f"{name}, answer {step}"
    assert all(rehearsal.quarantines for rehearsal in rehearsals.values())
