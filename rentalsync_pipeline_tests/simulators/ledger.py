"""What is published and not true, night by night: since when, until when, and why; and what was sold twice.

A night is wrongly free when somebody has held it for longer than the slowest channel takes to say so. It is
wrongly taken when nobody holds it and nobody closed it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from rentalsync_pipeline_tests.simulators.desks import Desk
from rentalsync_pipeline_tests.simulators.feeds import Feeds
from rentalsync_pipeline_tests.simulators.streets import Streets
from rentalsync_pipeline_tests.simulators.world import Booking, Status, days

DELAY = timedelta(minutes=10)
"""How late the slowest channel's own export is."""
A_DAY = timedelta(hours=24, minutes=30)
AHEAD = 120
"""Days from tomorrow on that are compared."""


class Why(StrEnum):
    """Why a night may be published as taken that nobody holds."""

    SHOWN = "a channel still shows it"
    UNCONFIRMED = "it is gone from its channel since a day at the most"
    ECHO = "its copy is gone as well, and follows in its time"


@dataclass(frozen=True)
class Wrong:
    """One night of a listing, for as long as it was wrongly taken."""

    listing: str
    night: date
    why: Why
    since: datetime
    until: datetime

    @property
    def lasted(self) -> timedelta:
        return self.until - self.since


@dataclass(frozen=True)
class Alarm:
    """An open conflict of the pipeline's own ledger; `last` is its last night."""

    number: int
    listing: str
    first: date
    last: date
    certain: bool

    @property
    def nights(self) -> frozenset[date]:
        return frozenset(days(self.first, self.last + timedelta(days=1)))


@dataclass
class Ledger:
    """What differed whenever somebody looked."""

    streets: Streets
    feeds: Feeds
    free: list[tuple[str, date, datetime]] = field(default_factory=list)
    taken: list[Wrong] = field(default_factory=list)
    """Nights that are right again; those that aren't are in `open`."""
    open: dict[tuple[str, date], tuple[Why, datetime]] = field(default_factory=dict)
    sold_twice: set[frozenset[int]] = field(default_factory=set)
    unseen: set[frozenset[int]] = field(default_factory=set)
    false_alarms: dict[Alarm, int] = field(default_factory=dict)
    """With the number of channels that showed those nights when it was first raised: a copy that came before
    anybody looked, or outlived what it is a copy of, looks like a sale."""

    def look(self, asked: datetime, alarms: Iterable[Alarm]) -> None:
        """Compare what is published with what is true; `asked` is when all channels last were."""
        told, alarms = asked - DELAY, list(alarms)
        for listing in self.streets.of:
            published = self.feeds.nights(listing, "busy") & self._ahead()
            missing = self._held(listing, told) - published
            self.free += [(listing, night, self.now) for night in sorted(missing)]
            self._note_taken(listing, published - self._rightly(listing, told))
            self._note_pairs(listing, told, [each for each in alarms if each.listing == listing])

    @property
    def now(self) -> datetime:
        return self.streets.world.now

    def _ahead(self) -> frozenset[date]:
        tomorrow = self.now.date() + timedelta(days=1)
        return frozenset(days(tomorrow, tomorrow + timedelta(days=AHEAD)))

    def _held(self, listing: str, told: datetime) -> frozenset[date]:
        """The nights that are held now, and were when every channel had told all."""
        world = self.streets.world
        sold = (room.nights for _, room in world.held(listing, told))
        closed = (block.nights for block in world.blocks(told) if block.listing == listing)
        return frozenset().union(*sold, *closed) & world.taken(listing) & self._ahead()

    def _rightly(self, listing: str, told: datetime) -> set[date]:
        """What is sold or closed, now or when every channel had told all."""
        closed = (desk.closed_itself(listing, at) for desk in self._desks(listing) for at in (told, self.now))
        return self.streets.world.taken(listing).union(*closed)

    def _desks(self, listing: str) -> Iterator[Desk]:
        return (self.streets.desks[name] for name in self.streets.of[listing].shows)

    def _note_taken(self, listing: str, wrong: frozenset[date]) -> None:
        for night in [night for where, night in self.open if where == listing and night not in wrong]:
            self.taken.append(Wrong(listing, night, *self.open.pop((listing, night)), self.now))
        for night in wrong:
            self.open.setdefault((listing, night), (self._why(listing, night), self.now))

    def _why(self, listing: str, night: date) -> Why:
        if any(night in desk.shown(listing) for desk in self._desks(listing)):
            return Why.SHOWN
        moments = (self.now - timedelta(hours=passed) for passed in range(25))
        held = (room.nights for at in moments for _, room in self.streets.world.held(listing, at))
        return Why.UNCONFIRMED if any(night in nights for nights in held) else Why.ECHO

    def _note_pairs(self, listing: str, told: datetime, alarms: list[Alarm]) -> None:
        """Every night sold twice has an alarm; every alarm has one that is, or was a day ago."""
        real: set[date] = set()
        for at in (self.now - A_DAY, self.now):
            for one, other in self.streets.world.double_bookings(listing, at):
                shared = _nights(one, listing) & _nights(other, listing)
                real |= shared
                # Airbnb shows a request as a block until it is accepted.
                sold = Status.REQUEST not in (one.status, other.status)
                known = max(one.changed, other.changed) <= told
                if at == self.now and sold and known and shared & self._ahead():
                    pair = frozenset({one.number, other.number})
                    self.sold_twice.add(pair)
                    if not any(shared & alarm.nights for alarm in alarms):
                        self.unseen.add(pair)
        for alarm in alarms:
            if not alarm.nights & real:
                shown = sum(alarm.nights <= desk.shown(listing) for desk in self._desks(listing))
                self.false_alarms.setdefault(alarm, shown)


def _nights(booking: Booking, listing: str) -> frozenset[date]:
    return frozenset().union(*(room.nights for room in booking.held if room.listing == listing))
