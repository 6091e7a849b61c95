"""A channel as its hosts see it: what it sold, what it closed, what it imported, and the calendar it exports.

Measured on real exports, fetched every hour for a year at Airbnb and Booking.com: what an import becomes
keeps neither its id nor its words, adjacent closed nights are one event, a closure that has begun is cut, and
behind the booking window all is closed. What hosts and guests do belongs to `life`.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise

from rentalsync_pipeline_tests.operations.dialects import (
    Nights,
    airbnb,
    booking_com,
    google,
    other,
    tail,
    vrbo,
)
from rentalsync_pipeline_tests.simulators.world import Booking, Room, Status, World

Writer = Callable[["Desk", str, list[Nights], date], str]


@dataclass(frozen=True, slots=True)
class Habits:
    """How a channel keeps its calendars; times as hosts report them, shapes as measured."""

    write: Writer
    imports_every: timedelta
    """How long a night that was sold elsewhere may still be sold here."""
    exports_after: timedelta = timedelta()
    """How old the export may be: the channel's own delay."""
    prepares: int = 0
    """Nights that are closed after each stay that was sold here."""
    horizon: int = 0
    """Months ahead until which a tail is written; 0: none."""
    guests_only: bool = False
    """Whether it exports what it sold, and not what it closed or imported, as some programs do."""
    joins_stays: bool = False
    """Whether a closure that follows a stay is written into the stay's event."""


def _airbnb(desk: Desk, listing: str, nights: list[Nights], today: date) -> str:
    return airbnb(*(each for each in nights if each.end >= today - timedelta(days=1)), today=today)


def _booking_com(desk: Desk, listing: str, nights: list[Nights], today: date) -> str:
    """A stay that has begun keeps its arrival, a closure begins today."""
    cut = (each if each.kind == "reservation" else each.since(today) for each in nights)
    return booking_com(*(each for each in cut if each.end > today), room=listing)


def _vrbo(desk: Desk, listing: str, nights: list[Nights], today: date) -> str:
    return vrbo(*nights)


def _google(desk: Desk, listing: str, nights: list[Nights], today: date) -> str:
    return google(*nights)


def _website(desk: Desk, listing: str, nights: list[Nights], today: date) -> str:
    return other(*nights)


HABITS: Mapping[str, Habits] = {
    "airbnb": Habits(_airbnb, timedelta(minutes=150), prepares=1, horizon=12),
    "booking_com": Habits(_booking_com, timedelta(minutes=120), horizon=18, joins_stays=True),
    "vrbo": Habits(_vrbo, timedelta(minutes=60), exports_after=timedelta(minutes=10)),
    "google": Habits(_google, timedelta(hours=12)),
    "website": Habits(_website, timedelta(minutes=30), guests_only=True),
}
WINDOW = 300
"""For how many days from the world's beginning hosts take bookings; behind that a tail begins."""


@dataclass
class Desk:
    """One channel in a world."""

    channel: str
    world: World
    habits: Habits
    opened: date
    imported: dict[tuple[str, str], frozenset[date]] = field(default_factory=dict)
    """The nights by listing and source."""
    news: dict[str, datetime] = field(default_factory=dict)
    """By listing, when an import last brought other nights."""
    _settled: dict[str, tuple[datetime | None, frozenset[date]]] = field(default_factory=dict)
    """What is shown of a listing, and since when nothing there has changed."""

    def take_in(self, listing: str, source: str, nights: AbstractSet[date]) -> None:
        """What a calendar that this channel imports shows now; what it showed before is forgotten."""
        if nights != self.imported.get((listing, source)):
            self.imported[listing, source] = frozenset(nights)
            self.news[listing] = self.world.now
            self._settled.pop(listing, None)

    def can_sell(self, listing: str, room: Room) -> bool:
        """Whether this channel, by what it knows, has these nights."""
        now, last = self.world.now, self.opened + timedelta(days=WINDOW)
        taken = self._nights_sold(listing, now) | self._closed(listing, now)
        return room.departure <= last and not room.nights & taken

    def calendar(self, listing: str) -> str:
        """What it exports now, with `{stamp}` where the moment of the fetch stands."""
        moment = self.world.now - self.habits.exports_after
        today = self.world.now.date()
        return self.habits.write(self, listing, list(self._events(listing, moment, today)), today)

    def shown(self, listing: str) -> frozenset[date]:
        """The nights that whoever imports its calendar takes over: all but the tail."""
        moment, stirred = self.world.now - self.habits.exports_after, self.world.stirred.get(listing)
        if listing in self._settled and self._settled[listing][0] == stirred:
            return self._settled[listing][1]
        nights = self._nights_sold(listing, moment) | self._closures(listing, moment)
        if not stirred or stirred < moment:
            self._settled[listing] = stirred, nights
        return nights

    def _sold(self, listing: str, moment: datetime) -> Iterator[tuple[Booking, Room]]:
        held = self.world.held(listing, moment)
        return ((booking, room) for booking, room in held if booking.channel == self.channel)

    def _nights_sold(self, listing: str, moment: datetime) -> frozenset[date]:
        return frozenset().union(*(room.nights for _, room in self._sold(listing, moment)))

    def _closed(self, listing: str, moment: datetime) -> frozenset[date]:
        """What is closed here without being sold here: by the owner, by preparation, by imports."""
        came = (nights for (where, _), nights in self.imported.items() if where == listing)
        return self.closed_itself(listing, moment).union(*came) - self._nights_sold(listing, moment)

    def closed_itself(self, listing: str, moment: datetime) -> frozenset[date]:
        """The owner's blocks here, and the nights after its own stays that it keeps for preparation."""
        blocks = self.world.blocks(moment)
        own = (each.nights for each in blocks if (each.channel, each.listing) == (self.channel, listing))
        after = (
            room.departure + timedelta(days=n)
            for _, room in self._sold(listing, moment)
            for n in range(self.habits.prepares)
        )
        return frozenset(after).union(*own)

    def _closures(self, listing: str, moment: datetime) -> frozenset[date]:
        """The closed nights that it exports."""
        return frozenset() if self.habits.guests_only else self._closed(listing, moment)

    def _events(self, listing: str, moment: datetime, today: date) -> Iterator[Nights]:
        stays = [_stay(booking, room) for booking, room in self._sold(listing, moment)]
        closures = list(runs(self._closures(listing, moment)))
        if self.habits.joins_stays:
            stays, closures = _joined(stays, closures)
        yield from stays
        yield from closures
        if self.habits.horizon:
            first = self.opened + timedelta(days=WINDOW)
            yield tail(first, _later(today, self.habits.horizon))


def runs(nights: Iterable[date]) -> Iterator[Nights]:
    """Nights as blocks, adjacent ones as one."""
    ordered = sorted(nights)
    breaks = [0, *(n + 1 for n, (one, next_) in enumerate(pairwise(ordered)) if (next_ - one).days > 1)]
    for start, end in pairwise([*breaks, len(ordered)]):
        if start < end:
            yield Nights(ordered[start], end - start, kind="block")


def _stay(booking: Booking, room: Room) -> Nights:
    kind = "tentative" if booking.status is Status.REQUEST else "reservation"
    return Nights(room.arrival, len(room.nights), booking.code, booking.guest.first, kind)


def _joined(stays: list[Nights], closures: list[Nights]) -> tuple[list[Nights], list[Nights]]:
    """Each stay with the closure that begins when it ends."""
    follows = {closure.first: closure for closure in closures}
    joined = [
        stay.moved(count=stay.count + follows[stay.end].count) if stay.end in follows else stay
        for stay in stays
    ]
    ends = {stay.end for stay in stays}
    return joined, [closure for closure in closures if closure.first not in ends]


def _later(day: date, months: int) -> date:
    """The same day so many months later, or the last of a shorter month."""
    years, month = divmod(day.month - 1 + months, 12)
    last = monthrange(day.year + years, month + 1)[1]
    return date(day.year + years, month + 1, min(day.day, last))


def desks(world: World) -> dict[str, Desk]:
    """All channels that have calendars, as they are when a world begins."""
    return {name: Desk(name, world, habits, world.now.date()) for name, habits in HABITS.items()}
