"""What stands of a connection in memory, record by record, beside what an answer says.

Belongs here: the geometry of nights that were told, kept, given up and held again, as `absorb_told.sql` and
`absorb_apart.sql` have it for the warehouse. Does not: whose turn it is (`rehearsal`), any rule (`core`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import reduce
from operator import or_

from rentalsync_pipeline.core.absence import AWAITED, OCCUPYING, State
from rentalsync_pipeline.core.model import Booking, Kind, Reading, Status
from rentalsync_pipeline.core.nightset import NightSet, between, ranges
from rentalsync_pipeline.operations.trying.answers import Answer


@dataclass(frozen=True, slots=True)
class Record:
    """A booking as it stands, or nights that lie apart from one: given up by a move, or doubtful."""

    booking: Booking
    """With the check-in that was first told, as channels cut off the nights that are over; of a closure that
    the tail has swallowed, with the nights that it had."""
    told: NightSet
    """The nights that were last told."""
    state: State = State.PRESENT
    misses: int = 0
    missing_since: datetime | None = None
    part_of: str | None = None
    """The key of the booking that it lies apart from."""

    @property
    def key(self) -> str:
        """What it is known by."""
        return self.booking.key

    @property
    def nights(self) -> NightSet:
        """All that it holds, or held."""
        return between(self.booking.check_in, self.booking.check_out)

    @property
    def occupies(self) -> bool:
        """Whether its nights are taken."""
        return self.state in OCCUPYING


def nights_of(bookings: Iterable[Booking]) -> NightSet:
    """All nights that these hold."""
    return reduce(or_, (between(booking.check_in, booking.check_out) for booking in bookings), 0)


@dataclass(frozen=True, slots=True)
class Said:
    """A complete answer, with all that is looked up in it."""

    answer: Answer
    reading: Reading
    keys: frozenset[str]
    unread: frozenset[str | None]
    """The UIDs of events that are there, but can't be read; `None` for one without."""
    nights: NightSet
    tail: NightSet

    @classmethod
    def of(cls, answer: Answer, reading: Reading) -> Said:
        """Look through a reading."""
        return cls(
            answer,
            reading,
            keys=frozenset(booking.key for booking in reading.bookings),
            unread=frozenset(event.uid for event in reading.rejected),
            nights=nights_of(reading.bookings),
            tail=nights_of(booking for booking in reading.bookings if booking.kind is Kind.HORIZON),
        )

    def lacks(self, record: Record) -> bool:
        """Whether it holds neither the id nor any of the nights of a record."""
        return not (record.key in self.keys or self.is_unread(record) or record.nights & self.nights)

    def is_unread(self, record: Record) -> bool:
        """Whether it holds a record in a form that can't be read, or may do so."""
        return record.part_of is None and record.booking.uid in self.unread


def record_of(booking: Booking) -> Record:
    """A booking as it is told."""
    state = State.CANCELLED if booking.status is Status.CANCELLED else State.PRESENT
    return Record(booking, nights_of((booking,)), state)


def met(old: Record | None, booking: Booking, today: date) -> Record:
    """A booking as it is told, beside what stood under its key.

    A start that was only cut off by now is kept. What the tail has swallowed keeps those of its nights that
    the tail covers.
    """
    new = record_of(booking)
    if old is None:
        return new
    if _is_swallowed(old, new):
        check_in = max(old.booking.check_in, booking.check_in)
        check_out = min(old.booking.check_out, booking.check_out)
        kept = replace(booking, kind=old.booking.kind, check_in=check_in, check_out=check_out)
        return replace(new, booking=kept)
    if old.booking.check_in < booking.check_in <= today:
        return replace(new, booking=replace(booking, check_in=old.booking.check_in))
    return new


def _is_swallowed(old: Record, new: Record) -> bool:
    is_tail_now = new.booking.kind is Kind.HORIZON is not old.booking.kind
    return is_tail_now and old.occupies and old.nights & new.nights != 0


def given_up(by: Record, now: Record, answer: Answer) -> Iterator[Record]:
    """The nights that a reservation holds no longer, now that it has moved: they wait, missing once."""
    if by.occupies and by.booking.kind in AWAITED:
        for part in parts(by, now.nights, answer.today):
            yield replace(part, misses=1, missing_since=answer.asked)


def parts(of: Record, held: NightSet, today: date) -> Iterator[Record]:
    """The nights from today on of a record that are not held, each stretch apart from it."""
    whole = of.part_of or of.key
    for first, end in ranges(of.nights & ~held & between(today, of.booking.check_out)):
        booking = replace(
            of.booking, key=f"{whole}\x1f{first}\x1f{end}", check_in=first, check_out=end, uid=None
        )
        yield Record(booking, nights_of((booking,)), State.MISSING, part_of=whole)
