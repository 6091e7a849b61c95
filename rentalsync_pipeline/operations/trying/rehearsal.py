"""A connection's answers, one by one, under a policy: what would have been kept taken.

Belongs here: for one connection in memory what `absorb` has DuckDB do for all of them: finding what vanished
and appeared, and writing down what was decided. Does not: deciding. The rules are the functions of `core`
that a sync calls, and a test holds the two against each other, night by night.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from functools import reduce
from operator import or_

from rentalsync_pipeline.core.absence import AWAITED, Absent, State, fate
from rentalsync_pipeline.core.model import Booking, Kind, Reading, Status
from rentalsync_pipeline.core.nightset import NightSet
from rentalsync_pipeline.core.plausibility import Comparison, Ending, Quarantine, Ruling, rule
from rentalsync_pipeline.core.portfolio import AbsencePolicy
from rentalsync_pipeline.core.succession import Trace, successors
from rentalsync_pipeline.core.verdict import Verdict
from rentalsync_pipeline.operations.trying.answers import Answer
from rentalsync_pipeline.operations.trying.standing import Record, Said, given_up, met, parts, record_of

_AT_STAKE = (State.PRESENT, State.MISSING)
_COUNTED = AWAITED | {Kind.UNKNOWN}


class Rehearsal:
    """One connection under one policy; `quarantines` counts how often an answer was first doubted."""

    def __init__(self, policy: AbsencePolicy) -> None:
        self.quarantines = 0
        self._policy = policy
        self._standing: dict[str, Record] = {}
        self._quarantine: Quarantine | None = None
        self._made: datetime | None = None
        self._tail = False
        self._last: Reading | None = None
        self._waiting = False

    def records(self, today: date) -> list[Record]:
        """What is taken, the tail behind the booking window included.

        What has ended is left out once its channel leaves it out: of nights that are over here, a scorer in
        another time zone may say that they are not.
        """
        taken = (record for record in self._standing.values() if record.occupies)
        return [r for r in taken if r.state is State.PRESENT or r.booking.check_out > today]

    def nights(self, today: date) -> NightSet:
        """All of its nights, as last told."""
        return reduce(or_, (record.told for record in self.records(today)), 0)

    def take(self, answer: Answer) -> bool:
        """Let an answer count, as a sync does; whether there was anything to decide."""
        reading = answer.reading
        if reading is None or (reading is self._last and not self._waiting):
            return False
        said = Said.of(answer, reading)
        ruling = rule(self._beside(said), answer.asked, self._policy.quarantine)
        self.quarantines += ruling.quarantine is not None and self._quarantine is None
        self._quarantine = ruling.quarantine
        if ruling.verdict is Verdict.QUARANTINED:
            self._add(said)
        else:
            self._made, self._tail = reading.made or self._made, reading.has_tail
            self._link(said)
            self._follow(said, ruling)
        missing = (record.state is State.MISSING for record in self._standing.values())
        self._last, self._waiting = reading, self._quarantine is not None or any(missing)
        return True

    def _beside(self, said: Said) -> Comparison:
        """The answer beside what stands (`absorb_doubt.sql`)."""
        today, reading = said.answer.today, said.reading
        stood = [record for record in self._standing.values() if record.state in _AT_STAKE]
        present = [record for record in stood if record.state is State.PRESENT]
        ahead = [r for r in present if r.booking.kind in _COUNTED and r.booking.check_in > today]
        return Comparison(
            events=reading.events,
            known=sum(record.booking.check_out > today for record in stood),
            future=len(ahead),
            lost=frozenset(record.key for record in ahead if said.lacks(record)),
            tail_before=reading.tail_is_sure and self._tail,
            tail_now=said.tail != 0,
            made=reading.made,
            made_before=self._made,
            quarantine=self._quarantine,
        )

    def _gone(self, said: Said) -> list[Record]:
        return [r for r in self._standing.values() if r.state in _AT_STAKE and r.key not in said.keys]

    def _link(self, said: Said) -> None:
        """Let records that changed their id keep their history (`absorb_link.sql`)."""
        vanished = [r.booking for r in self._gone(said) if not (r.part_of or said.is_unread(r))]
        appeared = [booking for booking in said.reading.bookings if booking.key not in self._standing]
        for old, new in successors(_traces(vanished), _traces(appeared)).items():
            record = self._standing.pop(old)
            self._put(replace(record, booking=replace(record.booking, key=new)))
            for part in [r for r in self._standing.values() if r.part_of == old]:
                self._put(replace(part, part_of=new))

    def _add(self, said: Said) -> None:
        """Take from a doubtful answer what it adds (`absorb_told.sql`, `absorb_apart.sql`)."""
        for booking in said.reading.bookings:
            if booking.kind is Kind.HORIZON or booking.status is Status.CANCELLED:
                continue
            old = self._standing.get(booking.key)
            if old is None or not old.occupies:
                self._put(record_of(booking))
                continue
            held = 0 if old.booking.kind is Kind.HORIZON else old.nights
            for part in parts(record_of(booking), held, said.answer.today):
                if part.key not in self._standing or not self._standing[part.key].occupies:
                    self._put(part)

    def _follow(self, said: Said, ruling: Ruling) -> None:
        """Let an accepted answer say what is (`absorb_apart.sql`, `absorb_after.sql`)."""
        gone, apart = self._gone(said), self._apart()
        waits = not (self._policy.is_at_once or ruling.ending is Ending.CONFIRMED)
        moved: dict[str, Record] = {}
        for booking in said.reading.bookings:
            old = self._standing.get(booking.key)
            record = met(old, booking, said.answer.today)
            self._put(record)
            if record.occupies:
                rejoined = [part for part in apart[booking.key] if part.nights & record.nights]
                moved |= {part.key: replace(part, state=State.RELEASED) for part in rejoined}
                for before in filter(None, (old, *rejoined) if waits else ()):
                    moved |= {part.key: part for part in given_up(before, record, said.answer)}
        for record in gone:
            self._put(self._after(record, said, ruling))
        for record in moved.values():
            self._put(record)

    def _apart(self) -> defaultdict[str, list[Record]]:
        """The nights that lie apart from their booking, by its key."""
        apart: defaultdict[str, list[Record]] = defaultdict(list)
        for record in self._standing.values():
            if record.part_of and record.occupies:
                apart[record.part_of].append(record)
        return apart

    def _after(self, record: Record, said: Said, ruling: Ruling) -> Record:
        """What becomes of a record that is not in the answer."""
        absent = Absent(
            kind=record.booking.kind,
            check_in=record.booking.check_in,
            check_out=record.booking.check_out,
            misses=record.misses,
            missing_since=record.missing_since,
            unreadable=said.is_unread(record),
            behind_tail=record.nights & said.tail != 0,
            given_up=record.part_of is not None,
            confirmed=record.key in ruling.confirmed,
        )
        end = fate(absent, self._policy, said.answer.asked, said.answer.today)
        return replace(record, state=end.state, misses=end.misses, missing_since=end.missing_since)

    def _put(self, record: Record) -> None:
        self._standing[record.key] = record


def _traces(bookings: Iterable[Booking]) -> list[Trace]:
    return [
        Trace(each.key, each.kind, each.check_in, each.check_out, each.code, each.guest_name)
        for each in bookings
    ]
